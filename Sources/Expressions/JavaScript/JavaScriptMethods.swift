import SourceText

/// What the methods and functions of the language make of their operands.
extension JavaScriptTranslator {
  /// Methods whose result is the operand, for data flow: the same content, whole.
  private static let transparent: Set<String> = [
    "valueOf", "catch", "finally", "flat", "sort", "reverse", "toSorted", "toReversed", "values",
    "parseJson", "toJsonString", "unref", "fill",
  ]

  /// Methods that put their arguments into the operand.
  private static let joining: Set<String> = [
    "concat", "replace", "replaceAll", "padStart", "padEnd",
  ]

  private static func isWordByte(_ byte: UInt8) -> Bool {
    byte >= 0x80 || (0x41...0x5a).contains(byte & 0xdf) || (0x30...0x39).contains(byte)
  }

  func method(_ name: String, of object: Value, _ arguments: [JavaScriptExpression]) -> Value {
    if let condition = predicate(name, of: object, arguments) { return truth(condition) }
    let function = arguments.first?.functionLiteral
    switch name {
    case "toString", "toLocaleString": return .text(object, null: "null")
    case "json", "text", "arrayBuffer", "blob":
      return arguments.isEmpty ? object.selecting([.field("body")]) : object
    case "map", "flatMap":
      guard let function else { return object }
      return .list([result(of: function, given: [object.selecting([.every])])])
    case "then":
      guard let function else { return object }
      return result(of: function, given: [object])
    case "filter":
      guard let function else { return object }
      // What is left satisfies the condition; where nothing does, nothing is left.
      let kept = condition(of: function, given: [object.selecting([.element])])
      return .conditional(.every(of: object, kept), object, .list([]))
    case "slice", "splice":
      return object
    case "indexOf", "lastIndexOf", "find", "rfind", "index", "rindex":
      // Where a mark such as `{` stands is a size, and nothing that the text says.
      if let mark = arguments.first?.text, mark.utf8.allSatisfy({ !Self.isWordByte($0) }) {
        return .length(object)
      }
      return name.hasSuffix("find") ? object.selecting([.some]) : .converted(name, object)
    case "findLast":
      return object.selecting([.some])
    case "at":
      if case .number(let text)? = arguments.first?.form, let index = Int(text) {
        return object.selecting([.index(index)])
      }
      return object.selecting([.some])
    case "pop", "last", "randomItem": return object.selecting([.some])
    case "shift", "first": return object.selecting([.index(0)])
    case "get":
      guard let key = arguments.first?.text else { return object.selecting([.some]) }
      return object.selecting([.field(key)])
    case "reduce", "reduceRight":
      let start = arguments.dropFirst().first.map(value) ?? .null
      guard let function else { return .converted(name, object) }
      let folded = result(of: function, given: [start, object.selecting([.every])])
      return .converted(name, .list([object, folded]))
    case _ where Self.transparent.contains(name): return object
    case _ where Self.joining.contains(name):
      let given = arguments.filter { !$0.isFunction }.map(value)
      return .template([.converted(name, object)] + given)
    default:
      let given = arguments.filter { !$0.isFunction }.map(value).filter { !$0.references.isEmpty }
      let converted = Value.converted(name, object)
      return given.isEmpty ? converted : .template([converted] + given)
    }
  }

  func truth(_ condition: Condition) -> Value {
    if case .constant(let flag) = condition { return .literal(flag ? "true" : "false") }
    return .conditional(condition, .literal("true"), .literal("false"))
  }

  /// Functions and objects of the language itself.
  func builtIn(_ root: String, _ links: [JavaScriptLink]) -> JavaScriptResolution? {
    if case .call(let arguments)? = links.first?.form {
      return function(root, arguments).map { JavaScriptResolution($0, used: 1) }
    }
    guard let name = links.first?.field, links.count > 1, case .call(let arguments) = links[1].form,
      let value = function(root + "." + name, arguments)
    else { return nil }
    return JavaScriptResolution(value, used: 2)
  }

  private func function(_ name: String, _ arguments: [JavaScriptExpression]) -> Value? {
    let first = arguments.first
    switch name {
    case "JSON.parse", "JSON.stringify", "Array.from", "Promise.resolve", "Promise.all",
      "structuredClone", "Object.fromEntries", "Object.freeze", "Promise.allSettled",
      "toJsonString":
      return first.map(value) ?? .null
    case "Promise.race", "Promise.any":
      return first.map { value($0).selecting([.some]) } ?? .null
    case "String": return .text(first.map(value) ?? .null, null: "null")
    case "Boolean": return truth(first.map(condition) ?? .constant(false))
    case "Number", "parseInt", "parseFloat": return .converted("number", first.map(value) ?? .null)
    case "Object.values": return first.map { value($0).selecting([.every]) } ?? .null
    case "Object.assign":
      return .converted(Value.merging, .list(arguments.map(value)))
    case "Array.isArray", "Number.isFinite", "Number.isInteger", "isNaN", "Number.isNaN":
      return truth(predicate(name, arguments))
    case "$if", "$ifEmpty":
      guard let first else { return .null }
      let rest = arguments.dropFirst().map(value)
      guard name == "$if" else { return .fallback(value(first), rest.first ?? .null) }
      return .conditional(condition(first), rest.first ?? .null, rest.dropFirst().first ?? .null)
    default:
      return nil
    }
  }

