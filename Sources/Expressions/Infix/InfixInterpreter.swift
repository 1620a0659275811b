package import SourceText

/// Translates infix expressions into values and conditions.
package struct InfixInterpreter {
  /// Which rules of equality hold.
  package var semantics: Test.Semantics
  /// How the engine writes null where it makes a text of it.
  package var nullText: String
  /// From the parsed text to the file.
  package var locate: (ByteRange) -> SourceLocation
  /// What the engine puts in, by index.
  package var insertions: [Value]
  /// What a name, with the path after it, means; how many components of the path were used up.
  package var resolve: (String, [PathComponent], SourceLocation) -> (value: Value, used: Int)?
  /// The outcome that the comparison of such a read with a word asks for (`tasks.a.status == 'Failed'`).
  package var outcome: (String, [PathComponent]) -> ((String) -> Condition?)?

  package init(
    semantics: Test.Semantics, nullText: String = "null",
    locate: @escaping (ByteRange) -> SourceLocation, insertions: [Value] = [],
    resolve:
      @escaping (String, [PathComponent], SourceLocation) -> (value: Value, used: Int)?,
    outcome: @escaping (String, [PathComponent]) -> ((String) -> Condition?)? = { _, _ in nil }
  ) {
    self.semantics = semantics
    self.nullText = nullText
    self.locate = locate
    self.insertions = insertions
    self.resolve = resolve
    self.outcome = outcome
  }

  /// Elements that quantifiers have named, by name.
  private var elements: [String: Value] = [:]

  // MARK: Values

  package func value(_ expression: InfixExpression) -> Value {
    switch expression.form {
    case .text(let parts, _):
      let values = parts.map { part -> Value in
        switch part {
        case .literal(let text): .literal(text)
        case .insertion(let index):
          insertions.indices.contains(index) ? insertions[index] : .unknown([])
        }
      }
      return values.count == 1 ? values[0] : .template(values)
    case .number(let text), .pattern(let text): return .literal(text)
    case .boolean(let flag): return .literal(flag ? "true" : "false")
    case .null: return .null
    case .name, .member, .index: return access(expression)
    case .call(let callee, let arguments): return call(callee, arguments, expression)
    case .list(let items): return .list(items.map(value))
    case .record(let entries):
      return .record(
        entries.map { entry in
          Value.Field(literal(entry.key) ?? "", value(entry.value))
        })
    case .negative(let operand): return .converted("arithmetic", value(operand))
    case .chain("??", let operands):
      guard let last = operands.last else { return .unknown([]) }
      return operands.dropLast().reversed().reduce(value(last)) { .fallback(value($1), $0) }
    case .binary("+", let left, let right):
      let parts = [value(left), value(right)]
      if case .number = left.form { return .converted("arithmetic", .list(parts)) }
      if case .number = right.form { return .converted("arithmetic", .list(parts)) }
      return .template(parts)
    case .binary(let symbol, let left, let right):
      if Self.arithmetic.contains(symbol) {
        return .converted("arithmetic", .list([value(left), value(right)]))
      }
      return decided(expression)
    case .conditional(let test, let first, let second):
      let test = condition(test)
      if test.isLarge {
        return .unknown(test.references + value(first).references + value(second).references)
      }
      return .conditional(test, value(first), value(second))
    case .not, .chain: return decided(expression)
    case .predicate(let body): return value(body)
    case .binding(let name, let bound, let body): return within(name, value(bound)).value(body)
    }
  }

  private static let arithmetic: Set<String> = ["-", "*", "/", "%", "**", "^", ".."]

  private func decided(_ expression: InfixExpression) -> Value {
    let condition = condition(expression)
    if condition.isLarge { return .unknown(condition.references) }
    return .conditional(condition, .literal("true"), .literal("false"))
  }

  private func literal(_ expression: InfixExpression) -> String? {
    if case .text(let parts, _) = expression.form, parts.count == 1,
      case .literal(let text) = parts[0]
    {
      return text
    }
    if case .number(let text) = expression.form { return text }
    return nil
  }

  /// The name at the head of a chain of members, with the path after it.
  private func chain(
    _ expression: InfixExpression
  ) -> (head: InfixExpression, path: [PathComponent]) {
    var path: [PathComponent] = []
    var head = expression
    while true {
      switch head.form {
      case .member(let inner, let name):
        path.append(.field(name))
        head = inner
      case .index(let inner, let key):
        switch key.form {
        case .number(let text): path.append(Int(text).map { .index($0) } ?? .some)
        default: path.append(literal(key).map { .field($0) } ?? .some)
        }
        head = inner
      default: return (head, path.reversed())
      }
    }
  }

  private func access(_ expression: InfixExpression) -> Value {
    let (head, path) = chain(expression)
    guard case .name(let name) = head.form else { return value(head).selecting(path) }
    if let element = elements[name] { return element.selecting(path) }
    let location = locate(expression.range)
    if let (resolved, used) = resolve(name, path, location) {
      return resolved.selecting(Array(path.dropFirst(used)))
    }
    return .reference(Reference(Variable(name), path: path, at: location))
  }

  // MARK: Functions

  private func call(
    _ callee: InfixExpression, _ arguments: [InfixExpression], _ whole: InfixExpression
  ) -> Value {
    if let condition = predicate(callee, arguments, whole) {
      if condition.isLarge { return .unknown(condition.references) }
      return .conditional(condition, .literal("true"), .literal("false"))
    }
    guard let (name, subject, rest) = function(callee, arguments) else {
      return .unknown(arguments.flatMap { value($0).references })
    }
    guard let subject else { return .unknown([]) }
    switch name {
    case "jsonpath":
      guard let path = rest.first.flatMap(literal) else { return .unknown(subject.references) }
      return selection(Self.parsed(subject), jsonPath: path)
    case "fromjson", "mustfromjson", "parsejson", "json", "fromjsonarray":
      return Self.parsed(subject)
    case "get":
      guard let key = rest.first.flatMap(literal) else { return .selection(subject, [.some]) }
      return subject.selecting([.field(key)])
    case "tojson", "mustojson", "asint", "asfloat", "int", "float", "string", "double", "tostring",
      "trim", "trimall", "trimsuffix", "trimprefix", "toprettyjson":
      return .text(subject, null: nullText)
    case "len", "size", "count": return .length(subject)
    case "first": return subject.selecting([.index(0)])
    case "last", "max", "min", "find": return subject.selecting([.some])
    case "default" where rest.count == 1: return .fallback(value(rest[0]), subject)
    case "coalesce": return rest.reduce(subject) { .fallback($0, value($1)) }
    case "map":
      guard let body = rest.first else { return subject }
      return .list([within("#", subject.selecting([.every])).value(body)])
    case "filter": return subject.selecting([.some])
    case "join", "lower", "upper", "tolower", "toupper", "lowerascii", "upperascii", "replace",
      "split", "title", "b64enc", "b64dec", "base64", "substr", "trunc", "concat", "keys",
      "values", "round", "ceil", "floor", "abs", "sort", "reverse", "uniq", "sha256sum",
      "tojsonstring", "format", "sprintf", "printf", "date", "cat", "quote", "squote":
      let values = [subject] + rest.map(value)
      return .converted(name, values.count == 1 ? subject : .list(values))
    default: return .unknown(subject.references + rest.flatMap { value($0).references })
    }
  }

  /// What a text of JSON spells.
  private static func parsed(_ value: Value) -> Value {
    if case .text(let inner, _) = value { return inner }
    return value
  }

  private func selection(_ subject: Value, jsonPath: String) -> Value {
    let place = locate(ByteRange(0, 0))
    let text = LocatedText(jsonPath) { _ in place }
    guard let path = try? ReferencePath.parse(text) else { return .unknown(subject.references) }
    return subject.selecting(path.components)
  }

  /// A function's last name in lower case, what it works on, and its other arguments.
  private func function(
    _ callee: InfixExpression, _ arguments: [InfixExpression]
  ) -> (name: String, subject: Value?, rest: [InfixExpression])? {
    switch callee.form {
    case .name(let name):
      return (
        name.lowercased(), arguments.first.map(value), Array(arguments.dropFirst())
      )
    case .member(let object, let name):
      // `sprig.trim(x)`, but `x.startsWith(y)`.
      if case .name(let library) = object.form,
        ["sprig", "strings", "math", "ext"].contains(library)
      {
        return (name.lowercased(), arguments.first.map(value), Array(arguments.dropFirst()))
      }
      return (name.lowercased(), value(object), arguments)
    default: return nil
    }
  }

  private func within(_ name: String, _ element: Value) -> InfixInterpreter {
    var inner = self
    inner.elements[name] = element
    return inner
  }

  // MARK: Conditions

  package func condition(_ expression: InfixExpression) -> Condition {
    switch expression.form {
    case .boolean(let flag): return .constant(flag)
    case .null: return .constant(false)
    case .not(let operand): return Self.negated(condition(operand))
    case .chain("&&", let operands): return .all(operands.map(condition))
    case .chain("||", let operands): return .any(operands.map(condition))
    case .conditional(let test, let first, let second):
      let test = condition(test)
      if test.isLarge {
        return .unknown(test.references + value(first).references + value(second).references)
      }
      return .any([
        .all([test, condition(first)]), .all([Self.negated(test), condition(second)]),
      ])
    case .binary(let symbol, let left, let right):
      if let compared = comparison(symbol, left, right, expression) { return compared }
    case .call(let callee, let arguments):
      if let predicate = predicate(callee, arguments, expression) { return predicate }
    case .predicate(let body): return condition(body)
    case .binding(let name, let bound, let body):
      return within(name, value(bound)).condition(body)
    default: break
    }
    switch value(expression) {
    case .conditional(let condition, .literal("true"), .literal("false")): return condition
    case .literal("true"): return .constant(true)
    case .literal("false"): return .constant(false)
    case .unknown(let references): return .unknown(references)
    case let value: return test(value, .isTrue, [], expression)
    }
  }

  package static func negated(_ condition: Condition) -> Condition {
    switch condition {
    case .constant(let flag): .constant(!flag)
    case .not(let inner): inner
    default: .not(condition)
    }
  }

  private func test(
    _ subject: Value, _ comparison: Test.Comparison, _ operands: [Value],
    _ whole: InfixExpression
  ) -> Condition {
    .test(
      Test(subject, comparison, operands, semantics: semantics, at: locate(whole.range)))
  }

  private static let mirror = [
    "==": "==", "===": "===", "!=": "!=", "!==": "!==", "<": ">", ">": "<", "<=": ">=", ">=": "<=",
  ]

  private func isConstant(_ expression: InfixExpression) -> Bool {
    switch expression.form {
    case .number, .boolean, .null, .pattern: true
    case .text: literal(expression) != nil
    default: false
    }
  }

  private func comparison(
    _ symbol: String, _ left: InfixExpression, _ right: InfixExpression, _ whole: InfixExpression
  ) -> Condition? {
    if isConstant(left), !isConstant(right), let mirrored = Self.mirror[symbol] {
      return comparison(mirrored, right, left, whole)
    }
    if let asked = asked(symbol, left, right) { return asked }
    if let flag = flag(right), symbol.hasPrefix("=") || symbol.hasPrefix("!"),
      !symbol.hasSuffix("~"), isDecision(left)
    {
      let holds = condition(left)
      return flag == symbol.hasPrefix("=") ? holds : Self.negated(holds)
    }
    let subject = value(left)
    let operand = value(right)
    switch symbol {
    case "==", "===", "!=", "!==":
      let isNegated = symbol.hasPrefix("!")
      if case .literal(let first) = subject, case .literal(let second) = operand {
        return .constant((first == second) != isNegated)
      }
      if case .unknown(let references) = subject {
        return .unknown(references + operand.references)
      }
      let equal = test(subject, .equal, [operand], whole)
      return isNegated ? .not(equal) : equal
    case "<": return test(subject, .less, [operand], whole)
    case "<=": return test(subject, .lessOrEqual, [operand], whole)
    case ">": return test(subject, .greater, [operand], whole)
    case ">=": return test(subject, .greaterOrEqual, [operand], whole)
    case "=~", "matches": return test(subject, .matchesRegularExpression, [operand], whole)
    case "!~": return .not(test(subject, .matchesRegularExpression, [operand], whole))
    case "contains": return test(subject, .contains, [operand], whole)
    case "startsWith": return test(subject, .startsWith, [operand], whole)
    case "endsWith": return test(subject, .endsWith, [operand], whole)
    case "in":
      switch operand {
      case .list(let items): return test(subject, .oneOf, items, whole)
      case .record(let fields):
        return test(subject, .oneOf, fields.map { .literal($0.name) }, whole)
      default:
        // `'cert_hash' in response`
        if case .literal(let name) = subject {
          return test(operand.selecting([.field(name)]), .isPresent, [], whole)
        }
        return .unknown(subject.references + operand.references)
      }
    default: return nil
    }
  }

  private func flag(_ expression: InfixExpression) -> Bool? {
    if case .boolean(let flag) = expression.form { return flag }
    return nil
  }

  private func isDecision(_ expression: InfixExpression) -> Bool {
    switch expression.form {
    case .not, .chain("&&", _), .chain("||", _): true
    case .binary(let symbol, _, _): !Self.arithmetic.contains(symbol) && symbol != "+"
    case .call(let callee, let arguments): predicate(callee, arguments, expression) != nil
    default: false
    }
  }

  /// A comparison of a status that the engine keeps.
  private func asked(
    _ symbol: String, _ left: InfixExpression, _ right: InfixExpression
  ) -> Condition? {
    let (head, path) = chain(left)
    var words: [String] = []
    switch right.form {
    case .list(let items): words = items.compactMap(literal)
    default: words = literal(right).map { [$0] } ?? []
    }
    guard !words.isEmpty else { return nil }
    var ask: ((String) -> Condition?)?
    if case .name(let name) = head.form { ask = outcome(name, path) }
    if ask == nil, case .text(let parts, _) = left.form, parts.count == 1,
      case .insertion(let index) = parts[0], insertions.indices.contains(index),
      case .reference(let reference) = insertions[index]
    {
      ask = outcome(reference.variable.name, reference.path)
    }
    guard let ask else { return nil }
    let outcomes = words.compactMap(ask)
    guard outcomes.count == words.count else { return nil }
    let any = outcomes.count == 1 ? outcomes[0] : Condition.any(outcomes)
    switch symbol {
    case "==", "===", "in": return any
    case "!=", "!==": return .not(any)
    default: return nil
    }
  }

  /// What a function decides, `nil` where it decides nothing.
  private func predicate(
    _ callee: InfixExpression, _ arguments: [InfixExpression], _ whole: InfixExpression
  ) -> Condition? {
    guard let (name, subject, rest) = function(callee, arguments), let subject else { return nil }
    switch name {
    case "has": return test(subject, .isPresent, [], whole)
    case "isempty", "empty": return test(subject, .isEmpty, [], whole)
    case "startswith", "endswith", "contains", "matches", "hasprefix", "hassuffix", "regexmatch":
      guard let operand = rest.first.map(value) else { return nil }
      switch name {
      case "startswith": return test(subject, .startsWith, [operand], whole)
      case "endswith": return test(subject, .endsWith, [operand], whole)
      case "contains": return test(subject, .contains, [operand], whole)
      case "matches": return test(subject, .matchesRegularExpression, [operand], whole)
      // sprig names the pattern first.
      case "hasprefix": return test(operand, .startsWith, [subject], whole)
      case "hassuffix": return test(operand, .endsWith, [subject], whole)
      default: return test(operand, .matchesRegularExpression, [subject], whole)
      }
    case "all", "any", "some", "exists", "none", "one":
      guard let body = rest.last else { return nil }
      let element = subject.selecting([.element])
      var elementName = "#"
      if rest.count == 2, case .name(let named) = rest[0].form { elementName = named }
      let inner = within(elementName, element).condition(body)
      switch name {
      case "all": return .every(of: subject, inner)
      case "none": return .not(.some(of: subject, inner))
      default: return .some(of: subject, inner)
      }
    default: return nil
    }
  }
}
