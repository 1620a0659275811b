import SourceText

/// Expressions, by what binds least first.
extension PythonParser {
  typealias Expression = JavaScriptExpression

  private func range(_ from: Int) -> ByteRange { ByteRange(from, max(from, lastEnd)) }

  /// One expression, or several apart by commas.
  mutating func tuple() -> Expression? {
    let from = start
    guard let first = starred() else { return nil }
    guard current == .symbol(",") else { return first }
    var parts = [first]
    while take(",") {
      if endsList { break }
      guard let next = starred() else { return nil }
      parts.append(next)
    }
    return Expression(.array(parts), range(from), over: parts)
  }

  private var endsList: Bool {
    switch current {
    case .lineEnd, .end, .symbol(")"), .symbol("]"), .symbol("}"), .symbol("="), .symbol(":"): true
    default: false
    }
  }

  /// Names that a loop binds: without `in`, which is an operator elsewhere.
  mutating func targets() -> Expression? {
    let from = start
    guard let first = postfix() else { return nil }
    guard current == .symbol(",") else { return first }
    var parts = [first]
    while take(",") {
      if current == .name("in") { break }
      guard let next = postfix() else { return nil }
      parts.append(next)
    }
    return Expression(.array(parts), range(from), over: parts)
  }

  private mutating func starred() -> Expression? {
    let from = start
    if take("*") || take("**") {
      guard let inner = expression() else { return nil }
      return Expression(.spread(inner), range(from), over: [inner])
    }
    return expression()
  }

  mutating func expression() -> Expression? {
    nesting += 1
    defer { nesting -= 1 }
    guard nesting <= Self.mostNested else {
      failed = true
      return nil
    }
    if current == .name("lambda") { return lambda() }
    let from = start
    guard let value = either() else { return nil }
    if take(":=") {
      note(value)
      guard let right = expression() else { return nil }
      return Expression(.assignment("=", value, right), range(from), over: [right])
    }
    guard takeName("if") else { return value }
    guard let test = either(), takeName("else"), let otherwise = expression() else {
      failed = true
      return nil
    }
    return Expression(
      .conditional(test, then: value, otherwise: otherwise), range(from),
      over: [test, value, otherwise])
  }

  private mutating func lambda() -> Expression? {
    let from = start
    advance()
    var parameters: [JavaScriptPattern] = []
    while current != .symbol(":"), current != .end, current != .lineEnd {
      if case .name(let name) = current {
        parameters.append(.name(name, tokens[index].range))
      }
      advance()
    }
    guard take(":"), let body = expression() else {
      failed = true
      return nil
    }
    return function(parameters, body, range(from))
  }

  private func function(
    _ parameters: [JavaScriptPattern], _ body: Expression, _ range: ByteRange
  ) -> Expression {
    Expression(
      .function(.init(name: nil, parameters: parameters, body: .expression(body))), range,
      over: [body])
  }

  private mutating func either() -> Expression? { chain("or", "||") { $0.both() } }

  private mutating func both() -> Expression? { chain("and", "&&") { $0.negation() } }

  private mutating func chain(
    _ word: String, _ symbol: String, _ part: (inout PythonParser) -> Expression?
  ) -> Expression? {
    let from = start
    guard let first = part(&self) else { return nil }
    guard current == .name(word) else { return first }
    var parts = [first]
    while takeName(word) {
      guard let next = part(&self) else { return nil }
      parts.append(next)
    }
    return Expression(.chain(symbol, parts), range(from), over: parts)
  }

  private mutating func negation() -> Expression? {
    let from = start
    var count = 0
    while takeName("not") { count += 1 }
    guard var value = comparison() else { return nil }
    if count % 2 == 1 { value = Expression(.unary("!", value), range(from), over: [value]) }
    return value
  }

  private mutating func comparison() -> Expression? {
    let from = start
    guard var left = sum() else { return nil }
    var tests: [Expression] = []
    while let symbol = comparisonSymbol() {
      guard let right = sum() else { return nil }
      tests.append(test(symbol, left, right, range(from)))
      left = right
    }
    if tests.isEmpty { return left }
    return tests.count == 1 ? tests[0] : Expression(.chain("&&", tests), range(from), over: tests)
  }

