import Expressions
import SourceText

/// What the names in n8n's expressions mean: `$json`, `$('Node')`, `$input`.
///
/// A reference type: expressions are translated by closures, and each may find a name that is missing.
final class N8nNames {
  let export: N8nExport
  let file: SourceFile
  /// The links into each node's main inputs.
  let incoming: [[N8nExport.Link]]
  private let errorOutput: [Int?]
  var dangling: [Workflow.DanglingReference] = []
  private var reported: Set<ByteRange> = []
  /// Nodes that are come to on several ways, each of which brings items of its own.
  var carried: Set<Int> = []

  init(
    export: N8nExport, file: SourceFile, incoming: [[N8nExport.Link]], errorOutput: [Int?]
  ) {
    self.export = export
    self.file = file
    self.incoming = incoming
    self.errorOutput = errorOutput
  }

  func variable(of node: Int) -> Variable { Variable("node:" + export.nodes[node].name) }

  func location(_ node: Node) -> SourceLocation {
    SourceLocation(path: export.path, range: node.range)
  }

  /// The item that reaches a node: the output of one of its predecessors.
  func input(of node: Int, at location: SourceLocation, depth: Int = 0) -> Value {
    if carried.contains(node) { return .reference(Reference(given(to: node), at: location)) }
    var values: [Value] = []
    var seen: Set<Int> = []
    for link in incoming[node] {
      let key = link.from * 2 + (errorOutput[link.from] == link.output ? 1 : 0)
      guard seen.insert(key).inserted, values.count < 64 else { continue }
      values.append(items(on: link, at: location, depth: depth))
    }
    if values.isEmpty { return .reference(Reference(Variable("input"), at: location)) }
    return Value.either(of: values)
  }

  /// What is brought to a node that is come to on several ways.
  func given(to node: Int) -> Variable { Variable("node:" + export.nodes[node].name + "/given") }

  /// The items that a link hands on.
  func items(on link: N8nExport.Link, at location: SourceLocation, depth: Int = 0) -> Value {
    guard errorOutput[link.from] == link.output else {
      return .reference(Reference(variable(of: link.from), at: location))
    }
    // The error output hands on the item that the failed node was given.
    return depth < 8 ? input(of: link.from, at: location, depth: depth + 1) : .unknown([])
  }

  /// A scope for the text of `scalar`, an expression of `node`; `input` stands for the item.
  func translator(
    for node: Int, step: Int, in scalar: Node, input: Variable? = nil
  ) -> JavaScriptTranslator {
    let path = export.path
    return JavaScriptTranslator(
      scope: JavaScriptScope(
        resolve: { [self] root, links, location in
          resolve(root, links, location, node: node, step: step, input: input)
        },
        locate: { SourceLocation(path: path, range: scalar.fileRange(ofText: $0)) }))
  }

  /// Names that are given from outside, whole.
  private static let given: Set<String> = [
    "$env", "$vars", "$execution", "$workflow", "$now", "$today", "$runIndex", "$itemIndex",
    "$prevNode", "$parameter", "$secrets", "$binary", "$position", "$mode", "$self", "$nodeId",
    "$nodeVersion", "$webhookId", "$tool",
  ]

  func resolve(
    _ root: String, _ links: [JavaScriptLink], _ location: SourceLocation, node: Int, step: Int,
    input: Variable?
  ) -> JavaScriptResolution? {
    func item() -> Value {
      input.map { .reference(Reference($0, at: location)) } ?? self.input(of: node, at: location)
    }
    switch root {
    case "$json", "$data": return JavaScriptResolution(item(), used: 0)
    case "$input": return accessed(item(), links[...], used: 0)
    case "items" where input != nil:
      return JavaScriptResolution(.list([Self.wrapped(item())]), used: 0)
    case "item" where input != nil: return JavaScriptResolution(item(), used: 0)
    case "$items":
      guard case .call(let arguments)? = links.first?.form else { return nil }
      guard let name = arguments.first?.text else {
        return JavaScriptResolution(.list([Self.wrapped(item())]), used: 1)
      }
      let value = output(of: name, location, step: step)
      return JavaScriptResolution(.list([Self.wrapped(value)]), used: 1)
    case "$item":
      guard links.count > 1, case .call = links[0].form, links[1].field == "$node" else {
        return JavaScriptResolution(.unknown([]), used: links.count)
      }
      return ofNode(links.dropFirst(2), used: 2, location, step: step)
    case "$node": return ofNode(links[...], used: 0, location, step: step)
    case "$":
      guard case .call? = links.first?.form else { return nil }
      guard let name = links[0].textArgument else {
        return JavaScriptResolution(.unknown([]), used: links.count)
      }
      return accessed(
        output(of: name, location, step: step), links.dropFirst(), used: 1)
    case "$fromAI", "$evaluateExpression", "$jmespath", "$getNodeParameter":
      return JavaScriptResolution(.unknown([]), used: min(1, links.count))
    case "$getWorkflowStaticData":
      return JavaScriptResolution(
        .reference(Reference(Variable("staticData"), at: location)), used: min(1, links.count))
    default:
      guard Self.given.contains(root) else { return nil }
      return JavaScriptResolution(.reference(Reference(Variable(root), at: location)), used: 0)
    }
  }

  private static func wrapped(_ item: Value) -> Value {
    .record([.init("json", item), .init("binary", .unknown([])), .init("pairedItem", .null)])
  }

  /// The item behind `.item.json`, `.first().json` or `.all()[0].json`.
  private func accessed(
    _ item: Value, _ links: ArraySlice<JavaScriptLink>, used: Int
  ) -> JavaScriptResolution {
    guard let accessor = links.first?.field else {
      return JavaScriptResolution(Self.wrapped(item), used: used)
    }
    let isCalled: Bool
    if links.count > 1, case .call = links[links.startIndex + 1].form {
      isCalled = true
    } else {
      isCalled = false
    }
    let next = used + (isCalled ? 2 : 1)
    switch accessor {
    case "item", "first", "last", "itemMatching", "pairedItem":
      return JavaScriptResolution(Self.wrapped(item), used: next)
    case "all":
      return JavaScriptResolution(.list([Self.wrapped(item)]), used: next)
    case "json": return JavaScriptResolution(item, used: used + 1)
    default:
      return JavaScriptResolution(.unknown([]), used: used + links.count)
    }
  }

  private func ofNode(
    _ links: ArraySlice<JavaScriptLink>, used: Int, _ location: SourceLocation, step: Int
  ) -> JavaScriptResolution? {
    guard let name = links.first?.field else {
      return JavaScriptResolution(.unknown([]), used: used + links.count)
    }
    let value = output(of: name, location, step: step)
    let rest = links.dropFirst()
    switch rest.first?.field {
    case "json", "data": return JavaScriptResolution(value, used: used + 2)
    case nil: return JavaScriptResolution(Self.wrapped(value), used: used + 1)
    default: return JavaScriptResolution(.unknown([]), used: used + links.count)
    }
  }

  private func output(of name: String, _ location: SourceLocation, step: Int) -> Value {
    if let node = export.index[name] {
      return .reference(Reference(variable(of: node), at: location))
    }
    if reported.insert(location.range).inserted {
      dangling.append(
        .init(
          step: step, text: file.text(in: location.range), missing: .step, location: location))
    }
    return .unknown([])
  }
}
