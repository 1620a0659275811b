/// Reads Markdown that begins with YAML between two lines of `---`.
///
/// The document is a mapping with the tag `!front-matter` and two keys: `front-matter` holds the YAML, `body` the text
/// below it. Markdown without front matter has no document, and no problem.
public enum FrontMatterReader {
  /// The tag of the document's node.
  package static let tag = "!front-matter"

  /// Reads a file; what is damaged in the YAML becomes a problem.
  public static func read(_ file: SourceFile) -> SourceTree {
    let empty = SourceTree(documents: [], comments: [], problems: [])
    guard let close = closingLine(of: file) else { return empty }
    // The first line is a document's beginning in YAML, too: places stay what they are.
    let head = SourceFile(path: file.path, bytes: Array(file.bytes[..<close.start]))
    var tree = YAMLReader.read(head)
    guard let root = tree.documents.first, case .mapping = root.content else { return empty }
    let body = ByteRange(close.end, file.bytes.count)
    let text = Scalar(style: .plain, text: file.text(in: body))
    let entries = [
      Node.Entry(key: key("front-matter", at: root.range.start), value: root),
      Node.Entry(
        key: key("body", at: body.start), value: Node(.scalar(text), range: body)),
    ]
    tree.documents = [
      Node(
        .mapping(entries), range: ByteRange(root.range.start, body.end), tag: Self.tag)
    ]
    return tree
  }

  private static func key(_ text: String, at offset: Int) -> Node {
    Node(.scalar(Scalar(style: .plain, text: text)), range: ByteRange(offset, offset))
  }

  /// The line of `---` that ends the front matter, with its line end.
  private static func closingLine(of file: SourceFile) -> ByteRange? {
    guard isFence(file, 1) else { return nil }
    for line in 1..<max(1, file.lineStarts.count) where isFence(file, line + 1) {
      let end =
        line + 1 < file.lineStarts.count ? file.lineStarts[line + 1] : file.bytes.count
      return ByteRange(file.lineStarts[line], end)
    }
    return nil
  }

  private static func isFence(_ file: SourceFile, _ line: Int) -> Bool {
    guard let range = file.range(ofLine: line), range.count >= 3, range.count < 80 else {
      return false
    }
    let bytes = file.bytes[range.start..<range.end]
    return bytes.prefix(3).allSatisfy { $0 == Byte.minus }
      && bytes.dropFirst(3).allSatisfy(Byte.isBlank)
  }
}
