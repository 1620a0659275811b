import SourceText

/// Cuts JavaScript into tokens; every text gives tokens, an unterminated literal ends where the text does.
struct JavaScriptLexer {
  private let bytes: [UInt8]
  private let end: Int
  private var position: Int
  private var tokens: [JavaScriptToken] = []
  private var sawLineEnd = false

  /// The tokens of `range`, with an `end` token last.
  static func tokens(of bytes: [UInt8], in range: ByteRange) -> [JavaScriptToken] {
    var lexer = JavaScriptLexer(bytes: bytes, range: range)
    lexer.run()
    return lexer.tokens
  }

  private init(bytes: [UInt8], range: ByteRange) {
    self.bytes = bytes
    self.end = min(range.end, bytes.count)
    self.position = max(0, min(range.start, bytes.count))
  }

  private mutating func run() {
    while true {
      skipBlank()
      guard position < end else { break }
      let start = position
      let kind = next()
      // Every branch of `next` moves on; this keeps the loop total even if one should not.
      if position == start { position += 1 }
      tokens.append(
        JavaScriptToken(
          kind: kind, range: ByteRange(start, position), followsLineEnd: sawLineEnd))
      sawLineEnd = false
    }
    tokens.append(
      JavaScriptToken(kind: .end, range: ByteRange(end, end), followsLineEnd: sawLineEnd))
  }

  private func byte(_ offset: Int = 0) -> UInt8 {
    position + offset < end ? bytes[position + offset] : 0
  }

  private func text(_ from: Int, _ to: Int) -> String {
    String(decoding: bytes[from..<max(from, min(to, end))], as: UTF8.self)
  }

  private mutating func skipBlank() {
    while position < end {
      switch byte() {
      case UInt8(ascii: "\n"), UInt8(ascii: "\r"):
        sawLineEnd = true
        position += 1
      case UInt8(ascii: " "), UInt8(ascii: "\t"), 0x0B, 0x0C, 0:
        position += 1
      case 0xC2 where byte(1) == 0xA0:
        position += 2
      case 0xEF where byte(1) == 0xBB && byte(2) == 0xBF:
        position += 3
      case 0xE2 where byte(1) == 0x80 && (byte(2) == 0xA8 || byte(2) == 0xA9):
        sawLineEnd = true
        position += 3
      case UInt8(ascii: "/") where byte(1) == UInt8(ascii: "/"):
        while position < end, byte() != UInt8(ascii: "\n"), byte() != UInt8(ascii: "\r") {
          position += 1
        }
      case UInt8(ascii: "/") where byte(1) == UInt8(ascii: "*"):
        position += 2
        while position < end, !(byte() == UInt8(ascii: "*") && byte(1) == UInt8(ascii: "/")) {
          if byte() == UInt8(ascii: "\n") { sawLineEnd = true }
          position += 1
        }
        position = min(end, position + 2)
      default: return
      }
    }
  }

  private mutating func next() -> JavaScriptToken.Kind {
    let first = byte()
    switch first {
    case UInt8(ascii: "'"), UInt8(ascii: "\""): return quoted(first)
    case UInt8(ascii: "`"): return template()
    case UInt8(ascii: "0")...UInt8(ascii: "9"): return number()
    case UInt8(ascii: "."):
      if (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte(1)) { return number() }
    case UInt8(ascii: "/"):
      if regularExpressionMayStart, let literal = regularExpression() { return literal }
    default:
      if Self.isNameByte(first) || first == UInt8(ascii: "#") { return name() }
    }
    return symbol()
  }

