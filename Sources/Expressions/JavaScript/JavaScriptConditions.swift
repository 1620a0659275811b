import SourceText

/// Decisions: comparisons, truth, and the predicates among the methods.
extension JavaScriptTranslator {
  /// What the expression decides where it stands as a condition.
  package func condition(_ expression: JavaScriptExpression) -> Condition {
    switch expression.form {
    case .boolean(let flag): return .constant(flag)
    case .null, .undefined: return .constant(false)
    case .unary("!", let operand): return Self.negated(condition(operand))
    case .chain("&&", let operands), .chain("||", let operands):
      guard operands.count <= Self.mostOperands else {
        return .unknown(operands.flatMap { self.value($0).references })
      }
      if case .chain("&&", _) = expression.form { return condition(operands) }
      return .any(operands.map(condition))
    case .conditional(let test, let then, let otherwise):
      let test = condition(test)
      // The test stands in both ways: one inside the other would double each time.
      if test.isLarge {
        let references = test.references.prefix(64) + self.value(then).references
        return .unknown(references + self.value(otherwise).references)
      }
      return .any([
        .all([test, condition(then)]), .all([Self.negated(test), condition(otherwise)]),
      ])
    case .binary(let symbol, let left, let right):
      if Self.comparisons.contains(symbol) { return comparison(symbol, left, right, expression) }
    case .assignment("=", _, let right): return condition(right)
    case .sequence(let parts): return parts.last.map(condition) ?? .constant(false)
    case .await(let inner): return condition(inner)
    case .identifier(let name):
      if let known = scope.locals[name]?.condition { return known }
      if scope.semantics == .python, let selection = scope.locals[name]?.selection {
        return condition(selection)
      }
    case .member(_, "length") where expression.isSelection:
      let none = JavaScriptExpression(.number("0"), expression.range)
      if let counted = counted(">", expression, none) { return counted }
    case .call(let callee, let arguments):
      if scope.semantics == .python, expression.isSelection {
        let count = JavaScriptExpression(
          .member(expression, "length"), expression.range, over: [expression])
        return condition(count)
      }
      if case .function(let function) = callee.form {
        return condition(of: function, given: arguments.map(self.value))
      }
      if arguments.count > 1, let pattern = arguments[0].text, let name = callee.dottedName,
        let form = PythonNames.matching(name, pattern)
      {
        return test(
          value(arguments[1]), .matchesRegularExpression, [.literal(form)], semantics: .strict,
          expression)
      }
      if case .member(let object, let name) = callee.form, name == "find" || name == "findLast",
        let function = arguments.first?.functionLiteral
      {
        let list = value(object)
        return .some(of: list, condition(of: function, given: [list.selecting([.element])]))
      }
    default: break
    }
    let value = value(expression)
    switch value {
    case .conditional(let condition, .literal("true"), .literal("false")): return condition
    case .unknown(let references): return .unknown(references)
    default: return test(value, .isTrue, semantics: scope.semantics, expression)
    }
  }

  func condition(_ operands: [JavaScriptExpression]) -> Condition {
    operands.count == 1 ? condition(operands[0]) : .all(operands.map(condition))
  }

  static func negated(_ condition: Condition) -> Condition {
    if case .constant(let flag) = condition { return .constant(!flag) }
    if case .not(let inner) = condition { return inner }
    return .not(condition)
  }

  private func test(
    _ subject: Value, _ comparison: Test.Comparison, _ operands: [Value] = [],
    semantics: Test.Semantics, _ expression: JavaScriptExpression
  ) -> Condition {
    .test(
      Test(
        subject, comparison, operands, semantics: semantics, at: scope.locate(expression.range)))
  }

  // MARK: Comparisons

  private func comparison(
    _ symbol: String, _ left: JavaScriptExpression, _ right: JavaScriptExpression,
    _ whole: JavaScriptExpression
  ) -> Condition {
    // Literals stand on the right.
    if left.isLiteral, !right.isLiteral, let mirrored = Self.mirror[symbol] {
      return comparison(mirrored, right, left, whole)
    }
    if let counted = counted(symbol, left, right) { return counted }
    switch symbol {
    case "===", "!==", "==", "!=":
      let isStrict = symbol.count == 3
      let holds = equality(left, right, isStrict: isStrict, whole)
      return symbol.utf8.first == UInt8(ascii: "!") ? Self.negated(holds) : holds
    case "<": return test(value(left), .less, [value(right)], semantics: scope.semantics, whole)
    case "<=":
      return test(value(left), .lessOrEqual, [value(right)], semantics: scope.semantics, whole)
    case ">": return test(value(left), .greater, [value(right)], semantics: scope.semantics, whole)
    case ">=":
      return test(value(left), .greaterOrEqual, [value(right)], semantics: scope.semantics, whole)
    case "in":
      guard let name = left.text else { break }
      return test(value(right).selecting([.field(name)]), .isPresent, semantics: .strict, whole)
    default: break
    }
    return .unknown(value(left).references + value(right).references)
  }

