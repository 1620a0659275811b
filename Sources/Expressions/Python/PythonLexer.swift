import SourceText

/// A token of Python; ranges are UTF-8 offsets in the text that was read.
struct PythonToken {
  enum Kind: Equatable {
    case name(String)
    case number(String)
    /// The text between the quotes; `isFormatted` for `f"…"`.
    case string(content: ByteRange, isFormatted: Bool, isRaw: Bool)
    case symbol(String)
    case lineEnd, indent, dedent, end
  }
  var kind: Kind
  var range: ByteRange
}

/// Cuts Python into tokens, with the indentation as tokens of its own.
struct PythonLexer {
  private let bytes: [UInt8]
  private let end: Int
  private var index: Int
  private var tokens: [PythonToken] = []
  private var indents = [0]
  private var brackets = 0

  static func tokens(of bytes: [UInt8], in range: ByteRange) -> [PythonToken] {
    var lexer = PythonLexer(bytes, in: range)
    lexer.run()
    return lexer.tokens
  }

  private init(_ bytes: [UInt8], in range: ByteRange) {
    self.bytes = bytes
    index = max(0, range.start)
    end = min(bytes.count, range.end)
  }

  private mutating func run() {
    var startsLine = true
    while index < end {
      if startsLine, brackets == 0 {
        startsLine = false
        readIndentation()
        continue
      }
      let byte = bytes[index]
      switch byte {
      case UInt8(ascii: "\n"):
        if brackets == 0 {
          if let last = tokens.last?.kind, last != .lineEnd, last != .indent, last != .dedent {
            add(.lineEnd, index, index)
          }
          startsLine = true
        }
        index += 1
      case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\r"), 0x0C: index += 1
      case UInt8(ascii: "#"):
        while index < end, bytes[index] != UInt8(ascii: "\n") { index += 1 }
      case UInt8(ascii: "\\"):
        index += 1
        if at(0) == UInt8(ascii: "\r") { index += 1 }
        if at(0) == UInt8(ascii: "\n") { index += 1 }
      case UInt8(ascii: "\""), UInt8(ascii: "'"): readString(from: index, prefix: [])
      case UInt8(ascii: "0")...UInt8(ascii: "9"): readNumber()
      case _ where Self.isName(byte): readName()
      default: readSymbol()
      }
    }
    if let last = tokens.last?.kind, last != .lineEnd { add(.lineEnd, end, end) }
    while indents.count > 1 {
      indents.removeLast()
      add(.dedent, end, end)
    }
    add(.end, end, end)
  }

  private func at(_ offset: Int) -> UInt8? {
    index + offset < end ? bytes[index + offset] : nil
  }

  private mutating func add(_ kind: PythonToken.Kind, _ start: Int, _ stop: Int) {
    tokens.append(PythonToken(kind: kind, range: ByteRange(start, stop)))
  }

  private mutating func readIndentation() {
    var width = 0
    while index < end {
      if bytes[index] == UInt8(ascii: " ") {
        width += 1
      } else if bytes[index] == UInt8(ascii: "\t") {
        width = (width / 8 + 1) * 8
      } else {
        break
      }
      index += 1
    }
    // A blank line, or one with a comment alone, says nothing about blocks.
    guard let byte = at(0),
      ![UInt8(ascii: "\n"), UInt8(ascii: "\r"), UInt8(ascii: "#")].contains(byte)
    else { return }
    if tokens.isEmpty { indents = [width] }
    if width > indents[indents.count - 1] {
      indents.append(width)
      add(.indent, index, index)
    }
    while indents.count > 1, width < indents[indents.count - 1] {
      indents.removeLast()
      add(.dedent, index, index)
    }
  }

  private static func isName(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "_"), 0x80...:
      true
    default: false
    }
  }

  private mutating func readName() {
    let start = index
    while let byte = at(0), Self.isName(byte) || (0x30...0x39).contains(byte) { index += 1 }
    let text = bytes[start..<index]
    if let next = at(0), next == UInt8(ascii: "\"") || next == UInt8(ascii: "'"), text.count <= 2,
      text.allSatisfy({ "rRbBuUfF".utf8.contains($0) })
    {
      readString(from: start, prefix: Array(text))
      return
    }
    add(.name(String(decoding: text, as: UTF8.self)), start, index)
  }

  private mutating func readNumber() {
    let start = index
    while let byte = at(0), Self.isName(byte) || (0x30...0x39).contains(byte) || byte == 0x2E {
      index += 1
    }
    let digits = bytes[start..<index].filter { $0 != UInt8(ascii: "_") }
    add(.number(String(decoding: digits, as: UTF8.self)), start, index)
  }

  private mutating func readString(from start: Int, prefix: [UInt8]) {
    let quote = bytes[index]
    let isTriple = at(1) == quote && at(2) == quote
    index += isTriple ? 3 : 1
    let content = index
    var stop = end
    while index < end {
      if bytes[index] == UInt8(ascii: "\\") {
        index = min(end, index + 2)
        continue
      }
      if bytes[index] == quote, !isTriple || (at(1) == quote && at(2) == quote) {
        stop = index
        index += isTriple ? 3 : 1
        break
      }
      if !isTriple, bytes[index] == UInt8(ascii: "\n") {
        stop = index
        break
      }
      index += 1
    }
    let letters = String(decoding: prefix, as: UTF8.self).lowercased()
    add(
      .string(
        content: ByteRange(content, min(stop, end)), isFormatted: letters.contains("f"),
        isRaw: letters.contains("r")), start, index)
  }

  private static let symbols = SymbolTable([
    "**=", "//=", ">>=", "<<=", "...", "**", "//", ">>", "<<", "<=", ">=", "==", "!=", "->", "+=",
    "-=", "*=", "/=", "%=", "&=", "|=", "^=", ":=",
  ])

  private mutating func readSymbol() {
    let start = index
    if let symbol = Self.symbols.first(in: bytes, from: index, to: end) {
      index += symbol.utf8.count
      add(.symbol(symbol), start, index)
      return
    }
    switch bytes[index] {
    case UInt8(ascii: "("), UInt8(ascii: "["), UInt8(ascii: "{"): brackets += 1
    case UInt8(ascii: ")"), UInt8(ascii: "]"), UInt8(ascii: "}"): brackets = max(0, brackets - 1)
    default: break
    }
    index += 1
    add(.symbol(String(decoding: bytes[start..<index], as: UTF8.self)), start, index)
  }
}
