import SourceText
import Testing

struct YAMLReaderTests {
  private func root(_ text: String) throws -> Node {
    let tree = yaml(text)
    #expect(tree.problems.isEmpty, "\(tree.problems)")
    return try #require(tree.documents.first)
  }

  @Test(arguments: ["on", "y", "no", "yes", "off", "true", "null", "012", "1.0", "2020-01-01"])
  func `a word that YAML 1.1 types stays text`(word: String) throws {
    let node = try root("\(word): \(word)\n")
    #expect(node[word]?.text == word)
    guard case .scalar(let scalar) = node.entries[0].key.content else { return }
    #expect(scalar.style == .plain)
  }

  @Test func `absent values are null, empty strings are not`() throws {
    let node = try root("a:\nb: ~\nc: null\nd: ''\ne: !!str\nf: nil\n")
    #expect(["a", "b", "c"].allSatisfy { node[$0]?.isNull == true })
    #expect(["d", "e", "f"].allSatisfy { node[$0]?.isNull == false })
  }

  @Test(arguments: [
    ("|", "a\n b\n"), ("|-", "a\n b"), ("|+", "a\n b\n\n"), (">", "a\n b\n"), (">-", "a\n b"),
    ("|2-", "a\n b"), ("|-2", "a\n b"), ("| # why", "a\n b\n"),
  ])
  func `block scalars obey chomping and indentation signs`(header: String, text: String) throws {
    #expect(try root("k: \(header)\n  a\n   b\n\nz: 1\n")["k"]?.text == text)
  }

  @Test func `several documents are read, with and without markers`() {
    let tree = yaml("%YAML 1.1\n---\na: 1\n---\n---\nb: 2\n...\n# end\n")
    #expect(tree.problems.isEmpty)
    #expect(tree.documents.count == 3)
    #expect(tree.documents[1].isNull)
    #expect(tree.documents[2]["b"]?.text == "2")
  }

  @Test(arguments: ["", "\n\n", "# only a comment", "# one\n# two\n", "\u{FEFF}"])
  func `a file without content has no documents`(text: String) {
    let tree = yaml(text)
    #expect(tree.documents.isEmpty)
    #expect(tree.problems.isEmpty)
  }

  @Test(arguments: ["\n", "\r\n", "\r"])
  func `line ends do not matter`(lineEnd: String) throws {
    let text = "a:\n  - b # c\n  - |\n    x\n    y\nd: e\n  f\n".replacing("\n", with: lineEnd)
    let node = try root(text)
    #expect(node["a"]?.items.map(\.text) == ["b", "x\ny\n"])
    #expect(node["d"]?.text == "e f")
  }

  @Test func `NEL and U+2028 end no line`() throws {
    #expect(try root("a: b\u{85}c\u{2028}d\ne: f\n")["a"]?.text == "b\u{85}c\u{2028}d")
  }

