/// Follows data through a jq filter.
struct JqInterpreter {
  let location: SourceLocation
  /// Bounds the work: alternatives multiply.
  private var budget = 4_000

  init(location: SourceLocation) { self.location = location }

  typealias Variables = [String: Value]

  mutating func apply(
    _ filter: JqFilter, to input: JqOutcome, _ variables: Variables
  ) -> JqOutcome {
    budget -= 1
    guard budget > 0 else { return .value(.unknown(input.asValue.references)) }
    switch input {
    case .nothing: return .nothing
    case .raised: return .raised
    case .value(let value): return apply(filter, toValue: value, variables)
    case .condition(let condition):
      if case .call("not", _) = filter { return .condition(.not(condition)) }
      if case .identity = filter { return input }
      return apply(filter, toValue: input.asValue, variables, known: condition)
    case .conditional(let condition, let first, let second):
      return .conditional(
        condition, apply(filter, to: first, variables), apply(filter, to: second, variables))
    case .fallback(let first, .nothing):
      return .conditional(
        first.isTruthy(at: location), apply(filter, toValue: first, variables), .nothing)
    case .fallback(let first, .raised):
      return .conditional(
        first.isTruthy(at: location), apply(filter, toValue: first, variables), .raised)
    case .fallback: return apply(filter, toValue: input.asValue, variables)
    case .each(let list, let inner): return .each(list, apply(filter, to: inner, variables))
    case .collected(let list, let inner):
      return applyToCollected(filter, list, inner, variables)
    case .sequence(let outcomes):
      return .sequence(outcomes.map { apply(filter, to: $0, variables) })
    }
  }

  private mutating func apply(
    _ filter: JqFilter, toValue value: Value, _ variables: Variables, known: Condition? = nil
  ) -> JqOutcome {
    budget -= 1
    guard budget > 0 else { return .value(.unknown(value.references)) }
    let input = known.map(JqOutcome.condition) ?? .value(value)
    switch filter {
    case .identity: return input
    case .field(let base, let key):
      let bases = apply(base, toValue: value, variables)
      let component = component(apply(key, toValue: value, variables).asValue)
      return mapping(bases) { .value($0.selecting([component])) }
    case .iterate(let base):
      let lists = apply(base, toValue: value, variables)
      return mapping(lists) { list in
        .each(list, .value(list.selecting([.element])))
      }
    case .slice(let base):
      return mapping(apply(base, toValue: value, variables)) { .value(.converted("slice", $0)) }
    case .literal(.null): return .value(.null)
    case .literal(.bool(let flag)): return .condition(.constant(flag))
    case .literal(.number(let text)), .literal(.text(let text)): return .value(.literal(text))
    case .text(let parts, let format):
      let text = Value.template(parts.map { apply($0, toValue: value, variables).printed })
      return .value(Self.encodes(format) ? .converted("@\(format ?? "")", text) : text)
    case .variable(let name):
      return .value(variables[name] ?? .unknown([]))
    case .pipe(let first, let second):
      return apply(second, to: apply(first, to: input, variables), variables)
    case .comma(let first, let second):
      return .sequence([
        apply(first, to: input, variables), apply(second, to: input, variables),
      ])
    case .alternative(let first, let second):
      return alternative(
        apply(first, to: input, variables), apply(second, to: input, variables))
    case .and(let first, let second):
      return .condition(.all([holds(first, input, variables), holds(second, input, variables)]))
    case .or(let first, let second):
      return .condition(.any([holds(first, input, variables), holds(second, input, variables)]))
    case .comparison(let symbol, let left, let right):
      return .condition(
        compare(
          symbol, apply(left, to: input, variables), apply(right, to: input, variables)))
    case .arithmetic(let symbol, let left, let right):
      let first = apply(left, to: input, variables).asValue
      let second = apply(right, to: input, variables).asValue
      let isCounting = left.isNumber || right.isNumber
      return .value(
        symbol == "+" && !isCounting
          ? join(first, second) : .converted(symbol, .list([first, second])))
    case .assignment(let symbol, let place, let new):
      guard let names = place.fieldNames, !names.isEmpty else {
        return .value(.unknown(value.references))
      }
      let written = assigned(
        symbol, new, over: value.selecting(names.map(PathComponent.field)), input, variables)
      return .value(Self.writing(written, to: names[...], of: value))
    case .object(let entries): return object(entries, input, variables)
    case .array(nil): return .value(.list([]))
    case .array(let inner?):
      switch apply(inner, to: input, variables) {
      case .each(let list, let element): return .collected(list, element)
      case .sequence(let outcomes): return .value(.list(outcomes.map(\.asValue)))
      case .nothing: return .value(.list([]))
      case .raised: return .raised
      case let outcome: return .value(.list([outcome.asValue]))
      }
    case .conditional(let condition, let first, let second):
      return .conditional(
        holds(condition, input, variables), apply(first, to: input, variables),
        apply(second, to: input, variables))
    case .attempt(let body, let otherwise):
      let attempted = apply(body, to: input, variables)
      guard attempted.canRaise else { return attempted }
      let handler = otherwise.map { apply($0, to: .value(.literal("error")), variables) }
      return replacingRaised(attempted, by: handler ?? .nothing)
    case .binding(let bound, let name, let body):
      var inner = variables
      inner[name] = apply(bound, to: input, variables).asValue
      return apply(body, to: input, inner)
    case .call(let name, let arguments):
      return call(name, arguments, on: value, input, variables)
    case .unknown: return .value(.unknown(value.references))
    }
  }

