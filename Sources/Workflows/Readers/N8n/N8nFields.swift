import Expressions
import SourceText

/// Set (Edit Fields) nodes of all versions.
struct N8nFields {
  let node: N8nNode
  let text: N8nText
  let names: N8nNames
  let index: Int

  /// What the node writes into its output.
  func assignments(passing passes: Step.Assignment) -> [Step.Assignment] {
    var assignments = [passes]
    if !keepsInput { assignments[0].value = .record([]) }
    let variable = passes.variable
    if node.text("mode") == "raw" {
      let place = node.parameter("jsonOutput") ?? node.place
      let value = text.json(node.parameter("jsonOutput"))
      guard case .record(let fields) = value else {
        assignments.append(
          Step.Assignment(variable, value: value, at: names.location(place)))
        return keepsInput ? assignments : [assignments[1]]
      }
      for field in fields {
        assignments.append(
          Step.Assignment(
            variable, path: [.field(field.name)], value: field.value, at: names.location(place)))
      }
      return assignments
    }
    for (name, value) in fields {
      assignments.append(
        Step.Assignment(
          variable, path: path(name), value: text.value(value), at: names.location(value)))
    }
    return assignments
  }

  private var keepsInput: Bool {
    if node.version < 3 { return node.text("keepOnlySet") != "true" }
    if let others = node.text("includeOtherFields") { return others == "true" }
    return node.version < 3.3 && node.text("include") != "none"
  }

  private func path(_ name: String) -> [PathComponent] {
    if node.text("options", "dotNotation") == "false" { return [.field(name)] }
    return name.parts(by: ".").map { .field(String($0)) }
  }

  private var fields: [(name: String, value: Node)] {
    var fields: [(name: String, value: Node)] = []
    for item in node.parameter("assignments", "assignments")?.items ?? [] {
      if let name = item["name"]?.text, let value = item["value"] { fields.append((name, value)) }
    }
    for item in node.parameter("fields", "values")?.items ?? [] {
      guard let name = item["name"]?.text else { continue }
      let type = item["type"]?.text ?? "stringValue"
      if let value = item[type] ?? item["stringValue"] { fields.append((name, value)) }
    }
    for type in ["string", "number", "boolean"] {
      for item in node.parameter("values", type)?.items ?? [] {
        if let name = item["name"]?.text, let value = item["value"] {
          fields.append((name, value))
        }
      }
    }
    return fields
  }
}
