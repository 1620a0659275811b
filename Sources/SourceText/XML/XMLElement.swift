/// An element of an XML document, as a view of its node.
///
/// In the tree an element is a mapping whose tag is `{namespace}name`. Its entries stand in file order: `@name` (or
/// `@{namespace}name`) for an attribute, `<name>` for a child, `#text` for a run of text without the white space
/// around it.
public struct XMLElement: Sendable {
  /// The element's node.
  public let node: Node
  /// The namespace, empty for none.
  public var namespace: String {
    String(Substring(tag.utf8.dropFirst().dropLast(name.utf8.count + 1)))
  }
  /// The name without a prefix.
  public let name: String
  private let tag: String

  /// The element that `node` is, `nil` for anything but an element of XML.
  public init?(_ node: Node) {
    guard let tag = node.tag, tag.utf8.first == Byte.openBrace,
      let name = tag.after(first: "}")
    else { return nil }
    self.node = node
    self.tag = tag
    self.name = String(name)
  }

  /// The value of an attribute that has no prefix.
  public func attribute(_ name: String) -> Node? { node["@" + name] }

  /// The value of an attribute in a namespace.
  public func attribute(_ name: String, in namespace: String) -> Node? {
    node["@{\(namespace)}\(name)"]
  }

  /// The child elements in file order.
  public var children: [XMLElement] {
    guard case .mapping(let own)? = node.body?.content else { return [] }
    let entries = own.span
    var children: [XMLElement] = []
    for index in entries.indices {
      // Attributes and text have no tag, and most entries are attributes.
      guard entries[index].value.body?.properties != nil else { continue }
      if let child = XMLElement(entries[index].value) { children.append(child) }
    }
    return children
  }

  /// The children of one name, whatever their namespace.
  public func children(named name: String) -> [XMLElement] {
    guard case .mapping(let own)? = node.body?.content else { return [] }
    let entries = own.span
    var children: [XMLElement] = []
    for index in entries.indices where Self.isElement(entries[index].value, named: name) {
      if let child = XMLElement(entries[index].value) { children.append(child) }
    }
    return children
  }

  /// The first child of one name, whatever its namespace.
  public func child(_ name: String) -> XMLElement? {
    guard case .mapping(let own)? = node.body?.content else { return nil }
    let entries = own.span
    for index in entries.indices where Self.isElement(entries[index].value, named: name) {
      return XMLElement(entries[index].value)
    }
    return nil
  }

  /// Whether a node is an element of a name; its tag ends with it.
  private static func isElement(_ node: Node, named name: String) -> Bool {
    guard let tag = node.body?.properties?.tag?.utf8, tag.count > name.utf8.count,
      tag.first == Byte.openBrace
    else { return false }
    let start = tag.index(tag.endIndex, offsetBy: -name.utf8.count)
    return tag[tag.index(before: start)] == Byte.closeBrace
      && tag[start...].elementsEqual(name.utf8)
  }

  /// The element's first run of text, `nil` where only white space stands.
  public var text: Node? { node["#text"] }

  /// From `<` to the end of the element's name: where people look for it.
  public var place: ByteRange {
    // The tag's own name may have a prefix, and its length is kept as the key that stands before all entries.
    guard case .mapping(let entries) = node.content, let head = entries.first,
      head.key.isScalar(reading: Self.headKey)
    else { return node.range }
    return head.value.range
  }

  /// The key under which a tree keeps the place of an element's opening tag.
  static let headKey = "<"
}
