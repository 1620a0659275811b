import Expressions
import Findings
import Rules
import Workflows

/// Turns a consumption into a finding: severity, sentence, path and remedy.
struct FindingWriter {
  let analysis: WorkflowAnalysis
  let rules: [Rule]
  let locate: (SourceLocation) -> Location
  let gates: GateFinder

  init(
    analysis: WorkflowAnalysis, rules: [Rule], locate: @escaping (SourceLocation) -> Location
  ) {
    self.analysis = analysis
    self.rules = rules
    self.locate = locate
    gates = GateFinder(analysis: analysis)
  }

  func finding(for consumption: Consumption) -> Finding? {
    let rule = rules[consumption.rule]
    let told = told(consumption)
    guard let severity = severity(rule, consumption, told) else { return nil }
    let step = analysis.workflow.steps[consumption.step]
    let sentence =
      (consumption.variant ?? told?.cause.name).flatMap { rule.messageByCause[$0] } ?? rule.message
    var message = MessageTemplate(sentence).filled { placeholder($0, consumption, told) }
    if consumption.isApproved, lowersOnApproval(rule) {
      message += " (approved by a person, not certified)"
    }
    if let others = otherSources(consumption) { message += " (as well as of \(others))" }
    let remedy =
      protocolRemedy(consumption) ?? told.flatMap { rule.remedies[$0.cause.name] }
      ?? rule.remedies[analysis.workflow.engine]
      ?? rule.remedies["default"]
    return Finding(
      rule: rule.id, name: rule.name, cause: told?.cause.name ?? causeName(consumption),
      severity: severity,
      confidence: confidence(consumption), message: message,
      location: locate(consumption.location), flow: flow(consumption, told),
      remedy: remedy.map { text in
        MessageTemplate(text).filled { placeholder($0, consumption, told) }
      },
      route: step.route + (consumption.slot.isEmpty ? "" : "#" + consumption.slot),
      subject: step.name)
  }

  /// What to do where the protocol knows better than a rule for all protocols.
  private func protocolRemedy(_ consumption: Consumption) -> String? {
    guard let output = consumption.output, consumption.proof != nil,
      !isProvenCheck(rules[consumption.rule])
    else { return nil }
    let remedy = analysis.reader(of: output).protocolDocument.remedy
    return remedy.isEmpty ? nil : remedy
  }

  /// The other calls whose answers are used at the same place.
  private func otherSources(_ consumption: Consumption) -> String? {
    var names: [String] = []
    let own = consumption.output.map { analysis.workflow.steps[analysis.outputs[$0].step].name }
    for output in consumption.others.sorted() {
      let name = analysis.workflow.steps[analysis.outputs[output].step].name
      if name != own, !names.contains(name) { names.append(name) }
    }
    if names.isEmpty { return nil }
    let told = names.prefix(3).map { "`\($0)`" }
    return told.joined(separator: ", ") + (names.count > 3 ? " and \(names.count - 3) more" : "")
  }

  /// The cause that a finding tells, and where its check stands; `nil` where there is no such place.
  func toldCheck(_ consumption: Consumption) -> (cause: Cause, site: Int)? {
    told(consumption).flatMap { told in told.site.map { (told.cause, $0) } }
  }

  // MARK: Cause and severity

  private struct Told {
    var cause: Cause
    var site: Int?
  }

  /// The most specific cause of any way on which the proof does not hold.
  private func told(_ consumption: Consumption) -> Told? {
    guard let proof = consumption.proof, let output = consumption.output else { return nil }
    if isProvenCheck(rules[consumption.rule]) { return nil }
    if proof.isProven {
      return consumption.derivation > .exact
        ? Told(cause: .derivedOutput, site: proof.gate) : nil
    }
    var candidates = proof.openWays.map { way in
      Told(cause: way.told?.cause ?? .noGate, site: way.told?.site)
    }
    if candidates.contains(where: { $0.cause > .timeoutFallthrough }),
      let site = detachedVerification(of: output, beside: consumption.step)
    {
      candidates.append(Told(cause: .detachedVerification, site: site))
    }
    return candidates.min { $0.cause < $1.cause }
  }

  /// A verification beside what it should guard is a cause of its own even where nothing is consumed.
  private func causeName(_ consumption: Consumption) -> String? {
    if case .step = rules[consumption.rule].workflowCheck { return consumption.variant }
    return consumption.variant == Cause.detachedVerification.name ? consumption.variant : nil
  }

