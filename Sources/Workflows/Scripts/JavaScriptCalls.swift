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

  /// Whether evaluating the expression does more than to compute.
  func acts(_ expression: JavaScriptExpression) -> Bool {
    switch expression.form {
    case .assignment: return true
    case .call(let callee, _):
      if case .function = callee.form { return true }
      if case .member(_, let name) = callee.form, Self.appending.contains(name) { return true }
      if let name = callee.dottedName {
        if functions[name] != nil || isEffect(name) { return true }
      }
      if construction(expression) != nil || method(callee) != nil { return true }
    case .new where construction(expression) != nil: return true
    case .new: if expression.isDelay || expression.promisedRequest != nil { return true }
    case .function(let function): return acts(function)
    default: break
    }
    return expression.children.contains { acts($0) }
  }

  private func acts(_ function: JavaScriptFunction) -> Bool {
    switch function.body {
    case .expression(let body): acts(body)
    case .block(let statements): statements.contains { acts($0) }
    }
  }

  private func acts(_ statement: JavaScriptStatement) -> Bool {
    switch statement {
    case .declaration(_, let bindings, _):
      bindings.contains { $0.value.map(acts) ?? false }
    case .expression(let expression): acts(expression)
    case .branch(let test, let then, let otherwise):
      acts(test) || (then + otherwise).contains { acts($0) }
    case .loop(let test, let body, _, _):
      (test.map(acts) ?? false) || body.contains { acts($0) }
    case .each(_, let list, let body, _): acts(list) || body.contains { acts($0) }
    case .selection(let subject, let cases, _):
      acts(subject) || cases.contains { $0.body.contains { acts($0) } }
    case .attempt(let tried, let caught, let last):
      (tried + (caught ?? []) + last).contains { acts($0) }
    case .block(let body): body.contains { acts($0) }
    case .returning(let value, _): value.map(acts) ?? false
    case .raising, .unknown: true
    case .function, .leaving, .continuing: false
    }
  }

  static let appending: Set<String> = ["push", "unshift"]

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

  /// Adds the step of a call; the value is its result.
  private mutating func call(
    _ name: String, _ arguments: [JavaScriptExpression], _ range: ByteRange
  ) -> Value {
    let name = resolvedName(name)
    let values = arguments.map { argument -> Value in
      let value = evaluate(argument)
      return shape(argument, value)
    }
    let location = locate(range)
    if let writes = context.writes(name, values, location) {
      for write in writes { assign(write, at: range) }
      return .unknown([])
    }
    let special = context.calls(name, values, location)
    if context.language != .javaScript,
      let command = special ?? PythonCommand.call(name, values, at: location)
    {
      return ended(add(kind: .action, call: command, at: range), .result([]), range)
    }
    if Self.delays.contains(name.lastName) {
      _ = add(kind: .delay, at: range)
      return .unknown([])
    }
    if name == "process.exit" {
      exit(with: values.first ?? .null, at: range)
      return .unknown([])
    }
    var described: [Call.Argument] = []
    for (index, argument) in arguments.enumerated() {
      describe(argument, values[index], named: "\(index)", isTopLevel: true, into: &described)
    }
    let request = JavaScriptRequest(name: name, arguments: values)
    let step = add(
      kind: .action,
      call: Call(
        kind: "function", name: name, arguments: described, http: request?.http, location: location),
      at: range)
    let value = ended(step, request?.result ?? .result([]), range)
    if name == "core.setFailed" {
      // The script may go on to its end, but its step fails.
      ends = []
    }
    return value
  }

  /// Ends the program: with success where the status is 0 or nothing.
  private mutating func exit(with status: Value, at range: ByteRange) {
    switch status {
    case .null, .literal("0"), .literal("false"), .literal(""):
      frames[0].returned += ends
      ends = []
    case .literal, .template:
      fail(at: range)
    case .conditional(let condition, let first, let second):
      let (holds, fails) = branch(on: condition, at: range)
      for (way, value) in [(holds, first), (fails, second)] {
        leavePlace()
        ends = way
        exit(with: value, at: range)
      }
    default:
      // A computed status: 0 and nothing at all are success.
      let test = Test(
        status, .oneOf, [.literal("0"), .null], semantics: .strict, at: locate(range))
      let (holds, fails) = branch(on: .test(test), at: range)
      frames[0].returned += holds
      ends = fails
      fail(at: range)
    }
  }

  /// Keeps what a call gives back; its failure goes wherever failures go here.
  private mutating func ended(_ step: Int, _ result: Value, _ range: ByteRange) -> Value {
    failed.append(LooseEnd(step, .failure))
    let variable = temporary()
    let location = locate(range)
    assign(Step.Assignment(variable, value: result, at: location), at: range)
    return result.reading(variable, at: location)
  }

  /// Arguments by the keys of object literals; others by their position.
  private func describe(
    _ expression: JavaScriptExpression, _ value: Value, named name: String, isTopLevel: Bool,
    into arguments: inout [Call.Argument]
  ) {
    guard arguments.count < 200 else { return }
    let location = locate(expression.range)
    if case .converted(Value.merging, .list(let parts)) = value {
      // `{ ...context.repo, body }`: what is spread out, and the fields beside it.
      for part in parts {
        describe(expression, part, named: name, isTopLevel: isTopLevel, into: &arguments)
      }
      return
    }
    guard case .record(let fields) = value else {
      arguments.append(Call.Argument(name, value, at: location))
      return
    }
    var written: [String: JavaScriptExpression] = [:]
    if case .object(let properties) = expression.form {
      for property in properties { if let name = property.name { written[name] = property.value } }
    }
    for field in fields {
      let path = isTopLevel ? field.name : name + "." + field.name
      describe(
        written[field.name] ?? expression, field.value, named: path, isTopLevel: false,
        into: &arguments)
    }
  }

  /// A client's methods are called by what the client is.
  private func resolvedName(_ name: String) -> String {
    guard let (prefix, client) = client(in: name), name.count > prefix.count else { return name }
    let rest = name.dropFirst(prefix.count)
    return client.hasPrefix("github.getOctokit") ? "github" + rest : client + rest
  }

  static let delays: Set<String> = ["setTimeout", "sleep", "delay", "wait"]

  /// Whether calling this name does something outside the script.
  func isEffect(_ name: String) -> Bool {
    if context.obeyed.contains(name) { return true }
    let parts = name.parts(by: ".").map(String.init)
    guard let root = parts.first else { return false }
    if translator.scope.locals[root] != nil || root.hasPrefix("#") {
      guard client(in: name) != nil else { return false }
      return parts.count > 1 ? !Self.dataMethods.contains(parts[parts.count - 1]) : true
    }
    if Self.pureRoots.contains(root) || root.hasPrefix("$") { return false }
    if Self.silent.contains(name) { return false }
    let links = parts.dropFirst().map { JavaScriptLink(form: .field($0), end: 0) }
    let place = SourceLocation(path: context.path, range: ByteRange(0, 0))
    return context.resolve(root, links, place) == nil
  }

  private static let pureRoots: Set<String> = [
    "JSON", "Math", "Object", "Array", "String", "Number", "Boolean", "Date", "Promise", "RegExp",
    "Buffer", "console", "parseInt", "parseFloat", "isNaN", "isFinite", "encodeURIComponent",
    "decodeURIComponent", "encodeURI", "decodeURI", "escape", "unescape", "btoa", "atob", "require",
    "Symbol", "Set", "Map", "structuredClone", "Intl", "URL", "URLSearchParams", "crypto", "moment",
    "DateTime", "Duration", "Interval", "Error", "path", "performance", "BigInt", "Reflect",
    "import",
    "clearTimeout", "util", "os", "TextEncoder", "TextDecoder", "_",
  ]

  /// Calls that only log or read: nothing leaves through them.
  private static let silent: Set<String> = [
    "core.info", "core.debug", "core.notice", "core.warning", "core.error", "core.startGroup",
    "core.endGroup", "core.getInput", "core.getBooleanInput", "core.setSecret",
    "PythonFile.read", "fs.readFileSync",
  ]

  private static let dataMethods: Set<String> = [
    "map", "filter", "find", "forEach", "some", "every", "reduce", "includes", "join", "slice",
    "toString", "trim", "split", "replace", "json", "text", "then", "catch", "finally", "sort",
    "startsWith", "endsWith", "match", "toLowerCase", "toUpperCase", "flatMap", "flat", "at",
  ]
}

