import BuiltinRules
import Rules
import SourceText
import Testing

@Suite struct OptInProtocolTests {
  private let text = """
    protocol: house
    opt-in: true
    summary: A protocol of the house.
    generates: [{ command: house generate }]
    facets: { content: { fields: [text] } }
    proof: certificate
    """

  private func names(of book: RuleBook) -> [String] {
    // Without those that always judge.
    book.protocols.map(\.name).filter { !$0.hasPrefix("mira-") && $0 != "model-release" }
  }

  @Test func `an opt-in protocol judges only where it is named`() {
    #expect(names(of: RuleBook(embedded: Sample.embedded)).isEmpty)
    #expect(names(of: RuleBook(embedded: Sample.embedded, optedIn: ["llm"])) == ["llm"])
    #expect(
      names(of: RuleBook(embedded: Sample.embedded, optedIn: ["llm", "settlement"]))
        == ["llm", "settlement"])
  }

  @Test func `every built-in protocol that is opt-in says so in its second line`() {
    for (path, text) in BuiltinRules.documents where path.hasPrefix("protocols/") {
      let book = RuleBook(
        builtIn: [SourceFile(path: path, bytes: Array(text.utf8))], optedIn: ["llm", "settlement"])
      #expect(book.problems.isEmpty, "\(path)")
      for document in book.protocols {
        #expect((OptInProtocol.name(in: text) == document.name) == document.isOptIn, "\(path)")
      }
    }
  }

  @Test func `in a folder it waits to be named, in a file that was named it does not`() {
    let file = SourceFile(path: "house.yml", bytes: Array(text.utf8))
    #expect(names(of: RuleBook(embedded: Sample.embedded, users: [[file]])).isEmpty)
    #expect(
      names(of: RuleBook(embedded: Sample.embedded, users: [[file]], optedIn: ["house"])) == [
        "house"
      ])
    #expect(names(of: RuleBook(embedded: Sample.embedded, named: [[file]])) == ["house"])
  }

  @Test(arguments: [
    ("llm", true), ("./llm", false), ("llm.yml", false), ("rules/llm", false), ("", false),
  ])
  func `a word without a slash or a dot is a name`(word: String, isName: Bool) {
    #expect(OptInProtocol.isName(word) == isName)
  }
}
