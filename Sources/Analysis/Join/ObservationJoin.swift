import EventLogs
package import Findings
package import Rules

/// A step of a definition, as a log may name it.
package struct DefinedStep: Sendable {
  /// The workflow's own name.
  package var workflow: String
  package var path: String
  package var name: String
  /// What expressions of the engine call it; may be empty.
  package var identifier: String
  package var route: String
  package var location: Location

  package init(
    workflow: String, path: String, name: String, identifier: String, route: String,
    location: Location
  ) {
    self.workflow = workflow
    self.path = path
    self.name = name
    self.identifier = identifier
    self.route = route
    self.location = location
  }
}

/// Brings together what a definition allows and what a log shows of the same step.
package struct ObservationJoin {
  private let observed: [Key: [StepObservation]]
  private let steps: [DefinedStep]
  /// By rule over definitions: the rules over logs that find the same at run time.
  private let counterparts: [String: Set<String>]
  /// How many definitions have a step of a name.
  private let definitions: [String: Int]

  private struct Key: Hashable {
    var workflow: String
    var step: String
  }

  /// Only violations count: what a log cannot decide says nothing about the definition.
  package init(steps: [DefinedStep], observations: [StepObservation], rules: [Rule]) {
    self.steps = steps
    var paths: [String: Set<String>] = [:]
    for step in steps { paths[step.name, default: []].insert(step.path) }
    definitions = paths.mapValues(\.count)
    // Most runs read no log, and asking every rule would decode it.
    let rules = observations.isEmpty ? [] : rules
    counterparts = Dictionary(
      rules.map { ($0.id, Set($0.observedBy)) }, uniquingKeysWith: { $0.union($1) })
    observed = Dictionary(grouping: observations.filter { $0.verdict == .violated }) {
      Key(workflow: $0.workflow, step: $0.step)
    }
  }

  /// Tells findings in definitions how often the log shows them, and findings in logs of steps whose definition is clean.
  ///
  /// What a log shows of a finding in a definition is part of it, and no longer a finding of its own.
  package func apply(to findings: inout [Finding]) {
    if observed.isEmpty { return }
    // Two definitions may bear one name: the step is clean only where it is in all of them.
    var clean: [StepObservation.Place: DefinedStep] = [:]
    var faulty: Set<StepObservation.Place> = []
    var told: [StepObservation.Place: Int] = [:]
    for step in steps {
      let events = events(of: step)
      if events.isEmpty { continue }
      var isFound = false
      for index in findings.indices where isAt(step, findings[index]) {
        isFound = true
        let same = counterparts[findings[index].rule] ?? []
        let own = same.isEmpty ? events : events.filter { same.contains($0.rule) }
        guard let first = own.first else { continue }
        findings[index].observed = Observation(
          count: own.count,
          worstExposureMilliseconds: own.compactMap(\.exposureMilliseconds).max(),
          first: first.location, firstTime: first.time)
        if same.isEmpty { continue }
        for event in own { told[event.place] = index }
      }
      for event in events {
        if isFound { faulty.insert(event.place) } else { clean[event.place] = step }
      }
    }
    fold(told, in: &findings)
    for index in findings.indices where findings[index].evidence != nil {
      let place = StepObservation.Place(
        rule: findings[index].rule, location: findings[index].location)
      guard let step = clean[place], !faulty.contains(place) else { continue }
      findings[index].flow.append(Self.cleanDefinition(of: step))
    }
  }

  /// Takes what logs found into the findings that tell it, with the worst of it as their evidence.
  private func fold(_ told: [StepObservation.Place: Int], in findings: inout [Finding]) {
    var folded: Set<Int> = []
    for index in findings.indices {
      guard let evidence = findings[index].evidence, evidence.verdict == .violated,
        let teller = told[
          StepObservation.Place(rule: findings[index].rule, location: findings[index].location)],
        findings[teller].severity >= findings[index].severity
      else { continue }
      folded.insert(index)
      let known = findings[teller].evidence
      let log = findings[index].location.path
      if known == nil || Self.isWorse(evidence, than: known) {
        findings[teller].evidence = evidence
        for event in evidence.events.indices where evidence.events[event].path == nil {
          findings[teller].evidence?.events[event].path = log
        }
      }
    }
    findings = findings.indices.filter { !folded.contains($0) }.map { findings[$0] }
  }

  /// What was never certified is worse than any exposure that ended.
  private static func isWorse(_ evidence: Evidence, than other: Evidence?) -> Bool {
    guard let known = other?.exposureMilliseconds else { return false }
    guard let new = evidence.exposureMilliseconds else { return true }
    return new > known
  }

  private func events(of step: DefinedStep) -> [StepObservation] {
    let file = step.path.split(separator: "/").last.map(String.init) ?? step.path
    let stem = file.split(separator: ".").first.map(String.init) ?? file
    var workflows = Set([step.workflow, step.path, file, stem])
    // A record that does not name its workflow is of the only one that has such a step.
    if definitions[step.name] == 1 { workflows.insert(LogVocabulary.Envelope.unnamedWorkflow) }
    let names = Set([step.name, step.identifier, step.route]).subtracting([""])
    var found: [StepObservation] = []
    for workflow in workflows {
      for name in names { found += observed[Key(workflow: workflow, step: name)] ?? [] }
    }
    return found.sorted { left, right in
      (left.location.path, left.location.line) < (right.location.path, right.location.line)
    }
  }

  private func isAt(_ step: DefinedStep, _ finding: Finding) -> Bool {
    finding.location.path == step.path && finding.evidence == nil && !finding.flow.isEmpty
      && (finding.route == step.route || finding.route.hasPrefix(step.route + "#"))
  }

  /// The workflow that ran is not the one that was read, or the analysis missed it: either way a person should look.
  private static func cleanDefinition(of step: DefinedStep) -> FlowStep {
    FlowStep(
      role: .passed,
      message: "`\(step.name)` shows no fault in its definition: what ran is not what is "
        + "written here, or the analysis missed it",
      location: step.location)
  }
}

extension StepObservation {
  /// Where a log's finding and its observation meet.
  fileprivate struct Place: Hashable {
    var rule: String
    var location: Location
  }

  fileprivate var place: Place { Place(rule: rule, location: location) }
}
