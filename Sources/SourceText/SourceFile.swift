/// A file's text as UTF-8 bytes, with the start of each line.
///
/// Input in another encoding is decoded first (see ``SourceDecoder``), so that every range speaks of UTF-8.
public struct SourceFile: Sendable {
  /// The path as reports show it: relative, with `/`.
  public let path: String
  /// The text, UTF-8 without a byte-order mark.
  public let bytes: [UInt8]
  /// Offset of the first byte of each line; CRLF, LF and a lone CR end a line.
  public var lineStarts: [Int] { lines.starts(in: bytes) }
  private let lines = LineTable()

  /// Takes text that is UTF-8 already; bytes that may be anything go through ``SourceDecoder``.
  public init(path: String, bytes: [UInt8]) {
    self.path = path
    self.bytes = bytes
  }

  /// Where people find the byte at `offset`; an offset past the end gives the place after the last byte.
  public func position(at offset: Int) -> SourcePosition {
    let offset = min(max(offset, 0), bytes.count)
    let lineStarts = lineStarts
    let line = Self.lineIndex(at: offset, in: lineStarts)
    let start = lineStarts[line]
    let scalars = bytes[start..<offset].count { !Byte.continuesScalar($0) }
    return SourcePosition(line: line + 1, column: scalars + 1, byteColumn: offset - start + 1)
  }

  /// The text that stands in `range`, cut to the file.
  public func text(in range: ByteRange) -> String {
    let start = min(max(range.start, 0), bytes.count)
    let end = min(max(range.end, start), bytes.count)
    return bytes.text(start..<end)
  }

  /// The line (from 1) without its line end; `nil` where the file has no such line.
  public func range(ofLine line: Int) -> ByteRange? {
    let lineStarts = lineStarts
    guard lineStarts.indices.contains(line - 1) else { return nil }
    let start = lineStarts[line - 1]
    var end = line < lineStarts.count ? lineStarts[line] : bytes.count
    while end > start, bytes[end - 1] == Byte.lineFeed || bytes[end - 1] == Byte.carriageReturn {
      end -= 1
    }
    return ByteRange(start, end)
  }

  /// The index of the line that holds `offset`.
  private static func lineIndex(at offset: Int, in lineStarts: [Int]) -> Int {
    var low = 0
    var high = lineStarts.count
    while high - low > 1 {
      let middle = (low + high) / 2
      if lineStarts[middle] <= offset { low = middle } else { high = middle }
    }
    return low
  }
}

/// A place as people count: lines and columns from 1.
public struct SourcePosition: Sendable, Hashable {
  /// Line, from 1.
  public var line: Int
  /// Column in Unicode scalars, from 1.
  public var column: Int
  /// Column in UTF-8 bytes, from 1.
  public var byteColumn: Int

  /// Makes a place from a line and its two columns, all from 1.
  public init(line: Int, column: Int, byteColumn: Int) {
    self.line = line
    self.column = column
    self.byteColumn = byteColumn
  }
}
