import SourceText

/// Reads the value of a `.$` key: a path, or intrinsic functions such as `States.Format('{}', $.a)`.
package struct IntrinsicFunction {
  private let text: LocatedText
  private let scope: StatesScope
  private var position = 0
  private var depth = 0

  private init(_ text: LocatedText, _ scope: StatesScope) {
    self.text = text
    self.scope = scope
  }

  /// The value of a path or an intrinsic call.
  package static func value(
    of text: LocatedText, in scope: StatesScope
  ) throws(ExpressionProblem) -> Value {
    var parser = IntrinsicFunction(text, scope)
    parser.skipSpace()
    let value: Value
    switch parser.current {
    case UInt8(ascii: "$"): value = try parser.path()
    case .some where parser.isCall: value = try parser.call()
    default:
      throw parser.problem(
        "neither a path nor an intrinsic function",
        hint: "a key that ends in `.$` takes `$.field` or `States.Format(…)`")
    }
    parser.skipSpace()
    guard parser.current == nil else {
      throw parser.problem("unexpected text after the expression")
    }
    return value
  }

  private var current: UInt8? { position < text.bytes.count ? text.bytes[position] : nil }

  private var isCall: Bool {
    text.bytes[position...].starts(with: "States.".utf8)
  }

  private mutating func skipSpace() {
    while let byte = current, byte == 0x20 || (0x09...0x0D).contains(byte) { position += 1 }
  }

  private func problem(_ message: String, hint: String = "") -> ExpressionProblem {
    let start = min(position, text.bytes.count)
    let range = ByteRange(start, min(start + 1, text.bytes.count))
    return ExpressionProblem(message, hint: hint, at: text.locate(range))
  }

  private mutating func path() throws(ExpressionProblem) -> Value {
    let start = position
    var parser = ReferencePathParser(text, from: position)
    let path = try parser.path()
    position = parser.position
    return path.value(in: scope, at: text.locate(ByteRange(start, position)))
  }

  private mutating func call() throws(ExpressionProblem) -> Value {
    depth += 1
    defer { depth -= 1 }
    // The engine allows ten levels.
    guard depth <= 64 else { throw problem("the intrinsic functions nest too deep") }
    let start = position
    position += "States.".utf8.count
    while let byte = current, Self.isNameByte(byte) { position += 1 }
    let nameRange = ByteRange(start, position)
    let name = text.text(nameRange)
    skipSpace()
    guard current == UInt8(ascii: "(") else {
      throw problem("`(` must follow `\(name)`")
    }
    position += 1
    let arguments = try self.arguments()
    let location = text.locate(ByteRange(start, position))
    guard let value = IntrinsicCatalogue.value(of: name, arguments, at: location) else {
      let nearest = NearestName.of(name, among: IntrinsicCatalogue.names)
      throw ExpressionProblem(
        "there is no intrinsic function `\(name)`",
        hint: nearest.map { "did you mean `\($0)`?" } ?? "", at: text.locate(nameRange))
    }
    return value
  }

  private mutating func arguments() throws(ExpressionProblem) -> [Value] {
    var arguments: [Value] = []
    skipSpace()
    if current == UInt8(ascii: ")") {
      position += 1
      return []
    }
    while true {
      arguments.append(try argument())
      skipSpace()
      switch current {
      case UInt8(ascii: ","): position += 1
      case UInt8(ascii: ")"):
        position += 1
        return arguments
      case nil: throw problem("`(` is never closed")
      default: throw problem("`,` or `)` must follow an argument")
      }
    }
  }

  private mutating func argument() throws(ExpressionProblem) -> Value {
    skipSpace()
    guard let byte = current else { throw problem("an argument is missing") }
    if byte == UInt8(ascii: "$") { return try path() }
    if byte == UInt8(ascii: "'") { return .literal(try string()) }
    if isCall { return try call() }
    let start = position
    while let byte = current, Self.isNameByte(byte) || byte == UInt8(ascii: ".") { position += 1 }
    let word = text.text(ByteRange(start, position))
    switch word {
    case "null": return .null
    case "true", "false": return .literal(word)
    default:
      if Double(word) != nil { return .literal(word) }
      position = start
      throw problem(
        "an argument is a path, a number, `'text'`, `true`, `false`, `null` or another function")
    }
  }

  private mutating func string() throws(ExpressionProblem) -> String {
    let start = position
    position += 1
    var content: [UInt8] = []
    while let byte = current {
      position += 1
      if byte == UInt8(ascii: "'") { return String(decoding: content, as: UTF8.self) }
      if byte == UInt8(ascii: "\\"), let next = current {
        // `\{` and `\}` stay escaped: only the template may tell a brace from a placeholder.
        if next != UInt8(ascii: "'"), next != UInt8(ascii: "\\") { content.append(byte) }
        content.append(next)
        position += 1
      } else {
        content.append(byte)
      }
    }
    position = start
    throw problem("the text is never closed", hint: "end it with `'`")
  }

  private static func isNameByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"),
      UInt8(ascii: "+"):
      true
    default: false
    }
  }
}
