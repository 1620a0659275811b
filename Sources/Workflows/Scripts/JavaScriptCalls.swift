import Expressions
import SourceText

/// Expressions that do something: their calls become steps, in the order in which they run.
extension JavaScriptBody {
  /// The expression's value, once everything in it has been done.
  mutating func evaluate(_ expression: JavaScriptExpression) -> Value {
    guard acts(expression) else { return translator.value(expression) }
    // Done first: what is done gives names to its results.
    let done = perform(expression)
    return translator.value(done)
  }

  /// The expression as a condition, once everything in it has been done.
  mutating func decide(_ expression: JavaScriptExpression) -> Condition {
    guard acts(expression) else { return translator.condition(expression) }
    let done = perform(expression)
    return translator.condition(done)
  }

  /// Does what the expression does; what is left only computes.
  private mutating func perform(_ expression: JavaScriptExpression) -> JavaScriptExpression {
    guard !isExhausted, acts(expression) else { return expression }
    switch expression.form {
    case .assignment(let symbol, let target, let right):
      return performAssignment(symbol, target, right, expression.range)
    case .conditional(let test, let then, let otherwise) where acts(then) || acts(otherwise):
      let variable = temporary()
      let (holds, fails) = branch(on: decide(test), at: test.range)
      ends = holds
      store(then, in: variable)
      let after = ends
      leavePlace()
      ends = fails
      store(otherwise, in: variable)
      leavePlace()
      ends = after + ends
      return placeholder(variable, expression.range)
    case .chain(let symbol, let operands)
    where symbol != "+" && operands.dropFirst().contains(where: { acts($0) }):
      return performChain(symbol, operands, expression.range)
    case .call(let callee, let arguments):
      return performCall(callee, arguments, expression)
    case .new where expression.isDelay:
      _ = add(kind: .delay, at: expression.range)
      return JavaScriptExpression(.undefined, expression.range)
    case .new:
      if let made = performConstruction(expression) { return made }
      guard let promised = expression.promisedRequest else {
        return expression.mapping { perform($0) }
      }
      lower(promised.before)
      return perform(promised.request)
    case .function: return expression
    default: return expression.mapping { perform($0) }
    }
  }

  private mutating func store(_ expression: JavaScriptExpression, in variable: Variable) {
    let value = evaluate(expression)
    assign(
      Step.Assignment(variable, value: value, at: locate(expression.range)), at: expression.range)
  }

  /// A name for a value that is computed already.
  private mutating func placeholder(_ value: Value, _ range: ByteRange) -> JavaScriptExpression {
    let name = "#" + temporary().name
    translator.scope.locals[name] = .init(value)
    return JavaScriptExpression(.identifier(name), range)
  }

  private mutating func placeholder(
    _ variable: Variable, _ range: ByteRange
  ) -> JavaScriptExpression {
    placeholder(.reference(Reference(variable, at: locate(range))), range)
  }

  /// `a && f()`: what follows runs only on one outcome of what stands before.
  private mutating func performChain(
    _ symbol: String, _ operands: [JavaScriptExpression], _ range: ByteRange
  ) -> JavaScriptExpression {
    let variable = temporary()
    var skipped: [LooseEnd] = []
    for (index, operand) in operands.enumerated() {
      let done = perform(operand)
      let value = translator.value(done)
      assign(Step.Assignment(variable, value: value, at: locate(operand.range)), at: operand.range)
      guard index < operands.count - 1 else { break }
      let (holds, fails) = branch(on: translator.condition(done), at: operand.range)
      ends = symbol == "&&" ? holds : fails
      skipped += symbol == "&&" ? fails : holds
    }
    leavePlace()
    ends += skipped
    return placeholder(variable, range)
  }

