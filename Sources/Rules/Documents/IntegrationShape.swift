import SourceText

/// The keys of an integration's step, as documents write them.
private struct EntryKeys: Sendable {
  var match: [CallPattern] = []
  var entry = Integration.Entry()
}

/// The keys of an integration, as documents write them.
private struct IntegrationKeys: Sendable {
  var integration = Integration()
  var steps: [[Integration.Entry]] = []
}

extension Shape where Value == Integration {
  /// An integration document.
  package static var integration: Shape {
    Shape<IntegrationKeys>.record(
      "an integration", IntegrationKeys(),
      [
        .required(
          "integration", { $0.integration.engine = $1 }, .text,
          "The engine it speaks of; `any` for what every engine may call."),
        .required(
          "steps", { $0.steps = $1 }, .list(of: entries), "What its actions, nodes or resources do."
        ),
      ]
    ).map { keys in
      Integration(engine: keys.integration.engine, steps: keys.steps.flatMap(\.self))
    }
  }

  /// The names of arguments that rules may ask for.
  package static var argumentNames: [String] {
    ["key", "value", "age", "shows", "payload", "to", "label", "idempotency"]
  }

  private static var entries: Shape<[Integration.Entry]> {
    Shape<EntryKeys>.record(
      "a step", EntryKeys(),
      [
        .required("match", { $0.match = $1 }, .callPattern, "How the call is recognised."),
        .optional(
          "role", { $0.entry.roles = $1 }, .oneOrMore(of: .choice("a role")),
          "What it is to verification."),
        .optional(
          "arguments", { $0.entry.arguments = $1 },
          .dictionary(
            "meaning", key: .word("an argument's meaning", of: argumentNames),
            of: .oneOrMore(of: .text)),
          "Which arguments mean what, as paths the engine's way (globs): `key: with.key`."),
        .optional(
          "irreversible", { $0.entry.isIrreversible = $1 }, .flag,
          "Whether what happens cannot be taken back."),
        .optional(
          "transform", { $0.entry.transform = $1 }, .choice("a kind of transform"),
          "`rewrite` where a model makes new text, `format` where only the format changes."),
        .optional(
          "transport", { $0.entry.isTransport = $1 }, .flag,
          "It only moves data: its result is its input."),
        .required(
          "does", { $0.entry.does = $1 }, .text, "What it does, for messages: `posts a comment`."),
      ]
    ).then { keys, node, reading in
      var entry = keys.entry
      if entry.transform != nil, !entry.roles.contains(.transform) {
        entry.roles.append(.transform)
      }
      if entry.roles.isEmpty, !entry.isTransport {
        reading.report(
          "a step needs one of the keys `role`, `transform`, `transport`",
          hint: "they say what it does to an output", at: node.entries.first?.key ?? node)
      }
      return keys.match.map { pattern in
        var entry = entry
        entry.match = pattern
        return entry
      }
    }
  }
}
