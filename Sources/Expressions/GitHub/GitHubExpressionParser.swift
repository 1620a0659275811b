package import SourceText

/// Parses one expression, without its `${{ }}`.
package struct GitHubExpressionParser {
  private typealias Token = GitHubExpressionLexer.Token
  private typealias Symbol = GitHubExpressionLexer.Symbol

  /// The engine's own bounds: longer or deeper expressions do not run there either.
  private static let longest = 21_000
  private static let deepest = 50

  private var lexer: GitHubExpressionLexer
  private var token: Token
  private var depth = 0
  /// Levels that operators add without brackets: `a == b == c`, `!!a`.
  private var operatorDepth = 0
  private let range: ByteRange

  /// Parses the expression that fills a part of a text.
  ///
  /// - Parameters:
  ///   - text: UTF-8 bytes.
  ///   - range: the part that holds the expression.
  /// - Returns: the expression; its ranges count from the text's start.
  /// - Throws: the first place where the text stops being an expression.
  package static func parse(
    _ text: [UInt8], in range: ByteRange
  ) throws(GitHubExpressionError) -> GitHubExpression {
    guard range.count <= longest else {
      throw GitHubExpressionError("this expression is longer than the engine accepts", at: range)
    }
    var parser = try GitHubExpressionParser(text, range)
    let expression = try parser.expression()
    if parser.token.kind != .end {
      throw parser.unexpected("the end of the expression")
    }
    return expression
  }

  private init(_ text: [UInt8], _ range: ByteRange) throws(GitHubExpressionError) {
    self.range = range
    lexer = GitHubExpressionLexer(text, in: range)
    token = try lexer.next()
  }

  private mutating func advance() throws(GitHubExpressionError) { token = try lexer.next() }

  private mutating func take(_ symbol: Symbol) throws(GitHubExpressionError) -> Bool {
    guard token.kind == .symbol(symbol) else { return false }
    try advance()
    return true
  }

  private mutating func expect(_ symbol: Symbol) throws(GitHubExpressionError) -> Int {
    guard token.kind == .symbol(symbol) else { throw unexpected("`\(symbol.rawValue)`") }
    let end = token.range.end
    try advance()
    return end
  }

  private func unexpected(_ expected: String) -> GitHubExpressionError {
    let found =
      switch token.kind {
      case .end: "the expression ends here"
      case .name(let name): "`\(name)` stands here"
      case .number(let number): "`\(number)` stands here"
      case .text: "a text stands here"
      case .symbol(let symbol): "`\(symbol.rawValue)` stands here"
      }
    let place = token.kind == .end && range.count > 0 ? range : token.range
    return GitHubExpressionError("expected \(expected), but \(found)", at: place)
  }

  private mutating func expression() throws(GitHubExpressionError) -> GitHubExpression {
    depth += 1
    defer { depth -= 1 }
    try deepen(0)
    return try binary(above: 0)
  }

  private mutating func deepen(_ levels: Int) throws(GitHubExpressionError) {
    operatorDepth += levels
    guard depth <= Self.deepest, operatorDepth <= Self.deepest else {
      throw GitHubExpressionError("this expression nests deeper than the engine accepts", at: range)
    }
  }

  /// Operators that bind tighter than `power`, to the left.
  private mutating func binary(above power: Int) throws(GitHubExpressionError) -> GitHubExpression {
    var left = try unary()
    var isChained = false
    while case .symbol(let symbol) = token.kind, let strength = Self.strength(symbol),
      strength > power
    {
      try advance()
      let right = try binary(above: strength)
      let whole = ByteRange(left.range.start, right.range.end)
      if let comparison = Self.comparison(symbol) {
        if isChained { try deepen(1) }
        isChained = true
        left = GitHubExpression(.comparison(comparison, left, right), whole)
      } else if symbol == .and {
        left = Self.joined(left, right, whole, isAll: true)
      } else {
        left = Self.joined(left, right, whole, isAll: false)
      }
    }
    return left
  }

  private static func joined(
    _ left: GitHubExpression, _ right: GitHubExpression, _ whole: ByteRange, isAll: Bool
  ) -> GitHubExpression {
    // `a && b && c` is one list: the engine does the same, and a long chain does not become depth.
    switch (isAll, left.form) {
    case (true, .all(let parts)): GitHubExpression(.all(parts + [right]), whole)
    case (false, .any(let parts)): GitHubExpression(.any(parts + [right]), whole)
    case (true, _): GitHubExpression(.all([left, right]), whole)
    case (false, _): GitHubExpression(.any([left, right]), whole)
    }
  }

  private static func strength(_ symbol: Symbol) -> Int? {
    switch symbol {
    case .or: 1
    case .and: 2
    case .equal, .notEqual: 3
    case .less, .lessOrEqual, .greater, .greaterOrEqual: 4
    case .open, .close, .openBracket, .closeBracket, .dot, .comma, .star, .not: nil
    }
  }

  private static func comparison(_ symbol: Symbol) -> GitHubExpression.Comparison? {
    switch symbol {
    case .equal: .equal
    case .notEqual: .notEqual
    case .less: .less
    case .lessOrEqual: .lessOrEqual
    case .greater: .greater
    case .greaterOrEqual: .greaterOrEqual
    case .or, .and, .open, .close, .openBracket, .closeBracket, .dot, .comma, .star, .not: nil
    }
  }

  private mutating func unary() throws(GitHubExpressionError) -> GitHubExpression {
    let start = token.range.start
    var negations = 0
    while try take(.not) { negations += 1 }
    if negations > 1 { try deepen(negations - 1) }
    var inner = try postfix()
    for _ in 0..<negations {
      inner = GitHubExpression(.not(inner), ByteRange(start, inner.range.end))
    }
    return inner
  }

  private mutating func postfix() throws(GitHubExpressionError) -> GitHubExpression {
    let base = try primary()
    var accessors: [GitHubExpression.Accessor] = []
    var end = base.range.end
    while true {
      if try take(.dot) {
        end = token.range.end
        switch token.kind {
        case .name(let name): accessors.append(.property(name))
        case .symbol(.star): accessors.append(.every)
        case .number, .text, .symbol, .end: throw unexpected("a property's name")
        }
        try advance()
      } else if try take(.openBracket) {
        if try take(.star) {
          accessors.append(.every)
        } else {
          let index = try expression()
          if case .text(let name) = index.form {
            accessors.append(.property(name))
          } else {
            accessors.append(.index(index))
          }
        }
        end = try expect(.closeBracket)
      } else {
        break
      }
    }
    if accessors.isEmpty { return base }
    return GitHubExpression(.access(base, accessors), ByteRange(base.range.start, end))
  }

  private mutating func primary() throws(GitHubExpressionError) -> GitHubExpression {
    let start = token
    switch start.kind {
    case .text(let text):
      try advance()
      return GitHubExpression(.text(text), start.range)
    case .number(let number):
      try advance()
      return GitHubExpression(.number(number), start.range)
    case .name(let name):
      try advance()
      if try take(.open) { return try call(name, from: start.range.start) }
      return GitHubExpression(Self.word(name), start.range)
    case .symbol(.open):
      try advance()
      var inner = try expression()
      let end = try expect(.close)
      inner.range = ByteRange(start.range.start, end)
      return inner
    case .symbol, .end:
      throw unexpected("a value")
    }
  }

  private static func word(_ name: String) -> GitHubExpression.Form {
    switch name {
    case "true": .boolean(true)
    case "false": .boolean(false)
    case "null": .null
    case "NaN", "Infinity": .number(name)
    default: .context(name)
    }
  }

  private mutating func call(
    _ name: String, from start: Int
  ) throws(GitHubExpressionError) -> GitHubExpression {
    var arguments: [GitHubExpression] = []
    if token.kind != .symbol(.close) {
      repeat { arguments.append(try expression()) } while try take(.comma)
    }
    let end = try expect(.close)
    return GitHubExpression(.call(name, arguments), ByteRange(start, end))
  }
}
