import Expressions
import SourceText

/// The second phase of a `uses` step, which runs at the end of its job.
///
/// Whether an action has one is for the integrations to say: `actions/cache` saves then.
struct GitHubPostPhase {
  var step: Step
  /// The condition on which the step ran at all.
  var condition: GitHubCondition?
  /// The step's `with`, and what it saw.
  var inputs: [Node.Entry]
  var scope: GitHubScope

  /// Puts what the paths that its inputs name hold at the job's end in their place: what it saves was written after it
  /// stood there.
  mutating func find(_ files: Set<String>) {
    guard let arguments = step.call?.arguments else { return }
    for (index, argument) in arguments.enumerated() {
      guard let node = inputs.first(where: { "with.\($0.key.text ?? "")" == argument.name })?.value,
        let text = node.text,
        let content = GitHubFiles(files).content(
          named: .literal(text), as: argument.name, at: node, in: scope)
      else { continue }
      step.call?.arguments[index].value = content
    }
  }

  /// Adds the phase where the job is still without a failure.
  func lower(
    _ draft: inout GitHubDraft, on rail: GitHubRail, from entry: [LooseEnd]
  ) -> [LooseEnd] {
    guard let condition else {
      return [LooseEnd(draft.add(step, from: entry))]
    }
    let verdict = condition.condition.decided(rail.holds)
    if verdict.isKnown == false { return entry }
    let branch = draft.add(
      branch(verdict.condition, at: condition.location), from: entry)
    let taken = draft.add(step, from: [LooseEnd(branch, guards: [Edge.Guard(0, true)])])
    if verdict.isKnown == true { return [LooseEnd(taken)] }
    return [LooseEnd(taken), LooseEnd(branch, guards: [Edge.Guard(0, false)])]
  }

  private func branch(_ condition: Condition, at location: SourceLocation) -> Step {
    var branch = step
    branch.part = 0
    // Asked a second time by the engine, not by the author.
    branch.kind = .control
    branch.call = nil
    branch.decisions = [Step.Decision(condition, at: location)]
    branch.location = location
    return branch
  }
}
