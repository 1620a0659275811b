/// A few bytes of a key, in one number: keys whose marks differ differ.
///
/// Most look-ups in a mapping fail at most of its keys, and to take a key in hand counts references up and down.
struct KeyMark: Comparable, Sendable {
  private let bits: UInt32

  init(_ key: String) {
    // The span ends with the call.
    let own = unsafe key.utf8.withContiguousStorageIfAvailable { unsafe Self.bits(of: $0.span) }
    bits = own ?? Self.bits(of: Array(key.utf8).span)
  }

  private static func bits(of bytes: Span<UInt8>) -> UInt32 {
    if bytes.isEmpty { return 0 }
    return UInt32(truncatingIfNeeded: bytes.count) << 24 | UInt32(bytes[0]) << 16
      | UInt32(bytes[bytes.count / 2]) << 8 | UInt32(bytes[bytes.count - 1])
  }

  static func < (left: KeyMark, right: KeyMark) -> Bool { left.bits < right.bits }

  /// That of YAML's merge key.
  static let merge = KeyMark("<<")
}
