import Rules

/// Recognises a text that claims verification, by the words of a protocol.
struct ClaimReader: Sendable {
  // Few workflows show a text that could claim anything.
  private let phrases: Deferred<(words: [[String]], negations: [[String]])>

  init(_ claims: VerificationProtocol.ClaimWords) {
    phrases = Deferred { (claims.words.map(Self.words), claims.not.map(Self.words)) }
  }

  /// Whether the text says "verified" somewhere, and no negation stands in the same sentence before it or as the answer
  /// right behind it (`Verified: not yet`).
  func claims(_ text: String) -> Bool {
    let (words, negations) = phrases.value
    return Self.sentences(text).contains { sentence in
      let ends = words.flatMap { word in sentence.starts(of: word).map { $0 + word.count } }
      if ends.isEmpty { return false }
      let denials = negations.flatMap { run in
        sentence.starts(of: run).map { (start: $0, rest: sentence.count - $0 - run.count) }
      }
      return ends.contains { end in
        !denials.contains {
          $0.start < end || ($0.start == end && $0.rest <= Self.mostBehindAnswer)
        }
      }
    }
  }

  /// How many words may stand behind a negation that is an answer: "verified, no action needed" is none.
  private static let mostBehindAnswer = 1

  private static func sentences(_ text: String) -> [[String]] {
    text.split { ".!\n\r;|".contains($0) }.map { words(String($0)) }
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
  /// Where the run stands.
  fileprivate func starts(of run: [String]) -> [Int] {
    guard !run.isEmpty, count >= run.count else { return [] }
    return (0...(count - run.count)).filter { self[$0..<($0 + run.count)].elementsEqual(run) }
  }
}
