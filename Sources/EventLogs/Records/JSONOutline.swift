/// What the first bytes of a file are outside of everything nested, where they are whole JSON: enough to see that nobody's
/// record stands there.
struct JSONOutline {
  /// Whether the bytes are objects, or lists of objects, without a fault that one reader might get over and another not.
  private(set) var isWhole = false
  /// Whether each of the objects stands on a line by itself.
  private(set) var isLineByLine = true
  /// The keys of the objects that stand in no other object.
  private var keys: Set<KeyMark> = []
  /// The bits of the formats one of whose words stands there in quotes; some may be missing where not all is whole.
  private(set) var formats: UInt64 = 0

  private var position = 0
  private let end: Int
  private let marks: QuotedMarks
  /// Where keys stand that were met, by a few of their bytes: objects in a list are mostly alike.
  private var met = [Range<Int>](repeating: 0..<0, count: 64)

  /// Deeper ones are left to the readers, which have bounds of their own.
  private static let deepest = 32
  /// So many keys are told apart.
  private static let mostKeys = 256

  init(_ head: Span<UInt8>, _ marks: QuotedMarks) {
    end = head.count
    self.marks = marks
    LogHead.skipMark(head, &position, end)
    isWhole = values(head)
  }

  /// Whether an object may have one of these keys.
  func mayHave(_ wanted: Set<KeyMark>) -> Bool { !isWhole || !keys.isDisjoint(with: wanted) }

  private mutating func values(_ bytes: Span<UInt8>) -> Bool {
    while true {
      JSONBytes.skipLayout(bytes, &position, end)
      if position == end { return true }
      let start = position
      switch bytes[position] {
      case 0x7B:
        guard object(bytes, isOuter: true, depth: 0) else { return false }
        if isLineByLine, ByteSearch.first(0x0A, in: bytes, from: start, to: position) < position {
          isLineByLine = false
        }
      case 0x5B:
        isLineByLine = false
        guard list(bytes, isOuter: true, depth: 0) else { return false }
      case 0x2C:
        isLineByLine = false
        position += 1
      default: return false
      }
    }
  }

  private mutating func object(_ bytes: Span<UInt8>, isOuter: Bool, depth: Int) -> Bool {
    position += 1
    JSONBytes.skipLayout(bytes, &position, end)
    if position < end, bytes[position] == 0x7D {
      position += 1
      return true
    }
    while position < end, bytes[position] == 0x22 {
      let start = position + 1
      guard let isEscaped = string(bytes) else { return false }
      if isOuter {
        guard !isEscaped, note(bytes, start..<position - 1) else { return false }
      }
      JSONBytes.skipLayout(bytes, &position, end)
      guard position < end, bytes[position] == 0x3A else { return false }
      position += 1
      JSONBytes.skipLayout(bytes, &position, end)
      guard value(bytes, isOuter: false, depth: depth + 1) else { return false }
      JSONBytes.skipLayout(bytes, &position, end)
      guard position < end else { return false }
      position += 1
      if bytes[position - 1] == 0x7D { return true }
      guard bytes[position - 1] == 0x2C else { return false }
      JSONBytes.skipLayout(bytes, &position, end)
    }
    return false
  }

  /// Past a text, with the formats that it tells; whether it has escapes, `nil` where it does not end.
  @inline(__always)
  private mutating func string(_ bytes: Span<UInt8>) -> Bool? {
    let start = position
    var isEscaped = false
    guard JSONBytes.skipString(bytes, &position, end, &isEscaped) else { return nil }
    // With escapes there are quotes inside, which words may stand between.
    formats |=
      isEscaped
      ? marks.formats(in: bytes.extracting(start..<position))
      : marks.formats(of: bytes, from: start + 1, to: position - 1)
    return isEscaped
  }

  private mutating func list(_ bytes: Span<UInt8>, isOuter: Bool, depth: Int) -> Bool {
    position += 1
    JSONBytes.skipLayout(bytes, &position, end)
    if position < end, bytes[position] == 0x5D {
      position += 1
      return true
    }
    while true {
      guard value(bytes, isOuter: isOuter, depth: depth + 1) else { return false }
      JSONBytes.skipLayout(bytes, &position, end)
      guard position < end else { return false }
      position += 1
      if bytes[position - 1] == 0x5D { return true }
      guard bytes[position - 1] == 0x2C else { return false }
      JSONBytes.skipLayout(bytes, &position, end)
    }
  }

  private mutating func value(_ bytes: Span<UInt8>, isOuter: Bool, depth: Int) -> Bool {
    guard position < end, depth < Self.deepest else { return false }
    switch bytes[position] {
    case 0x7B: return object(bytes, isOuter: isOuter, depth: depth)
    case 0x5B: return list(bytes, isOuter: isOuter, depth: depth)
    case _ where isOuter: return false
    case 0x22: return string(bytes) != nil
    default: return JSONBytes.skipLiteral(bytes, &position, end) != nil
    }
  }

  /// `false` where the key is no plain one, or one too many.
  private mutating func note(_ bytes: Span<UInt8>, _ key: Range<Int>) -> Bool {
    if !key.isEmpty {
      let mixed =
        key.count &+ 5 &* Int(bytes[key.lowerBound]) &+ Int(bytes[key.upperBound - 1])
      let before = met[mixed & 63]
      if before.count == key.count,
        key.allSatisfy({ bytes[$0] == bytes[$0 - key.lowerBound + before.lowerBound] })
      {
        return true
      }
      met[mixed & 63] = key
    }
    var text: [UInt8] = []
    text.reserveCapacity(key.count)
    for index in key {
      if bytes[index] >= 0x80 { return false }
      text.append(bytes[index])
    }
    keys.insert(KeyMark(text))
    return keys.count <= Self.mostKeys
  }
}

/// What is left of a key as `EventSchema` writes it: keys that differ may look alike here, never the other way round.
package struct KeyMark: Sendable, Hashable {
  private let hash: UInt64

  init(_ key: [UInt8]) { hash = Fingerprint64.of(EventSchema.normalise(key).span) }
}
