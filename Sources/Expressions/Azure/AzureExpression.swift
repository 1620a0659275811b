import SourceText

/// Translates expressions of Azure workflow definitions (`@…`, `@{…}`) into values and conditions.
///
/// After the functions reference of the Workflow Definition Language: equality is strict, `empty` holds for null, a
/// null inside of text leaves nothing.
package struct AzureExpression {
  let text: LocatedText
  /// What a function of the workflow gives (`body('A')`, `variables('v')`, `item()`); `nil` for any other function.
  let resolve: (String, [String], SourceLocation) -> Value?

  package init(
    _ text: LocatedText, resolve: @escaping (String, [String], SourceLocation) -> Value?
  ) {
    self.text = text
    self.resolve = resolve
  }

  /// What a field's text computes: an expression, a text with expressions in it, or just the text.
  package var value: Value {
    let bytes = text.bytes
    guard let at = bytes.firstIndex(of: UInt8(ascii: "@")) else {
      return .literal(text.text(text.whole))
    }
    if at == 0, bytes.count > 1 {
      if bytes[1] == UInt8(ascii: "@") {
        return .literal(text.text(ByteRange(1, bytes.count)))
      }
      if bytes[1] != UInt8(ascii: "{") { return value(in: ByteRange(1, bytes.count)) }
    }
    return template
  }

  /// What a field's text decides.
  package var condition: Condition {
    guard text.bytes.first == UInt8(ascii: "@"), text.bytes.count > 1,
      text.bytes[1] != UInt8(ascii: "{")
    else { return operand(of: value, nil, in: text.whole).asCondition }
    let range = ByteRange(1, text.bytes.count)
    guard let expression = CallParser.parse(text.bytes, in: range, .azure) else {
      return .unknown(visibleReferences(in: range))
    }
    return condition(expression)
  }

  private var template: Value {
    let holes = Self.holes(text.bytes)
    guard !holes.isEmpty else { return .literal(text.text(text.whole)) }
    if holes.count == 1, holes[0].whole == text.whole {
      return asText(value(in: holes[0].code))
    }
    var parts: [Value] = []
    var position = 0
    for hole in holes {
      if hole.whole.start > position {
        parts.append(.literal(text.text(ByteRange(position, hole.whole.start))))
      }
      parts.append(asText(value(in: hole.code)))
      position = hole.whole.end
    }
    if position < text.bytes.count {
      parts.append(.literal(text.text(ByteRange(position, text.bytes.count))))
    }
    return .template(parts)
  }

  /// Each `@{ code }` in a text; `@@{` is none.
  static func holes(_ bytes: [UInt8]) -> [(whole: ByteRange, code: ByteRange)] {
    var holes: [(whole: ByteRange, code: ByteRange)] = []
    var index = 0
    while index + 1 < bytes.count {
      guard bytes[index] == UInt8(ascii: "@") else {
        index += 1
        continue
      }
      if bytes[index + 1] == UInt8(ascii: "@") {
        index += 2
        continue
      }
      guard bytes[index + 1] == UInt8(ascii: "{") else {
        index += 1
        continue
      }
      var end = index + 2
      var isQuoted = false
      while end < bytes.count, isQuoted || bytes[end] != UInt8(ascii: "}") {
        if bytes[end] == UInt8(ascii: "'") { isQuoted.toggle() }
        end += 1
      }
      guard end < bytes.count else { break }
      holes.append((ByteRange(index, end + 1), ByteRange(index + 2, end)))
      index = end + 1
    }
    return holes
  }

  private func value(in range: ByteRange) -> Value {
    CallParser.parse(text.bytes, in: range, .azure).map(value)
      ?? .unknown(visibleReferences(in: range))
  }

  /// The actions and variables that are named in code that does not parse.
  private func visibleReferences(in range: ByteRange) -> [Reference] {
    let tokens = CallTokens.read(text.bytes, in: range, .azure) ?? []
    return tokens.indices.dropLast(2).flatMap { index -> [Reference] in
      guard case .name(let name) = tokens[index].kind, tokens[index + 1].kind == .symbol("("),
        case .text(let argument) = tokens[index + 2].kind
      else { return [] }
      let place = text.locate(ByteRange(tokens[index].range.start, tokens[index + 2].range.end))
      return resolve(name.lowercased(), [argument], place)?.references ?? []
    }
  }

  func asText(_ value: Value) -> Value {
    switch value {
    case .literal, .template, .text: value
    default: .text(value, null: "")
    }
  }

  // MARK: Values

  func value(_ expression: CallExpression) -> Value {
    switch expression.form {
    case .text(let text), .number(let text): return .literal(text)
    case .boolean(let flag): return .literal(flag ? "true" : "false")
    case .null: return .null
    case .name(let name): return .literal(name)
    case .unary("-", let operand):
      if case .number(let text) = operand.form { return .literal("-" + text) }
      return .converted("-", value(operand))
    case .member(let base, let name):
      return placed(value(base).selecting([.field(name)]), expression)
    case .index(let base, let key):
      return placed(value(base).selecting(components(key)), expression)
    case .call(let callee, let arguments):
      return call((callee.dottedName ?? "").lowercased(), arguments, expression)
    case .unary, .binary, .chain, .list, .record:
      return .unknown(expression.children.flatMap { value($0).references })
    }
  }

  /// `['body/value']` leads two levels down.
  private func components(_ key: CallExpression) -> [PathComponent] {
    switch key.form {
    case .text(let name): name.parts(by: "/").map { .field(String($0)) }
    case .number(let text): [Int(text).map(PathComponent.index) ?? .some]
    default: [.some]
    }
  }

  /// The value with the whole chain's place, where it is a plain read.
  private func placed(_ value: Value, _ expression: CallExpression) -> Value {
    guard case .reference(var reference) = value else { return value }
    reference.location = text.locate(expression.range)
    return .reference(reference)
  }

  private func call(
    _ name: String, _ arguments: [CallExpression], _ expression: CallExpression
  ) -> Value {
    let location = text.locate(expression.range)
    if let known = resolve(name, arguments.map { $0.text ?? "" }, location) { return known }
    // Each argument is read once: twice would be a thousand times ten calls deep.
    let operands = arguments.map(operand)
    if let test = AzureOperand.test(name, operands, at: location) {
      if case .constant(let flag) = test { return .literal(flag ? "true" : "false") }
      return .conditional(test, .literal("true"), .literal("false"))
    }
    let values = operands.map(\.value)
    let first = values.first ?? .null
    switch name {
    case "concat": return .template(values.map(asText))
    case "coalesce":
      guard var result = values.last else { return .null }
      for value in values.dropLast().reversed() { result = .fallback(value, result) }
      return result
    case "if" where arguments.count == 3:
      return .conditional(operands[0].asCondition, values[1], values[2])
    case "json", "xml", "bool", "array": return first
    case "string": return asText(first)
    case "length": return .length(first)
    case "first": return first.selecting([.index(0)])
    case "last", "take", "skip", "reverse", "sort": return first.selecting([.some])
    case "createarray", "union", "intersection": return .list(values)
    case "setproperty", "addproperty":
      guard values.count == 3, let key = arguments[1].text else { return first }
      return .converted(
        Value.merging, .list([first, .record([Value.Field(key, values[2])])]))
    case "removeproperty": return first
    case "getproperty":
      return arguments.count > 1 ? first.selecting(components(arguments[1])) : first
    case "int", "float", "decimal": return .converted("number", first)
    case "add": return .converted("+", .list(values))
    case "sub": return .converted("-", .list(values))
    case "utcnow", "guid", "rand", "workflow", "ticks", "listcallbackurl", "range":
      return .unknown([])
    default:
      if values.isEmpty { return .unknown([]) }
      return .converted(name, values.count == 1 ? first : .template(values))
    }
  }

  func operand(_ expression: CallExpression) -> AzureOperand {
    operand(of: value(expression), expression, in: expression.range)
  }

  private func operand(
    of value: Value, _ expression: CallExpression?, in range: ByteRange
  ) -> AzureOperand {
    var isWhole = false
    if case .call? = expression?.form { isWhole = true }
    return AzureOperand(value: value, isWholeDocument: isWhole, location: text.locate(range))
  }

  func condition(_ expression: CallExpression) -> Condition {
    operand(expression).asCondition
  }
}
