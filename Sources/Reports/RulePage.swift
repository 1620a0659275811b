package import Rules

extension Rule {
  /// Where a reader finds the rule: the built-in ones are listed, a house's own may name a page.
  package func address(in tool: Tool) -> String? {
    if origin == "built-in" { return tool.address + "#rules" }
    return references.first { $0.hasPrefix("https://") }
  }
}

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
    let remedies = remedies(of: rule)
    if let remedy = remedies.first(where: { $0.engine == nil }) ?? remedies.first {
      parts.append("What to do: \(remedy.text)")
    }
    let text = parts.map(flowing).filter { !$0.isEmpty }.joined(separator: "\n\n")
    return text.isEmpty ? rule.name : text
  }

  package static func markdown(_ rule: Rule) -> String {
    var parts = ["## \(rule.id): \(rule.name)", flowing(rule.summary), flowing(rule.why)]
    if !rule.remedies.isEmpty {
      parts.append("### What to write instead")
      for remedy in remedies(of: rule) {
        parts.append((remedy.engine.map { "**\($0)**: " } ?? "") + remedy.text)
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
      for remedy in remedies(of: rule) {
        let place = remedy.engine.map { "\($0): " } ?? ""
        blocks.append(indented(wrapped(place + remedy.text, width - 2)))
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

  /// The remedies by engine, the one for all others last; names to fill in stand in capitals.
  private static func remedies(of rule: Rule) -> [(engine: String?, text: String)] {
    let engines = rule.remedies.keys.filter { $0 != "default" }.sorted()
    return (engines + ["default"]).compactMap { engine in
      rule.remedies[engine].map { remedy in
        let text = MessageTemplate(remedy).filled { name in
          name.split(separator: ".").first.map { $0.uppercased() }
        }
        return (engine == "default" ? nil : engine, text)
      }
    }
  }

  private static func severityWords(_ rule: Rule) -> String {
    var words = [rule.severity.rawValue]
    for (cause, level) in rule.severityByCause.sorted(by: { $0.key < $1.key }) {
      words.append("\(level.rawValue) for \(cause)")
    }
    if rule.isOptIn { words.append("off until selected") }
    return words.joined(separator: ", ")
  }

  /// A document's text with its paragraphs in one line each: some services take every line break for one.
  static func flowing(_ text: String) -> String { reflowed(trimmed(text)) }

  private static func wrapped(_ text: String, _ width: Int) -> String {
    DisplayText.wrapped(flowing(text), to: max(width, 40)).joined(separator: "\n")
  }

  /// The text with a document's own line breaks taken out of its paragraphs; lists and code keep theirs.
  private static func reflowed(_ text: String) -> String {
    var result = ""
    var previous: Substring = ""
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      let begins = line.isEmpty || " -*\t0123456789".contains(line.prefix(1))
      let joins = !begins && !previous.isEmpty && previous.first != " "
      result += (result.isEmpty ? "" : joins ? " " : "\n") + line
      previous = line
    }
    return result
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
