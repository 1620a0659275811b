import Rules

/// A rule as SARIF's `reportingDescriptor`, with everything that code scanning shows of it.
enum SARIFRule {
  /// The longest description that GitHub takes.
  private static let longestDescription = 1_024

  static func write(_ rule: Rule, to writer: inout JSONWriter) {
    writer.member("id", rule.id)
    writer.member("name", rule.name)
    writer.object("shortDescription") { $0.member("text", shortened(rule.summary, of: rule)) }
    writer.object("fullDescription") { $0.member("text", shortened(rule.why, of: rule)) }
    writer.object("help") {
      $0.member("text", RulePage.plain(rule))
      $0.member("markdown", RulePage.markdown(rule))
    }
    writer.member("helpUri", rule.references.first { $0.hasPrefix("https://") })
    writer.object("defaultConfiguration") {
      $0.member("enabled", !rule.isOptIn && rule.severity != .off)
      $0.member("level", rule.severity == .off ? "none" : rule.severity.rawValue)
    }
    writer.object("properties") {
      $0.array(
        "tags", rule.isAboutInput ? ["maintainability"] : ["security", "external/cwe/cwe-696"])
      $0.member("precision", rule.isOptIn ? "medium" : "high")
      $0.member("problem.severity", problemSeverity(rule.severity))
      if !rule.isAboutInput { $0.member("security-severity", securitySeverity(rule.severity)) }
    }
  }

  private static func problemSeverity(_ level: Level) -> String {
    switch level {
    case .error: "error"
    case .warning: "warning"
    case .note, .off: "recommendation"
    }
  }

  /// The middle of GitHub's high, medium and low bands.
  private static func securitySeverity(_ level: Level) -> String {
    switch level {
    case .error: "8.0"
    case .warning: "5.5"
    case .note, .off: "2.0"
    }
  }

  private static func shortened(_ text: String, of rule: Rule) -> String {
    let text = text.isEmpty ? rule.name : RulePage.flowing(text)
    guard text.unicodeScalars.count > longestDescription else { return text }
    return String(text.unicodeScalars.prefix(longestDescription - 1)) + "…"
  }
}

extension Rule {
  /// What the linter says of its own input is no weakness of the system.
  var isAboutInput: Bool {
    if case .linter = check { true } else { false }
  }
}
