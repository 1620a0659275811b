import Expressions
import Findings
import Rules
import Workflows

/// Reduces a workflow to what a reviewer should see: the user's steps, the commands that matter by themselves, and the
/// ways between them.
struct WorkflowDrawer {
  /// More boxes than this tell nobody anything.
  private static let mostSteps = 80
  /// Steps that have nothing to do with an output are drawn up to this many boxes, to show where the others stand.
  private static let mostWithBystanders = 40

  let analysis: WorkflowAnalysis
  let locate: (SourceLocation) -> Location
  /// The text at a place, as it stands in the file.
  let text: (SourceLocation) -> String?

  private var workflow: Workflow { analysis.workflow }

  /// The drawing, and the paths in it, in their order.
  func draw(_ paths: [OpenPathFinder.Path]) -> (drawing: DrawnWorkflow, paths: [DrawnPath]) {
    let selection = select(paths)
    var ways = WayCollector(drawer: self, boxes: selection.boxes)
    for step in analysis.graph.order where selection.boxes[step] != nil { ways.collect(from: step) }
    let drawnPaths = paths.map { path in
      DrawnPath(
        workflow: 0, ways: ways.ways(along: path.edges),
        source: path.source.flatMap { selection.boxes[$0] },
        gate: path.gate.flatMap { selection.boxes[$0] },
        sink: selection.boxes[path.sink] ?? 0)
    }
    let drawing = DrawnWorkflow(
      engine: workflow.engine, name: workflow.name, path: workflow.path,
      steps: selection.members.map(drawnStep), ways: ways.ways,
      omittedSteps: selection.omitted, gaps: workflow.gaps.map(\.message))
    return (drawing, drawnPaths)
  }

  /// The rank of a step that is no end of a path, lies on none and is nothing to an output.
  private static let bystander = 3

  // MARK: Which steps are drawn

  private struct Selection {
    /// By step of the graph: the box that shows it; absent for glue.
    var boxes: [Int: Int] = [:]
    /// By box: the steps it shows, copies of one another.
    var members: [[Int]] = []
    var omitted = 0
  }

  /// What a step is drawn as: copies of it on several rails are one box.
  private struct Identity: Hashable {
    var route: String
    var part: Int
    /// The beginning and the end of a job have one route, and are not one place.
    var control: Int?
  }

  private func identity(_ step: Int) -> Identity {
    let node = workflow.steps[step]
    return Identity(
      route: node.route, part: node.part, control: node.kind == .control ? step : nil)
  }

  private func select(_ paths: [OpenPathFinder.Path]) -> Selection {
    var ends: Set<Int> = []
    for path in paths {
      ends.formUnion([path.source, path.gate, path.sink].compactMap(\.self))
    }
    let onPath = Set(
      paths.flatMap(\.edges).flatMap { [workflow.edges[$0].from, workflow.edges[$0].to] })
    var ranked: [(identity: Identity, rank: Int)] = []
    var best: [Identity: Int] = [:]
    var shownRoutes: Set<String> = []
    for step in analysis.graph.order {
      let node = workflow.steps[step]
      let rank: Int
      if ends.contains(step) {
        rank = 0
      } else if isTelling(step) {
        rank = onPath.contains(step) ? 1 : 2
      } else {
        continue
      }
      shownRoutes.insert(node.route)
      let identity = identity(step)
      if best[identity] == nil { ranked.append((identity, 0)) }
      best[identity] = min(best[identity] ?? rank, rank)
    }
    // A step of the user's of which no part is drawn for its own sake stands there all the same.
    for step in analysis.graph.order {
      let node = workflow.steps[step]
      guard node.kind != .control, shownRoutes.insert(node.route).inserted else { continue }
      let identity = identity(step)
      ranked.append((identity, 0))
      best[identity] = onPath.contains(step) ? 1 : Self.bystander
    }
    let byRank = ranked.map(\.identity).enumerated().sorted { left, right in
      (best[left.element] ?? 0, left.offset) < (best[right.element] ?? 0, right.offset)
    }
    let telling = byRank.count { best[$0.element, default: 0] < Self.bystander }
    let limit = min(max(telling, Self.mostWithBystanders), Self.mostSteps)
    let kept = Set(byRank.prefix(limit).map(\.element))
    var selection = Selection(omitted: byRank.count - kept.count)
    var boxes: [Identity: Int] = [:]
    for step in analysis.graph.order {
      let identity = identity(step)
      guard kept.contains(identity) else { continue }
      if let box = boxes[identity] {
        selection.boxes[step] = box
        selection.members[box].append(step)
      } else {
        boxes[identity] = selection.members.count
        selection.boxes[step] = selection.members.count
        selection.members.append([step])
      }
    }
    return selection
  }

  /// Whether a step matters by itself: it is something to an output, or proves one.
  private func isTelling(_ step: Int) -> Bool {
    !analysis.models[step].roles.subtracting([.branch]).isEmpty || isGate(step)
  }

  /// Whether an output that arrives unproven leaves proven on some way.
  private func isGate(_ step: Int) -> Bool {
    guard let arrival = analysis.state(at: step) else { return false }
    return arrival.proofs.contains { output, proof in
      !proof.isProven
        && analysis.graph.outgoing[step].contains {
          analysis.propagator.proof(of: output, on: $0)?.isProven == true
        }
    }
  }