extension String {
  fileprivate var lastName: String { split(separator: ".").last.map(String.init) ?? self }
}

extension JavaScriptExpression {
  /// Whether the expression only waits: `new Promise(done => setTimeout(done, 1000))`.
  var isDelay: Bool {
    guard case .new(let callee, let arguments) = form, callee.dottedName == "Promise",
      case .function(let function)? = arguments.first?.form
    else { return false }
    switch function.body {
    case .expression(let body): return body.startsTimer
    case .block(let statements):
      return statements.contains {
        if case .expression(let expression) = $0 { expression.startsTimer } else { false }
      }
    }
  }

  /// `new Promise(resolve => { const req = https.request(options, …); … })`: what stands before the request, and the
  /// request itself; what its handlers do is to read the answer.
  var promisedRequest: (before: [JavaScriptStatement], request: JavaScriptExpression)? {
    guard case .new(let callee, let arguments) = form, callee.dottedName == "Promise",
      case .function(let function)? = arguments.first?.form,
      case .block(let statements) = function.body
    else { return nil }
    for (index, statement) in statements.enumerated() {
      let values: [JavaScriptExpression] =
        switch statement {
        case .declaration(_, let bindings, _): bindings.compactMap(\.value)
        case .expression(let expression): [expression]
        default: []
        }
      for value in values {
        if let request = value.nodeRequest { return (Array(statements[..<index]), request) }
      }
    }
    return nil
  }

  /// A request of the runtime's own client, at the start of a chain of calls, without its handlers.
  private var nodeRequest: JavaScriptExpression? {
    guard case .call(let callee, let arguments) = form else { return nil }
    if let name = callee.dottedName, JavaScriptRequest.nodeClients.contains(name) {
      let given = arguments.filter { if case .function = $0.form { false } else { true } }
      return JavaScriptExpression(.call(callee, given), range, over: [callee] + given)
    }
    if case .member(let inner, _) = callee.form { return inner.nodeRequest }
    return nil
  }

  private var startsTimer: Bool {
    if case .call(let callee, _) = form { return callee.dottedName == "setTimeout" }
    return false
  }

  var isCount: Bool { if case .number = form { true } else { false } }
}

extension Value {
  /// The value with each part of the call's result read from the variable that keeps it.
  fileprivate func reading(_ variable: Variable, at location: SourceLocation) -> Value {
    guard case .record(let fields) = self else {
      return .reference(Reference(variable, at: location))
    }
    return .record(
      fields.map {
        .init($0.name, .reference(Reference(variable, path: [.field($0.name)], at: location)))
      })
  }
}
