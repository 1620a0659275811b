/// Finds the open case of an identity: open addressing over hashes, twelve bytes an entry.
///
/// It is made of many small tables that grow by a quarter, each by itself: none is ever held twice, or half empty.
struct IdentityTable: Sendable {
  private var parts = [Part](repeating: Part(), count: count)

  private static let count = 64

  /// The case that owns a hash (never 0).
  func find(_ hash: UInt64) -> UInt32? { parts[IdentityTable.part(of: hash)].find(hash) }

  /// Adds a hash, or gives it to another case.
  mutating func insert(_ hash: UInt64, of owner: UInt32) {
    parts[IdentityTable.part(of: hash)].insert(hash, of: owner)
  }

  /// Removes a hash.
  mutating func remove(_ hash: UInt64) { parts[IdentityTable.part(of: hash)].remove(hash) }

  private static func part(of hash: UInt64) -> Int {
    Int(truncatingIfNeeded: hash) & (count - 1)
  }

  /// Together, so that an identity is one place in memory; in halves, for want of which it would take sixteen bytes.
  private struct Entry: Sendable {
    private var upper: UInt32 = 0
    private var lower: UInt32 = 0
    var owner: UInt32 = 0

    init() {}

    init(_ hash: UInt64, of owner: UInt32) {
      upper = UInt32(truncatingIfNeeded: hash >> 32)
      lower = UInt32(truncatingIfNeeded: hash)
      self.owner = owner
    }

    /// 0 for a free place.
    var hash: UInt64 { UInt64(upper) << 32 | UInt64(lower) }
  }

  private struct Part: Sendable {
    private var entries: [Entry]
    private var used = 0

    private static let leastSize = 1 << 6

    init() { entries = Array(repeating: Entry(), count: Part.leastSize) }

    @inline(__always)
    func find(_ hash: UInt64) -> UInt32? {
      let entry = entries[place(of: hash)]
      return entry.hash == 0 ? nil : entry.owner
    }

    mutating func insert(_ hash: UInt64, of owner: UInt32) {
      var place = place(of: hash)
      if entries[place].hash == 0 {
        if (used + 1) * 4 > entries.count * 3 {
          resize(to: entries.count + entries.count / 4)
          place = self.place(of: hash)
        }
        used += 1
      }
      entries[place] = Entry(hash, of: owner)
    }

    /// What was pushed behind it moves up.
    mutating func remove(_ hash: UInt64) {
      var free = place(of: hash)
      if entries[free].hash == 0 { return }
      var next = following(free)
      while entries[next].hash != 0 {
        // It may stand at the free place if that is not before its home.
        if distance(from: home(of: entries[next].hash), to: next) >= distance(from: free, to: next)
        {
          entries[free] = entries[next]
          free = next
        }
        next = following(next)
      }
      entries[free] = Entry()
      used -= 1
      if used * 4 < entries.count && entries.count > Part.leastSize {
        resize(to: max(Part.leastSize, entries.count / 2))
      }
    }

    /// The upper bits decide, as the lower ones have chosen the table.
    @inline(__always)
    private func home(of hash: UInt64) -> Int {
      Int(truncatingIfNeeded: hash.multipliedFullWidth(by: UInt64(entries.count)).high)
    }

    @inline(__always)
    private func following(_ place: Int) -> Int { place + 1 == entries.count ? 0 : place + 1 }

    private func distance(from first: Int, to second: Int) -> Int {
      second >= first ? second - first : second - first + entries.count
    }

    @inline(__always)
    private func place(of hash: UInt64) -> Int {
      var place = home(of: hash)
      while case let met = entries[place].hash, met != 0 && met != hash {
        place = following(place)
      }
      return place
    }

    private mutating func resize(to size: Int) {
      let old = entries
      entries = Array(repeating: Entry(), count: size)
      for entry in old where entry.hash != 0 { entries[place(of: entry.hash)] = entry }
    }
  }
}
