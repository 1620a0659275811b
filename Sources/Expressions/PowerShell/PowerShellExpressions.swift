import SourceText

/// Expressions: operators, variables, texts, lists and tables.
extension PowerShellParser {
  /// One expression without a pipeline.
  mutating func expression() -> Expression? { binary(level: 0) }

  /// Operators from the loosest on, each with its meaning in the tree.
  private static let levels: [[(word: String, symbol: String)]] = [
    [("-and", "&&"), ("-or", "||"), ("-xor", "||")],
    [
      ("-eq", "==="), ("-ceq", "==="), ("-ieq", "==="), ("-ne", "!=="), ("-cne", "!=="),
      ("-ine", "!=="), ("-gt", ">"), ("-ge", ">="), ("-lt", "<"), ("-le", "<="),
      ("-match", "match"), ("-imatch", "match"), ("-cmatch", "match"), ("-notmatch", "!match"),
      ("-like", "like"), ("-ilike", "like"), ("-clike", "like"), ("-notlike", "!like"),
      ("-contains", "contains"), ("-notcontains", "!contains"), ("-in", "in"), ("-notin", "!in"),
      ("-replace", "replace"), ("-split", "split"), ("-join", "join"), ("-is", "is"),
      ("-isnot", "is"), ("-as", "as"),
    ],
    [("+", "+"), ("-", "-")],
    [("*", "*"), ("/", "/"), ("%", "%"), ("-f", "format")],
  ]

  private mutating func binary(level: Int) -> Expression? {
    guard level < Self.levels.count else { return unary() }
    guard var left = binary(level: level + 1) else { return nil }
    while let symbol = takeOperator(level) {
      skipBlanks(lines: true)
      guard let right = nested({ $0.binary(level: level + 1) }) else {
        failed = true
        return left
      }
      left = combined(symbol, left, right)
    }
    return left
  }

  private mutating func takeOperator(_ level: Int) -> String? {
    let saved = position
    skipBlanks()
    // `-eq` is no subtraction.
    let word = byte == UInt8(ascii: "-") ? self.word(at: position + 1) : ""
    let isNamed = word.utf8.first.map { !(0x30...0x39).contains($0) } ?? false
    for (text, symbol) in Self.levels[level] {
      if text.utf8.count > 1 {
        guard isNamed, text.utf8.dropFirst().elementsEqual(word.utf8) else { continue }
        position += text.utf8.count
        return symbol
      }
      if text != "-" || !isNamed, take(text) { return symbol }
    }
    position = saved
    return nil
  }

  /// Two operands compared by an operator's word.
  func compared(_ word: String, _ left: Expression, _ right: Expression) -> Expression {
    let symbol = Self.levels[1].first { $0.word == word }?.symbol ?? "==="
    return combined(symbol, left, right)
  }

  private func combined(_ symbol: String, _ left: Expression, _ right: Expression) -> Expression {
    let range = ByteRange(left.range.start, right.range.end)
    func method(_ object: Expression, _ name: String, _ argument: Expression) -> Expression {
      let callee = Expression(.member(object, name), range, over: [object])
      return Expression(.call(callee, [argument]), range, over: [callee, argument])
    }
    switch symbol {
    case "&&", "||", "+":
      return Expression(.chain(symbol, [left, right]), range, over: [left, right])
    case "===", "!==":
      // `$null -ne $x`: what is asked stands on the right.
      if case .null = left.form {
        return Expression(.binary(symbol, right, left), range, over: [left, right])
      }
      return Expression(.binary(symbol, left, right), range, over: [left, right])
    case ">", ">=", "<", "<=", "-", "*", "/", "%":
      return Expression(.binary(symbol, left, right), range, over: [left, right])
    case "replace", "split", "join", "format": return method(left, symbol, right)
    case "is", "as": return left
    default: break
    }
    let isNegated = symbol.hasPrefix("!")
    let test: Expression
    switch symbol.drop(while: { $0 == "!" }) {
    case "contains": test = method(left, "includes", right)
    case "in": test = method(right, "includes", left)
    case "match":
      if case .string(let pattern) = right.form {
        let regular = Expression(
          .regularExpression(pattern: pattern, flags: "i"), right.range)
        test = method(regular, "test", left)
      } else {
        test = method(left, "match", right)
      }
    default: test = like(left, right, method)
    }
    return isNegated ? Expression(.unary("!", test), range, over: [test]) : test
  }