  private func isProvenCheck(_ rule: Rule) -> Bool {
    if case .flow(let check) = rule.workflowCheck { return check.when == .proven }
    return false
  }

  /// The rule's own severity, or the worst that its causes give on any open way.
  private func severity(_ rule: Rule, _ consumption: Consumption, _ told: Told?) -> Severity? {
    var names: [String] = []
    if let told {
      if told.cause == .derivedOutput {
        names = ["derived-output"]
      } else {
        let ways = consumption.proof?.openWays ?? []
        names = ways.map { $0.told?.cause.name ?? Cause.noGate.name }
        if told.cause == .detachedVerification { names.append(told.cause.name) }
      }
    }
    var level = names.map { self.level(rule, $0, consumption) }.max() ?? Severity(rule.severity)
    if let name = causeName(consumption), let own = rule.severityByCause[name] {
      level = Severity(own)
    } else if names.isEmpty, let proven = rule.severityByCause["proven"],
      isProvenStep(consumption)
    {
      level = Severity(proven)
    }
    if consumption.isApproved, lowersOnApproval(rule) {
      let approved = rule.severityByCause["approved"].map { Severity($0) } ?? .warning
      level = level.flatMap { own in approved.map { min(own, $0) } }
    }
    return level
  }

  private func level(_ rule: Rule, _ cause: String, _ consumption: Consumption) -> Severity? {
    if cause == "derived-output" {
      let kind = consumption.derivation == .rewritten ? "rewrite" : "format"
      let level =
        rule.severityByCause["derived-output.\(kind)"] ?? rule.severityByCause["derived-output"]
        ?? (kind == "rewrite" ? .warning : .note)
      return Severity(level)
    }
    return Severity(rule.severityByCause[cause] ?? rule.severity)
  }

  private func isProvenStep(_ consumption: Consumption) -> Bool {
    guard let state = analysis.state(at: consumption.step) else { return false }
    let touched = PredicateEvaluator(analysis: analysis, step: consumption.step, state: state)
      .touched
    return !touched.isEmpty && touched.allSatisfy { state.proofs[$0]?.isProven == true }
  }

  /// A person's approval is no proof, but it weakens what is done with the content; never a claim of verification.
  private func lowersOnApproval(_ rule: Rule) -> Bool {
    if case .flow(let check) = rule.workflowCheck {
      return !check.claims && check.when == .unproven && !check.sinks.contains(.branch)
    }
    return false
  }

  private func confidence(_ consumption: Consumption) -> Confidence {
    if consumption.isUnclear { return .low }
    return analysis.workflow.gaps.allSatisfy(isExplained) ? .high : .medium
  }

  /// Whether a document says what the call does that could not be looked into.
  private func isExplained(_ gap: Workflow.Gap) -> Bool {
    guard let model = gap.step.map({ analysis.models[$0] }) else { return false }
    return model.protocolRole != nil || !model.entries.isEmpty
  }

  /// Where a verification of the output, or a gate that nothing stands behind, runs beside the consuming step.
  private func detachedVerification(of output: Int, beside step: Int) -> Int? {
    for verification in analysis.verifications[output] ?? [] where verification != step {
      guard analysis.graph.runsBeside(verification, step) else { continue }
      let location = analysis.workflow.steps[verification].call?.location
      return location.flatMap(analysis.site(of:))
    }
    for (gate, decision) in analysis.gates(of: output) {
      guard analysis.graph.runsBeside(gate, step),
        !analysis.graph.reachable(from: gate).contains(where: {
          analysis.workflow.steps[$0].call != nil && !analysis.graph.leads(from: step, to: $0)
        })
      else { continue }
      let tests = analysis.workflow.steps[gate].decisions[decision].condition.tests
      return tests.lazy.compactMap { analysis.site(of: $0.location) }.first
    }
    return nil
  }

  // MARK: Path

  private func flow(_ consumption: Consumption, _ told: Told?) -> [FlowStep] {
    guard let output = consumption.output else { return [] }
    var stations: [FlowStep] = []
    let source = analysis.workflow.steps[analysis.outputs[output].step]
    stations.append(
      FlowStep(
        role: .generated,
        message: analysis.outputs[output].isGenerated
          ? "`\(source.name)` generates the output; it is provisional here"
          : "`\(source.name)` has the output verified",
        location: locate(source.call?.location ?? source.location)))
    if let site = told?.site, let place = analysis.site(site) {
      stations.append(
        FlowStep(role: .gate, message: told?.cause.gateWords ?? "", location: locate(place)))
    } else if told == nil, let gate = consumption.proof?.gate, let place = analysis.site(gate) {
      stations.append(
        FlowStep(role: .gate, message: "the certificate is proven here", location: locate(place)))
    }
    let sink = analysis.workflow.steps[consumption.step]
    stations.append(
      FlowStep(
        role: .consumed, message: "`\(sink.name)` uses it here",
        location: locate(consumption.location)))
    return stations
  }

