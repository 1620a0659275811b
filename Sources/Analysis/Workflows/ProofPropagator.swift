import Expressions
import Rules
import Workflows

/// Carries proofs and data forward through the graph to a fixpoint: what holds on every way to each step.
struct ProofPropagator {
  let graph: FlowGraph
  let models: [StepModel]
  let outputs: [Output]
  let readers: [FacetReader]
  /// Follows the results of all calls instead of the protocol's only, to find where a text comes from.
  var tracesEveryCall = false

  private(set) var arrivals: [FlowState?]
  private(set) var sites: [SourceLocation] = []
  private(set) var siteNumbers: [SourceLocation: Int] = [:]
  private var edgeStates: [FlowState?]
  private let lifetimes: VariableLifetimes
  private let flagPlaces: FlagPlaces
  private var judged: [[JudgedCondition]?]

  /// The outputs a step makes when it succeeds.
  private let made: [Int: [Int]]

  init(
    graph: FlowGraph, models: [StepModel], outputs: [Output], made: [Int: [Int]],
    readers: [FacetReader], tracesEveryCall: Bool = false
  ) {
    self.graph = graph
    self.models = models
    self.outputs = outputs
    self.made = made
    self.readers = readers
    self.tracesEveryCall = tracesEveryCall
    arrivals = Array(repeating: nil, count: graph.workflow.steps.count)
    edgeStates = Array(repeating: nil, count: graph.workflow.edges.count)
    judged = Array(repeating: nil, count: graph.workflow.steps.count)
    // Most workflows have no output under verification, and then there is nothing to carry.
    guard !outputs.isEmpty else {
      lifetimes = VariableLifetimes()
      flagPlaces = FlagPlaces()
      return
    }
    lifetimes = VariableLifetimes(graph)
    flagPlaces = tracesEveryCall ? FlagPlaces() : FlagPlaces(graph)
    for step in graph.order {
      let node = graph.workflow.steps[step]
      let values = (node.call?.values ?? []) + node.assignments.map(\.value)
      for condition in node.decisions.map(\.condition) + values.flatMap(\.conditions) {
        for test in condition.tests { _ = site(test.location) }
      }
    }
    for returned in graph.workflow.returns {
      for test in returned.value.conditions.flatMap(\.tests) { _ = site(test.location) }
    }
  }

  private static let visitsPerStep = 64
  /// A path that grows in a loop says nothing new after this many parts.
  fileprivate static let pathLimit = 12

  mutating func run() {
    guard let entry = graph.order.first else { return }
    var pending = Heap()
    var visits = [Int](repeating: 0, count: graph.workflow.steps.count)
    pending.insert(0)
    while let place = pending.removeFirst() {
      let step = graph.order[place]
      guard let arrival = arrival(at: step, isEntry: step == entry) else { continue }
      if arrivals[step] == arrival { continue }
      visits[step] += 1
      if visits[step] > Self.visitsPerStep { continue }
      arrivals[step] = arrival
      if graph.outgoing[step].isEmpty, graph.workflow.steps[step].call != nil {
        // Nothing follows, but what the step checks has a place.
        _ = successState(of: step, graph.workflow.steps[step], arrival)
      }
      for (edge, state) in departures(from: step, arrival) where edgeStates[edge] != state {
        edgeStates[edge] = state
        if let next = graph.position[graph.workflow.edges[edge].to] { pending.insert(next) }
      }
    }
  }

  private func arrival(at step: Int, isEntry: Bool) -> FlowState? {
    var result: FlowState? = isEntry ? initialState() : nil
    let joinsAll = graph.workflow.steps[step].joinsAll
    for edge in graph.incoming[step] {
      guard let state = edgeStates[edge] else { continue }
      result = result.map { joinsAll ? $0.joined(with: state) : $0.merged(with: state) } ?? state
    }
    return result
  }

  /// Texts that come from outside are there from the start.
  private func initialState() -> FlowState {
    var state = FlowState()
    for (index, output) in outputs.enumerated() {
      for case .input(let variable, let path) in output.origins {
        let trace = AbstractValue(Trace(output: index, part: .text, path: []))
        let present = state.store[variable] ?? .empty
        state.assign(present.writing(trace, at: path[...]), to: variable)
        state.proofs[index] = .unproven
      }
    }
    return state
  }

