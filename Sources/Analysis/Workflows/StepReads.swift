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
  var references: [Reference] {
    var found = arguments.flatMap(\.value.references)
    if let http { found += http.url.references + (http.body?.references ?? []) }
    return found
  }
}

/// Where each variable is read for the last time, so that what nobody reads any more can be forgotten.
///
/// This keeps the state at each step as small as what is in use there, and the analysis near-linear.
struct VariableLifetimes {
  private var last: [Variable: Int] = [:]

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
