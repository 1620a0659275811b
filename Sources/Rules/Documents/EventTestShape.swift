import SourceText

/// How a field's value is tested, as documents write it: all that are given must hold.
private struct FieldConditions: Sendable {
  var values: [VerificationProtocol.Literal] = []
  var meanings: [String] = []
  var isPresent: Bool?
  var isNull: Bool?
  var claims: Bool?
  var contains: [String] = []
  var compared: [Comparison] = []
  var bounds: [(comparison: StepPredicate.NumberComparison, bound: EventTest.NumberOperand)] = []
  var before: EventTest.TimeOperand?
  var after: EventTest.TimeOperand?

  enum Comparison: String, CaseIterable, Sendable { case same, different, alike }

  subscript(comparison: StepPredicate.NumberComparison) -> EventTest.NumberOperand? {
    get { bounds.first { $0.comparison == comparison }?.bound }
    set { if let newValue { bounds.append((comparison, newValue)) } }
  }

  func tests(of field: String) -> [EventTest] {
    var tests: [EventTest] = []
    if !values.isEmpty { tests.append(.isOne(field: field, of: values)) }
    if !meanings.isEmpty { tests.append(.means(field: field, anyOf: meanings)) }
    if let isPresent {
      tests.append(isPresent ? .present(field: field) : .not(.present(field: field)))
    }
    if let isNull { tests.append(isNull ? .null(field: field) : .not(.null(field: field))) }
    if let claims { tests.append(claims ? .claims(field: field) : .not(.claims(field: field))) }
    if !contains.isEmpty { tests.append(.contains(field: field, anyOf: contains)) }
    for comparison in compared {
      switch comparison {
      case .same: tests.append(.same(field: field))
      case .different: tests.append(.different(field: field))
      case .alike: tests.append(.alike(field: field))
      }
    }
    for comparison in StepPredicate.NumberComparison.allCases {
      if let operand = self[comparison] {
        tests.append(.number(field: field, comparison, operand))
      }
    }
    if let before { tests.append(.time(field: field, .before, before)) }
    if let after { tests.append(.time(field: field, .after, after)) }
    return tests
  }
}

// Made once, when the first test is read: a test may contain tests.
private let testShape = Shape<EventTest>.readingTest

extension Shape where Value == EventTest {
  /// What fields say: a mapping by field, and `all`, `any`, `not`; all that is given must hold.
  package static var eventTest: Shape {
    .named("event-test") { testShape }
  }

  fileprivate static var readingTest: Shape {
    let field = Shape<FieldConditions>.fieldConditions
    let schema: JSON = [
      "type": "object", "minProperties": 1,
      "properties": [
        "all": ["type": "array", "items": ["$ref": "#/$defs/event-test"]],
        "any": ["type": "array", "items": ["$ref": "#/$defs/event-test"]],
        "not": ["$ref": "#/$defs/event-test"],
      ],
      "additionalProperties": field.schema,
    ]
    return Shape(schema: schema, definitions: field.definitions) { node, reading in
      guard case .mapping = node.resolved.content else {
        reading.expected("a test by field", at: node)
        return nil
      }
      var tests: [EventTest] = []
      for entry in node.entries {
        let name = entry.key.text ?? ""
        reading.under(name) { reading in
          switch name {
          case "all", "any":
            let parts = Shape<[EventTest]>.list(of: .eventTest, atLeast: 1).read(
              entry.value, &reading)
            if let parts { tests.append(name == "all" ? .all(parts) : .any(parts)) }
          case "not":
            if let part = Self.eventTest.read(entry.value, &reading) { tests.append(.not(part)) }
          default:
            // An identity has no words of its own: it is the same as the judged event's, or not.
            if EventIdentity(rawValue: name) != nil, let word = entry.value.text,
              let comparison = FieldConditions.Comparison(rawValue: word)
            {
              tests += FieldConditions(compared: [comparison]).tests(of: name)
            } else if let conditions = field.read(entry.value, &reading) {
              tests += conditions.tests(of: name)
            }
          }
        }
      }
      if tests.isEmpty {
        if !reading.failed {
          reading.report("a test says something: this one is empty", at: node)
        }
        return nil
      }
      return tests.count == 1 ? tests[0] : .all(tests)
    }
  }
}

