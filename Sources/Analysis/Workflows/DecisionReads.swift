import Expressions
import Rules
import Workflows

/// Which decisions read what: questions about the gates before a step must not walk the whole graph each time.
///
/// Found when a rule first asks, and then kept.
final class DecisionReads {
  /// By output: the steps of which some test compares a part of it, in order.
  var comparing: [Int: [Int]] { found.comparing }
  /// By facet: the steps that decide on it, in order.
  var deciding: [Facet: [Int]] { found.deciding }

  /// By output: the decisions one result of which proves it, in order.
  private(set) lazy var proving = findProving()

  private let propagator: ProofPropagator
  private lazy var found = find()
  private lazy var given = findGiven()

  private struct Found {
    var comparing: [Int: [Int]] = [:]
    var deciding: [Facet: [Int]] = [:]
  }

  init(_ propagator: ProofPropagator) { self.propagator = propagator }

  /// Whether this part of an answer, or a part of that, is given to a call, returned, or put into a text: it is more
  /// than a flag.
  func isGivenAway(_ trace: Trace) -> Bool {
    given[trace.output]?.contains { $0.starts(with: trace.path) } == true
  }

  private func findGiven() -> [Int: Set<[PathComponent]>] {
    var given: [Int: Set<[PathComponent]>] = [:]
    func note(_ values: [Value], in state: FlowState) {
      let evaluator = ValueEvaluator(state: state)
      for value in values {
        for trace in evaluator.evaluate(value).allTraces {
          given[trace.output, default: []].insert(trace.path)
        }
      }
    }
    let workflow = propagator.graph.workflow
    for step in propagator.graph.order {
      let texts = workflow.steps[step].assignments.map(\.value).filter(\.isComposed)
      note(
        (workflow.steps[step].call?.values ?? []) + texts,
        in: propagator.arrivals[step] ?? FlowState())
    }
    for returned in workflow.returns {
      note([returned.value], in: propagator.arrivals[returned.step] ?? FlowState())
    }
    return given
  }

  private func findProving() -> [Int: [(step: Int, decision: Int)]] {
    var proving: [Int: [(step: Int, decision: Int)]] = [:]
    for step in propagator.graph.order {
      let decisions = propagator.graph.workflow.steps[step].decisions
      guard !decisions.isEmpty, let state = propagator.arrivals[step] else { continue }
      for (number, decision) in decisions.enumerated() {
        let judged = propagator.judgeCondition(decision.condition, in: state)
        for output in judged.outputs ?? Set(state.proofs.keys) where state.proofs[output] != nil {
          let proves = [true, false].contains { holds in
            judged.apply(holds, to: .unproven, of: output)?.isProven == true
          }
          if proves { proving[output, default: []].append((step, number)) }
        }
      }
    }
    return proving
  }

  private func find() -> Found {
    var found = Found()
    for step in propagator.graph.order {
      let decisions = propagator.graph.workflow.steps[step].decisions
      if decisions.isEmpty { continue }
      let evaluator = ValueEvaluator(state: propagator.arrivals[step] ?? FlowState())
      var outputs: Set<Int> = []
      var facets: Set<Facet> = []
      for condition in decisions.map(\.condition) {
        for test in condition.tests {
          evaluator.evaluate(test.subject).collectOutputs(into: &outputs)
        }
        for reference in condition.references { collect(reference, evaluator, into: &facets) }
      }
      for output in outputs { found.comparing[output, default: []].append(step) }
      for facet in facets { found.deciding[facet, default: []].append(step) }
    }
    return found
  }

  private func collect(
    _ reference: Reference, _ evaluator: ValueEvaluator, into facets: inout Set<Facet>
  ) {
    let readers = propagator.readers
    let traces = evaluator.evaluate(.reference(reference)).allTraces
    if traces.isEmpty {
      facets.formUnion(readers.compactMap { $0.facet(named: reference.nameAndPath) })
    }
    for trace in traces {
      let reader = readers[propagator.outputs[trace.output].protocolIndex]
      if let facet = reader.facet(of: trace) { facets.insert(facet) }
    }
  }
}

extension Value {
  /// Whether it is a text made of several parts.
  fileprivate var isComposed: Bool {
    switch self {
    case .template: true
    case .text(let inner, _), .converted(_, let inner): inner.isComposed
    default: false
    }
  }
}
