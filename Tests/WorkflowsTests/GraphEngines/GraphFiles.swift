import Workflows

/// What can be said of any graph.
enum GraphFiles {
  /// Names and kinds of a graph's steps, and its edges between names: what a person can check against the file.
  static func outline(_ workflow: Workflow) -> [String] {
    workflow.edges.map { edge in
      let outcome = edge.outcome == .success ? "" : " \(edge.outcome)"
      let guards = edge.guards.map { ($0.holds ? " ?" : " !") + String($0.decision) }.joined()
      return
        "\(workflow.steps[edge.from].name) -> \(workflow.steps[edge.to].name)\(outcome)\(guards)"
    }
  }

  static func isSound(_ workflow: Workflow) -> Bool {
    let steps = workflow.steps.indices
    return workflow.edges.allSatisfy { edge in
      steps.contains(edge.from) && steps.contains(edge.to)
        && edge.guards.allSatisfy {
          workflow.steps[edge.from].decisions.indices.contains($0.decision)
        }
    } && workflow.returns.allSatisfy { steps.contains($0.step) }
  }
}
