import Rules

/// Which rules judge, and how severely.
struct RuleSelection {
  private let known: [Rule]

  init(of known: [Rule]) { self.known = known }

  /// The rules in force, in the order of their IDs, with the severities that the settings ask for.
  func rules(for settings: Settings) throws(LinterError) -> [Rule] {
    for selector in settings.selected + settings.ignored { try check(selector) }
    var rules: [Rule] = []
    for rule in known where isOn(rule, settings) { rules.append(rule) }
    for (key, level) in settings.severities {
      let parts = key.split(separator: "/", maxSplits: 1).map(String.init)
      let selector = parts.first ?? key
      try check(selector)
      if parts.count == 2 { try check(cause: parts[1], of: selector) }
      for index in rules.indices where Self.names(selector, rules[index]) {
        if parts.count == 2 {
          rules[index].severityByCause[parts[1]] = level
        } else {
          rules[index].severity = level
          rules[index].severityByCause = [:]
        }
      }
    }
    return rules.filter { $0.severity != .off || $0.severityByCause.values.contains { $0 != .off } }
  }

  private func isOn(_ rule: Rule, _ settings: Settings) -> Bool {
    if settings.ignored.contains(where: { Self.means($0, rule) }) { return false }
    // Choosing rules must not turn a file that cannot be read into a clean one.
    if rule.linterCheck == .unreadableInput { return true }
    let isNamed = settings.selected.contains { Self.names($0, rule) }
    if rule.isOptIn { return isNamed || settings.severities.keys.contains { Self.names($0, rule) } }
    return settings.selected.isEmpty || settings.selected.contains { Self.means($0, rule) }
  }

  private func check(_ selector: String) throws(LinterError) {
    guard !known.contains(where: { Self.means(selector, $0) }) else { return }
    let words = known.flatMap { [$0.id, $0.name] }
    throw .unknownRule(selector, suggestion: Closeness.nearest(to: selector, among: words))
  }

  /// A cause that no finding of the rule can have would silently decide nothing.
  ///
  /// Rules over events name their causes as they like.
  private func check(cause: String, of selector: String) throws(LinterError) {
    guard let rule = known.first(where: { Self.names(selector, $0) }) else { return }
    guard rule.workflowCheck != nil, rule.factChecks == nil, !Rule.workflowCauses.contains(cause)
    else { return }
    throw .unknownCause(
      cause, rule: rule.id, suggestion: Closeness.nearest(to: cause, among: Rule.workflowCauses))
  }

  private static func names(_ selector: String, _ rule: Rule) -> Bool {
    selector.uppercased() == rule.id.uppercased() || selector == rule.name
  }

  private static func means(_ selector: String, _ rule: Rule) -> Bool {
    names(selector, rule)
      || !selector.isEmpty && rule.id.uppercased().hasPrefix(selector.uppercased())
  }
}
