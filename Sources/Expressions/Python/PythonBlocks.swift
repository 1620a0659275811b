import SourceText

/// Statements with blocks below them.
extension PythonParser {
  mutating func branch() -> [JavaScriptStatement] {
    advance()
    guard let test = expression() else {
      failed = true
      return []
    }
    let then = block()
    var otherwise: [JavaScriptStatement] = []
    if current == .name("elif"), depth < Self.deepest {
      depth += 1
      otherwise = branch()
      depth -= 1
    } else if takeName("else") {
      otherwise = block()
    }
    // The script is run, not imported.
    if PythonNames.asksForMain(test) { return then }
    return [.branch(test, then: then, otherwise: otherwise)]
  }

  /// `match subject:` with its cases; `nil` where `match` is a name like any other.
  mutating func selection() -> [JavaScriptStatement]? {
    let first = index
    advance()
    guard let subject = tuple(), !failed, take(":"), current == .lineEnd, peek() == .indent,
      peek(2) == .name("case")
    else {
      index = first
      failed = false
      return nil
    }
    advance()
    advance()
    var cases: [(test: JavaScriptExpression?, body: [JavaScriptStatement])] = []
    while takeName("case") {
      let test = pattern(of: subject)
      cases.append((test, block()))
    }
    if current == .dedent { advance() }
    return cases.reversed().reduce([]) { otherwise, item in
      guard let test = item.test else { return item.body }
      return [.branch(test, then: item.body, otherwise: otherwise)]
    }
  }

  /// What the subject is compared with; `nil` for a pattern that takes everything.
  private mutating func pattern(of subject: JavaScriptExpression) -> JavaScriptExpression? {
    let from = start
    if takeName("_"), current == .symbol(":") { return nil }
    var level = 0
    var isPlain = true
    var values: [JavaScriptExpression] = []
    while current != .lineEnd, current != .end, current != .symbol(":") || level > 0 {
      let place = start
      switch current {
      case .string:
        if let text = strings() { values.append(text) }
        continue
      case .number(let text):
        values.append(JavaScriptExpression(.number(text), ByteRange(place, place)))
      case .name("True"), .name("False"):
        let value = current == .name("True")
        values.append(JavaScriptExpression(.boolean(value), ByteRange(place, place)))
      case .name("None"): values.append(JavaScriptExpression(.null, ByteRange(place, place)))
      case .symbol("|"): break
      case .symbol("("), .symbol("["), .symbol("{"):
        level += 1
        isPlain = false
      case .symbol(")"), .symbol("]"), .symbol("}"): level -= 1
      default: isPlain = false
      }
      advance()
    }
    let range = ByteRange(from, lastEnd)
    // Whatever a pattern of another shape asks, it asks of the subject.
    if !isPlain || values.isEmpty {
      values = [JavaScriptExpression(.identifier(newFlag()), range)]
    }
    let tests = values.map {
      JavaScriptExpression(.binary("===", subject, $0), range, over: [subject, $0])
    }
    return tests.count == 1
      ? tests[0] : JavaScriptExpression(.chain("||", tests), range, over: tests)
  }

  /// A loop's body and what stands in its `else`, which runs where nothing left the loop.
  private mutating func loopBody() -> (
    body: [JavaScriptStatement], otherwise: [JavaScriptStatement], flag: String
  ) {
    let flag = newFlag()
    loopFlags.append(flag)
    let body = block()
    loopFlags.removeLast()
    let otherwise = takeName("else") ? block() : []
    return (body, otherwise, flag)
  }

  private mutating func finish(
    _ loop: [JavaScriptStatement], _ otherwise: [JavaScriptStatement], _ flag: String, _ from: Int
  ) -> [JavaScriptStatement] {
    assigned[assigned.count - 1].append(flag)
    if otherwise.isEmpty { return loop }
    let range = ByteRange(from, from)
    let isLeft = JavaScriptExpression(.identifier(flag), range)
    return [assign(flag, false, at: from)] + loop
      + [.branch(isLeft, then: [], otherwise: otherwise)]
  }

  mutating func whileLoop() -> [JavaScriptStatement] {
    let from = start
    advance()
    guard let test = expression() else {
      failed = true
      return []
    }
    let (body, otherwise, flag) = loopBody()
    return finish(
      [.loop(test, body: body, runsFirst: false, ByteRange(from, lastEnd))], otherwise, flag, from)
  }

  mutating func forLoop() -> [JavaScriptStatement] {
    let from = start
    advance()
    guard let target = targets(), takeName("in"), let list = tuple() else {
      failed = true
      return []
    }
    let head = ByteRange(from, lastEnd)
    let (body, otherwise, flag) = loopBody()
    let range = ByteRange(from, lastEnd)
    if case .call(let callee, let arguments) = list.form, callee.dottedName == "range",
      case .identifier(let name) = target.form,
      let bound = arguments.count > 1 ? arguments[1] : arguments.first
    {
      // Attempts that are counted.
      note(target)
      let one = JavaScriptExpression(.number("1"), head)
      let test = JavaScriptExpression(
        .binary("<", target, bound), list.range, over: [target, bound])
      let step = JavaScriptExpression(.assignment("+=", target, one), head, over: [one])
      let loop: [JavaScriptStatement] = [
        .declaration(
          isConstant: false,
          [.init(pattern: .name(name, head), value: JavaScriptExpression(.number("0"), head))], head
        ),
        .loop(test, body: body + [.expression(step)], runsFirst: false, range),
      ]
      return finish(loop, otherwise, flag, from)
    }
    var pattern = target.pattern
    var source = list
    if case .call(let callee, let arguments) = list.form, let first = arguments.first {
      switch callee.dottedName {
      case "enumerate":
        source = first
        if case .array(let parts) = pattern, parts.count == 2 { pattern = parts[1] ?? .unknown }
      case "zip", "sorted", "reversed", "list", "iter": source = first
      default: break
      }
    }
    return finish([.each(pattern, of: source, body: body, range)], otherwise, flag, from)
  }

