package import Rules

/// A rule's page: what it flags, why that matters, what to write instead, and an example of each.
package enum RulePage {
  /// A file that shows the rule at work.
  package struct Example: Sendable {
    /// Whether the rule flags it.
    package var isBad: Bool
    package var path: String
    package var text: String

    package init(isBad: Bool, path: String, text: String) {
      self.isBad = isBad
      self.path = path
      self.text = text
    }
  }

  /// The page without markup, for services that show plain text.
  package static func plain(_ rule: Rule) -> String {
    var parts = [rule.summary, rule.why]
    if let remedy = rule.remedies["default"] ?? rule.remedies.min(by: { $0.key < $1.key })?.value {
      parts.append("What to do: \(remedy)")
    }
    let text = parts.map(trimmed).filter { !$0.isEmpty }.joined(separator: "\n\n")
    return text.isEmpty ? rule.name : text
  }

  package static func markdown(_ rule: Rule) -> String {
    var parts = ["## \(rule.id): \(rule.name)", rule.summary, rule.why]
    if !rule.remedies.isEmpty {
      parts.append("### What to write instead")
      for (engine, remedy) in rule.remedies.sorted(by: { $0.key < $1.key }) {
        let place = engine == "default" ? "" : "**\(engine)**: "
        parts.append(place + remedy)
      }
    }
    if !rule.references.isEmpty {
      parts.append("### References\n\n" + rule.references.map { "- \($0)" }.joined(separator: "\n"))
    }
    return parts.map(trimmed).filter { !$0.isEmpty }.joined(separator: "\n\n") + "\n"
  }

  /// The page for a terminal.
  ///
  /// - Parameters:
  ///   - rule: the rule.
  ///   - examples: at most one of each kind, shown in full.
  ///   - width: the terminal's width in columns.
  ///   - usesColor: whether headings stand out.
  /// - Returns: the page, ending in a line break.
  package static func terminal(
    _ rule: Rule, examples: [Example], width: Int, usesColor: Bool
  ) -> String {
    let palette = Palette(isActive: usesColor)
    var blocks = [palette.strong("\(rule.id) \(rule.name)") + " (\(severityWords(rule)))"]
    blocks.append(wrapped(rule.summary, width))
    blocks.append(wrapped(rule.why, width))
    if !rule.remedies.isEmpty {
      blocks.append(palette.strong("What to write instead"))
      for (engine, remedy) in rule.remedies.sorted(by: { $0.key < $1.key }) {
        let place = engine == "default" ? "" : "\(engine): "
        blocks.append(indented(wrapped(place + remedy, width - 2)))
      }
    }
    for example in examples {
      blocks.append(
        palette.strong(example.isBad ? "Flagged" : "Not flagged") + " (\(example.path))")
      blocks.append(indented(trimmed(example.text)))
    }
    if !rule.references.isEmpty {
      blocks.append(
        palette.strong("References") + "\n"
          + rule.references.map { "  \($0)" }.joined(separator: "\n"))
    }
    blocks.append("From: \(rule.origin)")
    return blocks.filter { !$0.isEmpty }.joined(separator: "\n\n") + "\n"
  }

  private static func severityWords(_ rule: Rule) -> String {
    var words = [rule.severity.rawValue]
    for (cause, level) in rule.severityByCause.sorted(by: { $0.key < $1.key }) {
      words.append("\(level.rawValue) for \(cause)")
    }
    if rule.isOptIn { words.append("off until selected") }
    return words.joined(separator: ", ")
  }

  private static func wrapped(_ text: String, _ width: Int) -> String {
    DisplayText.wrapped(trimmed(text), to: max(width, 40)).joined(separator: "\n")
  }

  private static func indented(_ text: String) -> String {
    text.split(separator: "\n", omittingEmptySubsequences: false)
      .map { $0.isEmpty ? "" : "  " + DisplayText.printable($0) }.joined(separator: "\n")
  }

  private static func trimmed(_ text: String) -> String {
    var text = Substring(text)
    while text.last?.isWhitespace == true { text.removeLast() }
    while text.first?.isNewline == true { text.removeFirst() }
    return String(text)
  }
}