  private func predicate(_ name: String, _ arguments: [JavaScriptExpression]) -> Condition {
    guard let first = arguments.first else { return .constant(false) }
    let subject = value(first)
    switch name {
    case "Number.isFinite", "Number.isInteger":
      return .test(Test(subject, .isNumber, semantics: .strict, at: scope.locate(first.range)))
    case "Array.isArray":
      // Of the right shape at all: what it says is not looked at.
      return .not(.test(Test(subject, .isEmpty, semantics: .strict, at: scope.locate(first.range))))
    default:
      return .unknown(subject.references)
    }
  }

  // MARK: Functions written in place

  /// What a function returns for these arguments.
  func result(of function: JavaScriptFunction, given arguments: [Value]) -> Value {
    let inner = binding(function.parameters, to: arguments)
    switch function.body {
    case .expression(let body): return inner.value(body)
    case .block(let statements):
      if let value = inner.returned(by: statements[...], as: valueReturned) { return value }
      var returned: [Value] = []
      inner.collectReturns(statements, into: &returned)
      return Value.either(of: returned)
    }
  }

  /// How what is returned is read, and what two ways to a return come to.
  private struct Returned<Result> {
    var read: (JavaScriptTranslator, JavaScriptExpression?) -> Result
    var choose: (Condition, Result, Result) -> Result
  }

  private var valueReturned: Returned<Value> {
    Returned {
      $1.map($0.value) ?? .null
    } choose: { test, first, second in
      first == second ? first : .conditional(test, first, second)
    }
  }

  private var conditionReturned: Returned<Condition> {
    Returned {
      $1.map($0.condition) ?? .constant(false)
    } choose: {
      .choice($0, $1, $2)
    }
  }

  /// What statements return that only name things, branch and return; `nil` where they do more.
  private func returned<Result>(
    by statements: ArraySlice<JavaScriptStatement>, as result: Returned<Result>, depth: Int = 0
  ) -> Result? {
    var inner = self
    var rest = statements
    while let statement = rest.popFirst() {
      switch statement {
      case .declaration(_, let bindings, _): inner.bind(bindings)
      case .returning(let value, _): return result.read(inner, value)
      case .branch(let test, let then, let otherwise):
        let test = inner.condition(test)
        guard depth < 4, !test.isLarge,
          let first = inner.returned(by: then + rest, as: result, depth: depth + 1),
          let second = inner.returned(by: otherwise + rest, as: result, depth: depth + 1)
        else { return nil }
        return result.choose(test, first, second)
      default: return nil
      }
    }
    return result.read(inner, nil)
  }

  /// What a predicate function decides about the element.
  func condition(of function: JavaScriptFunction, given arguments: [Value]) -> Condition {
    let inner = binding(function.parameters, to: arguments)
    switch function.body {
    case .expression(let body): return inner.condition(body)
    case .block(let statements):
      return inner.returned(by: statements[...], as: conditionReturned)
        ?? .unknown(arguments.flatMap(\.references))
    }
  }

  private func collectReturns(_ statements: [JavaScriptStatement], into returned: inout [Value]) {
    var inner = self
    for statement in statements {
      switch statement {
      case .declaration(_, let bindings, _): inner.bind(bindings)
      case .returning(let value, _): returned.append(value.map(inner.value) ?? .null)
      case .branch(_, let then, let otherwise):
        inner.collectReturns(then, into: &returned)
        inner.collectReturns(otherwise, into: &returned)
      case .block(let body), .loop(_, let body, _, _), .each(_, _, let body, _):
        inner.collectReturns(body, into: &returned)
      case .attempt(let tried, let caught, let last):
        inner.collectReturns(tried, into: &returned)
        inner.collectReturns(caught ?? [], into: &returned)
        inner.collectReturns(last, into: &returned)
      case .selection(_, let cases, _):
        for one in cases { inner.collectReturns(one.body, into: &returned) }
      case .expression, .function, .raising, .leaving, .continuing, .unknown: break
      }
    }
  }

  private func binding(_ patterns: [JavaScriptPattern], to values: [Value]) -> Self {
    var inner = self
    for (index, pattern) in patterns.enumerated() {
      inner.bind(pattern, to: index < values.count ? values[index] : .unknown([]))
    }
    return inner
  }

  private mutating func bind(_ bindings: [JavaScriptStatement.Binding]) {
    for binding in bindings {
      let bound = binding.value.map(value) ?? .null
      let condition = binding.value.flatMap { $0.isDecision ? self.condition($0) : nil }
      bind(binding.pattern, to: bound, condition: condition)
    }
  }

  /// Binds the names of a pattern to the parts of a value.
  package mutating func bind(
    _ pattern: JavaScriptPattern, to value: Value, condition: Condition? = nil
  ) {
    for (name, part) in pattern.parts(of: value) {
      // A value bound again and again doubles; past any real size only its reads are kept.
      let kept = part.isLarge ? Value.unknown(Array(part.references.prefix(64))) : part
      scope.locals[name] = .init(kept, condition: part.isLarge ? nil : condition)
    }
  }
}

extension JavaScriptPattern {
  /// The names the pattern binds, each with its part of `value`.
  package func parts(of value: Value) -> [(name: String, value: Value)] {
    switch self {
    case .name(let name, _): [(name, value)]
    case .object(let fields):
      fields.flatMap { field, pattern in
        pattern.parts(of: field.map { value.selecting([.field($0)]) } ?? value)
      }
    case .array(let elements):
      elements.enumerated().flatMap { index, pattern in
        pattern?.parts(of: value.selecting([.index(index)])) ?? []
      }
    case .fallback(let pattern, _): pattern.parts(of: value)
    case .unknown: []
    }
  }
}

extension JavaScriptExpression {
  var functionLiteral: JavaScriptFunction? {
    if case .function(let function) = form { function } else { nil }
  }
}