  /// What is proven of an output when control takes an edge; `nil` where it never does, or has no such output.
  func proof(of output: Int, on edge: Int) -> Proof? { edgeStates[edge]?.proofs[output] }

  // MARK: One step

  private mutating func departures(
    from step: Int, _ arrival: FlowState
  ) -> [(edge: Int, state: FlowState?)] {
    let node = graph.workflow.steps[step]
    let conditions = judge(node, step, arrival)
    // At most one for each way to end.
    var bases: [(departure: Departure, state: FlowState)] = []
    return graph.outgoing[step].map { index in
      let edge = graph.workflow.edges[index]
      let departure = Departure(edge, of: node, in: graph.workflow)
      let known = bases.first { $0.departure == departure }?.state
      let base = known ?? state(after: step, node, arrival, on: departure)
      if known == nil { bases.append((departure, base)) }
      return (index, follow(edge.guards, from: base, conditions)?.without(edge.emptyList))
    }
  }

  /// The ways in which a step can end, as far as they leave different states.
  private enum Departure {
    case success, handledFailure, ownFailure, timeout

    init(_ edge: Edge, of node: Step, in workflow: Workflow) {
      self =
        switch edge.outcome {
        case .success: .success
        // What a script makes of its own commands' failures is not the engine's failure handling.
        case .failure:
          workflow.steps[edge.to].route == node.route ? .ownFailure : .handledFailure
        case .timeout: .timeout
        }
    }
  }

  private mutating func state(
    after step: Int, _ node: Step, _ arrival: FlowState, on departure: Departure
  ) -> FlowState {
    let state =
      switch departure {
      case .success: successState(of: step, node, arrival)
      case .handledFailure: failureState(of: step, arrival, isHandled: true)
      case .ownFailure: failureState(of: step, arrival, isHandled: false)
      case .timeout: timeoutState(of: step, arrival)
      }
    return prune(state, after: step)
  }

  private func follow(
    _ guards: [Edge.Guard], from base: FlowState, _ conditions: [JudgedCondition]
  ) -> FlowState? {
    let conditions = guards.filter { $0.decision < conditions.count }.map {
      (condition: conditions[$0.decision], holds: $0.holds)
    }
    if conditions.isEmpty { return base }
    var state = base
    for (condition, holds) in conditions {
      // Without any output there is still a way that cannot be taken.
      let proofs = state.proofs.isEmpty ? [-1: .unproven] : state.proofs
      guard let next = condition.apply(holds, to: proofs) else { return nil }
      if !state.proofs.isEmpty { state.proofs = next }
      for (place, partition) in state.flags {
        state.flags[place] = partition.following(condition, holds, of: place)
      }
      // A word in the place of a certificate passes the test that a certificate passes, and proves nothing: proven is
      // then what is proven on all ways, those of the words among them.
      for place in condition.placeholders {
        let ways = state.flags[place]?.proofs ?? [:]
        for (output, proof) in ways where !proof.isProven && proofs[output]?.isProven == false {
          if state.proofs[output]?.isProven == true { state.proofs[output] = proof }
        }
      }
    }
    return state
  }

  private mutating func judge(
    _ node: Step, _ step: Int, _ arrival: FlowState
  ) -> [JudgedCondition] {
    node.decisions.map { decision in
      let decisionSite = site(decision.location)
      let judged = judgeCondition(decision.condition, in: arrival)
        .placingOutcomes(at: decisionSite)
      // How a command ended says nothing of outputs that it neither made nor was given.
      guard let call = node.call, case .outcome = decision.condition, case .test(var test) = judged
      else { return judged }
      let evaluator = ValueEvaluator(state: arrival)
      test.completed = Set(call.values.flatMap { evaluator.evaluate($0).outputs })
        .union(made[step] ?? [])
      return .test(test)
    }
  }

  /// `result` is what a call has just given, where the condition belongs to what is written of that.
  func judgeCondition(
    _ condition: Condition, in state: FlowState, result: AbstractValue = .empty
  ) -> JudgedCondition {
    if condition.isDeep { return .unknown }
    let numbers = siteNumbers
    return ConditionJudge(
      evaluator: ValueEvaluator(state: state, result: result), outputs: outputs, readers: readers,
      flags: state.flags.isEmpty ? nil : flagReader(in: state, result),
      site: { numbers[$0] ?? -1 }
    ).judge(condition)
  }

