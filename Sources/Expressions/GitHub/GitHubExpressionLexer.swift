import SourceText

/// Cuts an expression into tokens.
///
/// The grammar is that of the public runner's expression library: single-quoted text, numbers with hex, octal and
/// exponent forms, names with dashes.
struct GitHubExpressionLexer {
  struct Token: Hashable {
    var kind: Kind
    var range: ByteRange
  }

  enum Kind: Hashable {
    case name(String)
    case number(String)
    case text(String)
    case symbol(Symbol)
    case end
  }

  enum Symbol: String, Hashable {
    case open = "("
    case close = ")"
    case openBracket = "["
    case closeBracket = "]"
    case dot = "."
    case comma = ","
    case star = "*"
    case not = "!"
    case notEqual = "!="
    case equal = "=="
    case less = "<"
    case lessOrEqual = "<="
    case greater = ">"
    case greaterOrEqual = ">="
    case and = "&&"
    case or = "||"
  }

  private let bytes: [UInt8]
  private let end: Int
  private(set) var offset: Int
  /// A `-`, `+` or `.` starts a number only where an operand may stand.
  private var expectsOperand = true

  init(_ bytes: [UInt8], in range: ByteRange) {
    self.bytes = bytes
    self.offset = range.start
    self.end = min(range.end, bytes.count)
  }

  /// The next token, or where the text stops being an expression.
  mutating func next() throws(GitHubExpressionError) -> Token {
    while offset < end, isSpace(bytes[offset]) { offset += 1 }
    let start = offset
    guard start < end else { return Token(kind: .end, range: ByteRange(start, start)) }
    let byte = bytes[start]
    let kind: Kind
    if byte == UInt8(ascii: "'") {
      kind = .text(try text())
    } else if isNameStart(byte) {
      kind = .name(name())
    } else if isDigit(byte) || (expectsOperand && isNumberStart(byte)) {
      kind = .number(try number())
    } else {
      kind = .symbol(try symbol())
    }
    switch kind {
    case .name, .number, .text, .symbol(.close), .symbol(.closeBracket), .symbol(.star):
      expectsOperand = false
    case .symbol(.dot): expectsOperand = false
    case .symbol, .end: expectsOperand = true
    }
    return Token(kind: kind, range: ByteRange(start, offset))
  }

  private mutating func text() throws(GitHubExpressionError) -> String {
    let start = offset
    offset += 1
    var content: [UInt8] = []
    while offset < end {
      let byte = bytes[offset]
      offset += 1
      guard byte == UInt8(ascii: "'") else {
        content.append(byte)
        continue
      }
      guard offset < end, bytes[offset] == UInt8(ascii: "'") else {
        return String(decoding: content, as: UTF8.self)
      }
      content.append(byte)
      offset += 1
    }
    throw GitHubExpressionError(
      "this text has no closing quote", hint: "a quote inside text is written twice: 'it''s'",
      at: ByteRange(start, end))
  }

  private mutating func name() -> String {
    let start = offset
    while offset < end, isNamePart(bytes[offset]) { offset += 1 }
    return String(decoding: bytes[start..<offset], as: UTF8.self)
  }

  private mutating func number() throws(GitHubExpressionError) -> String {
    let start = offset
    offset += 1
    while offset < end {
      let byte = bytes[offset]
      let afterExponent =
        (byte == UInt8(ascii: "-") || byte == UInt8(ascii: "+"))
        && (bytes[offset - 1] | 0x20) == UInt8(ascii: "e")
      guard
        isNamePart(byte) && byte != UInt8(ascii: "-") || byte == UInt8(ascii: ".")
          || afterExponent
      else { break }
      offset += 1
    }
    let written = String(decoding: bytes[start..<offset], as: UTF8.self)
    guard GitHubNumber(written) != nil else {
      throw GitHubExpressionError("`\(written)` is no number", at: ByteRange(start, offset))
    }
    return written
  }

  /// The symbols of one byte, by that byte.
  private static let symbols = (0..<0x80).map { Symbol(rawValue: String(UnicodeScalar(UInt8($0)))) }

  private mutating func symbol() throws(GitHubExpressionError) -> Symbol {
    let start = offset
    // Only these bytes end a symbol of two.
    if start + 1 < end, "=&|".utf8.contains(bytes[start + 1]) {
      let pair = String(decoding: bytes[start..<start + 2], as: UTF8.self)
      if let symbol = Symbol(rawValue: pair) {
        offset += 2
        return symbol
      }
    }
    offset += 1
    let byte = bytes[start]
    if byte < 0x80, let symbol = Self.symbols[Int(byte)] { return symbol }
    while offset < end, bytes[offset] & 0xC0 == 0x80 { offset += 1 }
    let range = ByteRange(start, offset)
    let written = String(decoding: bytes[start..<offset], as: UTF8.self)
    let hint =
      switch written {
      case "\"": "text stands in single quotes"
      case "=": "equality is written `==`"
      case "&": "the operator is `&&`"
      case "|": "the operator is `||`; there are no filters"
      case "+", "-", "/", "%": "there is no arithmetic in these expressions"
      default: ""
      }
    throw GitHubExpressionError("`\(written)` has no place in an expression", hint: hint, at: range)
  }

  private func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (byte >= 0x09 && byte <= 0x0D) }
  private func isDigit(_ byte: UInt8) -> Bool { byte >= 0x30 && byte <= 0x39 }
  private func isNumberStart(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: "-") || byte == UInt8(ascii: "+") || byte == UInt8(ascii: ".")
  }
  private func isNameStart(_ byte: UInt8) -> Bool {
    (byte | 0x20 >= 0x61 && byte | 0x20 <= 0x7A) || byte == UInt8(ascii: "_")
  }
  private func isNamePart(_ byte: UInt8) -> Bool {
    isNameStart(byte) || isDigit(byte) || byte == UInt8(ascii: "-")
  }
}

/// A number literal's value.
struct GitHubNumber {
  var value: Double

  init?(_ written: String) {
    var digits = Substring(written)
    var sign = 1.0
    if let first = digits.first, first == "-" || first == "+" {
      sign = first == "-" ? -1 : 1
      digits = digits.dropFirst()
    }
    if digits.hasPrefix("0x") || digits.hasPrefix("0o") {
      let radix = digits.hasPrefix("0x") ? 16 : 8
      guard let integer = UInt64(digits.dropFirst(2), radix: radix) else { return nil }
      value = sign * Double(integer)
    } else if digits == "Infinity" {
      value = sign * .infinity
    } else if digits == "NaN" {
      value = .nan
    } else {
      let plain = digits.utf8.allSatisfy {
        ($0 >= 0x30 && $0 <= 0x39) || $0 == 0x2E || $0 == 0x2B || $0 == 0x2D || $0 | 0x20 == 0x65
      }
      // The standard library wants a digit before the point; the language does not.
      let complete = digits.hasPrefix(".") ? "0" + digits : String(digits)
      let padded = complete.hasSuffix(".") ? complete + "0" : complete
      guard plain, !digits.isEmpty, digits != ".", let number = Double(padded) else { return nil }
      value = sign * number
    }
  }
}
