import Expressions
import Rules
import Workflows

/// Finds returned values that go past a check which the same workflow runs on them.
struct ExposureJudge {
  let analysis: WorkflowAnalysis
  let rule: Int
  let check: ExposureCheck

  func find() -> [Consumption] {
    let reads = Set(check.reads)
    return analysis.workflow.returns.flatMap { returned -> [Consumption] in
      guard let state = analysis.endState(of: returned.step) else { return [] }
      let alternatives = ValueAlternatives(
        of: returned.value, in: state, judging: analysis.judge)
      return alternatives.branches.flatMap { branch -> [Consumption] in
        let traces = ValueEvaluator(state: branch.state).evaluate(branch.value).allTraces
        return traces.compactMap { trace -> Consumption? in
          let facet = analysis.facet(of: trace) ?? .content
          guard reads.contains(facet), let proof = branch.state.proofs[trace.output],
            !proof.isProven, !trace.isProven, analysis.checks(trace.output)
          else { return nil }
          return Consumption(
            rule: rule, step: returned.step, location: returned.location,
            slot: "return \(returned.name)", output: trace.output, proof: proof,
            derivation: trace.derivation, isApproved: branch.state.isApproved,
            field: trace.path.fieldName ?? "")
        }
      }
    }
  }
}
