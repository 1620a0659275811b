import Expressions
import Workflows

/// Finds a way through the graph on which nothing proves an output: what a finding's drawing shows.
struct OpenPathFinder {
  let analysis: WorkflowAnalysis

  /// A finding's way in the graph.
  struct Path {
    /// Indices of the workflow's edges.
    var edges: [Int]
    var source: Int?
    var gate: Int?
    var sink: Int
  }

  /// The shortest open way from where the output is made, through the weak or bypassed check that the finding tells.
  ///
  /// - Parameters:
  ///   - consumption: the use that is flagged.
  ///   - cause: what the finding tells, with its site.
  /// - Returns: a path without edges where there is no way.
  func path(of consumption: Consumption, told cause: (cause: Cause, site: Int)?) -> Path {
    let sink = consumption.step
    guard let output = consumption.output else {
      return Path(edges: [], source: nil, gate: nil, sink: sink)
    }
    let source = analysis.outputs[output].step
    let isOpen = { (edge: Int) in self.isOpen(edge, output) }
    let gates = cause.map { steps(at: $0.site) } ?? []
    for gate in gates where gate != source {
      guard let first = walk(from: source, to: gate, isOpen) else { continue }
      if gate == sink { return Path(edges: first, source: source, gate: gate, sink: sink) }
      let isMarked = { (edge: Int) in cause.map { marks(edge, output, $0) } ?? false }
      guard
        let second = walk(from: gate, to: sink, isMarked) ?? walk(from: gate, to: sink, isOpen)
      else { continue }
      return Path(edges: first + second, source: source, gate: gate, sink: sink)
    }
    let direct =
      walk(from: source, to: sink, isOpen) ?? walk(from: source, to: sink) { _ in true } ?? []
    return Path(edges: direct, source: source, gate: gates.first, sink: sink)
  }

  /// Whether the output is unproven on the edge.
  private func isOpen(_ edge: Int, _ output: Int) -> Bool {
    analysis.propagator.proof(of: output, on: edge)?.isProven == false
  }

  /// Whether some way that takes the edge has passed the check.
  private func marks(_ edge: Int, _ output: Int, _ told: (cause: Cause, site: Int)) -> Bool {
    analysis.propagator.proof(of: output, on: edge)?.openWays.contains {
      $0.site(of: told.cause) == told.site
    } ?? false
  }

  /// The steps that test, wait or call at a site.
  private func steps(at site: Int) -> [Int] {
    guard let place = analysis.site(site) else { return [] }
    return analysis.graph.order.filter { index in
      let step = analysis.workflow.steps[index]
      return step.location == place || step.call?.location == place
        || step.decisions.contains { decision in
          decision.location == place || decision.condition.tests.contains { $0.location == place }
        }
    }
  }

  /// A shortest walk over edges that qualify.
  private func walk(from start: Int, to end: Int, _ qualifies: (Int) -> Bool) -> [Int]? {
    if start == end { return [] }
    var arrivedBy: [Int: Int] = [:]
    var pending = [start]
    var next = 0
    while next < pending.count {
      let step = pending[next]
      next += 1
      for edge in analysis.graph.outgoing[step] {
        let target = analysis.workflow.edges[edge].to
        guard target != start, arrivedBy[target] == nil, qualifies(edge) else { continue }
        arrivedBy[target] = edge
        if target == end { return path(to: end, arrivedBy) }
        pending.append(target)
      }
    }
    return nil
  }

  private func path(to end: Int, _ arrivedBy: [Int: Int]) -> [Int] {
    var edges: [Int] = []
    var step = end
    while let edge = arrivedBy[step] {
      edges.append(edge)
      step = analysis.workflow.edges[edge].from
    }
    return edges.reversed()
  }
}
