import SourceText

/// A definition that stands as JSON text inside another document, and the way back to the file.
struct EmbeddedDefinition {
  /// A run of the text and the scalar that it comes from.
  private struct Piece {
    var start: Int
    var node: Node
    /// The run stands in the node's text byte for byte; else the node is a function that makes it.
    var isVerbatim: Bool
  }

  private var bytes: [UInt8] = []
  private var pieces: [Piece] = []

  /// Takes plain text, `!Sub`, `Fn::Sub` and `Fn::Join`; `nil` for anything else.
  init?(_ node: Node) {
    let node = node.resolved
    if case .scalar = node.content {
      append(node)
      return
    }
    var argument = node
    var function = node.tag.map { String($0.drop { $0 == "!" }) }
    if case .mapping(let entries) = node.content, entries.count == 1 {
      guard let key = entries[0].key.text, key.hasPrefix("Fn::") else { return nil }
      function = String(key.dropFirst(4))
      argument = entries[0].value.resolved
    }
    switch function {
    case "Sub":
      append(argument.text == nil ? argument.items.first ?? argument : argument)
    case "Join":
      guard argument.items.count == 2 else { return nil }
      let separator = argument.items[0]
      for (index, part) in argument.items[1].items.enumerated() {
        if index > 0, separator.text?.isEmpty == false { append(separator) }
        append(part)
      }
    default:
      return nil
    }
    guard !bytes.isEmpty else { return nil }
  }

  private mutating func append(_ node: Node) {
    let function = node.tag == "!Sub" ? nil : CloudFormationText.text(of: node)
    pieces.append(Piece(start: bytes.count, node: node, isVerbatim: function == nil))
    bytes += Array((function ?? node.text ?? "").utf8)
  }

  /// The definition with every range in the file.
  func read(path: String) -> (root: Node, problems: [SourceProblem]) {
    let tree = JSONReader.read(SourceFile(path: path, bytes: bytes))
    let problems = tree.problems.map { problem in
      var problem = problem
      problem.range = fileRange(problem.range)
      return problem
    }
    let empty = Node(.mapping([]), range: fileRange(ByteRange(0, bytes.count)))
    return (tree.documents.first.map(relocated) ?? empty, problems)
  }

  private func fileOffset(_ offset: Int, asEnd: Bool) -> Int {
    var low = 0
    var high = pieces.count
    while high - low > 1 {
      let middle = (low + high) / 2
      let starts = pieces[middle].start
      if starts < offset || (starts == offset && !asEnd) { low = middle } else { high = middle }
    }
    let piece = pieces[low]
    guard piece.isVerbatim else {
      return asEnd ? piece.node.range.end : piece.node.range.start
    }
    let inner = offset - piece.start
    let range =
      asEnd
      ? piece.node.fileRange(ofText: ByteRange(max(inner - 1, 0), inner))
      : piece.node.fileRange(ofText: ByteRange(inner, inner + 1))
    return asEnd ? range.end : range.start
  }

  private func fileRange(_ range: ByteRange) -> ByteRange {
    let start = fileOffset(range.start, asEnd: false)
    guard range.end > range.start else { return ByteRange(start, start) }
    return ByteRange(start, max(start, fileOffset(range.end, asEnd: true)))
  }

  private func relocated(_ node: Node) -> Node {
    var copy = node
    copy.range = fileRange(node.range)
    switch node.content {
    case .scalar(var scalar):
      scalar.segments = segments(of: scalar, in: node)
      copy.content = .scalar(scalar)
    case .sequence(let items):
      copy.content = .sequence(items.map(relocated))
    case .mapping(let entries):
      copy.content = .mapping(
        entries.map { Node.Entry(key: relocated($0.key), value: relocated($0.value)) })
    case .alias:
      break
    }
    return copy
  }

  /// The way from a scalar's text through the embedded text to the file.
  private func segments(of scalar: Scalar, in node: Node) -> [Scalar.Segment] {
    var segments: [Scalar.Segment] = []
    var offset = 0
    for character in scalar.text.unicodeScalars {
      let length = UTF8.width(character)
      let place = fileRange(node.fileRange(ofText: ByteRange(offset, offset + length)))
      if let last = segments.last, last.file.end == place.start,
        last.file.count == offset - last.textOffset, place.count == length
      {
        segments[segments.count - 1].file.end = place.end
      } else {
        segments.append(Scalar.Segment(textOffset: offset, file: place))
      }
      offset += length
    }
    return segments
  }
}
