import Rules
import SourceText

/// Tells by its bytes of a definition, or of what it includes, that no rule can be about it: hardly any definition
/// mentions a protocol, and a look at its bytes is a small part of what reading it takes.
///
/// A call is known by names that stand in the text. One whose name is put together from pieces of a word is not found
/// this way; escaped letters are taken for anything.
package struct MentionScreen: Sendable {
  private let groups: [Group]
  private let search: WordSearch

  private struct Group: Sendable {
    /// The numbers of its words in the search.
    var words: [Int]
    /// Those that are too short for it: looked for where the others stand.
    var short: [ShortWord]
  }

  /// Shorter words would have more places looked at.
  private static let shortest = Mentions.shortest

  /// - Returns: `nil` where some rule may be about a definition that mentions nothing.
  init?(protocols: [VerificationProtocol], checks: [StepCheck]) {
    guard checks.allSatisfy(\.needsMentionedCall),
      protocols.allSatisfy({ $0.tellingPatterns.isEmpty || !$0.mentions.isEmpty })
    else { return nil }
    var words: [String] = []
    groups = protocols.flatMap(\.mentions.groups).map { group in
      let numbers = group.filter { $0.utf8.count >= Self.shortest }.map { word in
        if let known = words.firstIndex(of: word) { return known }
        words.append(word)
        return words.count - 1
      }
      let short = group.filter { $0.utf8.count < Self.shortest }
      return Group(words: numbers, short: short.map { ShortWord($0) })
    }
    search = WordSearch(words)
  }

  /// Whether the words of some protocol stand there, or may.
  package func areMentioned(in bytes: [UInt8]) -> Bool {
    let found = search.found(in: bytes)
    let isShown = groups.contains { group in
      group.words.allSatisfy { found[$0] } && group.short.allSatisfy { $0.stands(in: bytes) }
    }
    return isShown || Self.hasEscapedLetter(bytes)
  }

  /// A word that counts where it is no part of a longer one.
  private struct ShortWord: Sendable {
    private let bytes: [UInt8]
    private let pattern: BytePattern

    init(_ text: String) {
      bytes = Array(text.utf8)
      pattern = BytePattern(bytes, ignoringCase: true)
    }

    func stands(in text: [UInt8]) -> Bool {
      var from = 0
      while let start = pattern.first(in: text, from: from) {
        if isWhole(from: start, in: text) { return true }
        from = start + 1
      }
      return false
    }

    private func isWhole(from start: Int, in text: [UInt8]) -> Bool {
      let end = start + bytes.count
      if let last = bytes.last, Mentions.continues(last), end < text.count,
        Mentions.continues(text[end])
      {
        return false
      }
      guard let first = bytes.first, Mentions.continues(first), start > 0,
        Mentions.continues(text[start - 1])
      else { return true }
      // In JSON a line that begins with it follows `\n`.
      return start > 1 && text[start - 2] == UInt8(ascii: "\\")
    }
  }

  /// Whether a letter is written as its number: `\u006d`, `\x6d`, `\u{6d}`, `&#109;`, `&#x6d;`.
  private static func hasEscapedLetter(_ bytes: [UInt8]) -> Bool {
    let text = bytes.span
    for mark in [UInt8(ascii: "\\"), UInt8(ascii: "&")] {
      var place = ByteSearch.first(mark, in: bytes, from: 0)
      while let escape = place {
        if isLetterNumber(text, behind: escape) { return true }
        place = ByteSearch.first(mark, in: bytes, from: escape + 1)
      }
    }
    return false
  }

  private static func isLetterNumber(_ text: Span<UInt8>, behind mark: Int) -> Bool {
    guard mark + 2 < text.count else { return false }
    var place = mark + 2
    var radix = 16
    var most = 8
    switch (text[mark], text[mark + 1]) {
    case (UInt8(ascii: "\\"), UInt8(ascii: "u")): most = 4
    case (UInt8(ascii: "\\"), UInt8(ascii: "x")): most = 2
    case (UInt8(ascii: "\\"), UInt8(ascii: "U")): break
    case (UInt8(ascii: "&"), UInt8(ascii: "#")):
      if text[place] | 0x20 == UInt8(ascii: "x") { place += 1 } else { radix = 10 }
    default: return false
    }
    if text[mark] != UInt8(ascii: "&"), text[place] == UInt8(ascii: "{") {
      place += 1
      most = 8
    }
    var number = 0
    var end = place
    while end < text.count, end - place < most, let digit = digit(text[end]), digit < radix {
      number = number * radix + digit
      end += 1
    }
    guard end > place, let code = UInt8(exactly: number) else { return false }
    let letter = code | 0x20
    return letter >= UInt8(ascii: "a") && letter <= UInt8(ascii: "z")
  }

  private static func digit(_ byte: UInt8) -> Int? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): Int(byte - UInt8(ascii: "0"))
    case UInt8(ascii: "a")...UInt8(ascii: "f"): Int(byte - UInt8(ascii: "a")) + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): Int(byte - UInt8(ascii: "A")) + 10
    default: nil
    }
  }
}
