import SourceText

/// A rule's keys, as documents write them.
private struct RuleKeys: Sendable {
  var head = Rule.Head()
  var page = Rule.Page()
  var workflow: WorkflowCheck?
  var events: [EventCheck]?
  var facts: [FactCheck]?
  var linter: Rule.LinterCheck?
}

extension Shape where Value == Rule {
  /// A rule document.
  package static var rule: Shape {
    Shape<RuleKeys>.record("a rule", RuleKeys(), keys).then { keys, node, reading in
      let checks: [Rule.Check] = [
        keys.workflow.map { .workflow($0) }, keys.events.map { .events($0) },
        keys.facts.map { .facts($0) }, keys.linter.map { .linter($0) },
      ].compactMap(\.self)
      let given = ["workflow", "events", "facts", "linter"].filter { node[$0] != nil }
      let isMixed = given == ["workflow", "facts"]
      if given.count != 1, !isMixed {
        reading.report(
          given.isEmpty
            ? "a rule needs one of the keys `workflow`, `events`, `facts`, `linter`"
            : "a rule has one check, and here are \(given.listed)",
          hint: given.isEmpty ? "they say what it flags" : "write a rule for each",
          at: node.entries.first?.key ?? node)
      }
      if !reading.isTrusted {
        checkPlaceholders(
          of: Rule(keys.head, page: keys.page), isMixed ? "mixed" : given.first, node, &reading)
      }
      guard let check = checks.first else { return nil }
      var rule = Rule(keys.head, page: keys.page)
      rule.check = check
      if let workflow = keys.workflow, let facts = keys.facts {
        rule.check = .mixed(workflow, facts)
      }
      return rule
    }
  }

  private static var keys: [Key<RuleKeys>] {
    [
      .required(
        "id", { $0.head.id = $1 }, identifier, "The rule's ID; it never changes its meaning."),
      .required(
        "name", { $0.head.name = $1 }, slug, "The rule's name in words: `provisional-branch`."),
      .required(
        "severity", { $0.head.severity = $1 }, .choice("a severity"), "How bad a finding is."),
      .optional(
        "severity-by-cause", { $0.page.severityByCause = $1 },
        .dictionary("cause", key: slug, of: .choice("a severity")),
        "Causes with a severity of their own."),
      .optional("opt-in", { $0.head.isOptIn = $1 }, .flag, "Off until it is selected by name."),
      .required("summary", { $0.page.summary = $1 }, .text, "One sentence: what the rule flags."),
      .optional(
        "workflow", { $0.workflow = $1 }, .workflowCheck, "The check over workflow definitions."),
      .optional(
        "events", { $0.events = $1 }, .oneOrMore(of: .eventCheck),
        "The check over event logs, or several that share the rule's name."),
      .optional(
        "facts", { $0.facts = $1 }, .oneOrMore(of: .factCheck),
        "The check over what an examination of a certificate or an attestation found, or several."),
      .optional(
        "linter", { $0.linter = $1 }, .choice("something the linter notices"),
        "What the linter notices about its own input."),
      .optional(
        "replaces", { $0.page.replaced = $1 }, .oneOrMore(of: identifier),
        "Rules over events that say nothing of an event that this rule finds at fault."),
      .required(
        "message", { $0.page.message = $1 }, .text, "The finding's sentence, with `{placeholders}`."
      ),
      .optional(
        "message-by-cause", { $0.page.messageByCause = $1 },
        .dictionary("cause", key: slug, of: .text), "Causes with a sentence of their own."),
      .optional(
        "remedy", { $0.page.remedies = $1 }, .dictionary("engine", of: .text),
        "What to write instead, by engine (by cause for `facts`); `default` serves the others."),
      .required(
        "why", { $0.page.why = $1 }, .text, "Why it matters and what to do: the rule's page."),
      .optional(
        "observed-by", { $0.page.observedBy = $1 }, .list(of: .text),
        "Rules over event logs that find the same at run time: their findings at a step become part of this rule's."
      ),
      .optional("references", { $0.page.references = $1 }, .list(of: .text), "Where to read more."),
    ]
  }

  private static var identifier: Shape<String> {
    Shape<String>.text.then { text, node, reading in
      let isPlain = text.unicodeScalars.allSatisfy {
        $0.isASCII && ($0.properties.isAlphabetic || "0"..."9" ~= $0 || $0 == "-" || $0 == "_")
      }
      if isPlain { return text }
      reading.report("`\(text)` is not an ID: letters, digits, `-` and `_` make one", at: node)
      return nil
    }
  }

  private static var slug: Shape<String> {
    Shape<String>.text.then { text, node, reading in
      let isPlain = text.unicodeScalars.allSatisfy {
        "a"..."z" ~= $0 || "0"..."9" ~= $0 || $0 == "-" || $0 == "."
      }
      if isPlain { return text }
      let hint = Self.kebab(text)
      reading.report(
        "`\(text)` is not a name: lower-case words joined by `-` make one",
        hint: hint.isEmpty ? "" : "write `\(hint)`", at: node)
      return nil
    }
  }

  private static func kebab(_ text: String) -> String {
    text.lowercased().split { !$0.isASCII || !($0.isLetter || $0.isNumber) }.joined(separator: "-")
  }

  private static func checkPlaceholders(
    of rule: Rule, _ kind: String?, _ node: Node, _ reading: inout DocumentReading
  ) {
    let placeholders: [Placeholder]
    switch kind {
    case "events", "facts": placeholders = Placeholder.events
    case "linter": placeholders = Placeholder.linter
    case "mixed": placeholders = Placeholder.events + Placeholder.workflow
    default: placeholders = Placeholder.workflow
    }
    if let message = node["message"] {
      reading.under("message") {
        $0.checkTemplate(rule.message, at: message, uses: placeholders)
      }
    }
    for entry in node["remedy"]?.entries ?? [] {
      guard let engine = entry.key.text, let text = rule.remedies[engine] else { continue }
      reading.under("remedy.\(engine)") {
        $0.checkTemplate(text, at: entry.value, uses: placeholders)
      }
    }
    for key in ["severity-by-cause", "message-by-cause"] where kind == "workflow" {
      for entry in node[key]?.entries ?? [] { reading.checkCause(entry.key, under: key) }
    }
    for entry in node["message-by-cause"]?.entries ?? [] {
      guard let cause = entry.key.text, let text = rule.messageByCause[cause] else { continue }
      reading.under("message-by-cause.\(cause)") {
        $0.checkTemplate(text, at: entry.value, uses: placeholders)
      }
    }
  }
}

extension DocumentReading {
  fileprivate mutating func checkCause(_ key: Node, under route: String) {
    guard let cause = key.text, !Rule.workflowCauses.contains(cause) else { return }
    let hint = Closeness.suggestion(for: cause, among: Rule.workflowCauses)
    under(route) {
      $0.report(
        "`\(cause)` is not a cause", hint: hint ?? "the causes are \(Rule.workflowCauses.listed)",
        at: key)
    }
  }
}