  private func drawnStep(_ copies: [Int]) -> DrawnWorkflow.Step {
    let first = workflow.steps[copies[0]]
    let roles = Set(copies.flatMap { analysis.models[$0].roles.map(\.rawValue) })
    let proofs = copies.compactMap { analysis.state(at: $0) }.flatMap(\.proofs.values)
    return DrawnWorkflow.Step(
      name: first.name, kind: kind(first), detail: detail(first), roles: roles.sorted(),
      isProven: proofs.isEmpty ? nil : proofs.allSatisfy(\.isProven),
      isGate: copies.contains(where: isGate),
      location: locate(first.call?.location ?? first.location))
  }

  private func kind(_ step: Step) -> DrawnWorkflow.Step.Kind {
    switch step.kind {
    case .action: .action
    case .branch: .branch
    case .delay: .delay
    case .approval: .approval
    case .control: .control
    }
  }

  /// The call, else the condition.
  private func detail(_ step: Step) -> String? {
    if let call = step.call {
      guard let http = call.http else {
        return call.name == step.name ? nil : call.name
      }
      if case .literal(let url) = http.url { return "\(http.method) \(url)" }
      return "\(http.method) request"
    }
    guard step.decisions.count == 1 else { return nil }
    return words(step.decisions[0])
  }

  // MARK: Words for ways

  /// Under which condition an edge is taken; `nil` for always.
  func condition(of edge: Edge) -> String? {
    guard !edge.guards.isEmpty else { return nil }
    let decisions = workflow.steps[edge.from].decisions
    if decisions.count == 1, edge.guards.count == 1 { return edge.guards[0].holds ? "yes" : "no" }
    // Of several decisions the one that lets control through says most.
    guard let told = edge.guards.first(where: \.holds) else { return "otherwise" }
    guard decisions.indices.contains(told.decision) else { return nil }
    let decision = decisions[told.decision]
    let written = decisions.map(words)
    // What is compared is often written once, and what with elsewhere.
    let isTelling = written.count { $0 == written[told.decision] } == 1
    let own = isTelling ? written[told.decision] : ConditionWords.text(decision.condition)
    return own ?? written[told.decision] ?? "condition \(told.decision + 1)"
  }

  /// A decision's own text, where it says more than the name of a key.
  private func words(_ decision: Step.Decision) -> String? {
    guard let text = text(decision.location) else { return nil }
    var words = text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    if words.count >= 2, let quote = words.first, quote == "\"" || quote == "'",
      words.last == quote
    {
      words = String(words.dropFirst().dropLast())
    }
    let isName = words.allSatisfy { $0.isLetter || $0.isNumber || "$._-[]*".contains($0) }
    let isRecord = words.hasPrefix("{ ") || words.hasPrefix("{\"")
    guard isName || isRecord || words.isEmpty else { return words }
    return ConditionWords.text(decision.condition) ?? (isName && !words.isEmpty ? words : nil)
  }
}

/// Contracts the glue between drawn steps into ways from one to the next.
private struct WayCollector {
  private let drawer: WorkflowDrawer
  private let boxes: [Int: Int]
  private(set) var ways: [DrawnWorkflow.Way] = []
  private var indices: [DrawnWorkflow.Way: Int] = [:]

  init(drawer: WorkflowDrawer, boxes: [Int: Int]) {
    self.drawer = drawer
    self.boxes = boxes
  }

  /// What is known of a way before it ends: the first thing on it that is no matter of course.
  private struct Beginning {
    var outcome: DrawnWorkflow.Way.Outcome = .success
    var condition: String?
  }

  /// Adds the ways from a drawn step to the next drawn ones.
  mutating func collect(from step: Int) {
    guard let box = boxes[step] else { return }
    var seen: Set<Int> = []
    var pending = [(step, Beginning())]
    var next = 0
    while next < pending.count {
      let (current, beginning) = pending[next]
      next += 1
      for index in drawer.analysis.graph.outgoing[current] {
        let edge = drawer.analysis.workflow.edges[index]
        let told = extended(beginning, by: edge)
        if let target = boxes[edge.to] {
          // Parts of one step that are drawn as one box are no loop.
          if target != box || edge.from == edge.to || isRound(edge) { add(box, target, told) }
        } else if seen.insert(edge.to).inserted {
          pending.append((edge.to, told))
        }
      }
    }
  }

  private func isRound(_ edge: Edge) -> Bool {
    drawer.analysis.graph.isInCycle[edge.from] && drawer.analysis.graph.isInCycle[edge.to]
  }

  /// The drawn ways that a walk over the graph's edges takes.
  mutating func ways(along edges: [Int]) -> [Int] {
    var result: [Int] = []
    var box: Int?
    var beginning = Beginning()
    for index in edges {
      let edge = drawer.analysis.workflow.edges[index]
      if let start = boxes[edge.from] {
        box = start
        beginning = Beginning()
      }
      beginning = extended(beginning, by: edge)
      if let from = box, let to = boxes[edge.to], from != to {
        result.append(add(from, to, beginning))
      }
    }
    return result
  }

  private func extended(_ beginning: Beginning, by edge: Edge) -> Beginning {
    var result = beginning
    if result.outcome == .success {
      switch edge.outcome {
      case .success: break
      case .failure: result.outcome = .failure
      case .timeout: result.outcome = .timeout
      }
    }
    if result.condition == nil { result.condition = drawer.condition(of: edge) }
    return result
  }

  @discardableResult
  private mutating func add(_ from: Int, _ to: Int, _ beginning: Beginning) -> Int {
    let way = DrawnWorkflow.Way(
      from: from, to: to, outcome: beginning.outcome, condition: beginning.condition)
    if let index = indices[way] { return index }
    indices[way] = ways.count
    ways.append(way)
    return ways.count - 1
  }
}
