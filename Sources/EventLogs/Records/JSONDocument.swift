/// One JSON value as a flat tree, with the place of every part; what is damaged is left out and noted.
///
/// For logs that are one document, or a deep object on a line: the scanner reads what is flat.
package final class JSONDocument: Sendable {
  /// The longest document that is held in memory.
  package static let largest = 64 << 20
  static let deepest = 128

  package let bytes: [UInt8]
  let nodes: [Node]
  /// Where damage begins and where reading went on, in bytes of the document.
  package let damage: [Range<Int>]
  /// The text ends inside the value.
  package let isCut: Bool
  /// After the value's last byte.
  package let end: Int
  private let lineStarts: [Int32]

  struct Node: Sendable {
    var kind: Kind
    /// Something inside was left out.
    var isPartial = false
    var start: Int32
    var end: Int32 = 0
    /// The key's text without its quotes; empty for elements.
    var keyStart: Int32 = 0
    var keyEnd: Int32 = 0
    /// The node after this one's last descendant.
    var next: Int32 = 0
  }

  package enum Kind: UInt8, Sendable { case null, yes, no, number, text, object, list }

  /// Reads the first value in the bytes; `nil` where none begins.
  package init?(_ bytes: [UInt8]) {
    var parser = JSONDocumentParser(bytes.count)
    parser.read(bytes.span)
    if parser.nodes.isEmpty { return nil }
    self.bytes = bytes
    nodes = parser.nodes
    damage = parser.damage
    isCut = parser.isCut
    end = parser.position
    var starts: [Int32] = [0]
    var position = 0
    let count = bytes.count
    while true {
      position = ByteSearch.first(0x0A, in: bytes.span, from: position, to: count) + 1
      if position > count { break }
      starts.append(Int32(position))
    }
    lineStarts = starts
  }

  package var root: JSONItem { JSONItem(document: self, index: 0) }

  /// How many lines begin before an offset, from 0.
  package func line(at offset: Int) -> Int {
    var low = 0
    var high = lineStarts.count
    while high - low > 1 {
      let middle = (low + high) / 2
      if lineStarts[middle] <= Int32(offset) { low = middle } else { high = middle }
    }
    return low
  }
}

/// A value inside a document.
package struct JSONItem: Sendable {
  package let document: JSONDocument
  let index: Int

  private var node: JSONDocument.Node { document.nodes[index] }
  package var kind: JSONDocument.Kind { node.kind }
  package var isPartial: Bool { node.isPartial }
  package var isNull: Bool { kind == .null }
  package var isObject: Bool { kind == .object }
  package var isList: Bool { kind == .list }
  /// In bytes of the document.
  package var range: Range<Int> { Int(node.start)..<Int(node.end) }
  package var source: ArraySlice<UInt8> { document.bytes[range] }
  /// The first of equal keys' names, unescaped.
  package var key: String {
    let bytes = document.bytes
    let unescaped = JSONBytes.unescape(bytes.span, Int(node.keyStart), Int(node.keyEnd))
    return String(decoding: unescaped, as: UTF8.self)
  }

  /// A text, unescaped; `nil` for anything else.
  package var text: String? {
    kind == .text ? String(decoding: textBytes, as: UTF8.self) : nil
  }

  /// A text, or a number or boolean as it is written; `nil` for null, lists and objects.
  package var scalar: String? {
    switch kind {
    case .text: text
    case .number, .yes, .no: String(decoding: source, as: UTF8.self)
    case .null, .object, .list: nil
    }
  }

  package var textBytes: [UInt8] {
    let bytes = document.bytes
    return JSONBytes.unescape(bytes.span, Int(node.start) + 1, Int(node.end) - 1)
  }

  /// Elements of a list or members of an object.
  package var children: [JSONItem] {
    guard kind == .object || kind == .list else { return [] }
    var children: [JSONItem] = []
    var child = index + 1
    let end = Int(node.next)
    while child < end {
      children.append(JSONItem(document: document, index: child))
      child = Int(document.nodes[child].next)
    }
    return children
  }

  package var items: [JSONItem] { isList ? children : [] }
  package var members: [JSONItem] { isObject ? children : [] }

  /// The last member of this name, as duplicate keys are read everywhere.
  package subscript(name: StaticString) -> JSONItem? {
    // The literal's own bytes.
    let count = name.utf8CodeUnitCount
    let literal = unsafe UnsafeBufferPointer(start: name.utf8Start, count: count)
    guard kind == .object else { return nil }
    let bytes = document.bytes
    var child = index + 1
    let end = Int(node.next)
    var found: JSONItem?
    next: while child < end {
      let node = document.nodes[child]
      let here = child
      child = Int(node.next)
      guard Int(node.keyEnd - node.keyStart) == count else { continue }
      for index in 0..<count {
        if unsafe literal[index] != bytes[Int(node.keyStart) + index] { continue next }
      }
      found = JSONItem(document: document, index: here)
    }
    return found
  }

  /// The first of these members that is there.
  package func first(_ names: StaticString...) -> JSONItem? {
    for name in names {
      if let found = self[name], !found.isNull { return found }
    }
    return nil
  }

  /// The member of a name that is known only at run time.
  package func member(named name: String) -> JSONItem? { members.last { $0.key == name } }

  /// The JSON value that a text holds, where it holds an object or a list; an object or a list stands for itself.
  package var unwrapped: JSONItem? {
    if isObject || isList { return self }
    guard kind == .text else { return nil }
    let bytes = textBytes
    guard let first = bytes.first(where: { ![0x20, 0x09, 0x0A, 0x0D].contains($0) }),
      first == 0x7B || first == 0x5B, let inner = JSONDocument(bytes), !inner.isCut,
      inner.damage.isEmpty
    else { return nil }
    return inner.root
  }
}
