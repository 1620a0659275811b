/// One spelling for SHA-256 digests, which services write as `sha256:…` or bare, in capitals or not.
enum DigestSpelling {
  private static let prefix = Array("sha256:".utf8)
  // Computed: a stored property would be asked whether it is there, for every field.
  private static var prefixCount: Int { 7 }
  private static var digits: Int { 64 }

  /// Whether a text of so many bytes can be one.
  @inline(__always)
  static func mayHave(count: Int) -> Bool { count == digits || count == prefixCount + digits }

  /// The digest as `sha256:` and small digits; `nil` where the text is written so already, or is no such digest.
  @inline(__always)
  static func canonical(_ text: Span<UInt8>) -> [UInt8]? {
    if text.count == prefixCount + digits {
      return isSmall(text) ? nil : spelled(text, from: prefixCount)
    }
    return text.count == digits ? spelled(text, from: 0) : nil
  }

  /// The text, or its one spelling where it is a digest.
  static func unified(_ text: [UInt8]) -> [UInt8] { canonical(text.span) ?? text }

  /// Whether there is no capital in it: digits and small letters have a bit that capitals have not.
  @inline(__always)
  private static func isSmall(_ text: Span<UInt8>) -> Bool {
    // The raw view is only read, in words that lie inside of it.
    let raw = unsafe text.bytes
    var common = UInt64.max
    var offset = prefixCount
    while offset < text.count {
      common &= unsafe raw.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt64.self)
      offset += 8
    }
    let small: UInt64 = 0x2020_2020_2020_2020
    return common & small == small && text[0] & 0x20 != 0
  }

  @inline(never)
  private static func spelled(_ text: Span<UInt8>, from start: Int) -> [UInt8]? {
    for place in 0..<start where text[place] | 0x20 != prefix[place] | 0x20 { return nil }
    var result = prefix
    result.reserveCapacity(prefixCount + digits)
    for place in start..<text.count {
      switch text[place] {
      case 0x30...0x39, 0x41...0x46, 0x61...0x66: result.append(text[place] | 0x20)
      default: return nil
      }
    }
    return result
  }
}
