/// A run of bytes that is looked for in many: the C library finds its rarest byte, and the rest is compared there.
package struct BytePattern: Sendable {
  private let pattern: [UInt8]
  private let ignoresCase: Bool
  /// Where in the pattern the byte stands that is looked for first.
  private let anchor: Int

  /// - Parameters:
  ///   - pattern: what is looked for; an empty one is found nowhere.
  ///   - ignoresCase: whether ASCII letters of either case are one.
  package init(_ pattern: [UInt8], ignoringCase ignoresCase: Bool = false) {
    self.pattern = ignoresCase ? pattern.map(Self.lowercase) : pattern
    self.ignoresCase = ignoresCase
    anchor =
      pattern.indices.max { left, right in
        Self.rarity(pattern[left], ignoresCase) < Self.rarity(pattern[right], ignoresCase)
      } ?? 0
  }

  package func isFound(in bytes: [UInt8], upTo end: Int = .max) -> Bool {
    first(in: bytes, from: 0, upTo: end) != nil
  }

  /// The offset of the first occurrence from an offset on that ends before another.
  package func first(in bytes: [UInt8], from start: Int, upTo end: Int = .max) -> Int? {
    let end = min(end, bytes.count)
    guard !pattern.isEmpty, start + pattern.count <= end else { return nil }
    let text = bytes.span
    // Where the pattern may still begin, and where its anchor then stands.
    let last = end - pattern.count
    let limit = last + anchor + 1
    let wanted = pattern[anchor]
    var place = ByteSearch.first(wanted, in: bytes, from: start + anchor, upTo: limit)
    guard ignoresCase, Self.isLetter(wanted) else {
      while let found = place {
        if isAt(found - anchor, in: text) { return found - anchor }
        place = ByteSearch.first(wanted, in: bytes, from: found + 1, upTo: limit)
      }
      return nil
    }
    let capital = wanted & ~0x20
    var capitalPlace = ByteSearch.first(capital, in: bytes, from: start + anchor, upTo: limit)
    while place != nil || capitalPlace != nil {
      let found = min(place ?? .max, capitalPlace ?? .max)
      if isAt(found - anchor, in: text) { return found - anchor }
      // Each is looked for again only where it was found.
      if place == found {
        place = ByteSearch.first(wanted, in: bytes, from: found + 1, upTo: limit)
      } else {
        capitalPlace = ByteSearch.first(capital, in: bytes, from: found + 1, upTo: limit)
      }
    }
    return nil
  }

  private func isAt(_ start: Int, in bytes: Span<UInt8>) -> Bool {
    let pattern = pattern.span
    for index in pattern.indices {
      let byte = bytes[start + index]
      guard (ignoresCase ? Self.lowercase(byte) : byte) == pattern[index] else { return false }
    }
    return true
  }

  /// The higher, the seldomer a byte stands in definitions.
  private static func rarity(_ byte: UInt8, _ ignoresCase: Bool) -> Int {
    switch byte {
    case UInt8(ascii: "A")...UInt8(ascii: "Z"): ignoresCase ? 1 : 5
    case UInt8(ascii: "j"), UInt8(ascii: "q"), UInt8(ascii: "x"), UInt8(ascii: "z"):
      ignoresCase ? 2 : 5
    case UInt8(ascii: "a")...UInt8(ascii: "z"): 1
    case UInt8(ascii: "0")...UInt8(ascii: "9"): 3
    case UInt8(ascii: " "), UInt8(ascii: "\""), UInt8(ascii: ":"), UInt8(ascii: ","): 0
    default: 4
    }
  }

  private static func isLetter(_ byte: UInt8) -> Bool {
    byte | 0x20 >= UInt8(ascii: "a") && byte | 0x20 <= UInt8(ascii: "z")
  }

  private static func lowercase(_ byte: UInt8) -> UInt8 {
    byte >= UInt8(ascii: "A") && byte <= UInt8(ascii: "Z") ? byte | 0x20 : byte
  }
}