  // MARK: Conditions

  private mutating func holds(
    _ filter: JqFilter, _ input: JqOutcome, _ variables: Variables
  ) -> Condition {
    apply(filter, to: input, variables).holds(at: location)
  }

  private func test(_ subject: Value, _ comparison: Test.Comparison, _ operands: [Value] = [])
    -> Condition
  {
    .test(Test(subject, comparison, operands, semantics: .strict, at: location))
  }

  private func compare(_ symbol: String, _ left: JqOutcome, _ right: JqOutcome) -> Condition {
    // `[ .claims[] | select(c) ] | length == 0` says that no element has c.
    if case .value(.length(.converted(Self.filtered, .conditional(let condition, let list, _)))) =
      left, case .value(.literal(let count)) = right
    {
      switch (symbol, count) {
      case ("==", "0"), ("<", "1"): return .every(of: list, .not(condition))
      case ("!=", "0"), (">", "0"), (">=", "1"): return .some(of: list, condition)
      default: break
      }
    }
    switch (left, right) {
    case (.condition(let condition), .condition(.constant(let wanted))),
      (.condition(.constant(let wanted)), .condition(let condition)):
      return (symbol == "!=") == wanted ? .not(condition) : condition
    case (.value(let value), .condition(.constant(let wanted))),
      (.condition(.constant(let wanted)), .value(let value)):
      let equal = test(value, .equal, [.literal(wanted ? "true" : "false")])
      return symbol == "!=" ? .not(equal) : equal
    case (.each(let list, let inner), let other):
      return .some(of: list, compare(symbol, inner, other))
    default: break
    }
    if case .conditional(let condition, let first, let second) = left {
      return Condition.choice(
        condition, compare(symbol, first, right), compare(symbol, second, right))
    }
    var symbol = symbol
    var subject = left.asValue
    var operand = right.asValue
    if Self.isConstant(subject), !Self.isConstant(operand) {
      swap(&subject, &operand)
      symbol = Self.mirrored[symbol] ?? symbol
    }
    if case .converted(Self.type, let typed) = subject, case .literal(let name) = operand {
      let holds: Condition
      switch name {
      case "null": holds = test(typed, .isNull)
      case "string": holds = test(typed, .isText)
      case "number": holds = test(typed, .isNumber)
      case "boolean": holds = test(typed, .isBoolean)
      default: return .unknown(typed.references)
      }
      return symbol == "!=" ? .not(holds) : holds
    }
    switch symbol {
    case "==": return operand == .null ? test(subject, .isNull) : test(subject, .equal, [operand])
    case "!=":
      return .not(operand == .null ? test(subject, .isNull) : test(subject, .equal, [operand]))
    case "<": return test(subject, .less, [operand])
    case "<=": return test(subject, .lessOrEqual, [operand])
    case ">": return test(subject, .greater, [operand])
    case ">=": return test(subject, .greaterOrEqual, [operand])
    default: return .unknown(subject.references + operand.references)
    }
  }

