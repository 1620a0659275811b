import Expressions
import SourceText

/// Statements: how control runs through a JavaScript body.
extension JavaScriptBody {
  mutating func lower(_ statements: [JavaScriptStatement]) {
    for statement in statements {
      if case .function(let function, _) = statement, let name = function.name {
        functions[name] = function
      }
      // A class stands as a block of its methods.
      guard case .block(let body) = statement, case .function(let first, _)? = body.first,
        first.name?.hasSuffix("." + JavaScriptFunction.fields) == true
      else { continue }
      for case .function(let method, _) in body { functions[method.name ?? ""] = method }
    }
    for statement in statements {
      // What follows a return or a throw is never reached.
      guard !ends.isEmpty, !isExhausted else { return }
      lower(statement)
    }
  }

  private mutating func lower(_ statement: JavaScriptStatement) {
    switch statement {
    case .declaration(let isConstant, let bindings, let range):
      for binding in bindings { declare(binding, isConstant: isConstant, at: range) }
    case .expression(let expression):
      if context.language == .javaScript, let check = JavaScriptAssertion.check(expression) {
        lower(check)
      } else {
        _ = evaluate(expression)
      }
    case .branch(let test, let then, let otherwise): lowerBranch(test, then, otherwise)
    case .loop(let test, let body, let runsFirst, let range):
      lowerLoop(test, body, runsFirst: runsFirst, range)
    case .each(let pattern, let list, let body, let range):
      lowerEach(pattern, evaluate(list), body, range)
    case .selection(let subject, let cases, let range): lowerSelection(subject, cases, range)
    case .attempt(let tried, let caught, let last): lowerAttempt(tried, caught, last)
    case .block(let body): lower(body)
    case .function: break
    case .returning(let value, let range): lowerReturn(value, range)
    case .raising(let value, let range):
      if let value { _ = evaluate(value) }
      fail(at: range)
    case .leaving:
      guard !loops.isEmpty else { return }
      loops[loops.count - 1].leaves += ends
      loops[loops.count - 1].isLeft = true
      ends = []
    case .continuing:
      guard !loops.isEmpty else { return }
      loops[loops.count - 1].continues += ends
      ends = []
    case .unknown(let range): lowerUnknown(range)
    }
  }

  private mutating func declare(
    _ binding: JavaScriptStatement.Binding, isConstant: Bool, at range: ByteRange
  ) {
    guard let expression = binding.value else {
      bind(binding.pattern, to: .null, at: range)
      return
    }
    if case .name(let name, _) = binding.pattern {
      if case .function(let function) = expression.form {
        functions[name] = function
        return
      }
      if let client = clientName(expression) {
        // A module under its own name is what its surroundings say it is.
        if client == name || client == "node:" + name { return }
        clients[name] = client
      }
    }
    let value = evaluate(expression)
    if case .name(let name, _) = binding.pattern, object(value) != nil {
      translator.scope.locals[name] = .init(value)
      return
    }
    let isDecision = isConstant && expression.isDecision
    let condition = isDecision ? translator.condition(expression) : nil
    bind(binding.pattern, to: value, condition: condition, at: expression.range)
    if case .name(let name, _) = binding.pattern, expression.isSelection, !acts(expression) {
      translator.scope.locals[name]?.selection = expression
    }
  }

  /// What is constructed, for a name that is bound to it: `OpenAI()`, `boto3.client("…")`.
  func constructedClient(_ expression: JavaScriptExpression) -> String? {
    if case .await(let inner) = expression.form { return constructedClient(inner) }
    if case .call(let callee, _) = expression.form, let name = callee.dottedName,
      let last = name.parts(by: ".").last,
      last.first?.isUppercase == true || ["client", "resource", "connect"].contains(last),
      construction(expression) == nil
    {
      return isEffect(name) ? name : nil
    }
    return nil
  }

