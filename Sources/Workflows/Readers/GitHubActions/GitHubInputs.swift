import Expressions
import SourceText

/// The inputs of an included action or workflow: what the caller gives, else the default.
struct GitHubInputs {
  let declared: Node?
  let given: Node?

  /// Gives the inputs their values.
  ///
  /// A computed value is evaluated once, where the caller stands: a step that assigns it is added after `entry`.
  func bind(
    in outer: GitHubScope, inner: GitHubScope, name: String, route: String, from entry: [LooseEnd],
    draft: inout GitHubDraft
  ) -> (values: [String: Value], start: [LooseEnd]) {
    var values: [String: Value] = [:]
    var assignments: [Step.Assignment] = []
    for entry in declared?.entries ?? [] {
      guard let key = entry.key.text else { continue }
      let fallback = entry.value["default"]
      values[key.lowercased()] =
        fallback.map { GitHubText(scope: inner).value(of: $0, in: &draft) } ?? .literal("")
    }
    for entry in given?.entries ?? [] {
      guard let key = entry.key.text else { continue }
      let value = GitHubText(scope: outer).value(of: entry.value, in: &draft)
      switch value {
      case .literal, .null, .reference:
        values[key.lowercased()] = value
      default:
        let variable = Variable("\(inner.prefix)inputs.\(key.lowercased())")
        let location = outer.location(entry.value.range)
        assignments.append(Step.Assignment(variable, value: value, at: location))
        values[key.lowercased()] = .reference(Reference(variable, at: location))
      }
    }
    guard let first = assignments.first else { return (values, entry) }
    let step = draft.add(
      Step(
        name: name, route: route, kind: .control, assignments: assignments,
        location: first.location), from: entry)
    return (values, [LooseEnd(step)])
  }
}
