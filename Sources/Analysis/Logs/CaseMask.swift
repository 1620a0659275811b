/// Some of a case's records, one bit each in the order of arrival.
protocol CaseMask: Sendable {
  /// So many records it can tell apart.
  static var capacity: Int { get }

  init()
  /// The records before this one.
  init(before index: Int)

  var isEmpty: Bool { get }
  var count: Int { get }
  /// The first one; there must be one.
  var first: Int { get }
  /// Likewise the last one.
  var last: Int { get }
  func contains(_ index: Int) -> Bool
  mutating func insert(_ index: Int)
  mutating func remove(_ index: Int)
  mutating func removeFirst()
  static func & (left: Self, right: Self) -> Self
  static func | (left: Self, right: Self) -> Self
  func without(_ other: Self) -> Self
}

extension CaseMask {
  @inline(__always)
  func without(_ index: Int) -> Self {
    var rest = self
    rest.remove(index)
    return rest
  }

  /// Goes through the records; stops where `body` says that it has seen enough.
  @inline(__always)
  func first(where body: (Int) -> Bool) -> Int? {
    var rest = self
    while !rest.isEmpty {
      let index = rest.first
      if body(index) { return index }
      rest.removeFirst()
    }
    return nil
  }

  /// Those of which something holds.
  @inline(__always)
  func filter(_ holds: (Int) -> Bool) -> Self {
    var kept = self
    forEach { index in
      if !holds(index) { kept.remove(index) }
    }
    return kept
  }

  /// Goes through all of the records.
  @inline(__always)
  func forEach(_ body: (Int) -> Void) {
    _ = first { index in
      body(index)
      return false
    }
  }
}

/// Most cases are as small as a word has bits.
struct SmallMask: CaseMask {
  private var bits: UInt64

  static var capacity: Int { 64 }

  init() { bits = 0 }
  init(before index: Int) { bits = index >= 64 ? .max : (1 << UInt64(index)) &- 1 }
  private init(bits: UInt64) { self.bits = bits }

  @inline(__always) var isEmpty: Bool { bits == 0 }
  @inline(__always) var count: Int { bits.nonzeroBitCount }
  @inline(__always) var first: Int { bits.trailingZeroBitCount }
  @inline(__always) var last: Int { 63 - bits.leadingZeroBitCount }
  @inline(__always) func contains(_ index: Int) -> Bool { bits & 1 << UInt64(index) != 0 }
  @inline(__always) mutating func insert(_ index: Int) { bits |= 1 << UInt64(index) }
  @inline(__always) mutating func remove(_ index: Int) { bits &= ~(1 << UInt64(index)) }
  @inline(__always) mutating func removeFirst() { bits &= bits &- 1 }
  @inline(__always) static func & (left: Self, right: Self) -> Self {
    SmallMask(bits: left.bits & right.bits)
  }
  @inline(__always) static func | (left: Self, right: Self) -> Self {
    SmallMask(bits: left.bits | right.bits)
  }
  @inline(__always) func without(_ other: Self) -> Self { SmallMask(bits: bits & ~other.bits) }
}

/// For outputs that are used a few hundred times.
struct LargeMask: CaseMask {
  private var words: SIMD4<UInt64>

  static var capacity: Int { 256 }

  init() { words = .zero }
  init(before index: Int) {
    words = .zero
    for word in 0..<4 {
      let count = max(0, min(64, index - word * 64))
      words[word] = count == 64 ? .max : (1 << UInt64(count)) &- 1
    }
  }
  private init(words: SIMD4<UInt64>) { self.words = words }

  var isEmpty: Bool { words == .zero }
  var count: Int { (0..<4).reduce(0) { $0 + words[$1].nonzeroBitCount } }
  var first: Int {
    var word = 0
    while words[word] == 0 { word += 1 }
    return word * 64 + words[word].trailingZeroBitCount
  }
  var last: Int {
    var word = 3
    while words[word] == 0 { word -= 1 }
    return word * 64 + 63 - words[word].leadingZeroBitCount
  }
  func contains(_ index: Int) -> Bool { words[index >> 6] & 1 << UInt64(index & 63) != 0 }
  mutating func insert(_ index: Int) { words[index >> 6] |= 1 << UInt64(index & 63) }
  mutating func remove(_ index: Int) { words[index >> 6] &= ~(1 << UInt64(index & 63)) }
  mutating func removeFirst() {
    var word = 0
    while words[word] == 0 { word += 1 }
    words[word] &= words[word] &- 1
  }
  static func & (left: Self, right: Self) -> Self { LargeMask(words: left.words & right.words) }
  static func | (left: Self, right: Self) -> Self { LargeMask(words: left.words | right.words) }
  func without(_ other: Self) -> Self { LargeMask(words: words & ~other.words) }
}
