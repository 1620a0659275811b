import SourceText

/// What a JSONata expression decides.
extension JSONataLowering {
  func condition(_ expression: JSONataExpression, _ environment: Environment) -> Condition {
    guard mayGoOn() else { return .unknown([]) }
    switch expression.kind {
    case .literal("true"): return .constant(true)
    case .literal("false"): return .constant(false)
    case .null: return .constant(false)
    case .block(let expressions):
      return block(expressions, environment) { condition($0, $1) } ?? .constant(false)
    case .conditional(let test, let first, let second):
      var inner = environment
      inner.decisionDepth += 1
      guard inner.decisionDepth < 8 else { return .unknown(seen(in: test, environment)) }
      let holds = condition(test, inner)
      return .any([
        .all([holds, condition(first, environment)]),
        .all([.not(holds), second.map { condition($0, environment) } ?? .constant(false)]),
      ])
    case .binary(let symbol, let left, let right):
      return comparison(symbol, left, right, expression, environment)
    case .call(let function, let arguments):
      return predicate(function, arguments, expression, environment)
    case .filter, .path:
      if let chosen = chosenElements(expression, environment) {
        return .some(of: chosen.list, chosen.condition)
      }
      return truth(value(expression, environment), at: expression)
    default:
      return truth(value(expression, environment), at: expression)
    }
  }

  private func truth(_ value: Value, at expression: JSONataExpression) -> Condition {
    if case .unknown(let references) = value { return .unknown(references) }
    // Like JavaScript's on every scalar: null, '', 0 and what is missing are false.
    return .test(
      Test(value, .isTrue, semantics: .javaScript, at: location(expression)))
  }

  private func test(
    _ subject: JSONataExpression, _ comparison: Test.Comparison, _ operands: [Value] = [],
    _ whole: JSONataExpression, _ environment: Environment
  ) -> Condition {
    .test(
      Test(
        value(subject, environment), comparison, operands, semantics: .strict,
        at: location(whole)))
  }

  private func comparison(
    _ symbol: String, _ left: JSONataExpression, _ right: JSONataExpression,
    _ whole: JSONataExpression, _ environment: Environment
  ) -> Condition {
    switch symbol {
    case "and": return .all([condition(left, environment), condition(right, environment)])
    case "or": return .any([condition(left, environment), condition(right, environment)])
    default: break
    }
    if let counted = countComparison(symbol, left, right, environment) { return counted }
    let operand = value(right, environment)
    switch symbol {
    case "=":
      if let typed = typeTest(left, right, whole, environment) { return typed }
      if case .null = right.kind { return test(left, .isNull, [], whole, environment) }
      if case .literal(let word) = right.kind, word == "true" || word == "false",
        let decided = decided(left, environment)
      {
        return word == "true" ? decided : .not(decided)
      }
      return test(left, .equal, [operand], whole, environment)
    case "!=":
      return .not(comparison("=", left, right, whole, environment))
    case "<": return test(left, .less, [operand], whole, environment)
    case "<=": return test(left, .lessOrEqual, [operand], whole, environment)
    case ">": return test(left, .greater, [operand], whole, environment)
    case ">=": return test(left, .greaterOrEqual, [operand], whole, environment)
    case "in":
      if case .list(let elements) = operand {
        return test(left, .oneOf, elements, whole, environment)
      }
      return test(right, .contains, [value(left, environment)], whole, environment)
    case "?:", "??":
      return .any([condition(left, environment), condition(right, environment)])
    default:
      return truth(value(whole, environment), at: whole)
    }
  }

  /// The condition of an expression that is a boolean by its form: `$exists(x) = true`.
  private func decided(
    _ expression: JSONataExpression, _ environment: Environment
  ) -> Condition? {
    switch expression.kind {
    case .binary(let symbol, _, _)
    where ["=", "!=", "<", ">", "<=", ">=", "in", "and", "or"].contains(symbol):
      return condition(expression, environment)
    case .call(let function, _):
      guard case .variable(let name) = function.kind,
        ["exists", "not", "boolean", "contains"].contains(name)
      else { return nil }
      return condition(expression, environment)
    default:
      return nil
    }
  }

