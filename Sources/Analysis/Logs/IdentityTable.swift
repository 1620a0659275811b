/// Finds the open case of an identity: open addressing over hashes, twelve bytes an entry.
struct IdentityTable: Sendable {
  /// 0 for a free place.
  private var hashes: [UInt64]
  private var owners: [UInt32]
  private var used = 0
  private var mask: Int

  private static let leastSize = 1 << 12

  init() {
    mask = IdentityTable.leastSize - 1
    hashes = Array(repeating: 0, count: mask + 1)
    owners = Array(repeating: 0, count: mask + 1)
  }

  /// The case that owns a hash (never 0).
  func find(_ hash: UInt64) -> UInt32? {
    let place = place(of: hash)
    return hashes[place] == 0 ? nil : owners[place]
  }

  /// Adds a hash, or gives it to another case.
  mutating func insert(_ hash: UInt64, of owner: UInt32) {
    var place = place(of: hash)
    if hashes[place] == 0 {
      if (used + 1) * 10 > (mask + 1) * 7 {
        resize(to: (mask + 1) * 2)
        place = self.place(of: hash)
      }
      hashes[place] = hash
      used += 1
    }
    owners[place] = owner
  }

  /// Removes a hash; what was pushed behind it moves up.
  mutating func remove(_ hash: UInt64) {
    var free = place(of: hash)
    if hashes[free] == 0 { return }
    var next = (free + 1) & mask
    while hashes[next] != 0 {
      let home = Int(truncatingIfNeeded: hashes[next]) & mask
      // It may stand at the free place if that is not before its home.
      if (next &- home) & mask >= (next &- free) & mask {
        hashes[free] = hashes[next]
        owners[free] = owners[next]
        free = next
      }
      next = (next + 1) & mask
    }
    hashes[free] = 0
    used -= 1
    if used * 8 < mask && mask >= IdentityTable.leastSize { resize(to: (mask + 1) / 2) }
  }

  private func place(of hash: UInt64) -> Int {
    var place = Int(truncatingIfNeeded: hash) & mask
    while hashes[place] != 0 && hashes[place] != hash { place = (place + 1) & mask }
    return place
  }

  private mutating func resize(to size: Int) {
    let (oldHashes, oldOwners) = (hashes, owners)
    mask = size - 1
    hashes = Array(repeating: 0, count: size)
    owners = Array(repeating: 0, count: size)
    for old in oldHashes.indices where oldHashes[old] != 0 {
      let place = place(of: oldHashes[old])
      hashes[place] = oldHashes[old]
      owners[place] = oldOwners[old]
    }
  }
}
