import SourceText
import Testing

struct ScalarPlaceTests {
  private func check(_ source: String, _ path: [String]) throws -> [(text: String, file: String)] {
    let file = SourceFile(path: "a.yml", bytes: Array(source.utf8))
    let tree = YAMLReader.read(file)
    #expect(tree.problems.isEmpty)
    var node = try #require(tree.documents.first)
    for key in path { node = try #require(node[key]) }
    let text = Array(try #require(node.text).utf8)
    return (0..<text.count).map { offset in
      let range = node.fileRange(ofText: ByteRange(offset, offset + 1))
      return (String(decoding: [text[offset]], as: UTF8.self), file.text(in: range))
    }
  }

  @Test(arguments: ["\n", "\r\n", "\r"])
  func `every byte of a literal scalar is the file's byte`(lineEnd: String) throws {
    let source = "jobs:\n  - run: |2\n      if x; then\n\n        échо\n      fi\n\n  - b\n"
      .replacing("\n", with: lineEnd)
    let file = SourceFile(path: "a.yml", bytes: Array(source.utf8))
    let node = try #require(YAMLReader.read(file).documents.first?["jobs"]?.items.first?["run"])
    let text = Array(try #require(node.text).utf8)
    #expect(String(decoding: text, as: UTF8.self) == "if x; then\n\n  échо\nfi\n")
    for offset in text.indices {
      let range = node.fileRange(ofText: ByteRange(offset, offset + 1))
      let bytes = file.bytes[range.start..<range.end]
      #expect(
        text[offset] == 0x0A ? Array(bytes) == Array(lineEnd.utf8) : Array(bytes) == [text[offset]])
    }
  }

  @Test(arguments: [
    ("a: >-\n  one\n  two\n\n  three\n", "one two\nthree"),
    ("a: one\n  two\n\n  three\n", "one two\nthree"),
    ("a: 'one\n  it''s\n\n  three'\n", "one it's\nthree"),
    ("a: \"one\n  t\\u00e9\\n\\\n  three\"\n", "one té\nthree"),
  ])
  func `folded and escaped text maps back`(source: String, text: String) throws {
    let file = SourceFile(path: "a.yml", bytes: Array(source.utf8))
    let node = try #require(YAMLReader.read(file).documents.first?["a"])
    #expect(node.text == text)
    let one = try #require(text.utf8.firstRange(of: Array("one".utf8)))
    let three = try #require(text.utf8.firstRange(of: Array("three".utf8)))
    for range in [one, three] {
      let start = text.utf8.distance(from: text.startIndex, to: range.lowerBound)
      let end = text.utf8.distance(from: text.startIndex, to: range.upperBound)
      let place = node.fileRange(ofText: ByteRange(start, end))
      #expect(file.text(in: place) == String(text[range]))
    }
  }

  @Test func `an escape maps to all of its bytes`() throws {
    let places = try check("a: \"x\\u0041\\ty\"\n", ["a"])
    #expect(places.map(\.file) == ["x", "\\u0041", "\\t", "y"])
  }

  @Test func `plain and quoted scalars on one line need no segments`() throws {
    let places = try check("a: 'bcd'\ne: fg\n", ["a"])
    #expect(places.map(\.file) == ["b", "c", "d"])
    #expect(try check("a: 'bcd'\ne: fg\n", ["e"]).map(\.file) == ["f", "g"])
  }

  @Test func `a JSON escape maps to all of its bytes`() throws {
    let file = SourceFile(path: "a.json", bytes: Array(#"{"a": "x\ud83d\ude00\ny"}"#.utf8))
    let node = try #require(JSONReader.read(file).documents.first?["a"])
    #expect(node.text == "x😀\ny")
    #expect(file.text(in: node.fileRange(ofText: ByteRange(1, 5))) == #"\ud83d\ude00"#)
    #expect(file.text(in: node.fileRange(ofText: ByteRange(5, 6))) == #"\n"#)
    #expect(file.text(in: node.fileRange(ofText: ByteRange(6, 7))) == "y")
  }
}