  /// A wildcard pattern: the plain shapes as what they ask.
  private func like(
    _ left: Expression, _ right: Expression,
    _ method: (Expression, String, Expression) -> Expression
  ) -> Expression {
    guard case .string(let pattern) = right.form else { return method(left, "match", right) }
    let inner = pattern.trimmingStars
    let text = Expression(.string(inner), right.range)
    guard !inner.contains("*"), !inner.contains("?") else { return method(left, "match", text) }
    switch (pattern.hasPrefix("*"), pattern.hasSuffix("*")) {
    case (true, true): return method(left, "includes", text)
    case (true, false): return method(left, "endsWith", text)
    case (false, true): return method(left, "startsWith", text)
    case (false, false):
      return Expression(
        .binary("===", left, text), ByteRange(left.range.start, right.range.end),
        over: [left, text])
    }
  }

  private mutating func unary() -> Expression? {
    skipBlanks()
    let from = position
    if byte == UInt8(ascii: "!") || byte == UInt8(ascii: "-") && word(at: position + 1) == "not" {
      position += byte == UInt8(ascii: "!") ? 1 : 4
      guard let operand = nested({ $0.unary() }) else { return nil }
      return Expression(.unary("!", operand), ByteRange(from, position), over: [operand])
    }
    if byte == UInt8(ascii: "-"), ["join", "split"].contains(word(at: position + 1)) {
      position += 1 + word(at: position + 1).utf8.count
      return nested { $0.unary() }
    }
    if byte == UInt8(ascii: ",") { position += 1 }
    guard let first = nested({ $0.primary() }) else { return nil }
    // `a, b`: a list.
    var items = [first]
    while true {
      let saved = position
      skipBlanks()
      guard take(",") else {
        position = saved
        break
      }
      skipBlanks(lines: true)
      guard let next = nested({ $0.primary() }) else { return nil }
      items.append(next)
    }
    if items.count == 1 { return first }
    return Expression(.array(items), ByteRange(from, position), over: items)
  }

  // MARK: Operands

  mutating func primary() -> Expression? {
    skipBlanks()
    let from = position
    guard let byte else { return fail() }
    var value: Expression?
    switch byte {
    case UInt8(ascii: "$"): value = variable()
    case UInt8(ascii: "'"), UInt8(ascii: "\""): value = text()
    case UInt8(ascii: "@"): value = collection()
    case UInt8(ascii: "("):
      position += 1
      skipBlanks(lines: true)
      let inner = nested { $0.pipeline() }
      skipBlanks(lines: true)
      guard take(")") else { return fail() }
      value = inner
    case UInt8(ascii: "{"):
      let body = block()
      // What is not taken would be met again, without end.
      if failed { return nil }
      value = Expression(
        .function(
          JavaScriptFunction(
            name: nil, parameters: [.name("_", ByteRange(from, position))], body: .block(body))),
        ByteRange(from, position))
    case UInt8(ascii: "["): value = typed()
    case 0x30...0x39:
      while let digit = self.byte, Self.isWord(digit) || digit == UInt8(ascii: ".") {
        position += 1
      }
      value = Expression(
        .number(String(decoding: bytes[from..<position], as: UTF8.self)), ByteRange(from, position))
    case UInt8(ascii: "-"):
      position += 1
      guard let operand = primary() else { return nil }
      value = Expression(.unary("-", operand), ByteRange(from, position), over: [operand])
    default:
      // A name that stands for text: `-Method Post`, a key.
      guard Self.isWord(byte) else { return fail() }
      while let letter = self.byte, Self.isWord(letter) { position += 1 }
      return Expression(
        .string(String(decoding: bytes[from..<position], as: UTF8.self)), ByteRange(from, position))
    }
    return value.flatMap { links($0, from) }
  }

  private mutating func fail() -> Expression? {
    failed = true
    return nil
  }