  private static let mirrored = ["<": ">", ">": "<", "<=": ">=", ">=": "<="]
  private static let type = "type"
  private static let filtered = "filtered"

  private static func isConstant(_ value: Value) -> Bool {
    switch value {
    case .literal, .null: true
    default: false
    }
  }

  // MARK: Functions

  private mutating func call(
    _ name: String, _ arguments: [JqFilter], on value: Value, _ input: JqOutcome,
    _ variables: Variables
  ) -> JqOutcome {
    switch (name, arguments.count) {
    case ("empty", 0): return .nothing
    case ("error", _), ("halt_error", _): return .raised
    case ("not", 0): return .condition(.not(input.holds(at: location)))
    case ("select", 1):
      return .conditional(holds(arguments[0], input, variables), input, .nothing)
    case ("length", 0), ("utf8bytelength", 0): return .value(.length(value))
    case ("tostring", 0), ("@text", 0), ("tojson", 0), ("@json", 0):
      return .value(.text(value, null: "null"))
    case ("tonumber", 0), ("fromjson", 0), ("values", 0), ("toarray", 0), ("debug", _),
      ("first", 0), ("last", 0), ("add", 0), ("unique", 0), ("sort", 0), ("reverse", 0),
      ("flatten", _), ("fromdateiso8601", 0), ("join", 1), ("sort_by", 1), ("unique_by", 1),
      ("tojson", _), ("nth", 1):
      return passing(name, value, input)
    case ("ascii_downcase", 0), ("ascii_upcase", 0), ("ltrimstr", 1), ("rtrimstr", 1),
      ("trim", 0), ("ltrim", 0), ("rtrim", 0), ("sub", 2), ("gsub", 2), ("sub", 3), ("gsub", 3),
      ("split", _), ("splits", _), ("keys", 0), ("to_entries", 0), ("with_entries", 1),
      ("ascii", 0), ("explode", 0), ("implode", 0), ("floor", 0), ("round", 0), ("ceil", 0),
      ("capture", _), ("scan", _), ("match", _):
      return .value(.converted(name, value))
    case ("type", 0): return .value(.converted(Self.type, value))
    case ("has", 1):
      let key = component(apply(arguments[0], to: input, variables).asValue)
      return .condition(test(value.selecting([key]), .isPresent))
    case ("test", 1), ("test", 2):
      let pattern = apply(arguments[0], to: input, variables).asValue
      return .condition(test(value, .matchesRegularExpression, [pattern]))
    case ("startswith", 1): return predicate(.startsWith, arguments[0], value, input, variables)
    case ("endswith", 1): return predicate(.endsWith, arguments[0], value, input, variables)
    case ("contains", 1): return predicate(.contains, arguments[0], value, input, variables)
    case ("IN", 1):
      let options = apply(arguments[0], to: input, variables)
      let operands: [Value]
      if case .sequence(let outcomes) = options {
        operands = flattened(outcomes)
      } else {
        operands = [options.asValue]
      }
      return .condition(test(value, .oneOf, operands))
    case ("all", 0), ("any", 0), ("all", 1), ("any", 1), ("all", 2), ("any", 2):
      return quantified(name == "all", arguments, value, input, variables)
    case ("map", 1):
      let each = apply(arguments[0], toValue: value.selecting([.element]), variables)
      return .collected(value, each)
    case ("first", 1), ("last", 1), ("limit", 2), ("recurse", 1):
      return apply(arguments[arguments.count - 1], to: input, variables)
    case ("recurse", 0): return .value(value.selecting([.some]))
    case ("range", _), ("now", 0), ("env", 0), ("input_filename", 0):
      // Made of the arguments alone, whatever the input is.
      let given = arguments.map { apply($0, to: input, variables).asValue }
      return .value(.unknown(given.flatMap(\.references)))
    case ("isvalid", 1): return .condition(.constant(true))
    default:
      if name.hasPrefix("@") {
        return .value(Self.encodes(String(name.dropFirst())) ? .converted(name, value) : value)
      }
      return .value(.unknown(value.references))
    }
  }

