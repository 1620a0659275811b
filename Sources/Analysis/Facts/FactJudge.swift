package import Findings
package import Rules
package import SourceText

/// Judges what examinations found by the rules over facts.
package struct FactJudge: Sendable {
  private let rules: [Rule]
  private let threshold: Double
  private let claims: VerificationProtocol.ClaimWords
  private let meanings: [String: [VerificationProtocol.Literal]]

  /// Makes a judge; rules that do not speak of facts are left alone.
  package init(
    rules: [Rule], threshold: Double = 2.0 / 3, claims: VerificationProtocol.ClaimWords,
    meanings: [String: [VerificationProtocol.Literal]] = [:]
  ) {
    self.rules = rules
    self.threshold = threshold
    self.claims = claims
    self.meanings = meanings
  }

  /// Judges the facts of things that belong together.
  ///
  /// - Parameters:
  ///   - facts: what was found out.
  ///   - locate: turns a range of their document into a place.
  /// - Returns: findings, in the order of rules and records.
  package func judge(_ facts: FactCase, locate: @escaping (ByteRange) -> Location) -> [Finding] {
    let evaluator = FactEvaluator(
      facts: facts,
      tester: FactTester(
        threshold: threshold, claims: ClaimReader(claims), meanings: meanings))
    var findings: [Finding] = []
    // Decoded here and no sooner: most runs meet nothing that they judge.
    for (rule, check) in rules.flatMap({ rule in (rule.factChecks ?? []).map { (rule, $0) } }) {
      for record in facts.records where check.on.names.contains(record.kind) {
        guard evaluator.isMeant(record, by: check) else { continue }
        for requirement in check.requires {
          guard let judgement = evaluator.judge(requirement, record) else { continue }
          let writer = FactFindingWriter(facts: facts, rule: rule, locate: locate)
          if let finding = writer.finding(judgement, record, requirement) {
            findings.append(finding)
          }
          break
        }
      }
    }
    return findings
  }
}

/// What is wrong with a record by one requirement, or not to be told.
struct FactJudgement {
  var outcome: EventRequirement.Outcome
  var verdict: Evidence.Verdict
  /// Why it is not known.
  var reason = ""
  var witness: FactRecord?
  var figures: [String: String] = [:]
}

/// Puts judgements of facts into words and places.
private struct FactFindingWriter {
  let facts: FactCase
  let rule: Rule
  let locate: (ByteRange) -> Location

  /// `nil` where the rule is off for its cause.
  func finding(
    _ judgement: FactJudgement, _ record: FactRecord, _ requirement: FactRequirement
  ) -> Finding? {
    let cause = judgement.outcome.cause
    guard var severity = Severity(rule.severityByCause[cause] ?? rule.severity) else { return nil }
    if judgement.verdict == .inconclusive { severity = min(severity, .warning) }
    let place = record.places[requirement.mark] ?? record.range
    return Finding(
      rule: rule.id, name: rule.name, cause: cause, severity: severity,
      confidence: judgement.verdict == .violated ? .high : .low,
      message: fill(rule.messageByCause[cause] ?? rule.message, judgement, record),
      location: locate(place),
      evidence: Evidence(
        verdict: judgement.verdict, reason: cause, output: facts.subject, certificate: facts.name,
        events: []),
      remedy: remedy(cause).map { fill($0, judgement, record) },
      route: record.route.isEmpty ? record.kind : record.route, subject: facts.name)
  }

  /// A remedy for the cause, else the one for all of them.
  private func remedy(_ cause: String) -> String? {
    rule.remedies[cause] ?? rule.remedies["default"]
  }

  private func fill(_ text: String, _ judgement: FactJudgement, _ record: FactRecord) -> String {
    MessageTemplate(text).filled { name in
      switch name {
      case "cause":
        judgement.outcome.says.isEmpty ? nil : fill(judgement.outcome.says, judgement, record)
      case "certificate": facts.name
      case "output": facts.subject
      case "event": record.kind
      case "sink": record.route
      case "reason": judgement.reason
      default:
        if name.hasPrefix("other.field.") {
          judgement.witness?[String(name.dropFirst(12))]?.words
        } else if name.hasPrefix("field.") {
          record[String(name.dropFirst(6))]?.words
        } else {
          judgement.figures[name]
        }
      }
    }
  }
}
