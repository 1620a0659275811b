import Expressions
import Workflows

/// The shape of a workflow's graph: order, cycles, reachability and where each variable is last read.
struct FlowGraph: Sendable {
  let workflow: Workflow
  /// Indices into the workflow's edges.
  let outgoing: [[Int]]
  let incoming: [[Int]]
  /// Reachable steps in reverse postorder: every step after those that lead to it, cycles aside.
  let order: [Int]
  /// Position in ``order``; `nil` where control never arrives.
  let position: [Int?]
  /// The number of the cycle (strongly connected component) a step lies in.
  let component: [Int]
  /// Whether the step can run again after itself.
  let isInCycle: [Bool]
  /// Whether the step can run again for the same subject: loops over the elements of a list left out.
  let isRepeated: [Bool]

  init(_ workflow: Workflow) {
    self.workflow = workflow
    let count = workflow.steps.count
    var outgoing = [[Int]](repeating: [], count: count)
    var incoming = [[Int]](repeating: [], count: count)
    for (index, edge) in workflow.edges.enumerated() {
      outgoing[edge.from].append(index)
      incoming[edge.to].append(index)
    }
    self.outgoing = outgoing
    self.incoming = incoming
    var walk = DepthFirstWalk(workflow: workflow, outgoing: outgoing)
    if count > 0 { walk.run(from: workflow.entry) }
    order = walk.postorder.reversed()
    var position = [Int?](repeating: nil, count: count)
    for (place, step) in order.enumerated() { position[step] = place }
    self.position = position
    component = walk.component
    let cycles = Self.cycles(workflow, outgoing, walk)
    isInCycle = cycles
    if workflow.edges.contains(where: \.isNextElement) {
      let others = outgoing.map { $0.filter { !workflow.edges[$0].isNextElement } }
      var walk = DepthFirstWalk(workflow: workflow, outgoing: others)
      walk.run(from: workflow.entry)
      isRepeated = Self.cycles(workflow, others, walk)
    } else {
      isRepeated = cycles
    }
  }

  private static func cycles(
    _ workflow: Workflow, _ outgoing: [[Int]], _ walk: DepthFirstWalk
  ) -> [Bool] {
    var size: [Int: Int] = [:]
    for step in walk.postorder { size[walk.component[step], default: 0] += 1 }
    return workflow.steps.indices.map { step in
      size[walk.component[step], default: 0] > 1
        || outgoing[step].contains { workflow.edges[$0].to == step }
    }
  }

  /// Whether control can come from one step to another.
  ///
  /// Walks back from the later step, since what is asked about mostly lies close before it.
  func leads(from first: Int, to second: Int) -> Bool {
    guard let start = position[first], position[second] != nil else { return false }
    var seen: Set<Int> = [second]
    var pending = [second]
    var next = 0
    while next < pending.count {
      let step = pending[next]
      next += 1
      for edge in incoming[step] {
        guard workflow.edges[edge].isOrder else { continue }
        let previous = workflow.edges[edge].from
        if previous == first { return true }
        // Outside a cycle nothing before `first` leads back to it.
        guard let place = position[previous], place > start || isInCycle[previous] else { continue }
        if seen.insert(previous).inserted { pending.append(previous) }
      }
    }
    return false
  }

  /// Whether two steps run at the same time: neither waits for the other, and no decision chooses between them.
  func runsBeside(_ first: Int, _ second: Int) -> Bool {
    let (before, others) = (ancestors(of: first), ancestors(of: second))
    guard first != second, !before.contains(second), !others.contains(first) else { return false }
    return before.intersection(others).contains { fork in
      let ways = outgoing[fork].map { workflow.edges[$0] }
      let toFirst = ways.filter { $0.to == first || before.contains($0.to) }
      let toSecond = ways.filter { $0.to == second || others.contains($0.to) }
      return toFirst.contains { way in
        toSecond.contains { $0.to != way.to && !$0.excludes(way) }
      }
    }
  }

  /// The steps that control can come from, along edges of order.
  private func ancestors(of step: Int) -> Set<Int> {
    var seen: Set<Int> = []
    var pending = [step]
    while let next = pending.popLast() {
      for edge in incoming[next] where workflow.edges[edge].isOrder {
        let previous = workflow.edges[edge].from
        if position[previous] != nil, seen.insert(previous).inserted { pending.append(previous) }
      }
    }
    return seen
  }

  /// The steps that control can reach from a step, itself included where it lies in a cycle.
  func reachable(from step: Int) -> Set<Int> {
    var seen: Set<Int> = []
    var pending = outgoing[step].map { workflow.edges[$0].to }
    while let next = pending.popLast() {
      guard seen.insert(next).inserted else { continue }
      pending += outgoing[next].map { workflow.edges[$0].to }
    }
    return seen
  }
}

/// Tarjan's strongly connected components (1972) with an explicit stack, giving the postorder on the way.
private struct DepthFirstWalk {
  let workflow: Workflow
  let outgoing: [[Int]]
  var postorder: [Int] = []
  var component: [Int]
  private var index: [Int]
  private var low: [Int]
  private var onStack: [Bool]
  private var stack: [Int] = []
  private var counter = 0

  init(workflow: Workflow, outgoing: [[Int]]) {
    self.workflow = workflow
    self.outgoing = outgoing
    let count = workflow.steps.count
    component = Array(repeating: -1, count: count)
    index = Array(repeating: -1, count: count)
    low = Array(repeating: 0, count: count)
    onStack = Array(repeating: false, count: count)
  }

  mutating func run(from root: Int) {
    var frames: [(step: Int, next: Int)] = []
    open(root, &frames)
    while let frame = frames.last {
      let edges = outgoing[frame.step]
      if frame.next < edges.count {
        frames[frames.count - 1].next += 1
        let target = workflow.edges[edges[frame.next]].to
        if index[target] < 0 {
          open(target, &frames)
        } else if onStack[target] {
          low[frame.step] = min(low[frame.step], index[target])
        }
      } else {
        frames.removeLast()
        close(frame.step)
        if let parent = frames.last?.step { low[parent] = min(low[parent], low[frame.step]) }
      }
    }
  }

  private mutating func open(_ step: Int, _ frames: inout [(step: Int, next: Int)]) {
    index[step] = counter
    low[step] = counter
    counter += 1
    stack.append(step)
    onStack[step] = true
    frames.append((step, 0))
  }

  private mutating func close(_ step: Int) {
    postorder.append(step)
    guard low[step] == index[step] else { return }
    while let member = stack.popLast() {
      onStack[member] = false
      component[member] = step
      if member == step { return }
    }
  }
}

extension Edge {
  /// Whether control takes at most one of the two edges of a step.
  fileprivate func excludes(_ other: Edge) -> Bool {
    outcome != other.outcome
      || guards.contains { own in
        other.guards.contains { $0.decision == own.decision && $0.holds != own.holds }
      }
  }
}
