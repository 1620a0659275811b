import BuiltinRules
import Rules
import SourceText
import Testing

/// Whether documents can be read at all; without a reader there is nothing to test here.
let readsYAML = !YAMLReader.read(SourceFile(path: "a.yml", bytes: Array("a: 1".utf8))).documents
  .isEmpty

@Suite(.enabled(if: readsYAML))
struct RuleBookTests {
  @Test func `every built-in document loads without a problem`() {
    let book = RuleBook(builtIn: BuiltinRules.documents)
    #expect(book.problems.map(\.description) == [])
    #expect(!book.rules.isEmpty)
  }
}
