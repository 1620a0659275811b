import Expressions
import Findings
import Rules
import SourceText
import Workflows

/// Finds out what a gate before a consuming step could ask for: every place on the way to it that shows the proof.
struct GateFinder {
  let analysis: WorkflowAnalysis

  /// `nil` where no gate can end the finding: nothing is unproven, or the proof is more than one field.
  func request(for consumption: Consumption) -> GateRequest? {
    guard let output = consumption.output, let proof = consumption.proof, !proof.isProven else {
      return nil
    }
    let document = analysis.reader(of: output).protocolDocument
    guard analysis.outputs[output].isGenerated, document.proof == .certificate,
      let field = document.facets[.certificate]?.fields.first
    else { return nil }
    var places: [Candidate] = []
    for step in analysis.graph.order {
      places += written(by: step, output, field)
      places += beside(readsOf: step, output, field)
    }
    let step = consumption.step
    return GateRequest(
      step: analysis.workflow.steps[step],
      places: settled(places, isWrapped: isWrapped(output)),
      successes: successes(for: consumption), isRepeated: leadsBack(to: step),
      isInLoop: analysis.graph.isInCycle[step])
  }

  /// The routes of waits, and of checks that a way to the step has gone round.
  private func successes(for consumption: Consumption) -> [String] {
    let workflow = analysis.workflow
    var found = analysis.graph.order.filter { analysis.models[$0].protocolRole == .await }
    let sites = (consumption.proof?.openWays ?? []).flatMap { way in
      [Cause.gateBypassed, .timeoutFallthrough].compactMap { way.site(of: $0) }
    }
    for place in sites.compactMap(analysis.site) {
      found += workflow.steps.indices.filter { workflow.steps[$0].holds(place) }
    }
    let own = workflow.steps[consumption.step].route
    var routes: [String] = []
    for route in found.map({ workflow.steps[$0].route }) where route != own {
      if !routes.contains(route) { routes.append(route) }
    }
    return routes
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
    var known: Set<[PathComponent]> = []
    var places: [ProofPlace] = []
    let ordered = candidates.enumerated().sorted {
      ($0.element.reason.rawValue, $0.offset) < ($1.element.reason.rawValue, $1.offset)
    }
    for (_, candidate) in ordered {
      var place = candidate.place
      guard known.insert([.field(place.variable.name)] + place.path).inserted else { continue }
      place.canArrive = isNamed || isWrapped
      places.append(place)
    }
    return places
  }

  // MARK: What steps write

  private func written(by step: Int, _ output: Int, _ field: String) -> [Candidate] {
    let node = analysis.workflow.steps[step]
    guard !node.assignments.isEmpty, let end = analysis.endState(of: step) else { return [] }
    let role = analysis.models[step].protocolRole
    return node.assignments.flatMap { assignment -> [Candidate] in
      let value = end.store[assignment.variable]?.selecting(assignment.path) ?? .empty
      return value.places(of: output).compactMap { path, trace in
        let whole = assignment.path + path
        switch analysis.facet(of: trace) {
        case .certificate?:
          let place = ProofPlace(variable: assignment.variable, path: whole, canArrive: true)
          let isAwaited = role == .await || role == .lookUp
          // The whole result of a wait stands for its proof.
          if role == .await, trace.absence.isEmpty, path.isEmpty {
            return Candidate(
              place: ProofPlace(
                variable: assignment.variable, path: whole + [.field(field)], answer: node.call,
                canArrive: true), reason: .awaited)
          }
          return Candidate(place: place, reason: isAwaited ? .awaited : .named)
        case nil where trace.part == .answer && !trace.isCount:
          return Candidate(
            place: ProofPlace(
              variable: assignment.variable, path: whole + [.field(field)],
              answer: trace.path.isEmpty ? node.call : nil, canArrive: true),
            reason: role == .lookUp ? .awaited : .answer)
        default:
          return nil
        }
      }
    }
  }

  // MARK: What steps read

  /// The proof's place as the author's own reads of the answer's parts spell it.
  private func beside(readsOf step: Int, _ output: Int, _ field: String) -> [Candidate] {
    guard let state = analysis.state(at: step) else { return [] }
    return analysis.workflow.steps[step].references.flatMap { reference -> [Candidate] in
      let stored = state.store[reference.variable] ?? .empty
      return stored.selecting(reference.path).traces.compactMap { trace in
        guard trace.output == output else { return nil }
        if analysis.facet(of: trace) == .certificate {
          return Candidate(
            place: ProofPlace(
              variable: reference.variable, path: reference.path, canArrive: true), reason: .named)
        }
        guard let part = part(of: trace), reference.path.count >= part.count,
          Array(reference.path.suffix(part.count)) == part
        else { return nil }
        let path = Array(reference.path.dropLast(part.count)) + [.field(field)]
        let shows = stored.selecting(path).traces.contains {
          $0.output == output && analysis.facet(of: $0) == .certificate
        }
        guard shows else { return nil }
        return Candidate(
          place: ProofPlace(variable: reference.variable, path: path, canArrive: true),
          reason: .sibling)
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
  fileprivate func places(of output: Int) -> [(path: [PathComponent], trace: Trace)] {
    var found = traces.filter { $0.output == output }.map { (path: [PathComponent](), trace: $0) }
    for (name, value) in fields.sorted(by: { $0.key < $1.key }) {
      found += value.places(of: output).map { ([.field(name)] + $0.path, $0.trace) }
    }
    return found
  }
}
