/// A node of a YAML or JSON document; its place is kept, and so is everything a linter may quote.
public struct Node: Sendable {
  /// What stands here.
  public var content: Content
  /// The node's own text: from the first byte after anchor and tag to its last significant byte.
  public var range: ByteRange
  /// The tag as written (`!Ref`, `!!str`), `nil` where none is.
  public var tag: String? {
    get { properties?.tag }
    set { properties = .of(tag: newValue, anchor: anchor) }
  }
  /// The anchor's name, without `&`.
  public var anchor: String? {
    get { properties?.anchor }
    set { properties = .of(tag: tag, anchor: newValue) }
  }
  /// Apart, since few nodes have any and nodes are copied often.
  private var properties: Properties?

  private final class Properties: Sendable {
    let tag: String?
    let anchor: String?

    private init(tag: String?, anchor: String?) {
      self.tag = tag
      self.anchor = anchor
    }

    /// A failing initialiser would make the object first, for every node.
    static func of(tag: String?, anchor: String?) -> Properties? {
      tag == nil && anchor == nil ? nil : Properties(tag: tag, anchor: anchor)
    }
  }

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
    /// The key, any node.
    public let key: Node
    /// The value; an empty plain scalar where none is written.
    public var value: Node
    /// Of a key that is text: what a look-up compares before it touches the key.
    let mark: KeyMark?

    package init(key: Node, value: Node) {
      self.key = key
      self.value = value
      mark = key.text.map { KeyMark($0) }
    }
  }

  /// An anchored node that aliases share.
  public final class Shared: Sendable {
    /// The anchored node.
    public let node: Node

    package init(_ node: Node) { self.node = node }
  }

  package init(_ content: Content, range: ByteRange, tag: String? = nil, anchor: String? = nil) {
    self.content = content
    self.range = range
    properties = .of(tag: tag, anchor: anchor)
  }
}

/// A scalar's decoded text, and where each part of it stands in the file.
public struct Scalar: Sendable {
  /// How the scalar is written.
  public enum Style: Sendable {
    case plain, singleQuoted, doubleQuoted, literal, folded
  }

  /// How the scalar is written.
  public var style: Style
  /// The decoded text: folded, unescaped, without indentation.
  public var text: String
  /// Which part of the file each part of the decoded text comes from, in order and without gaps in the text.
  ///
  /// Empty where the text stands in the file byte for byte: from the range's start (plain) or after the quote.
  public var segments: [Segment]

  /// A run of decoded text, up to the next segment's `textOffset`, and the bytes of the file that make it.
  ///
  /// Where both are equally long they are equal byte for byte; else the segment is one escape or one line break.
  public struct Segment: Sendable {
    /// UTF-8 offset of the run's first byte in ``Scalar/text``.
    public var textOffset: Int
    /// The bytes of the file that the run is made of.
    public var file: ByteRange

    package init(textOffset: Int, file: ByteRange) {
      self.textOffset = textOffset
      self.file = file
    }
  }

  package init(style: Style, text: String, segments: [Segment] = []) {
    self.style = style
    self.text = text
    self.segments = segments
  }
}