  private mutating func comparisonSymbol() -> String? {
    switch current {
    case .symbol(let symbol) where ["<", ">", "<=", ">=", "==", "!="].contains(symbol):
      advance()
      return symbol
    case .name("in"):
      advance()
      return "in"
    case .name("not") where peek() == .name("in"):
      advance()
      advance()
      return "not in"
    case .name("is"):
      advance()
      return takeName("not") ? "!=" : "=="
    default: return nil
    }
  }

  private func test(
    _ symbol: String, _ left: Expression, _ right: Expression, _ range: ByteRange
  ) -> Expression {
    switch symbol {
    case "==": return Expression(.binary("===", left, right), range, over: [left, right])
    case "!=": return Expression(.binary("!==", left, right), range, over: [left, right])
    case "in", "not in":
      let callee = Expression(.member(right, "includes"), right.range, over: [right])
      let call = Expression(.call(callee, [left]), range, over: [callee, left])
      return symbol == "in" ? call : Expression(.unary("!", call), range, over: [call])
    default: return Expression(.binary(symbol, left, right), range, over: [left, right])
    }
  }

  private static let operators: Set<String> = [
    "-", "*", "/", "//", "%", "**", "&", "|", "^", "<<", ">>", "@",
  ]

  private mutating func sum() -> Expression? {
    let from = start
    guard var left = unary() else { return nil }
    while case .symbol(let symbol) = current {
      if symbol == "+" {
        var parts = [left]
        while take("+") {
          guard let next = unary() else { return nil }
          parts.append(next)
        }
        left = Expression(.chain("+", parts), range(from), over: parts)
      } else if Self.operators.contains(symbol) {
        advance()
        guard let right = unary() else { return nil }
        left = Expression(.binary(symbol, left, right), range(from), over: [left, right])
        if left.height > Self.deepest {
          failed = true
          return nil
        }
      } else {
        break
      }
    }
    return left
  }

  private mutating func unary() -> Expression? {
    let from = start
    if case .symbol(let symbol) = current, ["-", "+", "~"].contains(symbol) {
      advance()
      nesting += 1
      defer { nesting -= 1 }
      guard nesting <= Self.mostNested, let operand = unary() else {
        failed = true
        return nil
      }
      return Expression(.unary(symbol, operand), range(from), over: [operand])
    }
    if takeName("await") {
      guard let operand = postfix() else { return nil }
      return Expression(.await(operand), range(from), over: [operand])
    }
    return postfix()
  }

  mutating func postfix() -> Expression? {
    let from = start
    guard var value = atom() else { return nil }
    while !failed {
      if value.height > Self.deepest {
        failed = true
        return nil
      }
      if take(".") {
        guard let name = anyName() else {
          failed = true
          return nil
        }
        value = Expression(.member(value, name), range(from), over: [value])
      } else if take("(") {
        guard let arguments = arguments() else { return nil }
        value = names.call(value, arguments.positional, arguments.named, range(from))
      } else if take("[") {
        guard let element = subscripted() else { return nil }
        guard let element = element.value else { continue }
        value = Expression(.index(value, element), range(from), over: [value, element])
      } else {
        return value
      }
    }
    return nil
  }

  /// What stands in brackets; without a value for a slice, which is the same content.
  private mutating func subscripted() -> (value: Expression?, Void)? {
    var value: Expression?
    var isSlice = false
    while current != .symbol("]"), current != .end, !failed {
      if take(":") || take(",") {
        isSlice = true
        continue
      }
      guard let next = expression() else { return nil }
      value = next
    }
    guard take("]") else {
      failed = true
      return nil
    }
    return (isSlice ? nil : value, ())
  }

  private mutating func arguments() -> (
    positional: [Expression], named: [Expression.Property]
  )? {
    var positional: [Expression] = []
    var named: [Expression.Property] = []
    while current != .symbol(")"), current != .end, !failed {
      let from = start
      if case .name(let name) = current, peek() == .symbol("=") {
        advance()
        advance()
        guard let value = expression() else { return nil }
        named.append(.init(name: name, value: value))
      } else if take("**") {
        guard let value = expression() else { return nil }
        named.append(.init(name: nil, value: value))
      } else {
        guard let value = starred() else { return nil }
        if current == .name("for") || current == .name("async") {
          guard let list = comprehension(value, from) else { return nil }
          positional.append(list)
        } else {
          positional.append(value)
        }
      }
      if !take(",") { break }
    }
    guard take(")") else {
      failed = true
      return nil
    }
    return (positional, named)
  }

