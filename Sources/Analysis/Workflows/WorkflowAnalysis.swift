import Expressions
import Rules
import Workflows

/// One workflow with its roles, outputs and proofs: everything that rules ask about.
struct WorkflowAnalysis {
  let workflow: Workflow
  let graph: FlowGraph
  let models: [StepModel]
  let outputs: [Output]
  let readers: [FacetReader]
  private(set) var propagator: ProofPropagator
  /// By output: the steps that verify it or wait for its proof.
  private(set) var verifications: [Int: [Int]] = [:]
  let decisions: DecisionReads
  /// The reachable steps of each role, in order.
  let stepsByRole: [Role: [Int]]

  init(
    _ workflow: Workflow, models: [StepModel], readers: [FacetReader]
  ) {
    self.workflow = workflow
    self.readers = readers
    let graph = FlowGraph(workflow)
    self.graph = graph
    self.models = models
    let finder = OutputFinder(graph: graph, models: models, readers: readers)
    let found = finder.find()
    outputs = found.outputs
    propagator = ProofPropagator(
      graph: graph, models: models, outputs: found.outputs, made: found.made, readers: readers)
    var stepsByRole: [Role: [Int]] = [:]
    for step in graph.order {
      for role in models[step].roles { stepsByRole[role, default: []].append(step) }
    }
    self.stepsByRole = stepsByRole
    if !found.outputs.isEmpty { propagator.run() }
    decisions = DecisionReads(propagator)
    if found.outputs.isEmpty { return }
    for step in graph.order {
      let role = models[step].protocolRole
      guard role == .await || role == .verify, let state = propagator.arrivals[step] else {
        continue
      }
      for output in propagator.boundOutputs(of: step, state) {
        verifications[output, default: []].append(step)
      }
    }
  }

  func state(at step: Int) -> FlowState? { propagator.arrivals[step] }

  func site(_ number: Int) -> SourceLocation? {
    propagator.sites.indices.contains(number) ? propagator.sites[number] : nil
  }

  /// The number of a place where something is tested, as proofs know it.
  func site(of location: SourceLocation) -> Int? {
    propagator.siteNumbers[location]
  }

  /// A condition's meaning for the outputs in a state.
  func judge(_ condition: Condition, in state: FlowState) -> JudgedCondition {
    propagator.judgeCondition(condition, in: state)
  }

  /// What a condition means where a call has just given `result`.
  func judge(
    _ condition: Condition, in state: FlowState, result: AbstractValue
  ) -> JudgedCondition {
    propagator.judgeCondition(condition, in: state, result: result)
  }

  /// What a step's call gives.
  func result(of step: Int) -> AbstractValue {
    guard let arrival = state(at: step) else { return .empty }
    return propagator.result(of: step, workflow.steps[step], arrival)
  }

  func reader(of output: Int) -> FacetReader { readers[outputs[output].protocolIndex] }

  func facet(of trace: Trace) -> Facet? { reader(of: trace.output).facet(of: trace) }

  /// Whether the workflow runs a real check of this output anywhere: a verification, a wait, a test of its proof.
  func checks(_ output: Int) -> Bool {
    if !outputs[output].isGenerated || verifications[output] != nil { return true }
    return !gates(of: output).isEmpty
  }

  /// The decisions one result of which proves the output, by step and number.
  func gates(of output: Int) -> [(step: Int, decision: Int)] {
    decisions.proving[output] ?? []
  }
}

/// Finds the outputs of a workflow: what generating calls answer, and the texts that are given to a verification.
struct OutputFinder {
  let graph: FlowGraph
  let models: [StepModel]
  let readers: [FacetReader]

  func find() -> (outputs: [Output], made: [Int: [Int]]) {
    var outputs: [Output] = []
    var made: [Int: [Int]] = [:]
    var known: [String: Int] = [:]
    for step in graph.order where models[step].protocolRole == .generate {
      guard let index = models[step].protocolIndex else { continue }
      // A step that stands twice in the graph, on two rails, makes one output.
      let node = graph.workflow.steps[step]
      let identity = "\(node.route)#\(node.part)#\(index)"
      if let output = known[identity] {
        made[step, default: []].append(output)
        continue
      }
      known[identity] = outputs.count
      made[step, default: []].append(outputs.count)
      outputs.append(
        Output(protocolIndex: index, step: step, origins: [], isGenerated: true))
    }
    let verifying = graph.order.filter { models[$0].protocolRole == .verify }
    if verifying.isEmpty { return (outputs, made) }
    for (step, found, isExcerpt) in origins(of: verifying) {
      guard let index = models[step].protocolIndex else { continue }
      // What the same service generated is an output already; its verification is only started here.
      let origins = found.filter { !isGenerated($0, by: index) }
      if origins.isEmpty, !found.isEmpty { continue }
      let node = graph.workflow.steps[step]
      let identity = "\(node.route)#\(node.part)#\(index)"
      if known[identity] != nil { continue }
      known[identity] = outputs.count
      for case .step(let origin, _) in origins where origin != step {
        made[origin, default: []].append(outputs.count)
      }
      if origins.isEmpty { made[step, default: []].append(outputs.count) }
      outputs.append(
        Output(
          protocolIndex: index, step: step, origins: origins, isExcerpt: isExcerpt,
          isGenerated: false))
    }
    return withoutOutputsJudgedByVerification(outputs, made)
  }