  @Test func `comments are kept with their places`() {
    let text = "# one\na: b # two\n  # three\nc: |  # four\n  # text\nd: [e, # five\n  f] # six\n"
    let tree = yaml(text)
    let file = SourceFile(path: "", bytes: Array(text.utf8))
    #expect(
      tree.comments.map { file.text(in: $0.range) }
        == ["# one", "# two", "# three", "# four", "# five", "# six"])
    #expect(tree.comments.map(\.ownLine) == [true, false, true, false, false, false])
  }

  @Test func `tags and anchors are kept as written`() throws {
    let node = try root("a: !Ref b\nc: !GetAtt d.e\nf: &g [!Sub '${h}']\ni: *g\nj: !<tag:x,1> k\n")
    #expect(node["a"]?.tag == "!Ref")
    #expect(node["c"]?.tag == "!GetAtt")
    #expect(node["f"]?.anchor == "g")
    #expect(node["f"]?.items.first?.tag == "!Sub")
    #expect(node["i"]?.items.first?.text == "${h}")
    #expect(node["j"]?.tag == "!<tag:x,1>")
  }

  @Test func `an alias keeps its own place`() throws {
    let node = try root("a: &x 1\nb: *x\n")
    guard case .mapping(let entries) = node.content,
      case .alias(let name, let target) = entries[1].value.content
    else {
      Issue.record("no alias")
      return
    }
    #expect(name == "x")
    #expect(target?.node.text == "1")
    #expect(entries[1].value.range == ByteRange(11, 13))
  }

  @Test func `merge keys are applied in look-up and stay in the tree`() throws {
    let node = try root(
      "a: &a {x: 1, y: 2}\nb: &b {y: 3, z: 4}\nc:\n  <<: [*a, *b]\n  x: 5\nd:\n  <<: *a\n")
    let merged = try #require(node["c"])
    #expect(merged["x"]?.text == "5")
    #expect(merged["y"]?.text == "2")
    #expect(merged["z"]?.text == "4")
    #expect(merged.entries.map { $0.key.text } == ["x", "y", "z"])
    guard case .mapping(let entries) = merged.content else { return }
    #expect(entries.map { $0.key.text } == ["<<", "x"])
    #expect(node["d"]?["x"]?.text == "1")
  }

  @Test func `keys are compared byte by byte`() throws {
    let node = try root("\u{E9}: 1\ne\u{301}: 2\n")
    #expect(node["\u{E9}"]?.text == "1")
    #expect(node["e\u{301}"]?.text == "2")
  }

  @Test(arguments: [3, 30])
  func `a duplicate key is kept and reported at the second place`(count: Int) throws {
    let filler = (0..<count).map { "k\($0): v\n" }.joined()
    let tree = yaml("a: 1\n" + filler + "a: 2\n")
    #expect(tree.documents.first?.entries.count == count + 2)
    #expect(tree.documents.first?["a"]?.text == "2")
    let problem = try #require(tree.problems.first)
    #expect(problem.severity == .warning)
    #expect(problem.message == "The key `a` stands twice here, first on line 1.")
    #expect(problem.range.start == 5 + filler.utf8.count)
  }

  @Test(arguments: [
    "? [a, b]\n: c\n", "{a: 1}: c\n", "[a, b]: c\n", "? |\n  text\n: c\n", "? a\n? b\n",
  ])
  func `complex keys are read`(text: String) throws {
    #expect(try root(text).entries.isEmpty == false)
  }

  @Test func `flow collections may hold tabs, comments and JSON`() throws {
    let node = try root("{\n\t\"a\":[1,\t2],\t# c\n\t\"b\":{\"c\":\"\\ud83d\\ude00\"}\n}\n")
    #expect(node["a"]?.items.map(\.text) == ["1", "2"])
    #expect(node["b"]?["c"]?.text == "😀")
  }

  @Test func `a closing bracket may stand at its key's column`() throws {
    let node = try root("on: [\n  push,\n]\nenv: {\n  A: 1\n}\nz: 1\n")
    #expect(node["on"]?.items.map(\.text) == ["push"])
    #expect(node["z"]?.text == "1")
  }

  @Test func `a list may stand at its key's column`() throws {
    let node = try root("a:\n- b\n- c: d\n  e: f\ng: h\n")
    #expect(node["a"]?.items.count == 2)
    #expect(node["g"]?.text == "h")
  }

  @Test func `a placeholder in the middle of text is text`() throws {
    let node = try root("a: $default-branch\nb: ${{ x }}\nc: x {{ y }}\nd: v1.0 # {{ }}\n")
    #expect(node["b"]?.text == "${{ x }}")
    #expect(node["c"]?.text == "x {{ y }}")
  }

  @Test func `ranges run from the first to the last significant byte`() throws {
    let text = "a: !t &x  'b' # c\nd:\n  - e\n  - {f: g}\n\nh: |\n  i\n\n"
    let file = SourceFile(path: "", bytes: Array(text.utf8))
    let node = try #require(YAMLReader.read(file).documents.first)
    func written(_ key: String) -> String? { node[key].map { file.text(in: $0.range) } }
    #expect(written("a") == "'b'")
    #expect(written("d") == "- e\n  - {f: g}")
    #expect(written("h") == "|\n  i")
  }
}
