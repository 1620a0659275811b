import Expressions

/// Finds the ways out of a loop that mean "waited long enough".
///
/// A way out gives up where a counter alone decides for it: a condition that compares only what the loop itself
/// counts up, or the way that is left after such a condition has sent the flow round again. A condition that also
/// looks at the answer decides by the answer.
enum LoopExits {
  private struct Place: Hashable {
    var variable: Variable
    var path: [PathComponent]
  }

  /// Gives every such way the outcome `timeout`.
  static func mark(_ graph: inout GraphBuilder) {
    guard graph.isWhole else { return }
    var successors = [[Int]](repeating: [], count: graph.steps.count)
    for edge in graph.edges { successors[edge.from].append(edge.to) }
    let components = StronglyConnected.components(of: successors)
    var sizes: [Int: Int] = [:]
    for component in components { sizes[component, default: 0] += 1 }
    var counters: [Int: Set<Place>] = [:]
    for (index, step) in graph.steps.enumerated() where sizes[components[index], default: 0] > 1 {
      for assignment in step.assignments {
        collectCounters(
          assignment.value, at: Place(variable: assignment.variable, path: assignment.path),
          into: &counters[components[index], default: []])
      }
    }
    guard !counters.isEmpty else { return }
    // Decisions by step that send the flow round again when they hold, and when they do not.
    var rounds: [Int: [Edge.Guard]] = [:]
    for edge in graph.edges where components[edge.from] == components[edge.to] {
      if let last = edge.guards.last { rounds[edge.from, default: []].append(last) }
    }
    let steps = graph.steps
    graph.updateEdges { edge in
      let loop = components[edge.from]
      guard edge.outcome == .success, let counted = counters[loop], components[edge.to] != loop
      else { return }
      let decisions = steps[edge.from].decisions
      func counts(_ guarded: Edge.Guard) -> Bool {
        decisions[guarded.decision].condition.comparesOnly { reference in
          counted.contains(Place(variable: reference.variable, path: reference.path))
        }
      }
      guard let last = edge.guards.last else { return }
      let stays = rounds[edge.from, default: []]
      let givesUp =
        counts(last)
        && (last.holds || stays.contains { $0.decision == last.decision && $0.holds != last.holds })
        || edge.guards.contains { guarded in
          !guarded.holds && counts(guarded)
            && stays.contains { $0.decision == guarded.decision && $0.holds }
        }
      if givesUp { edge.outcome = .timeout }
    }
  }

  /// Places that a step adds to: `n := n + 1`, also inside of a record that is written as a whole.
  private static func collectCounters(
    _ value: Value, at place: Place, into places: inout Set<Place>
  ) {
    switch value {
    case .converted("+", .list(let operands)), .converted("-", .list(let operands)):
      let isCounting = operands.contains { operand in
        if case .reference(let reference) = operand {
          return reference.variable == place.variable && reference.path == place.path
        }
        return false
      }
      if isCounting { places.insert(place) }
    case .record(let fields):
      for field in fields {
        collectCounters(
          field.value,
          at: Place(variable: place.variable, path: place.path + [.field(field.name)]),
          into: &places)
      }
    case .converted(Value.merging, .list(let parts)):
      for part in parts { collectCounters(part, at: place, into: &places) }
    case .fallback(let first, let second), .conditional(_, let first, let second):
      collectCounters(first, at: place, into: &places)
      collectCounters(second, at: place, into: &places)
    default: break
    }
  }
}

extension Condition {
  /// Whether it compares amounts, and nothing but what `isCounter` accepts.
  func comparesOnly(_ isCounter: (Reference) -> Bool) -> Bool {
    switch self {
    case .test(let test):
      switch test.comparison {
      case .equal, .less, .lessOrEqual, .greater, .greaterOrEqual: break
      case .contains, .startsWith, .endsWith, .oneOf, .matchesGlob, .matchesRegularExpression,
        .isTrue, .isPresent, .isNull, .isEmpty, .isText, .isNumber, .isBoolean:
        return false
      }
      let references = test.subject.references
      return !references.isEmpty && references.allSatisfy(isCounter)
    case .not(let inner):
      return inner.comparesOnly(isCounter)
    case .all(let parts), .any(let parts):
      return !parts.isEmpty && parts.allSatisfy { $0.comparesOnly(isCounter) }
    case .constant, .every, .some, .outcome, .unknown:
      return false
    }
  }
}
