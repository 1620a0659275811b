import Expressions
import SourceText

/// Reads the scalars of a workflow: `${ }` round an expression, else literal.
struct GoogleText {
  let path: String
  /// Whether somebody asks what the texts compute.
  let isAsked: Bool
  /// What a variable holds.
  let resolve: (String, SourceLocation) -> Value

  private func expression(_ node: Node) -> (text: GoogleExpression, code: ByteRange)? {
    guard isAsked, let text = node.text, text.holds("${") else { return nil }
    let path = path
    let located = LocatedText(text) { range in
      SourceLocation(path: path, range: node.fileRange(ofText: range))
    }
    let bytes = located.bytes
    guard let hole = TextHoles.find(in: bytes, opening: "${").first,
      bytes[..<hole.whole.start].allSatisfy({ $0 <= 32 }),
      bytes[hole.whole.end...].allSatisfy({ $0 <= 32 })
    else { return nil }
    return (GoogleExpression(located, resolve: resolve), hole.code)
  }

  func value(_ node: Node) -> Value {
    if let (text, code) = expression(node) { return text.value(in: code) }
    return .literal(node.text ?? "")
  }

  func condition(_ node: Node) -> Condition {
    if let (text, code) = expression(node) { return text.condition(in: code) }
    switch node.text {
    case "true", "True", "TRUE": return .constant(true)
    case "false", "False", "FALSE": return .constant(false)
    default: return .unknown([])
    }
  }

  var tree: ParameterTree { ParameterTree(path: path, isAsked: isAsked, scalar: value) }
}
