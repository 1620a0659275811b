package import SourceText

/// Statements; one that is outside the subset becomes `unknown` and the next one is read.
extension JavaScriptParser {
  /// The statements of a script.
  package static func statements(
    _ bytes: [UInt8], in range: ByteRange
  ) -> [JavaScriptStatement] {
    var parser = JavaScriptParser(bytes, in: range)
    var statements: [JavaScriptStatement] = []
    while !parser.isAtEnd {
      // A closing brace too many must not end the script.
      if parser.take("}") { continue }
      parser.statement(into: &statements)
    }
    return statements
  }

  /// Reads one statement; moves on by a token at least.
  mutating func statement(into statements: inout [JavaScriptStatement]) {
    let from = index
    let outer = failed
    failed = false
    let statement = nested { $0.statementInside() }
    if let statement, !failed {
      statements.append(statement)
      failed = outer
    } else {
      index = from
      skipStatement()
      statements.append(
        .unknown(ByteRange(tokens[from].range.start, max(lastEnd, tokens[from].range.end))))
      failed = outer
    }
    if index == from { advance() }
  }

  /// Moves past the present statement: to a semicolon, a line end at the same nesting, or before a closing brace.
  private mutating func skipStatement() {
    var open = 0
    let from = index
    while !isAtEnd {
      if index > from, open == 0, tokens[index].followsLineEnd { return }
      switch current {
      case .symbol("("), .symbol("["), .symbol("{"): open += 1
      case .symbol(")"), .symbol("]"): open = max(0, open - 1)
      case .symbol("}"):
        if open == 0 { return }
        open -= 1
      case .symbol(";") where open == 0:
        advance()
        return
      default: break
      }
      advance()
    }
  }

  mutating func blockBody() -> [JavaScriptStatement] {
    guard take("{") else { return [] }
    var statements: [JavaScriptStatement] = []
    while !isAtEnd {
      if take("}") { return statements }
      statement(into: &statements)
    }
    return statements
  }

  /// A block, or a single statement.
  private mutating func body() -> [JavaScriptStatement] {
    if isSymbol("{") { return nested { $0.blockBody() } ?? [] }
    var statements: [JavaScriptStatement] = []
    statement(into: &statements)
    return statements
  }

  private mutating func endStatement() -> Bool {
    if take(";") || isAtEnd || isSymbol("}") { return true }
    if tokens[index].followsLineEnd { return true }
    failed = true
    return false
  }

  private mutating func statementInside() -> JavaScriptStatement? {
    let from = start
    switch current {
    case .symbol("{"): return .block(blockBody())
    case .symbol(";"):
      advance()
      return .block([])
    case .name(let name):
      switch name {
      case "const", "let", "var":
        if case .symbol("=") = peek() { break }
        return declaration()
      case "if": return branch()
      case "while":
        advance()
        guard let test = parenthesised() else { return nil }
        let body = body()
        return .loop(test, body: body, runsFirst: false, ByteRange(from, lastEnd))
      case "do":
        advance()
        let body = body()
        guard takeName("while"), let test = parenthesised() else { return nil }
        _ = take(";")
        return .loop(test, body: body, runsFirst: true, ByteRange(from, lastEnd))
      case "for": return iteration()
      case "switch": return selection()
      case "try": return attempt()
      case "return", "throw":
        advance()
        var value: JavaScriptExpression?
        if !isSymbol(";"), !isSymbol("}"), !isAtEnd, !tokens[index].followsLineEnd {
          guard let expression = sequence() else { return nil }
          value = expression
        }
        guard endStatement() else { return nil }
        let range = ByteRange(from, lastEnd)
        return name == "return" ? .returning(value, range) : .raising(value, range)
      case "break", "continue":
        advance()
        // A label ends the same loop as far as we follow it.
        if case .name = current, !tokens[index].followsLineEnd { advance() }
        guard endStatement() else { return nil }
        let range = ByteRange(from, lastEnd)
        return name == "break" ? .leaving(range) : .continuing(range)
      case "function": return function(from: from)
      case "async" where peek() == .name("function"):
        advance()
        return function(from: from)
      case "class": return classDefinition()
      case "export":
        advance()
        _ = takeName("default")
        guard case .name(let word) = current,
          ["const", "let", "var", "function", "async", "class"].contains(word)
        else { return nil }
        return statementInside()
      case "import": return nil
      default:
        // A label.
        if peek() == .symbol(":"), !Self.keywords.contains(name) {
          advance()
          advance()
          return statementInside()
        }
      }
    default: break
    }
    guard let expression = sequence(), endStatement() else { return nil }
    return .expression(expression)
  }