  /// `for x in list if test` behind an element: the list, filtered and mapped.
  private mutating func comprehension(_ element: Expression, _ from: Int) -> Expression? {
    nesting += 1
    defer { nesting -= 1 }
    guard nesting <= Self.mostNested else {
      failed = true
      return nil
    }
    var result = element
    var sources: [(pattern: JavaScriptPattern, list: Expression, tests: [Expression])] = []
    while current == .name("for") || current == .name("async") {
      _ = takeName("async")
      guard takeName("for"), let target = targets(), takeName("in"), let list = either() else {
        failed = true
        return nil
      }
      var tests: [Expression] = []
      while takeName("if") {
        guard let test = either() else { return nil }
        tests.append(test)
      }
      sources.append((target.pattern, list, tests))
    }
    let whole = range(from)
    for (position, source) in sources.reversed().enumerated() {
      var list = source.list
      for test in source.tests {
        list = call("filter", on: list, function([source.pattern], test, test.range), whole)
      }
      if case .identifier(let name) = result.form, case .name(name, _) = source.pattern {
        result = list
      } else {
        let mapping = function([source.pattern], result, element.range)
        result = call(position == 0 ? "map" : "flatMap", on: list, mapping, whole)
      }
    }
    return result
  }

  private func call(
    _ method: String, on object: Expression, _ argument: Expression, _ range: ByteRange
  ) -> Expression {
    let callee = Expression(.member(object, method), range, over: [object])
    return Expression(.call(callee, [argument]), range, over: [callee, argument])
  }

  // MARK: Atoms

  private mutating func atom() -> Expression? {
    let from = start
    switch current {
    case .number(let text):
      advance()
      return Expression(.number(text), range(from))
    case .string: return strings()
    case .name(let name):
      if Self.keywords.contains(name) {
        failed = true
        return nil
      }
      advance()
      switch name {
      case "None": return Expression(.null, range(from))
      case "True": return Expression(.boolean(true), range(from))
      case "False": return Expression(.boolean(false), range(from))
      default: return names.identifier(name, range(from))
      }
    case .symbol("("): return group()
    case .symbol("["): return list()
    case .symbol("{"): return braces()
    case .symbol("..."):
      advance()
      return Expression(.undefined, range(from))
    default:
      failed = true
      return nil
    }
  }

  static let keywords: Set<String> = [
    "if", "elif", "else", "for", "while", "in", "is", "not", "and", "or", "import", "from", "def",
    "class", "return", "yield", "with", "as", "try", "except", "finally", "raise", "assert", "del",
    "global", "nonlocal", "pass", "break", "continue", "lambda", "async",
  ]

  private mutating func group() -> Expression? {
    let from = start
    advance()
    if take(")") { return Expression(.array([]), range(from)) }
    guard let value = tuple() else { return nil }
    var result = value
    if current == .name("for") || current == .name("async") {
      guard let list = comprehension(value, from) else { return nil }
      result = list
    }
    guard take(")") else {
      failed = true
      return nil
    }
    return result
  }

  private mutating func list() -> Expression? {
    let from = start
    advance()
    var elements: [Expression] = []
    while current != .symbol("]"), current != .end, !failed {
      guard let element = starred() else { return nil }
      if current == .name("for") || current == .name("async") {
        guard let list = comprehension(element, from), take("]") else {
          failed = true
          return nil
        }
        return list
      }
      elements.append(element)
      if !take(",") { break }
    }
    guard take("]") else {
      failed = true
      return nil
    }
    return Expression(.array(elements), range(from), over: elements)
  }

  /// A dictionary, a set, or a comprehension of one.
  private mutating func braces() -> Expression? {
    let from = start
    advance()
    var properties: [Expression.Property] = []
    var elements: [Expression] = []
    while current != .symbol("}"), current != .end, !failed {
      if take("**") {
        guard let value = expression() else { return nil }
        properties.append(.init(name: nil, value: value))
      } else {
        guard let key = expression() else { return nil }
        if take(":") {
          guard let value = expression() else { return nil }
          if current == .name("for") {
            guard let list = comprehension(value, from), take("}") else {
              failed = true
              return nil
            }
            return list
          }
          var name: String?
          if case .string(let text) = key.form { name = text }
          if case .number(let text) = key.form { name = text }
          properties.append(.init(name: name, value: value))
        } else if current == .name("for") {
          guard let list = comprehension(key, from), take("}") else {
            failed = true
            return nil
          }
          return list
        } else {
          elements.append(key)
        }
      }
      if !take(",") { break }
    }
    guard take("}") else {
      failed = true
      return nil
    }
    if !elements.isEmpty { return Expression(.array(elements), range(from), over: elements) }
    return Expression(.object(properties), range(from), over: properties.map(\.value))
  }

