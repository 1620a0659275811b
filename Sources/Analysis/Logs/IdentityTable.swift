/// Finds the open case of an identity: open addressing over hashes, twelve bytes an entry.
///
/// It is made of many small tables that grow by a quarter, each by itself: none is ever held twice, or half empty.
struct IdentityTable: Sendable {
  private var parts = [Part](repeating: Part(), count: count)

  private static let count = 64

  /// The case that owns a hash (never 0); where nobody does, `owner` does from now on.
  mutating func claim(_ hash: UInt64, for owner: UInt32) -> UInt32? {
    parts[IdentityTable.part(of: hash)].claim(hash, for: owner)
  }

  /// Adds a hash, or gives it to another case.
  mutating func insert(_ hash: UInt64, of owner: UInt32) {
    parts[IdentityTable.part(of: hash)].insert(hash, of: owner)
  }

  /// Removes a hash.
  mutating func remove(_ hash: UInt64) { parts[IdentityTable.part(of: hash)].remove(hash) }

  private static func part(of hash: UInt64) -> Int {
    Int(truncatingIfNeeded: hash) & (count - 1)
  }

  private struct Part: Sendable {
    /// 0 for a free place.
    private var hashes: [UInt64]
    private var owners: [UInt32]
    private var used = 0

    private static let leastSize = 1 << 6

    init() {
      hashes = Array(repeating: 0, count: Part.leastSize)
      owners = Array(repeating: 0, count: Part.leastSize)
    }

    mutating func claim(_ hash: UInt64, for owner: UInt32) -> UInt32? {
      let place = place(of: hash)
      if hashes[place] != 0 { return owners[place] }
      occupy(place, hash, owner)
      return nil
    }

    mutating func insert(_ hash: UInt64, of owner: UInt32) {
      let place = place(of: hash)
      if hashes[place] != 0 { owners[place] = owner } else { occupy(place, hash, owner) }
    }

    /// Takes a place that is free.
    private mutating func occupy(_ place: Int, _ hash: UInt64, _ owner: UInt32) {
      var place = place
      if (used + 1) * 4 > hashes.count * 3 {
        resize(to: hashes.count + hashes.count / 4)
        place = self.place(of: hash)
      }
      hashes[place] = hash
      owners[place] = owner
      used += 1
    }

    /// What was pushed behind it moves up.
    mutating func remove(_ hash: UInt64) {
      var free = place(of: hash)
      if hashes[free] == 0 { return }
      var next = following(free)
      while hashes[next] != 0 {
        // It may stand at the free place if that is not before its home.
        if distance(from: home(of: hashes[next]), to: next) >= distance(from: free, to: next) {
          hashes[free] = hashes[next]
          owners[free] = owners[next]
          free = next
        }
        next = following(next)
      }
      hashes[free] = 0
      used -= 1
      if used * 4 < hashes.count && hashes.count > Part.leastSize {
        resize(to: max(Part.leastSize, hashes.count / 2))
      }
    }

    /// The upper bits decide, as the lower ones have chosen the table.
    @inline(__always)
    private func home(of hash: UInt64) -> Int {
      Int(truncatingIfNeeded: hash.multipliedFullWidth(by: UInt64(hashes.count)).high)
    }

    @inline(__always)
    private func following(_ place: Int) -> Int { place + 1 == hashes.count ? 0 : place + 1 }

    private func distance(from first: Int, to second: Int) -> Int {
      second >= first ? second - first : second - first + hashes.count
    }

    @inline(__always)
    private func place(of hash: UInt64) -> Int {
      var place = home(of: hash)
      while hashes[place] != 0 && hashes[place] != hash { place = following(place) }
      return place
    }

    private mutating func resize(to size: Int) {
      let (oldHashes, oldOwners) = (hashes, owners)
      hashes = Array(repeating: 0, count: size)
      owners = Array(repeating: 0, count: size)
      for old in oldHashes.indices where oldHashes[old] != 0 {
        let place = place(of: oldHashes[old])
        hashes[place] = oldHashes[old]
        owners[place] = oldOwners[old]
      }
    }
  }
}
