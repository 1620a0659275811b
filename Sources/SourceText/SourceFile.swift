/// A file's text as UTF-8 bytes, with the start of each line.
///
/// Input in another encoding is decoded first (see ``SourceDecoder``), so that every range speaks of UTF-8.
public struct SourceFile: Sendable {
  /// The path as reports show it: relative, with `/`.
  public let path: String
  /// The text, UTF-8 without a byte-order mark.
  public let bytes: [UInt8]
  /// Offset of the first byte of each line; CRLF, LF and a lone CR end a line.
  public let lineStarts: [Int]
}

/// A place as people count: lines and columns from 1.
public struct SourcePosition: Sendable, Hashable {
  /// Line, from 1.
  public var line: Int
  /// Column in Unicode scalars, from 1.
  public var column: Int
  /// Column in UTF-8 bytes, from 1.
  public var byteColumn: Int
}
