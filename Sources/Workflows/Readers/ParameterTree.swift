import Expressions
import SourceText

/// Reads what a step is given, a tree of parameters whose scalars are written in the engine's expression language.
struct ParameterTree {
  let path: String
  /// Whether somebody asks what it holds, as of ``GraphBuilder/isWhole``; else nothing in it is looked at.
  var isAsked = true
  /// What one scalar computes.
  let scalar: (Node) -> Value

  /// The tree as one value.
  func value(_ node: Node) -> Value {
    guard isAsked else { return .unknown([]) }
    switch node.resolved.content {
    case .mapping:
      return .record(
        node.entries.compactMap { entry in
          entry.key.text.map { Value.Field($0, value(entry.value)) }
        })
    case .sequence(let items): return .list(items.map(value))
    case .alias: return .unknown([])
    case .scalar: return node.isNull ? .null : scalar(node)
    }
  }

  /// The tree's leaves as arguments: `with.body.prompt`, `with.tags.0`; without `with.` where the name is empty.
  ///
  /// A scalar that computes a record gives one argument for each of its fields.
  func arguments(_ name: String, _ node: Node) -> [Call.Argument] {
    var found: [Call.Argument] = []
    if isAsked { collect(name, node, into: &found) }
    return found
  }

  private func collect(_ name: String, _ node: Node, into found: inout [Call.Argument]) {
    switch node.resolved.content {
    case .mapping where !node.entries.isEmpty:
      for entry in node.entries {
        guard let key = entry.key.text else { continue }
        collect(name.isEmpty ? key : "\(name).\(key)", entry.value, into: &found)
      }
    case .sequence(let items) where !items.isEmpty:
      for (index, item) in items.enumerated() { collect("\(name).\(index)", item, into: &found) }
    default:
      Self.collect(
        name, value(node), at: SourceLocation(path: path, range: node.range), into: &found)
    }
  }

  static func leaves(
    _ name: String, _ value: Value, at location: SourceLocation
  ) -> [Call.Argument] {
    var found: [Call.Argument] = []
    collect(name, value, at: location, into: &found)
    return found
  }

  private static func collect(
    _ name: String, _ value: Value, at location: SourceLocation, into found: inout [Call.Argument]
  ) {
    switch value {
    case .record(let fields) where !fields.isEmpty:
      for field in fields {
        collect("\(name).\(field.name)", field.value, at: location, into: &found)
      }
    case .list(let values) where !values.isEmpty:
      for (index, value) in values.enumerated() {
        collect("\(name).\(index)", value, at: location, into: &found)
      }
    default:
      found.append(Call.Argument(name, value, at: location))
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
