import SourceText
import Testing

struct YAMLRecoveryTests {
  struct Damage: Sendable, CustomTestStringConvertible {
    var text: String
    /// Line and column of the only problem.
    var place: (line: Int, column: Int)
    var words: String
    var testDescription: String { text }
  }

  static let damages = [
    Damage(text: "a:\n\tb: 1\nz: 1\n", place: (2, 1), words: "A tab is used for indentation"),
    Damage(text: "a: b: c\nz: 1\n", place: (1, 5), words: "inside an unquoted value"),
    Damage(text: "run: echo \"x: y\"\nz: 1\n", place: (1, 13), words: "inside an unquoted value"),
    Damage(text: "name:\"x\"\nz: 1\n", place: (1, 5), words: "A space is missing after this colon"),
    Damage(
      text: "a: 1\n  b: 2\n  c: 3\nz: 1\n", place: (2, 3), words: "A key stands where the text"),
    Damage(
      text: "a:\n    b: 1\n  c: 2\nz: 1\n", place: (3, 3), words: "indented more than the entries"),
    Damage(text: "a: {{ x }}/y\nz: 1\n", place: (1, 4), words: "`{{` stands unquoted"),
    Damage(text: "a: {{ x }}\nz: 1\n", place: (1, 4), words: "`{{` stands unquoted"),
    Damage(text: "a: [${{ x }}, b]\nz: 1\n", place: (1, 5), words: "`${{` stands unquoted"),
    Damage(text: "a: [b, c\nz: 1\n", place: (1, 4), words: "This `[` is not closed"),
    Damage(text: "a: {b: c\nz: 1\n", place: (1, 4), words: "This `{` is not closed"),
    Damage(text: "a: \"b\nz: 1\n", place: (1, 4), words: "This quote is not closed"),
    Damage(text: "a: 'b\nz: 1\n", place: (1, 4), words: "This quote is not closed"),
    Damage(text: "a: 'b' c\nz: 1\n", place: (1, 8), words: "Text stands after the closing quote"),
    Damage(text: "a: \"b\"# c\nz: 1\n", place: (1, 7), words: "needs a space before its `#`"),
    Damage(text: "a: @b\nz: 1\n", place: (1, 4), words: "cannot begin with `@`"),
    Damage(text: "a: `b`\nz: 1\n", place: (1, 4), words: "cannot begin with ``"),
    Damage(text: "a: *b\nz: 1\n", place: (1, 4), words: "The alias *b names no anchor"),
    Damage(text: "a: &b [*b]\nz: 1\n", place: (1, 8), words: "stands inside the node"),
    Damage(text: "a: \"\\q\"\nz: 1\n", place: (1, 5), words: "YAML has no escape"),
    Damage(text: "a: !contains(b, 'c')\nz: 1\n", place: (1, 4), words: "followed by no space"),
    Damage(text: "a: |x\n  b\nz: 1\n", place: (1, 4), words: "begins a block of text"),
    Damage(text: "a: 1\ngarbage\nz: 1\n", place: (2, 1), words: "neither a key with a value"),
    Damage(text: "a: 1\n- b\nz: 1\n", place: (2, 1), words: "list item stands among"),
    Damage(text: "  a: 1\nz: 1\n", place: (2, 1), words: "ended before this"),
    Damage(text: "a: - b\nz: 1\n", place: (1, 4), words: "A list item cannot begin here"),
    Damage(text: "a: [b, , c]\nz: 1\n", place: (1, 8), words: "A comma stands here"),
    Damage(text: "a: [b}\nz: 1\n", place: (1, 6), words: "`]` is expected here"),
  ]

  @Test(arguments: damages)
  func `a damage is told once and the rest is read`(damage: Damage) throws {
    let file = SourceFile(path: "a.yml", bytes: Array(damage.text.utf8))
    let tree = YAMLReader.read(file)
    #expect(tree.problems.count == 1, "\(tree.problems)")
    let problem = try #require(tree.problems.first)
    let place = file.position(at: problem.range.start)
    #expect((place.line, place.column) == damage.place, "\(problem)")
    #expect(problem.message.contains(damage.words), "\(problem)")
    #expect(tree.documents.first?["z"]?.text == "1")
    #expect(TreeInvariants(tree, length: file.bytes.count).violations.isEmpty)
  }

  @Test func `tabs give one problem however many there are`() {
    let tree = yaml("a:\n\tb:\n\t\tc: 1\n\t\td: 2\n\te: 3\n")
    #expect(tree.problems.count == 1)
    #expect(tree.documents.first?["a"]?["b"]?["d"]?.text == "2")
  }
}