  /// `.name`, `.Method(…)`, `[index]` behind an operand.
  private mutating func links(_ base: Expression, _ from: Int) -> Expression? {
    var value = base
    while let byte {
      if byte == UInt8(ascii: "."), let next = peek(1), Self.isWord(next) {
        position += 1
        let start = position
        while let letter = self.byte, Self.isWord(letter) { position += 1 }
        let name = String(decoding: bytes[start..<position], as: UTF8.self)
        value = Expression(.member(value, name), ByteRange(from, position), over: [value])
        if self.byte == UInt8(ascii: "("), let called = called(value, name, from) { value = called }
      } else if byte == UInt8(ascii: ":"), peek(1) == byte, let next = peek(2), Self.isWord(next) {
        position += 2
        let start = position
        while let letter = self.byte, Self.isWord(letter) { position += 1 }
        let name = String(decoding: bytes[start..<position], as: UTF8.self)
        value = Expression(.member(value, name), ByteRange(from, position), over: [value])
        if self.byte == UInt8(ascii: "("), let called = called(value, name, from) { value = called }
      } else if byte == UInt8(ascii: "[") {
        position += 1
        guard let key = nested({ $0.expression() }) else { return nil }
        skipBlanks()
        guard take("]") else { return fail() }
        let range = ByteRange(from, position)
        if case .string(let name) = key.form {
          value = Expression(.member(value, name), range, over: [value])
        } else {
          value = Expression(.index(value, key), range, over: [value, key])
        }
      } else {
        break
      }
    }
    return value
  }

  /// A method's call: those that only change a text's form leave it what it is.
  private mutating func called(_ callee: Expression, _ name: String, _ from: Int) -> Expression? {
    position += 1
    var arguments: [Expression] = []
    while true {
      skipBlanks(lines: true)
      if take(")") { break }
      guard let argument = nested({ $0.binary(level: 0) }) else { return fail() }
      if case .array(let items) = argument.form {
        arguments += items
      } else {
        arguments.append(argument)
      }
      skipBlanks(lines: true)
      if take(",") { continue }
      guard take(")") else { return fail() }
      break
    }
    let range = ByteRange(from, position)
    guard case .member(let object, _) = callee.form else { return nil }
    let names = [
      "trim": "trim", "tolower": "toLowerCase", "toupper": "toUpperCase", "contains": "includes",
      "startswith": "startsWith", "endswith": "endsWith", "tostring": "toString",
      "replace": "replace", "substring": "slice", "split": "split", "add": "push",
    ]
    if let known = names[name.lowercased()] {
      let method = Expression(.member(object, known), range, over: [object])
      return Expression(.call(method, arguments), range, over: [method] + arguments)
    }
    // The runtime's own functions compute: `[Convert]::ToBase64String(…)`.
    if object.dottedName == "_", let first = arguments.first {
      if name.lowercased().hasPrefix("isnullor") {
        return Expression(.unary("!", first), range, over: [first])
      }
      return first
    }
    return Expression(.call(callee, arguments), range, over: [callee] + arguments)
  }

  private mutating func variable() -> Expression? {
    let from = position
    position += 1
    if byte == UInt8(ascii: "(") {
      position += 1
      skipBlanks(lines: true)
      let inner = nested { $0.pipeline() }
      skipBlanks(lines: true)
      guard take(")") else { return fail() }
      return inner
    }
    var name: String
    if take("{") {
      let start = position
      while let byte, byte != UInt8(ascii: "}"), byte != 0x0a { _ = byte; position += 1 }
      name = String(decoding: bytes[start..<position], as: UTF8.self)
      guard take("}") else { return fail() }
    } else {
      let start = position
      while let byte,
        Self.isWord(byte) || byte == UInt8(ascii: ":") && peek(1) != byte
          || byte == UInt8(ascii: "?") && position == start
      {
        position += 1
      }
      name = String(decoding: bytes[start..<position], as: UTF8.self)
    }
    let range = ByteRange(from, position)
    let parts = name.split(separator: ":", maxSplits: 1).map(String.init)
    if parts.count == 2, parts[0].lowercased() == "env" {
      let process = Expression(.identifier("process"), range)
      let environment = Expression(.member(process, "env"), range, over: [process])
      return Expression(.member(environment, parts[1]), range, over: [environment])
    }
    name = (parts.last ?? name).lowercased()
    switch name {
    case "null": return Expression(.null, range)
    case "true", "false": return Expression(.boolean(name == "true"), range)
    case "": return fail()
    default: return Expression(.identifier(name), range)
    }
  }

  /// `[type]value`, `[Type]::Method(…)`.
  private mutating func typed() -> Expression? {
    let from = position
    var open = 0
    while let byte {
      position += 1
      if byte == UInt8(ascii: "[") { open += 1 }
      if byte == UInt8(ascii: "]") {
        open -= 1
        if open == 0 { break }
      }
      if byte == 0x0a { return fail() }
    }
    if byte == UInt8(ascii: ":") { return Expression(.identifier("_"), ByteRange(from, position)) }
    return nested { $0.primary() }
  }

