/// What a filter puts out for one input.
indirect enum JqOutcome: Sendable {
  /// One value.
  case value(Value)
  /// One boolean, known as a condition.
  case condition(Condition)
  /// No output.
  case nothing
  /// `error`: no output, and the program fails.
  case raised
  case conditional(Condition, JqOutcome, JqOutcome)
  /// `a // b`
  case fallback(Value, JqOutcome)
  /// One outcome for each element of a list; inside, the element is `list[element]`.
  case each(Value, JqOutcome)
  /// The elements of `each` collected in an array.
  case collected(Value, JqOutcome)
  case sequence([JqOutcome])

  /// What `jq -r` prints for it.
  var printed: Value { printed { .text($0, null: "null") } }

  /// What `jq` prints for it: texts in quotes.
  var printedAsJSON: Value { printed { .converted(Value.jsonText, $0) } }

  private func printed(_ write: (Value) -> Value) -> Value {
    switch self {
    case .value(let value): write(value.withEveryElement)
    case .condition(let condition): Self.text(of: condition)
    case .nothing, .raised: .literal("")
    case .conditional(let condition, let first, let second):
      .conditional(condition, first.printed(write), second.printed(write))
    case .fallback(let first, .nothing), .fallback(let first, .raised):
      .text(first.withEveryElement, null: "")
    case .fallback(let first, let second):
      write(Value.fallback(first, second.asValue).withEveryElement)
    case .each(_, let inner): inner.printed(write)
    case .collected(_, let inner): .list([inner.printed(write)])
    case .sequence(let outcomes):
      .template(Array(outcomes.map { [$0.printed(write)] }.joined(separator: [.literal("\n")])))
    }
  }

  /// The value that stands for it; inside a quantifier its element stays marked.
  var asValue: Value {
    switch self {
    case .value(let value): value
    case .condition(let condition): Self.text(of: condition)
    case .nothing, .raised: .null
    case .conditional(let condition, let first, let second):
      .conditional(condition, first.asValue, second.asValue)
    case .fallback(let first, .nothing), .fallback(let first, .raised): first
    case .fallback(let first, let second): .fallback(first, second.asValue)
    case .each(_, let inner), .collected(_, let inner): inner.asValue.withEveryElement
    case .sequence(let outcomes): .list(outcomes.map(\.asValue))
    }
  }

  private static func text(of condition: Condition) -> Value {
    if case .constant(let flag) = condition { return .literal(flag ? "true" : "false") }
    return .conditional(condition, .literal("true"), .literal("false"))
  }

  /// When the last output is there and neither false nor null.
  func holds(at location: SourceLocation) -> Condition {
    switch self {
    case .value(let value): value.isTruthy(at: location)
    case .condition(let condition): condition
    case .nothing, .raised: .constant(false)
    case .conditional(let condition, let first, let second):
      Condition.choice(condition, first.holds(at: location), second.holds(at: location))
    case .fallback(let first, let second):
      Condition.either(first.isTruthy(at: location), second.holds(at: location))
    case .each(let list, let inner): .some(of: list, inner.holds(at: location))
    case .collected: .constant(true)
    case .sequence(let outcomes): outcomes.last?.holds(at: location) ?? .constant(false)
    }
  }

  /// Whether an error can be raised in it.
  var canRaise: Bool {
    switch self {
    case .value, .condition, .nothing: false
    case .raised: true
    case .conditional(_, let first, let second): first.canRaise || second.canRaise
    case .fallback(_, let second): second.canRaise
    case .each(_, let inner), .collected(_, let inner): inner.canRaise
    case .sequence(let outcomes): outcomes.contains(where: \.canRaise)
    }
  }

  /// When no error is raised.
  func completes(at location: SourceLocation) -> Condition {
    switch self {
    case .value, .condition, .nothing: .constant(true)
    case .raised: .constant(false)
    case .conditional(let condition, let first, let second):
      Condition.choice(condition, first.completes(at: location), second.completes(at: location))
    case .fallback(let first, let second):
      second.canRaise
        ? Condition.either(first.isTruthy(at: location), second.completes(at: location))
        : .constant(true)
    case .each(let list, let inner), .collected(let list, let inner):
      inner.canRaise ? .every(of: list, inner.completes(at: location)) : .constant(true)
    case .sequence(let outcomes):
      .all(
        outcomes.filter(\.canRaise).map { $0.completes(at: location) })
    }
  }
}

extension Value {
  /// jq's truth: neither null nor false.
  func isTruthy(at location: SourceLocation) -> Condition {
    switch self {
    case .null: .constant(false)
    case .literal(let text): .constant(text != "false")
    case .record, .list, .template: .constant(true)
    case .conditional(let condition, .literal("true"), .literal("false")): condition
    default: .test(Test(self, .isTrue, semantics: .strict, at: location))
    }
  }

  /// The value outside of its quantifier: an element stands for all of them.
  var withEveryElement: Value {
    switch self {
    case .reference(var reference):
      guard reference.path.contains(.element) else { return self }
      reference.path = reference.path.map { $0 == .element ? .every : $0 }
      return .reference(reference)
    case .result(let path): return .result(path.map { $0 == .element ? .every : $0 })
    case .selection(let inner, let path):
      return .selection(inner.withEveryElement, path.map { $0 == .element ? .every : $0 })
    case .text(let inner, let null): return .text(inner.withEveryElement, null: null)
    case .converted(let how, let inner): return .converted(how, inner.withEveryElement)
    case .template(let parts): return .template(parts.map(\.withEveryElement))
    case .list(let parts): return .list(parts.map(\.withEveryElement))
    case .either(let parts): return .either(parts.map(\.withEveryElement))
    case .record(let fields):
      return .record(fields.map { Field($0.name, $0.value.withEveryElement) })
    case .fallback(let first, let second):
      return .fallback(first.withEveryElement, second.withEveryElement)
    case .conditional(let condition, let first, let second):
      return .conditional(condition, first.withEveryElement, second.withEveryElement)
    case .length(let inner): return .length(inner.withEveryElement)
    case .literal, .null, .unknown: return self
    }
  }

}

extension Condition {
  /// `condition ? first : second`, without the parts that are constant.
  package static func choice(_ condition: Condition, _ first: Condition, _ second: Condition)
    -> Condition
  {
    switch (first, second) {
    case (.constant(true), .constant(true)): .constant(true)
    case (.constant(false), .constant(false)): .constant(false)
    case (.constant(true), .constant(false)): condition
    case (.constant(false), .constant(true)): .not(condition)
    case (let first, .constant(false)): .all([condition, first])
    case (.constant(false), let second): .all([.not(condition), second])
    case (.constant(true), let second): .any([condition, second])
    case (let first, .constant(true)): .any([.not(condition), first])
    case (let first, let second):
      .any([.all([condition, first]), .all([.not(condition), second])])
    }
  }

  /// `first or second`, without the parts that are constant.
  package static func either(_ first: Condition, _ second: Condition) -> Condition {
    switch (first, second) {
    case (.constant(false), let other), (let other, .constant(false)): other
    case (.constant(true), _), (_, .constant(true)): .constant(true)
    default: .any([first, second])
    }
  }
}