  // MARK: Words

  /// `python:3.12`, `hf download lab/base-model`.
  private static func takenIn(_ call: Call) -> String {
    let words = call.arguments.compactMap { argument -> String? in
      guard Int(argument.name) != nil, case .literal(let text) = argument.value else { return nil }
      return text
    }
    let text = ([call.name] + words).joined(separator: " ")
    return text.count <= 60 ? text : String(text.prefix(59)) + "…"
  }

  /// How the engine would ask for the proof here.
  private func proofWords(_ consumption: Consumption) -> ProofWords? {
    guard let output = consumption.output, let request = gates.reads(for: consumption),
      let field = analysis.reader(of: output).protocolDocument.facets[.certificate]?.fields.first
    else { return nil }
    let workflow = analysis.workflow
    return ProofWords(
      of: request, from: workflow.steps[analysis.outputs[output].step], field: field,
      engine: workflow.engine)
  }

  private func placeholder(_ name: String, _ consumption: Consumption, _ told: Told?) -> String? {
    let sink = analysis.workflow.steps[consumption.step]
    let output = consumption.output.map { analysis.outputs[$0] }
    let source = output.map { analysis.workflow.steps[$0.step] }
    let document = output.map { analysis.readers[$0.protocolIndex].protocolDocument }
    switch name {
    case "sink": return sink.name
    case "sink.id": return sink.identifier.isEmpty ? sink.name : sink.identifier
    case "sink.takes": return sink.call.map(Self.takenIn) ?? sink.name
    case "sink.does":
      return consumption.slot.hasPrefix("return")
        ? "answers its caller" : analysis.models[consumption.step].does ?? "goes on"
    case "source": return source?.name ?? consumption.source
    case "source.id":
      return source.map { $0.identifier.isEmpty ? $0.name : $0.identifier } ?? consumption.source
    case "cause": return told?.cause.phrase
    case "gate":
      return told?.site.flatMap(analysis.site).flatMap { site in
        analysis.workflow.steps.first { $0.location == site }?.name
      }
    case "field": return consumption.field
    case "output": return consumption.field.isEmpty ? source?.name : consumption.field
    case "proof": return proofWords(consumption)?.value
    case "proof.gate": return proofWords(consumption)?.gate
    case "proof.note": return proofWords(consumption)?.note
    case "certificate": return document?.facets[.certificate]?.fields.first
    case "threshold": return document.map { String(($0.threshold * 1000).rounded() / 1000) }
    case "protocol": return document?.name
    default: return nil
    }
  }
}

extension Severity {
  /// `nil` where the level is off.
  init?(_ level: Level) {
    switch level {
    case .note: self = .note
    case .warning: self = .warning
    case .error: self = .error
    case .off: return nil
    }
  }
}

extension Optional where Wrapped == Severity {
  fileprivate static func < (left: Severity?, right: Severity?) -> Bool {
    switch (left, right) {
    case (nil, nil), (_?, nil): false
    case (nil, _?): true
    case (let left?, let right?): left < right
    }
  }
}

extension [Severity?] {
  fileprivate func max() -> Severity?? { self.max { $0 < $1 } }
}

extension Cause {
  /// What a finding's path says of the site of the weak or bypassed check.
  fileprivate var gateWords: String {
    switch self {
    case .wrongOutput: "this check is about another output"
    case .gateBypassed: "this gate is gone round when it fails"
    case .timeoutFallthrough: "the certificate is looked for here, and the flow goes on without it"
    case .detachedVerification: "the verification runs here, and nothing waits for it"
    case .partialGate: "only some of the claims are checked here"
    case .inconclusiveGate: "this check lets inconclusive or missing verdicts through"
    case .stateGate: "only the status label is checked here"
    case .confidenceGate: "only a score is checked here"
    case .completionGate: "only completion is checked here"
    case .delayGate: "only time passes here"
    case .derivedOutput: "the certificate is proven here, before the text is changed"
    case .noGate: ""
    }
  }
}
