/// A node of a YAML or JSON document; its place is kept, and so is everything a linter may quote.
///
/// Four words, which are handed around in registers; most nodes are short texts, and own no memory at all.
public struct Node: Sendable {
  /// What stands here.
  public var content: Content {
    get { body?.content ?? .scalar(Scalar(style: place.style, text: plainText)) }
    set { self = Node(newValue, range: range, properties: body?.properties) }
  }
  /// The node's own text: from the first byte after anchor and tag to its last significant byte.
  public var range: ByteRange {
    get { place.range }
    set { place = Place(newValue, place.style) }
  }
  /// The tag as written (`!Ref`, `!!str`), `nil` where none is.
  public var tag: String? {
    get { body?.properties?.tag }
    set { self = Node(content, range: range, properties: .of(tag: newValue, anchor: anchor)) }
  }
  /// The anchor's name, without `&`.
  public var anchor: String? {
    get { body?.properties?.anchor }
    set { self = Node(content, range: range, properties: .of(tag: tag, anchor: newValue)) }
  }
  /// The text of a scalar that has no body.
  let plainText: String
  /// Of everything but scalars that stand in the file byte for byte, without tag and anchor.
  let body: Body?
  private var place: Place

  /// What does not fit into a node itself; it never changes.
  final class Body: Sendable {
    let content: Content
    /// Apart, since few nodes have any.
    let properties: Properties?

    init(_ content: consuming Content, _ properties: Properties?) {
      self.content = content
      self.properties = properties
    }
  }

  /// Where a node stands, and how it is written if it is a scalar: files are far smaller than 512 MiB.
  private struct Place: Sendable {
    private var start: UInt32
    private var endAndStyle: UInt32
    private static let styleShift: UInt32 = 29

    init(_ range: ByteRange, _ style: Scalar.Style) {
      start = UInt32(clamping: range.start)
      let end = min(UInt32(clamping: range.end), 1 << Self.styleShift - 1)
      endAndStyle = end | UInt32(style.rawValue) << Self.styleShift
    }

    var range: ByteRange {
      ByteRange(Int(start), Int(endAndStyle & (1 << Self.styleShift - 1)))
    }

    var style: Scalar.Style {
      Scalar.Style(rawValue: UInt8(endAndStyle >> Self.styleShift)) ?? .plain
    }
  }

  /// Tag and anchor.
  final class Properties: Sendable {
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
      mark = key.mark
    }
  }

  /// An anchored node that aliases share.
  public final class Shared: Sendable {
    /// The anchored node.
    public let node: Node

    package init(_ node: Node) { self.node = node }
  }

  package init(_ content: Content, range: ByteRange, tag: String? = nil, anchor: String? = nil) {
    self.init(content, range: range, properties: .of(tag: tag, anchor: anchor))
  }

  private init(_ content: Content, range: ByteRange, properties: Properties?) {
    guard case .scalar(let scalar) = content else {
      self.init(body: Body(content, properties), place: Place(range, .plain))
      return
    }
    if properties == nil, scalar.segments.isEmpty {
      self.init(text: scalar.text, style: scalar.style, range: range)
    } else {
      self.init(body: Body(content, properties), place: Place(range, scalar.style))
    }
  }

  private init(body: Body, place: Place) {
    plainText = ""
    self.body = body
    self.place = place
  }

  /// A scalar that stands in the file byte for byte.
  init(text: String, style: Scalar.Style, range: ByteRange) {
    plainText = text
    body = nil
    place = Place(range, style)
  }

  /// The style of a scalar.
  var style: Scalar.Style { place.style }

  /// Of a node that is text: its mark as a key.
  fileprivate var mark: KeyMark? { body == nil ? KeyMark(plainText) : text.map { KeyMark($0) } }
}

/// A scalar's decoded text, and where each part of it stands in the file.
public struct Scalar: Sendable {
  /// How the scalar is written.
  public enum Style: UInt8, Sendable {
    case plain, singleQuoted, doubleQuoted, literal, folded
  }

  /// The decoded text: folded, unescaped, without indentation.
  public var text: String
  /// Which part of the file each part of the decoded text comes from, in order and without gaps in the text.
  ///
  /// Empty where the text stands in the file byte for byte: from the range's start (plain) or after the quote.
  public var segments: [Segment]
  /// How the scalar is written.
  public var style: Style

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
