package import SourceText

/// What a small script completes with: the value of its last expression, or what its function returns.
///
/// Every way through the script is followed; past a bound the value is unknown.
package struct JavaScriptCompletion {
  private var translator: JavaScriptTranslator
  private var functions: [String: JavaScriptFunction] = [:]
  private var budget = 400
  private let text: [UInt8]
  private let range: ByteRange

  /// What the text in `range` completes with.
  package static func value(
    of text: [UInt8], in range: ByteRange, scope: JavaScriptScope
  ) -> Value {
    var completion = JavaScriptCompletion(
      translator: JavaScriptTranslator(scope: scope), text: text, range: range)
    if let expression = JavaScriptParser.expression(text, in: range) {
      return completion.value(expression)
    }
    let statements = JavaScriptParser.statements(text, in: range)
    return completion.run(statements[...], last: .null)
  }

  private init(translator: JavaScriptTranslator, text: [UInt8], range: ByteRange) {
    self.translator = translator
    self.text = text
    self.range = range
  }

  /// A value that is written again and again (`a = a + a`) must not grow without end.
  private func bounded(_ value: Value) -> Value {
    value.isLarge ? .unknown(Array(value.references.prefix(64))) : value
  }

  private var unknown: Value { .unknown(translator.visibleReferences(text, in: range)) }

  private mutating func value(_ expression: JavaScriptExpression) -> Value {
    if case .call(let callee, let arguments) = expression.form {
      switch callee.form {
      case .function(let function): return call(function, arguments)
      case .identifier(let name):
        if let function = functions[name] { return call(function, arguments) }
      default: break
      }
    }
    return translator.value(expression)
  }

  private mutating func call(
    _ function: JavaScriptFunction, _ arguments: [JavaScriptExpression]
  ) -> Value {
    budget -= 1
    guard budget > 0 else { return unknown }
    let outer = translator.scope.locals
    defer { translator.scope.locals = outer }
    for (parameter, argument) in zip(function.parameters, arguments) {
      if case .name(let name, _) = parameter {
        translator.scope.locals[name] = .init(bounded(translator.value(argument)))
      }
    }
    switch function.body {
    case .expression(let expression): return value(expression)
    case .block(let statements): return run(statements[...], last: nil)
    }
  }

  /// Runs statements; `last` is the value completed with so far, `nil` inside a function.
  private mutating func run(_ statements: ArraySlice<JavaScriptStatement>, last: Value?) -> Value {
    var last = last
    var rest = statements
    while let statement = rest.popFirst() {
      budget -= 1
      guard budget > 0 else { return unknown }
      switch statement {
      case .returning(let expression, _): return expression.map { value($0) } ?? .null
      case .raising, .leaving, .continuing: return last ?? .null
      case .function(let function, _):
        if let name = function.name { functions[name] = function }
      case .declaration(_, let bindings, _):
        for binding in bindings { bind(binding) }
      case .expression(let expression):
        if case .assignment("=", let target, let new) = expression.form,
          case .identifier(let name) = target.form
        {
          translator.scope.locals[name] = .init(bounded(value(new)))
        } else if last != nil {
          last = value(expression)
        }
      case .block(let inner): rest = (inner + rest)[...]
      case .branch(let test, let then, let otherwise):
        let condition = translator.condition(test)
        let locals = translator.scope.locals
        let first = run((then + rest)[...], last: last)
        translator.scope.locals = locals
        let second = run((otherwise + rest)[...], last: last)
        return Self.choice(condition, first, second)
      case .selection(let subject, let cases, _):
        return select(subject, cases[...], rest, last)
      case .loop, .each, .attempt, .unknown: return unknown
      }
    }
    return last ?? .null
  }

  private static func choice(_ condition: Condition, _ first: Value, _ second: Value) -> Value {
    if case .constant(let flag) = condition { return flag ? first : second }
    return first == second ? first : .conditional(condition, first, second)
  }

  private mutating func bind(_ binding: JavaScriptStatement.Binding) {
    guard case .name(let name, _) = binding.pattern else { return }
    guard let expression = binding.value else {
      translator.scope.locals[name] = .init(.null)
      return
    }
    let condition = expression.isDecision ? translator.condition(expression) : nil
    translator.scope.locals[name] = .init(bounded(value(expression)), condition: condition)
  }

  private mutating func select(
    _ subject: JavaScriptExpression, _ cases: ArraySlice<JavaScriptStatement.Case>,
    _ rest: ArraySlice<JavaScriptStatement>, _ last: Value?
  ) -> Value {
    budget -= 1
    guard budget > 0 else { return unknown }
    guard let first = cases.first else { return run(rest, last: last) }
    let locals = translator.scope.locals
    // A case runs on into the next until something leaves the switch.
    let body = cases.flatMap(\.body)
    let end = body.firstIndex { if case .leaving = $0 { true } else { false } } ?? body.endIndex
    let taken = run((Array(body[..<end]) + rest)[...], last: last)
    translator.scope.locals = locals
    guard let test = first.test else { return taken }
    let equal = Test(
      translator.value(subject), .equal, [translator.value(test)], semantics: .strict,
      at: translator.scope.locate(test.range))
    return Self.choice(.test(equal), taken, select(subject, cases.dropFirst(), rest, last))
  }
}

extension Condition {
  /// When a computed value is true, as JavaScript sees it.
  package static func truth(of value: Value, at location: SourceLocation) -> Condition {
    switch value {
    case .conditional(let condition, let first, let second) where !value.isLarge:
      .choice(condition, truth(of: first, at: location), truth(of: second, at: location))
    case .literal(let text): .constant(text != "false" && text != "0" && !text.isEmpty)
    case .null: .constant(false)
    case .unknown(let references): .unknown(references)
    default: .test(Test(value, .isTrue, semantics: .javaScript, at: location))
    }
  }

  /// When a computed value, as text, reads `text`.
  package static func equality(
    of value: Value, with text: String, at location: SourceLocation
  ) -> Condition {
    switch value {
    case .conditional(let condition, let first, let second) where !value.isLarge:
      .choice(
        condition, equality(of: first, with: text, at: location),
        equality(of: second, with: text, at: location))
    case .literal(let literal): .constant(literal == text)
    case .null: .constant(text == "null")
    case .unknown(let references): .unknown(references)
    default:
      .test(
        Test(
          .text(value, null: "null"), .equal, [.literal(text)], semantics: .strict,
          at: location))
    }
  }
}