  private mutating func collection() -> Expression? {
    let from = position
    if let quote = peek(1), quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'") {
      return hereString(quote)
    }
    if take("@(") {
      var items: [Expression] = []
      while true {
        skipBlanks(lines: true)
        if take(")") { break }
        if take(",") || take(";") { continue }
        guard let item = nested({ $0.pipeline() }) else { return fail() }
        if case .array(let more) = item.form { items += more } else { items.append(item) }
        if byte == nil { return fail() }
      }
      return Expression(.array(items), ByteRange(from, position), over: items)
    }
    if take("@{") {
      var properties: [Expression.Property] = []
      while true {
        skipBlanks(lines: true)
        if take("}") { break }
        if take(";") { continue }
        guard let key = nested({ $0.primary() }) else { return fail() }
        skipBlanks()
        guard take("=") else { return fail() }
        skipBlanks(lines: true)
        guard let value = nested({ $0.pipeline() }) else { return fail() }
        var name: String?
        if case .string(let text) = key.form { name = text }
        properties.append(.init(name: name, value: value))
      }
      return Expression(
        .object(properties), ByteRange(from, position), over: properties.map(\.value))
    }
    // `@options`: a table whose entries are the arguments.
    position += 1
    guard let byte, Self.isWord(byte) else { return fail() }
    let name = word(at: position)
    position += name.utf8.count
    let range = ByteRange(from, position)
    let table = Expression(.identifier(name), range)
    return Expression(.spread(table), range, over: [table])
  }

  // MARK: Texts

  private mutating func text() -> Expression? {
    let from = position
    let quote = bytes[position]
    position += 1
    var parts = Pieces()
    while let byte {
      if byte == quote {
        if peek(1) == quote {
          parts.add(byte)
          position += 2
          continue
        }
        position += 1
        return parts.expression(ByteRange(from, position))
      }
      guard piece(quote, into: &parts) else { return fail() }
    }
    return fail()
  }

  private mutating func hereString(_ quote: UInt8) -> Expression? {
    let from = position
    position += 2
    while let byte, byte != 0x0a { _ = byte; position += 1 }
    position = min(end, position + 1)
    var parts = Pieces()
    while byte != nil {
      // The end stands at the beginning of a line; what an engine's layout puts before it does not count.
      let lineStart = position == from || bytes[position - 1] == 0x0a
      if lineStart {
        var mark = position
        while mark < end, bytes[mark] == 0x20 || bytes[mark] == 0x09 { mark += 1 }
        if mark + 1 < end, bytes[mark] == quote, bytes[mark + 1] == UInt8(ascii: "@") {
          position = mark + 2
          return parts.expression(ByteRange(from, position))
        }
      }
      guard piece(quote, into: &parts) else { return fail() }
    }
    return fail()
  }

  /// One byte of a text, or what is put into it.
  private mutating func piece(_ quote: UInt8, into parts: inout Pieces) -> Bool {
    guard let byte else { return false }
    guard quote == UInt8(ascii: "\"") else {
      parts.add(byte)
      position += 1
      return true
    }
    if byte == UInt8(ascii: "`"), let next = peek(1) {
      let escapes: [UInt8: UInt8] = [UInt8(ascii: "n"): 0x0a, UInt8(ascii: "t"): 0x09]
      parts.add(escapes[next] ?? next)
      position += 2
      return true
    }
    if byte == UInt8(ascii: "$"), let next = peek(1),
      Self.isWord(next) || next == UInt8(ascii: "(") || next == UInt8(ascii: "{")
    {
      guard let value = nested({ $0.variable() }) else { return false }
      parts.add(value)
      return true
    }
    parts.add(byte)
    position += 1
    return true
  }

  /// A text while it is read.
  private struct Pieces {
    private var texts: [[UInt8]] = [[]]
    private var values: [Expression] = []

    mutating func add(_ byte: UInt8) { texts[texts.count - 1].append(byte) }

    mutating func add(_ value: Expression) {
      values.append(value)
      texts.append([])
    }

    func expression(_ range: ByteRange) -> Expression {
      let texts = texts.map { String(decoding: $0, as: UTF8.self) }
      if values.isEmpty { return Expression(.string(texts[0]), range) }
      return Expression(.template(texts: texts, values), range, over: values)
    }
  }
}

extension String {
  fileprivate var trimmingStars: String {
    String(drop { $0 == "*" }.reversed().drop { $0 == "*" }.reversed())
  }
}
