package import SourceText

/// Parses infix expressions by precedence; whatever does not parse gives `nil`.
package struct InfixParser {
  private let tokens: [InfixToken]
  private let dialect: InfixDialect
  private var position = 0
  private var depth = 0

  /// Parses the part of `bytes` in `range`, in which the engine puts values at `insertions` first.
  package static func parse(
    _ bytes: [UInt8], in range: ByteRange, dialect: InfixDialect, insertions: [ByteRange] = []
  ) -> InfixExpression? {
    guard
      let tokens = InfixLexer.tokens(
        of: bytes, in: range, dialect: dialect, insertions: insertions), !tokens.isEmpty
    else { return nil }
    var parser = InfixParser(tokens: tokens, dialect: dialect)
    guard let parsed = parser.conditional(), parser.position == tokens.count else { return nil }
    return parsed
  }

  private init(tokens: [InfixToken], dialect: InfixDialect) {
    self.tokens = tokens
    self.dialect = dialect
  }

  private var current: InfixToken? { position < tokens.count ? tokens[position] : nil }

  private mutating func take(_ symbols: String...) -> String? {
    guard let symbol = current?.symbol, symbols.contains(symbol) else { return nil }
    position += 1
    return symbol
  }

  private mutating func takeWord(_ words: String...) -> String? {
    guard case .name(let name)? = current?.kind, words.contains(name),
      dialect.wordOperators.contains(name)
    else { return nil }
    position += 1
    return name
  }

  private func span(_ first: InfixExpression, _ last: InfixExpression) -> ByteRange {
    ByteRange(first.range.start, max(first.range.start, last.range.end))
  }

  // MARK: Levels

  private mutating func conditional() -> InfixExpression? {
    guard depth < Limits.nesting else { return nil }
    depth += 1
    defer { depth -= 1 }
    if let binding = binding() { return binding }
    guard let test = pipe() else { return nil }
    if take("?:") != nil {
      guard let otherwise = conditional() else { return nil }
      return InfixExpression(.chain("??", [test, otherwise]), span(test, otherwise))
    }
    guard take("?") != nil else { return test }
    guard let first = conditional(), take(":") != nil, let second = conditional() else {
      return nil
    }
    return InfixExpression(.conditional(test, first, second), span(test, second))
  }

  /// A name for a value, and the expression that may use it: `let name = value; body`.
  private mutating func binding() -> InfixExpression? {
    let before = position
    guard case .name("let")? = current?.kind, let start = current?.range else { return nil }
    position += 1
    if case .name(let name)? = current?.kind {
      position += 1
      if take("=") != nil, let value = conditional(), take(";") != nil, let body = conditional() {
        return InfixExpression(
          .binding(name, value, body), ByteRange(start.start, body.range.end))
      }
    }
    position = before
    return nil
  }

  /// `list | filter(.x)`: the left side becomes the first argument.
  private mutating func pipe() -> InfixExpression? {
    guard var left = disjunction() else { return nil }
    while take("|") != nil {
      guard let right = postfix() else { return nil }
      guard case .call(let callee, let arguments) = right.form else { return nil }
      left = InfixExpression(.call(callee, [left] + arguments), span(left, right))
    }
    return left
  }

  private mutating func chain(
    _ symbol: String, _ next: (inout InfixParser) -> InfixExpression?,
    _ isOperator: (inout InfixParser) -> Bool
  ) -> InfixExpression? {
    guard let first = next(&self) else { return nil }
    var operands = [first]
    while isOperator(&self) {
      guard let operand = next(&self) else { return nil }
      operands.append(operand)
    }
    if operands.count == 1 { return first }
    return InfixExpression(.chain(symbol, operands), span(first, operands[operands.count - 1]))
  }

  private mutating func disjunction() -> InfixExpression? {
    chain("||", { $0.conjunction() }) { $0.take("||") != nil || $0.takeWord("or") != nil }
  }

  private mutating func conjunction() -> InfixExpression? {
    chain("&&", { $0.comparison() }) { $0.take("&&") != nil || $0.takeWord("and") != nil }
  }

  private mutating func comparison() -> InfixExpression? {
    guard var left = fallback() else { return nil }
    while true {
      var symbol = take("==", "===", "!=", "!==", "<", "<=", ">", ">=", "=~", "!~")
      var isNegated = false
      if symbol == nil {
        let before = position
        if takeWord("not") != nil {
          symbol = takeWord("in", "contains", "startsWith", "endsWith", "matches")
          isNegated = symbol != nil
          if symbol == nil { position = before }
        } else {
          symbol = takeWord("in", "contains", "startsWith", "endsWith", "matches")
        }
      }
      guard let symbol else { return left }
      guard let right = fallback() else { return nil }
      left = InfixExpression(.binary(symbol, left, right), span(left, right))
      if isNegated { left = InfixExpression(.not(left), left.range) }
    }
  }

  private mutating func fallback() -> InfixExpression? {
    chain("??", { $0.sum() }) { $0.take("??") != nil }
  }

  private mutating func sum() -> InfixExpression? {
    guard var left = product() else { return nil }
    while let symbol = take("+", "-", "..") {
      guard let right = product() else { return nil }
      left = InfixExpression(.binary(symbol, left, right), span(left, right))
    }
    return left
  }

  private mutating func product() -> InfixExpression? {
    guard var left = unary() else { return nil }
    while let symbol = take("*", "/", "%", "**", "^") {
      guard let right = unary() else { return nil }
      left = InfixExpression(.binary(symbol, left, right), span(left, right))
    }
    return left
  }

  private mutating func unary() -> InfixExpression? {
    guard depth < Limits.nesting else { return nil }
    depth += 1
    defer { depth -= 1 }
    let start = current?.range.start ?? 0
    if take("!") != nil {
      guard let operand = unary() else { return nil }
      return InfixExpression(.not(operand), ByteRange(start, operand.range.end))
    }
    if takeWord("not") != nil {
      // `not a == b` denies the comparison.
      guard let operand = comparison() else { return nil }
      return InfixExpression(.not(operand), ByteRange(start, operand.range.end))
    }
    if let sign = take("-", "+") {
      guard let operand = unary() else { return nil }
      let range = ByteRange(start, operand.range.end)
      if case .number(let text) = operand.form {
        return InfixExpression(.number(sign == "-" ? "-" + text : text), range)
      }
      return InfixExpression(sign == "-" ? .negative(operand) : operand.form, range)
    }
    return postfix()
  }

  // MARK: Operands

  private mutating func postfix() -> InfixExpression? {
    guard var left = primary() else { return nil }
    while let token = current {
      switch token.symbol {
      case ".", "?.":
        position += 1
        guard let next = current else { return nil }
        position += 1
        let range = ByteRange(left.range.start, next.range.end)
        switch next.kind {
        case .name(let name): left = InfixExpression(.member(left, name), range)
        case .number(let text): left = InfixExpression(.member(left, text), range)
        case .symbol("[") where token.symbol == "?.":
          position -= 1
        default: return nil
        }
      case "[":
        position += 1
        guard let key = conditional() else { return nil }
        if take(":") != nil, current?.symbol != "]" { _ = conditional() }
        guard let close = current, take("]") != nil else { return nil }
        left = InfixExpression(
          .index(left, key), ByteRange(left.range.start, close.range.end))
      case "(":
        position += 1
        guard let arguments = list(closedBy: ")") else { return nil }
        left = InfixExpression(
          .call(left, arguments), ByteRange(left.range.start, tokens[position - 1].range.end))
      default: return left
      }
    }
    return left
  }

  private mutating func list(closedBy close: String) -> [InfixExpression]? {
    var items: [InfixExpression] = []
    if take(close) != nil { return items }
    repeat {
      if current?.symbol == close { break }
      guard let item = conditional() else { return nil }
      items.append(item)
    } while take(",") != nil
    return take(close) == nil ? nil : items
  }

  private mutating func primary() -> InfixExpression? {
    guard let token = current else { return nil }
    position += 1
    switch token.kind {
    case .text(let parts, let isQuoted):
      return InfixExpression(.text(parts, isQuoted: isQuoted), token.range)
    case .number(let text): return InfixExpression(.number(text), token.range)
    case .pattern(let text): return InfixExpression(.pattern(text), token.range)
    case .variable(let name): return InfixExpression(.name(name), token.range)
    case .name(let name): return named(name, token.range)
    case .symbol(let symbol): return bracketed(symbol, token.range)
    }
  }

  private func named(_ name: String, _ range: ByteRange) -> InfixExpression {
    switch name {
    case "true", "True": return InfixExpression(.boolean(true), range)
    case "false", "False": return InfixExpression(.boolean(false), range)
    case "nil", "null", "none":
      if !dialect.bareWords { return InfixExpression(.null, range) }
    default: break
    }
    if dialect.bareWords, current?.symbol != "(" {
      return InfixExpression(.text([.literal(name)], isQuoted: false), range)
    }
    return InfixExpression(.name(name), range)
  }

  private mutating func bracketed(_ symbol: String, _ range: ByteRange) -> InfixExpression? {
    func closed() -> ByteRange { ByteRange(range.start, tokens[position - 1].range.end) }
    switch symbol {
    case "(":
      guard let first = conditional() else { return nil }
      if take(",") != nil {
        // govaluate writes lists in parentheses.
        guard let rest = list(closedBy: ")") else { return nil }
        return InfixExpression(.list([first] + rest), closed())
      }
      guard take(")") != nil else { return nil }
      return InfixExpression(first.form, closed())
    case "[":
      guard let items = list(closedBy: "]") else { return nil }
      return InfixExpression(.list(items), closed())
    case "{": return braced(range)
    case ".":
      // `.x` in a predicate is the element's field.
      guard case .name(let name)? = current?.kind else { return nil }
      position += 1
      return InfixExpression(.member(InfixExpression(.name("#"), range), name), closed())
    default: return nil
    }
  }

  private mutating func braced(_ range: ByteRange) -> InfixExpression? {
    func closed() -> ByteRange { ByteRange(range.start, tokens[position - 1].range.end) }
    if take("}") != nil { return InfixExpression(.record([]), closed()) }
    let before = position
    if let key = recordKey(), take(":") != nil {
      var fields: [(key: InfixExpression, value: InfixExpression)] = []
      guard let value = conditional() else { return nil }
      fields.append((key, value))
      while take(",") != nil {
        if current?.symbol == "}" { break }
        guard let key = recordKey(), take(":") != nil, let value = conditional() else {
          return nil
        }
        fields.append((key, value))
      }
      return take("}") == nil ? nil : InfixExpression(.record(fields), closed())
    }
    position = before
    guard let body = conditional(), take("}") != nil else { return nil }
    return InfixExpression(.predicate(body), closed())
  }

  private mutating func recordKey() -> InfixExpression? {
    guard let token = current else { return nil }
    switch token.kind {
    case .name(let name):
      position += 1
      return InfixExpression(.text([.literal(name)], isQuoted: true), token.range)
    case .text(let parts, _):
      position += 1
      return InfixExpression(.text(parts, isQuoted: true), token.range)
    case .number(let text):
      position += 1
      return InfixExpression(.number(text), token.range)
    case .symbol("("):
      position += 1
      guard let key = conditional(), take(")") != nil else { return nil }
      return key
    default: return nil
    }
  }
}
