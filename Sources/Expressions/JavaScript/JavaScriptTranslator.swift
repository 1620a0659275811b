package import SourceText

/// Translates JavaScript expressions into values and conditions.
///
/// Operators and coercions after ECMA-262: `===` is strict, `==` and truth are JavaScript's own.
package struct JavaScriptTranslator {
  package var scope: JavaScriptScope

  /// Most operands of one `&&`, `||` or `??` that are told apart.
  static let mostOperands = 128

  package init(scope: JavaScriptScope) { self.scope = scope }

  /// What `text` computes; unknown, with the reads that can be seen, where it does not parse.
  package func value(_ text: [UInt8], in range: ByteRange) -> Value {
    if let expression = JavaScriptParser.expression(text, in: range) { return value(expression) }
    return .unknown(visibleReferences(text, in: range))
  }

  /// What `text` decides.
  package func condition(_ text: [UInt8], in range: ByteRange) -> Condition {
    if let expression = JavaScriptParser.expression(text, in: range) {
      return condition(expression)
    }
    return .unknown(visibleReferences(text, in: range))
  }

  package func visibleReferences(_ text: [UInt8], in range: ByteRange) -> [Reference] {
    JavaScriptParser.visibleReads(text, in: range).flatMap { value($0).references }
  }

  /// What the expression computes.
  package func value(_ expression: JavaScriptExpression) -> Value {
    switch expression.form {
    case .string(let text):
      return scope.substitutions.isEmpty
        ? .literal(text) : scope.substituted(text, in: expression.range)
    case .number(let text): return .literal(text)
    case .boolean(let flag): return .literal(flag ? "true" : "false")
    case .null, .undefined: return .null
    case .regularExpression(let pattern, _): return .literal("/" + pattern + "/")
    case .template(let texts, let parts): return template(texts, parts, expression.range)
    case .chain(let symbol, let operands): return chained(symbol, operands)
    case .conditional(let test, let then, let otherwise):
      return .conditional(condition(test), value(then), value(otherwise))
    case .unary("!", _): return truth(condition(expression))
    case .unary("-", let operand):
      if case .number(let text) = operand.form { return .literal("-" + text) }
      return .converted("number", value(operand))
    case .unary("+", let operand): return .converted("number", value(operand))
    case .unary("void", _): return .null
    case .unary(let symbol, let operand): return .converted(symbol, value(operand))
    case .binary(let symbol, let left, let right):
      if Self.comparisons.contains(symbol) { return truth(condition(expression)) }
      return .converted(symbol, .list([value(left), value(right)]))
    case .array(let elements): return .list(elements.map(value))
    case .object(let properties): return record(properties)
    case .assignment(_, _, let right): return value(right)
    case .spread(let inner), .await(let inner): return value(inner)
    case .sequence(let parts): return parts.last.map(value) ?? .null
    case .function: return .unknown([])
    case .new(let callee, let arguments):
      let name = callee.dottedName ?? "object"
      if arguments.isEmpty { return .unknown([]) }
      return .converted(name, Value.joined(arguments.map(value)))
    case .identifier, .member, .index, .call: return links(expression)
    }
  }

  static let comparisons: Set<String> = [
    "==", "!=", "===", "!==", "<", ">", "<=", ">=", "in", "instanceof",
  ]

  private func template(
    _ texts: [String], _ parts: [JavaScriptExpression], _ range: ByteRange
  ) -> Value {
    var values: [Value] = []
    for (index, text) in texts.enumerated() {
      if !text.isEmpty {
        values.append(
          scope.substitutions.isEmpty ? .literal(text) : scope.substituted(text, in: range))
      }
      if parts.indices.contains(index) { values.append(asText(value(parts[index]))) }
    }
    return .template(values)
  }

  private func asText(_ value: Value) -> Value {
    switch value {
    case .literal, .template, .text: value
    default: .text(value, null: scope.nullText)
    }
  }

  private func chained(_ symbol: String, _ operands: [JavaScriptExpression]) -> Value {
    // Nobody writes that many by hand, and each stands in the value of the one before.
    if symbol != "+", operands.count > Self.mostOperands {
      return .unknown(operands.flatMap { value($0).references })
    }
    switch symbol {
    case "+":
      let isArithmetic = operands.contains { $0.isNumber } && !operands.contains { $0.isText }
      let values = operands.map(value)
      return isArithmetic ? .converted("+", .list(values)) : .template(values.map(asText))
    case "&&":
      // `a && b` is `b` where `a` is true, else the false `a`.
      guard let last = operands.last else { return .null }
      if operands.dropLast().allSatisfy({ $0.isDecision }), last.isDecision {
        return truth(condition(operands))
      }
      let first = operands.dropLast().first.map(value) ?? .null
      return .conditional(condition(Array(operands.dropLast())), value(last), first)
    case JavaScriptExpression.whereMissing:
      let values = operands.map(value)
      // What is written down is there.
      if values.first?.references.isEmpty == true {
        return values[0] == .null ? values[1] : values[0]
      }
      return .either(of: values)
    default:
      if symbol == "||", operands.allSatisfy({ $0.isDecision }) {
        return truth(.any(operands.map(condition)))
      }
      guard var result = operands.last.map(value) else { return .null }
      for operand in operands.dropLast().reversed() { result = .fallback(value(operand), result) }
      return result
    }
  }

  private func record(_ properties: [JavaScriptExpression.Property]) -> Value {
    var parts: [Value] = []
    var fields: [Value.Field] = []
    for property in properties {
      if let name = property.name {
        fields.append(.init(name, value(property.value)))
      } else {
        if !fields.isEmpty { parts.append(.record(fields)) }
        fields = []
        parts.append(value(property.value))
      }
    }
    if parts.isEmpty { return .record(fields) }
    if !fields.isEmpty { parts.append(.record(fields)) }
    return parts.count == 1 ? parts[0] : .converted(Value.merging, .list(parts))
  }

  private func links(_ expression: JavaScriptExpression) -> Value {
    let (base, links) = expression.spine
    if case .function(let function) = base.form, let first = links.first, first.isCall {
      // `(() => { … })()`
      let given = result(of: function, given: first.arguments.map(value))
      return follow(links.dropFirst(), from: given, start: base.range.start)
    }
    guard case .identifier(let root) = base.form else {
      return follow(links[...], from: value(base), start: base.range.start)
    }
    if let replaced = scope.substitutions.first(where: { base.range.contains($0.range) }) {
      return follow(links[...], from: replaced.value, start: base.range.start)
    }
    if let local = scope.locals[root] {
      // A name is read where it stands, not where it was bound; one that the lowering made up stands nowhere.
      let isWhole = links.isEmpty || links.dropFirst().first?.isCall == true
      let value =
        isWhole && !root.hasPrefix("#")
        ? placed(local.value, base.range.start, base.range.end) : local.value
      return follow(links[...], from: value, start: base.range.start)
    }
    let location = scope.locate(
      ByteRange(base.range.start, Self.dataEnd(links) ?? base.range.end))
    if let known = scope.resolve(root, links, location) ?? builtIn(root, links) {
      return follow(
        links.dropFirst(known.used), from: known.value.read(at: location), start: base.range.start)
    }
    let given = links.flatMap(\.arguments).filter { !$0.isFunction }.map(value)
    return given.isEmpty ? .unknown([]) : .converted(root, Value.joined(given))
  }

  /// Where the chain stops to be a plain path: a method's name is none of the data.
  private static func dataEnd(_ links: [JavaScriptLink]) -> Int? {
    var end: Int?
    for (index, link) in links.enumerated() {
      if case .call = link.form {
        guard index == 0 else { return index > 1 ? links[index - 2].end : nil }
      }
      end = link.end
    }
    return end
  }

  private func follow(_ links: ArraySlice<JavaScriptLink>, from value: Value, start: Int) -> Value {
    var value = value
    var index = links.startIndex
    while index < links.endIndex {
      let link = links[index]
      index += 1
      switch link.form {
      case .field(let name):
        if index < links.endIndex, case .call(let arguments) = links[index].form {
          index += 1
          value = method(name, of: value, arguments)
        } else if name == "length" {
          value = .length(value)
        } else {
          value = placed(value.selecting([.field(name)]), start, link.end)
        }
      case .index(let element):
        value = placed(value.selecting([.index(element)]), start, link.end)
      case .computed(let key):
        let read = self.value(key).references
        let part = value.selecting([.some])
        value = read.isEmpty ? part : .either([part, .unknown(read)])
      case .call(let arguments):
        let given = arguments.filter { !$0.isFunction }.map(self.value)
        value = .converted("call", Value.joined([value] + given))
      }
    }
    return value
  }

  /// The value with its own text up to `end`, where it is a plain read.
  private func placed(_ value: Value, _ start: Int, _ end: Int) -> Value {
    guard case .reference(var reference) = value else { return value }
    reference.location = scope.locate(ByteRange(start, end))
    return .reference(reference)
  }
}

