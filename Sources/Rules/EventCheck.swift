/// The check of a rule over event logs: what must hold of an event, given the other events of the same output.
///
/// Past and bounded future only, so that every verdict falls at an event or at a deadline.
package struct EventCheck: Sendable {
  /// The events that are judged.
  package var on: EventSelection
  /// Conditions without which the rule has nothing to say.
  package var given: [EventCondition]
  /// Conditions that leave the event to another rule.
  package var unless: [EventCondition]
  /// What must hold; the first that does not makes the finding.
  package var requires: [EventRequirement]
  /// Where the finding stands.
  package var place: Place
  /// For a finding that stands at a use: what it is called where there is none, and nothing is decided.
  package var alone: EventRequirement.Outcome?
  /// Of how many findings of one output only the first counts.
  package var scope: Scope
  /// Only where the checks of the rule above it found nothing of the same output.
  package var isElse = false

  /// What counts as one finding.
  package enum Scope: String, Sendable, CaseIterable {
    /// One for each place and output.
    case sink
    /// One for each output.
    case output
  }

  package enum Place: String, Sendable, CaseIterable {
    /// At the judged event.
    case event
    /// At the first use of the output that does not come before the event; at the event where there is none.
    case firstUse = "first-use"
  }

  package init(
    on: EventSelection = EventSelection(), given: [EventCondition] = [],
    unless: [EventCondition] = [], requires: [EventRequirement] = [], place: Place = .event,
    alone: EventRequirement.Outcome? = nil, scope: Scope = .sink
  ) {
    self.on = on
    self.given = given
    self.unless = unless
    self.requires = requires
    self.place = place
    self.alone = alone
    self.scope = scope
  }
}

/// Something that must hold, and what it is called where it does not.
package struct EventRequirement: Sendable {
  package var condition: EventCondition
  /// Where the condition fails; for an order: where the awaited event never comes.
  package var otherwise: Outcome
  /// For an order: where the awaited event comes too late.
  package var late: Outcome
  /// Better explanations for an event that never comes: the first that holds counts.
  package var instead: [Explanation]

  /// How a failure is called.
  package struct Outcome: Sendable {
    package var cause: String
    /// A phrase for the rule's message, with placeholders.
    package var says: String
    /// The log does not decide it: the cause is a reason.
    package var isUndecided: Bool

    package init(cause: String = "", says: String = "", isUndecided: Bool = false) {
      self.cause = cause
      self.says = says
      self.isUndecided = isUndecided
    }
  }

  package struct Explanation: Sendable {
    package var outcome: Outcome
    package var condition: EventCondition

    package init(outcome: Outcome = Outcome(), condition: EventCondition = .all([])) {
      self.outcome = outcome
      self.condition = condition
    }
  }

  package init(
    condition: EventCondition = .all([]), otherwise: Outcome = Outcome(),
    late: Outcome = Outcome(), instead: [Explanation] = []
  ) {
    self.condition = condition
    self.otherwise = otherwise
    self.late = late
    self.instead = instead
  }
}

/// A condition on an event among the others of its case.
package indirect enum EventCondition: Sendable {
  case all([EventCondition])
  case any([EventCondition])
  case not(EventCondition)
  /// A test of the event's own fields.
  case test(EventTest)
  /// One of the events came before, by both orders; at most so long before where a bound is given.
  case earlier(EventReference, within: TimeBound?)
  /// One of the events came after.
  case later(LaterBound)
  /// One of the events stands in the log, wherever.
  case exists(EventReference)
  /// The latest of the events before this one passes a test; false where there is none.
  case latest(EventReference, says: EventTest)
  /// One of the events stands between others.
  case between(BetweenBound)
  /// None of the first came before the event and after the latest of the second.
  case absentSince(EventReference, since: EventReference)
  /// So many of the events came before this one.
  case count(CountBound)
  /// At most so many different values of a field among the events up to this one (and before any of `until`).
  case distinct(DistinctBound)
  /// For each of the events there is one of the others, with the same value of a field, before this event.
  case each(EachBound)
  /// The sum of a field over the events equals a field of this event.
  case sum(EventSum)
  /// No damaged line stands between the first and the last of the events, and one of each kind is there.
  case complete([EventReference])
}

package enum TimeBound: Sendable, Hashable {
  case seconds(Double)
  /// The protocol's budget for a round.
  case roundBudget
}

/// One of the events after the judged one, within a time that is counted from there or from another event.
package struct LaterBound: Sendable {
  package var of: EventReference
  package var within: TimeBound?
  /// The time runs from the latest of these that came before; where there is none, from the judged event.
  package var from: EventReference?

  package init(
    of: EventReference = EventReference(), within: TimeBound? = nil, from: EventReference? = nil
  ) {
    self.of = of
    self.within = within
    self.from = from
  }
}

/// One of the events after some of the first and before all of the second.
package struct BetweenBound: Sendable {
  package var of: EventReference
  package var after: EventReference?
  package var before: EventReference?

  package init(
    of: EventReference = EventReference(), after: EventReference? = nil,
    before: EventReference? = nil
  ) {
    self.of = of
    self.after = after
    self.before = before
  }
}

