import Expressions
import Rules
import Workflows

/// Finds where steps of a role consume an output in the way a rule speaks of.
struct ConsumptionFinder {
  let analysis: WorkflowAnalysis
  let rule: Int
  let check: FlowCheck

  private let sinks: Set<Role>
  private let reads: Set<Facet>
  private let written: ClaimedTexts?

  init(analysis: WorkflowAnalysis, rule: Int, check: FlowCheck) {
    self.analysis = analysis
    self.rule = rule
    self.check = check
    sinks = Set(check.sinks)
    reads = Set(check.reads)
    written = check.claims ? ClaimedTexts(analysis) : nil
  }

  func find() -> [Consumption] {
    var found: [Consumption] = []
    for step in analysis.graph.order {
      guard let state = analysis.state(at: step) else { continue }
      let model = analysis.models[step]
      guard !sinks.isDisjoint(with: model.roles) else { continue }
      var used: [Consumption] = []
      if sinks.contains(.branch) { used += decisions(of: step, state) }
      if !sinks.subtracting([.branch]).isDisjoint(with: model.roles) {
        used += arguments(of: step, state)
      }
      found += used.filter { satisfiesPredicate($0, state) }
    }
    if check.returns { found += returned() }
    return check.when == .proven
      ? found.filter { isProvenEverywhere($0, found) } : found.filter(isFlagged)
  }

  /// A step that stands several times in the graph hands out a proven answer only where every copy does.
  private func isProvenEverywhere(_ consumption: Consumption, _ all: [Consumption]) -> Bool {
    let step = analysis.workflow.steps[consumption.step]
    return all.allSatisfy { other in
      let node = analysis.workflow.steps[other.step]
      let isCopy = node.route == step.route && node.part == step.part
      return !isCopy && other.location != consumption.location || other.output != consumption.output
        || isFlagged(other)
    }
  }

  private func satisfiesPredicate(_ consumption: Consumption, _ state: FlowState) -> Bool {
    guard let predicate = check.predicate else { return true }
    return PredicateEvaluator(
      analysis: analysis, step: consumption.step, state: state, output: consumption.output
    ).holds(predicate)
  }

  // MARK: Decisions

  private func decisions(of step: Int, _ state: FlowState) -> [Consumption] {
    let node = analysis.workflow.steps[step]
    // Decisions are asked in order: a later one sees what the earlier ones, having failed, have shown.
    var current = state
    var found: [Consumption] = []
    for (index, decision) in node.decisions.enumerated() {
      found += tests(in: decision.condition, current).map { read in
        var consumption = consumption(
          of: read.trace, in: read.state, at: step, slot: "decision \(index)",
          location: read.location)
        consumption.isUnclear = consumption.isUnclear || read.isUnclear
        // A score beside the content is part of the same decision, no gate before it.
        consumption.proof = consumption.proof?.forgetting(
          .confidenceGate,
          at: decision.condition.tests.compactMap { analysis.site(of: $0.location) })
        return consumption
      }
      if node.kind == .branch, index + 1 < node.decisions.count,
        let next = current.assuming(analysis.judge(decision.condition, in: current), false)
      {
        current = next
      }
    }
    return found
  }

  private struct Read {
    var trace: Trace
    var state: FlowState
    var location: SourceLocation
    var isUnclear = false
  }

  /// The reads in a condition, each in the state in which its neighbours have let it matter.
  private func tests(in condition: Condition, _ state: FlowState) -> [Read] {
    switch condition {
    case .constant, .outcome:
      return []
    case .all(let parts):
      return neighbours(parts, state, assumed: true)
    case .any(let parts):
      return neighbours(parts, state, assumed: false)
    case .not(let inner), .every(_, let inner), .some(_, let inner):
      return tests(in: inner, state)
    case .test(let test):
      if let unfolded = test.unfolded { return tests(in: unfolded, state) }
      if test.comparison == .isTrue { return flag(in: test, state) }
      if test.isPresence || test.isOfForm || comparesDigest(test, state) { return [] }
      return ([test.subject] + test.operands).flatMap { value in
        read(ValueEvaluator(state: state).evaluate(value.withoutLength.0), state, test.location)
      }
    case .unknown(let references):
      return references.flatMap { reference in
        read(
          ValueEvaluator(state: state).evaluate(.reference(reference)), state, reference.location
        )
        .map { read in
          var unclear = read
          unclear.isUnclear = true
          return unclear
        }
      }
    }
  }

