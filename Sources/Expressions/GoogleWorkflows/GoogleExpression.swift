package import SourceText

/// Translates Google Workflows expressions (what stands in `${ }`) into values and conditions.
///
/// After the syntax reference of Workflows: equality is strict, a missing key is an error and not null, `in` looks for
/// a key of a map or an element of a list.
package struct GoogleExpression {
  private let text: LocatedText
  /// What a variable holds.
  private let resolve: (String, SourceLocation) -> Value

  package init(
    _ text: LocatedText, resolve: @escaping (String, SourceLocation) -> Value
  ) {
    self.text = text
    self.resolve = resolve
  }

  /// What the code in `range` computes; unknown, with the names that can be seen, where it does not parse.
  package func value(in range: ByteRange) -> Value {
    CallParser.parse(text.bytes, in: range, .google).map(value)
      ?? .unknown(visibleReferences(in: range))
  }

  /// What the code in `range` decides.
  package func condition(in range: ByteRange) -> Condition {
    CallParser.parse(text.bytes, in: range, .google).map(condition)
      ?? .unknown(visibleReferences(in: range))
  }

  private func visibleReferences(in range: ByteRange) -> [Reference] {
    let tokens = CallTokens.read(text.bytes, in: range, .google) ?? []
    return tokens.flatMap { token -> [Reference] in
      guard case .name(let name) = token.kind else { return [] }
      return resolve(name, text.locate(token.range)).references
    }
  }

  // MARK: Values

  private func value(_ expression: CallExpression) -> Value {
    switch expression.form {
    case .text(let text), .number(let text): return .literal(text)
    case .boolean(let flag): return .literal(flag ? "true" : "false")
    case .null: return .null
    case .name(let name): return resolve(name, text.locate(expression.range))
    case .member(let base, let name):
      return placed(value(base).selecting([.field(name)]), expression)
    case .index(let base, let key):
      return placed(value(base).selecting([component(key)]), expression)
    case .call(let callee, let arguments):
      return call(callee.dottedName ?? "", arguments, expression)
    case .unary("-", let operand):
      if case .number(let text) = operand.form { return .literal("-" + text) }
      return .converted("-", value(operand))
    case .unary, .binary("==", _, _), .binary("!=", _, _), .binary("<", _, _), .binary(">", _, _),
      .binary("<=", _, _), .binary(">=", _, _), .binary("in", _, _), .chain("and", _),
      .chain("or", _):
      return truth(condition(expression))
    case .chain("+", let operands):
      let values = operands.map(value)
      let isCounting = operands.contains { $0.isNumber } && !operands.contains { $0.text != nil }
      return isCounting
        ? .converted("+", .list(values)) : .template(values.map { asText($0) })
    case .chain(let symbol, let operands): return .converted(symbol, .list(operands.map(value)))
    case .binary(let symbol, let left, let right):
      return .converted(symbol, .list([value(left), value(right)]))
    case .list(let items): return .list(items.map(value))
    case .record(let entries):
      return .record(
        entries.map { Value.Field($0.key.text ?? "", value($0.value)) })
    }
  }

  private func truth(_ condition: Condition) -> Value {
    if case .constant(let flag) = condition { return .literal(flag ? "true" : "false") }
    return .conditional(condition, .literal("true"), .literal("false"))
  }

  private func asText(_ value: Value) -> Value {
    switch value {
    case .literal, .template, .text, .list: value
    default: .text(value, null: "null")
    }
  }

  private func component(_ key: CallExpression) -> PathComponent {
    switch key.form {
    case .text(let name): .field(name)
    case .number(let text): Int(text).map(PathComponent.index) ?? .some
    default: .some
    }
  }

  /// The value with the whole chain's place, where it is a plain read.
  private func placed(_ value: Value, _ expression: CallExpression) -> Value {
    guard case .reference(var reference) = value else { return value }
    reference.location = text.locate(expression.range)
    return .reference(reference)
  }

  private func call(
    _ name: String, _ arguments: [CallExpression], _ expression: CallExpression
  ) -> Value {
    // Read where they are needed, and once: calls in calls would double each time.
    var first: Value { arguments.first.map(value) ?? .null }
    var second: Value { arguments.count > 1 ? value(arguments[1]) : .null }
    switch name {
    case "default": return .fallback(first, second)
    case "if" where arguments.count == 3:
      return .conditional(condition(arguments[0]), second, value(arguments[2]))
    case "len": return .length(first)
    case "not", "text.match_regex": return truth(condition(expression))
    case "map.get":
      guard arguments.count > 1 else { return first }
      if case .list(let keys) = arguments[1].form {
        return placed(first.selecting(keys.map(component)), expression)
      }
      return placed(first.selecting([component(arguments[1])]), expression)
    case "map.merge", "map.merge_nested":
      return .converted(Value.merging, .list(arguments.map(value)))
    case "list.concat", "list.prepend": return .list(arguments.map(value))
    case "json.decode", "json.encode", "text.decode", "text.encode": return first
    case "string", "json.encode_to_string": return asText(first)
    case "int", "double": return .converted("number", first)
    case "sys.get_env", "sys.now", "time.format", "time.parse", "uuid.generate":
      return .unknown([])
    default:
      if arguments.isEmpty { return .unknown([]) }
      return .converted(name, arguments.count == 1 ? first : .template(arguments.map(value)))
    }
  }

  // MARK: Conditions

  private func condition(_ expression: CallExpression) -> Condition {
    switch expression.form {
    case .boolean(let flag): return .constant(flag)
    case .null: return .constant(false)
    case .chain("and", let operands): return .all(operands.map(condition))
    case .chain("or", let operands): return .any(operands.map(condition))
    case .unary("not", let operand): return negated(condition(operand))
    case .binary(let symbol, let left, let right):
      if let comparison = comparison(symbol, left, right, expression) { return comparison }
    case .call(let callee, let arguments):
      switch (callee.dottedName ?? "", arguments.count) {
      case ("not", 1): return negated(condition(arguments[0]))
      case ("if", 3):
        let test = condition(arguments[0])
        // The test stands in both ways: one inside the other would double each time.
        if test.isLarge { return .unknown(Array(test.references.prefix(64))) }
        return .any([
          .all([test, condition(arguments[1])]),
          .all([negated(test), condition(arguments[2])]),
        ])
      case ("text.match_regex", 2):
        return test(
          value(arguments[0]), .matchesRegularExpression, [value(arguments[1])], expression)
      default: break
      }
    default: break
    }
    let value = value(expression)
    switch value {
    case .conditional(let condition, .literal("true"), .literal("false")): return condition
    case .unknown(let references): return .unknown(references)
    default: return test(value, .isTrue, [], expression)
    }
  }

  private func negated(_ condition: Condition) -> Condition {
    if case .constant(let flag) = condition { return .constant(!flag) }
    if case .not(let inner) = condition { return inner }
    return .not(condition)
  }

  private func test(
    _ subject: Value, _ comparison: Test.Comparison, _ operands: [Value],
    _ expression: CallExpression
  ) -> Condition {
    .test(
      Test(
        subject, comparison, operands, semantics: .strict, at: text.locate(expression.range)))
  }

  private static let mirror = ["<": ">", ">": "<", "<=": ">=", ">=": "<=", "==": "==", "!=": "!="]

  private func comparison(
    _ symbol: String, _ left: CallExpression, _ right: CallExpression,
    _ whole: CallExpression
  ) -> Condition? {
    if left.isLiteral, !right.isLiteral, let mirrored = Self.mirror[symbol] {
      return comparison(mirrored, right, left, whole)
    }
    switch symbol {
    case "==", "!=":
      let equal = equality(left, right, whole)
      return symbol == "!=" ? negated(equal) : equal
    case "<": return test(value(left), .less, [value(right)], whole)
    case "<=": return test(value(left), .lessOrEqual, [value(right)], whole)
    case ">": return test(value(left), .greater, [value(right)], whole)
    case ">=": return test(value(left), .greaterOrEqual, [value(right)], whole)
    case "in":
      if case .list(let items) = right.form {
        return test(value(left), .oneOf, items.map(value), whole)
      }
      if let key = left.text {
        return test(value(right).selecting([.field(key)]), .isPresent, [], whole)
      }
      return test(value(right), .contains, [value(left)], whole)
    default: return nil
    }
  }

  private func equality(
    _ left: CallExpression, _ right: CallExpression, _ whole: CallExpression
  ) -> Condition {
    if case .call(let callee, let arguments) = left.form, callee.dottedName == "get_type",
      let operand = arguments.first, let type = right.text
    {
      switch type {
      case "null": return test(value(operand), .isNull, [], whole)
      case "string": return test(value(operand), .isText, [], whole)
      case "boolean": return test(value(operand), .isBoolean, [], whole)
      case "integer", "double": return test(value(operand), .isNumber, [], whole)
      default: return .unknown(value(operand).references)
      }
    }
    if case .boolean(let flag) = right.form, left.isDecision {
      return flag ? condition(left) : negated(condition(left))
    }
    if case .null = right.form { return test(value(left), .isNull, [], whole) }
    return test(value(left), .equal, [value(right)], whole)
  }
}

extension CallExpression {
  fileprivate var isNumber: Bool { if case .number = form { true } else { false } }

  fileprivate var isDecision: Bool {
    switch form {
    case .unary("not", _), .chain("and", _), .chain("or", _): true
    case .binary(let symbol, _, _): ["==", "!=", "<", ">", "<=", ">=", "in"].contains(symbol)
    default: false
    }
  }
}
