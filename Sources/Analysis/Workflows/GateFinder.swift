import Expressions
import Findings
import Rules
import SourceText
import Workflows

/// Finds out what a gate before a consuming step could ask for: every place on the way to it that shows the proof.
///
/// A reference type: the places of all outputs are found in one walk, when the first is asked for.
final class GateFinder {
  private let analysis: WorkflowAnalysis
  private lazy var candidates: [Int: [Candidate]] = allCandidates()

  init(analysis: WorkflowAnalysis) { self.analysis = analysis }

  /// `nil` where no gate can end the finding: nothing is unproven, or the proof is more than one field.
  func request(for consumption: Consumption) -> GateRequest? {
    guard let proof = consumption.proof, !proof.isProven else { return nil }
    return reads(for: consumption)
  }

  /// Where the step could read the proof of what it uses; `nil` where the proof is more than one field.
  func reads(for consumption: Consumption) -> GateRequest? {
    guard let output = consumption.output, analysis.outputs[output].isGenerated,
      field(of: output) != nil
    else { return nil }
    let step = consumption.step
    return GateRequest(
      step: analysis.workflow.steps[step],
      places: settled(candidates[output] ?? [], isWrapped: isWrapped(output)),
      successes: successes(for: consumption), isRepeated: leadsBack(to: step),
      isInLoop: analysis.graph.isInCycle[step])
  }

  /// The protocol's own name of the proof.
  private func field(of output: Int) -> String? {
    let document = analysis.reader(of: output).protocolDocument
    return document.proof == .certificate ? document.facets[.certificate]?.fields.first : nil
  }

  private func allCandidates() -> [Int: [Candidate]] {
    var found: [Int: [Candidate]] = [:]
    for step in analysis.graph.order {
      for (output, candidate) in written(by: step) + beside(readsOf: step) {
        found[output, default: []].append(candidate)
      }
    }
    return found
  }

  /// The routes of waits, and of checks that a way to the step has gone round.
  private func successes(for consumption: Consumption) -> [Success] {
    let workflow = analysis.workflow
    var found = (consumption.output.flatMap { analysis.verifications[$0] } ?? [])
      .filter { analysis.models[$0].protocolRole == .await }
    let sites = (consumption.proof?.openWays ?? []).flatMap { way in
      [Cause.gateBypassed, .timeoutFallthrough].compactMap { way.site(of: $0) }
    }
    for place in sites.compactMap(analysis.site) {
      found += workflow.steps.indices.filter { workflow.steps[$0].holds(place) }
    }
    let own = workflow.steps[consumption.step].route
    var successes: [Success] = []
    for step in found.map({ workflow.steps[$0] }) where step.route != own {
      let success = Success(
        route: step.route, identifier: step.identifier, name: step.name)
      if !successes.contains(success) { successes.append(success) }
    }
    return successes
  }

  /// Whether control comes back to the step for the same subject.
  private func leadsBack(to step: Int) -> Bool {
    guard analysis.graph.isInCycle[step] else { return false }
    var seen: Set<Int> = []
    var pending = [step]
    while let next = pending.popLast() {
      for edge in analysis.graph.outgoing[next].map({ analysis.workflow.edges[$0] })
      where !edge.isNextElement {
        if edge.to == step { return true }
        if seen.insert(edge.to).inserted { pending.append(edge.to) }
      }
    }
    return false
  }

  /// A place with the reason why it is one.
  private struct Candidate {
    enum Reason: Int {
      /// What a wait or a look-up gave.
      case awaited
      /// The author's own text reads or writes the proof there.
      case named
      /// Beside a part of the answer that the author's own text reads.
      case sibling
      /// In the whole answer, under the protocol's own name.
      case answer
    }

    var place: ProofPlace
    var reason: Reason
  }

  /// Whether the call that made the output hides its requests: an action or a node may wait before it answers.
  private func isWrapped(_ output: Int) -> Bool {
    analysis.workflow.steps[analysis.outputs[output].step].call?.http == nil
  }

