import SourceText
import Testing

@testable import LanguageServer

@Suite("Parts of the language server")
struct PartTests {
  @Test(arguments: [
    ("file:///a/b.yml", "/a/b.yml"), ("file:///a%20b/%C3%A9%F0%9F%98%80.yml", "/a b/é😀.yml"),
    ("file://localhost/a", "/a"), ("FILE:///a", "/a"), ("file:/a", "/a"),
    ("file:///c%3A/x", "/c:/x"),
    ("file://elsewhere/a", nil), ("untitled:Untitled-1", nil), ("file:///%zz", nil),
    ("file:///%f", nil), ("file:///%+1", nil), ("file:///%00", nil), ("file:///%C3", nil),
    ("file:", nil), ("", nil),
  ])
  func `a URI names a path`(uri: String, path: String?) {
    #expect(DocumentAddress.path(of: uri) == path)
  }

  @Test(arguments: ["/", "/a b/é😀#?%.yml", "/x:y/[z].yml"])
  func `a path survives its URI`(path: String) {
    #expect(DocumentAddress.path(of: DocumentAddress.uri(of: path)) == path)
  }

  @Test(arguments: [
    (PositionEncoding.utf16, 0, 4, 7), (.utf16, 0, 3, 3), (.utf16, 0, 2, 3), (.utf8, 0, 3, 3),
    (.utf8, 0, 7, 7),
    (.utf8, 0, 5, 3), (.utf16, 0, 99, 8), (.utf16, 1, 1, 12), (.utf16, 1, 0, 10),
    (.utf16, 9, 0, 12),
  ])
  func `a position is a byte`(
    encoding: PositionEncoding, line: Int, character: Int, offset: Int
  ) {
    // Bytes: a 0, é 1-2, 😀 3-6, b 7, CR LF 8-9, é 10-11.
    let file = SourceFile(path: "x", bytes: Array("aé😀b\r\né".utf8))
    #expect(encoding.offset(of: Position(line, character), in: file) == offset)
  }

  @Test func `columns become characters`() {
    let file = SourceFile(path: "x", bytes: Array("\u{feff}aé😀b".utf8))
    #expect(PositionEncoding.utf16.position(line: 1, column: 4, in: file) == Position(0, 5))
    #expect(PositionEncoding.utf8.position(line: 1, column: 4, in: file) == Position(0, 10))
    #expect(PositionEncoding.utf16.position(line: 1, column: .max, in: file) == Position(0, 6))
    #expect(PositionEncoding.utf16.position(line: 9, column: 1, in: file) == Position(0, 6))
  }

  @Test func `changes are applied in order`() throws {
    var document = OpenDocument(uri: "x:", path: "/x", version: 1, text: "a😀b\nc\n")
    let changes = JSONReader.read(
      SourceFile(
        path: "",
        bytes: Array(
          #"[{"range":{"start":{"line":0,"character":1},"end":{"line":0,"character":3}},"text":"é"},{"range":{"start":{"line":1,"character":1},"end":{"line":9,"character":0}},"text":""},{"range":{"start":{"line":1,"character":0},"end":{"line":0,"character":0}},"text":"!"},{"text":"new"},{"range":{"start":{"line":0,"character":3},"end":{"line":0,"character":3}},"text":"er"}]"#
            .utf8)))
    let list = try #require(changes.documents.first?.items)
    var texts: [String] = []
    for change in list {
      let isUnderstood = document.apply(change, .utf16)
      texts.append(isUnderstood ? String(decoding: document.file.bytes, as: UTF8.self) : "?")
    }
    #expect(texts == ["aéb\nc\n", "aéb\nc", "?", "new", "newer"])
  }

  @Test(arguments: [1, 2, 3, 7, 1000])
  func `messages are cut wherever the stream is`(size: Int) {
    let stream = Array(
      "Content-Length: 2\r\n\r\n{}\r\nX: y\r\ncontent-length: 4\r\n\r\n\"é\"Content-Length:0\n\n"
        .utf8)
    var framer = MessageFramer()
    var frames: [MessageFramer.Frame] = []
    var rest = stream[...]
    while !rest.isEmpty {
      frames += framer.receive(Array(rest.prefix(size)))
      rest = rest.dropFirst(size)
    }
    #expect(frames == [.message(Array("{}".utf8)), .message(Array("\"é\"".utf8)), .message([])])
  }

  @Test(arguments: [
    "junk\r\n\r\n", "Content-Length: x\r\n\r\n", "X: y\r\n\r\n", "Content-Length: -4\r\n\r\n",
    "a: b junk ",
    "Content-Length: 99999999999999999999\r\n\r\n", "\u{0}\u{0}: \n\n",
    String(repeating: "x", count: 9000),
  ])
  func `a damaged header costs no more than itself`(damage: String) {
    var framer = MessageFramer()
    let frames =
      framer.receive(Array(damage.utf8) + TestClient.framed(#"{"x":1}"#))
      + framer.receive(TestClient.framed("{}"))
    #expect(frames.contains(.message(Array(#"{"x":1}"#.utf8))))
    #expect(frames.last == .message(Array("{}".utf8)))
    #expect(frames.count <= 4)
  }

  @Test func `an oversized message is passed over`() {
    var framer = MessageFramer()
    let size = MessageFramer.mostBytes + 1
    var frames = framer.receive(Array("Content-Length: \(size)\r\n\r\n".utf8))
    var sent = 0
    let block = [UInt8](repeating: 0x20, count: 1 << 20)
    while sent < size {
      frames += framer.receive(Array(block.prefix(size - sent)))
      sent += block.count
    }
    frames += framer.receive(TestClient.framed("{}"))
    #expect(frames == [.oversized(bytes: size), .message(Array("{}".utf8))])
  }
}