  private mutating func function(from: Int) -> JavaScriptStatement? {
    guard let literal = functionLiteral(), case .function(let function) = literal.form else {
      return nil
    }
    return .function(function, ByteRange(from, lastEnd))
  }

  private mutating func parenthesised() -> JavaScriptExpression? {
    guard expect("("), let inner = sequence(), expect(")") else { return nil }
    return inner
  }

  private mutating func declaration() -> JavaScriptStatement? {
    guard let declaration = bindings() else { return nil }
    guard endStatement() else { return nil }
    return declaration
  }

  private mutating func bindings() -> JavaScriptStatement? {
    let from = start
    let isConstant = isName("const")
    advance()
    var bindings: [JavaScriptStatement.Binding] = []
    repeat {
      guard let pattern = nested({ $0.bindingPattern() }) else { return nil }
      var value: JavaScriptExpression?
      if take("=") {
        guard let expression = assignment() else { return nil }
        value = expression
      }
      bindings.append(.init(pattern: pattern, value: value))
    } while take(",")
    return .declaration(isConstant: isConstant, bindings, ByteRange(from, lastEnd))
  }

  private mutating func branch() -> JavaScriptStatement? {
    advance()
    guard let test = parenthesised() else { return nil }
    let then = body()
    var otherwise: [JavaScriptStatement] = []
    if takeName("else") { otherwise = body() }
    return .branch(test, then: then, otherwise: otherwise)
  }

  private mutating func iteration() -> JavaScriptStatement? {
    let from = start
    advance()
    _ = takeName("await")
    guard expect("(") else { return nil }
    // `for (const x of list)`, `for (x of list)`
    let saved = index
    if isName("const") || isName("let") || isName("var") { advance() }
    if let pattern = nested({ $0.bindingPattern() }), isName("of") || isName("in") {
      let takesKeys = isName("in")
      advance()
      guard let list = sequence(), expect(")") else { return nil }
      let body = body()
      return .each(
        takesKeys ? .unknown : pattern, of: list, body: body, ByteRange(from, lastEnd))
    }
    index = saved
    failed = false
    var first: [JavaScriptStatement] = []
    if !isSymbol(";") {
      if isName("const") || isName("let") || isName("var") {
        guard let declaration = bindings() else { return nil }
        first = [declaration]
      } else {
        guard let expression = sequence() else { return nil }
        first = [.expression(expression)]
      }
    }
    guard expect(";") else { return nil }
    var test: JavaScriptExpression?
    if !isSymbol(";") {
      guard let expression = sequence() else { return nil }
      test = expression
    }
    guard expect(";") else { return nil }
    var last: [JavaScriptStatement] = []
    if !isSymbol(")") {
      guard let expression = sequence() else { return nil }
      last = [.expression(expression)]
    }
    guard expect(")") else { return nil }
    let body = body() + last
    return .block(
      first + [.loop(test, body: body, runsFirst: false, ByteRange(from, lastEnd))])
  }

  private mutating func selection() -> JavaScriptStatement? {
    let from = start
    advance()
    guard let subject = parenthesised(), expect("{") else { return nil }
    var cases: [JavaScriptStatement.Case] = []
    while !take("}") {
      if isAtEnd { return nil }
      var test: JavaScriptExpression?
      if takeName("case") {
        guard let expression = sequence() else { return nil }
        test = expression
      } else {
        guard takeName("default") else { return nil }
      }
      guard expect(":") else { return nil }
      var body: [JavaScriptStatement] = []
      while !isAtEnd, !isSymbol("}"), !isName("case"), !isName("default") {
        statement(into: &body)
      }
      cases.append(.init(test: test, body: body))
    }
    return .selection(subject, cases, ByteRange(from, lastEnd))
  }

  private mutating func attempt() -> JavaScriptStatement? {
    advance()
    let tried = body()
    var caught: [JavaScriptStatement]?
    var last: [JavaScriptStatement] = []
    if takeName("catch") {
      if take("(") {
        _ = pattern()
        guard expect(")") else { return nil }
      }
      caught = body()
    }
    if takeName("finally") { last = body() }
    return .attempt(tried, caught: caught, last: last)
  }
}
