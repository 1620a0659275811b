import Rules

/// Recognises a text that claims verification, by the words of a protocol.
struct ClaimReader: Sendable {
  private let words: [[String]]
  private let negations: [[String]]

  init(_ claims: VerificationProtocol.ClaimWords) {
    words = claims.words.map(Self.words)
    negations = claims.not.map(Self.words)
  }

  /// Whether the text says "verified" somewhere, and no negation stands in the same sentence before or around it.
  func claims(_ text: String) -> Bool {
    Self.sentences(text).contains { sentence in
      guard words.contains(where: { sentence.containsRun($0) }) else { return false }
      return !negations.contains { sentence.containsRun($0) }
    }
  }

  private static func sentences(_ text: String) -> [[String]] {
    text.split { ".!?\n\r;|".contains($0) }.map { words(String($0)) }
  }

  private static func words(_ text: String) -> [String] {
    text.lowercased().split { !isPartOfWord($0) }.map(String.init)
  }

  private static func isPartOfWord(_ character: Character) -> Bool {
    // Nearly all are ASCII, and looking up what Unicode says of one takes long.
    if let byte = character.asciiValue {
      return (0x30...0x39).contains(byte) || (0x61...0x7A).contains(byte)
    }
    return character.isLetter || character.isNumber || character == "✓" || character == "✅"
  }
}

extension [String] {
  fileprivate func containsRun(_ run: [String]) -> Bool {
    guard !run.isEmpty, count >= run.count else { return false }
    return (0...(count - run.count)).contains { Array(self[$0..<($0 + run.count)]) == run }
  }
}
