import Expressions
import Rules
import Workflows

/// Evaluates a rule's predicate at one step.
struct PredicateEvaluator {
  let analysis: WorkflowAnalysis
  let step: Int
  let state: FlowState
  /// The output in question; `nil` where the rule speaks of the step alone.
  var output: Int?

  func holds(_ predicate: StepPredicate) -> Bool {
    switch predicate {
    case .all(let parts): parts.allSatisfy { holds($0) }
    case .any(let parts): parts.contains { holds($0) }
    case .not(let inner): !holds(inner)
    case .carries(let argument, let facets): carries(argument, Set(facets))
    case .has(let argument): !arguments(argument).isEmpty
    case .computed(let argument):
      arguments(argument).contains { CallMatcher.rendered($0.value).contains(CallMatcher.unknown) }
    case .text(let argument, let globs): text(argument, globs)
    case .number(let argument, let comparison, let bound): number(argument, comparison, bound)
    case .place(let place): isAt(place)
    case .proven(let wanted): touched.allSatisfy { state.proofs[$0]?.isProven == true } == wanted
    case .gatedBelow(let facet, let bound): isGatedBelow(facet, bound)
    case .trigger(let globs):
      analysis.workflow.triggers.contains { trigger in
        globs.contains { Glob($0, ignoringCase: true).matches(trigger.name) }
      }
    case .source(let inner): sources.contains { $0.holds(inner) }
    case .after(let other):
      analysis.stepsByRole[other.role]?.reversed().contains {
        analysis.graph.leads(from: $0, to: step) && holds(other.predicate, at: $0)
      } ?? false
    case .before(let other):
      analysis.stepsByRole[other.role]?.contains {
        analysis.graph.leads(from: step, to: $0) && holds(other.predicate, at: $0)
      } ?? false
    case .decidedOn(let facets): isDecided(on: Set(facets))
    }
  }

  private func holds(_ predicate: StepPredicate?, at other: Int) -> Bool {
    guard let predicate else { return true }
    guard let state = analysis.state(at: other) else { return false }
    return PredicateEvaluator(analysis: analysis, step: other, state: state).holds(predicate)
  }

  /// The calls that made or verified the outputs in question, each as the step a predicate looks at.
  private var sources: [PredicateEvaluator] {
    (output.map { [$0] } ?? touched).compactMap { output in
      let source = analysis.outputs[output].step
      guard let state = analysis.state(at: source) else { return nil }
      return PredicateEvaluator(analysis: analysis, step: source, state: state, output: output)
    }
  }

  private func isDecided(on facets: Set<Facet>) -> Bool {
    facets.contains { facet in
      analysis.decisions.deciding[facet]?.reversed().contains { decision in
        decision == step || analysis.graph.leads(from: decision, to: step)
      } ?? false
    }
  }

  private func arguments(_ name: String?) -> [Call.Argument] {
    guard let call = analysis.workflow.steps[step].call else { return [] }
    return ArgumentReader(call: call, model: analysis.models[step]).any(name)
  }

  /// The outputs that the step's arguments carry something of.
  var touched: [Int] {
    let evaluator = ValueEvaluator(state: state)
    return Array(Set(arguments(nil).flatMap { evaluator.evaluate($0.value).outputs })).sorted()
  }

  private func carries(_ argument: String?, _ facets: Set<Facet>) -> Bool {
    // What a protocol does not have cannot be missing.
    if let reader = output.map(analysis.reader),
      facets.allSatisfy({
        reader.knowsNothing(of: $0) || $0 == .certificate && !reader.protocolDocument.proofTravels
      })
    {
      return true
    }
    if carries(arguments(argument), facets, in: state) { return true }
    return argument == nil && isBeside(facets)
  }

  private func carries(
    _ arguments: [Call.Argument], _ facets: Set<Facet>, in state: FlowState
  ) -> Bool {
    let evaluator = ValueEvaluator(state: state)
    return arguments.contains { argument in
      evaluator.evaluate(argument.value).allTraces.contains { trace in
        guard let facet = analysis.facet(of: trace) else {
          // A whole answer holds its text and its certificate.
          return !facets.isDisjoint(with: [.content, .certificate])
        }
        return facets.contains(facet)
      }
    }
  }

