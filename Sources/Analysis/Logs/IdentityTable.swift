/// Finds the open case of an identity: open addressing, eight bytes an entry.
///
/// An entry knows a part of a hash, and who asks looks whether the case really goes by all of it: so an answer is one place
/// in memory. It is made of many small tables that grow by a half, each by itself: none is ever held twice, or half empty.
struct IdentityTable: Sendable {
  private var parts = [Part](repeating: Part(), count: count)

  private static let count = 64
  /// Of what was met ahead; nobody asks for it.
  private var ahead: UInt64 = 0

  /// Has what a few hashes lead to brought from memory, all at once: where each is claimed, it would be waited for.
  mutating func expect(_ hashes: ArraySlice<UInt64>) {
    var met: UInt64 = 0
    for hash in hashes { met ^= parts[IdentityTable.part(of: hash)].word(at: hash) }
    ahead = met
  }

  /// A case that owns a hash (never 0), or one so like it that they are one here.
  ///
  /// Where nobody does, `owner` does from now on. So many others are passed over, which were asked about in vain.
  @inline(__always)
  mutating func claim(
    _ hash: UInt64, for owner: UInt32, passing others: Int = 0
  ) -> UInt32? {
    parts[IdentityTable.part(of: hash)].claim(Entry(hash, owner), passing: others)
  }

  /// Gives a case's hash to another case.
  mutating func give(_ hash: UInt64, of owner: UInt32, to other: UInt32) {
    parts[IdentityTable.part(of: hash)].replace(Entry(hash, owner), by: Entry(hash, other))
  }

  /// Removes a case's hash.
  mutating func remove(_ hash: UInt64, of owner: UInt32) {
    parts[IdentityTable.part(of: hash)].remove(Entry(hash, owner))
  }

  @inline(__always)
  private static func part(of hash: UInt64) -> Int {
    Int(truncatingIfNeeded: hash) & (count - 1)
  }

  /// The upper half of a hash, and whose it is.
  private struct Entry: Sendable, Equatable {
    fileprivate let word: UInt64

    static let free = Entry(word: 0)

    private init(word: UInt64) { self.word = word }

    @inline(__always)
    init(_ hash: UInt64, _ owner: UInt32) { word = hash & ~0xFFFF_FFFF | UInt64(owner &+ 1) }

    @inline(__always) var isFree: Bool { word == 0 }
    @inline(__always) var owner: UInt32 { UInt32(truncatingIfNeeded: word) &- 1 }
    @inline(__always) func isLike(_ other: Entry) -> Bool { (word ^ other.word) >> 32 == 0 }

    /// Its place in a table of so many.
    @inline(__always)
    func home(in count: Int) -> Int { Int(truncatingIfNeeded: (word >> 32 &* UInt64(count)) >> 32) }
  }

  private struct Part: Sendable {
    private var entries: [Entry]
    private var used = 0

    private static let leastSize = 1 << 6

    init() { entries = Array(repeating: .free, count: Part.leastSize) }

    /// What stands where a hash belongs.
    @inline(__always)
    func word(at hash: UInt64) -> UInt64 { entries[Entry(hash, 0).home(in: entries.count)].word }

    @inline(__always)
    mutating func claim(_ entry: Entry, passing others: Int) -> UInt32? {
      var place = entry.home(in: entries.count)
      var others = others
      while !entries[place].isFree {
        if entries[place].isLike(entry) {
          if others == 0 { return entries[place].owner }
          others -= 1
        }
        place = following(place)
      }
      entries[place] = entry
      used += 1
      if used * 4 > entries.count * 3 { resize(to: entries.count + entries.count / 2) }
      return nil
    }

    mutating func replace(_ entry: Entry, by other: Entry) {
      if let place = place(of: entry) { entries[place] = other }
    }

    /// What was pushed behind it moves up.
    mutating func remove(_ entry: Entry) {
      guard var free = place(of: entry) else { return }
      var next = following(free)
      while !entries[next].isFree {
        // It may stand at the free place if that is not before its home.
        let home = entries[next].home(in: entries.count)
        if distance(from: home, to: next) >= distance(from: free, to: next) {
          entries[free] = entries[next]
          free = next
        }
        next = following(next)
      }
      entries[free] = .free
      used -= 1
      if used * 4 < entries.count && entries.count > Part.leastSize {
        resize(to: max(Part.leastSize, entries.count / 2))
      }
    }

    private func place(of entry: Entry) -> Int? {
      var place = entry.home(in: entries.count)
      while entries[place] != entry {
        if entries[place].isFree { return nil }
        place = following(place)
      }
      return place
    }

    @inline(__always)
    private func following(_ place: Int) -> Int { place + 1 == entries.count ? 0 : place + 1 }

    private func distance(from first: Int, to second: Int) -> Int {
      second >= first ? second - first : second - first + entries.count
    }

    private mutating func resize(to size: Int) {
      var wider = Array(repeating: Entry.free, count: size)
      // A span: a list would be asked for each entry whether it is shared.
      var span = wider.mutableSpan
      for entry in entries where !entry.isFree {
        var place = entry.home(in: size)
        while !span[place].isFree { place = place + 1 == size ? 0 : place + 1 }
        span[place] = entry
      }
      entries = wider
    }
  }
}
