/// A wildcard pattern: `*` stands for any text, the empty one included, `?` for one character.
package struct Glob: Sendable, Hashable {
  private let pattern: [UInt8]
  private let ignoresCase: Bool

  package init(_ pattern: some StringProtocol, ignoringCase: Bool = false) {
    self.pattern = Array((ignoringCase ? pattern.lowercased() : String(pattern)).utf8)
    self.ignoresCase = ignoringCase
  }

  /// Whether the whole text is matched.
  package func matches(_ text: some StringProtocol) -> Bool {
    matches(bytes: Array((ignoresCase ? text.lowercased() : String(text)).utf8))
  }

  /// Whether a text is matched that many globs are tried on.
  package func matches(_ text: FoldedText) -> Bool {
    matches(bytes: ignoresCase ? text.lowercase : text.bytes)
  }

  /// Whether a pattern has no wildcard.
  package static func isLiteral(_ pattern: Substring) -> Bool {
    !pattern.utf8.contains { $0 == star || $0 == questionMark }
  }

  /// Remembers only the last star, so that time is at most the product of both lengths.
  private func matches(bytes text: [UInt8]) -> Bool {
    let text = text.span
    let pattern = pattern.span
    // Most texts differ from most patterns in their last byte.
    if pattern.count > 0, let last = Self.literal(pattern[pattern.count - 1]),
      text.isEmpty || text[text.count - 1] != last
    {
      return false
    }
    var read = 0
    var place = 0
    /// Where the pattern goes on behind the last star, and how much of the text the star takes; -1 for no star.
    var afterStar = -1
    var taken = 0
    while read < text.count {
      if place < pattern.count, pattern[place] == star {
        place += 1
        afterStar = place
        taken = read
      } else if place < pattern.count, pattern[place] == questionMark {
        place += 1
        read = Self.endOfCharacter(in: text, from: read)
      } else if place < pattern.count, pattern[place] == text[read] {
        place += 1
        read += 1
      } else if afterStar >= 0 {
        place = afterStar
        taken += 1
        read = taken
      } else {
        return false
      }
    }
    while place < pattern.count, pattern[place] == star { place += 1 }
    return place == pattern.count
  }

  /// The byte, where it stands for itself.
  private static func literal(_ byte: UInt8) -> UInt8? {
    byte == star || byte == questionMark ? nil : byte
  }

  private static func endOfCharacter(in text: Span<UInt8>, from start: Int) -> Int {
    var end = start + 1
    while end < text.count, text[end] & 0xC0 == 0x80 { end += 1 }
    return end
  }
}

/// A text with and without case, made once for all globs that it is compared with.
package struct FoldedText: Sendable {
  fileprivate let bytes: [UInt8]
  fileprivate let lowercase: [UInt8]

  package init(_ text: String) {
    bytes = Array(text.utf8)
    lowercase = Array(text.lowercased().utf8)
  }
}

private let star = UInt8(ascii: "*")
private let questionMark = UInt8(ascii: "?")