  /// `$type(x) = "string"`.
  private func typeTest(
    _ left: JSONataExpression, _ right: JSONataExpression, _ whole: JSONataExpression,
    _ environment: Environment
  ) -> Condition? {
    guard case .call(let function, let arguments) = left.kind,
      case .variable("type") = function.kind, let subject = arguments.first,
      case .literal(let type) = right.kind
    else { return nil }
    switch type {
    case "string": return test(subject, .isText, [], whole, environment)
    case "number": return test(subject, .isNumber, [], whole, environment)
    case "boolean": return test(subject, .isBoolean, [], whole, environment)
    case "null": return test(subject, .isNull, [], whole, environment)
    default: return nil
    }
  }

  private func predicate(
    _ function: JSONataExpression, _ arguments: [JSONataExpression], _ whole: JSONataExpression,
    _ environment: Environment
  ) -> Condition {
    guard case .variable(let name) = function.kind, environment.locals[name] == nil,
      let first = arguments.first
    else { return truth(value(whole, environment), at: whole) }
    switch name {
    case "not":
      return .not(condition(first, environment))
    case "boolean":
      return condition(first, environment)
    case "exists":
      if let chosen = chosenElements(first, environment) {
        return .some(of: chosen.list, chosen.condition)
      }
      return test(first, .isPresent, [], whole, environment)
    case "contains":
      guard arguments.count > 1 else { return truth(value(whole, environment), at: whole) }
      if case .regularExpression(let pattern) = arguments[1].kind {
        return test(first, .matchesRegularExpression, [.literal(pattern)], whole, environment)
      }
      return test(first, .contains, [value(arguments[1], environment)], whole, environment)
    default:
      return truth(value(whole, environment), at: whole)
    }
  }

  /// Counting the elements that pass a test says something of some or of all of them:
  /// `$count(x[t]) = 0`, `$count(x[t]) > 0`, `$count(x[t]) = $count(x)`.
  private func countComparison(
    _ symbol: String, _ left: JSONataExpression, _ right: JSONataExpression,
    _ environment: Environment
  ) -> Condition? {
    guard let counted = left.counted, let chosen = chosenElements(counted, environment) else {
      return nil
    }
    let none = Condition.every(of: chosen.list, .not(chosen.condition))
    let some = Condition.some(of: chosen.list, chosen.condition)
    if let all = right.counted, value(all, environment).isSameData(as: chosen.list) {
      let every = Condition.every(of: chosen.list, chosen.condition)
      switch symbol {
      case "=", ">=": return every
      case "!=", "<": return .not(every)
      default: return nil
      }
    }
    switch (symbol, right.kind) {
    case ("=", .literal("0")), ("<", .literal("1")), ("<=", .literal("0")): return none
    case ("!=", .literal("0")), (">", .literal("0")), (">=", .literal("1")): return some
    default: return nil
    }
  }

  /// The list and the test of `list[test]` or `$filter(list, function($v){test})`.
  private func chosenElements(
    _ expression: JSONataExpression, _ environment: Environment
  ) -> (list: Value, condition: Condition)? {
    switch expression.kind {
    case .filter(let base, let test) where !test.isNumber:
      return (value(base, environment), elementCondition(base, test, environment))
    case .path(let base, let step):
      guard case .filter = step.kind else { return nil }
      return chosenElements(step, environment.at(value(base, environment)))
    case .call(let function, let arguments):
      guard case .variable("filter") = function.kind, arguments.count == 2,
        case .function(let parameters, let body) = arguments[1].kind,
        let parameter = parameters.first
      else { return nil }
      let list = value(arguments[0], environment)
      var inner = environment
      inner.locals[parameter] = list.selecting([.element], at: location(arguments[0]))
      return (list, condition(body, inner))
    default:
      return nil
    }
  }

  private func elementCondition(
    _ base: JSONataExpression, _ test: JSONataExpression, _ environment: Environment
  ) -> Condition {
    let element = value(base, environment).selecting([.element], at: location(base))
    return condition(test, environment.at(element))
  }
}

extension JSONataExpression {
  /// `[0]` picks an element, it does not test any.
  fileprivate var isNumber: Bool {
    switch kind {
    case .literal(let text): return Int(text) != nil
    case .negated(let inner): return inner.isNumber
    default: return false
    }
  }

  /// The argument of `$count`.
  fileprivate var counted: JSONataExpression? {
    guard case .call(let function, let arguments) = kind, arguments.count == 1,
      case .variable("count") = function.kind
    else { return nil }
    return arguments[0]
  }
}

extension Value {
  /// Whether both read the same place, wherever they are written.
  fileprivate func isSameData(as other: Value) -> Bool {
    guard case .reference(let first) = self, case .reference(let second) = other else {
      return self == other
    }
    return first.variable == second.variable && first.path == second.path
  }
}
