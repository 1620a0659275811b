import Expressions
import Rules
import Workflows

/// Finds references that no order guarantees, references to nothing, and verifications that nobody waits for.
struct OrderJudge {
  let analysis: WorkflowAnalysis
  let rule: Int
  let check: OrderCheck

  /// What the check finds; `consumed` are the outputs whose consumption another finding tells.
  func find(consumed: Set<Int>) -> [Consumption] {
    guard Self.concernsAnswers(analysis.workflow, analysis.models) else { return [] }
    var found: [Consumption] = []
    if check.unordered { found += unordered() }
    if check.unknown { found += unknown() }
    if check.detachedVerification { found += detached(consumed) }
    return found
  }

  /// A wrong reference in a workflow that has nothing to do with answers is another linter's business.
  static func concernsAnswers(_ workflow: Workflow, _ models: [StepModel]) -> Bool {
    models.contains { $0.protocolIndex != nil }
      || workflow.steps.contains { $0.call?.kind == "flow" || $0.call?.kind == "model" }
  }

  private func unordered() -> [Consumption] {
    let workflow = analysis.workflow
    var writers: [Variable: [Int]] = [:]
    for (index, step) in workflow.steps.enumerated() {
      for assignment in step.assignments where workflow.stepOutputs.contains(assignment.variable) {
        writers[assignment.variable, default: []].append(index)
      }
    }
    // A step that stands on several rails is ordered where any of its copies is.
    let copies = Dictionary(grouping: analysis.graph.order) { workflow.steps[$0].route }
    var found: [Consumption] = []
    for reader in analysis.graph.order {
      for reference in workflow.steps[reader].references {
        guard let steps = writers[reference.variable] else { continue }
        // Within one step (a script) what is read too early is the script's own affair.
        if steps.contains(where: { workflow.steps[$0].route == workflow.steps[reader].route }) {
          continue
        }
        // What control never reaches is another complaint.
        let copies = copies[workflow.steps[reader].route] ?? [reader]
        let isOrdered = steps.contains { writer in
          analysis.graph.position[writer] == nil
            || copies.contains { analysis.graph.leads(from: writer, to: $0) }
        }
        if isOrdered { continue }
        found.append(
          Consumption(
            rule: rule, step: reader, location: reference.location,
            slot: reference.variable.name, output: nil, proof: nil,
            source: steps.first.map { workflow.steps[$0].name }, variant: "unordered-reference"))
      }
    }
    return found
  }

  private func unknown() -> [Consumption] {
    analysis.workflow.danglingReferences.map { dangling in
      Consumption(
        rule: rule, step: dangling.step, location: dangling.location, slot: dangling.text,
        output: nil, proof: nil, field: dangling.text, source: dangling.text,
        variant: "unknown-reference")
    }
  }

  /// A verification that ends in nothing, beside other work on the way from its output.
  private func detached(_ consumed: Set<Int>) -> [Consumption] {
    let workflow = analysis.workflow
    return analysis.graph.order.compactMap { step -> Consumption? in
      let role = analysis.models[step].protocolRole
      guard role == .await || role == .verify, let state = analysis.state(at: step),
        let output = analysis.propagator.boundOutputs(of: step, state).first,
        !consumed.contains(output)
      else { return nil }
      let source = analysis.outputs[output].step
      guard source != step else { return nil }
      let after = analysis.graph.reachable(from: step)
      guard !after.contains(where: { workflow.steps[$0].call != nil }) else { return nil }
      let beside = analysis.graph.reachable(from: source).contains { other in
        other != step && workflow.steps[other].call != nil && !after.contains(other)
          && !analysis.graph.leads(from: other, to: step)
      }
      guard beside else { return nil }
      return Consumption(
        rule: rule, step: step, location: workflow.steps[step].location, slot: "detached",
        output: output, proof: nil, variant: Cause.detachedVerification.name)
    }
  }
}
