package import SourceText

/// How an engine spells such expressions.
package struct CallDialect: Sendable {
  /// What opens and closes a text.
  var quotes: Set<UInt8>
  /// A quote inside a text is written twice; else a backslash stands before it.
  var doublesQuotes = false
  /// `a-b` is one name.
  var namesHoldDashes = false
  /// `and`, `or`, `not` and `in` are operators; else they are names like any other.
  var hasWords = false

  /// Google Workflows: `a.b["c"] == "d" and not ("x" in y)`.
  package static let google = CallDialect(quotes: Set("\"'".utf8), hasWords: true)
  /// Azure workflow definitions: `equals(body('a')?['b'], 'it''s')`.
  package static let azure = CallDialect(quotes: Set("'".utf8), doublesQuotes: true)
  /// Conductor's references: `task-ref.output.a['b'][0]`.
  package static let path = CallDialect(quotes: Set("\"'".utf8), namesHoldDashes: true)
}

/// Parses expressions of names, calls and operators; the operators after Python's, as Google Workflows has them.
package struct CallParser {
  private let tokens: [CallTokens.Token]
  private let hasWords: Bool
  private var position = 0
  private var depth = 0

  private static let nesting = 48
  /// Longest chain of members, indices, or operators that are not associative.
  private static let longest = 128

  /// The expression that the text in `range` is, `nil` where it is none.
  package static func parse(
    _ bytes: [UInt8], in range: ByteRange, _ dialect: CallDialect
  ) -> CallExpression? {
    guard let tokens = CallTokens.read(bytes, in: range, dialect), !tokens.isEmpty else {
      return nil
    }
    var parser = CallParser(tokens: tokens, hasWords: dialect.hasWords)
    guard let expression = parser.parseOr(), parser.position == tokens.count else { return nil }
    return expression
  }

  private init(tokens: [CallTokens.Token], hasWords: Bool) {
    self.tokens = tokens
    self.hasWords = hasWords
  }

  private var current: CallTokens.Kind? {
    position < tokens.count ? tokens[position].kind : nil
  }

  private mutating func take(_ symbol: String) -> Bool {
    guard current == .symbol(symbol) else { return false }
    position += 1
    return true
  }

  private mutating func take(word: String) -> Bool {
    guard hasWords, current == .name(word) else { return false }
    position += 1
    return true
  }

  private var start: Int { position < tokens.count ? tokens[position].range.start : 0 }

  private func made(_ form: CallExpression.Form, from start: Int) -> CallExpression {
    CallExpression(form: form, range: ByteRange(start, tokens[max(position, 1) - 1].range.end))
  }

  private mutating func parseOr() -> CallExpression? {
    guard depth < Self.nesting else { return nil }
    depth += 1
    defer { depth -= 1 }
    return parseChain("or", "||") { $0.parseChain("and", "&&") { $0.parseNot() } }
  }

  private mutating func parseChain(
    _ word: String, _ symbol: String,
    of operand: (inout CallParser) -> CallExpression?
  ) -> CallExpression? {
    let start = start
    guard let first = operand(&self) else { return nil }
    var operands = [first]
    while take(word: word) || take(symbol) {
      guard let next = operand(&self) else { return nil }
      operands.append(next)
    }
    return operands.count == 1 ? first : made(.chain(word, operands), from: start)
  }

  private mutating func parseNot() -> CallExpression? {
    guard depth < Self.nesting else { return nil }
    let start = start
    if take(word: "not") || take("!") {
      depth += 1
      defer { depth -= 1 }
      guard let operand = parseNot() else { return nil }
      return made(.unary("not", operand), from: start)
    }
    return parseComparison()
  }

  private mutating func parseComparison() -> CallExpression? {
    let start = start
    guard let left = parseSum() else { return nil }
    for symbol in ["==", "!=", "<=", ">=", "<", ">"] where take(symbol) {
      guard let right = parseSum() else { return nil }
      return made(.binary(symbol, left, right), from: start)
    }
    if take(word: "in") {
      guard let right = parseSum() else { return nil }
      return made(.binary("in", left, right), from: start)
    }
    return left
  }

  private mutating func parseSum() -> CallExpression? {
    let start = start
    guard var left = parseProduct() else { return nil }
    var operands = [left]
    var length = 0
    while case .symbol(let symbol)? = current, symbol == "+" || symbol == "-" {
      position += 1
      length += 1
      guard let right = parseProduct() else { return nil }
      if symbol == "+" {
        operands.append(right)
        continue
      }
      guard length < Self.longest else { return nil }
      if operands.count > 1 { left = made(.chain("+", operands), from: start) }
      left = made(.binary("-", left, right), from: start)
      operands = [left]
    }
    return operands.count == 1 ? left : made(.chain("+", operands), from: start)
  }

  private mutating func parseProduct() -> CallExpression? {
    let start = start
    guard var left = parseUnary() else { return nil }
    var length = 0
    while case .symbol(let symbol)? = current, ["*", "/", "%", "//"].contains(symbol) {
      position += 1
      length += 1
      guard length < Self.longest, let right = parseUnary() else { return nil }
      left = made(.binary(symbol, left, right), from: start)
    }
    return left
  }

  private mutating func parseUnary() -> CallExpression? {
    let start = start
    guard take("-") else { return parsePostfix() }
    guard depth < Self.nesting else { return nil }
    depth += 1
    defer { depth -= 1 }
    guard let operand = parseUnary() else { return nil }
    return made(.unary("-", operand), from: start)
  }

  private mutating func parsePostfix() -> CallExpression? {
    let start = start
    guard var expression = parseTerm() else { return nil }
    for _ in 0..<Self.longest {
      if current == .symbol("?"), position + 1 < tokens.count,
        tokens[position + 1].kind == .symbol("[") || tokens[position + 1].kind == .symbol(".")
      {
        position += 1
      }
      if take(".") {
        switch current {
        case .name(let name):
          position += 1
          expression = made(.member(expression, name), from: start)
        case .number(let text):
          position += 1
          let index = made(.number(text), from: tokens[position - 1].range.start)
          expression = made(.index(expression, index), from: start)
        default: return nil
        }
      } else if take("[") {
        guard let index = parseOr(), take("]") else { return nil }
        expression = made(.index(expression, index), from: start)
      } else if take("(") {
        guard let arguments = parseList(until: ")") else { return nil }
        expression = made(.call(expression, arguments), from: start)
      } else {
        return expression
      }
    }
    return nil
  }

  private mutating func parseList(until symbol: String) -> [CallExpression]? {
    var items: [CallExpression] = []
    if take(symbol) { return items }
    repeat {
      if current == .symbol(symbol) { break }
      guard let item = parseOr() else { return nil }
      items.append(item)
    } while take(",")
    return take(symbol) ? items : nil
  }

  private mutating func parseTerm() -> CallExpression? {
    guard let token = current else { return nil }
    let start = start
    position += 1
    switch token {
    case .text(let text): return made(.text(text), from: start)
    case .number(let text): return made(.number(text), from: start)
    case .name("true"), .name("True"), .name("TRUE"): return made(.boolean(true), from: start)
    case .name("false"), .name("False"), .name("FALSE"): return made(.boolean(false), from: start)
    case .name("null"), .name("None"): return made(.null, from: start)
    case .name(let name): return made(.name(name), from: start)
    case .symbol("("):
      guard let inner = parseOr(), take(")") else { return nil }
      return inner
    case .symbol("["):
      guard let items = parseList(until: "]") else { return nil }
      return made(.list(items), from: start)
    case .symbol("{"): return parseRecord(from: start)
    case .symbol: return nil
    }
  }

  private mutating func parseRecord(from start: Int) -> CallExpression? {
    var entries: [(key: CallExpression, value: CallExpression)] = []
    if take("}") { return made(.record([]), from: start) }
    repeat {
      guard let key = parseOr(), take(":"), let value = parseOr() else { return nil }
      entries.append((key, value))
    } while take(",")
    return take("}") ? made(.record(entries), from: start) : nil
  }
}