  /// Whether a text's hash is held against the one that came with the answer: nothing depends on what the text says.
  private func comparesDigest(_ test: Test, _ state: FlowState) -> Bool {
    guard test.comparison == .equal else { return false }
    let evaluator = ValueEvaluator(state: state)
    return ([test.subject] + test.operands).contains { value in
      let traces = evaluator.evaluate(value).allTraces
      return !traces.isEmpty && traces.allSatisfy { analysis.facet(of: $0) == .digest }
    }
  }

  /// A bare `answer.approved` is a decision where the answer says so itself and nobody asks for more than that;
  /// else it is asked whether something is there.
  private func flag(in test: Test, _ state: FlowState) -> [Read] {
    read(ValueEvaluator(state: state).evaluate(test.subject), state, test.location).filter {
      analysis.reader(of: $0.trace.output).isOwnField($0.trace)
        && !analysis.decisions.isGivenAway($0.trace)
    }
  }

  /// Conjuncts are judged with the others assumed: `cert != null && weight >= x` reads a proven weight.
  private func neighbours(
    _ parts: [Condition], _ state: FlowState, assumed: Bool
  ) -> [Read] {
    // A list of hundreds is no author's thought; each of its parts is judged alone.
    guard parts.count <= 64 else { return parts.flatMap { tests(in: $0, state) } }
    let judged = parts.map { analysis.judge($0, in: state) }
    return parts.indices.flatMap { index -> [Read] in
      // What is proven changes nothing about what is read.
      if tests(in: parts[index], state).isEmpty { return [] }
      var assumedState = state
      for other in parts.indices where other != index {
        assumedState = assumedState.assuming(judged[other], assumed) ?? assumedState
      }
      if !assumed {
        // `!cert || weight < x` reads a proven weight; in `cert || manual` nothing was looked for in vain.
        assumedState.proofs = assumedState.proofs.merging(state.proofs) { assumed, plain in
          assumed.isProven ? assumed : plain
        }
      }
      return tests(in: parts[index], assumedState)
    }
  }

  private func read(
    _ value: AbstractValue, _ state: FlowState, _ location: SourceLocation
  ) -> [Read] {
    value.allTraces.compactMap { trace in
      guard let facet = analysis.facet(of: trace), reads.contains(facet) else { return nil }
      return Read(trace: trace, state: state, location: location)
    }
  }

  // MARK: Arguments

  private func arguments(of step: Int, _ state: FlowState) -> [Consumption] {
    let node = analysis.workflow.steps[step]
    guard let call = node.call else { return [] }
    let named = ArgumentReader(call: call, model: analysis.models[step])
    let given = named.arguments(for: check.argument, roles: sinks)
    var found = check.claims ? claims(of: step, call, given, state) : []
    if reads.isEmpty { return found }
    for argument in given {
      let alternatives = ValueAlternatives(
        of: argument.value, in: state, judging: analysis.judge)
      for branch in alternatives.branches {
        let value = ValueEvaluator(state: branch.state).evaluate(branch.value)
        for trace in value.allTraces where isRead(trace) {
          found.append(
            consumption(
              of: trace, in: branch.state, at: step, slot: "", location: argument.location))
        }
      }
    }
    return found
  }

  private func isRead(_ trace: Trace) -> Bool {
    guard let facet = analysis.facet(of: trace) else { return reads.contains(.content) }
    return reads.contains(facet)
  }