  private static func isNameByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "$"),
      UInt8(ascii: "\\"), 0x80...:
      true
    default: false
    }
  }

  private mutating func name() -> JavaScriptToken.Kind {
    let start = position
    position += 1
    while position < end, Self.isNameByte(byte()) { position += 1 }
    return .name(text(start, position))
  }

  private mutating func number() -> JavaScriptToken.Kind {
    let start = position
    let isHexadecimal = byte() == UInt8(ascii: "0") && (byte(1) | 0x20) == UInt8(ascii: "x")
    while position < end {
      let current = byte()
      let isSign = current == UInt8(ascii: "+") || current == UInt8(ascii: "-")
      if isSign, !isHexadecimal, position > start,
        (bytes[position - 1] | 0x20) == UInt8(ascii: "e")
      {
        position += 1
      } else if Self.isNameByte(current) || current == UInt8(ascii: ".") {
        position += 1
      } else {
        break
      }
    }
    return .number(text(start, position).filter { $0 != "_" })
  }

  private mutating func quoted(_ quote: UInt8) -> JavaScriptToken.Kind {
    position += 1
    var content: [UInt8] = []
    while position < end, byte() != quote {
      if byte() == UInt8(ascii: "\\") {
        escape(into: &content)
      } else if byte() == UInt8(ascii: "\n") {
        return .string(String(decoding: content, as: UTF8.self))
      } else {
        content.append(byte())
        position += 1
      }
    }
    position = min(end, position + 1)
    return .string(String(decoding: content, as: UTF8.self))
  }

  private mutating func escape(into content: inout [UInt8]) {
    position += 1
    guard position < end else { return }
    let escaped = byte()
    position += 1
    switch escaped {
    case UInt8(ascii: "n"): content.append(0x0A)
    case UInt8(ascii: "t"): content.append(0x09)
    case UInt8(ascii: "r"): content.append(0x0D)
    case UInt8(ascii: "b"): content.append(0x08)
    case UInt8(ascii: "f"): content.append(0x0C)
    case UInt8(ascii: "v"): content.append(0x0B)
    case UInt8(ascii: "0"): content.append(0)
    case UInt8(ascii: "\n"): break
    case UInt8(ascii: "\r"): if byte() == UInt8(ascii: "\n") { position += 1 }
    case UInt8(ascii: "x"): scalar(digits: 2, into: &content)
    case UInt8(ascii: "u"):
      if byte() == UInt8(ascii: "{") {
        position += 1
        scalar(digits: 6, into: &content)
        if byte() == UInt8(ascii: "}") { position += 1 }
      } else {
        scalar(digits: 4, into: &content)
      }
    default: content.append(escaped)
    }
  }

  private mutating func scalar(digits: Int, into content: inout [UInt8]) {
    var value: UInt32 = 0
    var count = 0
    while count < digits, position < end,
      let digit = Character(Unicode.Scalar(byte())).hexDigitValue
    {
      value = value << 4 | UInt32(digit)
      position += 1
      count += 1
    }
    // Half of a surrogate pair cannot stand alone in UTF-8.
    content.append(contentsOf: Array(String(Unicode.Scalar(value) ?? "\u{FFFD}").utf8))
  }

  private mutating func template() -> JavaScriptToken.Kind {
    position += 1
    var texts: [String] = []
    var substitutions: [ByteRange] = []
    var content: [UInt8] = []
    while position < end, byte() != UInt8(ascii: "`") {
      if byte() == UInt8(ascii: "\\") {
        escape(into: &content)
      } else if byte() == UInt8(ascii: "$"), byte(1) == UInt8(ascii: "{") {
        position += 2
        let start = position
        skipSubstitution()
        substitutions.append(ByteRange(start, position))
        position = min(end, position + 1)
        texts.append(String(decoding: content, as: UTF8.self))
        content = []
      } else {
        content.append(byte())
        position += 1
      }
    }
    position = min(end, position + 1)
    texts.append(String(decoding: content, as: UTF8.self))
    return .template(texts: texts, substitutions: substitutions)
  }

  /// Moves to the `}` that ends a substitution, past nested braces, strings and templates.
  private mutating func skipSubstitution() {
    // Each entry is an open brace, or a template inside which we stand.
    var open: [UInt8] = []
    while position < end {
      let current = byte()
      if open.last == UInt8(ascii: "`") {
        if current == UInt8(ascii: "\\") {
          position += 1
        } else if current == UInt8(ascii: "`") {
          open.removeLast()
        } else if current == UInt8(ascii: "$"), byte(1) == UInt8(ascii: "{") {
          open.append(UInt8(ascii: "{"))
          position += 1
        }
      } else {
        switch current {
        case UInt8(ascii: "{"), UInt8(ascii: "`"): open.append(current)
        case UInt8(ascii: "}"):
          if open.isEmpty { return }
          open.removeLast()
        case UInt8(ascii: "'"), UInt8(ascii: "\""):
          _ = quoted(current)
          continue
        default: break
        }
      }
      position += 1
    }
    position = min(position, end)
  }

  /// A slash divides after a value and starts a regular expression elsewhere.
  private var regularExpressionMayStart: Bool {
    guard let last = tokens.last else { return true }
    switch last.kind {
    case .number, .string, .template, .regularExpression: return false
    case .name(let name):
      return [
        "return", "typeof", "case", "in", "of", "delete", "void", "throw", "new", "else",
        "await", "yield",
      ].contains(name)
    case .symbol(let symbol): return ![")", "]", "}", "++", "--"].contains(symbol)
    case .end: return true
    }
  }

  private mutating func regularExpression() -> JavaScriptToken.Kind? {
    let start = position
    var cursor = position + 1
    var inClass = false
    while cursor < end {
      switch bytes[cursor] {
      case UInt8(ascii: "\n"), UInt8(ascii: "\r"): return nil
      case UInt8(ascii: "\\"): cursor += 1
      case UInt8(ascii: "["): inClass = true
      case UInt8(ascii: "]"): inClass = false
      case UInt8(ascii: "/") where !inClass:
        let pattern = text(start + 1, cursor)
        position = cursor + 1
        let flags = position
        while position < end, Self.isNameByte(byte()) { position += 1 }
        return .regularExpression(pattern: pattern, flags: text(flags, position))
      default: break
      }
      cursor += 1
    }
    return nil
  }

  /// Longest first.
  private static let symbols: [[UInt8]] = [
    ">>>=", "...", "===", "!==", "**=", "<<=", ">>=", ">>>", "&&=", "||=", "??=", "=>", "==",
    "!=", "<=", ">=", "&&", "||", "??", "?.", "++", "--", "+=", "-=", "*=", "/=", "%=", "&=",
    "|=", "^=", "<<", ">>", "**",
  ].map { Array($0.utf8) }

  /// The symbols by their first byte, in the same order.
  private static let symbolsByFirst = (0..<128).map { first in
    symbols.filter { $0[0] == UInt8(first) }
  }

  private mutating func symbol() -> JavaScriptToken.Kind {
    let first = Int(bytes[position])
    for symbol in first < 128 ? Self.symbolsByFirst[first] : []
    where position + symbol.count <= end {
      guard bytes[position..<position + symbol.count].elementsEqual(symbol) else { continue }
      // `a?.5:b` is a conditional with a number.
      if symbol.count == 2, symbol[1] == UInt8(ascii: "."),
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte(2))
      {
        continue
      }
      let start = position
      position += symbol.count
      return .symbol(text(start, position))
    }
    position += 1
    return .symbol(text(position - 1, position))
  }
}
