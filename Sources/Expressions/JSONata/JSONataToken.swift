import SourceText

/// A word of a JSONata expression.
struct JSONataToken {
  enum Kind: Hashable {
    case name(String)
    case variable(String)
    case string(String)
    case number(String)
    case regularExpression(String)
    /// An operator or bracket; words such as `and` are names until the parser finds them in operator position.
    case symbol(String)
    case end
  }
  var kind: Kind
  var range: ByteRange
}

/// Cuts a JSONata expression into tokens.
struct JSONataLexer {
  private let text: LocatedText
  private var position: Int
  private let end: Int

  init(_ text: LocatedText, _ range: ByteRange) {
    self.text = text
    self.position = range.start
    self.end = range.end
  }

  /// All tokens, the last one being ``JSONataToken/Kind/end``.
  static func tokens(
    of text: LocatedText, _ range: ByteRange
  ) throws(ExpressionProblem) -> [JSONataToken] {
    var lexer = JSONataLexer(text, range)
    var tokens: [JSONataToken] = []
    while true {
      let token = try lexer.next(after: tokens.last)
      tokens.append(token)
      if token.kind == .end { return tokens }
    }
  }

  private func byte(_ offset: Int = 0) -> UInt8? {
    position + offset < end ? text.bytes[position + offset] : nil
  }

  private func problem(_ message: String, hint: String = "", from start: Int) -> ExpressionProblem {
    ExpressionProblem(
      message, hint: hint, at: text.locate(ByteRange(start, min(max(position, start + 1), end))))
  }

  private mutating func skipSpaceAndComments() throws(ExpressionProblem) {
    while let byte = byte() {
      if byte == 0x20 || (0x09...0x0D).contains(byte) {
        position += 1
      } else if byte == UInt8(ascii: "/"), self.byte(1) == UInt8(ascii: "*") {
        let start = position
        position += 2
        while self.byte() != nil,
          !(self.byte() == UInt8(ascii: "*") && self.byte(1) == UInt8(ascii: "/"))
        {
          position += 1
        }
        guard self.byte() != nil else { throw problem("the comment is never closed", from: start) }
        position += 2
      } else {
        return
      }
    }
  }