  // MARK: Claims

  private func claims(
    of step: Int, _ call: Call, _ given: [Call.Argument], _ state: FlowState
  ) -> [Consumption] {
    let evaluator = ValueEvaluator(state: state)
    var mentioned = Set(call.arguments.flatMap { evaluator.evaluate($0.value).outputs })
    if let body = call.http?.body { mentioned.formUnion(evaluator.evaluate(body).outputs) }
    var found: [Consumption] = []
    for argument in given {
      var branches = ValueAlternatives(
        of: argument.asField, in: state, judging: analysis.judge
      ).branches
      for text in written?.texts(in: argument.value, at: step) ?? [] {
        let alternatives = ValueAlternatives(of: text.value, in: text.state) {
          analysis.judge($0, in: $1, result: text.result)
        }
        branches += alternatives.branches.map { branch in
          var shown = state
          // Who reads the text reads it later: what was shown where it was written is shown.
          shown.proofs = shown.proofs.joined(with: branch.state.proofs)
          return ValueAlternatives.Branch(value: branch.value, state: shown)
        }
      }
      for branch in branches {
        for output in claimed(by: branch, mentioned) {
          let value = ValueEvaluator(state: branch.state).evaluate(branch.value)
          let carried = value.allTraces.filter { $0.output == output }
          var trace = Trace(
            output: output, part: .text, path: [],
            derivation: carried.map(\.derivation).max() ?? .exact)
          trace.isProven = !carried.isEmpty && carried.allSatisfy(\.isProven)
          found.append(
            consumption(
              of: trace, in: branch.state, at: step, slot: "", location: argument.location))
        }
      }
    }
    return found
  }

  /// The outputs a text claims to be verified: those it carries, else the nearest one unless any is proven.
  private func claimed(by branch: ValueAlternatives.Branch, _ mentioned: Set<Int>) -> [Int] {
    if branch.state.proofs.isEmpty { return [] }
    let text = CallMatcher.rendered(branch.value) + branch.value.affirmedNames
    let claiming = analysis.readers.map { $0.claims.claims(text) }
    let known = branch.state.proofs.keys.filter { claiming[analysis.outputs[$0].protocolIndex] }
    let named = known.filter(mentioned.contains)
    if !named.isEmpty { return named.sorted() }
    let proven = known.filter { branch.state.proofs[$0]?.isProven == true }
    if check.when == .unproven, !proven.isEmpty { return [] }
    let nearest = (proven.isEmpty ? known : proven).max { left, right in
      let place = { analysis.graph.position[analysis.outputs[$0].step] ?? 0 }
      return (place(left), left) < (place(right), right)
    }
    return nearest.map { [$0] } ?? []
  }

  // MARK: Returns

  private func returned() -> [Consumption] {
    analysis.workflow.returns.flatMap { returned -> [Consumption] in
      guard let state = analysis.endState(of: returned.step) else { return [] }
      let alternatives = ValueAlternatives(
        of: returned.value, in: state, judging: analysis.judge)
      return alternatives.branches.flatMap { branch in
        ValueEvaluator(state: branch.state).evaluate(branch.value).allTraces
          .filter { isRead($0) && !analysis.checks($0.output) }
          .map {
            consumption(
              of: $0, in: branch.state, at: returned.step, slot: "return \(returned.name)",
              location: returned.location)
          }
      }
    }
  }

  // MARK: Judgement

