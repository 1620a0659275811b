/// Parses the part of jq that gates and extractions are made of; the rest becomes ``JqFilter/unknown``.
package struct JqParser {
  private var tokens: [Token] = []
  private var position = 0
  private var depth = 0

  enum Token: Equatable {
    case field(String)
    case name(String)
    case variable(String)
    case format(String)
    case number(String)
    /// Literal pieces and the sources of interpolations, alternating and starting with a literal.
    case string([String])
    case symbol(String)
  }

  /// Parses `program`.
  package static func parse(_ program: String) -> JqFilter {
    parse(program, depth: 0)
  }

  private static func parse(_ program: String, depth: Int) -> JqFilter {
    guard depth < nesting, let tokens = JqTokens.read(program) else { return .unknown }
    var parser = JqParser()
    parser.tokens = tokens
    parser.depth = depth
    guard !tokens.isEmpty else { return .identity }
    guard let filter = parser.parsePipe(), parser.position == tokens.count else { return .unknown }
    return filter
  }

  private static let nesting = 48

  private var current: Token? { position < tokens.count ? tokens[position] : nil }

  private mutating func take(_ symbol: String) -> Bool {
    guard current == .symbol(symbol) else { return false }
    position += 1
    return true
  }

  private mutating func take(keyword: String) -> Bool {
    guard current == .name(keyword) else { return false }
    position += 1
    return true
  }

  private mutating func parsePipe() -> JqFilter? {
    guard depth < Self.nesting else { return nil }
    depth += 1
    defer { depth -= 1 }
    guard let first = parseComma() else { return nil }
    if take(keyword: "as") {
      guard case .variable(let name)? = current else { return nil }
      position += 1
      guard take("|"), let body = parsePipe() else { return nil }
      return .binding(first, name: name, body: body)
    }
    // Left to right, so that a long chain is no deep recursion.
    var filter = first
    while take("|") {
      guard let right = parseComma() else { return nil }
      if take(keyword: "as") {
        guard case .variable(let name)? = current else { return nil }
        position += 1
        guard take("|"), let body = parsePipe() else { return nil }
        return .pipe(filter, .binding(right, name: name, body: body))
      }
      filter = .pipe(filter, right)
    }
    return filter
  }

  private mutating func parseComma() -> JqFilter? {
    guard var left = parseAssignment() else { return nil }
    while take(",") {
      guard let right = parseAssignment() else { return nil }
      left = .comma(left, right)
    }
    return left
  }

  private mutating func parseAssignment() -> JqFilter? {
    guard let left = parseAlternative() else { return nil }
    for symbol in ["=", "|=", "+=", "-=", "//="] where take(symbol) {
      guard let right = parseAlternative() else { return nil }
      return .assignment(symbol, left, right)
    }
    return left
  }

  /// `//` binds weaker than `or` and to the right.
  private mutating func parseAlternative() -> JqFilter? {
    var operands: [JqFilter] = []
    repeat {
      guard let operand = parseOr() else { return nil }
      operands.append(operand)
    } while take("//")
    var result = operands.removeLast()
    while let left = operands.popLast() { result = .alternative(left, result) }
    return result
  }

  private mutating func parseOr() -> JqFilter? {
    guard var left = parseAnd() else { return nil }
    while take(keyword: "or") {
      guard let right = parseAnd() else { return nil }
      left = .or(left, right)
    }
    return left
  }

  private mutating func parseAnd() -> JqFilter? {
    guard var left = parseComparison() else { return nil }
    while take(keyword: "and") {
      guard let right = parseComparison() else { return nil }
      left = .and(left, right)
    }
    return left
  }

  private mutating func parseComparison() -> JqFilter? {
    guard let left = parseSum() else { return nil }
    for symbol in ["==", "!=", "<=", ">=", "<", ">"] where take(symbol) {
      guard let right = parseSum() else { return nil }
      return .comparison(symbol, left, right)
    }
    return left
  }

  private mutating func parseSum() -> JqFilter? {
    guard var left = parsePostfix() else { return nil }
    while case .symbol(let symbol)? = current, ["+", "-", "*", "/", "%"].contains(symbol) {
      position += 1
      guard let right = parsePostfix() else { return nil }
      left = .arithmetic(symbol, left, right)
    }
    return left
  }

  private mutating func parsePostfix() -> JqFilter? {
    guard var filter = parseTerm() else { return nil }
    while let token = current {
      if case .field(let name) = token {
        position += 1
        filter = .field(filter, .literal(.text(name)))
      } else if take("[") {
        guard let indexed = parseBracket(of: filter) else { return nil }
        filter = indexed
      } else if take("?") {
        filter = .attempt(filter, otherwise: nil)
      } else if token == .symbol("."), position + 1 < tokens.count {
        if case .string(let pieces) = tokens[position + 1] {
          position += 2
          filter = .field(filter, string(pieces, format: nil))
        } else if tokens[position + 1] == .symbol("[") {
          position += 1
        } else {
          return filter
        }
      } else {
        return filter
      }
    }
    return filter
  }

  /// What stands between `[` and `]` after a term; the opening has been taken.
  private mutating func parseBracket(of filter: JqFilter) -> JqFilter? {
    if take("]") { return .iterate(filter) }
    if take(":") {
      guard parsePipe() != nil, take("]") else { return nil }
      return .slice(filter)
    }
    guard let index = parsePipe() else { return nil }
    if take(":") {
      if current != .symbol("]"), parsePipe() == nil { return nil }
      guard take("]") else { return nil }
      return .slice(filter)
    }
    guard take("]") else { return nil }
    return .field(filter, index)
  }

  private mutating func parseTerm() -> JqFilter? {
    guard let token = current else { return nil }
    position += 1
    switch token {
    case .field(let name): return .field(.identity, .literal(.text(name)))
    case .number(let text): return .literal(.number(text))
    case .string(let pieces): return string(pieces, format: nil)
    case .variable(let name): return .variable(name)
    case .format(let name):
      if case .string(let pieces)? = current {
        position += 1
        return string(pieces, format: name)
      }
      return .call("@" + name, [])
    case .symbol(let symbol): return parse(symbol: symbol)
    case .name(let name): return parse(name: name)
    }
  }

  private mutating func parse(symbol: String) -> JqFilter? {
    switch symbol {
    case ".":
      if case .string(let pieces)? = current {
        position += 1
        return .field(.identity, string(pieces, format: nil))
      }
      return .identity
    case "..": return .call("recurse", [])
    case "(":
      guard let inner = parsePipe(), take(")") else { return nil }
      return inner
    case "-":
      guard let operand = parsePostfix() else { return nil }
      if case .literal(.number(let text)) = operand { return .literal(.number("-" + text)) }
      return .arithmetic("-", .literal(.number("0")), operand)
    case "[":
      if take("]") { return .array(nil) }
      guard let inner = parsePipe(), take("]") else { return nil }
      return .array(inner)
    case "{": return parseObject()
    default: return nil
    }
  }

  private mutating func parse(name: String) -> JqFilter? {
    switch name {
    case "null": return .literal(.null)
    case "true": return .literal(.bool(true))
    case "false": return .literal(.bool(false))
    case "if": return parseConditional()
    case "try":
      guard let body = parsePostfix() else { return nil }
      if take(keyword: "catch") {
        guard let handler = parsePostfix() else { return nil }
        return .attempt(body, otherwise: handler)
      }
      return .attempt(body, otherwise: nil)
    case "reduce", "foreach", "def", "label", "import", "include": return nil
    default:
      var arguments: [JqFilter] = []
      if take("(") {
        repeat {
          guard let argument = parsePipe() else { return nil }
          arguments.append(argument)
        } while take(";")
        guard take(")") else { return nil }
      }
      return .call(name, arguments)
    }
  }

  private mutating func parseConditional() -> JqFilter? {
    guard depth < Self.nesting else { return nil }
    depth += 1
    defer { depth -= 1 }
    guard let condition = parsePipe(), take(keyword: "then"), let body = parsePipe() else {
      return nil
    }
    var otherwise = JqFilter.identity
    if take(keyword: "elif") {
      guard let nested = parseConditional() else { return nil }
      return .conditional(condition, then: body, otherwise: nested)
    }
    if take(keyword: "else") {
      guard let last = parsePipe() else { return nil }
      otherwise = last
    }
    guard take(keyword: "end") else { return nil }
    return .conditional(condition, then: body, otherwise: otherwise)
  }

  private mutating func parseObject() -> JqFilter? {
    var entries: [(key: JqFilter, value: JqFilter)] = []
    while !take("}") {
      guard let token = current else { return nil }
      position += 1
      var key: JqFilter
      var shorthand: JqFilter?
      switch token {
      case .name(let name):
        key = .literal(.text(name))
        shorthand = .field(.identity, key)
      case .variable(let name):
        key = .literal(.text(name))
        shorthand = .variable(name)
      case .string(let pieces):
        key = string(pieces, format: nil)
        shorthand = .field(.identity, key)
      case .symbol("("):
        guard let computed = parsePipe(), take(")") else { return nil }
        key = computed
      default: return nil
      }
      if take(":") {
        guard let value = parseObjectValue() else { return nil }
        entries.append((key, value))
      } else {
        guard let shorthand else { return nil }
        entries.append((key, shorthand))
      }
      if !take(","), current != .symbol("}") { return nil }
    }
    return .object(entries)
  }

  /// An object's value: `a | b` needs no parentheses, a comma ends it.
  private mutating func parseObjectValue() -> JqFilter? {
    guard var value = parseAlternative() else { return nil }
    while take("|") {
      guard let right = parseAlternative() else { return nil }
      value = .pipe(value, right)
    }
    return value
  }

  private func string(_ pieces: [String], format: String?) -> JqFilter {
    if pieces.count == 1 { return .literal(.text(pieces[0])) }
    var parts: [JqFilter] = []
    for (index, piece) in pieces.enumerated() {
      if index.isMultiple(of: 2) {
        if !piece.isEmpty { parts.append(.literal(.text(piece))) }
      } else {
        parts.append(Self.parse(piece, depth: depth + 1))
      }
    }
    return .text(parts, format: format)
  }
}