  private static let mirror: [String: String] = [
    "===": "===", "!==": "!==", "==": "==", "!=": "!=", "<": ">", ">": "<", "<=": ">=",
    ">=": "<=",
  ]

  private func equality(
    _ left: JavaScriptExpression, _ right: JavaScriptExpression, isStrict: Bool,
    _ whole: JavaScriptExpression
  ) -> Condition {
    let semantics: Test.Semantics = isStrict ? .strict : scope.semantics
    if case .unary("typeof", let operand) = left.form, let type = right.text {
      return self.type(type, of: operand, whole)
    }
    switch right.form {
    case .undefined where isStrict:
      // Only a missing field is undefined: null is not.
      return Self.negated(test(value(left), .isPresent, semantics: .strict, whole))
    case .undefined, .null: return test(value(left), .equal, [.null], semantics: semantics, whole)
    case .boolean(let flag) where left.isDecision:
      return flag ? condition(left) : Self.negated(condition(left))
    default:
      let subject = value(left)
      if case .unknown(let references) = subject {
        return .unknown(references + value(right).references)
      }
      return test(subject, .equal, [value(right)], semantics: semantics, whole)
    }
  }

  private func type(
    _ type: String, of operand: JavaScriptExpression, _ whole: JavaScriptExpression
  ) -> Condition {
    let subject = value(operand)
    switch type {
    case "undefined": return Self.negated(test(subject, .isPresent, semantics: .strict, whole))
    case "string": return test(subject, .isText, semantics: .strict, whole)
    case "number": return test(subject, .isNumber, semantics: .strict, whole)
    case "boolean": return test(subject, .isBoolean, semantics: .strict, whole)
    // `typeof null` is 'object' too: it proves nothing.
    default: return .unknown(subject.references)
    }
  }

  /// `list.filter(p).length === 0`, `text.indexOf(part) !== -1` and their like: a count that stands for a predicate.
  private func counted(
    _ symbol: String, _ left: JavaScriptExpression, _ right: JavaScriptExpression
  ) -> Condition? {
    if case .call(let callee, let arguments) = left.form,
      case .member(let object, let name) = callee.form,
      ["indexOf", "findIndex", "search"].contains(name), let bound = right.integer,
      let found = Self.isFound(symbol, bound)
    {
      let predicate = self.predicate(
        name == "findIndex" ? "some" : "includes", of: value(object), arguments)
      return predicate.map { found ? $0 : Self.negated($0) }
    }
    let left = selection(of: left)
    if case .binary("/", let part, let whole) = left.form, let counted = share(symbol, part, whole)
    {
      return counted
    }
    guard case .member(let filtered, "length") = left.form,
      case .call(let callee, let arguments) = filtered.form,
      case .member(let object, "filter") = callee.form,
      let function = arguments.first?.functionLiteral
    else { return nil }
    let list = value(object)
    let isEvery: Bool
    let isNegated: Bool
    if let bound = right.integer {
      switch (symbol, bound) {
      case ("===", 0), ("==", 0), ("<", 1), ("<=", 0): (isEvery, isNegated) = (true, true)
      case ("!==", 0), ("!=", 0), (">", 0), (">=", 1): (isEvery, isNegated) = (false, false)
      default: return nil
      }
    } else {
      guard case .member(let other, "length") = right.form, value(other).isSame(as: list) else {
        return nil
      }
      switch symbol {
      case "===", "==", ">=": (isEvery, isNegated) = (true, false)
      case "!==", "!=", "<": (isEvery, isNegated) = (false, true)
      default: return nil
      }
    }
    var inner = condition(of: function, given: [list.selecting([.element])])
    if isNegated { inner = Self.negated(inner) }
    return isEvery ? .every(of: list, inner) : .some(of: list, inner)
  }

  /// What a name stands for, where that is a selection or its count.
  private func selection(of expression: JavaScriptExpression) -> JavaScriptExpression {
    switch expression.form {
    case .identifier(let name):
      return scope.locals[name]?.selection ?? expression
    case .member(let list, "length"):
      let found = selection(of: list)
      return found.isSelection
        ? JavaScriptExpression(.member(found, "length"), expression.range, over: [found])
        : expression
    case .binary("/", let part, let whole):
      let found = selection(of: part)
      return found.isSelection
        ? JavaScriptExpression(.binary("/", found, whole), expression.range, over: [found, whole])
        : expression
    default: return expression
    }
  }

