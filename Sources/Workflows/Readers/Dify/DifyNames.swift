import Expressions
import SourceText

/// What selectors (`[node, field]`) and `{{#node.field#}}` mean.
///
/// A reference type: texts are translated by closures, and each may name a node that is missing.
final class DifyNames {
  let app: DifyApp
  let path: String
  /// Constants of the app, so that addresses can be known.
  private var environment: [String: Value] = [:]
  private(set) var dangling: [Workflow.DanglingReference] = []
  private var reported: Set<ByteRange> = []
  private var depth = 0
  private var templates: [String: Value?] = [:]

  init(_ app: DifyApp, path: String) {
    self.app = app
    self.path = path
    for item in app.root["workflow"]?["environment_variables"]?.items ?? [] {
      guard let name = item["name"]?.text, item["value_type"]?.text != "secret",
        let value = item["value"]?.text
      else { continue }
      environment[name] = .literal(value)
    }
  }

  static func variable(of id: String) -> Variable { Variable("node:" + id) }

  func location(_ node: Node) -> SourceLocation {
    SourceLocation(path: path, range: node.range)
  }

  /// Names that are no node's.
  private static let given: Set<String> = ["sys", "env", "conversation", "rag"]

  /// What a selector stands for.
  func value(of parts: [String], at place: SourceLocation, step: Int) -> Value {
    guard let head = parts.first else { return .null }
    let fields = parts.dropFirst().map { PathComponent.field($0) }
    if head == "env", parts.count == 2, let constant = environment[parts[1]] { return constant }
    if Self.given.contains(head) {
      return .reference(Reference(Variable(head), path: fields, at: place))
    }
    guard app.index[head] != nil else {
      // `context` and the like stand alone; a node's field has a node before it.
      if parts.count > 1, !head.isEmpty, head.allSatisfy(\.isNumber),
        reported.insert(place.range).inserted
      {
        dangling.append(
          .init(
            step: step, text: parts.joined(separator: "."), missing: .step, location: place))
      }
      return .unknown([])
    }
    if let index = app.index[head], app.nodes[index].kind == "template-transform",
      parts.dropFirst() == ["output"], let text = spelled(app.nodes[index], at: place, step: step)
    {
      return text
    }
    return .reference(Reference(Self.variable(of: head), path: Array(fields), at: place))
  }

  /// What a template of nothing but words says, so that they are seen where they are shown; one that reads data stays
  /// behind its variable, as what was proven when it was written.
  private func spelled(_ node: DifyNode, at place: SourceLocation, step: Int) -> Value? {
    if let known = templates[node.id] { return known }
    guard depth < 2 else { return nil }
    depth += 1
    defer { depth -= 1 }
    let value = rendered(node, step: step)
    let isFixed = value.references.isEmpty && !value.isLarge
    templates[node.id] = .some(isFixed ? value : nil)
    return isFixed ? value : nil
  }

  /// What a template node puts out.
  func rendered(_ node: DifyNode, step: Int) -> Value {
    guard let template = node.data["template"], let text = template.text else {
      return .literal("")
    }
    let given = arguments(of: node, step: step)
    let path = path
    let translator = FormulaTranslator(
      .jinja, locate: { SourceLocation(path: path, range: template.fileRange(ofText: $0)) },
      resolve: { name, _ in given[name] })
    return FormulaTemplate.value(Array(text.utf8), with: translator)
  }

  /// The variables that a template or a piece of code is given.
  func arguments(of node: DifyNode, step: Int) -> [String: Value] {
    var given: [String: Value] = [:]
    for item in node.data["variables"]?.items ?? [] {
      guard let name = item["variable"]?.text else { continue }
      given[name] = value(ofSelector: item["value_selector"], step: step)
    }
    return given
  }

  /// A selector written as a list.
  func value(ofSelector node: Node?, step: Int) -> Value {
    guard let node else { return .null }
    let parts = node.items.compactMap(\.text)
    guard !parts.isEmpty else { return .null }
    return value(of: parts, at: location(node), step: step)
  }

  /// A text with `{{#node.field#}}` in it.
  func text(_ node: Node?, step: Int) -> Value {
    guard let node else { return .null }
    switch node.resolved.content {
    case .sequence(let items): return .list(items.map { text($0, step: step) })
    case .mapping:
      return .record(
        node.entries.compactMap { entry in
          entry.key.text.map { .init($0, text(entry.value, step: step)) }
        })
    case .alias: return .null
    case .scalar(let scalar):
      if node.isNull { return .null }
      return text(Array(scalar.text.utf8), of: node, step: step)
    }
  }

  private func text(_ bytes: [UInt8], of node: Node, step: Int) -> Value {
    let holes = Self.holes(bytes)
    if holes.isEmpty { return .literal(String(decoding: bytes, as: UTF8.self)) }
    let parts = TextHoles.parts(of: bytes, around: holes) { index in
      let hole = holes[index]
      let name = String(decoding: bytes[(hole.start + 3)..<(hole.end - 3)], as: UTF8.self)
      let place = SourceLocation(path: path, range: node.fileRange(ofText: hole))
      return value(of: name.parts(by: ".").map(String.init), at: place, step: step)
    }
    if parts.count == 1 { return parts[0] }
    return .template(parts.map { if case .literal = $0 { $0 } else { .text($0, null: "") } })
  }

  /// Each `{{#…#}}` in a text.
  private static func holes(_ bytes: [UInt8]) -> [ByteRange] {
    let open = Array("{{#".utf8)
    let close = Array("#}}".utf8)
    var holes: [ByteRange] = []
    var index = 0
    while index + 6 <= bytes.count {
      guard bytes[index] == open[0], bytes[index...].starts(with: open) else {
        index += 1
        continue
      }
      var end = index + 3
      while end + 3 <= bytes.count, bytes[end] > 32, !bytes[end...].starts(with: close) { end += 1 }
      if end + 3 <= bytes.count, bytes[end...].starts(with: close) {
        holes.append(ByteRange(index, end + 3))
        index = end + 3
      } else {
        index += 3
      }
    }
    return holes
  }
}
