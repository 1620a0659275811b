/// A wildcard pattern: `*` stands for any text, the empty one included, `?` for one character.
package struct Glob: Sendable, Hashable {
  private let pattern: [UInt8]
  private let ignoresCase: Bool
  /// Of the bytes that stand for themselves.
  package let marks: ByteMarks

  package init(_ pattern: some StringProtocol, ignoringCase: Bool = false) {
    self.pattern = Array((ignoringCase ? pattern.lowercased() : String(pattern)).utf8)
    self.ignoresCase = ignoringCase
    marks = ByteMarks(self.pattern.filter { Self.literal($0) != nil })
  }

  /// Whether the whole text is matched.
  package func matches(_ text: some StringProtocol) -> Bool {
    matches(bytes: Array((ignoresCase ? text.lowercased() : String(text)).utf8))
  }

  /// Whether a text is matched that many globs are tried on.
  package func matches(_ text: FoldedText) -> Bool {
    if ignoresCase {
      text.lowercaseMarks.holds(marks) && matches(bytes: text.lowercase)
    } else {
      text.marks.holds(marks) && matches(bytes: text.bytes)
    }
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
  fileprivate let marks: ByteMarks
  /// What marks of globs that ignore case are held against.
  package let lowercaseMarks: ByteMarks

  package init(_ text: String) {
    bytes = Array(text.utf8)
    lowercase = bytes.lowercaseASCII ?? Array(text.lowercased().utf8)
    marks = ByteMarks(bytes)
    lowercaseMarks = ByteMarks(lowercase)
  }
}

/// Which bytes stand somewhere, as a bit for every four of them: most texts lack one that a glob asks for.
package struct ByteMarks: Sendable, Hashable {
  private var bits: UInt64 = 0

  fileprivate init(_ bytes: [UInt8]) {
    for byte in bytes { bits |= 1 &<< UInt64(byte & 63) }
  }

  /// Whether what others mark may stand here.
  package func holds(_ others: ByteMarks) -> Bool { others.bits & ~bits == 0 }
}

extension [UInt8] {
  /// In lower case, `nil` where other letters than ASCII's stand: those are a text's business.
  fileprivate var lowercaseASCII: [UInt8]? {
    var lowercase = self
    for index in indices {
      let byte = self[index]
      if byte >= 0x80 { return nil }
      if byte >= UInt8(ascii: "A"), byte <= UInt8(ascii: "Z") { lowercase[index] = byte | 0x20 }
    }
    return lowercase
  }
}

private let star = UInt8(ascii: "*")
private let questionMark = UInt8(ascii: "?")