  /// `passed.length / all.length >= 0.9`: that enough elements satisfy the predicate says that some do.
  private func share(
    _ symbol: String, _ part: JavaScriptExpression, _ whole: JavaScriptExpression
  ) -> Condition? {
    guard case .member(let filtered, "length") = part.form, case .member(_, "length") = whole.form,
      case .call(let callee, let arguments) = filtered.form,
      case .member(let object, "filter") = callee.form,
      let function = arguments.first?.functionLiteral
    else { return nil }
    let list = value(object)
    let inner = condition(of: function, given: [list.selecting([.element])])
    switch symbol {
    case ">", ">=": return .some(of: list, inner)
    case "<", "<=": return Self.negated(.some(of: list, inner))
    default: return nil
    }
  }

  /// Whether the comparison of an index says "found", `nil` where it says something else.
  private static func isFound(_ symbol: String, _ bound: Int) -> Bool? {
    switch (symbol, bound) {
    case ("!==", -1), ("!=", -1), (">", -1), (">=", 0): true
    case ("===", -1), ("==", -1), ("<", 0), ("<=", -1): false
    default: nil
    }
  }

  // MARK: Methods that decide

  /// The condition that a method call states, `nil` where the method decides nothing.
  func predicate(
    _ name: String, of object: Value, _ arguments: [JavaScriptExpression]
  ) -> Condition? {
    let location = scope.locate(
      arguments.first.map { ByteRange($0.range.start, $0.range.end) } ?? ByteRange(0, 0))
    func test(_ comparison: Test.Comparison, _ operands: [Value] = []) -> Condition {
      var place = location
      if let read = object.references.first?.location {
        place = read
      }
      return .test(Test(object, comparison, operands, semantics: .strict, at: place))
    }
    switch name {
    case "every", "some":
      let element = object.selecting([.element])
      let inner: Condition
      if let function = arguments.first?.functionLiteral {
        inner = condition(of: function, given: [element])
      } else if case .identifier("Boolean")? = arguments.first?.form {
        inner = .test(Test(element, .isTrue, semantics: scope.semantics, at: location))
      } else {
        inner = .unknown(element.references)
      }
      return name == "every" ? .every(of: object, inner) : .some(of: object, inner)
    case "includes", "has":
      guard let first = arguments.first else { return nil }
      if name == "has" { return nil }
      if case .list(let elements) = object {
        let subject = value(first)
        return .test(
          Test(subject, .oneOf, elements, semantics: .strict, at: scope.locate(first.range)))
      }
      return test(.contains, [value(first)])
    case "startsWith", "endsWith":
      guard let first = arguments.first else { return nil }
      return test(name == "startsWith" ? .startsWith : .endsWith, [value(first)])
    case "test":
      guard let first = arguments.first, case .literal(let pattern) = object else { return nil }
      return .test(
        Test(
          value(first), .matchesRegularExpression, [.literal(Self.unslashed(pattern))],
          semantics: .strict, at: scope.locate(first.range)))
    case "hasOwnProperty", "hasField":
      guard let field = arguments.first?.text else { return nil }
      return .test(
        Test(object.selecting([.field(field)]), .isPresent, semantics: .strict, at: location))
    case "isEmpty":
      guard arguments.isEmpty else { return nil }
      return .any([test(.equal, [.null]), test(.isEmpty)])
    case "isNotEmpty":
      guard arguments.isEmpty else { return nil }
      return .not(.any([test(.equal, [.null]), test(.isEmpty)]))
    default: return nil
    }
  }

  private static func unslashed(_ pattern: String) -> String {
    guard pattern.utf8.count > 1, pattern.hasPrefix("/"), pattern.hasSuffix("/") else {
      return pattern
    }
    return String(pattern.dropFirst().dropLast())
  }
}

extension JavaScriptExpression {
  var isLiteral: Bool {
    switch form {
    case .string, .number, .boolean, .null, .undefined: true
    case .unary("-", let operand): operand.isNumber
    case .template(_, let parts): parts.isEmpty
    default: false
    }
  }

  var integer: Int? {
    switch form {
    case .number(let text): Int(text)
    case .unary("-", let operand): operand.integer.map { -$0 }
    default: nil
    }
  }
}

extension Value {
  /// Whether both read the same, wherever the reads stand.
  func isSame(as other: Value) -> Bool {
    switch (self, other) {
    case (.reference(let first), .reference(let second)):
      first.variable == second.variable && first.path == second.path
    default: self == other
    }
  }
}
