import SourceText

/// Splits an expression into tokens.
struct CallTokens {
  struct Token {
    var kind: Kind
    var range: ByteRange
  }

  enum Kind: Equatable {
    case name(String)
    case number(String)
    case text(String)
    case symbol(String)
  }

  private let bytes: [UInt8]
  private let dialect: CallDialect
  private var position: Int
  private let end: Int

  private init(_ bytes: [UInt8], _ range: ByteRange, _ dialect: CallDialect) {
    self.bytes = bytes
    self.dialect = dialect
    position = range.start
    end = min(range.end, bytes.count)
  }

  /// The tokens in `range`; `nil` where a byte belongs to none, or a text never ends.
  static func read(_ bytes: [UInt8], in range: ByteRange, _ dialect: CallDialect) -> [Token]? {
    var tokens = CallTokens(bytes, range, dialect)
    var found: [Token] = []
    while tokens.position < tokens.end {
      if bytes[tokens.position] <= 32 {
        tokens.position += 1
        continue
      }
      let start = tokens.position
      guard let kind = tokens.next() else { return nil }
      found.append(Token(kind: kind, range: ByteRange(start, tokens.position)))
    }
    return found
  }

  private mutating func next() -> Kind? {
    let byte = bytes[position]
    if dialect.quotes.contains(byte) { return text(byte) }
    if Self.isDigit(byte) { return .number(number()) }
    if Self.startsName(byte) { return .name(word()) }
    guard let symbol = Self.symbols.first(in: bytes, from: position, to: end) else { return nil }
    position += symbol.utf8.count
    return .symbol(symbol)
  }

  private static let symbols = SymbolTable([
    "==", "!=", "<=", ">=", "&&", "||", "//", "<", ">", "+", "-", "*", "/", "%", "(", ")", "[",
    "]", "{", "}", ",", ":", ".", "?", "!",
  ])

  private mutating func text(_ quote: UInt8) -> Kind? {
    position += 1
    var run: [UInt8] = []
    while position < end {
      let byte = bytes[position]
      position += 1
      if byte == quote {
        guard !dialect.doublesQuotes || position >= end || bytes[position] != quote else {
          run.append(quote)
          position += 1
          continue
        }
        return .text(String(decoding: run, as: UTF8.self))
      }
      guard byte == UInt8(ascii: "\\"), !dialect.doublesQuotes, position < end else {
        run.append(byte)
        continue
      }
      let escaped = bytes[position]
      position += 1
      switch escaped {
      case UInt8(ascii: "n"): run.append(UInt8(ascii: "\n"))
      case UInt8(ascii: "t"): run.append(UInt8(ascii: "\t"))
      default: run.append(escaped)
      }
    }
    return nil
  }

  private mutating func number() -> String {
    let start = position
    while position < end {
      let byte = bytes[position]
      let isPoint =
        byte == UInt8(ascii: ".") && position + 1 < end && Self.isDigit(bytes[position + 1])
      guard Self.isDigit(byte) || isPoint || byte | 0x20 == UInt8(ascii: "e") else { break }
      position += 1
    }
    return String(decoding: bytes[start..<position], as: UTF8.self)
  }

  private mutating func word() -> String {
    let start = position
    while position < end {
      let byte = bytes[position]
      let isDash =
        byte == UInt8(ascii: "-") && dialect.namesHoldDashes && position + 1 < end
        && (Self.startsName(bytes[position + 1]) || Self.isDigit(bytes[position + 1]))
      guard Self.startsName(byte) || Self.isDigit(byte) || isDash else { break }
      position += 1
    }
    return String(decoding: bytes[start..<position], as: UTF8.self)
  }

  private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }

  private static func startsName(_ byte: UInt8) -> Bool {
    (0x61...0x7A).contains(byte | 0x20) || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "$")
      || byte == UInt8(ascii: "@") || byte >= 0x80
  }
}