  /// An answer that a verification proves is judged by the verification's protocol, not by its own as well.
  private func withoutOutputsJudgedByVerification(
    _ outputs: [Output], _ made: [Int: [Int]]
  ) -> (outputs: [Output], made: [Int: [Int]]) {
    let proving = readers.map { Set($0.protocolDocument.provedBy) }
    if proving.allSatisfy(\.isEmpty) { return (outputs, made) }
    var judged: Set<Int> = []
    for numbers in made.values {
      let verifying = Set(
        numbers.lazy.map { outputs[$0] }.filter { !$0.isGenerated }
          .map { readers[$0.protocolIndex].protocolDocument.name })
      if verifying.isEmpty { continue }
      judged.formUnion(
        numbers.filter { number in
          outputs[number].isGenerated
            && !proving[outputs[number].protocolIndex].isDisjoint(with: verifying)
        })
    }
    if judged.isEmpty { return (outputs, made) }
    let kept = outputs.indices.filter { !judged.contains($0) }
    let renumbered = Dictionary(uniqueKeysWithValues: kept.enumerated().map { ($1, $0) })
    return (
      kept.map { outputs[$0] }, made.mapValues { $0.compactMap { renumbered[$0] } }
    )
  }

  private func isGenerated(_ origin: Output.Origin, by protocolIndex: Int) -> Bool {
    guard case .step(let step, _) = origin else { return false }
    return models[step].protocolRole == .generate && models[step].protocolIndex == protocolIndex
  }

  /// Where the text of each verification comes from, found by following the results of all calls.
  private func origins(
    of verifying: [Int]
  ) -> [(step: Int, origins: [Output.Origin], isExcerpt: Bool)] {
    let results = graph.workflow.steps.indices.map { step in
      Output(protocolIndex: 0, step: step, origins: [], isGenerated: true)
    }
    var tracing = ProofPropagator(
      graph: graph, models: models, outputs: results, made: [:], readers: readers,
      tracesEveryCall: true)
    tracing.run()
    let writes = Writes(graph)
    return verifying.map { step in
      guard let state = tracing.arrivals[step], let call = graph.workflow.steps[step].call,
        let index = models[step].protocolIndex
      else { return (step, [], false) }
      let matcher = CallMatcher(call)
      let names = readers[index].protocolDocument.subject
      var subject = names.flatMap(matcher.arguments)
      if subject.isEmpty { subject = fields(names, of: call) }
      let evaluator = ValueEvaluator(state: state)
      var origins: [Output.Origin] = []
      var isExcerpt = true
      for argument in subject {
        for trace in evaluator.evaluate(argument.value).allTraces {
          origins.append(.step(trace.output, trace.path))
          if !trace.isCut { isExcerpt = false }
        }
        for (reference, isCut) in writes.sources(of: argument.value, at: step) {
          origins.append(.input(reference.variable, reference.path))
          if !isCut { isExcerpt = false }
        }
      }
      return (step, Array(Set(origins)).sorted { "\($0)" < "\($1)" }, isExcerpt)
    }
  }
}

extension OutputFinder {
  /// The parts of a body that stands in a file, or comes whole from elsewhere.
  private func fields(_ names: [String], of call: Call) -> [Call.Argument] {
    guard let body = call.http?.body, case .reference = body else { return [] }
    return names.map {
      Call.Argument("body." + $0, body.selecting([.field($0)]), at: call.location)
    }
  }
}

/// Which steps write which part of which variable.
private struct Writes {
  private let graph: FlowGraph
  private var places: [Variable: [(step: Int, path: [PathComponent], value: Value)]] = [:]

  init(_ graph: FlowGraph) {
    self.graph = graph
    for (step, node) in graph.workflow.steps.enumerated() {
      for assignment in node.assignments {
        places[assignment.variable, default: []].append(
          (step, assignment.path, assignment.value))
      }
    }
  }

  private static let deepest = 6
  private static let mostSources = 32

  /// The reads of a value that have come from outside, also by way of variables that were written before the step:
  /// `text = open("notes.md").read()`.
  ///
  /// Of some only a part is cut out on the way.
  func sources(of value: Value, at step: Int) -> [(reference: Reference, isCut: Bool)] {
    var found: [(Reference, Bool)] = []
    var seen: Set<Source> = []
    collect(value, at: step, depth: 0, isCut: false, into: &found, &seen)
    return found
  }

  private struct Source: Hashable {
    var variable: Variable
    var path: [PathComponent]
  }

  private func collect(
    _ value: Value, at step: Int, depth: Int, isCut: Bool,
    into found: inout [(Reference, Bool)], _ seen: inout Set<Source>
  ) {
    let whole = Set(value.withoutCuts.references)
    for reference in value.references where found.count < Self.mostSources {
      let isCut = isCut || !whole.contains(reference)
      guard seen.insert(Source(variable: reference.variable, path: reference.path)).inserted else {
        continue
      }
      let written = (places[reference.variable] ?? []).filter { place in
        let common = min(place.path.count, reference.path.count)
        return place.path.prefix(common) == reference.path.prefix(common)
          && place.step != step && graph.leads(from: place.step, to: step)
      }
      if written.isEmpty {
        found.append((reference, isCut))
      } else if depth < Self.deepest {
        for place in written {
          let rest = reference.path.dropFirst(place.path.count)
          collect(
            place.value.selecting(Array(rest)), at: step, depth: depth + 1, isCut: isCut,
            into: &found, &seen)
        }
      }
    }
  }
}
