import SourceText

/// Reads a JSONata expression by operator precedence.
struct JSONataParser {
  private let text: LocatedText
  private let tokens: [JSONataToken]
  private var index = 0
  private var depth = 0

  /// The expression in `range` of the text.
  static func parse(
    _ text: LocatedText, _ range: ByteRange
  ) throws(ExpressionProblem) -> JSONataExpression {
    var parser = JSONataParser(
      text: text, tokens: try JSONataLexer.tokens(of: text, range))
    guard parser.token.kind != .end else {
      throw ExpressionProblem("the expression is empty", at: text.locate(range))
    }
    let expression = try parser.expression(0)
    guard parser.token.kind == .end else {
      throw parser.problem("unexpected \(parser.described) after the expression")
    }
    return expression
  }

  private init(text: LocatedText, tokens: [JSONataToken]) {
    self.text = text
    self.tokens = tokens
  }

  private var token: JSONataToken { tokens[index] }

  private var described: String {
    token.kind == .end ? "end" : "`\(text.text(token.range))`"
  }

  private func problem(_ message: String, hint: String = "") -> ExpressionProblem {
    var range = token.range
    // The end has no text of its own: point at what stands before it.
    if token.kind == .end, index > 0 { range = tokens[index - 1].range }
    return ExpressionProblem(message, hint: hint, at: text.locate(range))
  }

  private mutating func advance() -> JSONataToken {
    let token = token
    if token.kind != .end { index += 1 }
    return token
  }

  private mutating func expect(_ symbol: String) throws(ExpressionProblem) {
    guard token.kind == .symbol(symbol) else {
      throw problem("expected `\(symbol)`, found \(described)")
    }
    index += 1
  }

  private func isSymbol(_ symbol: String) -> Bool { token.kind == .symbol(symbol) }

  /// Binding powers of the operators that stand after an operand.
  private static func power(_ kind: JSONataToken.Kind) -> Int {
    switch kind {
    case .symbol(let symbol):
      switch symbol {
      case ".", "(": 75
      case "[": 80
      case "{": 70
      case "@", "#": 80
      case "*", "/", "%": 60
      case "+", "-", "&": 50
      case "=", "!=", "<", ">", "<=", ">=", "~>", "^": 40
      case "?", "?:", "??": 20
      case "..": 20
      case ":=": 10
      default: 0
      }
    case .name(let word):
      switch word {
      case "in": 40
      case "and": 30
      case "or": 25
      default: 0
      }
    case .variable, .string, .number, .regularExpression, .end: 0
    }
  }

  private mutating func expression(_ minimum: Int) throws(ExpressionProblem) -> JSONataExpression {
    depth += 1
    defer { depth -= 1 }
    guard depth <= Limits.nesting else { throw problem("the expression nests too deep") }
    var left = try operand()
    // A long chain nests on its left without recursion here, yet every reader of the tree recurses.
    var length = 0
    while Self.power(token.kind) > minimum {
      length += 1
      guard length + depth <= 16 * Limits.nesting else {
        throw problem("the expression is too long")
      }
      left = try operation(after: left)
    }
    return left
  }

  private func node(_ kind: JSONataExpression.Kind, from start: Int) -> JSONataExpression {
    JSONataExpression(
      kind: kind, range: ByteRange(start, index > 0 ? tokens[index - 1].range.end : start))
  }

  private mutating func operand() throws(ExpressionProblem) -> JSONataExpression {
    let start = token.range.start
    guard token.kind != .end else { throw problem("the expression ends too early") }
    let token = advance()
    switch token.kind {
    case .string(let text), .number(let text):
      return node(.literal(text), from: start)
    case .regularExpression(let pattern):
      return node(.regularExpression(pattern), from: start)
    case .variable(let name):
      return node(.variable(name), from: start)
    case .name(let word):
      switch word {
      case "true", "false": return node(.literal(word), from: start)
      case "null": return node(.null, from: start)
      case "function" where isSymbol("("): return try function(from: start)
      default: return node(.name(word), from: start)
      }
    case .symbol("λ"):
      return try function(from: start)
    case .symbol("*"):
      return node(.wildcard, from: start)
    case .symbol("**"):
      return node(.descendants, from: start)
    case .symbol("%"):
      return node(.parent, from: start)
    case .symbol("-"):
      let operand = try expression(70)
      return node(.negated(operand), from: start)
    case .symbol("("):
      return try block(from: start)
    case .symbol("["):
      let elements = try list(until: "]")
      return node(.array(elements), from: start)
    case .symbol("{"):
      let fields = try fields()
      return node(.object(fields), from: start)
    case .symbol("|"):
      let pattern = try expression(0)
      try expect("|")
      var parts = [try expression(0)]
      if isSymbol(",") {
        index += 1
        parts.append(try expression(0))
      }
      try expect("|")
      return node(.rearranged(pattern, parts), from: start)
    case .symbol, .end:
      index -= 1
      throw problem("\(described) cannot start an operand")
    }
  }

