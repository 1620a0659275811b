import Expressions
import SourceText

/// Reads the scalars of a definition: `@` expressions, and ARM's `[ ]` round them.
struct LogicAppText {
  let path: String
  /// Whether somebody asks what the texts compute.
  let isAsked: Bool
  /// What a function of the workflow gives.
  let resolve: (String, [String], SourceLocation) -> Value?
  /// The parameters of the ARM template.
  let template: Node?

  private func located(_ node: Node) -> LocatedText {
    let path = path
    return LocatedText(node.text ?? "") { range in
      SourceLocation(path: path, range: node.fileRange(ofText: range))
    }
  }

  func value(_ node: Node) -> Value {
    guard isAsked else { return .unknown([]) }
    if node.isNull { return .null }
    let text = located(node)
    if let computed = templateValue(text) { return computed }
    return AzureExpression(text, resolve: resolve).value
  }

  /// What an ARM expression makes of a field before the workflow is there.
  private func templateValue(_ text: LocatedText) -> Value? {
    let bytes = text.bytes
    guard template != nil, bytes.first == UInt8(ascii: "["), bytes.last == UInt8(ascii: "]"),
      bytes.count > 2, bytes[1] != UInt8(ascii: "[")
    else { return nil }
    let parameters = template
    let code = LocatedText(
      bytes: [UInt8(ascii: "@")] + bytes[1..<(bytes.count - 1)], locate: text.locate)
    return AzureExpression(code) { name, arguments, _ in
      switch name {
      case "parameters":
        let fallback = arguments.first.flatMap { parameters?[$0]?["defaultValue"]?.text }
        return fallback.map { .literal($0) } ?? .unknown([])
      case "variables", "reference", "resourceid", "resourcegroup", "subscription", "listkeys":
        return .unknown([])
      default: return nil
      }
    }.value
  }

  var tree: ParameterTree { ParameterTree(path: path, isAsked: isAsked, scalar: value) }

  /// What an action's expression decides: one text, or a tree of named tests.
  func condition(_ node: Node) -> Condition {
    guard isAsked else { return .unknown([]) }
    guard node.text == nil else {
      return AzureExpression(located(node), resolve: resolve).condition
    }
    return operand(node, depth: 0).asCondition
  }

  private func operand(_ node: Node, depth: Int) -> AzureOperand {
    let location = SourceLocation(path: path, range: node.range)
    guard depth < Limits.nesting, let test = node.entries.first, let name = test.key.text,
      node.entries.count == 1
    else {
      let isCall = node.text.map { $0.hasPrefix("@") && $0.hasSuffix(")") } ?? false
      return AzureOperand(
        value: tree.value(node), isWholeDocument: isCall, location: location)
    }
    let given = test.value.items.isEmpty ? [test.value] : test.value.items
    let operands = given.map { operand($0, depth: depth + 1) }
    guard let condition = AzureOperand.test(name, operands, at: location) else {
      return AzureOperand(
        value: .unknown(operands.flatMap(\.value.references)), location: location)
    }
    return AzureOperand(
      value: .conditional(condition, .literal("true"), .literal("false")), location: location)
  }
}