extension Shape where Value == FieldConditions {
  fileprivate static var fieldConditions: Shape {
    let literals = Shape<[VerificationProtocol.Literal]>.oneOrMore(of: .literal)
    let operand = Shape<EventTest.NumberOperand>.numberOperand
    let full = Shape.record(
      "a field's test", FieldConditions(),
      [
        .optional("is", { $0.values = $1 }, literals, "One of these values."),
        .optional(
          "means", { $0.meanings = $1 }, .oneOrMore(of: .meaningName),
          "One of the values that a protocol lists under one of these names in `meanings`."),
        .optional("present", { $0.isPresent = $1 }, .flag, "There and not null."),
        .optional("null", { $0.isNull = $1 }, .flag, "There and null, or an empty text."),
        .optional(
          "claims", { $0.claims = $1 }, .flag, "Claims a verification in the protocol's words."),
        .optional(
          "contains", { $0.contains = $1 }, .oneOrMore(of: .text),
          "Holds the value of one of these fields or identities of the same event."),
        .optional(
          "compared", { $0.compared = $1 },
          .oneOrMore(of: Shape<FieldConditions.Comparison>.choice("a comparison")),
          "With the judged event's: `same` or `different` where both have it, `alike` also where neither has."
        ),
        .optional("less", { $0[.less] = $1 }, operand, "Less than this number."),
        .optional("less-or-equal", { $0[.lessOrEqual] = $1 }, operand, "This number at most."),
        .optional("equal", { $0[.equal] = $1 }, operand, "This number."),
        .optional(
          "greater-or-equal", { $0[.greaterOrEqual] = $1 }, operand, "This number at least."),
        .optional("greater", { $0[.greater] = $1 }, operand, "More than this number."),
        .optional("before", { $0.before = $1 }, .timeOperand, "A time before this one."),
        .optional("after", { $0.after = $1 }, .timeOperand, "A time after this one."),
      ])
    return .plainOr(literals.map { FieldConditions(values: $0) }, full)
  }
}

/// The two ways to name a field that is compared with.
private struct FieldOperand: Sendable {
  var own: String?
  var event: String?
  var eventCount: String?
}

extension Shape where Value == EventTest.NumberOperand {
  fileprivate static var numberOperand: Shape {
    let field = Shape<FieldOperand>.record(
      "a field", FieldOperand(),
      [
        .optional("own", { $0.own = $1 }, .text, "A field of the same event."),
        .optional("event", { $0.event = $1 }, .text, "A field of the judged event."),
        .optional(
          "event-count", { $0.eventCount = $1 }, .text,
          "A field of the judged event, where both count things and are no weights."),
      ])
    let schema: JSON = [
      "anyOf": .array([["type": "number"], ["const": "threshold"], field.schema])
    ]
    return Shape(schema: schema) { node, reading in
      if case .mapping = node.resolved.content {
        guard let operand = field.read(node, &reading) else { return nil }
        if let own = operand.own { return .own(own) }
        if let event = operand.event { return .event(event) }
        if let count = operand.eventCount { return .eventCount(count) }
        reading.report("a field needs one of the keys `own`, `event`, `event-count`", at: node)
        return nil
      }
      switch node.literal {
      case .number(let number): return .literal(number)
      case .text("threshold"): return .threshold
      case .null, .bool, .text, nil:
        reading.expected("a number, `threshold`, `own: FIELD` or `event: FIELD`", at: node)
        return nil
      }
    }
  }
}

extension Shape where Value == EventTest.TimeOperand {
  /// When an event happened, or a field that tells a time.
  fileprivate static var timeOperand: Shape {
    let field = Shape<FieldOperand>.record(
      "a field", FieldOperand(),
      [
        .optional("own", { $0.own = $1 }, .text, "A field of the same event."),
        .optional("event", { $0.event = $1 }, .text, "A field of the judged event."),
      ])
    let schema: JSON = [
      "anyOf": .array([["enum": ["own-time", "event-time"]], field.schema])
    ]
    return Shape(schema: schema) { node, reading in
      if case .mapping = node.resolved.content {
        guard let operand = field.read(node, &reading) else { return nil }
        if let own = operand.own { return .ownField(own) }
        if let event = operand.event { return .eventField(event) }
        reading.report("a field needs one of the keys `own`, `event`", at: node)
        return nil
      }
      switch node.text {
      case "own-time": return .own
      case "event-time": return .event
      default:
        reading.expected("`own-time`, `event-time`, `own: FIELD` or `event: FIELD`", at: node)
        return nil
      }
    }
  }
}
