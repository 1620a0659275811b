/// Finds the open case of an identity: open addressing over hashes.
///
/// Entries of closed cases stay until the table is made anew; each case has a generation that tells them.
struct IdentityTable: Sendable {
  private var entries: [Entry]
  private var generations: [UInt32] = []
  private var used = 0
  private var mask: Int

  private struct Entry: Sendable {
    var hash: UInt64 = 0
    var owner: UInt32 = 0
    var generation: UInt32 = 0
  }

  init() {
    mask = (1 << 12) - 1
    entries = Array(repeating: Entry(), count: mask + 1)
  }

  /// The case that owns a hash (never 0).
  func find(_ hash: UInt64) -> UInt32? {
    var slot = Int(truncatingIfNeeded: hash) & mask
    while true {
      let entry = entries[slot]
      if entry.hash == 0 { return nil }
      if entry.hash == hash && generations[Int(entry.owner)] == entry.generation {
        return entry.owner
      }
      slot = (slot + 1) & mask
    }
  }

  /// Adds a hash that is not there.
  mutating func insert(_ hash: UInt64, of owner: UInt32) {
    while generations.count <= Int(owner) { generations.append(0) }
    if (used + 1) * 10 > (mask + 1) * 6 { rebuild() }
    put(Entry(hash: hash, owner: owner, generation: generations[Int(owner)]))
  }

  /// The case is closed: none of its hashes is found any more.
  mutating func retire(_ owner: UInt32) {
    while generations.count <= Int(owner) { generations.append(0) }
    generations[Int(owner)] &+= 1
  }

  func generation(of owner: UInt32) -> UInt32 {
    Int(owner) < generations.count ? generations[Int(owner)] : 0
  }

  private mutating func put(_ entry: Entry) {
    var slot = Int(truncatingIfNeeded: entry.hash) & mask
    while entries[slot].hash != 0 { slot = (slot + 1) & mask }
    entries[slot] = entry
    used += 1
  }

  private func isLive(_ entry: Entry) -> Bool {
    entry.hash != 0 && generations[Int(entry.owner)] == entry.generation
  }

  private mutating func rebuild() {
    let live = entries.count(where: isLive)
    var size = 1 << 12
    while size * 3 < live * 10 { size *= 2 }
    let old = entries
    entries = Array(repeating: Entry(), count: size)
    mask = size - 1
    used = 0
    for entry in old where isLive(entry) { put(entry) }
  }
}
