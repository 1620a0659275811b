import SourceText

/// A word of a formula.
struct FormulaToken: Sendable {
  enum Kind: Sendable, Equatable {
    case word(String)
    case text(String)
    case number(String)
    case symbol(String)
    case end
  }
  var kind: Kind
  var range: ByteRange
}

/// Cuts a formula into tokens; a byte that fits nowhere is a symbol of its own.
struct FormulaLexer {
  private let bytes: [UInt8]
  private let end: Int
  private var position: Int

  init(_ bytes: [UInt8], in range: ByteRange) {
    self.bytes = bytes
    position = range.start
    end = min(range.end, bytes.count)
  }

  mutating func tokens() -> [FormulaToken] {
    var tokens: [FormulaToken] = []
    while let token = next() { tokens.append(token) }
    tokens.append(FormulaToken(kind: .end, range: ByteRange(end, end)))
    return tokens
  }

  private static let pairs: Set<String> = [
    "==", "!=", "<=", ">=", "&&", "||", "??", "?:", "<>", "..", "**", "//", "->",
  ]

  private mutating func next() -> FormulaToken? {
    while position < end, bytes[position] <= 32 { position += 1 }
    guard position < end else { return nil }
    let start = position
    let byte = bytes[start]
    if Self.startsWord(byte) {
      while position < end, Self.startsWord(bytes[position]) || Self.isDigit(bytes[position]) {
        position += 1
      }
      return token(.word(text(start, position)), from: start)
    }
    if Self.isDigit(byte) {
      number()
      return token(.number(text(start, position)), from: start)
    }
    if byte == UInt8(ascii: "'") || byte == UInt8(ascii: "\"") {
      return token(.text(quoted(byte)), from: start)
    }
    if start + 1 < end, Self.pairs.contains(text(start, start + 2)) {
      position = start + 2
      // `===` and `!==` of people who think in JavaScript.
      if position < end, bytes[position] == UInt8(ascii: "="), text(start, position).hasSuffix("=")
      {
        position += 1
        return token(.symbol(text(start, start + 2)), from: start)
      }
      return token(.symbol(text(start, position)), from: start)
    }
    position += 1
    return token(.symbol(text(start, position)), from: start)
  }

  private mutating func number() {
    while position < end, Self.isDigit(bytes[position]) { position += 1 }
    // `1..5` is a range.
    if position + 1 < end, bytes[position] == UInt8(ascii: "."), Self.isDigit(bytes[position + 1]) {
      position += 1
      while position < end, Self.isDigit(bytes[position]) { position += 1 }
    }
    // Java's suffixes.
    if position < end, "lLdDfF".utf8.contains(bytes[position]) {
      let after = position + 1
      if after == end || !(Self.startsWord(bytes[after]) || Self.isDigit(bytes[after])) {
        position += 1
      }
    }
  }

  private mutating func quoted(_ quote: UInt8) -> String {
    position += 1
    var decoded: [UInt8] = []
    while position < end, bytes[position] != quote {
      if bytes[position] == UInt8(ascii: "\\"), position + 1 < end {
        position += 1
        decoded.append(bytes[position] == UInt8(ascii: "n") ? 10 : bytes[position])
      } else {
        decoded.append(bytes[position])
      }
      position += 1
    }
    position = min(position + 1, end)
    return String(decoding: decoded, as: UTF8.self)
  }

  private func token(_ kind: FormulaToken.Kind, from start: Int) -> FormulaToken {
    FormulaToken(kind: kind, range: ByteRange(start, position))
  }

  private func text(_ start: Int, _ end: Int) -> String {
    String(decoding: bytes[start..<end], as: UTF8.self)
  }

  private static func isDigit(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
  }

  private static func startsWord(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "_"), UInt8(ascii: "$"), UInt8(ascii: "@"), 0x80...:
      true
    default: false
    }
  }
}
