import Expressions
import SourceText

/// Reads what a step is given, a tree of parameters whose scalars are written in the engine's expression language.
struct ParameterTree {
  let path: String
  /// What one scalar computes.
  let scalar: (Node) -> Value

  /// The tree as one value.
  func value(_ node: Node) -> Value {
    switch node.resolved.content {
    case .mapping:
      .record(
        node.entries.compactMap { entry in
          entry.key.text.map { Value.Field($0, value(entry.value)) }
        })
    case .sequence(let items): .list(items.map(value))
    case .alias: .unknown([])
    case .scalar: node.isNull ? .null : scalar(node)
    }
  }

  /// The tree's leaves as arguments: `with.body.prompt`, `with.tags.0`; without `with.` where the name is empty.
  ///
  /// A scalar that computes a record gives one argument for each of its fields.
  func arguments(_ name: String, _ node: Node) -> [Call.Argument] {
    switch node.resolved.content {
    case .mapping where !node.entries.isEmpty:
      node.entries.flatMap { entry in
        entry.key.text.map { arguments(name.isEmpty ? $0 : "\(name).\($0)", entry.value) } ?? []
      }
    case .sequence(let items) where !items.isEmpty:
      items.enumerated().flatMap { arguments("\(name).\($0)", $1) }
    default:
      Self.leaves(name, value(node), at: SourceLocation(path: path, range: node.range))
    }
  }

  static func leaves(
    _ name: String, _ value: Value, at location: SourceLocation
  ) -> [Call.Argument] {
    switch value {
    case .record(let fields) where !fields.isEmpty:
      fields.flatMap { leaves("\(name).\($0.name)", $0.value, at: location) }
    case .list(let values) where !values.isEmpty:
      values.enumerated().flatMap { leaves("\(name).\($0)", $1, at: location) }
    default:
      [Call.Argument(name, value, at: location)]
    }
  }
}

extension Node {
  /// The tree as one value, its scalars as `scalar` reads them.
  func value(depth: Int = 0, of scalar: (Node) -> Value) -> Value {
    if isNull { return .null }
    guard depth < Limits.nesting else { return .unknown([]) }
    switch resolved.content {
    case .mapping:
      return .record(
        entries.map {
          Value.Field($0.key.text ?? "", $0.value.value(depth: depth + 1, of: scalar))
        })
    case .sequence(let items):
      return .list(items.map { $0.value(depth: depth + 1, of: scalar) })
    case .alias: return .unknown([])
    case .scalar: return scalar(self)
    }
  }

  /// A scalar's text with what the engine puts into it.
  func value(with insertions: [ScriptContext.Substitution]) -> Value {
    guard let text else { return .unknown([]) }
    if insertions.isEmpty { return .literal(text) }
    let parts = TextHoles.parts(of: Array(text.utf8), around: insertions.map(\.range)) {
      insertions[$0].value
    }
    return parts.count == 1 ? parts[0] : .template(parts)
  }
}
