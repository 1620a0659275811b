import Expressions
import SourceText

/// Choice states: the first rule that holds decides.
extension StateMachineLowerer {
  mutating func lowerChoice(_ place: StatePlace, into frame: inout Frame) {
    let step = add(place, kind: .branch)
    frame.entries[place.name] = step
    let input = effectiveInput(place)
    let scope = place.scope.expressions(at: place.location).with(input: input)
    let rules = place.body["Choices"]?.items ?? []
    var guards: [Edge.Guard] = []
    for (index, rule) in rules.enumerated() {
      let decision = graph.decide(decision(rule, in: scope, place.language), at: step)
      follow(
        place, rule, rule: index, to: rule["Next"],
        end: LooseEnd(step, guards: guards + [Edge.Guard(decision, true)]), into: &frame)
      guards.append(Edge.Guard(decision, false))
    }
    if let otherwise = place.body["Default"] {
      follow(
        place, place.body, rule: rules.count, to: otherwise, end: LooseEnd(step, guards: guards),
        into: &frame)
    } else {
      for catcher in place.scope.catchers {
        graph.connect(step, to: catcher.step, on: .failure, when: guards)
      }
    }
  }

  private mutating func decision(
    _ rule: Node, in scope: StatesScope, _ language: QueryLanguage
  ) -> Step.Decision {
    switch language {
    case .jsonPath:
      let (condition, problems) = ChoiceRule.condition(of: rule, in: scope, path: source.path)
      for problem in problems { report(problem) }
      return Step.Decision(condition, at: location(ChoiceRule.range(of: rule)))
    case .jsonata:
      guard let node = rule["Condition"] else {
        report("the rule has no `Condition`", severity: .warning, at: rule.range)
        return Step.Decision(.unknown([]), at: location(rule.range))
      }
      do {
        let condition = try JSONata.condition(of: located(node), in: scope)
        return Step.Decision(condition, at: location(node.range))
      } catch {
        report(error)
        return Step.Decision(.unknown([]), at: location(node.range))
      }
    }
  }

  /// Goes on to a rule's target, past a step that writes what the rule assigns.
  private mutating func follow(
    _ place: StatePlace, _ clauses: Node, rule: Int, to target: Node?, end: LooseEnd,
    into frame: inout Frame
  ) {
    guard let target else {
      report("the rule has no `Next`", at: clauses.range)
      return
    }
    let output = output(place, clauses: clauses, result: filteredInput(place))
    guard !output.assignments.isEmpty else {
      frame.links.append(Link(end: end, target: target, origin: place.name, rule: rule))
      return
    }
    let step = add(place, part: rule + 1, kind: .control, assignments: output.assignments)
    graph.connect([end], to: step)
    frame.links.append(Link(end: LooseEnd(step), target: target, origin: place.name))
  }
}
