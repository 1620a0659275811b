/// Hashes that were met, by six bits of each: most are told to be new without a look at the others.
struct MetHashes {
  private var bits: UInt64 = 0

  /// Whether the hash may have been met before.
  @inline(__always)
  mutating func insert(_ hash: UInt64) -> Bool {
    let bit = UInt64(1) << (hash >> 58)
    defer { bits |= bit }
    return bits & bit != 0
  }
}
