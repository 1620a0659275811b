package import SourceText

/// Parses a formula by recursive descent; what makes no sense becomes ``Formula/Form/unknown``.
package struct FormulaParser {
  private let tokens: [FormulaToken]
  private let dialect: FormulaDialect
  private var index = 0
  private var depth = 0

  /// Parses the formula in `range`.
  package static func parse(
    _ bytes: [UInt8], in range: ByteRange, as dialect: FormulaDialect
  ) -> Formula {
    var parser = FormulaParser(bytes, range, dialect)
    let formula = parser.expression()
    guard parser.token.kind == .end || parser.token.kind == .symbol(";") else {
      // Whatever follows is read for its references.
      var parts = [formula]
      while parser.token.kind != .end, parts.count < 64 {
        let before = parser.index
        parts.append(parser.expression())
        if parser.index == before { parser.index += 1 }
      }
      return Formula(.unknown(parts), range)
    }
    return formula
  }

  private init(_ bytes: [UInt8], _ range: ByteRange, _ dialect: FormulaDialect) {
    var lexer = FormulaLexer(bytes, in: range)
    tokens = lexer.tokens()
    self.dialect = dialect
  }

  /// Most links of a chain (`a.b.c`, `a - b - c`): each is a level of the tree.
  private static let longestChain = 128

  private var token: FormulaToken { tokens[min(index, tokens.count - 1)] }

  private func kind(after count: Int) -> FormulaToken.Kind {
    tokens[min(index + count, tokens.count - 1)].kind
  }

  private mutating func take(_ symbol: String) -> Bool {
    guard token.kind == .symbol(symbol) else { return false }
    index += 1
    return true
  }

  private mutating func take(word: String) -> Bool {
    guard token.kind == .word(word) else { return false }
    index += 1
    return true
  }

  private func formula(_ form: Formula.Form, from start: Int) -> Formula {
    let end = index > 0 ? tokens[min(index, tokens.count) - 1].range.end : start
    return Formula(form, ByteRange(start, max(start, end)))
  }

  // MARK: From the loosest to the tightest

  private mutating func expression() -> Formula {
    let start = token.range.start
    guard depth < Limits.nesting else {
      index = tokens.count - 1
      return formula(.unknown([]), from: start)
    }
    depth += 1
    defer { depth -= 1 }
    if dialect == .feel, take(word: "if") {
      let condition = expression()
      _ = take(word: "then")
      let first = expression()
      _ = take(word: "else")
      return formula(.conditional(condition, first, expression()), from: start)
    }
    if dialect == .feel, let quantified = quantified() { return quantified }
    var left = disjunction()
    var links = 0
    while links < Self.longestChain, take("??") || take("?:") {
      links += 1
      left = formula(.fallback(left, disjunction()), from: start)
    }
    if take("?") {
      let first = expression()
      _ = take(":")
      return formula(.conditional(left, first, expression()), from: start)
    }
    if dialect == .jinja, take(word: "if") {
      let condition = disjunction()
      let otherwise =
        take(word: "else") ? expression() : formula(.text(""), from: token.range.start)
      return formula(.conditional(condition, left, otherwise), from: start)
    }
    return left
  }

  private mutating func quantified() -> Formula? {
    let start = token.range.start
    guard case .word(let word) = token.kind, word == "some" || word == "every",
      case .word(let name) = kind(after: 1), kind(after: 2) == .word("in")
    else { return nil }
    index += 3
    let list = disjunction()
    guard take(word: "satisfies") else { return formula(.unknown([list]), from: start) }
    return formula(
      .quantified(isEvery: word == "every", name: name, list: list, expression()), from: start)
  }

  private mutating func disjunction() -> Formula {
    let start = token.range.start
    var parts = [conjunction()]
    while take(word: "or") || take("||") { parts.append(conjunction()) }
    return parts.count == 1 ? parts[0] : formula(.any(parts), from: start)
  }

  private mutating func conjunction() -> Formula {
    let start = token.range.start
    var parts = [negation()]
    while take(word: "and") || take("&&") { parts.append(negation()) }
    return parts.count == 1 ? parts[0] : formula(.all(parts), from: start)
  }

  private mutating func negation() -> Formula {
    let start = token.range.start
    var count = 0
    while take("!") || take(word: "not") { count += 1 }
    let inner = comparison()
    return count.isMultiple(of: 2) ? inner : formula(.not(inner), from: start)
  }

  private static let symbols = ["==", "!=", "<=", ">=", "<", ">", "<>"]
  private static let words = [
    "eq": "==", "ne": "!=", "lt": "<", "gt": ">", "le": "<=", "ge": ">=", "equals": "==",
    "contains": "contains", "in": "in", "matches": "matches",
  ]

  private mutating func comparison() -> Formula {
    let start = token.range.start
    var left = sum()
    for _ in 0..<Self.longestChain {
      switch token.kind {
      case .symbol(let symbol) where Self.symbols.contains(symbol):
        index += 1
        left = formula(
          .comparison(symbol == "<>" ? "!=" : symbol, left, sum()), from: start)
      case .symbol("=") where dialect == .feel:
        index += 1
        left = formula(.comparison("==", left, sum()), from: start)
      case .word("is") where dialect != .feel:
        index += 1
        left = isTest(left, from: start)
      case .word("not") where kind(after: 1) == .word("in"):
        index += 2
        left = formula(.not(formula(.comparison("in", left, sum()), from: start)), from: start)
      case .word("between") where dialect == .feel:
        index += 1
        let low = sum()
        _ = take(word: "and")
        let high = sum()
        left = formula(
          .all([
            formula(.comparison(">=", left, low), from: start),
            formula(.comparison("<=", left, high), from: start),
          ]), from: start)
      case .word(let word):
        guard let comparison = Self.words[word] else { return left }
        index += 1
        left = formula(.comparison(comparison, left, sum()), from: start)
      default: return left
      }
    }
    return left
  }

  private mutating func isTest(_ left: Formula, from start: Int) -> Formula {
    let isNegated = take(word: "not")
    guard case .word(let name) = token.kind else { return formula(.unknown([left]), from: start) }
    index += 1
    if token.kind == .symbol("(") { _ = arguments() }
    let test = formula(.test(left, name), from: start)
    return isNegated ? formula(.not(test), from: start) : test
  }

  private mutating func sum() -> Formula {
    let start = token.range.start
    var left = product()
    for _ in 0..<Self.longestChain {
      if take("+") || take("~") {
        let right = product()
        if case .sum(let parts) = left.form, left.range.start == start {
          left = formula(.sum(parts + [right]), from: start)
        } else {
          left = formula(.sum([left, right]), from: start)
        }
      } else if take("-") {
        left = formula(.arithmetic([left, product()]), from: start)
      } else {
        return left
      }
    }
    return left
  }

  private mutating func product() -> Formula {
    let start = token.range.start
    var left = unary()
    var links = 0
    while links < Self.longestChain, takesProduct() {
      links += 1
      left = formula(.arithmetic([left, unary()]), from: start)
    }
    return left
  }

  private mutating func takesProduct() -> Bool {
    take("*") || take("/") || take("%") || take("**") || take("//") || take("..")
      || take(word: "div") || take(word: "mod")
  }

  private mutating func unary() -> Formula {
    let start = token.range.start
    if take("-") || take("+") { return formula(.arithmetic([postfix()]), from: start) }
    if dialect == .juel, token.kind == .word("empty") {
      index += 1
      return formula(.test(postfix(), "empty"), from: start)
    }
    return postfix()
  }

  private mutating func postfix() -> Formula {
    let start = token.range.start
    var value = primary()
    for _ in 0..<Self.longestChain {
      if take(".") {
        switch token.kind {
        case .word(let name): value = member(value, name, from: start)
        case .number(let number):
          index += 1
          value = formula(.index(value, formula(.number(number), from: start)), from: start)
        default: return formula(.unknown([value]), from: start)
        }
      } else if token.kind == .symbol("["), index > 0 {
        index += 1
        let key = expression()
        _ = take("]")
        value = formula(.index(value, key), from: start)
      } else if token.kind == .symbol("(") {
        value = formula(.call(value, arguments()), from: start)
      } else if dialect == .pebble || dialect == .jinja, token.kind == .symbol("|"),
        case .word(let name) = kind(after: 1)
      {
        index += 2
        let given = token.kind == .symbol("(") ? arguments() : []
        value = formula(.filter(value, name, given), from: start)
      } else {
        return value
      }
    }
    return value
  }

  private mutating func member(_ value: Formula, _ name: String, from start: Int) -> Formula {
    index += 1
    return formula(.member(value, name), from: start)
  }

  private mutating func arguments() -> [Formula] {
    guard take("(") else { return [] }
    var arguments: [Formula] = []
    while token.kind != .end, token.kind != .symbol(")") {
      // A named argument counts by its value.
      if case .word = token.kind, kind(after: 1) == .symbol("="), dialect != .feel { index += 2 }
      if case .word = token.kind, kind(after: 1) == .symbol(":"), dialect == .feel { index += 2 }
      let before = index
      arguments.append(expression())
      if !take(","), token.kind != .symbol(")"), index == before { index += 1 }
    }
    _ = take(")")
    return arguments
  }

  private mutating func primary() -> Formula {
    let start = token.range.start
    switch token.kind {
    case .text(let text):
      index += 1
      return formula(.text(text), from: start)
    case .number(let number):
      index += 1
      return formula(.number(number), from: start)
    case .word(let word): return name(word)
    case .symbol("("):
      index += 1
      let inner = expression()
      _ = take(")")
      return Formula(inner.form, inner.range)
    case .symbol("["): return list()
    case .symbol("{"): return record()
    case .symbol, .end: return formula(.unknown([]), from: start)
    }
  }

  private static let feelKeywords: Set<String> = [
    "and", "or", "then", "else", "in", "between", "satisfies", "return", "instance", "if", "some",
    "every", "not", "for",
  ]

  private mutating func name(_ word: String) -> Formula {
    let start = token.range.start
    index += 1
    switch word {
    case "true", "True": return formula(.boolean(true), from: start)
    case "false", "False": return formula(.boolean(false), from: start)
    case "null", "none", "None", "nil": return formula(.null, from: start)
    default: break
    }
    guard dialect == .feel else { return formula(.name(word), from: start) }
    // `string length(x)`: the words before a parenthesis are one name.
    var words = [word]
    // The one function that has an operator in its name.
    if word == "get", kind(after: 0) == .word("or"), kind(after: 1) == .word("else"),
      kind(after: 2) == .symbol("(")
    {
      index += 2
      return formula(.name("get or else"), from: start)
    }
    while case .word(let next) = kind(after: words.count - 1), words.count < 5,
      !Self.feelKeywords.contains(next)
    {
      words.append(next)
    }
    if words.count > 1, kind(after: words.count - 1) == .symbol("(") {
      index += words.count - 1
      return formula(.name(words.joined(separator: " ")), from: start)
    }
    return formula(.name(word), from: start)
  }

  private mutating func list() -> Formula {
    let start = token.range.start
    index += 1
    var items: [Formula] = []
    while token.kind != .end, token.kind != .symbol("]") {
      let before = index
      items.append(expression())
      if !take(","), token.kind != .symbol("]"), index == before { index += 1 }
    }
    _ = take("]")
    return formula(.list(items), from: start)
  }

  private mutating func record() -> Formula {
    let start = token.range.start
    index += 1
    var fields: [(name: String, value: Formula)] = []
    while token.kind != .end, token.kind != .symbol("}") {
      let name: String
      switch token.kind {
      case .word(let word): name = word
      case .text(let text): name = text
      default: name = ""
      }
      index += 1
      _ = take(":")
      let before = index
      fields.append((name, expression()))
      if !take(","), token.kind != .symbol("}"), index == before { index += 1 }
    }
    _ = take("}")
    return formula(.record(fields), from: start)
  }
}