  private func flattened(_ outcomes: [JqOutcome]) -> [Value] {
    outcomes.flatMap { outcome -> [Value] in
      if case .sequence(let inner) = outcome { return flattened(inner) }
      return [outcome.asValue]
    }
  }

  /// Functions that hand on what they get, as far as data flow is concerned.
  private func passing(_ name: String, _ value: Value, _ input: JqOutcome) -> JqOutcome {
    switch name {
    case "first": .value(value.selecting([.index(0)]))
    case "last", "add", "join", "nth": .value(value.selecting([.some]))
    case "values": .conditional(.not(test(value, .isNull)), input, .nothing)
    default: input
    }
  }

  private mutating func predicate(
    _ comparison: Test.Comparison, _ argument: JqFilter, _ value: Value, _ input: JqOutcome,
    _ variables: Variables
  ) -> JqOutcome {
    .condition(test(value, comparison, [apply(argument, to: input, variables).asValue]))
  }

  private mutating func quantified(
    _ all: Bool, _ arguments: [JqFilter], _ value: Value, _ input: JqOutcome,
    _ variables: Variables
  ) -> JqOutcome {
    func quantifier(_ list: Value, _ condition: Condition) -> JqOutcome {
      .condition(all ? .every(of: list, condition) : .some(of: list, condition))
    }
    if arguments.count == 2 {
      let generated = apply(arguments[0], to: input, variables)
      guard case .each(let list, let inner) = generated else {
        return .condition(.unknown(value.references))
      }
      return quantifier(list, apply(arguments[1], to: inner, variables).holds(at: location))
    }
    let element = JqOutcome.value(value.selecting([.element]))
    let condition =
      arguments.isEmpty
      ? element.holds(at: location)
      : apply(arguments[0], to: element, variables).holds(at: location)
    return quantifier(value, condition)
  }

  /// A filter on an array made by `[ … ]` or `map`.
  private mutating func applyToCollected(
    _ filter: JqFilter, _ list: Value, _ inner: JqOutcome, _ variables: Variables
  ) -> JqOutcome {
    switch filter {
    case .identity: return .collected(list, inner)
    case .pipe(let first, let second):
      return apply(second, to: apply(first, to: .collected(list, inner), variables), variables)
    case .call("all", let arguments), .call("any", let arguments):
      guard arguments.count < 2 else { break }
      var condition = inner.holds(at: location)
      if let argument = arguments.first {
        condition = apply(argument, to: inner, variables).holds(at: location)
      }
      guard case .call("all", _) = filter else { return .condition(.some(of: list, condition)) }
      // An element that is filtered out is not looked at.
      if case .conditional(let kept, _, .nothing) = inner {
        condition = .any([.not(kept), condition])
      }
      return .condition(.every(of: list, condition))
    case .call("length", _):
      if case .conditional(let kept, _, .nothing) = inner {
        return .value(.length(.converted(Self.filtered, .conditional(kept, list, .null))))
      }
      return .value(.length(list))
    case .call("map", let arguments) where arguments.count == 1:
      return .collected(list, apply(arguments[0], to: inner, variables))
    case .iterate(.identity): return .each(list, inner)
    case .comparison(let symbol, let left, let right):
      let collected = JqOutcome.collected(list, inner)
      return .condition(
        compare(
          symbol, apply(left, to: collected, variables), apply(right, to: collected, variables)))
    case .and(let left, let right), .or(let left, let right):
      let collected = JqOutcome.collected(list, inner)
      let parts = [holds(left, collected, variables), holds(right, collected, variables)]
      if case .and = filter { return .condition(.all(parts)) }
      return .condition(.any(parts))
    default: break
    }
    return apply(filter, toValue: inner.asValue, variables)
  }

  // MARK: Values