  private func consumption(
    of trace: Trace, in state: FlowState, at step: Int, slot: String, location: SourceLocation
  ) -> Consumption {
    let known = state.proofs[trace.output] ?? .unproven
    var proof = trace.isProven && !known.isProven ? .proven(at: nil) : known
    var derivation = trace.derivation
    let output = analysis.outputs[trace.output]
    if output.isExcerpt, trace.part == .text {
      if trace.isCut {
        // What was cut out is what was verified.
        if derivation == .formatted { derivation = .exact }
      } else if proof.isProven,
        let site = proof.gate ?? analysis.site(of: analysis.workflow.steps[output.step].location)
      {
        proof = Proof.unproven.noting(.partialGate, at: site)
      }
    }
    if !proof.isProven, analysis.reader(of: trace.output).piece(in: trace) != nil,
      proof.openWays.allSatisfy({ $0.told?.cause == .partialGate })
    {
      // The piece that was checked is the one that is used.
      proof = .proven(at: proof.openWays.first?.told?.site)
    }
    return Consumption(
      rule: rule, step: step, location: location, slot: slot, output: trace.output, proof: proof,
      derivation: derivation, isApproved: state.isApproved,
      field: trace.path.fieldName ?? "",
      isUnclear: proof.openWays.contains { $0.marks.contains(.unclearGate) })
  }

  private func isFlagged(_ consumption: Consumption) -> Bool {
    guard let proof = consumption.proof else { return false }
    switch check.when {
    // What a model made of a proven answer is not the proven answer.
    case .proven: return proof.isProven && consumption.derivation < .rewritten
    case .unproven: return !proof.isProven || consumption.derivation > .exact
    }
  }
}

extension WorkflowAnalysis {
  /// What holds when a step has succeeded.
  func endState(of step: Int) -> FlowState? {
    guard let arrival = state(at: step) else { return nil }
    var scratch = propagator
    return scratch.success(of: step, arrival)
  }
}

extension [PathComponent] {
  /// The last named part.
  var fieldName: String? {
    for component in reversed() {
      if case .field(let name) = component { return name }
    }
    return nil
  }
}

extension Test {
  /// Only looks for a mark that says nothing by itself: a parser's test for `{` decides nothing.
  fileprivate var isOfForm: Bool {
    switch comparison {
    case .equal, .contains, .startsWith, .endsWith, .oneOf: break
    default: return false
    }
    return !operands.isEmpty
      && operands.allSatisfy { operand in
        guard case .literal(let text) = operand else { return false }
        return !text.isEmpty && text.utf8.allSatisfy(Self.isMark)
      }
  }

  private static func isMark(_ byte: UInt8) -> Bool {
    let isLetter = (0x41...0x5a).contains(byte & 0xdf)
    return byte < 0x80 && !isLetter && !(0x30...0x39).contains(byte)
  }

  /// Only asks whether something is there: that is a check of completion, not a decision on what it says.
  var isPresence: Bool {
    switch comparison {
    case .isPresent, .isNull, .isEmpty, .isTrue, .isText, .isNumber, .isBoolean: return true
    case .equal:
      return operands.allSatisfy { Probe($0) == .null || Probe($0) == .text("") }
    case .less, .lessOrEqual, .greater, .greaterOrEqual:
      // Its size: `text.length > 0`, or the bound of a loop over it.
      return ([subject] + operands).contains { value in
        if case .length = value { true } else { false }
      }
    case .contains, .startsWith, .endsWith, .oneOf, .matchesGlob, .matchesRegularExpression:
      return false
    }
  }
}

extension Call.Argument {
  /// `body.verified` that is simply `true` is a field that claims what it is called.
  fileprivate var asField: Value {
    guard case .literal("true") = value, let name = name.split(separator: ".").last else {
      return value
    }
    return .record([.init(String(name), value)])
  }
}

extension Value {
  /// The names of fields that are simply `true`: `{"verified": true}` claims what it is called.
  var affirmedNames: String {
    switch self {
    case .record(let fields):
      fields.map { field in
        guard case .literal("true") = field.value else { return field.value.affirmedNames }
        return "\n" + field.name.map { $0 == "_" || $0 == "-" ? " " : String($0) }.joined()
      }.joined()
    case .list(let parts), .template(let parts): parts.map(\.affirmedNames).joined()
    case .text(let inner, _), .converted(_, let inner): inner.affirmedNames
    default: ""
    }
  }
}
