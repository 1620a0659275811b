import SourceText

/// An order with its bound, as documents write it.
private struct Later: Sendable {
  var reference = EventReference()
  var bound: TimeBound?
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
        Alternative("earlier", reference, "One of these came before.") { .earlier($0) },
        Alternative("later", later, "One of these came after.") {
          .later($0.reference, within: $0.bound)
        },
        Alternative("exists", reference, "One of these stands in the log, wherever.") {
          .exists($0)
        },
        Alternative("none", absence, "None of these came since another event.") {
          .absentSince($0.reference, since: $0.since)
        },
        Alternative("distinct", distinct, "Few different values so far.") { .distinct($0) },
        Alternative("each", each, "For each of these an earlier partner.") { .each($0) },
        Alternative("sum", sum, "A sum that adds up.") { .sum($0) },
        Alternative(
          "complete", Shape<[EventReference]>.list(of: .eventReference, atLeast: 1),
          "One of each is there, and no line between them is damaged."
        ) { .complete($0) },
        Alternative("test", .eventTest, "What the event's own fields say.") { .test($0) },
        Alternative("not", .eventCondition, "This does not hold.") { .not($0) },
        Alternative("all", several, "All of these hold.") { .all($0) },
        Alternative("any", several, "One of these holds.") { .any($0) },
      ])
  }

  private static var later: Shape<Later> {
    let bound = Shape<TimeBound>.timeBound
    let names = Shape<EventReference>.eventReference.map { Later(reference: $0) }
    let full = Shape<Later>.record(
      "events", Later(),
      [
        .required(
          "events", \.reference.events.names, .oneOrMore(of: .eventName),
          "Event names, or sets of the protocol."),
        .optional(
          "by", \.reference.by, .choice("an identity"), "The identity that both share."),
        .optional(
          "where", \.reference.test, .eventTest,
          "What their fields must say, also compared with the judged event's."),
        .optional("within", \.bound, bound, "How much later at most."),
      ])
    return .plainOr(names, full)
  }

  private static var absence: Shape<Absence> {
    .record(
      "an absence", Absence(),
      [
        .required("of", \.reference, .eventReference, "What must not have come."),
        .required("since", \.since, .eventReference, "Since the latest of these."),
      ])
  }

  private static var distinct: Shape<DistinctBound> {
    .record(
      "a count", DistinctBound(),
      [
        .required("field", \.field, .text, "The field or identity whose values are counted."),
        .required("of", \.of, .eventReference, "The events that have it."),
        .required(
          "at-most", \.atMost, Shape<Double>.number.map { Int($0) }, "How many there may be."),
        .optional("until", \.until, .eventReference, "Only before the first of these."),
      ])
  }

  private static var each: Shape<EachBound> {
    .record(
      "a pairing", EachBound(),
      [
        .required("of", \.of, .eventReference, "The events that need a partner."),
        .required("has", \.has, .eventReference, "The partners, before the judged event."),
        .required("by", \.by, .text, "The field that pairs them."),
        .optional("count", \.count, .text, "A field of the first that says how many there are."),
      ])
  }

  private static var sum: Shape<EventSum> {
    .record(
      "a sum", EventSum(),
      [
        .required("field", \.field, .text, "The field that is added up."),
        .required("of", \.of, .eventReference, "The events that have it."),
        .required("equals", \.equals, .text, "The judged event's field that states the sum."),
        .optional(
          "by", \.by, .oneOrMore(of: .text),
          "Fields to group by; one grouping that adds up is enough."),
        .optional(
          "since", \.since, .eventReference,
          "What came before these counts no more, unless a later grouping field tells them apart."),
        .optional("tolerance", \.tolerance, .number, "How far off it may be."),
      ])
  }
}

extension Shape where Value == TimeBound {
  /// A length of time, or the protocol's budget for a round.
  fileprivate static var timeBound: Shape {
    let seconds = Shape<Double>.seconds
    let schema: JSON = ["anyOf": .array([seconds.schema, ["const": "round-budget"]])]
    return Shape(schema: schema) { node, reading in
      if node.text == "round-budget" { return .roundBudget }
      return seconds.read(node, &reading).map { .seconds($0) }
    }
  }
}