  /// Whether the same script shows it in another piece of the page: one line, then the next.
  private func isBeside(_ facets: Set<Facet>) -> Bool {
    guard isPage(step) else { return false }
    let route = analysis.workflow.steps[step].route
    return analysis.workflow.steps.indices.contains { other in
      guard other != step, analysis.workflow.steps[other].route == route, isPage(other),
        let call = analysis.workflow.steps[other].call, let state = analysis.state(at: other)
      else { return false }
      return carries(call.arguments, facets, in: state)
    }
  }

  /// Shows something where it runs, and sends it to nobody.
  private func isPage(_ step: Int) -> Bool {
    let roles = analysis.models[step].roles
    return roles.contains(.badge) && !roles.contains(.handoff)
  }

  private func text(_ argument: String?, _ globs: [String]) -> Bool {
    arguments(argument).contains { argument in
      let text = CallMatcher.rendered(argument.value)
      return globs.contains { Glob($0, ignoringCase: true).matches(text) }
    }
  }

  private func number(
    _ argument: String, _ comparison: StepPredicate.NumberComparison,
    _ bound: StepPredicate.NumberBound
  ) -> Bool {
    arguments(argument).contains { argument in
      guard let number = Double(CallMatcher.rendered(argument.value)) else { return false }
      let limit = self.limit(bound, for: analysis.models[step].protocolIndex)
      return switch comparison {
      case .less: number < limit
      case .lessOrEqual: number <= limit
      case .equal: number == limit
      case .greaterOrEqual: number >= limit
      case .greater: number > limit
      }
    }
  }

  private func limit(_ bound: StepPredicate.NumberBound, for protocolIndex: Int?) -> Double {
    switch bound {
    case .literal(let number): number
    case .threshold:
      protocolIndex.map { analysis.readers[$0].protocolDocument.threshold }
        ?? analysis.readers.first?.protocolDocument.threshold ?? 0
    }
  }

  private func isAt(_ place: StepPredicate.Place) -> Bool {
    switch place {
    case .repeated:
      return analysis.graph.isRepeated[step] || analysis.workflow.steps[step].repeatsAfterAnswer
    case .afterFailure: return state.isAfterFailure
    case .approved: return state.isApproved
    case .provable:
      return analysis.models[step].protocolIndex.map { analysis.readers[$0].hasOwnProof } ?? false
    case .irreversible: return analysis.models[step].isIrreversible
    }
  }

  /// Whether some gate on the way compares the facet with a literal that is lower than the bound.
  private func isGatedBelow(_ facet: Facet, _ bound: StepPredicate.NumberBound) -> Bool {
    let outputs = Set(touched)
    let gates = Set(outputs.flatMap { analysis.decisions.comparing[$0] ?? [] })
    return gates.contains { gate in
      guard let gateState = analysis.state(at: gate),
        gate == step || analysis.graph.leads(from: gate, to: step)
      else { return false }
      let evaluator = ValueEvaluator(state: gateState)
      return analysis.workflow.steps[gate].decisions.flatMap(\.condition.tests).contains { test in
        let traces = evaluator.evaluate(test.subject).allTraces
        guard
          let trace = traces.first(where: {
            outputs.contains($0.output) && analysis.facet(of: $0) == facet
          }),
          let number = test.operands.first.flatMap(Probe.init)?.asNumber
        else { return false }
        let limit = self.limit(bound, for: analysis.outputs[trace.output].protocolIndex)
        return number.asShare < limit - 0.0005
      }
    }
  }
}

extension Double {
  /// A weight as a share of the whole: above 1 it is a percentage.
  fileprivate var asShare: Double { self > 1 ? self / 100 : self }
}

extension Step {
  /// The engine repeats the step on errors after which an answer may exist.
  fileprivate var repeatsAfterAnswer: Bool {
    guard let retry, retry.attempts != 0 else { return false }
    // Refused before anything was made: too many requests, service unavailable.
    return retry.on.isEmpty
      || retry.on.contains { error in !["429", "503"].contains { error.contains($0) } }
  }
}
