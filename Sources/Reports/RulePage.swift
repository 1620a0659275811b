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
  ///   - words: what the document does not hold.
  ///   - width: the terminal's width in columns.
  ///   - usesColor: whether headings stand out.
  /// - Returns: the page, ending in a line break.
  package static func terminal(
    _ rule: Rule, examples: [Example], words: PageWords, width: Int, usesColor: Bool
  ) -> String {
    let palette = Palette(isActive: usesColor)
    var blocks = [palette.strong("\(rule.id) \(rule.name)") + " (\(severityWords(rule)))"]
    blocks.append(wrapped(rule.summary, width))
    blocks.append(wrapped(rule.why, width))
    let causes = causes(of: rule, words)
    if !causes.isEmpty {
      blocks.append(palette.strong(isAboutProof(rule) ? "Causes: it does so …" : "Causes"))
      let list = causes.map { cause in
        indented(wrapped("\(cause.name): \(cause.meaning)", width - 2))
      }
      blocks.append(list.joined(separator: "\n"))
    }
    if !rule.remedies.isEmpty {
      blocks.append(palette.strong("What to write instead"))
      for remedy in remedies(of: rule, words) {
        let place = remedy.engine.map { "\($0): " } ?? ""
        blocks.append(indented(wrapped(place + remedy.text, width - 2)))
      }
      if isAboutProof(rule), !words.fixableEngines.isEmpty {
        let engines = words.fixableEngines.joined(separator: ", ")
        blocks.append(
          indented(
            wrapped(
              "`mira-lint --diff` shows the gates that can be written for you, `--fix` writes them (\(engines)). In scripts, in loops, in other engines, and where the certificate cannot be read before the step, the change is yours.",
              width - 2)))
      } else if case .workflow = rule.check {
        blocks.append(indented("`--fix` changes nothing here."))
      }
    }
    if !rule.isAboutInput {
      blocks.append(palette.strong("To accept a finding"))
      blocks.append(
        indented(
          wrapped(
            "`# mira-lint: ignore \(rule.id) -- why` on its line or the one above; in JSON and logs, an entry with `rule`, `path`, `step` and `reason` under `suppress` in `.mira-lint.yml`.",
            width - 2)))
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

  /// Whether it flags the use of an answer whose proof does not hold.
  private static func isAboutProof(_ rule: Rule) -> Bool {
    if case .workflow(.flow(let check)) = rule.check { check.when == .unproven } else { false }
  }

  /// What the rule's second axis can say.
  private static func causes(
    of rule: Rule, _ words: PageWords
  ) -> [(name: String, meaning: String)] {
    if isAboutProof(rule) { return words.causes }
    return rule.messageByCause.sorted { $0.key < $1.key }.map { name, message in
      (name, filled(message, [:]))
    }
  }

  /// The remedies, those that read the same together, the one for all others last.
  private static func remedies(
    of rule: Rule, _ words: PageWords = PageWords()
  ) -> [(engine: String?, text: String)] {
    var remedies: [(engine: String?, text: String)] = []
    for engine in rule.remedies.keys.filter({ $0 != "default" }).sorted() {
      let text = filled(rule.remedies[engine] ?? "", words.examples[engine] ?? [:])
      if let same = remedies.firstIndex(where: { $0.text == text }) {
        remedies[same].engine = remedies[same].engine.map { "\($0), \(engine)" }
      } else {
        remedies.append((engine, text))
      }
    }
    if let remedy = rule.remedies["default"] { remedies.append((nil, filled(remedy, [:]))) }
    return remedies
  }

  /// A sentence with what placeholders look like; names to fill in stand in capitals.
  private static func filled(_ template: String, _ examples: [String: String]) -> String {
    MessageTemplate(template).filled { name in
      if let example = examples[name] { return example }
      return switch name {
      case "proof": "CERTIFICATE"
      case "proof.gate": "a gate before the step that asks for it"
      case "proof.note", "cause": ""
      default: name.split(separator: ".").first.map { $0.uppercased() }
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