  private mutating func next(after previous: JSONataToken?) throws(ExpressionProblem)
    -> JSONataToken
  {
    try skipSpaceAndComments()
    let start = position
    guard let byte = byte() else {
      return JSONataToken(kind: .end, range: ByteRange(end, end))
    }
    let kind: JSONataToken.Kind
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "'"):
      kind = .string(try quoted(byte))
    case UInt8(ascii: "`"):
      kind = .name(try backquoted())
    case UInt8(ascii: "0")...UInt8(ascii: "9"):
      kind = .number(number())
    case UInt8(ascii: "$"):
      position += 1
      kind = .variable(
        self.byte() == UInt8(ascii: "$")
          ? {
            position += 1; return "$"
          }() : word())
    case UInt8(ascii: "/") where !Self.endsOperand(previous):
      kind = .regularExpression(try regularExpression())
    case _ where Self.isNameStart(byte):
      kind = .name(word())
    default:
      kind = try symbol()
    }
    return JSONataToken(kind: kind, range: ByteRange(start, position))
  }

  /// Whether an operator, not an operand, must follow: this tells a division from a regular expression.
  private static func endsOperand(_ token: JSONataToken?) -> Bool {
    switch token?.kind {
    case .name, .variable, .string, .number, .regularExpression: true
    case .symbol(let symbol): symbol == ")" || symbol == "]" || symbol == "}"
    case .end, nil: false
    }
  }

  private mutating func quoted(_ quote: UInt8) throws(ExpressionProblem) -> String {
    let start = position
    position += 1
    var content: [UInt8] = []
    while let byte = byte() {
      position += 1
      if byte == quote { return String(decoding: content, as: UTF8.self) }
      guard byte == UInt8(ascii: "\\"), let escaped = self.byte() else {
        content.append(byte)
        continue
      }
      position += 1
      switch escaped {
      case UInt8(ascii: "n"): content.append(0x0A)
      case UInt8(ascii: "t"): content.append(0x09)
      case UInt8(ascii: "r"): content.append(0x0D)
      case UInt8(ascii: "b"): content.append(0x08)
      case UInt8(ascii: "f"): content.append(0x0C)
      case UInt8(ascii: "u"):
        let digits = text.text(ByteRange(position, min(position + 4, end)))
        guard digits.utf8.count == 4, let code = UInt32(digits, radix: 16) else {
          throw problem("`\\u` takes four hexadecimal digits", from: position - 2)
        }
        position += 4
        let scalar = Unicode.Scalar(code) ?? "\u{FFFD}"
        content += Array(String(Character(scalar)).utf8)
      default: content.append(escaped)
      }
    }
    position = start
    throw problem("the text is never closed", from: start)
  }

  private mutating func backquoted() throws(ExpressionProblem) -> String {
    let start = position
    position += 1
    while let byte = byte(), byte != UInt8(ascii: "`") { position += 1 }
    guard byte() != nil else { throw problem("the quoted name is never closed", from: start) }
    position += 1
    return text.text(ByteRange(start + 1, position - 1))
  }

  private mutating func number() -> String {
    let start = position
    while let byte = byte(), (0x30...0x39).contains(byte) { position += 1 }
    // `1..3` is a range, not a fraction.
    if byte() == UInt8(ascii: "."), let digit = byte(1), (0x30...0x39).contains(digit) {
      position += 1
      while let byte = byte(), (0x30...0x39).contains(byte) { position += 1 }
    }
    if let byte = byte(), byte == UInt8(ascii: "e") || byte == UInt8(ascii: "E") {
      var ahead = 1
      if self.byte(1) == UInt8(ascii: "-") || self.byte(1) == UInt8(ascii: "+") { ahead = 2 }
      if let digit = self.byte(ahead), (0x30...0x39).contains(digit) {
        position += ahead
        while let byte = self.byte(), (0x30...0x39).contains(byte) { position += 1 }
      }
    }
    return text.text(ByteRange(start, position))
  }

  private mutating func regularExpression() throws(ExpressionProblem) -> String {
    let start = position
    position += 1
    while let byte = byte(), byte != UInt8(ascii: "/") {
      position += byte == UInt8(ascii: "\\") ? 2 : 1
    }
    guard position < end else {
      position = start
      throw problem("the regular expression is never closed", from: start)
    }
    let pattern = text.text(ByteRange(start + 1, position))
    position += 1
    while let flag = byte(), flag == UInt8(ascii: "i") || flag == UInt8(ascii: "m") {
      position += 1
    }
    return pattern
  }

  private mutating func word() -> String {
    let start = position
    while let byte = byte(), Self.isNameStart(byte) || (0x30...0x39).contains(byte) {
      position += 1
    }
    return text.text(ByteRange(start, position))
  }

  private mutating func symbol() throws(ExpressionProblem) -> JSONataToken.Kind {
    if position + 1 < end {
      let pair = text.text(ByteRange(position, position + 2))
      switch pair {
      case "..", ":=", "!=", ">=", "<=", "**", "~>", "?:", "??":
        position += 2
        return .symbol(pair)
      default: break
      }
    }
    let start = position
    position += 1
    let one = text.text(ByteRange(start, position))
    switch one {
    case ".", "[", "]", "{", "}", "(", ")", ",", "@", "#", ";", ":", "?", "+", "-", "*", "/", "%",
      "|", "=", "<", ">", "^", "&":
      return .symbol(one)
    case "!":
      throw problem("`!` is no operator", hint: "use `$not(…)`", from: start)
    default:
      throw problem("unexpected character", from: start)
    }
  }

  private static func isNameStart(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "_"), 0x80...0xFF:
      true
    default: false
    }
  }
}
