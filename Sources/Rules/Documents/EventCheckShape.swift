import SourceText

extension Shape where Value == EventCheck {
  /// The check of a rule over event logs.
  package static var eventCheck: Shape {
    let conditions = Shape<[EventCondition]>.oneOrMore(of: .eventCondition)
    return .record(
      "an event check", EventCheck(),
      [
        .required("on", \.on, .eventSelection, "The events that are judged."),
        .optional("given", \.given, conditions, "Without these the rule has nothing to say."),
        .optional("unless", \.unless, conditions, "Any of these leaves the event to another rule."),
        .required(
          "requires", \.requires, .oneOrMore(of: requirement),
          "What must hold; the first that does not makes the finding."),
        .optional("at", \.place, .choice("a place"), "Where the finding stands."),
      ])
  }

  private static var requirement: Shape<EventRequirement> {
    let outcome = Shape<EventRequirement.Outcome>.record(
      "an outcome", .init(),
      [
        .required("cause", \.cause, .text, "What the finding's cause is called."),
        .optional("says", \.says, .text, "A phrase for `{cause}` in the message."),
      ])
    let explanation = Shape<EventRequirement.Explanation>.record(
      "an explanation", .init(),
      [
        .required("if", \.condition, .eventCondition, "What must hold for it."),
        .required("cause", \.outcome.cause, .text, "What the finding's cause is called."),
        .optional("says", \.outcome.says, .text, "A phrase for `{cause}` in the message."),
      ])
    return .record(
      "a requirement", EventRequirement(),
      [
        .required("that", \.condition, .eventCondition, "What must hold."),
        .required(
          "otherwise", \.otherwise, outcome,
          "Where it does not hold; for an order: where the awaited event never comes."),
        .optional("late", \.late, outcome, "For an order: where the awaited event comes too late."),
        .optional(
          "instead", \.instead, .list(of: explanation),
          "Better explanations than `otherwise`: the first that holds counts."),
      ]
    ).map { requirement in
      var requirement = requirement
      if requirement.late.cause.isEmpty { requirement.late = requirement.otherwise }
      return requirement
    }
  }
}

extension Shape where Value == EventSelection {
  /// Event names or sets, with a test of their fields where one is needed.
  package static var eventSelection: Shape {
    let names = Shape<[String]>.oneOrMore(of: .eventName)
    let full = Shape.record(
      "events", EventSelection(),
      [
        .required("events", \.names, names, "Event names, or sets of the protocol."),
        .optional("where", \.test, .eventTest, "What their fields must say."),
      ])
    return .plainOr(names.map { EventSelection($0) }, full)
  }
}

extension Shape where Value == EventReference {
  /// Other events, and how they belong to the judged one.
  package static var eventReference: Shape {
    let names = Shape<[String]>.oneOrMore(of: .eventName)
    let full = Shape.record(
      "events", EventReference(),
      [
        .required("events", \.events.names, names, "Event names, or sets of the protocol."),
        .optional("by", \.by, .choice("an identity"), "The identity that both share."),
        .optional(
          "where", \.test, .eventTest,
          "What their fields must say, also compared with the judged event's."),
        .optional(
          "latest-by", \.latestBy, .text,
          "Of events with equal values of this field only the latest counts."),
      ])
    return .plainOr(names.map { EventReference(EventSelection($0)) }, full)
  }
}

extension Shape where Value == String {
  /// The name of an event or of a set, which some protocol should know.
  static var eventName: Shape {
    text.then { name, node, reading in
      reading.mention(event: name, at: node)
      return name
    }
  }
}

extension Shape {
  /// A short form for scalars and lists, a full one for mappings.
  static func plainOr(_ plain: Shape, _ full: Shape) -> Shape {
    Shape(
      schema: ["anyOf": .array([plain.schema, full.schema])],
      definitions: plain.definitions + full.definitions
    ) { node, reading in
      if case .mapping = node.resolved.content { return full.read(node, &reading) }
      return plain.read(node, &reading)
    }
  }
}

extension Placeholder {
  /// Those of rules over event logs.
  package static let events: [Placeholder] = [
    Placeholder(name: "event", meaning: "the judged event's name"),
    Placeholder(name: "sink", meaning: "its action, branch, key or label, else its name"),
    Placeholder(name: "output", meaning: "the output, shortened"),
    Placeholder(name: "certificate", meaning: "the certificate, shortened"),
    Placeholder(name: "exposure", meaning: "how much too early, in the log's own resolution"),
    Placeholder(name: "cause", meaning: "the outcome's phrase"),
    Placeholder(name: "rest", meaning: "how long the log goes on after the event"),
    Placeholder(name: "other.event", meaning: "the name of the event that shows it"),
    Placeholder(name: "other.line", meaning: "the line of the event that shows it"),
    Placeholder(name: "other.output", meaning: "the output of the event that shows it, shortened"),
    Placeholder(name: "other.sink", meaning: "its action, branch, key or label"),
    Placeholder(
      name: "other.certificate", meaning: "the certificate of the event that shows it, shortened"),
    Placeholder(name: "validator", meaning: "the validator that voted"),
    Placeholder(name: "claim", meaning: "the claim it concerns"),
    Placeholder(name: "weight", meaning: "the certificate's or the vote's weight"),
    Placeholder(name: "threshold", meaning: "the protocol's threshold"),
    Placeholder(name: "count", meaning: "how many of them"),
    Placeholder(name: "expected", meaning: "the number that was stated"),
    Placeholder(name: "actual", meaning: "the number that was found"),
  ]
}
