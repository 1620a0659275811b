import SourceText

/// Conditions with two parts, as documents write them.
private struct Earlier: Sendable {
  var reference = EventReference()
  var bound: TimeBound?
}

private struct Latest: Sendable {
  var reference = EventReference()
  var test: EventTest = .all([])
}

private struct Absence: Sendable {
  var reference = EventReference()
  var since = EventReference()
}

// Made once, when the first condition is read: a condition may contain conditions.
private let conditionShape = Shape<EventCondition>.readingCondition

extension Shape where Value == EventCondition {
  /// A condition on an event among the others of its case: one operator.
  package static var eventCondition: Shape {
    .named("event-condition") { conditionShape }
  }

  fileprivate static var readingCondition: Shape {
    let several = Shape<[EventCondition]>.list(of: .eventCondition, atLeast: 1)
    let reference = Shape<EventReference>.eventReference
    return .oneOf(
      "a condition",
      [
        Alternative(
          "earlier", earlier,
          "One of these came before: by their times, and by their lines where the clocks may "
            + "disagree. Inconclusive (`clock-skew`, `no-timestamp`) where the orders differ."
        ) { .earlier($0.reference, within: $0.bound) },
        Alternative(
          "later", later,
          "One of these came after, within a time where one is given. Inconclusive "
            + "(`log-ends-first`) where the log ends before that time is over."
        ) { .later($0) },
        Alternative(
          "exists", reference,
          "One of these stands in the log, before or after; never inconclusive."
        ) { .exists($0) },
        Alternative(
          "latest", latest,
          "The latest of these before the event passes a test; false where none came before."
        ) { .latest($0.reference, says: $0.test) },
        Alternative(
          "between", between,
          "One of these came after some of the first and before all of the second."
        ) { .between($0) },
        Alternative(
          "none", absence,
          "None of these came before the event and after the latest of others; where none of the "
            + "others came before, none at all."
        ) { .absentSince($0.reference, since: $0.since) },
        Alternative(
          "count", count,
          "So many of these came before the event; those whose order is disputed make it "
            + "inconclusive where they matter."
        ) { .count($0) },
        Alternative(
          "distinct", distinct,
          "At most so many different values of a field up to this event, itself included."
        ) { .distinct($0) },
        Alternative(
          "each", each, "For each of these there is a partner with the same value before the event."
        ) { .each($0) },
        Alternative(
          "sum", sum, "A field of these adds up to what the judged event states."
        ) { .sum($0) },
        Alternative(
          "complete", Shape<[EventReference]>.list(of: .eventReference, atLeast: 1),
          "One of each is there, and no line between them is damaged."
        ) { .complete($0) },
        Alternative(
          "test", .eventTest,
          "What the event's own fields say; it fails only where they say the opposite."
        ) { .test($0) },
        Alternative("not", .eventCondition, "This fails; inconclusive where it is.") { .not($0) },
        Alternative(
          "all", several, "All of these hold; one that fails decides."
        ) { .all($0) },
        Alternative(
          "any", several, "One of these holds; one that holds decides."
        ) { .any($0) },
      ])
  }

  private static var earlier: Shape<Earlier> {
    let names = Shape<EventReference>.eventReference.map { Earlier(reference: $0) }
    return .plainOr(
      names,
      .record(
        "events", Earlier(),
        [
          .required(
            "events", { $0.reference.events.names = $1 }, .oneOrMore(of: .eventName),
            "Event names, or sets of the protocol."),
          .optional("by", { $0.reference.grouping = $1 }, .grouping, EventReference.groupingWords),
          .optional(
            "where", { $0.reference.test = $1 }, .eventTest,
            "What their fields must say, also compared with the judged event's."),
          .optional(
            "latest-by", { $0.reference.latestBy = $1 }, .text,
            "Of events with equal values of this field only the latest counts."),
          .optional("within", { $0.bound = $1 }, .timeBound, "How long before at most."),
        ]))
  }

  private static var later: Shape<LaterBound> {
    let names = Shape<EventReference>.eventReference.map { LaterBound(of: $0) }
    return .plainOr(
      names,
      .record(
        "events", LaterBound(),
        [
          .required(
            "events", { $0.of.events.names = $1 }, .oneOrMore(of: .eventName),
            "Event names, or sets of the protocol."),
          .optional("by", { $0.of.grouping = $1 }, .grouping, EventReference.groupingWords),
          .optional(
            "where", { $0.of.test = $1 }, .eventTest,
            "What their fields must say, also compared with the judged event's."),
          .optional(
            "within", { $0.within = $1 }, .timeBound,
            "How much later at most: a length of time, or `round-budget` of the protocol."),
          .optional(
            "from", { $0.from = $1 }, .eventReference,
            "The time runs from the latest of these that came before, not from the event."),
        ]))
  }

  private static var latest: Shape<Latest> {
    .record(
      "the latest", Latest(),
      [
        .required("of", { $0.reference = $1 }, .eventReference, "The events."),
        .required("says", { $0.test = $1 }, .eventTest, "What the latest of them must say."),
      ])
  }

  private static var between: Shape<BetweenBound> {
    .record(
      "an interval", BetweenBound(),
      [
        .required("of", { $0.of = $1 }, .eventReference, "The events that are looked for."),
        .optional("after", { $0.after = $1 }, .eventReference, "One of these came before it."),
        .optional("before", { $0.before = $1 }, .eventReference, "None of these came before it."),
      ]
    ).then { bound, node, reading in
      if bound.after == nil, bound.before == nil {
        reading.report(
          "an interval needs one of the keys `after`, `before`",
          hint: "without them it is `exists`", at: node.entries.first?.key ?? node)
      }
      return bound
    }
  }