extension Value {
  /// A plain read, said to stand here: a variable may hold what was read somewhere else.
  fileprivate func read(at location: SourceLocation) -> Value {
    switch self {
    case .reference(var reference):
      reference.location = location
      return .reference(reference)
    case .selection(let inner, let path): return .selection(inner.read(at: location), path)
    case .text(let inner, let null): return .text(inner.read(at: location), null: null)
    default: return self
    }
  }

  /// The values as one: alone, or put together.
  package static func joined(_ values: [Value]) -> Value {
    values.count == 1 ? values[0] : .template(values)
  }
}

extension JavaScriptExpression {
  var isNumber: Bool { if case .number = form { true } else { false } }

  var isFunction: Bool { if case .function = form { true } else { false } }

  var isText: Bool {
    switch form {
    case .string, .template: true
    case .chain("+", let operands): operands.contains { $0.isText }
    default: false
    }
  }

  /// Whether the expression computes a boolean whatever its operands are.
  package var isDecision: Bool {
    switch form {
    case .boolean, .unary("!", _): true
    case .binary(let symbol, _, _): JavaScriptTranslator.comparisons.contains(symbol)
    case .chain(let symbol, let operands):
      (symbol == "&&" || symbol == "||") && operands.allSatisfy { $0.isDecision }
    case .call(let callee, _):
      if case .member(_, let name) = callee.form {
        ["every", "some", "includes", "startsWith", "endsWith", "test", "isEmpty", "isNotEmpty"]
          .contains(name)
      } else if case .identifier(let name) = callee.form {
        name == "Boolean"
      } else {
        false
      }
    default: false
    }
  }
}
