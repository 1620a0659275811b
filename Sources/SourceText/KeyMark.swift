/// A few bytes of a key, in one number: keys whose marks differ differ.
///
/// Most look-ups in a mapping fail at most of its keys, and to take a key in hand counts references up and down.
struct KeyMark: Comparable, Sendable {
  private let bits: UInt32

  /// A key is only looked at: an owned one would be counted for each look-up.
  init(_ key: borrowing String) {
    // The span ends with the call.
    let own = unsafe key.utf8.withContiguousStorageIfAvailable { unsafe Self.bits(of: $0.span) }
    bits = own ?? Self.bits(of: Array(key.utf8).span)
  }

  private init(bits: UInt32) { self.bits = bits }

  private static func bits(of bytes: Span<UInt8>) -> UInt32 {
    if bytes.isEmpty { return 0 }
    return UInt32(truncatingIfNeeded: bytes.count) << 24 | UInt32(bytes[0]) << 16
      | UInt32(bytes[bytes.count / 2]) << 8 | UInt32(bytes[bytes.count - 1])
  }

  static func < (left: KeyMark, right: KeyMark) -> Bool { left.bits < right.bits }

  /// That of YAML's merge key `<<`; made each time, which costs nothing, where a stored one would be asked for first.
  static var merge: KeyMark {
    let byte = UInt32(Byte.less)
    return KeyMark(bits: 2 << 24 | byte << 16 | byte << 8 | byte)
  }
}
