import SourceText

/// A JSON text written in an expression: `fromJSON('["a", "b"]')`.
enum GitHubJSONText {
  static func value(of text: String) -> Value {
    let tree = JSONReader.read(SourceFile(path: "", bytes: Array(text.utf8)))
    guard tree.problems.isEmpty, let root = tree.documents.first else { return .literal(text) }
    return value(of: root, depth: 0)
  }

  private static func value(of node: Node, depth: Int) -> Value {
    guard depth < Limits.nesting else { return .unknown([]) }
    if node.isNull { return .null }
    switch node.resolved.content {
    case .scalar(let scalar): return .literal(scalar.text)
    case .sequence(let items): return .list(items.map { value(of: $0, depth: depth + 1) })
    case .mapping(let entries):
      return .record(
        entries.map {
          Value.Field($0.key.text ?? "", value(of: $0.value, depth: depth + 1))
        })
    case .alias: return .unknown([])
    }
  }
}