  private func flagReader(in state: FlowState, _ result: AbstractValue = .empty) -> FlagReader {
    FlagReader(places: flagPlaces, state: state) {
      judgeCondition($0, in: $1, result: result)
    }
  }

  mutating func site(_ location: SourceLocation) -> Int {
    if let number = siteNumbers[location] { return number }
    sites.append(location)
    siteNumbers[location] = sites.count - 1
    return sites.count - 1
  }

  /// What holds when the step has succeeded.
  mutating func success(of step: Int, _ arrival: FlowState) -> FlowState {
    successState(of: step, graph.workflow.steps[step], arrival)
  }

  private mutating func successState(
    of step: Int, _ node: Step, _ arrival: FlowState
  ) -> FlowState {
    var state = arrival
    let result = self.result(of: step, node, arrival)
    let model = models[step]
    if model.protocolRole == .await {
      let number = site(node.call?.location ?? node.location)
      let bound = boundOutputs(of: step, arrival)
      state.changeProofs { proofs in
        for output in bound { proofs[output] = .proven(at: number) }
        for (output, proof) in proofs where !bound.contains(output) && !bound.isEmpty {
          proofs[output] = proof.noting(.wrongOutput, at: number)
        }
      }
    }
    if let made = made[step] {
      state.changeProofs { proofs in
        for output in made { proofs[output] = .unproven }
      }
    }
    if let closed = node.closes {
      let numbers = graph.workflow.steps[closed].decisions.map { site($0.location) }
      state.changeProofs { proofs in
        for number in numbers { proofs = proofs.mapValues { $0.closing(number) } }
      }
    }
    switch node.kind {
    case .delay:
      let number = site(node.location)
      state.changeProofs { $0 = $0.mapValues { $0.noting(.delayGate, at: number) } }
    case .approval:
      state.isApproved = true
    case .action, .branch, .control:
      if model.roles.contains(.approval) { state.isApproved = true }
    }
    for assignment in node.assignments {
      if !flagPlaces.all.isEmpty {
        state.noteFlags(assignment, reader: flagReader(in: state, result))
      }
      let value = written(assignment.value, result, in: state).bounded
      let present = state.store[assignment.variable] ?? .empty
      // Most steps write nothing of an answer: the state is then shared, not copied.
      if value.isEmpty, assignment.appends || present.selecting(assignment.path).isEmpty {
        continue
      }
      let written =
        assignment.appends
        ? present.union(value) : present.writing(value, at: assignment.path[...])
      state.assign(written, to: assignment.variable)
    }
    return state
  }

  /// What a value carries, and of which outputs the proof was there when it was written.
  private func written(
    _ value: Value, _ result: AbstractValue, in state: FlowState
  ) -> AbstractValue {
    switch value {
    case .conditional(let condition, let first, let second)
    where condition.asksFor(first) && Probe(second) != nil:
      // `cert || 'none'`: told apart later by what an absent one reads as.
      let judged = judgeCondition(condition, in: state, result: result)
      guard let taken = state.assuming(judged, true) else {
        return .empty
      }
      return marked(value, result, in: taken)
    case .template(let parts) where parts.count == 1:
      return written(parts[0], result, in: state)
    case .conditional, .either, .template, .text, .converted:
      if value.conditions.isEmpty { break }
      let branches = ValueAlternatives(of: value, in: state) {
        judgeCondition($0, in: $1, result: result)
      }.branches
      guard branches.count > 1 else { break }
      return branches.reduce(AbstractValue.empty) { found, branch in
        found.union(marked(branch.value, result, in: branch.state))
      }
    case .record(let fields) where !value.conditions.isEmpty:
      return AbstractValue(
        fields: Dictionary(
          fields.map { ($0.name, written($0.value, result, in: state)) },
          uniquingKeysWith: { $1 }))
    case .list(let items) where !value.conditions.isEmpty:
      return AbstractValue(
        fields: Dictionary(
          uniqueKeysWithValues: items.enumerated().map {
            (String($0), written($1, result, in: state))
          }))
    default: break
    }
    return marked(value, result, in: state)
  }

