/// Whether a label claims a verification, in a protocol's words.
struct ClaimWording: Sendable {
  private let words: [[String]]
  private let denials: [[String]]

  init(words: [String], not denials: [String]) {
    self.words = words.map(ClaimWording.parts).filter { !$0.isEmpty }
    self.denials = denials.map(ClaimWording.parts).filter { !$0.isEmpty }
  }

  /// Whole words, without case; a denial anywhere before or around a claim takes it back.
  func claims(_ text: String) -> Bool {
    let parts = ClaimWording.parts(text)
    var claimed = false
    for index in parts.indices {
      for word in words where parts[index...].starts(with: word) {
        if isDenied(parts, claimAt: index, count: word.count) { continue }
        claimed = true
      }
    }
    return claimed
  }

  private func isDenied(_ parts: [String], claimAt index: Int, count: Int) -> Bool {
    for start in 0..<(index + count) {
      for denial in denials where parts[start...].starts(with: denial) { return true }
    }
    return false
  }

  /// Runs of letters and digits, and each other sign that is no space by itself.
  private static func parts(_ text: String) -> [String] {
    var parts: [String] = []
    var word = ""
    func isWord(_ character: Character) -> Bool {
      character.isLetter || character.isNumber || character == "'" || character == "’"
    }
    for character in text.lowercased() {
      if isWord(character) {
        word.append(character == "’" ? "'" : character)
        continue
      }
      if !word.isEmpty { parts.append(word) }
      word = ""
      let isSpace = character.isWhitespace || character == "-" || character == "_"
      if !isSpace && !character.isPunctuation { parts.append(String(character)) }
    }
    if !word.isEmpty { parts.append(word) }
    return parts
  }
}
