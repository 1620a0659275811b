import Expressions
import SourceText

/// Parameter texts: `=` starts a template in which `{{ }}` holds JavaScript; anything else is literal.
struct N8nText {
  let names: N8nNames
  let node: Int
  let step: Int

  private func translator(_ scalar: Node) -> JavaScriptTranslator {
    names.translator(for: node, step: step, in: scalar)
  }

  /// What a parameter is: records and lists as such, texts with their expressions read.
  func value(_ parameter: Node?) -> Value {
    guard let parameter else { return .null }
    switch parameter.resolved.content {
    case .sequence(let items): return .list(items.map { value($0) })
    case .mapping:
      return .record(
        parameter.entries.compactMap { entry in
          entry.key.text.map { .init($0, value(entry.value)) }
        })
    case .alias: return .null
    case .scalar(let scalar):
      if parameter.isNull { return .null }
      guard scalar.style != .plain, scalar.text.utf8.first == UInt8(ascii: "=") else {
        return .literal(scalar.text)
      }
      return template(parameter, Array(scalar.text.utf8))
    }
  }

  private func template(_ node: Node, _ bytes: [UInt8]) -> Value {
    let holes = Self.holes(bytes)
    let translator = translator(node)
    if holes.count == 1, holes[0].whole == ByteRange(1, bytes.count) {
      return translator.value(bytes, in: holes[0].code)
    }
    let parts = TextHoles.parts(of: bytes, from: 1, around: holes.map(\.whole)) { index in
      let value = translator.value(bytes, in: holes[index].code)
      if case .literal = value { return value }
      return .text(value, null: "")
    }
    if holes.isEmpty { return parts.first ?? .literal("") }
    return .template(parts)
  }

  /// A parameter whose text is JSON with expressions in it: its fields where they can be seen.
  func json(_ parameter: Node?) -> Value {
    guard let parameter, let text = parameter.text, !parameter.isNull else {
      return value(parameter)
    }
    var bytes = Array(text.utf8)
    let isTemplate = bytes.first == UInt8(ascii: "=")
    let start = isTemplate ? 1 : 0
    let holes = isTemplate ? Self.holes(bytes) : []
    var translator = translator(parameter)
    if holes.count == 1, holes[0].whole == ByteRange(1, bytes.count) {
      return translator.value(bytes, in: holes[0].code)
    }
    var substitutions: [(range: ByteRange, value: Value)] = []
    for hole in holes {
      substitutions.append((hole.whole, translator.value(bytes, in: hole.code)))
    }
    for hole in holes {
      for offset in hole.whole.start..<hole.whole.end { bytes[offset] = UInt8(ascii: "_") }
    }
    translator.scope.substitutions = substitutions
    guard
      let expression = JavaScriptParser.expression(bytes, in: ByteRange(start, bytes.count))
    else { return value(parameter) }
    switch expression.form {
    case .object, .array: return translator.value(expression)
    default: return value(parameter)
    }
  }

  /// Each `{{ code }}` in a text.
  static func holes(_ bytes: [UInt8]) -> [(whole: ByteRange, code: ByteRange)] {
    var holes: [(whole: ByteRange, code: ByteRange)] = []
    var index = 0
    while index + 1 < bytes.count {
      guard bytes[index] == UInt8(ascii: "{"), bytes[index + 1] == UInt8(ascii: "{") else {
        index += 1
        continue
      }
      guard let end = close(bytes, from: index + 2) else { break }
      holes.append((ByteRange(index, end + 2), ByteRange(index + 2, end)))
      index = end + 2
    }
    return holes
  }

  /// Where the `}}` stands that ends the code: past braces and quoted texts, else simply the next one.
  private static func close(_ bytes: [UInt8], from start: Int) -> Int? {
    var depth = 0
    var quote: UInt8 = 0
    var index = start
    var first: Int?
    while index < bytes.count {
      let byte = bytes[index]
      if byte == UInt8(ascii: "}"), index + 1 < bytes.count, bytes[index + 1] == byte {
        first = first ?? index
        if quote == 0, depth == 0 { return index }
      }
      // A quote that never ends (an apostrophe in text) must not swallow the rest.
      if let first, index > first + 4096 { return first }
      if quote != 0 {
        if byte == UInt8(ascii: "\\") {
          index += 1
        } else if byte == quote {
          quote = 0
        }
      } else {
        switch byte {
        case UInt8(ascii: "'"), UInt8(ascii: "\""), UInt8(ascii: "`"): quote = byte
        case UInt8(ascii: "{"): depth += 1
        case UInt8(ascii: "}"): depth = max(0, depth - 1)
        default: break
        }
      }
      index += 1
    }
    return first
  }
}
