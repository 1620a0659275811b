/// Collects the steps and edges of one workflow while a reader walks its definition.
package struct GraphBuilder {
  package private(set) var steps: [Step] = []
  package private(set) var edges: [Edge] = []
  /// Whether all is wanted that the workflow does; else control goes past scripts.
  let isWhole: Bool

  package init() { isWhole = true }

  /// A graph with as much in it as is asked of the reading.
  init(in context: ReadingContext) { isWhole = context.needsWholeGraph }

  /// Adds a step and returns its index.
  package mutating func add(_ step: consuming Step) -> Int {
    steps.append(step)
    return steps.count - 1
  }

  package mutating func connect(
    _ from: Int, to: Int, on outcome: Edge.Outcome = .success, when guards: [Edge.Guard] = []
  ) {
    edges.append(Edge(from, to, outcome, guards: guards))
  }

  mutating func add(_ edge: Edge) { edges.append(edge) }

  /// Notes that `to` uses data of `from`, though nothing makes it wait.
  package mutating func connectData(_ from: Int, to: Int) {
    var edge = Edge(from, to)
    edge.isOrder = false
    edges.append(edge)
  }

  /// Connects every loose end to `to`.
  package mutating func connect(_ ends: [LooseEnd], to: Int) {
    for end in ends { connect(end.step, to: to, on: end.outcome, when: end.guards) }
  }

  /// Connects the ends of a loop's body to the head that goes on to the next element.
  package mutating func connect(_ ends: [LooseEnd], toNextElementAt head: Int) {
    for end in ends {
      var edge = Edge(end.step, head, end.outcome, guards: end.guards)
      edge.isNextElement = true
      edges.append(edge)
    }
  }

  /// Connects the ends of a loop's body to its head: for the next element, or for another attempt.
  package mutating func connect(_ ends: [LooseEnd], backTo head: Int, isNextElement: Bool) {
    if isNextElement { connect(ends, toNextElementAt: head) } else { connect(ends, to: head) }
  }

  /// Adds a decision to an existing step and returns its index there.
  package mutating func decide(_ decision: Step.Decision, at step: Int) -> Int {
    steps[step].decisions.append(decision)
    return steps[step].decisions.count - 1
  }

  /// Changes edges that are there already, once the whole graph can be seen.
  mutating func updateEdges(_ change: (inout Edge) -> Void) {
    for index in edges.indices { change(&edges[index]) }
  }

  package mutating func update(_ step: Int, _ change: (inout Step) -> Void) {
    change(&steps[step])
  }
}

extension GraphBuilder {
  /// Removes those of these steps that lead nowhere, and what then does; gives back where the others stand now.
  mutating func removeEnds(where isIdle: (Step) -> Bool) -> [Int] {
    var exits = [Int](repeating: 0, count: steps.count)
    var entrances = [[Int]](repeating: [], count: steps.count)
    for edge in edges {
      exits[edge.from] += 1
      entrances[edge.to].append(edge.from)
    }
    let idle = steps.map(isIdle)
    var waiting = steps.indices.filter { idle[$0] && exits[$0] == 0 }
    var removed: Set<Int> = []
    while let step = waiting.popLast() {
      guard removed.insert(step).inserted else { continue }
      for before in entrances[step] {
        exits[before] -= 1
        if exits[before] == 0, idle[before] { waiting.append(before) }
      }
    }
    var places = [Int](repeating: 0, count: steps.count)
    var next = 0
    for step in steps.indices {
      places[step] = next
      if !removed.contains(step) { next += 1 }
    }
    if removed.isEmpty { return places }
    steps = steps.indices.filter { !removed.contains($0) }.map { steps[$0] }
    edges = edges.filter { !removed.contains($0.from) && !removed.contains($0.to) }.map {
      var edge = $0
      edge.from = places[edge.from]
      edge.to = places[edge.to]
      return edge
    }
    return places
  }
}

/// A way out of a part of the graph that is not connected yet.
package struct LooseEnd: Sendable {
  package var step: Int
  package var outcome: Edge.Outcome
  package var guards: [Edge.Guard]

  package init(_ step: Int, _ outcome: Edge.Outcome = .success, guards: [Edge.Guard] = []) {
    self.step = step
    self.outcome = outcome
    self.guards = guards
  }
}
