import SourceText

/// The conditions of a `where`, as documents write them: all that are given must hold.
private struct Conditions: Sendable {
  var arguments: [String] = []
  var carries: [Facet] = []
  var lacks: [Facet] = []
  var matches: [String] = []
  var isComputed: Bool?
  var isPresent: Bool?
  var bounds: [(comparison: StepPredicate.NumberComparison, bound: StepPredicate.NumberBound)] = []
  var places: [StepPredicate.Place] = []
  var isProven: Bool?
  var gate: Gate?
  var triggers: [String] = []
  var after: [OtherStep] = []
  var before: [OtherStep] = []
  var decidedOn: [Facet] = []
  var source: StepPredicate?
  var all: [StepPredicate] = []
  var any: [StepPredicate] = []
  var not: StepPredicate?

  struct Gate: Sendable {
    var facet = Facet.confidence
    var bound = StepPredicate.NumberBound.threshold
  }

  subscript(comparison: StepPredicate.NumberComparison) -> StepPredicate.NumberBound? {
    get { bounds.first { $0.comparison == comparison }?.bound }
    set { if let newValue { bounds.append((comparison, newValue)) } }
  }

  var hasArgumentCondition: Bool { isComputed != nil || isPresent != nil || !bounds.isEmpty }
}

extension Shape where Value == StepPredicate.NumberBound {
  /// A number, or the protocol's threshold.
  package static var numberBound: Shape {
    let schema: JSON = ["anyOf": [["type": "number"], ["const": "threshold"]]]
    return Shape(schema: schema) { node, reading in
      switch node.literal {
      case .number(let number): return .literal(number)
      case .text("threshold"): return .threshold
      case .null, .bool, .text, nil:
        reading.expected("a number or `threshold`", at: node)
        return nil
      }
    }
  }
}

// Made once, when the first condition is read: a condition may contain conditions.
private let conditionsShape = Shape<StepPredicate>.readingConditions

extension Shape where Value == StepPredicate {
  /// What must hold of a step.
  package static var stepPredicate: Shape {
    .named("conditions") { conditionsShape }
  }

  fileprivate static var readingConditions: Shape {
    conditions.then { predicate(of: $0, $1, &$2) }
  }

  private static var conditions: Shape<Conditions> {
    let facets = Shape<[Facet]>.oneOrMore(of: .choice("a facet"))
    let bound = Shape<StepPredicate.NumberBound>.numberBound
    let gate = Shape<Conditions.Gate>.record(
      "a gate", Conditions.Gate(),
      [
        .required(
          "on", { $0.facet = $1 }, .choice("a facet"), "The facet that the check compares."),
        .required(
          "below", { $0.bound = $1 }, bound, "The check lets values under this number through."),
      ])
    return .record(
      "a condition", Conditions(),
      [
        .optional(
          "argument", { $0.arguments = $1 }, .oneOrMore(of: .text),
          "The argument that the other keys speak of, by the integration's name (`key`, `value`, `shows`) or its own; "
            + "any argument where it is absent."),
        .optional(
          "carries", { $0.carries = $1 }, facets, "It carries one of these facets of the output."),
        .optional("lacks", { $0.lacks = $1 }, facets, "It carries none of these facets."),
        .optional(
          "matches", { $0.matches = $1 }, .oneOrMore(of: .text),
          "Its literal text matches one of these globs, without case."),
        .optional(
          "computed", { $0.isComputed = $1 }, .flag,
          "It is put together at run time, not one literal."),
        .optional("present", { $0.isPresent = $1 }, .flag, "It is given at all."),
        .optional("below", { $0[.less] = $1 }, bound, "It is a literal number under this one."),
        .optional(
          "at-most", { $0[.lessOrEqual] = $1 }, bound, "It is a literal number, this one or less."),
        .optional("equals", { $0[.equal] = $1 }, bound, "It is this number."),
        .optional("at-least", { $0[.greaterOrEqual] = $1 }, bound, "It is this number or more."),
        .optional("above", { $0[.greater] = $1 }, bound, "It is a literal number over this one."),
        .optional(
          "place", { $0.places = $1 }, .oneOrMore(of: .choice("a place")),
          "What is true of its place: one of these."),
        .optional(
          "proven", { $0.isProven = $1 }, .flag, "Whether the outputs it touches are proven there."),
        .optional("gate", { $0.gate = $1 }, gate, "A check before the step is too weak."),
        .optional(
          "trigger", { $0.triggers = $1 }, .oneOrMore(of: .text),
          "What starts the workflow matches one of these globs."),
        .optional(
          "after", { $0.after = $1 }, .oneOrMore(of: .otherStep),
          "It may run after one of these steps."),
        .optional(
          "before", { $0.before = $1 }, .oneOrMore(of: .otherStep),
          "One of these steps may run after it."),
        .optional(
          "decided-on", { $0.decidedOn = $1 }, facets,
          "A decision before it reads one of these facets."),
        .optional(
          "source", { $0.source = $1 }, stepPredicate,
          "What must hold of the call that made or verified the output."),
        .optional(
          "all", { $0.all = $1 }, .list(of: stepPredicate, atLeast: 1), "All of these hold."),
        .optional(
          "any", { $0.any = $1 }, .list(of: stepPredicate, atLeast: 1), "One of these holds."),
        .optional("not", { $0.not = $1 }, stepPredicate.map { $0 }, "This does not hold."),
      ])
  }

