import Testing

@testable import Findings

@Suite("Line hashes as GitHub computes them")
struct LineHashTests {
  @Test func `an empty file has one line`() {
    #expect(hashes("") == ["c129715d7a2bc9a3:1"])
  }

  @Test func `spaces and tabs do not count`() {
    #expect(
      hashes(" a\nb\n  \t\tc\n d") == [
        "271789c17abda88f:1", "54703d4cd895b18:1", "180aee12dab6264:1", "a23a3dc5e078b07b:1",
      ])
  }

  @Test(arguments: ["\n", "\r\n", "\r"])
  func `equal lines are counted whatever ends them`(_ lineEnd: String) {
    let text = String(repeating: "Lorem ipsum dolor sit amet." + lineEnd, count: 10)
    #expect(
      hashes(text) == [
        "a7f2ff13bc495cf2:1", "a7f2ff13bc495cf2:2", "a7f2ff13bc495cf2:3", "a7f2ff13bc495cf2:4",
        "a7f2ff13bc495cf2:5", "a7f2ff13bc495cf2:6", "a7f2ff1481e87703:1", "a9cf91f7bbf1862b:1",
        "55ec222b86bcae53:1", "cc97dc7b1d7d8f7b:1", "c129715d7a2bc9a3:1",
      ])
  }

  @Test func `only what is asked for is answered`() {
    #expect(LineHash("a\nb").hashes(of: [2, 9]).keys.sorted() == [2])
    #expect(LineHash("a").hashes(of: []).isEmpty)
  }

  private func hashes(_ text: String) -> [String] {
    let hashes = LineHash(text).hashes(of: Set(1...20))
    return hashes.keys.sorted().compactMap { hashes[$0] }
  }
}
