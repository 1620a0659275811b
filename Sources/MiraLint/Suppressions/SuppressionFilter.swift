import Findings
import Rules

/// Divides the findings into those that count and those that somebody accepted, and reports what accepts nothing.
struct SuppressionFilter {
  private let inline: [String: [InlineSuppression]]
  private let accepted: [AcceptedPattern]
  private let rules: Set<String>
  private let knownRules: [String]
  private let linterRules: LinterRules

  /// An entry of the configuration, ready to match.
  private struct AcceptedPattern {
    var entry: AcceptedFindings
    var path: PathPattern?
    var step: Glob?
  }

  /// - Parameters:
  ///   - inline: the suppressions of all files that were read.
  ///   - settings: what the configuration accepts.
  ///   - rules: the rules in force.
  ///   - knownRules: the IDs of all rules, also of those that are off.
  init(
    inline: [InlineSuppression], settings: Settings, rules: [Rule], knownRules: [String]
  ) {
    self.inline = Dictionary(grouping: inline) { $0.location.path }
    accepted = settings.accepted.map { entry in
      AcceptedPattern(
        entry: entry, path: entry.path.flatMap { PathPattern($0) },
        step: entry.step.map { Glob($0) })
    }
    self.rules = Set(rules.map(\.id))
    self.knownRules = knownRules
    linterRules = LinterRules(rules)
  }

  /// Divides the findings; `configurationPath` gives a file's path from the configuration's directory.
  func divide(
    _ findings: [Finding], configurationPath: (String) -> String
  ) -> Division {
    var counting: [Finding] = []
    var suppressed: [SuppressedFinding] = []
    var usedInline: [InlineUse: Int] = [:]
    var usedAccepted: [Int: [String: Int]] = [:]
    for finding in findings {
      let path = finding.location.path
      let inlineIndex = (inline[path] ?? []).firstIndex { suppression in
        suppression.covers(finding.location)
          && suppression.directive.rules.contains { Self.same($0, finding.rule) }
      }
      if let inlineIndex, let suppression = inline[path]?[inlineIndex] {
        usedInline[InlineUse(path: path, index: inlineIndex, rule: finding.rule), default: 0] += 1
        suppressed.append(
          SuppressedFinding(finding, reason: suppression.directive.reason, source: .inline))
        continue
      }
      let acceptedIndex = accepted.firstIndex {
        Self.matches($0, finding, path: configurationPath(path))
      }
      if let acceptedIndex {
        usedAccepted[acceptedIndex, default: [:]][finding.rule, default: 0] += 1
        let reason = accepted[acceptedIndex].entry.reason
        suppressed.append(SuppressedFinding(finding, reason: reason, source: .configuration))
        continue
      }
      counting.append(finding)
    }
    counting += inlineComplaints(used: Set(usedInline.keys))
    counting += acceptedComplaints(used: Set(usedAccepted.keys))
    return Division(
      counting: counting, suppressed: suppressed,
      acceptances: inlineAcceptances(usedInline) + configuredAcceptances(usedAccepted))
  }

  /// The findings, and what became of the suppressions.
  struct Division {
    var counting: [Finding]
    var suppressed: [SuppressedFinding]
    /// Ordered by the place where they are written.
    var acceptances: [Acceptance]
  }

  private func inlineAcceptances(_ used: [InlineUse: Int]) -> [Acceptance] {
    let paths = inline.keys.sorted(by: FindingOrder.bytesPrecede)
    return paths.flatMap { path in
      let indexed = (inline[path] ?? []).enumerated().sorted { left, right in
        left.element.location.startByte < right.element.location.startByte
      }
      return indexed.flatMap { index, suppression in
        suppression.directive.rules.map { written in
          let rule = knownRules.first { Self.same(written, $0) }
          let count = used[InlineUse(path: path, index: index, rule: rule ?? written)] ?? 0
          return Acceptance(
            source: .inline, location: suppression.location, rule: rule ?? written,
            reason: suppression.directive.reason, findings: count,
            state: state(of: rule, findings: count))
        }
      }
    }
  }

  private func configuredAcceptances(_ used: [Int: [String: Int]]) -> [Acceptance] {
    accepted.enumerated().flatMap { index, pattern -> [Acceptance] in
      guard let location = pattern.entry.location else { return [] }
      return pattern.entry.rules.map { written in
        let rule = knownRules.first { Self.same(written, $0) }
        let count = used[index]?[rule ?? written] ?? 0
        return Acceptance(
          source: .configuration, location: location, rule: rule ?? written,
          path: pattern.entry.path, step: pattern.entry.step, reason: pattern.entry.reason,
          findings: count, state: state(of: rule, findings: count))
      }
    }
  }

  private func state(of rule: String?, findings: Int) -> Acceptance.State {
    guard let rule else { return .unknownRule }
    if findings > 0 { return .used }
    return rules.contains(rule) ? .unused : .inactive
  }

  private struct InlineUse: Hashable {
    var path: String
    var index: Int
    var rule: String
  }

  private static func same(_ written: String, _ id: String) -> Bool {
    written.uppercased() == id.uppercased()
  }

  private static func matches(
    _ pattern: AcceptedPattern, _ finding: Finding, path: String
  ) -> Bool {
    guard pattern.entry.rules.contains(where: { same($0, finding.rule) }) else { return false }
    if let wanted = pattern.path, !wanted.covers(path) { return false }
    guard let step = pattern.step else { return true }
    return step.matches(finding.route) || step.matches(finding.subject)
      || finding.route.split(separator: ".").contains { step.matches($0) }
  }

  private func inlineComplaints(used: Set<InlineUse>) -> [Finding] {
    var findings: [Finding] = []
    for (path, suppressions) in inline {
      for (index, suppression) in suppressions.enumerated() {
        for rule in suppression.directive.rules {
          guard let id = knownRules.first(where: { Self.same(rule, $0) }) else {
            findings += complaint(
              unknown: rule, reason: suppression.directive.reason, at: suppression.location)
            continue
          }
          // Whether a rule that does not run would have found something is not known.
          guard rules.contains(id),
            !used.contains(InlineUse(path: path, index: index, rule: id))
          else { continue }
          findings += linterRules.suppression(
            "`\(id)` finds nothing here, so that this suppression is not needed",
            hint: "remove it, or it will hide the next finding",
            rule: id, reason: suppression.directive.reason, at: suppression.location)
        }
      }
    }
    return findings
  }

  private func complaint(
    unknown rule: String, reason: String, at location: Location
  ) -> [Finding] {
    let near = Closeness.suggestion(for: rule, among: knownRules)
    return linterRules.suppression(
      "no rule has the ID `\(rule)`: this suppression has no effect", hint: near ?? "",
      rule: rule, reason: reason, severity: .error, at: location)
  }

  private func acceptedComplaints(used: Set<Int>) -> [Finding] {
    accepted.enumerated().flatMap { index, pattern -> [Finding] in
      guard let location = pattern.entry.location else { return [] }
      var findings: [Finding] = []
      for rule in pattern.entry.rules where !knownRules.contains(where: { Self.same(rule, $0) }) {
        findings += complaint(unknown: rule, reason: pattern.entry.reason, at: location)
      }
      guard !used.contains(index),
        pattern.entry.rules.contains(where: { rule in rules.contains { Self.same(rule, $0) } })
      else { return findings }
      return findings
        + linterRules.suppression(
          "this suppression matches no finding of \(pattern.entry.rules.joined(separator: ", "))",
          hint: "remove it, or it will hide the next finding",
          rule: pattern.entry.rules.first, reason: pattern.entry.reason, at: location)
    }
  }
}
