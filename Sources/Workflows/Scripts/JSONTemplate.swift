import Expressions
import SourceText

/// Reads JSON text with computed parts in it, as a request's body is written in a script.
struct JSONTemplate {
  private enum Piece {
    case byte(UInt8)
    case value(Value)
  }
  private let pieces: [Piece]
  private var position = 0
  private var depth = 0

  /// The value that the text spells; `nil` where it is no JSON object or array.
  static func parse(_ value: Value) -> Value? {
    let leading = value.leadingText.utf8.first { $0 > 32 }
    guard leading == UInt8(ascii: "{") || leading == UInt8(ascii: "[") else { return nil }
    var template = JSONTemplate(value)
    guard let parsed = template.parseValue() else { return nil }
    template.skipBlanks()
    return template.position == template.pieces.count ? parsed : nil
  }

  private init(_ value: Value) {
    var pieces: [Piece] = []
    for part in value.templateParts {
      if case .literal(let text) = part {
        pieces += text.utf8.map(Piece.byte)
      } else {
        pieces.append(.value(part))
      }
    }
    self.pieces = pieces
  }

  private var byte: UInt8? {
    guard position < pieces.count, case .byte(let byte) = pieces[position] else { return nil }
    return byte
  }

  private mutating func skipBlanks() {
    while let byte, byte <= 32 { position += 1 }
  }

  private mutating func take(_ wanted: Character) -> Bool {
    skipBlanks()
    guard byte == wanted.asciiValue else { return false }
    position += 1
    return true
  }

  private mutating func parseValue() -> Value? {
    guard depth < Limits.nesting else { return nil }
    depth += 1
    defer { depth -= 1 }
    skipBlanks()
    guard position < pieces.count else { return nil }
    switch byte {
    case UInt8(ascii: "{"): return parseObject()
    case UInt8(ascii: "["): return parseArray()
    case UInt8(ascii: "\""): return parseString()
    default: return parseBare()
    }
  }

  private mutating func parseObject() -> Value? {
    position += 1
    var fields: [Value.Field] = []
    if take("}") { return .record([]) }
    repeat {
      skipBlanks()
      guard byte == UInt8(ascii: "\""), let name = parseString()?.knownText, take(":"),
        let value = parseValue()
      else { return nil }
      fields.append(Value.Field(name, value))
    } while take(",")
    return take("}") ? .record(fields) : nil
  }

  private mutating func parseArray() -> Value? {
    position += 1
    var elements: [Value] = []
    if take("]") { return .list([]) }
    repeat {
      guard let value = parseValue() else { return nil }
      elements.append(value)
    } while take(",")
    return take("]") ? .list(elements) : nil
  }

  private mutating func parseString() -> Value? {
    position += 1
    var parts: [Value] = []
    var run: [UInt8] = []
    while position < pieces.count {
      switch pieces[position] {
      case .value(let value):
        if !run.isEmpty { parts.append(.literal(String(decoding: run, as: UTF8.self))) }
        run = []
        parts.append(value)
        position += 1
      case .byte(UInt8(ascii: "\"")):
        position += 1
        if !run.isEmpty { parts.append(.literal(String(decoding: run, as: UTF8.self))) }
        return ShellLowerer.concatenated(parts)
      case .byte(UInt8(ascii: "\\")):
        position += 1
        guard let escaped = byte else { return nil }
        run.append(escaped == UInt8(ascii: "n") ? UInt8(ascii: "\n") : escaped)
        position += 1
      case .byte(let byte):
        run.append(byte)
        position += 1
      }
    }
    return nil
  }

  /// A number, a constant, or a computed part.
  private mutating func parseBare() -> Value? {
    var parts: [Value] = []
    var run: [UInt8] = []
    loop: while position < pieces.count {
      switch pieces[position] {
      case .value(let value):
        if !run.isEmpty { parts.append(.literal(String(decoding: run, as: UTF8.self))) }
        run = []
        parts.append(value)
      case .byte(let byte):
        guard byte > 32, byte != UInt8(ascii: ","), byte != UInt8(ascii: "}"),
          byte != UInt8(ascii: "]"), byte != UInt8(ascii: ":"), byte != UInt8(ascii: "\"")
        else { break loop }
        run.append(byte)
      }
      position += 1
    }
    if !run.isEmpty { parts.append(.literal(String(decoding: run, as: UTF8.self))) }
    guard !parts.isEmpty else { return nil }
    if parts == [.literal("null")] { return .null }
    return ShellLowerer.concatenated(parts)
  }
}
