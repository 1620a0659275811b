/// A node of a YAML or JSON document; its place is kept, and so is everything a linter may quote.
public struct Node: Sendable {
  /// What stands here.
  public var content: Content
  /// The node's own text: from the first byte after anchor and tag to its last significant byte.
  public var range: ByteRange
  /// The tag as written (`!Ref`, `!!str`), `nil` where none is.
  public var tag: String?
  /// The anchor's name, without `&`.
  public var anchor: String?

  /// The four shapes of a node.
  public enum Content: Sendable {
    /// Text: plain, quoted or block. JSON numbers, booleans and `null` are plain scalars.
    case scalar(Scalar)
    /// A list, block or flow.
    case sequence([Node])
    /// Keys with values in file order; duplicate keys stay, the last one wins on look-up.
    case mapping([Entry])
    /// `*name`; the target is `nil` where the anchor is missing, recursive or would expand too far.
    case alias(name: String, target: Shared?)
  }

  /// A key with its value.
  public struct Entry: Sendable {
    public var key: Node
    public var value: Node
  }

  /// An anchored node that aliases share.
  public final class Shared: Sendable {
    public let node: Node
    init(_ node: Node) { self.node = node }
  }
}

/// A scalar's decoded text, and where each part of it stands in the file.
public struct Scalar: Sendable {
  /// How the scalar is written.
  public enum Style: Sendable {
    case plain, singleQuoted, doubleQuoted, literal, folded
  }
  public var style: Style
  /// The decoded text: folded, unescaped, without indentation.
  public var text: String
  /// Where the decoded text and the file run in step: each segment's UTF-8 offset in `text` and its offset in
  /// the file, in order. Empty where the text stands in the file byte for byte from the range's start (plain)
  /// or after the quote.
  public var segments: [Segment]

  public struct Segment: Sendable {
    public var textOffset: Int
    public var fileOffset: Int
  }
}

/// A comment, without its line end.
public struct Comment: Sendable {
  /// From `#` (or `//`, `/*`) to the last byte.
  public var range: ByteRange
  /// Whether nothing but white space stands before it on its line.
  public var ownLine: Bool
}

/// A located complaint about a file's text. Words are made from `kind` in `SourceProblem.message`.
public struct SourceProblem: Sendable {
  public enum Severity: Sendable {
    /// The text could not be read whole: what is missing may matter.
    case error
    /// Read, but worth saying (a duplicate key).
    case warning
  }
  public var severity: Severity
  /// One sentence: what is wrong.
  public var message: String
  /// What to do about it; empty where the message says it.
  public var hint: String
  public var range: ByteRange
}

/// A file as read: one root per document, every comment, and what was wrong.
public struct SourceTree: Sendable {
  public var documents: [Node]
  public var comments: [Comment]
  public var problems: [SourceProblem]
}