  private func marked(
    _ value: Value, _ result: AbstractValue, in state: FlowState
  ) -> AbstractValue {
    ValueEvaluator(state: state, result: result).evaluate(value)
      .mapTraces { if state.proofs[$0.output]?.isProven == true { $0.isProven = true } }
  }

  /// What the step's call returns, as far as the outputs are concerned.
  func result(of step: Int, _ node: Step, _ arrival: FlowState) -> AbstractValue {
    guard let call = node.call else { return .empty }
    let model = models[step]
    var result = AbstractValue.empty
    if tracesEveryCall {
      result = AbstractValue(Trace(output: step, part: .answer, path: []))
    }
    for index in made[step] ?? [] {
      if outputs[index].isGenerated {
        result = result.union(AbstractValue(Trace(output: index, part: .answer, path: [])))
      }
      for case .step(let origin, let path) in outputs[index].origins where origin == step {
        let text = AbstractValue(Trace(output: index, part: .text, path: []))
        result = result.writing(result.selecting(path).union(text), at: path[...])
      }
    }
    switch model.protocolRole {
    case .await?:
      for output in boundOutputs(of: step, arrival) {
        let trace = Trace(
          output: output, part: .answer, path: [.field(certificateName(of: output))],
          absence: .never)
        result = result.union(AbstractValue(trace))
      }
    case .lookUp?, .verify?:
      for output in boundOutputs(of: step, arrival) {
        var trace = Trace(output: output, part: .answer, path: [])
        trace.isOfWait = model.showsProofByStatus
        result = result.union(AbstractValue(trace))
      }
    default:
      break
    }
    if let transform = model.transform {
      let derivation: Derivation = transform == .rewrite ? .rewritten : .formatted
      result = result.union(carried(by: call, arrival).content(readers, outputs, as: derivation))
    } else if model.isTransport {
      result = result.union(carried(by: call, arrival))
    }
    return result
  }

  private func certificateName(of output: Int) -> String {
    let document = readers[outputs[output].protocolIndex].protocolDocument
    return document.facets[.certificate]?.fields.first ?? document.facets[.verdict]?.fields.first
      ?? ""
  }

  /// Everything the call's arguments carry, as one flat value.
  private func carried(by call: Call, _ state: FlowState) -> AbstractValue {
    let evaluator = ValueEvaluator(state: state)
    var carried = AbstractValue.empty
    for value in call.values { carried = carried.union(evaluator.evaluate(value)) }
    return carried
  }

  /// The outputs a waiting, looking or verifying call is about.
  func boundOutputs(of step: Int, _ arrival: FlowState) -> [Int] {
    guard let call = graph.workflow.steps[step].call, let index = models[step].protocolIndex else {
      return []
    }
    let own = outputs.indices.filter { outputs[$0].step == step && !outputs[$0].isGenerated }
    if !own.isEmpty { return own }
    let named = carried(by: call, arrival).outputs
      .filter { arrival.proofs[$0] != nil && outputs[$0].protocolIndex == index }
    if !named.isEmpty { return named }
    // Nothing names it: the nearest answer before the call is meant.
    let candidates = arrival.proofs.keys.filter { outputs[$0].protocolIndex == index }
    let nearest = candidates.max { left, right in
      (graph.position[outputs[left].step] ?? 0, left)
        < (graph.position[outputs[right].step] ?? 0, right)
    }
    return nearest.map { [$0] } ?? []
  }

  private mutating func failureState(
    of step: Int, _ arrival: FlowState, isHandled: Bool
  ) -> FlowState {
    var state = arrival
    if isHandled {
      state.isAfterFailure = true
      state.changeProofs { $0 = $0.mapValues { $0.enteringFailureHandling() } }
    }
    if models[step].protocolRole == .await || models[step].protocolRole == .verify {
      let number = site(
        graph.workflow.steps[step].call?.location ?? graph.workflow.steps[step].location)
      let bound = boundOutputs(of: step, arrival)
      state.changeProofs { proofs in
        for output in bound {
          // A script that goes on without it has looked and not found; only the engine goes round a gate.
          proofs[output] = proofs[output].map {
            isHandled ? $0.bypassed(at: number) : $0.noting(.timeoutFallthrough, at: number)
          }
        }
      }
    }
    return state
  }