  private func component(_ key: Value) -> PathComponent {
    guard case .literal(let text) = key else { return .some }
    if let index = Int(text) { return index < 0 ? .some : .index(index) }
    return .field(text)
  }

  private func mapping(
    _ outcome: JqOutcome, _ transform: (Value) -> JqOutcome
  ) -> JqOutcome {
    switch outcome {
    case .value(let value): transform(value)
    case .nothing: .nothing
    case .raised: .raised
    case .each(let list, let inner): .each(list, mapping(inner, transform))
    case .conditional(let condition, let first, let second):
      .conditional(condition, mapping(first, transform), mapping(second, transform))
    case .sequence(let outcomes): .sequence(outcomes.map { mapping($0, transform) })
    case .condition, .fallback, .collected: transform(outcome.asValue)
    }
  }

  private func alternative(_ first: JqOutcome, _ second: JqOutcome) -> JqOutcome {
    switch first {
    case .value(.null), .nothing: return second
    case .value(let value): return .fallback(value, second)
    case .condition(let condition): return .conditional(condition, first, second)
    case .conditional(let condition, let left, .nothing):
      return .conditional(condition, alternative(left, second), second)
    default: return .fallback(first.asValue, second)
    }
  }

  private mutating func object(
    _ entries: [(key: JqFilter, value: JqFilter)], _ input: JqOutcome, _ variables: Variables
  ) -> JqOutcome {
    var fields: [Value.Field] = []
    for entry in entries {
      guard case .literal(let name) = apply(entry.key, to: input, variables).asValue else {
        return .value(.unknown(input.asValue.references))
      }
      fields.append(Value.Field(name, apply(entry.value, to: input, variables).asValue))
    }
    return .value(.record(fields))
  }

  private func join(_ first: Value, _ second: Value) -> Value {
    if case .record(let left) = first, case .record(let right) = second {
      return .record(left + right)
    }
    let isRecord = [first, second].contains { part in
      switch part {
      case .record, .converted(Value.merging, _): true
      default: false
      }
    }
    if isRecord { return .converted(Value.merging, .list([first, second])) }
    return .template([first, second])
  }

  /// What an assignment writes over `old`.
  private mutating func assigned(
    _ symbol: String, _ filter: JqFilter, over old: Value, _ input: JqOutcome,
    _ variables: Variables
  ) -> Value {
    switch symbol {
    case "|=": return apply(filter, to: .value(old), variables).asValue
    case "//=": return .fallback(old, apply(filter, to: input, variables).asValue)
    case "+=":
      let added = apply(filter, to: input, variables).asValue
      return filter.isNumber ? .converted("+", .list([old, added])) : join(old, added)
    case "-=":
      return .converted("-", .list([old, apply(filter, to: input, variables).asValue]))
    default: return apply(filter, to: input, variables).asValue
    }
  }

  /// The record with the place that `names` lead to replaced.
  private static func writing(
    _ new: Value, to names: ArraySlice<String>, of record: Value
  ) -> Value {
    guard let name = names.first else { return new }
    let inner = writing(new, to: names.dropFirst(), of: record.selecting([.field(name)]))
    return .converted(Value.merging, .list([record, .record([Value.Field(name, inner)])]))
  }

  private func replacingRaised(_ outcome: JqOutcome, by handler: JqOutcome) -> JqOutcome {
    switch outcome {
    case .raised: handler
    case .conditional(let condition, let first, let second):
      .conditional(
        condition, replacingRaised(first, by: handler), replacingRaised(second, by: handler))
    case .fallback(let value, let second): .fallback(value, replacingRaised(second, by: handler))
    case .each(let list, let inner): .each(list, replacingRaised(inner, by: handler))
    case .collected(let list, let inner): .collected(list, replacingRaised(inner, by: handler))
    case .sequence(let outcomes): .sequence(outcomes.map { replacingRaised($0, by: handler) })
    case .value, .condition, .nothing: outcome
    }
  }

  private static func encodes(_ format: String?) -> Bool {
    switch format {
    case nil, "text", "json": false
    default: true
    }
  }
}

extension JqFilter {
  fileprivate var isNumber: Bool { if case .literal(.number) = self { true } else { false } }
}
