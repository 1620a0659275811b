/// A few bytes of a key, in one number: keys whose marks differ differ.
///
/// Most look-ups in a mapping fail at most of its keys, and to take a key in hand counts references up and down.
struct KeyMark: Comparable, Sendable {
  private let bits: UInt32

  init(_ key: String) {
    let bytes = key.utf8
    guard let first = bytes.first, let last = bytes.last else {
      bits = 0
      return
    }
    let middle = bytes[bytes.index(bytes.startIndex, offsetBy: bytes.count / 2)]
    bits =
      UInt32(truncatingIfNeeded: bytes.count) << 24 | UInt32(first) << 16 | UInt32(middle) << 8
      | UInt32(last)
  }

  static func < (left: KeyMark, right: KeyMark) -> Bool { left.bits < right.bits }

  /// That of YAML's merge key.
  static let merge = KeyMark("<<")
}
