package import SourceText

/// Parses Python into the tree that scripts are followed in, JavaScript's: blocks by indentation, keywords by meaning.
///
/// What is not understood is skipped as `unknown`, never an error. Names of the standard library stand for what they do
/// (`json.loads` for `JSON.parse`); `PythonNames` says which.
package struct PythonParser {
  let bytes: [UInt8]
  var tokens: [PythonToken]
  var index = 0
  var depth: Int
  /// Set by the first thing outside the subset in the present statement.
  var failed = false
  /// What imports and `with` call things.
  var names = PythonNames()
  /// Names that the present function or module assigns.
  var assigned: [[String]] = [[]]
  var flags = 0
  /// The flags of the loops around, for `else` after a loop.
  var loopFlags: [String?] = []

  /// Deepest nesting of blocks, and tallest expression, that is read.
  static let deepest = 80
  /// How many expressions the present one stands in, and how many it may: each takes a dozen calls.
  var nesting = 0
  static let mostNested = 20

  init(_ bytes: [UInt8], in range: ByteRange, depth: Int = 0) {
    self.bytes = bytes
    self.tokens = PythonLexer.tokens(of: bytes, in: range)
    self.depth = depth
  }

  /// The statements of a script.
  package static func statements(_ bytes: [UInt8], in range: ByteRange) -> [JavaScriptStatement] {
    var parser = PythonParser(bytes, in: range)
    var statements: [JavaScriptStatement] = []
    while parser.current != .end {
      let before = parser.index
      statements += parser.statement()
      if parser.index == before { parser.advance() }
    }
    return parser.hoisted(statements, at: range.start)
  }

  // MARK: Tokens

  var current: PythonToken.Kind { tokens[min(index, tokens.count - 1)].kind }
  var start: Int { tokens[min(index, tokens.count - 1)].range.start }
  var lastEnd: Int { index > 0 ? tokens[min(index, tokens.count) - 1].range.end : 0 }

  func peek(_ offset: Int = 1) -> PythonToken.Kind {
    index + offset < tokens.count ? tokens[index + offset].kind : .end
  }

  mutating func advance() { if index < tokens.count - 1 { index += 1 } }

  mutating func take(_ symbol: String) -> Bool {
    guard current == .symbol(symbol) else { return false }
    advance()
    return true
  }

  mutating func takeName(_ name: String) -> Bool {
    guard current == .name(name) else { return false }
    advance()
    return true
  }

  mutating func anyName() -> String? {
    guard case .name(let name) = current else { return nil }
    advance()
    return name
  }

  /// Goes behind the end of the present line.
  mutating func skipLine() {
    while current != .lineEnd, current != .end { advance() }
    if current == .lineEnd { advance() }
  }

  // MARK: Statements

  /// A block behind its colon, on the same line or indented.
  mutating func block() -> [JavaScriptStatement] {
    guard take(":") else {
      failed = true
      return []
    }
    guard current == .lineEnd else { return simpleLine() }
    advance()
    guard current == .indent else { return [] }
    advance()
    depth += 1
    defer { depth -= 1 }
    if depth > Self.deepest {
      let from = start
      skipBlock()
      return [.unknown(ByteRange(from, lastEnd))]
    }
    var statements: [JavaScriptStatement] = []
    while current != .dedent, current != .end {
      let before = index
      statements += statement()
      if index == before { advance() }
    }
    if current == .dedent { advance() }
    return statements
  }

  private mutating func skipBlock() {
    var level = 1
    while current != .end, level > 0 {
      if current == .indent { level += 1 }
      if current == .dedent { level -= 1 }
      advance()
    }
  }

  mutating func statement() -> [JavaScriptStatement] {
    let from = start
    let first = index
    failed = false
    guard case .name(let word) = current else {
      if current == .symbol("@") {
        skipLine()
        return []
      }
      return simpleLine()
    }
    var result: [JavaScriptStatement]
    switch word {
    case "async":
      advance()
      return statement()
    case "if": result = branch()
    case "while": result = whileLoop()
    case "for": result = forLoop()
    case "try": result = attempt()
    case "with": result = with()
    case "def": result = function()
    case "match":
      guard let chosen = selection() else { return simpleLine() }
      result = chosen
    case "class": return classDefinition()
    default: return simpleLine()
    }
    if failed {
      failed = false
      if index == first { advance() }
      if current != .indent, current != .dedent { skipLine() }
      let head = JavaScriptStatement.unknown(ByteRange(from, lastEnd))
      // What stands in it may run, or not.
      if current == .indent {
        advance()
        while current != .dedent, current != .end {
          let before = index
          result += statement()
          if index == before { advance() }
        }
        if current == .dedent { advance() }
      }
      return [head] + result
    }
    return result
  }

  /// Statements on one line, apart by `;`.
  mutating func simpleLine() -> [JavaScriptStatement] {
    var statements: [JavaScriptStatement] = []
    while current != .lineEnd, current != .end, current != .dedent {
      let from = start
      failed = false
      let parsed = simpleStatement()
      if failed || (current != .lineEnd && current != .symbol(";") && current != .end) {
        while current != .lineEnd, current != .end, current != .symbol(";") { advance() }
        statements.append(.unknown(ByteRange(from, max(from, lastEnd))))
      } else {
        statements += parsed
      }
      _ = take(";")
    }
    if current == .lineEnd { advance() }
    failed = false
    return statements
  }

  private mutating func simpleStatement() -> [JavaScriptStatement] {
    let from = start
    if case .name(let word) = current {
      switch word {
      case "pass", "global", "nonlocal", "del":
        while current != .lineEnd, current != .symbol(";"), current != .end { advance() }
        return []
      case "import", "from":
        importNames()
        return []
      case "break":
        advance()
        let leave = JavaScriptStatement.leaving(ByteRange(from, lastEnd))
        guard let flag = loopFlags.last ?? nil else { return [leave] }
        return [assign(flag, true, at: from), leave]
      case "continue":
        advance()
        return [.continuing(ByteRange(from, lastEnd))]
      case "return":
        advance()
        let value = endsStatement ? nil : tuple()
        return [.returning(value, ByteRange(from, lastEnd))]
      case "raise":
        advance()
        let value = endsStatement ? nil : tuple()
        if takeName("from") { _ = tuple() }
        return [.raising(value, ByteRange(from, lastEnd))]
      case "assert":
        advance()
        guard let test = expression() else { return [] }
        if take(",") { _ = expression() }
        let range = ByteRange(from, lastEnd)
        return [.branch(test, then: [], otherwise: [.raising(nil, range)])]
      default: break
      }
    }
    guard let target = tuple() else { return [] }
    if take(":") {
      _ = expression()
      if current != .symbol("=") { return [] }
    }
    if current == .symbol("=") { return assignments(target, from) }
    if case .symbol(let symbol) = current, symbol.hasSuffix("="), symbol.count > 1,
      !["==", "<=", ">=", "!=", ":="].contains(symbol)
    {
      advance()
      guard let value = tuple() else { return [] }
      note(target)
      let range = ByteRange(from, lastEnd)
      let kept = symbol == "+=" || symbol == "-=" ? symbol : "="
      return [
        .expression(JavaScriptExpression(.assignment(kept, target, value), range, over: [value]))
      ]
    }
    return PythonNames.asserting(target) ?? [.expression(target)]
  }

  private var endsStatement: Bool {
    current == .lineEnd || current == .symbol(";") || current == .end
  }

  private mutating func assignments(
    _ first: JavaScriptExpression, _ from: Int
  ) -> [JavaScriptStatement] {
    var targets = [first]
    var value = first
    while take("=") {
      guard let next = tuple() else { return [] }
      targets.append(next)
      value = next
    }
    targets.removeLast()
    var statements: [JavaScriptStatement] = []
    for target in targets { statements += assign(target, value, from) }
    return statements
  }

  func assign(_ name: String, _ flag: Bool, at place: Int) -> JavaScriptStatement {
    let range = ByteRange(place, place)
    let value = JavaScriptExpression(.boolean(flag), range)
    return .expression(
      JavaScriptExpression(
        .assignment("=", JavaScriptExpression(.identifier(name), range), value), range,
        over: [value]))
  }

  private mutating func assign(
    _ target: JavaScriptExpression, _ value: JavaScriptExpression, _ from: Int
  ) -> [JavaScriptStatement] {
    note(target)
    let range = ByteRange(from, lastEnd)
    guard case .array(let parts) = target.form else {
      if case .identifier(let name) = target.form,
        case .call(let callee, let arguments) = value.form,
        callee.dottedName == PythonNames.handle
      {
        names.files[name] = arguments
        return []
      }
      return [
        .expression(JavaScriptExpression(.assignment("=", target, value), range, over: [value]))
      ]
    }
    let whole = newFlag()
    let holder = JavaScriptExpression(.identifier(whole), value.range)
    var statements = assign(holder, value, from)
    for (position, part) in parts.enumerated() {
      let index = JavaScriptExpression(.number(String(position)), part.range)
      statements += assign(
        part, JavaScriptExpression(.index(holder, index), part.range, over: [holder]), from)
    }
    return statements
  }

  mutating func note(_ target: JavaScriptExpression) {
    switch target.form {
    case .identifier(let name): assigned[assigned.count - 1].append(name)
    case .array(let parts): for part in parts { note(part) }
    default: break
    }
  }

  mutating func newFlag() -> String {
    flags += 1
    return "__\(flags)"
  }

  /// A name assigned anywhere in a function is the function's, from its beginning.
  mutating func hoisted(
    _ statements: [JavaScriptStatement], at place: Int, except parameters: Set<String> = []
  ) -> [JavaScriptStatement] {
    let own = Set(assigned.removeLast()).subtracting(parameters).sorted()
    if assigned.isEmpty { assigned = [[]] }
    if own.isEmpty { return statements }
    let range = ByteRange(place, place)
    let bindings = own.map {
      JavaScriptStatement.Binding(pattern: .name($0, range), value: nil)
    }
    return [.declaration(isConstant: false, bindings, range)] + statements
  }
}
