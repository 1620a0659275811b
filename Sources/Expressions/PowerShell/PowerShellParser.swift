package import SourceText

/// Parses PowerShell into the tree that scripts are followed in, JavaScript's: commands become calls, pipelines nest.
///
/// What is not understood is skipped as `unknown`, never an error. Names and operators are compared without case.
package struct PowerShellParser {
  typealias Expression = JavaScriptExpression

  let bytes: [UInt8]
  let end: Int
  var position: Int {
    didSet { if position > end { position = end } }
  }
  /// Set by the first thing outside the subset in the present statement.
  var failed = false
  /// How deep the present expression or block stands: each level takes several calls.
  var depth = 0
  /// The parameters of the script's own functions, by the function's name in lower case.
  var parameters: [String: [String]] = [:]

  static let deepest = 40

  /// The names that are assigned in the script, and in each function around the place.
  private var assigned: [[String]] = [[]]

  init(_ bytes: [UInt8], in range: ByteRange) {
    self.bytes = bytes
    position = max(0, range.start)
    end = min(bytes.count, range.end)
  }

  /// The statements of a script.
  package static func statements(_ bytes: [UInt8], in range: ByteRange) -> [JavaScriptStatement] {
    var parser = PowerShellParser(bytes, in: range)
    var statements: [JavaScriptStatement] = []
    while parser.position < parser.end {
      statements += parser.list()
      // A closing brace too many must not end the script.
      if parser.position < parser.end { parser.position += 1 }
    }
    return parser.hoisted(statements, at: range.start)
  }

  /// A variable that is assigned in a block is there behind it.
  private mutating func hoisted(
    _ statements: [JavaScriptStatement], at place: Int, except parameters: [String] = []
  ) -> [JavaScriptStatement] {
    let own = Set(assigned.popLast() ?? []).subtracting(parameters).sorted()
    if own.isEmpty { return statements }
    let range = ByteRange(place, place)
    let bindings = own.map {
      JavaScriptStatement.Binding(pattern: .name($0, range), value: nil)
    }
    return [.declaration(isConstant: false, bindings, range)] + statements
  }

  // MARK: Bytes

  var byte: UInt8? { position < end ? bytes[position] : nil }

  func peek(_ offset: Int) -> UInt8? { position + offset < end ? bytes[position + offset] : nil }

  /// Moves past blanks, comments and continued lines; past line ends only where these mean nothing.
  mutating func skipBlanks(lines: Bool = false) {
    while let byte {
      switch byte {
      case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\r"): position += 1
      case UInt8(ascii: "\n") where lines: position += 1
      case UInt8(ascii: "`") where peek(1) == UInt8(ascii: "\n"): position += 2
      case UInt8(ascii: "`") where peek(1) == UInt8(ascii: "\r"): position += 3
      case UInt8(ascii: "<") where peek(1) == UInt8(ascii: "#"):
        position += 2
        while position < end,
          !(bytes[position] == UInt8(ascii: "#") && peek(1) == UInt8(ascii: ">"))
        {
          position += 1
        }
        position = min(end, position + 2)
      case UInt8(ascii: "#"):
        while position < end, bytes[position] != UInt8(ascii: "\n") { position += 1 }
      default: return
      }
    }
  }

  mutating func take(_ text: String) -> Bool {
    let wanted = text.utf8
    guard position + wanted.count <= end,
      bytes[position..<(position + wanted.count)].elementsEqual(wanted)
    else { return false }
    position += wanted.count
    return true
  }

  static func isWord(_ byte: UInt8) -> Bool {
    (0x30...0x39).contains(byte) || (0x41...0x5a).contains(byte & 0xdf)
      || byte == UInt8(ascii: "_") || byte >= 0x80
  }

  /// The letters from here on, in lower case, without moving.
  func word(at start: Int) -> String {
    guard start < end else { return "" }
    var index = start
    while index < end, Self.isWord(bytes[index]) { index += 1 }
    return String(decoding: bytes[start..<index], as: UTF8.self).lowercased()
  }

  mutating func takeKeyword(_ keyword: String) -> Bool {
    let saved = position
    skipBlanks(lines: true)
    guard word(at: position) == keyword else {
      position = saved
      return false
    }
    position += keyword.utf8.count
    return true
  }

  // MARK: Statements

  /// Statements up to a closing brace.
  mutating func list() -> [JavaScriptStatement] {
    var statements: [JavaScriptStatement] = []
    while true {
      skipBlanks(lines: true)
      guard let byte, byte != UInt8(ascii: "}") else { return statements }
      if byte == UInt8(ascii: ";") {
        position += 1
        continue
      }
      let from = position
      failed = false
      let made = statement()
      skipBlanks()
      let isEnded =
        self.byte.map { [0x0a, UInt8(ascii: ";"), UInt8(ascii: "}")].contains($0) } ?? true
      if failed || !isEnded {
        if position == from { position += 1 }
        skipStatement()
        statements.append(.unknown(ByteRange(from, max(from, position))))
      } else {
        statements += made
      }
      failed = false
    }
  }

  /// Moves to the end of the statement: a line end or semicolon at the same nesting, or before a closing brace.
  private mutating func skipStatement() {
    var open = 0
    while let byte {
      switch byte {
      case UInt8(ascii: "("), UInt8(ascii: "{"): open += 1
      case UInt8(ascii: ")"): open = max(0, open - 1)
      case UInt8(ascii: "}"):
        if open == 0 { return }
        open -= 1
      case UInt8(ascii: "'"), UInt8(ascii: "\""):
        position += 1
        while position < end, bytes[position] != byte { position += 1 }
      case 0x0a, UInt8(ascii: ";"):
        if open == 0 { return }
      default: break
      }
      position += 1
    }
  }

  mutating func block() -> [JavaScriptStatement] {
    skipBlanks(lines: true)
    guard depth < Self.deepest, take("{") else {
      failed = true
      return []
    }
    depth += 1
    let body = list()
    depth -= 1
    if !take("}") { failed = true }
    return body
  }

  /// What is said of a script or function before its parameters.
  private static let attributes: Set<String> = [
    "cmdletbinding", "outputtype", "diagnostics",
  ]

  private mutating func statement() -> [JavaScriptStatement] {
    let from = position
    let keyword = word(at: position)
    let next = position + keyword.utf8.count
    if byte == UInt8(ascii: "["), Self.attributes.contains(word(at: position + 1)) {
      while byte != nil, byte != UInt8(ascii: "]"), byte != 0x0a { position += 1 }
      _ = take("]")
      return []
    }
    // `if-x` is a command's name.
    guard !keyword.isEmpty, next >= end || bytes[next] != UInt8(ascii: "-") else { return simple() }
    switch keyword {
    case "if":
      position = next
      return branch()
    case "switch":
      position = next
      return selection(from)
    case "foreach":
      position = next
      return forEach(from)
    case "while":
      position = next
      guard let test = parenthesised() else { return [] }
      let body = block()
      return [.loop(test, body: body, runsFirst: false, ByteRange(from, position))]
    case "do":
      position = next
      let body = block()
      let isUntil = takeKeyword("until")
      guard isUntil || takeKeyword("while"), let test = parenthesised() else { return [] }
      let stays = isUntil ? Expression(.unary("!", test), test.range, over: [test]) : test
      return [.loop(stays, body: body, runsFirst: true, ByteRange(from, position))]
    case "for":
      position = next
      return countedFor(from)
    case "try":
      position = next
      return attempt()
    case "function", "filter":
      position = next
      return function(from)
    case "param":
      position = next
      skipBlanks(lines: true)
      _ = balanced()
      return []
    case "return", "throw":
      position = next
      skipBlanks()
      let value = isAtEndOfStatement ? nil : pipeline()
      let range = ByteRange(from, position)
      return [keyword == "return" ? .returning(value, range) : .raising(value, range)]
    case "exit":
      position = next
      skipBlanks()
      let status =
        isAtEndOfStatement ? Expression(.string("0"), ByteRange(from, position)) : pipeline()
      return [.expression(call("process.exit", [status].compactMap(\.self), from))]
    case "break", "continue":
      position = next
      let range = ByteRange(from, position)
      return [keyword == "break" ? .leaving(range) : .continuing(range)]
    case "using", "begin", "process", "end":
      position = next
      skipStatement()
      return []
    default: return simple()
    }
  }

  var isAtEndOfStatement: Bool {
    guard let byte else { return true }
    return [0x0a, UInt8(ascii: ";"), UInt8(ascii: "}"), UInt8(ascii: ")")].contains(byte)
  }

  private mutating func parenthesised() -> Expression? {
    skipBlanks(lines: true)
    guard take("(") else {
      failed = true
      return nil
    }
    let inner = nested { $0.pipeline() }
    skipBlanks(lines: true)
    if !take(")") { failed = true }
    return inner
  }

  /// What stands in parentheses, whatever it is.
  mutating func balanced() -> ByteRange {
    let from = position
    var open = 0
    while let byte {
      position += 1
      if byte == UInt8(ascii: "(") { open += 1 }
      if byte == UInt8(ascii: ")") {
        open -= 1
        if open <= 0 { break }
      }
    }
    return ByteRange(from, position)
  }

  private mutating func branch() -> [JavaScriptStatement] {
    guard depth < Self.deepest, let test = parenthesised() else {
      failed = true
      return []
    }
    let then = block()
    var otherwise: [JavaScriptStatement] = []
    if takeKeyword("elseif") {
      depth += 1
      otherwise = branch()
      depth -= 1
    } else if takeKeyword("else") {
      otherwise = block()
    }
    return [.branch(test, then: then, otherwise: otherwise)]
  }

  private mutating func forEach(_ from: Int) -> [JavaScriptStatement] {
    skipBlanks(lines: true)
    guard take("("), let element = nested({ $0.primary() }),
      case .identifier(let name) = element.form,
      takeKeyword("in"), let list = nested({ $0.pipeline() })
    else {
      failed = true
      return []
    }
    skipBlanks(lines: true)
    guard take(")") else {
      failed = true
      return []
    }
    let body = block()
    return [
      .each(.name(name, element.range), of: list, body: body, ByteRange(from, position))
    ]
  }

  private mutating func countedFor(_ from: Int) -> [JavaScriptStatement] {
    skipBlanks(lines: true)
    guard take("(") else {
      failed = true
      return []
    }
    let first = simple()
    skipBlanks(lines: true)
    guard take(";") else {
      failed = true
      return []
    }
    skipBlanks(lines: true)
    let test = nested { $0.pipeline() }
    skipBlanks(lines: true)
    guard take(";") else {
      failed = true
      return []
    }
    skipBlanks(lines: true)
    let last = byte == UInt8(ascii: ")") ? [] : simple()
    skipBlanks(lines: true)
    guard take(")") else {
      failed = true
      return []
    }
    let body = block() + last
    return [.block(first + [.loop(test, body: body, runsFirst: false, ByteRange(from, position))])]
  }

  private mutating func attempt() -> [JavaScriptStatement] {
    let tried = block()
    var caught: [JavaScriptStatement]?
    while takeKeyword("catch") {
      skipBlanks(lines: true)
      while take("[") {
        while let byte, byte != UInt8(ascii: "]") { _ = byte; position += 1 }
        _ = take("]")
        skipBlanks(lines: true)
        _ = take(",")
        skipBlanks(lines: true)
      }
      let body = block()
      caught = caught ?? body
    }
    let last = takeKeyword("finally") ? block() : []
    return [.attempt(tried, caught: caught, last: last)]
  }

  private mutating func function(_ from: Int) -> [JavaScriptStatement] {
    skipBlanks()
    let start = position
    while let byte, Self.isWord(byte) || byte == UInt8(ascii: "-") || byte == UInt8(ascii: ":") {
      position += 1
    }
    let name = String(decoding: bytes[start..<position], as: UTF8.self).lowercased()
    skipBlanks(lines: true)
    var names: [String] = []
    if byte == UInt8(ascii: "(") { names = parameterNames(in: balanced()) }
    skipBlanks(lines: true)
    // The parameters may stand inside.
    let saved = position
    if take("{") {
      skipBlanks(lines: true)
      while take("[") {
        while let byte, byte != UInt8(ascii: "]") { _ = byte; position += 1 }
        _ = take("]")
        if take("(") { _ = take(")") }
        skipBlanks(lines: true)
      }
      if word(at: position) == "param" {
        position += 5
        skipBlanks(lines: true)
        names = parameterNames(in: balanced())
      }
      position = saved
    }
    parameters[name] = names
    assigned.append([])
    var body = block()
    // What a function's last line makes is what it gives.
    if case .expression(let value)? = body.last, !value.isAssignment {
      body[body.count - 1] = .returning(value, value.range)
    }
    body = hoisted(body, at: from, except: names)
    guard !failed, !name.isEmpty else { return [] }
    let range = ByteRange(from, position)
    let function = JavaScriptFunction(
      name: name, parameters: names.map { .name($0, range) }, body: .block(body))
    return [.function(function, range)]
  }

  /// The variables that a list of parameters declares: those at its own level.
  private func parameterNames(in range: ByteRange) -> [String] {
    var names: [String] = []
    var open = 0
    var index = range.start
    var isValue = false
    while index < range.end {
      switch bytes[index] {
      case UInt8(ascii: "("), UInt8(ascii: "["), UInt8(ascii: "{"): open += 1
      case UInt8(ascii: ")"), UInt8(ascii: "]"), UInt8(ascii: "}"): open -= 1
      case UInt8(ascii: "="): isValue = isValue || open == 1
      case UInt8(ascii: ","): if open == 1 { isValue = false }
      case UInt8(ascii: "$") where open == 1 && !isValue:
        let name = word(at: index + 1)
        if !name.isEmpty { names.append(name) }
      default: break
      }
      index += 1
    }
    return names
  }

  /// An assignment or a pipeline.
  mutating func simple() -> [JavaScriptStatement] {
    let from = position
    if byte == UInt8(ascii: "$") || byte == UInt8(ascii: "["), let target = assignmentTarget() {
      skipBlanks()
      for symbol in ["+=", "="] where take(symbol) {
        skipBlanks(lines: true)
        guard let value = pipeline() else {
          failed = true
          return []
        }
        let range = ByteRange(from, position)
        if let name = environmentName(target) {
          return [.expression(call("PowerShell.setEnvironment", [name, value], from))]
        }
        if case .identifier(let name) = target.form, !assigned.isEmpty {
          assigned[assigned.count - 1].append(name)
        }
        return [
          .expression(Expression(.assignment(symbol, target, value), range, over: [value]))
        ]
      }
      if take("++") || take("--") {
        let one = Expression(.number("1"), target.range)
        return [
          .expression(
            Expression(.assignment("+=", target, one), ByteRange(from, position), over: [one]))
        ]
      }
      position = from
    }
    guard let value = pipeline() else { return [] }
    skipBlanks()
    if value.dottedName?.hasPrefix("_.") == true, take("=") {
      // A setting of the runtime.
      skipBlanks(lines: true)
      _ = pipeline()
      return []
    }
    // Errors stop a script where its engine asks for that, as most do.
    if case .call(let callee, _) = value.form, callee.dottedName == "console.error" {
      return [.raising(nil, value.range)]
    }
    return [.expression(value)]
  }

  private mutating func assignmentTarget() -> Expression? {
    let from = position
    while byte == UInt8(ascii: "[") {
      // A type before the variable.
      while let byte, byte != UInt8(ascii: "]"), byte != 0x0a { _ = byte; position += 1 }
      guard take("]") else {
        position = from
        return nil
      }
      skipBlanks()
    }
    guard byte == UInt8(ascii: "$"), let target = nested({ $0.primary() }), !failed else {
      failed = false
      position = from
      return nil
    }
    return target
  }

  private func environmentName(_ target: Expression) -> Expression? {
    guard case .member(let base, let name) = target.form, base.dottedName == "process.env" else {
      return nil
    }
    return Expression(.string(name), target.range)
  }

  mutating func nested(_ body: (inout Self) -> Expression?) -> Expression? {
    guard depth < Self.deepest else {
      failed = true
      return nil
    }
    depth += 1
    defer { depth -= 1 }
    return body(&self)
  }

  func call(_ name: String, _ arguments: [Expression], _ from: Int) -> Expression {
    let range = ByteRange(from, max(from, position))
    let parts = name.parts(by: ".").map(String.init)
    var callee = Expression(.identifier(parts.first ?? name), range)
    for part in parts.dropFirst() {
      callee = Expression(.member(callee, part), range, over: [callee])
    }
    return Expression(.call(callee, arguments), range, over: [callee] + arguments)
  }
}

extension JavaScriptExpression {
  fileprivate var isAssignment: Bool { if case .assignment = form { true } else { false } }
}