  // MARK: Strings

  /// Strings that stand side by side are one.
  mutating func strings() -> Expression? {
    let from = start
    var texts = [""]
    var parts: [Expression] = []
    while case .string(let content, let isFormatted, let isRaw) = current {
      advance()
      guard isFormatted else {
        texts[texts.count - 1] += Self.text(bytes[content.start..<content.end], isRaw: isRaw)
        continue
      }
      var index = content.start
      var piece = index
      while index < content.end {
        let byte = bytes[index]
        let isDouble = index + 1 < content.end && bytes[index + 1] == byte
        if byte == UInt8(ascii: "{") || byte == UInt8(ascii: "}"), isDouble {
          texts[texts.count - 1] += Self.text(bytes[piece...index], isRaw: isRaw)
          index += 2
          piece = index
        } else if byte == UInt8(ascii: "{") {
          texts[texts.count - 1] += Self.text(bytes[piece..<index], isRaw: isRaw)
          let (field, next) = field(from: index + 1, to: content.end)
          parts.append(field)
          texts.append("")
          index = next
          piece = next
        } else {
          index += 1
        }
      }
      texts[texts.count - 1] += Self.text(bytes[piece..<max(piece, content.end)], isRaw: isRaw)
    }
    let whole = range(from)
    if parts.isEmpty { return Expression(.string(texts[0]), whole) }
    return Expression(.template(texts: texts, parts), whole, over: parts)
  }

  /// The expression of a `{…}` in a formatted string, without its conversion and format.
  private func field(from start: Int, to end: Int) -> (Expression, next: Int) {
    var level = 0
    var index = start
    var stop: Int?
    while index < end {
      let byte = bytes[index]
      if byte == UInt8(ascii: "{") || byte == UInt8(ascii: "[") || byte == UInt8(ascii: "(") {
        level += 1
      } else if byte == UInt8(ascii: "}"), level == 0 {
        break
      } else if byte == UInt8(ascii: "}") || byte == UInt8(ascii: "]") || byte == UInt8(ascii: ")")
      {
        level -= 1
      } else if level == 0, stop == nil, byte == UInt8(ascii: ":") {
        stop = index
      } else if level == 0, stop == nil, byte == UInt8(ascii: "!"),
        index + 1 < end, bytes[index + 1] != UInt8(ascii: "=")
      {
        stop = index
      }
      index += 1
    }
    let range = ByteRange(start, stop ?? index)
    let next = min(end, index + 1)
    let unknown = JavaScriptExpression(.undefined, range)
    guard nesting < Self.mostNested else { return (unknown, next) }
    var inner = PythonParser(bytes, in: range, depth: depth)
    inner.nesting = nesting + 1
    inner.names = names
    guard let value = inner.tuple(), !inner.failed else { return (unknown, next) }
    return (value, next)
  }

  private static func text(_ bytes: ArraySlice<UInt8>, isRaw: Bool) -> String {
    if isRaw || !bytes.contains(UInt8(ascii: "\\")) {
      return String(decoding: bytes, as: UTF8.self)
    }
    var result: [UInt8] = []
    var index = bytes.startIndex
    while index < bytes.endIndex {
      guard bytes[index] == UInt8(ascii: "\\"), index + 1 < bytes.endIndex else {
        result.append(bytes[index])
        index += 1
        continue
      }
      switch bytes[index + 1] {
      case UInt8(ascii: "n"): result.append(UInt8(ascii: "\n"))
      case UInt8(ascii: "t"): result.append(UInt8(ascii: "\t"))
      case UInt8(ascii: "r"): result.append(UInt8(ascii: "\r"))
      case UInt8(ascii: "\n"): break
      case UInt8(ascii: "\\"), UInt8(ascii: "'"), UInt8(ascii: "\""):
        result.append(bytes[index + 1])
      default: result += bytes[index...(index + 1)]
      }
      index += 2
    }
    return String(decoding: result, as: UTF8.self)
  }
}