  private static var absence: Shape<Absence> {
    .record(
      "an absence", Absence(),
      [
        .required("of", { $0.reference = $1 }, .eventReference, "What must not have come."),
        .required("since", { $0.since = $1 }, .eventReference, "Since the latest of these."),
      ])
  }

  private static var count: Shape<CountBound> {
    .record(
      "a count", CountBound(),
      [
        .required("of", { $0.of = $1 }, .eventReference, "The events that are counted."),
        .optional(
          "distinct", { $0.distinct = $1 }, .text,
          "Different values of this field or identity count instead of events."),
        .optional(
          "per", { $0.per = $1 }, .text,
          "The bounds hold for each group of equal values of this field."),
        .optional("at-least", { $0.atLeast = $1 }, .countNumber, "How many there must be."),
        .optional("at-most", { $0.atMost = $1 }, .countNumber, "How many there may be."),
        .optional(
          "within", { $0.within = $1 }, .timeBound, "Only those at most so long before the event."),
        .optional(
          "since", { $0.since = $1 }, .eventReference,
          "Only those since the latest of these before the event."),
      ]
    ).then { bound, node, reading in
      if bound.atLeast == nil, bound.atMost == nil {
        reading.report(
          "a count needs one of the keys `at-least`, `at-most`",
          at: node.entries.first?.key ?? node)
      }
      return bound
    }
  }

  private static var distinct: Shape<DistinctBound> {
    .record(
      "a count", DistinctBound(),
      [
        .required(
          "field", { $0.field = $1 }, .text, "The field or identity whose values are counted."),
        .required("of", { $0.of = $1 }, .eventReference, "The events that have it."),
        .required("at-most", { $0.atMost = $1 }, .wholeNumber, "How many there may be."),
        .optional("until", { $0.until = $1 }, .eventReference, "Only before the first of these."),
      ])
  }

  private static var each: Shape<EachBound> {
    .record(
      "a pairing", EachBound(),
      [
        .required("of", { $0.of = $1 }, .eventReference, "The events that need a partner."),
        .required(
          "has", { $0.has = $1 }, .eventReference, "The partners, before the judged event."),
        .required("by", { $0.by = $1 }, .text, "The field that pairs them."),
        .optional(
          "count", { $0.count = $1 }, .text, "A field of the first that says how many there are."),
      ])
  }

  private static var sum: Shape<EventSum> {
    .record(
      "a sum", EventSum(),
      [
        .required("field", { $0.field = $1 }, .text, "The field that is added up."),
        .required("of", { $0.of = $1 }, .eventReference, "The events that have it."),
        .required(
          "equals", { $0.equals = $1 }, .text, "The judged event's field that states the sum."),
        .optional(
          "by", { $0.by = $1 }, .oneOrMore(of: .text),
          "Fields to group by; one grouping that adds up is enough."),
        .optional(
          "since", { $0.since = $1 }, .eventReference,
          "What came before these counts no more, unless a later grouping field tells them apart."),
        .optional("tolerance", { $0.tolerance = $1 }, .number, "How far off it may be."),
      ])
  }
}

extension Shape where Value == Int {
  /// A number of things.
  fileprivate static var wholeNumber: Shape {
    Shape(schema: ["type": "integer", "minimum": 0]) { node, reading in
      if case .number(let number) = node.literal, let whole = Int(exactly: number), whole >= 0 {
        return whole
      }
      reading.expected("a whole number", at: node)
      return nil
    }
  }
}

/// Where a number is stated.
private struct StatedNumber: Sendable {
  var event: String?
  var fields: [String] = []
  var events: EventReference?
}

extension Shape where Value == CountBound.Number {
  /// A number, or where the log states it.
  fileprivate static var countNumber: Shape {
    let whole = Shape<Int>.wholeNumber
    let stated = Shape<StatedNumber>.record(
      "a stated number", StatedNumber(),
      [
        .optional("event", { $0.event = $1 }, .text, "A field of the judged event."),
        .optional(
          "stated", { $0.fields = $1 }, .oneOrMore(of: .text),
          "Fields of other events; the largest number counts, and a list by its length."),
        .optional("in", { $0.events = $1 }, .eventReference, "The events that state it."),
      ])
    return Shape(
      schema: ["anyOf": .array([whole.schema, stated.schema])], definitions: stated.definitions
    ) { node, reading in
      guard case .mapping = node.resolved.content else {
        return whole.read(node, &reading).map { .literal(Double($0)) }
      }
      guard let number = stated.read(node, &reading) else { return nil }
      if let field = number.event { return .event(field) }
      if let events = number.events, !number.fields.isEmpty {
        return .stated(number.fields, in: events)
      }
      if !reading.failed {
        reading.report(
          "a stated number needs the key `event`, or `stated` and `in`",
          at: node.entries.first?.key ?? node)
      }
      return nil
    }
  }
}

extension Shape where Value == TimeBound {
  /// A length of time, or the protocol's budget for a round.
  fileprivate static var timeBound: Shape {
    let seconds = Shape<Double>.seconds
    let schema: JSON = ["anyOf": .array([seconds.schema, ["const": "round-budget"]])]
    return Shape(schema: schema) { node, reading in
      if node.text == "round-budget" { return .roundBudget }
      guard let length = node.text.flatMap(durationSeconds), length >= 0, length < 1e9 else {
        reading.expected(
          "a length of time such as `500ms`, `3s`, `1h`, or `round-budget`", at: node)
        return nil
      }
      return .seconds(length)
    }
  }
}