  private mutating func performAssignment(
    _ symbol: String, _ target: JavaScriptExpression, _ right: JavaScriptExpression,
    _ range: ByteRange
  ) -> JavaScriptExpression {
    if case .identifier(let name) = target.form, case .function(let function) = right.form {
      functions[name] = function
      return right
    }
    if case .identifier(let name) = target.form, let client = constructedClient(right) {
      clients[name] = client
    }
    var heldClient: String?
    if case .member = target.form {
      heldClient = constructedClient(right) ?? clientName(right)
      if heldClient == nil, case .identifier(let name) = right.form { heldClient = clients[name] }
    }
    let given = evaluate(right)
    if symbol == "=", case .identifier(let name) = target.form, object(given) != nil {
      // Another name for an object is that object.
      translator.scope.locals[name] = .init(given)
      return placeholder(given, range)
    }
    if symbol == "=", case .reference(let cell) = translator.value(target) {
      hold(given, heldClient, in: cell)
    }
    var value = given
    switch symbol {
    case "??=", "||=": value = .fallback(translator.value(target), given)
    case "&&=":
      let old = translator.value(target)
      value = .conditional(translator.condition(target), given, old)
    default: break
    }
    let appends = symbol == "+=" && !right.isCount
    let isCount = symbol != "=" && !appends && value == given
    if !isCount { write(value, to: target, appends: appends, shape: shape(right, given), range) }
    if symbol == "=", case .identifier(let name) = target.form, right.isSelection, !acts(right),
      !right.reads(name)
    {
      translator.scope.locals[name]?.selection = right
    }
    return placeholder(value, range)
  }

  private mutating func write(
    _ value: Value, to target: JavaScriptExpression, appends: Bool, shape: Value,
    _ range: ByteRange
  ) {
    let location = locate(range)
    if case .identifier(let name) = target.form {
      shapes[name] = appends ? nil : shape
      if translator.scope.locals[name] == nil {
        // An undeclared name is global.
        let variable = declare(name)
        translator.scope.locals[name] = .init(.reference(Reference(variable, at: location)))
      }
      translator.scope.locals[name]?.condition = nil
      translator.scope.locals[name]?.selection = nil
      for (other, local) in translator.scope.locals where local.selection?.reads(name) == true {
        translator.scope.locals[other]?.selection = nil
      }
    } else if case .identifier(let name) = target.spine.base.form {
      shapes[name] = nil
    }
    guard case .reference(let cell) = translator.value(target) else { return }
    assign(
      Step.Assignment(
        cell.variable, path: cell.path, value: value, appends: appends, at: location),
      at: range)
  }

  // MARK: Calls

  private mutating func performCall(
    _ callee: JavaScriptExpression, _ arguments: [JavaScriptExpression],
    _ whole: JavaScriptExpression
  ) -> JavaScriptExpression {
    if case .function(let function) = callee.form {
      let given = arguments.map { evaluate($0) }
      return placeholder(inline(function, given, whole.range), whole.range)
    }
    if let made = performConstruction(whole) { return made }
    if case .member(let owner, let name) = callee.form, construction(owner) != nil {
      let object = perform(owner)
      let callee = JavaScriptExpression(.member(object, name), callee.range, over: [object])
      return performCall(
        callee, arguments,
        JavaScriptExpression(.call(callee, arguments), whole.range, over: [callee] + arguments))
    }
    if let (function, object) = method(callee) {
      let given = arguments.map { argument in
        let value = evaluate(argument)
        return shape(argument, value)
      }
      return placeholder(
        inline(function, ordered(given, for: function), whole.range, on: object), whole.range)
    }
    if case .member(let object, let method) = callee.form {
      if let done = performMethod(method, of: object, arguments, whole) { return done }
    }
    guard let name = callee.dottedName else { return whole.mapping { perform($0) } }
    if let function = functions[name] {
      let given = arguments.map { argument in
        let value = evaluate(argument)
        return shape(argument, value)
      }
      return placeholder(inline(function, given, whole.range), whole.range)
    }
    guard isEffect(name) else { return whole.mapping { perform($0) } }
    return placeholder(call(name, arguments, whole.range), whole.range)
  }

  private mutating func performConstruction(
    _ expression: JavaScriptExpression
  ) -> JavaScriptExpression? {
    guard let (name, arguments) = construction(expression) else { return nil }
    let given = arguments.map { argument in
      let value = evaluate(argument)
      return shape(argument, value)
    }
    return placeholder(construct(name, given, at: expression.range), expression.range)
  }

