import SourceText
import Testing

struct SourceDecoderTests {
  private func decode(_ raw: [UInt8]) -> (file: SourceFile, problems: [SourceProblem]) {
    SourceDecoder.decode(path: "a", raw: raw)
  }

  @Test func `a byte-order mark is dropped`() {
    #expect(decode([0xEF, 0xBB, 0xBF] + "a: b".utf8).file.bytes == Array("a: b".utf8))
  }

  @Test(arguments: [false, true], [false, true])
  func `UTF-16 is decoded in either order, with and without a mark`(big: Bool, marked: Bool) {
    let text = "name: Grüße 🎉\non: push\n"
    var raw: [UInt8] = marked ? (big ? [0xFE, 0xFF] : [0xFF, 0xFE]) : []
    for unit in text.utf16 {
      let (high, low) = (UInt8(unit >> 8), UInt8(unit & 0xFF))
      raw += big ? [high, low] : [low, high]
    }
    let (file, problems) = decode(raw)
    #expect(file.bytes == Array(text.utf8))
    #expect(problems.isEmpty)
  }

  @Test func `half a surrogate pair in UTF-16 is repaired and located`() {
    let (file, problems) = decode([0xFF, 0xFE, 0x61, 0, 0x3D, 0xD8, 0x62, 0])
    #expect(file.bytes == Array("a\u{FFFD}b".utf8))
    #expect(problems.map(\.range) == [ByteRange(1, 4)])
  }

  @Test func `bytes that are not UTF-8 are repaired and located once`() {
    let (file, problems) = decode(Array("a: ".utf8) + [0xFF] + Array("b\n".utf8) + [0xC3, 0x28])
    #expect(file.bytes == Array("a: \u{FFFD}b\n\u{FFFD}(".utf8))
    #expect(problems.map(\.range) == [ByteRange(3, 6)])
    #expect(problems.first?.message == "These bytes are not UTF-8 (2 places; this is the first).")
  }

  @Test func `a NUL byte is located`() {
    let (_, problems) = decode(Array("key: a".utf8) + [0] + Array("b".utf8))
    #expect(problems.map(\.range) == [ByteRange(6, 7)])
  }

  @Test func `an empty file has one empty line`() {
    let (file, problems) = decode([])
    #expect(file.lineStarts == [0])
    #expect(problems.isEmpty)
    #expect(file.position(at: 0) == SourcePosition(line: 1, column: 1, byteColumn: 1))
  }

  @Test func `LF, CRLF and a lone CR end lines, U+2028 and NEL do not`() {
    let file = SourceFile(path: "a", bytes: Array("a\nb\r\nc\rd\u{2028}e\u{85}f".utf8))
    #expect(file.lineStarts == [0, 2, 5, 7])
  }

  @Test func `columns count Unicode scalars and bytes`() {
    let file = SourceFile(path: "a", bytes: Array("x\né👨‍👩‍👧: v".utf8))
    let value = file.bytes.count - 1
    #expect(file.position(at: value) == SourcePosition(line: 2, column: 9, byteColumn: 23))
  }
}
