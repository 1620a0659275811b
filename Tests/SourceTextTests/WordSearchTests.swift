import Foundation
import Testing

@testable import SourceText

struct WordSearchTests {
  @Test func `it finds the words that a plain search finds, in either case`() {
    var random = SystemRandomNumberGenerator()
    let letters = Array("aAbB-é.".unicodeScalars).map(String.init)
    func text(_ lengths: ClosedRange<Int>) -> String {
      (0..<Int.random(in: lengths, using: &random)).map { _ in
        letters[Int.random(in: letters.indices, using: &random)]
      }.joined()
    }
    for _ in 0..<3000 {
      let words = (0..<Int.random(in: 0...4, using: &random)).map { _ in
        text(WordSearch.shortest...7)
      }
      let bytes = text(0...40)
      #expect(
        WordSearch(words).found(in: Array(bytes.utf8))
          == words.map { bytes.lowercased().contains($0.lowercased()) },
        "\(words) in \(bytes)")
    }
  }

  @Test func `a word that is too short is found nowhere`() {
    #expect(WordSearch(["ab", "", "abc"]).found(in: Array("abc".utf8)) == [false, false, true])
  }
}