  /// Methods that take what to do as a function, and those that change their object.
  private mutating func performMethod(
    _ method: String, of object: JavaScriptExpression, _ arguments: [JavaScriptExpression],
    _ whole: JavaScriptExpression
  ) -> JavaScriptExpression? {
    if Self.appending.contains(method), case .identifier(let name) = object.form {
      let values = arguments.map { argument in
        let value = evaluate(argument)
        return shape(argument, value)
      }
      let earlier = shapes[name]
      write(.list(values), to: object, appends: true, shape: .null, whole.range)
      if case .list(let elements)? = earlier, elements.count < 64 {
        shapes[name] = .list(elements + values)
      }
      return placeholder(.unknown([]), whole.range)
    }
    if method == "call" || method == "apply", let name = object.dottedName, isEffect(name) {
      return placeholder(
        call(name, Array(arguments.dropFirst()), whole.range), whole.range)
    }
    guard case .function(let function)? = arguments.first?.form, acts(function) || acts(object)
    else { return nil }
    switch method {
    case "then":
      let value = evaluate(object)
      return placeholder(inline(function, [value], whole.range), whole.range)
    case "catch":
      let outer = failed
      failed = []
      let value = evaluate(object)
      let errors = failed
      failed = outer
      let after = ends
      leavePlace()
      ends = errors
      let handled = inline(function, [.unknown([])], whole.range)
      leavePlace()
      ends = after + ends
      return placeholder(.fallback(value, handled), whole.range)
    case "finally":
      let value = evaluate(object)
      _ = inline(function, [], whole.range)
      return placeholder(value, whole.range)
    case "forEach", "map", "flatMap", "filter", "some", "every", "find", "reduce":
      guard acts(function) else { return nil }
      let list = evaluate(object)
      let outer = loops
      loops = []
      let head = add(kind: .control, at: whole.range)
      leavePlace()
      let element = list.selecting([.every])
      let given = method == "reduce" ? [.unknown([]), element] : [element]
      let value = inline(function, given, whole.range)
      leavePlace()
      builder.connect(ends, toNextElementAt: head)
      loops = outer
      ends = [LooseEnd(head)]
      let isMapping = method == "map" || method == "flatMap" || method == "reduce"
      return placeholder(isMapping ? .list([value]) : list, whole.range)
    default: return nil
    }
  }

  /// Reads a function of the script where it is called; the value is what it returns.
  mutating func inline(
    _ function: JavaScriptFunction, _ arguments: [Value], _ range: ByteRange,
    on object: Variable? = nil
  ) -> Value {
    guard frames.count <= Self.deepestCalls, !isExhausted, inlined < 200 else {
      return .unknown(arguments.flatMap(\.references))
    }
    inlined += 1
    let variable = temporary()
    let (locals, outerShapes, outerLoops) = (translator.scope.locals, shapes, loops)
    loops = []
    frames.append(Frame(result: variable, unwrap: { $0 }))
    if let object, let receiver = function.receiver {
      translator.scope.locals[receiver] = .init(.reference(Reference(object, at: locate(range))))
    }
    for (index, pattern) in function.parameters.enumerated() {
      let value = index < arguments.count ? arguments[index] : .null
      translator.bind(pattern, to: value)
      for (name, part) in pattern.parts(of: value) {
        shapes[name] = part
        functions[name] = nil
      }
    }
    var value: Value
    switch function.body {
    case .expression(let body):
      value = evaluate(body)
      frames.removeLast()
    case .block(let statements):
      lower(statements)
      leavePlace()
      let frame = frames.removeLast()
      ends += frame.returned
      value = .reference(Reference(variable, at: locate(range)))
      if frame.returned.count == 1, let seen = frame.value {
        switch seen {
        case .record, .list: value = seen
        default: break
        }
      }
    }
    (translator.scope.locals, shapes, loops) = (locals, outerShapes, outerLoops)
    return value
  }
}
