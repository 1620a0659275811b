import Workflows

extension Workflow {
  /// The workflow without second phases that do nothing any document knows of.
  ///
  /// A reader cannot tell which actions have one, and writes one for each. Its condition reads at the job's end what
  /// the step read in the middle, and would keep all of that in use until then.
  func withoutIdlePhases(_ models: [StepModel]) -> Workflow {
    guard steps.contains(where: { $0.call?.phase == .post }) else { return self }
    var outgoing = [[Int]](repeating: [], count: steps.count)
    for (index, edge) in edges.enumerated() { outgoing[edge.from].append(index) }
    let returning = Set(returns.map(\.step))
    /// Where control goes instead of a step.
    var detours: [Int: Int] = [:]

    /// The one step that every way out of this step leads to, whatever happens in it.
    func onlySuccessor(of step: Int) -> Int? {
      let targets = Set(outgoing[step].map { detours[edges[$0].to] ?? edges[$0].to })
      guard targets.count == 1, let target = targets.first, target > step,
        outgoing[step].allSatisfy({ edges[$0].isOrder && edges[$0].outcome == .success })
      else { return nil }
      return target
    }

    // Detours lead forward only: from the end, each finds where the later ones lead.
    for step in steps.indices.reversed() where step != entry && !returning.contains(step) {
      let node = steps[step]
      guard node.assignments.isEmpty, !node.joinsAll, models[step].protocolIndex == nil else {
        continue
      }
      let isIdle = node.call?.phase == .post && models[step].entries.isEmpty
      let isMoot =
        node.kind == .control && node.call == nil
        && outgoing[step].contains { detours[edges[$0].to] != nil }
      if isIdle || isMoot, let target = onlySuccessor(of: step) { detours[step] = target }
    }
    if detours.isEmpty { return self }
    var result = self
    for index in result.edges.indices {
      if let target = detours[result.edges[index].to] { result.edges[index].to = target }
    }
    return result
  }
}
