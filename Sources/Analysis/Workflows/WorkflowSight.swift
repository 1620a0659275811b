import Rules
package import Workflows

/// What the analysis sees in a workflow, step by step: for people who ask why something was found, or was not.
package struct WorkflowSight: Sendable {
  /// By index of the workflow's steps.
  package var steps: [Step]

  /// One step as it is seen.
  package struct Step: Sendable {
    /// What it is to a protocol or an integration: `generate`, `cache-write`.
    package var roles: [String]
    /// The outputs that exist when control arrives here, each with what is proven of it.
    package var proofs: [Proof]
  }

  /// What is known of an output at a step.
  package struct Proof: Sendable {
    /// The name of the step that made the output.
    package var output: String
    package var isProven: Bool
    /// What was checked in place of the proof; `nil` where nothing was.
    package var cause: String?
  }
}

extension WorkflowJudge {
  /// Looks at a workflow without judging it.
  package func sight(of workflow: Workflow) -> WorkflowSight {
    let analysis = wholeAnalysis(of: workflow)
    return WorkflowSight(
      steps: workflow.steps.indices.map { step in
        let proofs = analysis.state(at: step)?.proofs ?? [:]
        return WorkflowSight.Step(
          roles: analysis.models[step].roles.map(\.rawValue).sorted(),
          proofs: proofs.sorted { $0.key < $1.key }.map { output, proof in
            let cause = proof.openWays.first?.told?.cause
            return WorkflowSight.Proof(
              output: workflow.steps[analysis.outputs[output].step].name,
              isProven: proof.isProven, cause: cause?.name)
          })
      })
  }
}