  private func settled(_ candidates: [Candidate], isWrapped: Bool) -> [ProofPlace] {
    // An author who looks for the proof expects it to come.
    let isNamed = candidates.contains { $0.reason == .awaited || $0.reason == .named }
    var places: [ProofPlace] = []
    let ordered = candidates.enumerated().sorted {
      ($0.element.reason.rawValue, $0.offset) < ($1.element.reason.rawValue, $1.offset)
    }
    for (_, candidate) in ordered {
      var place = candidate.place
      let isKnown = places.contains { $0.variable == place.variable && $0.path == place.path }
      if isKnown { continue }
      place.canArrive = isNamed || isWrapped
      places.append(place)
    }
    return places
  }

  // MARK: What steps write

  private func written(by step: Int) -> [(output: Int, candidate: Candidate)] {
    let node = analysis.workflow.steps[step]
    guard !node.assignments.isEmpty, let end = analysis.endState(of: step) else { return [] }
    let role = analysis.models[step].protocolRole
    return node.assignments.flatMap { assignment -> [(Int, Candidate)] in
      let value = end.store[assignment.variable]?.selecting(assignment.path) ?? .empty
      return value.places.compactMap { path, trace in
        guard let field = field(of: trace.output) else { return nil }
        func candidate(
          _ path: [PathComponent], answer: Call? = nil, _ reason: Candidate.Reason
        ) -> (Int, Candidate) {
          let place = ProofPlace(
            variable: assignment.variable, path: assignment.path + path, answer: answer,
            canArrive: true)
          return (trace.output, Candidate(place: place, reason: reason))
        }
        let below = path + [.field(field)]
        switch analysis.facet(of: trace) {
        case .certificate? where role == .await && trace.absence.isEmpty && path.isEmpty:
          // The whole result of a wait stands for its proof.
          return candidate(below, answer: node.call, .awaited)
        case .certificate?:
          return candidate(path, role == .await || role == .lookUp ? .awaited : .named)
        case nil where trace.part == .answer && !trace.isCount:
          return candidate(
            below, answer: trace.path.isEmpty ? node.call : nil,
            role == .lookUp ? .awaited : .answer)
        default:
          return nil
        }
      }
    }
  }

  // MARK: What steps read

  /// The proof's place as the author's own reads of the answer's parts spell it.
  private func beside(readsOf step: Int) -> [(output: Int, candidate: Candidate)] {
    guard let state = analysis.state(at: step) else { return [] }
    return analysis.workflow.steps[step].references.flatMap { reference -> [(Int, Candidate)] in
      let stored = state.store[reference.variable] ?? .empty
      return stored.selecting(reference.path).traces.compactMap { trace in
        func candidate(
          _ path: [PathComponent], _ reason: Candidate.Reason
        ) -> (Int, Candidate) {
          let place = ProofPlace(variable: reference.variable, path: path, canArrive: true)
          return (trace.output, Candidate(place: place, reason: reason))
        }
        if analysis.facet(of: trace) == .certificate { return candidate(reference.path, .named) }
        guard let field = field(of: trace.output), let part = part(of: trace),
          reference.path.count >= part.count, Array(reference.path.suffix(part.count)) == part
        else { return nil }
        let path = Array(reference.path.dropLast(part.count)) + [.field(field)]
        let shows = stored.selecting(path).traces.contains {
          $0.output == trace.output && analysis.facet(of: $0) == .certificate
        }
        return shows ? candidate(path, .sibling) : nil
      }
    }
  }

  /// The end of a trace's path from the first name that means something: what comes before only wraps it.
  private func part(of trace: Trace) -> [PathComponent]? {
    guard trace.part == .answer else { return nil }
    for length in trace.path.indices {
      var prefix = trace
      prefix.path = Array(trace.path[...length])
      if analysis.facet(of: prefix) != nil { return Array(trace.path[length...]) }
    }
    return nil
  }
}

extension Step {
  /// Whether a place belongs to the step's own text.
  fileprivate func holds(_ place: SourceLocation) -> Bool {
    ([location] + [call?.location].compactMap(\.self) + decisions.map(\.location)).contains {
      $0.path == place.path && $0.range.contains(place.range)
    }
  }
}

extension AbstractValue {
  /// Where in the value something of an output lies.
  fileprivate var places: [(path: [PathComponent], trace: Trace)] {
    var found = traces.map { (path: [PathComponent](), trace: $0) }
    for (name, value) in fields.sorted(by: { $0.key < $1.key }) {
      found += value.places.map { ([.field(name)] + $0.path, $0.trace) }
    }
    return found
  }
}