  private mutating func operation(
    after left: JSONataExpression
  ) throws(ExpressionProblem) -> JSONataExpression {
    let start = left.range.start
    let power = Self.power(token.kind)
    let token = advance()
    switch token.kind {
    case .name(let word):
      let right = try expression(power)
      return node(.binary(word, left, right), from: start)
    case .symbol("."):
      let step = try expression(75)
      return node(.path(left, step), from: start)
    case .symbol("["):
      if isSymbol("]") {
        // `x[]` keeps a single element in a list.
        index += 1
        return JSONataExpression(
          kind: left.kind, range: ByteRange(start, tokens[index - 1].range.end))
      }
      let predicate = try expression(0)
      try expect("]")
      return node(.filter(left, predicate), from: start)
    case .symbol("("):
      let arguments = try list(until: ")")
      return node(.call(left, arguments), from: start)
    case .symbol("{"):
      let fields = try fields()
      return node(.grouped(left, fields), from: start)
    case .symbol("@"), .symbol("#"):
      guard case .variable = advance().kind else { throw problem("a variable must follow") }
      return node(.rearranged(left, []), from: start)
    case .symbol("^"):
      try expect("(")
      var keys: [JSONataExpression] = []
      repeat {
        if isSymbol(",") { index += 1 }
        if isSymbol("<") || isSymbol(">") { index += 1 }
        keys.append(try expression(0))
      } while isSymbol(",")
      try expect(")")
      return node(.rearranged(left, keys), from: start)
    case .symbol("?"):
      let first = try expression(0)
      var second: JSONataExpression?
      if isSymbol(":") {
        index += 1
        second = try expression(0)
      }
      return node(.conditional(left, first, second), from: start)
    case .symbol(":="):
      guard case .variable(let name) = left.kind else {
        throw ExpressionProblem(
          "only a variable can be bound", at: text.locate(left.range))
      }
      let value = try expression(9)
      return node(.binding(name, value), from: start)
    case .symbol(let symbol):
      let right = try expression(power)
      return node(.binary(symbol, left, right), from: start)
    case .variable, .string, .number, .regularExpression, .end:
      throw problem("unexpected \(described)")
    }
  }

  private mutating func list(
    until close: String
  ) throws(ExpressionProblem) -> [JSONataExpression] {
    var elements: [JSONataExpression] = []
    if isSymbol(close) {
      index += 1
      return elements
    }
    while true {
      if isSymbol("?") {
        let start = advance().range.start
        elements.append(node(.placeholder, from: start))
      } else {
        elements.append(try expression(0))
      }
      if isSymbol(",") {
        index += 1
      } else {
        try expect(close)
        return elements
      }
    }
  }

  private mutating func fields() throws(ExpressionProblem) -> [(
    key: JSONataExpression, value: JSONataExpression
  )] {
    var fields: [(key: JSONataExpression, value: JSONataExpression)] = []
    while !isSymbol("}") {
      let key = try expression(0)
      try expect(":")
      fields.append((key, try expression(0)))
      guard isSymbol(",") else { break }
      index += 1
    }
    try expect("}")
    return fields
  }

  private mutating func block(from start: Int) throws(ExpressionProblem) -> JSONataExpression {
    var expressions: [JSONataExpression] = []
    while !isSymbol(")") {
      expressions.append(try expression(0))
      guard isSymbol(";") else { break }
      index += 1
    }
    try expect(")")
    return node(.block(expressions), from: start)
  }

  private mutating func function(from start: Int) throws(ExpressionProblem) -> JSONataExpression {
    try expect("(")
    var parameters: [String] = []
    while case .variable(let name) = token.kind {
      parameters.append(name)
      index += 1
      guard isSymbol(",") else { break }
      index += 1
    }
    try expect(")")
    // `<n-n:n>`: a signature says nothing about data.
    if isSymbol("<") {
      while !isSymbol("{"), token.kind != .end { index += 1 }
    }
    try expect("{")
    let body: JSONataExpression
    if isSymbol("}") {
      body = node(.null, from: token.range.start)
    } else {
      body = try expression(0)
    }
    try expect("}")
    return node(.function(parameters: parameters, body: body), from: start)
  }
}
