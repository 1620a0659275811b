import Testing

@testable import SourceText

struct BytePatternTests {
  /// Where a pattern first stands, found the slow way.
  private func place(
    of pattern: [UInt8], in bytes: [UInt8], from start: Int, upTo end: Int
  ) -> Int? {
    guard !pattern.isEmpty, start + pattern.count <= end else { return nil }
    return (start...(end - pattern.count)).first {
      Array(bytes[$0..<($0 + pattern.count)]) == pattern
    }
  }

  @Test func `it finds what a plain search finds, wherever that begins and ends`() {
    var random = SystemRandomNumberGenerator()
    let letters = Array("aAx-_\"B".utf8)
    for _ in 0..<3000 {
      let bytes = (0..<Int.random(in: 0...24, using: &random)).map { _ in
        letters[Int.random(in: letters.indices, using: &random)]
      }
      let pattern = (0..<Int.random(in: 0...3, using: &random)).map { _ in
        letters[Int.random(in: letters.indices, using: &random)]
      }
      let start = Int.random(in: 0...(bytes.count + 2), using: &random)
      let end = Int.random(in: 0...bytes.count, using: &random)
      #expect(
        BytePattern(pattern).first(in: bytes, from: start, upTo: end)
          == place(of: pattern, in: bytes, from: start, upTo: end))
      let lower = { (bytes: [UInt8]) in bytes.map { $0 >= 65 && $0 <= 90 ? $0 | 32 : $0 } }
      #expect(
        BytePattern(pattern, ignoringCase: true).first(in: bytes, from: start, upTo: end)
          == place(of: lower(pattern), in: lower(bytes), from: start, upTo: end))
    }
  }
}