  /// What a name stands for when methods are called on it.
  func clientName(_ expression: JavaScriptExpression) -> String? {
    switch expression.form {
    case .new(let callee, _): return construction(expression) == nil ? callee.dottedName : nil
    case .await(let inner): return clientName(inner)
    case .call(let callee, let arguments):
      guard let name = callee.dottedName else { return nil }
      if name == "require" {
        // A document that is read is no module.
        return arguments.first?.text.flatMap { $0.hasSuffix(".json") ? nil : $0 }
      }
      if construction(expression) != nil { return nil }
      return isEffect(name) ? name : nil
    default: return nil
    }
  }

  private mutating func lowerBranch(
    _ test: JavaScriptExpression, _ then: [JavaScriptStatement],
    _ otherwise: [JavaScriptStatement]
  ) {
    let condition = decide(test)
    var (holds, fails) = branch(on: condition, at: test.range)
    if let loop = loops.last, isCounting(test, loop.counters) {
      holds = holds.map { LooseEnd($0.step, .timeout, guards: $0.guards) }
    }
    let locals = translator.scope.locals
    let known = shapes
    ends = holds
    lower(then)
    leavePlace()
    let after = ends
    let knownThen = shapes
    translator.scope.locals = locals
    shapes = known
    ends = fails
    lower(otherwise)
    leavePlace()
    translator.scope.locals = locals
    // A way that ended for good says nothing of what follows.
    if ends.isEmpty {
      shapes = knownThen
    } else if !after.isEmpty {
      keepShapes(alsoIn: knownThen)
    }
    ends = after + ends
  }

  /// Forgets what was written on one way only: the variable alone knows under which proof that was.
  private mutating func keepShapes(alsoIn others: [String: Value]) {
    shapes = shapes.filter { others[$0.key] == $0.value }
  }

  // MARK: Loops

  private mutating func lowerLoop(
    _ test: JavaScriptExpression?, _ body: [JavaScriptStatement], runsFirst: Bool,
    _ range: ByteRange
  ) {
    let counters = JavaScriptStatement.counters(in: body)
    let known = shapes
    defer { keepShapes(alsoIn: known) }
    loops.append(Loop(counters: counters))
    let head = add(kind: .control, at: ByteRange(range.start, range.start))
    leavePlace()
    if runsFirst {
      lower(body)
      ends += loops[loops.count - 1].continues
      loops[loops.count - 1].continues = []
    }
    // Each conjunct is a way out of its own: to run out of attempts is not to be done.
    var exits: [LooseEnd] = []
    var gaveUp: [LooseEnd] = []
    for conjunct in test?.conjuncts ?? [] where !ends.isEmpty {
      let (holds, fails) = branch(on: decide(conjunct), at: conjunct.range)
      if isCounting(conjunct, counters) {
        gaveUp += fails
      } else {
        exits += fails
        loops[loops.count - 1].isLeft = true
      }
      ends = holds
    }
    if !runsFirst { lower(body) }
    leavePlace()
    let loop = loops.removeLast()
    builder.connect(ends + loop.continues, to: head)
    if loop.isLeft || frames.last.map({ !$0.returned.isEmpty }) == true {
      gaveUp = gaveUp.map { LooseEnd($0.step, .timeout, guards: $0.guards) }
    }
    ends = exits + gaveUp + loop.leaves
  }

  /// Whether the test only counts attempts or looks at the clock.
  private func isCounting(_ test: JavaScriptExpression, _ counters: Set<String>) -> Bool {
    guard case .binary(let symbol, let left, let right) = test.form,
      ["<", "<=", ">", ">=", "==", "===", "!==", "!="].contains(symbol)
    else { return false }
    return [left, right].contains { side in
      switch side.form {
      case .identifier(let name): counters.contains(name)
      default: side.readsClock || side.countedNames(in: counters)
      }
    }
  }

