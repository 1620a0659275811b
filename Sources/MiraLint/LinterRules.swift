import Findings
import Rules

/// The rules that the linter raises by itself, as far as they are on.
struct LinterRules: Sendable {
  // A user's own rule may notice the same: then each says so.
  private let unreadableInput: [Rule]
  private let unusedSuppression: [Rule]

  init(_ rules: [Rule]) {
    func named(_ wanted: Rule.LinterCheck) -> [Rule] {
      rules.filter { $0.linterCheck == wanted }
    }
    unreadableInput = named(.unreadableInput)
    unusedSuppression = named(.unusedSuppression)
  }

  /// An input that cannot be read whole; without a severity, the rule's own.
  func unreadable(
    _ problem: String, hint: String = "", severity: Severity? = nil, at location: Location
  ) -> [Finding] {
    findings(
      unreadableInput, Self.clause(problem), Self.clause(hint), severity, location,
      values: ["sink": location.path])
  }

  /// A reader's sentence as findings are worded: begun small, without its stop.
  private static func clause(_ sentence: String) -> String {
    var clause = Substring(sentence)
    if clause.hasSuffix(".") { clause.removeLast() }
    let start = clause.prefix(2)
    // An acronym keeps its capitals.
    guard let first = start.first, first.isUppercase, start.last?.isUppercase == false else {
      return String(clause)
    }
    return first.lowercased() + clause.dropFirst()
  }

  /// A suppression that does nothing, or not what its author thinks.
  func suppression(
    _ problem: String, hint: String = "", rule: String? = nil, reason: String? = nil,
    severity: Severity? = nil, at location: Location
  ) -> [Finding] {
    findings(
      unusedSuppression, problem, hint, severity, location,
      values: ["rule": rule, "reason": reason].compactMapValues(\.self))
  }

  private func findings(
    _ rules: [Rule], _ problem: String, _ hint: String, _ severity: Severity?,
    _ location: Location, values: [String: String]
  ) -> [Finding] {
    rules.compactMap { rule in
      guard let own = Severity(rule.severity) else { return nil }
      let message = MessageTemplate(rule.message).filled { $0 == "problem" ? problem : values[$0] }
      return Finding(
        rule: rule.id, name: rule.name, severity: severity ?? own, message: message,
        location: location, remedy: hint.isEmpty ? nil : hint, subject: problem)
    }
  }
}

extension Severity {
  /// `nil` for a rule that is off.
  init?(_ level: Level) {
    switch level {
    case .note: self = .note
    case .warning: self = .warning
    case .error: self = .error
    case .off: return nil
    }
  }
}
