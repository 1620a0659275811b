import SourceText
import TestSupport
import Testing

struct XMLReaderTests {
  private func read(_ text: String) -> SourceTree {
    XMLReader.read(path: "a.xml", raw: Array(text.utf8))
  }

  private func root(_ text: String) throws -> XMLElement {
    let document = try #require(read(text).documents.first)
    return try #require(XMLElement(document))
  }

  @Test(arguments: [
    #"<a xmlns="urn:x"><b/></a>"#, #"<p:a xmlns:p="urn:x"><p:b></p:b></p:a>"#,
    #"<q:a xmlns:q="urn:y" xmlns="urn:x"><b/></q:a>"#,
  ])
  func `names are known by their namespace and not by their prefix`(text: String) throws {
    let root = try root(text)
    #expect(root.name == "a")
    let child = try #require(root.children.first)
    #expect(child.name == "b")
    #expect(child.namespace == "urn:x")
  }

  @Test func `elements of an omitted namespace leave nothing, and what is broken in them is told`()
    throws
  {
    let text = #"""
      <a xmlns="urn:x" xmlns:d="urn:d"><!-- one --><b/><d:e w="1">text<b/><!-- two --><d:f></d:e><c/></a>
      """#
    let file = SourceFile(path: "a.xml", bytes: Array(text.utf8))
    let tree = XMLReader.read(file, omitting: ["urn:d"])
    let root = try #require(tree.documents.first.flatMap { XMLElement($0) })
    #expect(root.children.map(\.name) == ["b", "c"])
    #expect(root.text == nil)
    #expect(tree.comments.count == 2)
    #expect(tree.problems.map(\.message) == ["The element `d:f` is not closed."])
  }

  @Test func `a namespace ends with the element that declares it`() throws {
    let tree = read(#"<a><b xmlns:p="urn:x"><p:c/></b><p:d/></a>"#)
    #expect(tree.problems.map(\.message) == ["The prefix `p` is not declared."])
  }

  @Test func `a name that is met again means what its place declares`() throws {
    let root = try root(
      #"<p:a xmlns:p="urn:x"><p:b/><p:b xmlns:p="urn:y"><p:c/></p:b><p:b/></p:a>"#)
    #expect(root.children.map(\.namespace) == ["urn:x", "urn:y", "urn:x"])
    #expect(root.children[1].children.map(\.namespace) == ["urn:y"])
    let undeclared = read("<p:a><p:b/><p:b/></p:a>").problems.map(\.message)
    #expect(undeclared.count == 3)
  }

  @Test func `attributes keep their namespace and their place`() throws {
    let text = #"<a xmlns:z="urn:z" id='x &amp; y' z:id="2"/>"#
    let root = try root(text)
    let id = try #require(root.attribute("id"))
    #expect(id.text == "x & y")
    let file = SourceFile(path: "a", bytes: Array(text.utf8))
    #expect(file.text(in: id.range) == "'x &amp; y'")
    #expect(file.text(in: id.fileRange(ofText: ByteRange(2, 3))) == "&amp;")
    #expect(root.attribute("id", in: "urn:z")?.text == "2")
    #expect(file.text(in: root.place) == "<a")
  }

  @Test func `text runs through CDATA, references and comments`() throws {
    let text = "<a>\n  x &lt; <![CDATA[1 && <b>]]><!-- no --> &#x41;&#10;\n</a>"
    let node = try #require(try root(text).text)
    #expect(node.text == "x < 1 && <b> A")
    let file = SourceFile(path: "a", bytes: Array(text.utf8))
    #expect(file.text(in: node.fileRange(ofText: ByteRange(2, 3))) == "&lt;")
    #expect(file.text(in: node.fileRange(ofText: ByteRange(6, 8))) == "&&")
  }

  @Test func `line ends are one character`() throws {
    #expect(try root("<a>x\r\ny\rz</a>").text?.text == "x\ny\nz")
    #expect(try root("<a b='x\r\ny\tz'/>").attribute("b")?.text == "x y z")
  }

  static let damages: [(text: String, messages: [String])] = [
    ("<a><b></a>", ["The element `b` is not closed."]),
    ("<a></b></a>", ["This closes no element that is open."]),
    ("<a>", ["The element `a` is not closed."]),
    ("<a b=1 c='2'/>", ["This attribute's value is not quoted."]),
    ("<a b/>", ["This attribute has no value."]),
    ("<a b='1' b='2'/>", ["The attribute `b` stands twice in this tag."]),
    (
      "<a b='1><c/></a>",
      ["This tag is not closed.", "This attribute's value is not closed, or holds a `<`."]
    ),
    ("<a>1 < 2</a>", ["This `<` begins no tag."]),
    ("<a>x & y</a>", ["This `&` begins no reference."]),
    ("<a>&nbsp;</a>", ["This entity is not predefined, and stays as it is."]),
    ("<a>&#0;</a>", ["This reference names no character."]),
    ("<a/><b/>", ["A second root element begins here."]),
    ("<a/>x", ["Text stands outside of the root element."]),
    ("<a><!-- </a>", ["The element `a` is not closed.", "This comment is not closed."]),
    ("", ["The file holds no XML element."]),
  ]

  @Test(arguments: damages.map(\.text))
  func `damage is located and the rest is read`(text: String) throws {
    let expected = try #require(Self.damages.first { $0.text == text }?.messages)
    let tree = read(text)
    let messages = tree.problems.map(\.message)
    #expect(messages.prefix(expected.count) == expected[...], "\(messages)")
  }

  @Test func `a broken child does not lose its neighbours`() throws {
    let root = try root("<a><b><c x='1'></b><d/></a>")
    #expect(root.children.map(\.name) == ["b", "d"])
    #expect(root.child("b")?.children.map(\.name) == ["c"])
  }

  @Test func `no entity of a document type is expanded`() throws {
    let text = """
      <!DOCTYPE a [<!ENTITY lol "lol"><!ENTITY lol2 "&lol;&lol;">
        <!ENTITY xxe SYSTEM "file:///etc/passwd">]>
      <a>&lol2;&xxe;</a>
      """
    let tree = read(text)
    let root = try #require(tree.documents.first.flatMap { XMLElement($0) })
    #expect(root.text?.text == "&lol2;&xxe;")
    #expect(tree.problems.count == 3)
    #expect(tree.problems.first?.message == "A document type declaration is not read.")
  }

  @Test func `comments are kept`() {
    let tree = read("<a>\n  <!-- one -->\n  <b/> <!-- two -->\n</a>")
    #expect(tree.comments.map(\.ownLine) == [true, false])
  }

  @Test func `nesting past the limit is a located problem`() {
    let deep = String(repeating: "<a>", count: 5_000) + String(repeating: "</a>", count: 5_000)
    let problems = read(deep).problems
    #expect(problems.count == 1)
    #expect(problems.first?.message.contains("nested deeper than \(Limits.nesting)") == true)
  }

  @Test(arguments: [("iso-8859-1", "ä\u{80}"), ("windows-1252", "ä€")])
  func `an encoding that the declaration names is decoded`(name: String, expected: String) throws {
    let raw =
      Array("<?xml version='1.0' encoding='\(name)'?><a>".utf8) + [0xE4, 0x80] + Array("</a>".utf8)
    let tree = XMLReader.read(path: "a.xml", raw: raw)
    #expect(tree.problems.isEmpty)
    #expect(tree.documents.first.flatMap { XMLElement($0) }?.text?.text == expected)
  }

  @Test func `an encoding that is not read is a located problem`() {
    let raw = Array("<?xml version='1.0' encoding='shift_jis'?><a>".utf8) + [0x83] + "</a>".utf8
    let tree = XMLReader.read(path: "a.xml", raw: raw)
    #expect(tree.problems.contains { $0.message == "The encoding `shift_jis` is not read." })
  }

  @Test func `UTF-16 is read`() throws {
    var raw: [UInt8] = [0xFF, 0xFE]
    for unit in "<?xml version='1.0' encoding='UTF-16'?><a>ü</a>".utf16 {
      raw += [UInt8(unit & 0xFF), UInt8(unit >> 8)]
    }
    let tree = XMLReader.read(path: "a.xml", raw: raw)
    #expect(tree.problems.isEmpty)
    #expect(tree.documents.first.flatMap { XMLElement($0) }?.text?.text == "ü")
  }

  static let seed = """
    <?xml version="1.0" encoding="UTF-8"?>
    <!-- a process -->
    <b:definitions xmlns:b="urn:model" xmlns:z='urn:z' id="d">
      <b:process id="p" isExecutable="true">
        <b:task id="t" name="Ask &amp; wait"><b:extensionElements>
          <z:header key="url" value="https://x/y?a=1&amp;b=2"/></b:extensionElements></b:task>
        <b:sequenceFlow sourceRef="t" targetRef="e"><b:conditionExpression><![CDATA[
          ${cert != null && x < 2}]]></b:conditionExpression></b:sequenceFlow>
        <b:script>x &#10; y &lt; 2</b:script>
      </b:process>
    </b:definitions>
    """

  @Test func `mutants of XML give well-formed trees`() {
    var generator = SeededGenerator(seed: 13)
    for _ in 0..<600 {
      let bytes = mutant(of: Array(Self.seed.utf8), using: &generator)
      let tree = XMLReader.read(path: "m.xml", raw: bytes)
      let length = SourceDecoder.decode(path: "m.xml", raw: bytes).file.bytes.count
      let violations = TreeInvariants(tree, length: length).violations
      #expect(
        violations.isEmpty, "\(violations) \(String(decoding: bytes, as: UTF8.self))")
    }
  }
}