  mutating func lowerEach(
    _ pattern: JavaScriptPattern, _ list: Value, _ body: [JavaScriptStatement],
    _ range: ByteRange
  ) {
    // `for (x of list) if (bad(x)) throw` decides about all elements at once.
    if body.count == 1, case .branch(let test, let then, let otherwise) = body[0],
      otherwise.isEmpty, then.allSatisfy(\.leavesScript), !then.isEmpty
    {
      var inner = translator
      inner.bind(pattern, to: list.selecting([.element]))
      let condition = Condition.some(of: list, inner.condition(test))
      let (holds, fails) = branch(on: condition, at: test.range)
      let locals = translator.scope.locals
      ends = holds
      lower(then)
      translator.scope.locals = locals
      leavePlace()
      ends += fails
      return
    }
    let known = shapes
    defer { keepShapes(alsoIn: known) }
    loops.append(Loop(counters: []))
    let head = add(kind: .control, at: ByteRange(range.start, range.start))
    leavePlace()
    let locals = translator.scope.locals
    translator.bind(pattern, to: list.selecting([.every]))
    for (name, _) in pattern.parts(of: .null) { shapes[name] = nil }
    lower(body)
    leavePlace()
    translator.scope.locals = locals
    let loop = loops.removeLast()
    ends += loop.continues
    builder.connect(ends, toNextElementAt: head)
    let exit = add(kind: .control, at: ByteRange(range.start, range.start))
    builder.connect(head, past: list, to: exit)
    ends = [LooseEnd(exit)] + loop.leaves
  }

  // MARK: switch, try, return

  private mutating func lowerSelection(
    _ subject: JavaScriptExpression, _ cases: [JavaScriptStatement.Case], _ range: ByteRange
  ) {
    let value = evaluate(subject)
    let known = shapes
    defer { keepShapes(alsoIn: known) }
    loops.append(Loop(counters: loops.last?.counters ?? []))
    var entries: [[LooseEnd]] = Array(repeating: [], count: cases.count)
    for (index, one) in cases.enumerated() {
      guard let test = one.test else { continue }
      let operand = evaluate(test)
      let condition: Condition
      if case .boolean(true) = subject.form {
        condition = translator.condition(test)
      } else {
        condition = .test(
          Test(value, .equal, [operand], semantics: .strict, at: locate(test.range)))
      }
      let (holds, fails) = branch(on: condition, at: test.range)
      entries[index] = holds
      ends = fails
    }
    var after: [LooseEnd] = []
    if let fallback = cases.firstIndex(where: { $0.test == nil }) {
      entries[fallback] = ends
    } else {
      after = ends
    }
    ends = []
    for (index, one) in cases.enumerated() {
      leavePlace()
      ends += entries[index]
      let locals = translator.scope.locals
      lower(one.body)
      translator.scope.locals = locals
    }
    leavePlace()
    let inner = loops.removeLast()
    // `continue` inside a switch belongs to the loop around it.
    if !loops.isEmpty { loops[loops.count - 1].continues += inner.continues }
    ends += after + inner.leaves
  }

  private mutating func lowerAttempt(
    _ tried: [JavaScriptStatement], _ caught: [JavaScriptStatement]?, _ last: [JavaScriptStatement]
  ) {
    let outer = failed
    failed = []
    let known = shapes
    defer { if caught != nil { keepShapes(alsoIn: known) } }
    let locals = translator.scope.locals
    lower(tried)
    leavePlace()
    translator.scope.locals = locals
    let errors = failed
    failed = outer
    let after = ends
    if let caught {
      ends = errors
      lower(caught)
      leavePlace()
      translator.scope.locals = locals
      ends = after + ends
    } else if last.isEmpty || errors.isEmpty {
      failed += errors
    } else {
      // `finally` without `catch` runs on the way out, too: a copy of its own.
      ends = errors
      lower(last)
      leavePlace()
      failed += ends
      ends = after
    }
    lower(last)
    translator.scope.locals = locals
  }

