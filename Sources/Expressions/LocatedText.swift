package import SourceText

/// An expression's text, and where each part of it stands in the definition.
package struct LocatedText: Sendable {
  /// The decoded text, UTF-8.
  package var bytes: [UInt8]
  /// From a range of `bytes` to the file.
  package var locate: @Sendable (ByteRange) -> SourceLocation

  package init(_ text: String, locate: @escaping @Sendable (ByteRange) -> SourceLocation) {
    self.bytes = Array(text.utf8)
    self.locate = locate
  }

  package init(bytes: [UInt8], locate: @escaping @Sendable (ByteRange) -> SourceLocation) {
    self.bytes = bytes
    self.locate = locate
  }

  /// The text of a part.
  package func text(_ range: ByteRange) -> String {
    String(decoding: bytes[range.start..<range.end], as: UTF8.self)
  }

  package var whole: ByteRange { ByteRange(0, bytes.count) }
}

/// What is wrong with an expression, at its place.
package struct ExpressionProblem: Error, Hashable {
  /// One sentence: what is wrong.
  package var message: String
  /// What to do about it; empty where the message says it.
  package var hint: String
  package var location: SourceLocation

  package init(_ message: String, hint: String = "", at location: SourceLocation) {
    self.message = message
    self.hint = hint
    self.location = location
  }
}
