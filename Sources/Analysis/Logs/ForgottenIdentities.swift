/// Remembers of outputs that were closed only that they were there: a few bits each, in a fixed room.
///
/// It may say yes of one that never was (about once in a hundred), never no of one that it still knows.
struct ForgottenIdentities: Sendable {
  /// Bits of the largest filter; there are two of them at most.
  private static let mostBits = 1 << 26
  private static let bitsEach = 16

  private var filters: [Filter] = []
  /// How many outputs were closed.
  private(set) var count = 0
  /// Whether the oldest were given up altogether.
  private(set) var isIncomplete = false

  private struct Filter: Sendable {
    var words: [UInt64]
    var room: Int
  }

  mutating func noteClosed() { count += 1 }

  /// Forgets all but how many there were.
  mutating func end() { filters = [] }

  mutating func insert(_ hash: UInt64) {
    if filters.last.map({ $0.room == 0 }) ?? true { extend() }
    let last = filters.count - 1
    let (place, bits) = ForgottenIdentities.bits(hash, filters[last].words.count)
    filters[last].words[place] |= bits
    filters[last].room -= 1
  }

  func mayHold(_ hash: UInt64) -> Bool {
    filters.contains { filter in
      let (place, bits) = ForgottenIdentities.bits(hash, filter.words.count)
      return filter.words[place] & bits == bits
    }
  }

  private mutating func extend() {
    // Each is twice as large as the one before, so that hardly half of the room is not used yet.
    let bits = min(
      ForgottenIdentities.mostBits, (filters.last?.words.count ?? 1 << 12) * 64 * 2)
    if filters.count(where: { $0.words.count * 64 == ForgottenIdentities.mostBits }) == 2 {
      filters.removeAll { $0.words.count * 64 < ForgottenIdentities.mostBits }
      filters.removeFirst()
      isIncomplete = true
    }
    filters.append(
      Filter(
        words: Array(repeating: 0, count: bits / 64), room: bits / ForgottenIdentities.bitsEach))
  }

  /// Four bits of one word.
  private static func bits(_ hash: UInt64, _ words: Int) -> (place: Int, bits: UInt64) {
    let mixed = (hash ^ hash >> 31) &* 0x9E37_79B9_7F4A_7C15
    let place = Int(truncatingIfNeeded: mixed >> 32) & (words - 1)
    var bits: UInt64 = 0
    for shift in stride(from: UInt64(0), to: 24, by: 6) { bits |= 1 << (mixed >> shift & 63) }
    return (place, bits)
  }
}
