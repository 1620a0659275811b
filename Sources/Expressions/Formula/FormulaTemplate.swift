package import SourceText

/// Text with `{{ formula }}` and `{% if %}` in it, as Pebble and Jinja write it.
package struct FormulaTemplate {
  private enum Piece {
    case text(ByteRange)
    case hole(ByteRange)
    case tag(String, ByteRange)
  }

  private let bytes: [UInt8]
  private let pieces: [Piece]
  /// Each piece with its marks.
  private let wholes: [ByteRange]
  private var index = 0
  private var depth = 0
  private var translator: FormulaTranslator

  /// What the text renders to; a text that is one hole is the hole's value.
  package static func value(_ bytes: [UInt8], with translator: FormulaTranslator) -> Value {
    var template = FormulaTemplate(bytes, translator)
    if template.pieces.count == 1, case .hole(let range) = template.pieces[0] {
      return template.formula(range)
    }
    return template.sequence()
  }

  /// What a text decides whose rendering is taken for true or false.
  package static func condition(_ bytes: [UInt8], with translator: FormulaTranslator) -> Condition {
    let trimmed = Self.trimmed(bytes)
    let template = FormulaTemplate(bytes, translator)
    let holes = template.pieces.filter { piece in
      if case .text(let range) = piece {
        return range.start < trimmed.end && range.end > trimmed.start
      }
      return true
    }
    if holes.count == 1, case .hole(let range) = holes[0] {
      let formula = FormulaParser.parse(bytes, in: range, as: translator.dialect)
      return translator.condition(formula)
    }
    if holes.isEmpty {
      let text = String(decoding: bytes, as: UTF8.self)
      return .constant(isTrue(text))
    }
    // More than one part: a text like `{{ a }} == 'b'` is compared after rendering, which no engine does.
    let rendered = value(bytes, with: translator)
    return decided(rendered) ?? .unknown(rendered.references)
  }

  private static func isTrue(_ text: String) -> Bool { !["", "false", "0"].contains(text) }

  /// What a text decides that chooses between fixed texts: `{% if a %}true{% else %}false{% endif %}`.
  private static func decided(_ rendered: Value) -> Condition? {
    switch rendered {
    case .literal(let text):
      let bytes = Array(text.utf8)
      let trimmed = trimmed(bytes)
      return .constant(
        isTrue(String(decoding: bytes[trimmed.start..<trimmed.end], as: UTF8.self)))
    case .template(let parts):
      let told = parts.filter { part in
        guard case .literal(let text) = part else { return true }
        return text.utf8.contains { $0 > 32 }
      }
      return told.count == 1 ? decided(told[0]) : nil
    case .conditional(let condition, let first, let second):
      guard let first = decided(first), let second = decided(second), !condition.isLarge else {
        return nil
      }
      switch (first, second) {
      case (.constant(true), .constant(false)): return condition
      case (.constant(false), .constant(true)): return .not(condition)
      default: return .any([.all([condition, first]), .all([.not(condition), second])])
      }
    default: return nil
    }
  }

  private static func trimmed(_ bytes: [UInt8]) -> ByteRange {
    let start = bytes.firstIndex { $0 > 32 } ?? bytes.count
    let end = (bytes.lastIndex { $0 > 32 } ?? start - 1) + 1
    return ByteRange(start, max(start, end))
  }

  /// Where the text has holes, and what stands there: for a script that the engine fills in.
  package static func substitutions(
    _ bytes: [UInt8], with translator: FormulaTranslator
  ) -> [(range: ByteRange, value: Value)] {
    let template = FormulaTemplate(bytes, translator)
    return zip(template.pieces, template.wholes).compactMap { piece, whole in
      guard case .hole(let range) = piece else { return nil }
      return (whole, .text(template.formula(range), null: ""))
    }
  }

  private init(_ bytes: [UInt8], _ translator: FormulaTranslator) {
    self.bytes = bytes
    self.translator = translator
    var pieces: [Piece] = []
    var wholes: [ByteRange] = []
    var position = 0
    var plain = 0
    while position + 1 < bytes.count {
      guard bytes[position] == UInt8(ascii: "{"),
        let close = Self.closers[bytes[position + 1]]
      else {
        position += 1
        continue
      }
      guard let end = Self.find(close, in: bytes, from: position + 2) else { break }
      if position > plain {
        pieces.append(.text(ByteRange(plain, position)))
        wholes.append(ByteRange(plain, position))
      }
      let inner = Self.inner(ByteRange(position + 2, end), in: bytes)
      switch close {
      case UInt8(ascii: "}"): pieces.append(.hole(inner))
      case UInt8(ascii: "%"): pieces.append(Self.tag(inner, in: bytes))
      default: break
      }
      if wholes.count < pieces.count { wholes.append(ByteRange(position, end + 2)) }
      position = end + 2
      plain = position
    }
    if plain < bytes.count {
      pieces.append(.text(ByteRange(plain, bytes.count)))
      wholes.append(ByteRange(plain, bytes.count))
    }
    self.pieces = pieces
    self.wholes = wholes
  }

  private static let closers: [UInt8: UInt8] = [
    UInt8(ascii: "{"): UInt8(ascii: "}"), UInt8(ascii: "%"): UInt8(ascii: "%"),
    UInt8(ascii: "#"): UInt8(ascii: "#"),
  ]

  /// Where the mark and a `}` stand, outside of quotes in a hole.
  private static func find(_ mark: UInt8, in bytes: [UInt8], from start: Int) -> Int? {
    var quote: UInt8 = 0
    var first: Int?
    var depth = 0
    var index = start
    while index + 1 < bytes.count {
      let byte = bytes[index]
      if byte == mark, bytes[index + 1] == UInt8(ascii: "}") {
        first = first ?? index
        if quote == 0, depth == 0 { return index }
      }
      // A quote that never ends must not swallow the rest.
      if let first, index > first + 4096 { return first }
      if mark == UInt8(ascii: "#") {
        index += 1
        continue
      }
      if quote != 0 {
        if byte == UInt8(ascii: "\\") { index += 1 } else if byte == quote { quote = 0 }
      } else {
        switch byte {
        case UInt8(ascii: "'"), UInt8(ascii: "\""): quote = byte
        case UInt8(ascii: "{"): depth += 1
        case UInt8(ascii: "}"): depth = max(0, depth - 1)
        default: break
        }
      }
      index += 1
    }
    return first
  }

  /// Without the marks that trim white space (`{{-`, `-%}`).
  private static func inner(_ range: ByteRange, in bytes: [UInt8]) -> ByteRange {
    var range = range
    if range.start < range.end, bytes[range.start] == UInt8(ascii: "-") { range.start += 1 }
    if range.start < range.end, bytes[range.end - 1] == UInt8(ascii: "-") { range.end -= 1 }
    return range
  }

  private static func tag(_ range: ByteRange, in bytes: [UInt8]) -> Piece {
    var start = range.start
    while start < range.end, bytes[start] <= 32 { start += 1 }
    var end = start
    while end < range.end, bytes[end] > 32 { end += 1 }
    return .tag(
      String(decoding: bytes[start..<end], as: UTF8.self), ByteRange(end, range.end))
  }

  private func formula(_ range: ByteRange) -> Value {
    translator.value(FormulaParser.parse(bytes, in: range, as: translator.dialect))
  }

  /// What stands up to the tag that ends this part.
  private mutating func sequence() -> Value {
    var parts: [Value] = []
    depth += 1
    defer { depth -= 1 }
    loop: while index < pieces.count {
      let piece = pieces[index]
      switch piece {
      case .text(let range):
        index += 1
        parts.append(.literal(String(decoding: bytes[range.start..<range.end], as: UTF8.self)))
      case .hole(let range):
        index += 1
        let value = formula(range)
        if case .literal = value {
          parts.append(value)
        } else {
          parts.append(.text(value, null: ""))
        }
      case .tag(let name, let range):
        switch name {
        case "elseif", "elif", "else", "endif", "endfor": break loop
        case "if" where depth < Limits.nesting:
          index += 1
          parts.append(choice(range))
        case "for" where depth < Limits.nesting:
          index += 1
          parts.append(loop(range))
        case "set":
          index += 1
          bind(range)
        default: index += 1
        }
      }
    }
    switch parts.count {
    case 0: return .literal("")
    case 1: return parts[0]
    default: return .template(parts)
    }
  }

  private mutating func choice(_ range: ByteRange) -> Value {
    let condition = translator.condition(
      FormulaParser.parse(bytes, in: range, as: translator.dialect))
    let first = sequence()
    var second = Value.literal("")
    if index < pieces.count, case .tag(let name, let next) = pieces[index] {
      index += 1
      switch name {
      case "elseif", "elif":
        if depth < Limits.nesting {
          depth += 1
          second = choice(next)
          depth -= 1
        }
      case "else":
        second = sequence()
        if index < pieces.count { index += 1 }
      default: break
      }
    }
    return .conditional(condition, first, second)
  }

  /// `{% for x in list %}`: the body once, for any element.
  private mutating func loop(_ range: ByteRange) -> Value {
    let outer = translator.locals
    let words = Self.words(range, in: bytes)
    if words.count > 2, words[1].text == "in" {
      let list = formula(ByteRange(words[2].range.start, range.end))
      translator.locals[words[0].text] = list.selecting([.element])
    }
    let body = sequence()
    if index < pieces.count, case .tag("else", _) = pieces[index] {
      index += 1
      _ = sequence()
    }
    if index < pieces.count { index += 1 }
    translator.locals = outer
    return body
  }

  private mutating func bind(_ range: ByteRange) {
    let words = Self.words(range, in: bytes)
    guard words.count > 2, words[1].text == "=" else { return }
    let value = formula(ByteRange(words[2].range.start, range.end))
    translator.locals[words[0].text] =
      value.isLarge ? .unknown(Array(value.references.prefix(64))) : value
  }

  private static func words(
    _ range: ByteRange, in bytes: [UInt8]
  ) -> [(text: String, range: ByteRange)] {
    var words: [(text: String, range: ByteRange)] = []
    var position = range.start
    while position < range.end, words.count < 3 {
      while position < range.end, bytes[position] <= 32 { position += 1 }
      let start = position
      while position < range.end, bytes[position] > 32 { position += 1 }
      if position > start {
        words.append(
          (String(decoding: bytes[start..<position], as: UTF8.self), ByteRange(start, position)))
      }
    }
    return words
  }
}