  mutating func attempt() -> [JavaScriptStatement] {
    advance()
    var tried = block()
    var handlers: [(range: ByteRange, body: [JavaScriptStatement])] = []
    while current == .name("except") {
      let from = start
      advance()
      _ = take("*")
      if current != .symbol(":") {
        _ = tuple()
        if takeName("as") { _ = anyName() }
      }
      let range = ByteRange(from, lastEnd)
      handlers.append((range, block()))
    }
    if takeName("else") { tried += block() }
    let last = takeName("finally") ? block() : []
    // Which of them is meant is not known before the run.
    var caught: [JavaScriptStatement]?
    for handler in handlers.reversed() {
      guard let later = caught else {
        caught = handler.body
        continue
      }
      let unknown = JavaScriptExpression(
        .call(JavaScriptExpression(.identifier("_"), handler.range), []), handler.range)
      caught = [.branch(unknown, then: handler.body, otherwise: later)]
    }
    return [.attempt(tried, caught: caught, last: last)]
  }

  /// `with open(path) as file:` names a file; anything else is a value with a name.
  mutating func with() -> [JavaScriptStatement] {
    let from = start
    advance()
    let isGrouped = take("(")
    var statements: [JavaScriptStatement] = []
    repeat {
      guard let value = expression() else {
        failed = true
        return []
      }
      if takeName("as") {
        guard let target = postfix() else { return [] }
        if case .identifier(let name) = target.form,
          case .call(let callee, let arguments) = value.form,
          callee.dottedName == PythonNames.handle
        {
          names.files[name] = arguments
        } else {
          note(target)
          let range = ByteRange(from, lastEnd)
          statements.append(
            .expression(
              JavaScriptExpression(.assignment("=", target, value), range, over: [value])))
        }
      } else {
        statements.append(.expression(value))
      }
    } while take(",") && current != .symbol(")")
    if isGrouped { _ = take(")") }
    return statements + block()
  }

  mutating func function() -> [JavaScriptStatement] {
    let from = start
    advance()
    guard let name = anyName(), take("(") else {
      failed = true
      return []
    }
    var parameters: [JavaScriptPattern] = []
    var own: Set<String> = []
    while current != .symbol(")"), current != .end {
      let isRest = take("*") || take("**")
      let at = start
      guard let parameter = anyName() else {
        if take("/") || take(",") { continue }
        failed = true
        return []
      }
      own.insert(parameter)
      if take(":") { _ = expression() }
      let pattern = JavaScriptPattern.name(parameter, ByteRange(at, lastEnd))
      if take("="), let value = expression() {
        parameters.append(.fallback(pattern, value))
      } else if !isRest {
        parameters.append(pattern)
      }
      if !take(",") { break }
    }
    guard take(")") else {
      failed = true
      return []
    }
    if take("->") { _ = expression() }
    let range = ByteRange(from, lastEnd)
    assigned.append([])
    let outer = loopFlags
    loopFlags = []
    let body = block()
    loopFlags = outer
    names.parameters[name] = parameters.compactMap(\.plainName)
    let function = JavaScriptFunction(
      name: name, parameters: parameters,
      body: .block(hoisted(body, at: range.start, except: own)))
    return [.function(function, range)]
  }

  mutating func importNames() {
    if takeName("import") {
      repeat {
        guard let path = dotted() else { return }
        if takeName("as"), let alias = anyName() { names.aliases[alias] = path }
      } while take(",")
      return
    }
    advance()
    while take(".") || take("...") {}
    let module = dotted()
    guard takeName("import"), let module else { return skipNames() }
    let isGrouped = take("(")
    repeat {
      guard let name = anyName() else { break }
      let alias = takeName("as") ? anyName() ?? name : name
      names.aliases[alias] = module + "." + name
    } while take(",")
    if isGrouped { _ = take(")") }
    skipNames()
  }

  private mutating func skipNames() {
    while current != .lineEnd, current != .symbol(";"), current != .end { advance() }
  }

  private mutating func dotted() -> String? {
    guard var name = anyName(), name != "import" else { return nil }
    while take("."), let part = anyName() { name += "." + part }
    return name
  }
}

extension JavaScriptExpression {
  /// What an expression binds as the target of a loop.
  var pattern: JavaScriptPattern {
    switch form {
    case .identifier(let name): .name(name, range)
    case .array(let parts): .array(parts.map(\.pattern))
    default: .unknown
    }
  }
}

extension JavaScriptPattern {
  package var plainName: String? {
    switch self {
    case .name(let name, _): name
    case .fallback(let inner, _): inner.plainName
    case .object, .array, .unknown: nil
    }
  }
}