  private mutating func timeoutState(of step: Int, _ arrival: FlowState) -> FlowState {
    var state = arrival
    let number = site(graph.workflow.steps[step].location)
    state.changeProofs { proofs in
      for (output, proof) in proofs where readers[outputs[output].protocolIndex].hasOwnProof {
        proofs[output] = proof.noting(.timeoutFallthrough, at: number)
      }
    }
    return state
  }

  private func prune(_ state: FlowState, after step: Int) -> FlowState {
    guard let place = graph.position[step], state.store.count > 8 else { return state }
    let dead = state.store.keys.filter { !lifetimes.isRead($0, after: place) }
    if dead.isEmpty { return state }
    var pruned = state
    for flag in state.flags.keys where !lifetimes.isRead(flag.variable, after: place) {
      pruned.flags[flag] = nil
    }
    for variable in dead { pruned.store[variable] = nil }
    if pruned.proofs.count > 16 {
      var live: Set<Int> = []
      for value in pruned.store.values { value.collectOutputs(into: &live) }
      pruned.proofs = pruned.proofs.filter { live.contains($0.key) }
    }
    return pruned
  }
}

extension AbstractValue {
  fileprivate var bounded: AbstractValue {
    let limit = ProofPropagator.pathLimit
    if traces.allSatisfy({ $0.path.count <= limit }) && fields.isEmpty { return self }
    return (isLarge ? flattened : self).mapTraces {
      if $0.path.count > limit { $0.path = Array($0.path.prefix(limit)) }
    }
  }

  /// Only the content that is carried, as new text.
  fileprivate func content(
    _ readers: [FacetReader], _ outputs: [Output], as derivation: Derivation
  ) -> AbstractValue {
    var result = AbstractValue.empty
    for trace in allTraces {
      let facet = readers[outputs[trace.output].protocolIndex].facet(of: trace)
      guard facet == nil || facet == .content else { continue }
      var derived = trace
      derived.part = .text
      derived.path = []
      derived.derivation = max(derivation, trace.derivation)
      result = result.union(AbstractValue(derived))
    }
    return result
  }
}

extension JudgedCondition {
  /// Outcome checks stand where their decision stands.
  fileprivate func placingOutcomes(at site: Int) -> JudgedCondition {
    switch self {
    case .constant, .settled, .unknown: return self
    case .flag(var flag):
      if let own = flag.content?.site, own < 0 { flag.content?.site = site }
      return .flag(flag)
    case .all(let parts): return .all(parts.map { $0.placingOutcomes(at: site) })
    case .any(let parts): return .any(parts.map { $0.placingOutcomes(at: site) })
    case .not(let inner): return .not(inner.placingOutcomes(at: site))
    case .every(let inner): return .every(inner.placingOutcomes(at: site))
    case .some(let inner): return .some(inner.placingOutcomes(at: site))
    case .test(var test):
      if test.site < 0 { test.site = site }
      return .test(test)
    }
  }
}

extension Condition {
  /// Every test in the condition.
  var tests: [Test] {
    switch self {
    case .constant, .outcome, .unknown: []
    case .all(let parts), .any(let parts): parts.flatMap(\.tests)
    case .not(let inner), .every(_, let inner), .some(_, let inner): inner.tests
    case .test(let test): test.unfolded.map { [test] + $0.tests } ?? [test]
    }
  }
}

/// Places in the order, smallest first, each at most once.
private struct Heap {
  private var items: [Int] = []
  private var present: Set<Int> = []

  mutating func insert(_ item: Int) {
    guard present.insert(item).inserted else { return }
    items.append(item)
    var child = items.count - 1
    while child > 0, items[child] < items[(child - 1) / 2] {
      items.swapAt(child, (child - 1) / 2)
      child = (child - 1) / 2
    }
  }

  mutating func removeFirst() -> Int? {
    guard let first = items.first, let last = items.popLast() else { return nil }
    present.remove(first)
    if items.isEmpty { return first }
    items[0] = last
    var parent = 0
    while true {
      let left = 2 * parent + 1
      guard left < items.count else { break }
      let right = left + 1
      let child = right < items.count && items[right] < items[left] ? right : left
      guard items[child] < items[parent] else { break }
      items.swapAt(child, parent)
      parent = child
    }
    return first
  }
}
