import SourceText

extension Shape where Value == EventCheck {
  /// The check of a rule over event logs.
  package static var eventCheck: Shape {
    let conditions = Shape<[EventCondition]>.oneOrMore(of: .eventCondition)
    return .record(
      "an event check", EventCheck(),
      [
        .required("on", { $0.on = $1 }, .eventSelection, "The events that are judged."),
        .optional(
          "given", { $0.given = $1 }, conditions, "Without these the rule has nothing to say."),
        .optional(
          "unless", { $0.unless = $1 }, conditions, "Any of these leaves the event to another rule."
        ),
        .required(
          "requires", { $0.requires = $1 }, .oneOrMore(of: requirement),
          "What must hold; the first that does not makes the finding."),
        .optional(
          "at", { $0.place = $1 }, .choice("a place"),
          "Where the finding stands: at the judged event, or at the output's `first-use`."),
        .optional(
          "alone", { $0.alone = $1 }, outcome,
          "For `first-use`: what is said, undecided, where the output has no use."),
        .optional(
          "once-per", { $0.scope = $1 }, .choice("a scope"),
          "What counts as one finding: each `sink` of an output, or each `output`."),
        .optional(
          "else", { $0.isElse = $1 }, .flag,
          "Only where the checks above it found nothing of the same output."),
      ]
    ).then { check, node, reading in
      if check.alone != nil, check.place != .firstUse {
        reading.report(
          "`alone` says what a finding at a use is without one: it needs `at: first-use`",
          at: node.entries.first { $0.key.text == "alone" }?.key ?? node)
      }
      var check = check
      check.alone?.isUndecided = true
      return check
    }
  }

  static var outcome: Shape<EventRequirement.Outcome> {
    .record(
      "an outcome", .init(),
      [
        .required("cause", { $0.cause = $1 }, .text, "What the finding's cause is called."),
        .optional("says", { $0.says = $1 }, .phrase, "A phrase for `{cause}` in the message."),
        .optional(
          "inconclusive", { $0.isUndecided = $1 }, .flag,
          "The log does not decide it: never more than a warning, and the cause is a reason."),
      ])
  }

  static var explanation: Shape<EventRequirement.Explanation> {
    .record(
      "an explanation", .init(),
      [
        .required("if", { $0.condition = $1 }, .eventCondition, "What must hold for it."),
        .required("cause", { $0.outcome.cause = $1 }, .text, "What the finding's cause is called."),
        .optional(
          "says", { $0.outcome.says = $1 }, .phrase, "A phrase for `{cause}` in the message."),
        .optional(
          "inconclusive", { $0.outcome.isUndecided = $1 }, .flag,
          "It is not decided: never more than a warning, and the cause is a reason."),
      ])
  }

  private static var requirement: Shape<EventRequirement> {
    .record(
      "a requirement", EventRequirement(),
      [
        .required("that", { $0.condition = $1 }, .eventCondition, "What must hold."),
        .required(
          "otherwise", { $0.otherwise = $1 }, outcome,
          "Where it does not hold; for an order: where the awaited event never comes."),
        .optional(
          "late", { $0.late = $1 }, outcome, "For an order: where the awaited event comes too late."
        ),
        .optional(
          "instead", { $0.instead = $1 }, .list(of: explanation),
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
        .required("events", { $0.names = $1 }, names, "Event names, or sets of the protocol."),
        .optional("where", { $0.test = $1 }, .eventTest, "What their fields must say."),
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
        .required(
          "events", { $0.events.names = $1 }, names, "Event names, or sets of the protocol."),
        .optional("by", { $0.grouping = $1 }, .grouping, EventReference.groupingWords),
        .optional(
          "where", { $0.test = $1 }, .eventTest,
          "What their fields must say, also compared with the judged event's."),
        .optional(
          "latest-by", { $0.latestBy = $1 }, .text,
          "Of events with equal values of this field only the latest counts."),
      ])
    return .plainOr(names.map { EventReference(EventSelection($0)) }, full)
  }
}

extension EventReference {
  static let groupingWords =
    "What both share: an identity (`output` where nothing is said), the name of a field, or one of each."

  /// The identity and the field that both events share.
  struct Grouping: Sendable {
    var by: EventIdentity
    var sharing: String?
  }

  var grouping: Grouping {
    get { Grouping(by: by, sharing: sharing) }
    set {
      by = newValue.by
      sharing = newValue.sharing
    }
  }
}

extension Shape where Value == EventReference.Grouping {
  /// An identity, the name of a field, or one of each.
  static var grouping: Shape {
    Shape<[String]>.oneOrMore(of: .text).then { names, node, reading in
      let identities = names.compactMap(EventIdentity.init(rawValue:))
      let fields = names.filter { EventIdentity(rawValue: $0) == nil }
      if identities.count > 1 || fields.count > 1 {
        reading.report(
          "events share one identity and one field at most",
          hint: "compare others under `where`: `{ \(names[names.count - 1]): { compared: same } }`",
          at: node)
        return nil
      }
      let known = EventIdentity.allCases.map(\.rawValue)
      if let field = fields.first, let near = Closeness.suggestion(for: field, among: known) {
        reading.report(
          "`\(field)` is no identity, and is taken for a field", hint: near, at: node,
          severity: .warning)
      }
      return EventReference.Grouping(
        by: identities.first ?? .anything, sharing: fields.first)
    }
  }
}

extension Shape where Value == String {
  /// A part of a message, with the placeholders of rules over events.
  static var phrase: Shape {
    text.then { phrase, node, reading in
      reading.checkTemplate(phrase, at: node, uses: Placeholder.events)
      return phrase
    }
  }

  /// The name of a list of values, which some protocol should have.
  static var meaningName: Shape {
    text.then { name, node, reading in
      reading.mention(meaning: name, at: node)
      return name
    }
  }

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
    Placeholder(
      name: "field.*", meaning: "a field of the judged event, such as `{field.validator}`"),
    Placeholder(name: "exposure", meaning: "how much too early, in the log's own resolution"),
    Placeholder(name: "delay", meaning: "how much later an awaited event came"),
    Placeholder(name: "budget", meaning: "the protocol's budget for a round"),
    Placeholder(name: "cause", meaning: "the outcome's phrase"),
    Placeholder(name: "rest", meaning: "how long the log goes on after the event"),
    Placeholder(name: "other.event", meaning: "the name of the event that shows it"),
    Placeholder(name: "other.line", meaning: "the line of the event that shows it"),
    Placeholder(name: "other.output", meaning: "the output of the event that shows it, shortened"),
    Placeholder(name: "other.sink", meaning: "its action, branch, key or label"),
    Placeholder(
      name: "other.certificate", meaning: "the certificate of the event that shows it, shortened"),
    Placeholder(name: "other.field.*", meaning: "a field of the event that shows it"),
    Placeholder(name: "reason", meaning: "for facts: why one that decides is not known"),
    Placeholder(name: "weight", meaning: "the certificate's or the vote's weight"),
    Placeholder(name: "threshold", meaning: "the protocol's threshold"),
    Placeholder(name: "count", meaning: "how many of them"),
    Placeholder(name: "expected", meaning: "the number that was stated"),
    Placeholder(name: "actual", meaning: "the number that was found"),
  ]
}