  private static func predicate(
    of conditions: Conditions, _ node: Node, _ reading: inout DocumentReading
  ) -> StepPredicate? {
    if conditions.arguments.isEmpty, conditions.hasArgumentCondition {
      reading.report(
        "`computed`, `present` and comparisons with numbers need the key `argument`",
        hint: "name the argument they speak of", at: node)
      return nil
    }
    var parts: [StepPredicate] = []
    let names: [String?] = conditions.arguments.isEmpty ? [nil] : conditions.arguments
    func ofSome(_ make: (String?) -> StepPredicate) {
      let made = names.map(make)
      parts.append(made.count == 1 ? made[0] : .any(made))
    }
    if !conditions.carries.isEmpty { ofSome { .carries(argument: $0, facets: conditions.carries) } }
    if !conditions.lacks.isEmpty {
      parts += names.map { .not(.carries(argument: $0, facets: conditions.lacks)) }
    }
    if !conditions.matches.isEmpty { ofSome { .text(argument: $0, matches: conditions.matches) } }
    if let isComputed = conditions.isComputed {
      ofSome { isComputed ? .computed(argument: $0 ?? "") : .not(.computed(argument: $0 ?? "")) }
    }
    if let isPresent = conditions.isPresent {
      let present = names.map { StepPredicate.has(argument: $0 ?? "") }
      parts.append(isPresent ? .any(present) : .not(.any(present)))
    }
    for comparison in StepPredicate.NumberComparison.allCases {
      guard let bound = conditions[comparison] else { continue }
      ofSome { .number(argument: $0 ?? "", comparison: comparison, bound: bound) }
    }
    if !conditions.places.isEmpty { parts.append(.any(conditions.places.map { .place($0) })) }
    if let isProven = conditions.isProven { parts.append(.proven(isProven)) }
    if let gate = conditions.gate {
      parts.append(.gatedBelow(facet: gate.facet, bound: gate.bound))
    }
    if !conditions.triggers.isEmpty { parts.append(.trigger(matches: conditions.triggers)) }
    if !conditions.after.isEmpty { parts.append(.any(conditions.after.map { .after($0) })) }
    if !conditions.before.isEmpty { parts.append(.any(conditions.before.map { .before($0) })) }
    if !conditions.decidedOn.isEmpty { parts.append(.decidedOn(conditions.decidedOn)) }
    if let source = conditions.source { parts.append(.source(source)) }
    parts += conditions.all
    if !conditions.any.isEmpty { parts.append(.any(conditions.any)) }
    if let not = conditions.not { parts.append(.not(not)) }
    if parts.isEmpty {
      // A key that could not be read has had its report.
      if node.entries.allSatisfy({ $0.key.text == "argument" }) {
        reading.report("a condition says something: this one is empty", at: node)
      }
      return nil
    }
    return parts.count == 1 ? parts[0] : .all(parts)
  }
}

extension Shape where Value == OtherStep {
  /// A role, or a role with what must hold of the step besides.
  fileprivate static var otherStep: Shape {
    .plainOr(
      Shape<Role>.choice("a role").map { OtherStep($0) },
      .record(
        "a step", OtherStep(.publish),
        [
          .required("role", { $0.role = $1 }, .choice("a role"), "Its role."),
          .optional(
            "where", { $0.predicate = $1 }, .stepPredicate, "What must hold of it besides."),
        ]))
  }
}
