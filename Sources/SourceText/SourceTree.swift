/// A file as read: one root per document, every comment, and what was wrong.
public struct SourceTree: Sendable {
  /// The root of each document; none for a file without content.
  public var documents: [Node]
  /// Every comment, in file order.
  public var comments: [Comment]
  /// What was wrong, in file order.
  public var problems: [SourceProblem]

  package init(documents: [Node], comments: [Comment], problems: [SourceProblem]) {
    self.documents = documents
    self.comments = comments
    self.problems = problems
  }
}

/// A comment, without its line end.
public struct Comment: Sendable {
  /// From `#` (or `//`, `/*`) to the last byte.
  public var range: ByteRange
  /// Whether nothing but white space stands before it on its line.
  public var ownLine: Bool

  package init(range: ByteRange, ownLine: Bool) {
    self.range = range
    self.ownLine = ownLine
  }
}

/// A located complaint about a file's text.
public struct SourceProblem: Sendable {
  /// How much of the file a problem costs.
  public enum Severity: Sendable {
    /// The text could not be read whole: what is missing may matter.
    case error
    /// Read, but worth saying (a duplicate key).
    case warning
  }

  /// How much of the file the problem costs.
  public var severity: Severity
  /// One sentence: what is wrong.
  public var message: String
  /// What to do about it; empty where the message says it.
  public var hint: String
  /// Where it is.
  public var range: ByteRange

  package init(severity: Severity, message: String, hint: String = "", range: ByteRange) {
    self.severity = severity
    self.message = message
    self.hint = hint
    self.range = range
  }
}
