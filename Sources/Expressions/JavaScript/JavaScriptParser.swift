package import SourceText

/// Parses JavaScript expressions and statements; what is not understood is skipped as `unknown`, never an error.
///
/// Grammar after ECMA-262; types, classes, labels and generators are outside the subset.
package struct JavaScriptParser {
  let bytes: [UInt8]
  var tokens: [JavaScriptToken]
  var index = 0
  var depth: Int
  /// Set by the first thing outside the subset in the present statement.
  var failed = false
  /// The index of the parenthesis that closes the one at each index.
  let closingParenthesis: [Int: Int]

  /// Tokens that are looked at more than once in a text that does not parse.
  private static let mostAttempts = 50_000

  /// Tallest expression and deepest nesting of statements that is read.
  static let deepest = 96

  package init(_ bytes: [UInt8], in range: ByteRange) {
    self.init(bytes, in: range, depth: 0)
  }

  init(_ bytes: [UInt8], in range: ByteRange, depth: Int) {
    self.bytes = bytes
    self.tokens = JavaScriptLexer.tokens(of: bytes, in: range)
    self.depth = depth
    self.closingParenthesis = Self.pairs(in: tokens)
  }

  private static func pairs(in tokens: [JavaScriptToken]) -> [Int: Int] {
    var open: [Int] = []
    var pairs: [Int: Int] = [:]
    for (index, token) in tokens.enumerated() {
      if token.kind == .symbol("(") {
        open.append(index)
      } else if token.kind == .symbol(")"), let start = open.popLast() {
        pairs[start] = index
      }
    }
    return pairs
  }

  /// The expression that the whole text is, `nil` where it is none of the subset.
  package static func expression(_ bytes: [UInt8], in range: ByteRange) -> JavaScriptExpression? {
    expression(bytes, in: range, depth: 0)
  }

  static func expression(
    _ bytes: [UInt8], in range: ByteRange, depth: Int
  ) -> JavaScriptExpression? {
    var parser = JavaScriptParser(bytes, in: range, depth: depth)
    guard let expression = parser.sequence(), parser.isAtEnd, !parser.failed else { return nil }
    return expression
  }

  /// The reads that can be seen in a text that does not parse, as expressions.
  package static func visibleReads(
    _ bytes: [UInt8], in range: ByteRange
  ) -> [JavaScriptExpression] {
    var parser = JavaScriptParser(bytes, in: range)
    var reads: [JavaScriptExpression] = []
    // Reads inside reads are tried again and again: what is broken that deeply is not read to its end.
    var attempts = parser.tokens.count + mostAttempts
    while !parser.isAtEnd, attempts > 0 {
      let start = parser.index
      defer { attempts -= 1 }
      switch parser.current {
      case .name(let name) where !keywords.contains(name) && !parser.followsDot:
        if let read = parser.postfix(allowingCalls: true) { reads.append(read) }
        attempts -= parser.index - start
        // Arguments are read again, one by one, so that none is lost in a call that broke off.
        parser.index = max(start + 1, min(parser.index, parser.firstArgument(from: start)))
      case .template(_, let substitutions):
        for substitution in substitutions where parser.depth < 8 {
          if let part = expression(bytes, in: substitution, depth: 8) { reads.append(part) }
        }
        parser.index += 1
      default: parser.index += 1
      }
      parser.failed = false
    }
    return reads
  }

  private var followsDot: Bool {
    index > 0 && (tokens[index - 1].kind == .symbol(".") || tokens[index - 1].kind == .symbol("?."))
  }

  private func firstArgument(from start: Int) -> Int {
    var cursor = start
    while cursor < tokens.count - 1 {
      if case .symbol("(") = tokens[cursor].kind { return cursor }
      cursor += 1
      if cursor > start + 64 { return cursor }
    }
    return cursor
  }

  static let keywords: Set<String> = [
    "const", "let", "var", "if", "else", "for", "while", "do", "return", "throw", "new", "typeof",
    "await", "async", "function", "try", "catch", "finally", "in", "of", "instanceof", "switch",
    "case", "default", "break", "continue", "null", "true", "false", "undefined", "void", "delete",
    "class", "import", "export", "yield",
  ]

  // MARK: Tokens

  var current: JavaScriptToken.Kind { tokens[index].kind }
  var isAtEnd: Bool { current == .end }
  var start: Int { tokens[index].range.start }
  /// Where the token before ended.
  var lastEnd: Int { index > 0 ? tokens[index - 1].range.end : start }

  mutating func advance() { if index < tokens.count - 1 { index += 1 } }

  func isSymbol(_ symbol: String) -> Bool { current == .symbol(symbol) }
  func isName(_ name: String) -> Bool { current == .name(name) }
  func peek(_ offset: Int = 1) -> JavaScriptToken.Kind {
    tokens[min(index + offset, tokens.count - 1)].kind
  }

  mutating func take(_ symbol: String) -> Bool {
    guard isSymbol(symbol) else { return false }
    advance()
    return true
  }

  mutating func takeName(_ name: String) -> Bool {
    guard isName(name) else { return false }
    advance()
    return true
  }

  mutating func expect(_ symbol: String) -> Bool {
    if take(symbol) { return true }
    failed = true
    return false
  }

  /// Keeps recursion and the tree's height bounded.
  mutating func bounded(_ expression: JavaScriptExpression) -> JavaScriptExpression? {
    guard expression.height < Self.deepest else {
      failed = true
      return nil
    }
    return expression
  }

  mutating func nested<Result>(_ parse: (inout Self) -> Result?) -> Result? {
    guard depth < Self.deepest else {
      failed = true
      return nil
    }
    depth += 1
    defer { depth -= 1 }
    return parse(&self)
  }

  // MARK: Expressions

  mutating func sequence() -> JavaScriptExpression? {
    guard let first = assignment() else { return nil }
    guard isSymbol(",") else { return first }
    var parts = [first]
    while take(",") {
      guard let part = assignment() else { return nil }
      parts.append(part)
    }
    return bounded(
      JavaScriptExpression(
        .sequence(parts), ByteRange(first.range.start, lastEnd), over: parts))
  }

  mutating func assignment() -> JavaScriptExpression? {
    nested { $0.assignmentInside() }
  }

  private static let assignmentOperators: Set<String> = [
    "=", "+=", "-=", "*=", "/=", "%=", "**=", "<<=", ">>=", ">>>=", "&=", "|=", "^=", "&&=",
    "||=", "??=",
  ]

  private mutating func assignmentInside() -> JavaScriptExpression? {
    if let function = arrow() { return function }
    if failed { return nil }
    guard let left = conditional() else { return nil }
    if case .symbol(let symbol) = current, Self.assignmentOperators.contains(symbol) {
      advance()
      guard let right = assignment() else { return nil }
      return bounded(
        JavaScriptExpression(
          .assignment(symbol, left, right), ByteRange(left.range.start, right.range.end),
          over: [left, right]))
    }
    return left
  }

  private mutating func conditional() -> JavaScriptExpression? {
    guard let condition = binary(above: 0) else { return nil }
    guard take("?") else { return condition }
    guard let then = assignment(), expect(":"), let otherwise = assignment() else { return nil }
    return bounded(
      JavaScriptExpression(
        .conditional(condition, then: then, otherwise: otherwise),
        ByteRange(condition.range.start, otherwise.range.end), over: [condition, then, otherwise]))
  }

  private static let precedence: [String: Int] = [
    "??": 1, "||": 2, "&&": 3, "|": 4, "^": 5, "&": 6, "==": 7, "!=": 7, "===": 7, "!==": 7,
    "<": 8, ">": 8, "<=": 8, ">=": 8, "in": 8, "instanceof": 8, "<<": 9, ">>": 9, ">>>": 9,
    "+": 10, "-": 10, "*": 11, "/": 11, "%": 11, "**": 12,
  ]

  private var binaryOperator: (symbol: String, precedence: Int)? {
    switch current {
    case .symbol(let symbol): Self.precedence[symbol].map { (symbol, $0) }
    case .name(let name) where name == "in" || name == "instanceof":
      Self.precedence[name].map { (name, $0) }
    default: nil
    }
  }

  private mutating func binary(above lowest: Int) -> JavaScriptExpression? {
    guard var left = unary() else { return nil }
    while let (symbol, precedence) = binaryOperator, precedence > lowest {
      advance()
      guard let right = nested({ $0.binary(above: precedence) }) else { return nil }
      let range = ByteRange(left.range.start, right.range.end)
      if ["+", "&&", "||", "??"].contains(symbol) {
        // One flat node for a run: text put together from hundreds of parts is common.
        var operands = [left, right]
        if case .chain(symbol, let earlier) = left.form {
          operands = earlier + [right]
        }
        while take(symbol) {
          guard let next = nested({ $0.binary(above: precedence) }) else { return nil }
          operands.append(next)
        }
        left = JavaScriptExpression(
          .chain(symbol, operands), ByteRange(range.start, lastEnd), over: operands)
      } else {
        left = JavaScriptExpression(.binary(symbol, left, right), range, over: [left, right])
      }
      guard let kept = bounded(left) else { return nil }
      left = kept
    }
    return left
  }

  private mutating func unary() -> JavaScriptExpression? {
    let from = start
    switch current {
    case .symbol(let symbol) where ["!", "-", "+", "~"].contains(symbol):
      return prefixed(symbol, from: from)
    case .symbol(let symbol) where symbol == "++" || symbol == "--":
      advance()
      guard let operand = nested({ $0.unary() }) else { return nil }
      return step(symbol, operand, ByteRange(from, operand.range.end))
    case .name(let name) where ["typeof", "void", "delete"].contains(name):
      return prefixed(name, from: from)
    case .name("await"):
      advance()
      guard let operand = nested({ $0.unary() }) else { return nil }
      return bounded(
        JavaScriptExpression(
          .await(operand), ByteRange(from, operand.range.end), over: [operand]))
    default:
      guard let operand = postfix(allowingCalls: true) else { return nil }
      if case .symbol(let symbol) = current, symbol == "++" || symbol == "--",
        !tokens[index].followsLineEnd
      {
        advance()
        return step(symbol, operand, ByteRange(from, lastEnd))
      }
      return operand
    }
  }

  private mutating func prefixed(_ symbol: String, from: Int) -> JavaScriptExpression? {
    advance()
    guard let operand = nested({ $0.unary() }) else { return nil }
    return bounded(
      JavaScriptExpression(
        .unary(symbol, operand), ByteRange(from, operand.range.end), over: [operand]))
  }

  private mutating func step(
    _ symbol: String, _ operand: JavaScriptExpression, _ range: ByteRange
  ) -> JavaScriptExpression? {
    let one = JavaScriptExpression(.number("1"), range)
    let symbol = symbol == "++" ? "+=" : "-="
    return bounded(
      JavaScriptExpression(.assignment(symbol, operand, one), range, over: [operand, one]))
  }

  mutating func postfix(allowingCalls: Bool) -> JavaScriptExpression? {
    guard var expression = primary() else { return nil }
    while true {
      let from = expression.range.start
      var isOptional = false
      if isSymbol("?."), allowingCalls {
        isOptional = true
        advance()
      }
      if isSymbol("["), !isOptional || allowingCalls {
        advance()
        guard let key = sequence(), expect("]") else { return nil }
        expression = JavaScriptExpression(
          .index(expression, key), ByteRange(from, lastEnd), over: [expression, key])
      } else if isSymbol("("), allowingCalls {
        guard let arguments = arguments() else { return nil }
        expression = JavaScriptExpression(
          .call(expression, arguments), ByteRange(from, lastEnd), over: [expression] + arguments)
      } else if isOptional || isSymbol(".") {
        if !isOptional { advance() }
        guard case .name(let name) = current else {
          failed = true
          return nil
        }
        advance()
        expression = JavaScriptExpression(
          .member(expression, name), ByteRange(from, lastEnd), over: [expression])
      } else if case .template = current, allowingCalls {
        // A tagged template is a call with the template as its argument.
        guard let template = primary() else { return nil }
        expression = JavaScriptExpression(
          .call(expression, [template]), ByteRange(from, lastEnd), over: [expression, template])
      } else {
        return expression
      }
      guard let kept = bounded(expression) else { return nil }
      expression = kept
    }
  }

  mutating func arguments() -> [JavaScriptExpression]? {
    guard take("(") else { return nil }
    return elements(until: ")")
  }

  /// A comma-separated list up to a closing symbol; holes are `undefined`.
  private mutating func elements(until close: String) -> [JavaScriptExpression]? {
    var elements: [JavaScriptExpression] = []
    while !take(close) {
      let from = start
      if take(",") {
        elements.append(JavaScriptExpression(.undefined, ByteRange(from, from)))
        continue
      }
      if take("...") {
        guard let spread = assignment() else { return nil }
        elements.append(
          JavaScriptExpression(
            .spread(spread), ByteRange(from, spread.range.end), over: [spread]))
      } else {
        guard let element = assignment() else { return nil }
        elements.append(element)
      }
      if isSymbol(close) { continue }
      guard expect(",") else { return nil }
    }
    return elements
  }

  private mutating func primary() -> JavaScriptExpression? {
    let range = tokens[index].range
    switch current {
    case .string(let text):
      advance()
      return JavaScriptExpression(.string(text), range)
    case .number(let text):
      advance()
      return JavaScriptExpression(.number(text), range)
    case .regularExpression(let pattern, let flags):
      advance()
      return JavaScriptExpression(.regularExpression(pattern: pattern, flags: flags), range)
    case .template(let texts, let substitutions):
      advance()
      var parts: [JavaScriptExpression] = []
      for substitution in substitutions {
        guard depth < Self.deepest,
          let part = Self.expression(bytes, in: substitution, depth: depth + 8)
        else {
          failed = true
          return nil
        }
        parts.append(part)
      }
      return bounded(JavaScriptExpression(.template(texts: texts, parts), range, over: parts))
    case .symbol("("):
      advance()
      guard let inner = nested({ $0.sequence() }), expect(")") else { return nil }
      var grouped = inner
      grouped.range = ByteRange(range.start, lastEnd)
      return grouped
    case .symbol("["):
      advance()
      guard let elements = nested({ $0.elements(until: "]") }) else { return nil }
      return bounded(
        JavaScriptExpression(.array(elements), ByteRange(range.start, lastEnd), over: elements))
    case .symbol("{"):
      return nested { $0.object() }
    case .name(let name):
      return named(name, range)
    case .symbol, .end:
      failed = true
      return nil
    }
  }

  private mutating func named(_ name: String, _ range: ByteRange) -> JavaScriptExpression? {
    switch name {
    case "function": return nested { $0.functionLiteral() }
    case "async" where peek() == .name("function"):
      advance()
      return nested { $0.functionLiteral() }
    case "new":
      advance()
      guard let callee = nested({ $0.postfix(allowingCalls: false) }) else { return nil }
      var given: [JavaScriptExpression] = []
      if isSymbol("(") {
        guard let list = arguments() else { return nil }
        given = list
      }
      return bounded(
        JavaScriptExpression(
          .new(callee, given), ByteRange(range.start, lastEnd), over: [callee] + given))
    case "true", "false":
      advance()
      return JavaScriptExpression(.boolean(name == "true"), range)
    case "null":
      advance()
      return JavaScriptExpression(.null, range)
    case "undefined":
      advance()
      return JavaScriptExpression(.undefined, range)
    case "class", "import", "export", "yield", "const", "let", "var", "if", "for", "while",
      "return",
      "throw", "switch", "case", "try", "catch", "else", "do":
      guard name != "import" else {
        advance()
        return JavaScriptExpression(.identifier(name), range)
      }
      failed = true
      return nil
    default:
      advance()
      return JavaScriptExpression(.identifier(name), range)
    }
  }

  private mutating func object() -> JavaScriptExpression? {
    let from = start
    guard take("{") else { return nil }
    var properties: [JavaScriptExpression.Property] = []
    while !take("}") {
      guard let property = property() else { return nil }
      properties.append(property)
      if isSymbol("}") { continue }
      guard expect(",") else { return nil }
    }
    return bounded(
      JavaScriptExpression(
        .object(properties), ByteRange(from, lastEnd), over: properties.map(\.value)))
  }

  private mutating func property() -> JavaScriptExpression.Property? {
    let range = tokens[index].range
    if take("...") {
      guard let value = assignment() else { return nil }
      return .init(
        name: nil,
        value: JavaScriptExpression(
          .spread(value), ByteRange(range.start, value.range.end), over: [value]))
    }
    while isName("async") || isName("get") || isName("set") || isSymbol("*") {
      // A field may itself be called `get`.
      if case .symbol = peek(), !isSymbol("*") { break }
      advance()
    }
    var name: String?
    let key = current
    switch key {
    case .name(let text), .string(let text), .number(let text):
      name = text
      advance()
    case .symbol("["):
      advance()
      guard let computed = assignment(), expect("]") else { return nil }
      if case .string(let text) = computed.form { name = text }
    default:
      failed = true
      return nil
    }
    if take(":") {
      guard let value = assignment() else { return nil }
      return .init(name: name, value: value)
    }
    if isSymbol("(") {
      guard let function = nested({ $0.functionRest(name: name, from: range.start) }) else {
        return nil
      }
      return .init(name: name, value: function)
    }
    guard case .name(let text) = key else {
      failed = true
      return nil
    }
    return .init(name: name, value: JavaScriptExpression(.identifier(text), range))
  }
}
