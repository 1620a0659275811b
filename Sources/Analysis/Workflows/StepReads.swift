import Expressions
import Workflows

extension Step {
  /// Every reference that the step reads, in no particular order.
  var references: [Reference] {
    var found = decisions.flatMap(\.condition.references) + assignments.flatMap(\.value.references)
    if let call {
      found += call.references
    }
    return found
  }
}

extension Call {
  var references: [Reference] { values.flatMap(\.references) }

  /// Everything that is given to the call.
  var values: [Value] {
    var values = arguments.map(\.value)
    if let http { values += [http.url] + (http.body.map { [$0] } ?? []) }
    return values
  }
}

/// Where each variable is read for the last time, so that what nobody reads any more can be forgotten.
///
/// This keeps the state at each step as small as what is in use there, and the analysis near-linear.
struct VariableLifetimes {
  private var last: [Variable: Int] = [:]

  /// Nothing is read.
  init() {}

  init(_ graph: FlowGraph) {
    // Inside a cycle everything may be read again until the cycle is left.
    var end: [Int: Int] = [:]
    for (place, step) in graph.order.enumerated() { end[graph.component[step]] = place }
    for step in graph.order {
      let place = end[graph.component[step]] ?? 0
      for reference in graph.workflow.steps[step].references {
        last[reference.variable] = max(last[reference.variable] ?? 0, place)
      }
    }
    for returned in graph.workflow.returns {
      for reference in returned.value.references { last[reference.variable] = Int.max }
    }
  }

  func isRead(_ variable: Variable, after place: Int) -> Bool { (last[variable] ?? -1) > place }
}

extension Value {
  /// The conditions of every conditional in the value.
  var conditions: [Condition] {
    switch self {
    case .literal, .null, .reference, .result, .unknown: []
    case .record(let fields): fields.flatMap(\.value.conditions)
    case .list(let items), .template(let items), .either(let items): items.flatMap(\.conditions)
    case .selection(let inner, _), .text(let inner, _), .length(let inner),
      .converted(_, let inner):
      inner.conditions
    case .fallback(let first, let second): first.conditions + second.conditions
    case .conditional(let condition, let first, let second):
      [condition] + first.conditions + second.conditions
    }
  }
}
