package import SourceText

/// Translates formulas into values and conditions.
package struct FormulaTranslator {
  package let dialect: FormulaDialect
  /// What a free name means, `nil` where unknown.
  package var resolve: (String, SourceLocation) -> Value?
  /// What an engine's own function gives (`kv('x')`, `execution.getVariable('x')`): its name, what it is a method of,
  /// its arguments; `nil` for a function that is not the engine's.
  package var call: (String, Value?, [Value], SourceLocation) -> Value?
  /// The place of a range of the text in the file.
  package var locate: (ByteRange) -> SourceLocation
  /// What a read means once another link is known (`outputs.ask` is a task's variable).
  package var refine: (Reference) -> Value = { .reference($0) }
  /// Names that the text itself binds.
  package var locals: [String: Value] = [:]

  package init(
    _ dialect: FormulaDialect, locate: @escaping (ByteRange) -> SourceLocation,
    resolve: @escaping (String, SourceLocation) -> Value?,
    call: @escaping (String, Value?, [Value], SourceLocation) -> Value? = { _, _, _, _ in nil }
  ) {
    self.dialect = dialect
    self.locate = locate
    self.resolve = resolve
    self.call = call
  }

  /// What the formula computes.
  package func value(_ formula: Formula) -> Value {
    switch formula.form {
    case .text(let text), .number(let text): return .literal(text)
    case .boolean(let flag): return .literal(flag ? "true" : "false")
    case .null: return .null
    case .name(let name):
      return locals[name] ?? resolve(name, locate(formula.range)) ?? .unknown([])
    case .member(let inner, let name):
      return narrowed(value(inner).selecting([.field(name)]), to: formula)
    case .index(let inner, let key):
      return narrowed(value(inner).selecting([component(key)]), to: formula)
    case .call(let callee, let arguments): return result(of: callee, arguments, formula)
    case .filter(let inner, let name, let arguments):
      return filtered(value(inner), name, arguments, formula)
    case .not, .all, .any, .comparison, .test, .quantified:
      return .conditional(condition(formula), .literal("true"), .literal("false"))
    case .sum(let parts): return sum(parts)
    case .arithmetic(let parts):
      let values = parts.map(value)
      return values.allSatisfy(\.references.isEmpty)
        ? .unknown([]) : .converted("arithmetic", .list(values))
    case .fallback(let first, let second): return .fallback(value(first), value(second))
    case .conditional(let test, let first, let second):
      return .conditional(condition(test), value(first), value(second))
    case .list(let items): return .list(items.map(value))
    case .record(let fields): return .record(fields.map { .init($0.name, value($0.value)) })
    case .unknown(let parts): return .unknown(parts.flatMap { value($0).references })
    }
  }

  /// A reference's place is all of what is read, `a.b.c`.
  private func narrowed(_ value: Value, to formula: Formula) -> Value {
    guard case .reference(var reference) = value else { return value }
    reference.location = locate(formula.range)
    return refine(reference)
  }

  private func component(_ key: Formula) -> PathComponent {
    switch key.form {
    case .text(let name): return .field(name)
    case .number(let number):
      // FEEL counts from 1.
      guard let index = Int(number) else { return .some }
      return .index(dialect == .feel ? index - 1 : index)
    default: return .some
    }
  }

  private func sum(_ parts: [Formula]) -> Value {
    let values = parts.map(value)
    let isText = parts.contains { part in
      if case .text = part.form { return true }
      return false
    }
    let isCounting = parts.contains { part in
      switch part.form {
      case .number, .arithmetic: true
      default: false
      }
    }
    if isText || !isCounting || dialect == .pebble || dialect == .jinja {
      return .template(values)
    }
    return .converted("arithmetic", .list(values))
  }

  // MARK: Functions

  private func result(of callee: Formula, _ arguments: [Formula], _ whole: Formula) -> Value {
    let given = arguments.map(value)
    let place = locate(whole.range)
    switch callee.form {
    case .name(let name):
      if let result = call(name, nil, given, place) { return result }
      if let holds = predicate(name, given.first, Array(given.dropFirst()), place) {
        return .conditional(holds, .literal("true"), .literal("false"))
      }
      return function(name, given, place)
    case .member(let inner, let name):
      let subject = value(inner)
      if let result = call(name, subject, given, place) { return result }
      if let holds = predicate(name, subject, given, place) {
        return .conditional(holds, .literal("true"), .literal("false"))
      }
      return method(name, of: subject, given)
    default:
      return .unknown((value(callee).references + given.flatMap(\.references)))
    }
  }

  /// Functions that hand on what they are given in another form.
  private static let transparent: Set<String> = [
    "json", "fromJson", "fromJSON", "parseJson", "JSON", "S", "XML", "string", "number", "str",
    "from json", "value", "stringValue", "numberValue", "boolValue", "element", "toString", "raw",
    "escape", "e", "safe", "render", "read", "get or else", "toPrettyJson", "prettyPrint", "toJson",
    "to json", "tojson", "yaml", "unwrap", "intValue", "longValue", "asText", "textValue",
    "context",
    "renderOnce", "abbreviate", "asString", "valueOf", "ofNullable", "orElse", "orElseGet",
  ]

  private func function(_ name: String, _ given: [Value], _ place: SourceLocation) -> Value {
    guard let first = given.first else { return .unknown([]) }
    switch name {
    case "get value" where given.count > 1: return picked(first, given[1])
    case "get or else" where given.count > 1: return .fallback(first, given[1])
    case "count", "string length", "length", "len", "size": return .length(first)
    case "last", "first": return element(of: first)
    case "max",
      "min" where given.count == 1:
      return element(of: first)
    case "string join", "append", "concatenate", "concat", "join":
      return .template(given)
    case "is defined", "not": return .unknown(first.references)
    case _ where Self.transparent.contains(name): return first
    default:
      let references = given.flatMap(\.references)
      return references.isEmpty ? .unknown([]) : .converted(name, Value.either(of: given))
    }
  }

  private func method(_ name: String, of subject: Value, _ given: [Value]) -> Value {
    switch name {
    case "get", "prop", "getOrDefault", "getProperty", "path", "at", "optString", "getString":
      guard let key = given.first else { return subject }
      let field = picked(subject, key)
      // A field that is there and null stays null.
      return given.count > 1 ? .either([field, given[1]]) : field
    case "jsonPath":
      guard case .literal(let path)? = given.first else { return .selection(subject, [.some]) }
      return subject.selecting(Self.components(ofJSONPath: path))
    case "length", "size": return .length(subject)
    case "orElse" where !given.isEmpty: return .fallback(subject, given[0])
    case "elements", "asList", "values": return subject
    case _ where Self.transparent.contains(name): return subject
    default:
      if dialect == .juel, given.isEmpty, let field = Self.property(name) {
        return subject.selecting([.field(field)])
      }
      return .converted(name, subject)
    }
  }

  /// The property that a getter of Java reads: `getCertHash()` is `certHash`.
  private static func property(_ name: String) -> String? {
    for prefix in ["get", "is"] where name.hasPrefix(prefix) {
      let rest = name.dropFirst(prefix.count)
      if let first = rest.first, first.isUppercase { return first.lowercased() + rest.dropFirst() }
    }
    return nil
  }

  private func picked(_ subject: Value, _ key: Value) -> Value {
    if case .literal(let name) = key { return subject.selecting([.field(name)]) }
    return subject.selecting([.some])
  }

  /// `$.a.b[0]`, as far as it is a plain path.
  private static func components(ofJSONPath path: String) -> [PathComponent] {
    path.drop { $0 == "$" }.split(whereSeparator: { ".[]".contains($0) }).map { part in
      let name = part.trimmingQuotes
      if name == "*" { return .every }
      return Int(name).map(PathComponent.index) ?? .field(name)
    }
  }

  private func element(of value: Value) -> Value {
    if case .list(let items) = value, let item = items.first { return item }
    return value.selecting([.index(0)])
  }

  private func filtered(
    _ value: Value, _ name: String, _ arguments: [Formula], _ whole: Formula
  ) -> Value {
    let given = arguments.map(self.value)
    if let result = call(name, value, given, locate(whole.range)) { return result }
    switch name {
    case "jq":
      guard case .literal(let program)? = given.first else { return .unknown(value.references) }
      // The filter gives the list of what the program prints.
      return .list([JqProgram(program, input: value, location: locate(whole.range)).value])
    case "first", "last": return element(of: value)
    case "default", "d":
      let other = given.first ?? .literal("")
      // Jinja replaces what is not defined; what is there and empty only where that is asked for.
      return dialect == .jinja && given.count < 2
        ? .either([value, other]) : .fallback(value, other)
    case "length", "count": return .length(value)
    case "join": return value
    case _ where Self.transparent.contains(name): return value
    default: return .converted(name, value)
    }
  }

  // MARK: Conditions

  /// What the formula decides where it stands as a condition.
  package func condition(_ formula: Formula) -> Condition {
    switch formula.form {
    case .boolean(let flag): return .constant(flag)
    case .null: return .constant(false)
    case .not(let inner): return Self.negated(condition(inner))
    case .all(let parts): return .all(parts.map(condition))
    case .any(let parts): return .any(parts.map(condition))
    case .comparison(let symbol, let left, let right):
      return comparison(symbol, left, right, formula)
    case .test(let inner, let name): return test(name, inner, formula)
    case .conditional(let test, let first, let second):
      let test = condition(test)
      // The test stands in both ways: one inside the other would double each time.
      if test.isLarge { return .unknown(Array(test.references.prefix(64))) }
      return .any([
        .all([test, condition(first)]), .all([Self.negated(test), condition(second)]),
      ])
    case .quantified(let isEvery, let name, let list, let inner):
      let subject = value(list)
      var scope = self
      scope.locals[name] = subject.selecting([.element])
      let holds = scope.condition(inner)
      return isEvery ? .every(of: subject, holds) : .some(of: subject, holds)
    case .call(let callee, let arguments):
      if case .name("not") = callee.form, let inner = arguments.first {
        return Self.negated(condition(inner))
      }
    case .fallback(let first, let second) where second.isFalse: return condition(first)
    case .filter(let first, "default", let arguments), .filter(let first, "d", let arguments):
      // What is not there is false either way.
      if let other = arguments.first, other.isFalse { return condition(first) }
    default: break
    }
    switch value(formula) {
    case .conditional(let condition, .literal("true"), .literal("false")): return condition
    case .unknown(let references): return .unknown(references)
    case let value: return truth(value, locate(formula.range))
    }
  }

  private func truth(_ value: Value, _ place: SourceLocation) -> Condition {
    .test(Test(value, .isTrue, semantics: .javaScript, at: place))
  }

  private static func negated(_ condition: Condition) -> Condition {
    if case .constant(let flag) = condition { return .constant(!flag) }
    if case .not(let inner) = condition { return inner }
    return .not(condition)
  }

  private static let mirror = ["<": ">", ">": "<", "<=": ">=", ">=": "<=", "==": "==", "!=": "!="]

  private func comparison(
    _ symbol: String, _ left: Formula, _ right: Formula, _ whole: Formula
  ) -> Condition {
    if left.isLiteral, !right.isLiteral, let mirrored = Self.mirror[symbol] {
      return comparison(mirrored, right, left, whole)
    }
    if symbol == "==" || symbol == "!=", case .boolean(let flag) = right.form, left.isDecision {
      let holds = condition(left)
      return flag == (symbol == "==") ? holds : Self.negated(holds)
    }
    let place = locate(whole.range)
    let subject = value(left)
    let operand = value(right)
    func test(_ comparison: Test.Comparison, _ operands: [Value]) -> Condition {
      .test(Test(subject, comparison, operands, semantics: .strict, at: place))
    }
    if case .unknown(let references) = subject {
      return .unknown(references + operand.references)
    }
    switch symbol {
    case "==": return test(.equal, [operand])
    case "!=": return .not(test(.equal, [operand]))
    case "<": return test(.less, [operand])
    case "<=": return test(.lessOrEqual, [operand])
    case ">": return test(.greater, [operand])
    case ">=": return test(.greaterOrEqual, [operand])
    case "contains": return test(.contains, [operand])
    case "matches": return test(.matchesRegularExpression, [operand])
    case "in":
      if case .list(let items) = operand { return test(.oneOf, items) }
      return .test(Test(operand, .contains, [subject], semantics: .strict, at: place))
    default: return .unknown(subject.references + operand.references)
    }
  }

  private func test(_ name: String, _ inner: Formula, _ whole: Formula) -> Condition {
    let subject = value(inner)
    if case .unknown(let references) = subject { return .unknown(references) }
    let place = locate(whole.range)
    switch name {
    case "null", "none": return Self.isNull(subject, place)
    case "empty": return Self.isEmpty(subject, place)
    case "defined":
      // Pebble: what is null is not defined.
      if dialect == .pebble { return .not(Self.isNull(subject, place)) }
      return .test(Test(subject, .isPresent, semantics: .strict, at: place))
    case "undefined":
      return .not(.test(Test(subject, .isPresent, semantics: .strict, at: place)))
    case "string": return .test(Test(subject, .isText, semantics: .strict, at: place))
    case "number": return .test(Test(subject, .isNumber, semantics: .strict, at: place))
    case "boolean": return .test(Test(subject, .isBoolean, semantics: .strict, at: place))
    default: return .unknown(subject.references)
    }
  }

  private static func isNull(_ subject: Value, _ place: SourceLocation) -> Condition {
    .test(Test(subject, .equal, [.null], semantics: .strict, at: place))
  }

  private static func isEmpty(_ subject: Value, _ place: SourceLocation) -> Condition {
    // The subject stands in both tests.
    if subject.isLarge { return .unknown(Array(subject.references.prefix(64))) }
    return .any([
      isNull(subject, place), .test(Test(subject, .isEmpty, semantics: .strict, at: place)),
    ])
  }

  /// Functions and methods that answer yes or no.
  private func predicate(
    _ name: String, _ subject: Value?, _ given: [Value], _ place: SourceLocation
  ) -> Condition? {
    guard let subject else { return nil }
    func test(_ comparison: Test.Comparison, _ operands: [Value] = []) -> Condition {
      .test(Test(subject, comparison, operands, semantics: .strict, at: place))
    }
    switch name {
    case "equals", "equalsIgnoreCase":
      guard let other = given.first else { return nil }
      // `"final".equals(status)`
      if case .literal = subject {
        return .test(Test(other, .equal, [subject], semantics: .strict, at: place))
      }
      return test(.equal, [other])
    case "isEmpty", "isBlank", "is empty", "empty", "is blank": return Self.isEmpty(subject, place)
    case "isNotEmpty", "isNotBlank": return .not(Self.isEmpty(subject, place))
    case "isNull": return Self.isNull(subject, place)
    case "nonNull", "isPresent": return .not(Self.isNull(subject, place))
    // FEEL's `is defined(null)` is false.
    case "is defined": return .not(Self.isNull(subject, place))
    case "contains", "list contains": return given.isEmpty ? nil : test(.contains, [given[0]])
    case "startsWith", "starts with": return given.isEmpty ? nil : test(.startsWith, [given[0]])
    case "endsWith", "ends with": return given.isEmpty ? nil : test(.endsWith, [given[0]])
    case "matches": return given.isEmpty ? nil : test(.matchesRegularExpression, [given[0]])
    case "hasProp", "containsKey", "has":
      guard let key = given.first else { return nil }
      return .test(
        Test(picked(subject, key), .isPresent, semantics: .strict, at: place))
    default: return nil
    }
  }
}

extension Formula {
  fileprivate var isFalse: Bool {
    switch form {
    case .boolean(false), .null: true
    default: false
    }
  }

  fileprivate var isLiteral: Bool {
    switch form {
    case .text, .number, .boolean, .null: true
    default: false
    }
  }

  fileprivate var isDecision: Bool {
    switch form {
    case .not, .all, .any, .comparison, .test, .quantified: true
    default: false
    }
  }
}

extension Substring {
  fileprivate var trimmingQuotes: String {
    var text = self
    while let first = text.first, first == "'" || first == "\"" { text = text.dropFirst() }
    while let last = text.last, last == "'" || last == "\"" { text = text.dropLast() }
    return String(text)
  }
}