/// How many of the events came before the judged one.
package struct CountBound: Sendable {
  package var of: EventReference
  /// Different values of this field are counted instead of events; an event without it counts for itself.
  package var distinct: String?
  /// The bounds hold for each group of equal values of this field.
  package var per: String?
  package var atLeast: Number?
  package var atMost: Number?
  /// Only events at most so long before the judged one.
  package var within: TimeBound?
  /// Only events that do not come before the latest of these before the judged one.
  package var since: EventReference?

  /// A number, or where the log states it.
  package enum Number: Sendable {
    case literal(Double)
    /// A field of the judged event.
    case event(String)
    /// The largest that one of the fields of other events states; of those that the count means, where it begins with
    /// an event.
    case stated([String], in: EventReference)
  }

  package init(
    of: EventReference = EventReference(), distinct: String? = nil, per: String? = nil,
    atLeast: Number? = nil, atMost: Number? = nil, within: TimeBound? = nil,
    since: EventReference? = nil
  ) {
    self.of = of
    self.distinct = distinct
    self.per = per
    self.atLeast = atLeast
    self.atMost = atMost
    self.within = within
    self.since = since
  }
}

package struct DistinctBound: Sendable {
  package var field: String
  package var of: EventReference
  package var atMost: Int
  /// Only events before the first of these count.
  package var until: EventReference?

  package init(
    field: String = "", of: EventReference = EventReference(), atMost: Int = 1,
    until: EventReference? = nil
  ) {
    self.field = field
    self.of = of
    self.atMost = atMost
    self.until = until
  }
}

package struct EachBound: Sendable {
  package var of: EventReference
  package var has: EventReference
  /// The field that pairs them.
  package var by: String
  /// A field of the first that says how many different ones there are.
  package var count: String?

  package init(
    of: EventReference = EventReference(), has: EventReference = EventReference(),
    by: String = "", count: String? = nil
  ) {
    self.of = of
    self.has = has
    self.by = by
    self.count = count
  }
}

package struct EventSum: Sendable {
  package var field: String
  package var of: EventReference
  /// The events are summed in groups of equal values of these fields; one grouping that adds up is enough.
  package var by: [String]
  package var equals: String
  package var tolerance: Double
  /// What came before the latest of these counts no more, unless both differ in a grouping after the first.
  package var since: EventReference?

  package init(
    field: String = "", of: EventReference = EventReference(), by: [String] = [],
    equals: String = "", tolerance: Double = 0, since: EventReference? = nil
  ) {
    self.since = since
    self.field = field
    self.of = of
    self.by = by
    self.equals = equals
    self.tolerance = tolerance
  }
}

/// Events of some names or named sets, as far as their own fields pass a test.
package struct EventSelection: Sendable, Hashable {
  /// Canonical event names, or names of the protocol's sets.
  package var names: [String]
  package var test: EventTest?

  package init(_ names: [String] = [], where test: EventTest? = nil) {
    self.names = names
    self.test = test
  }
}

/// Other events, and how they belong to the judged one.
package struct EventReference: Sendable {
  package var events: EventSelection
  /// The identity that both share.
  package var by: EventIdentity
  /// A field whose value both share, beside the identity.
  package var sharing: String?
  /// Tests of the other event's fields, which may be compared with those of the judged one.
  package var test: EventTest?
  /// Of events with equal values of this field only the latest counts.
  package var latestBy: String?

  package init(
    _ events: EventSelection = EventSelection(), by: EventIdentity = .output,
    sharing: String? = nil, where test: EventTest? = nil, latestBy: String? = nil
  ) {
    self.events = events
    self.by = by
    self.sharing = sharing
    self.test = test
    self.latestBy = latestBy
  }
}

/// By what events belong together.
package enum EventIdentity: String, Sendable, CaseIterable {
  case output, request, prompt
  /// The certificate that both name.
  case certificate
  /// The certificate that the event names, else the latest before it on its bytes.
  case proof
  /// Whatever is linked by any identity.
  case anything = "case"
}

/// A test of fields; nothing Turing-complete.
package indirect enum EventTest: Sendable, Hashable {
  case all([EventTest])
  case any([EventTest])
  case not(EventTest)
  /// The field is one of these values; words without case, numbers normalised.
  case isOne(field: String, of: [VerificationProtocol.Literal])
  /// The value is one of those that the protocols list under one of these names.
  case means(field: String, anyOf: [String])
  /// The field is there and not null.
  case present(field: String)
  /// The field is there and null (or an empty text).
  case null(field: String)
  /// The text claims a verification in the protocol's words.
  case claims(field: String)
  /// The text holds the value of one of these, whole or as a digest without its prefix.
  case contains(field: String, anyOf: [String])
  /// A number on whatever scale compared with another.
  case number(field: String, StepPredicate.NumberComparison, NumberOperand)
  /// A time that the field tells, compared with another.
  case time(field: String, TimeComparison, TimeOperand)
  /// Both events have the field, with equal values.
  case same(field: String)
  /// Both events have the field, with different values.
  case different(field: String)
  /// Equal values, or neither has the field.
  case alike(field: String)

  package enum NumberOperand: Sendable, Hashable {
    case literal(Double)
    case threshold
    /// A field of the same event.
    case own(String)
    /// A field of the judged event.
    case event(String)
    /// A field of the judged event, where both are counts of things and no weights: 1 is not the whole.
    case eventCount(String)
  }

  package enum TimeComparison: String, Sendable, CaseIterable { case before, after }

  package enum TimeOperand: Sendable, Hashable {
    /// When the event itself happened.
    case own
    /// When the judged event happened.
    case event
    /// A field of the same event.
    case ownField(String)
    /// A field of the judged event.
    case eventField(String)
  }
}