  private mutating func lowerReturn(_ expression: JavaScriptExpression?, _ range: ByteRange) {
    let frame = frames.count - 1
    if let expression {
      let value = evaluate(expression)
      if !ends.isEmpty {
        let taken = frames[frame].unwrap(shape(expression, value))
        if let result = frames[frame].result {
          for assignment in Self.assignments(
            of: taken, to: result, at: locate(expression.range))
          {
            assign(assignment, at: expression.range)
          }
        }
        frames[frame].value = taken
      }
    }
    frames[frame].returned += ends
    ends = []
    if !loops.isEmpty { loops[loops.count - 1].isLeft = true }
  }

  /// A record laid over others is written part by part, so that its fields stay known.
  static func assignments(
    of value: Value, to variable: Variable, at location: SourceLocation
  ) -> [Step.Assignment] {
    guard case .converted(Value.merging, .list(let parts)) = value, let first = parts.first else {
      return [Step.Assignment(variable, value: value, at: location)]
    }
    var assignments = [Step.Assignment(variable, value: first, at: location)]
    for part in parts.dropFirst() {
      guard case .record(let fields) = part else {
        return [Step.Assignment(variable, value: value, at: location)]
      }
      for field in fields {
        assignments.append(
          Step.Assignment(variable, path: [.field(field.name)], value: field.value, at: location))
      }
    }
    return assignments
  }

  private mutating func lowerUnknown(_ range: ByteRange) {
    gaps.append(.init(message: "this statement could not be read", location: locate(range)))
    let references = translator.visibleReferences(text, in: range)
    guard !references.isEmpty else { return }
    let argument = Call.Argument("0", .unknown(references), at: locate(range))
    _ = add(
      kind: .action,
      call: Call(
        kind: "function", name: "(unread)", arguments: [argument], location: locate(range)),
      at: range)
  }
}

extension JavaScriptStatement {
  /// Whether nothing follows in the script once this has run.
  var leavesScript: Bool {
    switch self {
    case .returning, .raising: true
    case .block(let body): body.allSatisfy(\.leavesScript) && !body.isEmpty
    default: false
    }
  }

  /// The names that the statements count up or down.
  static func counters(in statements: [JavaScriptStatement]) -> Set<String> {
    var names: Set<String> = []
    for statement in statements { statement.collectCounters(into: &names) }
    return names
  }

  private func collectCounters(into names: inout Set<String>) {
    switch self {
    case .expression(let expression): expression.collectCounters(into: &names)
    case .branch(let test, let then, let otherwise):
      test.collectCounters(into: &names)
      for statement in then + otherwise { statement.collectCounters(into: &names) }
    case .block(let body), .loop(_, let body, _, _), .each(_, _, let body, _):
      for statement in body { statement.collectCounters(into: &names) }
    case .attempt(let tried, let caught, let last):
      for statement in tried + (caught ?? []) + last { statement.collectCounters(into: &names) }
    default: break
    }
  }
}

extension JavaScriptExpression {
  fileprivate func collectCounters(into names: inout Set<String>) {
    if case .assignment(let symbol, let target, let amount) = form,
      symbol == "+=" || symbol == "-=", case .identifier(let name) = target.form,
      case .number = amount.form
    {
      names.insert(name)
    }
    for child in children { child.collectCounters(into: &names) }
  }

  /// The operands of a conjunction, or the expression itself.
  var conjuncts: [JavaScriptExpression] {
    if case .chain("&&", let operands) = form { return operands.flatMap(\.conjuncts) }
    if case .boolean(true) = form { return [] }
    return [self]
  }

  var readsClock: Bool {
    if case .call(let callee, _) = form,
      ["Date.now", "performance.now"].contains(callee.dottedName ?? "")
    {
      return true
    }
    return children.contains { $0.readsClock }
  }

  func countedNames(in counters: Set<String>) -> Bool {
    if case .identifier(let name) = form { return counters.contains(name) }
    if case .call = form { return false }
    return children.contains { $0.countedNames(in: counters) }
  }
}
