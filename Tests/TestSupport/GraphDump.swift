package import Expressions
package import Workflows

/// A workflow's graph as text, one line a fact, for tests to compare.
///
/// Everything an analysis may rely on is there, except places: they have tests of their own.
package struct GraphDump: CustomStringConvertible {
  private let workflow: Workflow

  package init(_ workflow: Workflow) { self.workflow = workflow }

  package var description: String {
    var lines: [String] = []
    if workflow.entry != 0 { lines.append("entry \(workflow.entry)") }
    for (index, step) in workflow.steps.enumerated() {
      lines.append(Self.head(step, index))
      lines += Self.body(step).map { "   \($0)" }
      lines += workflow.edges.filter { $0.from == index }.map { "   \(Self.text($0))" }
    }
    lines += workflow.returns.map { returned in
      let name = returned.name.isEmpty ? "" : " \(returned.name)"
      return "return\(name) at \(returned.step): \(ValueDump.text(returned.value))"
    }
    lines += workflow.triggers.map { "trigger \($0.name)" }
    lines += workflow.danglingReferences.map { "dangling \($0.text) at \($0.step): \($0.missing)" }
    lines += workflow.gaps.map { "gap \($0.message)" }
    return lines.joined(separator: "\n")
  }

  private static func head(_ step: Step, _ index: Int) -> String {
    let part = step.part == 0 ? "" : "/\(step.part)"
    return "\(index) \(step.kind)\(step.joinsAll ? " all" : "") `\(step.name)` \(step.route)\(part)"
  }

  private static func body(_ step: Step) -> [String] {
    var lines: [String] = []
    if let call = step.call {
      lines.append("call \(call.kind) \(call.name)\(call.phase == .post ? " (post)" : "")")
      lines += call.arguments.map { "  \($0.name) = \(ValueDump.text($0.value))" }
      if let http = call.http {
        let body = http.body.map { " " + ValueDump.text($0) } ?? ""
        let fails = http.failsOnErrorStatus ? "" : " whatever the status"
        lines.append("  \(http.method) \(ValueDump.text(http.url))\(body)\(fails)")
      }
    }
    lines += step.assignments.map { assignment in
      let place = assignment.variable.name + ValueDump.text(assignment.path)
      return "\(place) \(assignment.appends ? "+=" : ":=") \(ValueDump.text(assignment.value))"
    }
    lines += step.decisions.enumerated().map { "?\($0) \(ValueDump.text($1.condition))" }
    if let retry = step.retry {
      let attempts = retry.attempts.map(String.init) ?? "?"
      lines.append("retry \(attempts) on [\(retry.on.joined(separator: ", "))]")
    }
    return lines
  }

  private static func text(_ edge: Edge) -> String {
    let outcome = edge.outcome == .success ? "" : " \(edge.outcome)"
    let guards = edge.guards.map { ($0.holds ? "?" : "!") + String($0.decision) }
    return "-> \(edge.to)\(outcome)\(guards.isEmpty ? "" : " if " + guards.joined(separator: " "))"
  }
}

/// Values and conditions as text, for tests to compare.
package enum ValueDump {
  package static func text(_ value: Value) -> String {
    switch value {
    case .literal(let text): "\"\(text)\""
    case .null: "null"
    case .reference(let reference): text(reference)
    case .result(let path): "result\(text(path))"
    case .record(let fields):
      "{\(fields.map { "\($0.name): \(text($0.value))" }.joined(separator: ", "))}"
    case .list(let values): "[\(joined(values, ", "))]"
    case .template(let parts): "template(\(joined(parts, ", ")))"
    case .selection(let inner, let path): "(\(text(inner)))\(text(path))"
    case .text(let inner, let null): "text(\(text(inner)), null: \"\(null)\")"
    case .fallback(let first, let second): "(\(text(first)) ?? \(text(second)))"
    case .conditional(_, let first, _) where value.standIn != nil:
      "(\(text(first)) || \(text(value.standIn ?? .null)))"
    case .conditional(let condition, let first, let second):
      "(\(text(condition)) ? \(text(first)) : \(text(second)))"
    case .either(let values): "either(\(joined(values, ", ")))"
    case .length(let inner): "length(\(text(inner)))"
    case .converted(let name, let inner): "\(name)(\(text(inner)))"
    case .unknown(let references): "unknown(\(references.map(text).joined(separator: ", ")))"
    }
  }

  package static func text(_ condition: Condition) -> String {
    switch condition {
    case .constant(let holds): "\(holds)"
    case .all(let parts): "(\(parts.map(text).joined(separator: " and ")))"
    case .any(let parts): "(\(parts.map(text).joined(separator: " or ")))"
    case .not(let inner): "not \(text(inner))"
    case .test(let test): text(test)
    case .every(let list, let inner): "every \(text(list)) has \(text(inner))"
    case .some(let list, let inner): "some \(text(list)) has \(text(inner))"
    case .outcome(let outcome, let steps, let written):
      "\(written ? "written " : "")\(outcome) [\(steps.joined(separator: ", "))]"
    case .unknown(let references): "unknown(\(references.map(text).joined(separator: ", ")))"
    }
  }

  package static func text(_ test: Test) -> String {
    let semantics = test.semantics == .strict ? "" : "~\(test.semantics)"
    let operands = test.operands.isEmpty ? "" : " " + joined(test.operands, ", ")
    return "\(text(test.subject)) \(test.comparison)\(semantics)\(operands)"
  }

  package static func text(_ reference: Reference) -> String {
    reference.variable.name + text(reference.path)
  }

  package static func text(_ path: [PathComponent]) -> String {
    path.map { component in
      switch component {
      case .field(let name): ".\(name)"
      case .index(let index): "[\(index)]"
      case .every: "[*]"
      case .element: "[each]"
      case .some: "[?]"
      }
    }.joined()
  }

  private static func joined(_ values: [Value], _ separator: String) -> String {
    values.map(text).joined(separator: separator)
  }
}
