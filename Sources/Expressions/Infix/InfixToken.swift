import SourceText

/// A piece of an infix expression.
struct InfixToken: Sendable {
  enum Kind: Sendable {
    case text([InfixExpression.TextPart], isQuoted: Bool)
    case number(String)
    case name(String)
    case variable(String)
    case pattern(String)
    case symbol(String)
  }
  var kind: Kind
  var range: ByteRange

  var symbol: String? {
    if case .symbol(let text) = kind { text } else { nil }
  }
}

/// Cuts the text of an infix expression into tokens.
struct InfixLexer {
  private let bytes: [UInt8]
  private let end: Int
  private let dialect: InfixDialect
  /// The engine's insertions by their first byte.
  private let insertions: [Int: (index: Int, end: Int)]
  private var position: Int
  private(set) var tokens: [InfixToken] = []

  private static let symbols = [
    "===", "!==", "&&", "||", "??", "?.", "==", "!=", "<=", ">=", "=~", "!~", "..", "**", "?:",
  ].map { Array($0.utf8) }

  /// `nil` where something in the text is no token.
  static func tokens(
    of bytes: [UInt8], in range: ByteRange, dialect: InfixDialect, insertions: [ByteRange]
  ) -> [InfixToken]? {
    var lexer = InfixLexer(bytes, range, dialect, insertions)
    return lexer.run() ? lexer.tokens : nil
  }

  private init(
    _ bytes: [UInt8], _ range: ByteRange, _ dialect: InfixDialect, _ insertions: [ByteRange]
  ) {
    self.bytes = bytes
    self.dialect = dialect
    position = range.start
    end = min(range.end, bytes.count)
    var places: [Int: (index: Int, end: Int)] = [:]
    for (index, range) in insertions.enumerated() where range.count > 0 {
      places[range.start] = (index, range.end)
    }
    self.insertions = places
  }

  private mutating func run() -> Bool {
    while position < end {
      let start = position
      let byte = bytes[position]
      if insertions[position] != nil {
        word()
      } else if byte <= 32 {
        position += 1
      } else if byte == UInt8(ascii: "'") || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "`")
      {
        guard quoted(by: byte) else { return false }
      } else if isDigit(byte) {
        number()
      } else if dialect.dollarNames, byte == UInt8(ascii: "$") {
        guard dollarName() else { return false }
      } else if startsWord(byte) {
        word()
      } else if dialect.patterns, byte == UInt8(ascii: "/") {
        guard pattern() else { return false }
      } else {
        symbol()
      }
      if position <= start { return false }
    }
    return true
  }

  private mutating func add(_ kind: InfixToken.Kind, from start: Int) {
    tokens.append(InfixToken(kind: kind, range: ByteRange(start, position)))
  }

  private func isDigit(_ byte: UInt8) -> Bool { byte >= 48 && byte <= 57 }

  private func startsWord(_ byte: UInt8) -> Bool {
    (byte | 0x20 >= UInt8(ascii: "a") && byte | 0x20 <= UInt8(ascii: "z"))
      || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "#") || byte >= 0x80
      || (byte == UInt8(ascii: "$") && !dialect.dollarNames)
  }

  private func continuesWord(_ byte: UInt8) -> Bool {
    if startsWord(byte) || isDigit(byte) { return true }
    // Bare words come from values: dashes, dots, slashes and colons belong to them.
    guard dialect.bareWords else { return false }
    return byte == UInt8(ascii: "-") || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "/")
      || byte == UInt8(ascii: ":") || byte == UInt8(ascii: "@")
  }

  private mutating func word() {
    let start = position
    var parts: [InfixExpression.TextPart] = []
    var runStart = position
    var hasInsertion = false
    while position < end {
      if let place = insertions[position] {
        close(&parts, from: runStart)
        parts.append(.insertion(place.index))
        position = max(position + 1, min(place.end, end))
        runStart = position
        hasInsertion = true
      } else if continuesWord(bytes[position]) {
        position += 1
      } else {
        break
      }
    }
    close(&parts, from: runStart)
    if hasInsertion {
      add(.text(parts, isQuoted: false), from: start)
    } else {
      add(.name(text(start, position)), from: start)
    }
  }

  private func close(_ parts: inout [InfixExpression.TextPart], from start: Int) {
    if start < position { parts.append(.literal(text(start, position))) }
  }

  private func text(_ start: Int, _ end: Int) -> String {
    String(decoding: bytes[start..<end], as: UTF8.self)
  }

  private mutating func number() {
    let start = position
    while position < end, insertions[position] == nil,
      isDigit(bytes[position]) || continuesWord(bytes[position])
        || (bytes[position] == UInt8(ascii: ".") && position + 1 < end
          && isDigit(bytes[position + 1]))
    {
      position += 1
    }
    let text = text(start, position)
    if text.utf8.allSatisfy({ isDigit($0) || $0 == UInt8(ascii: ".") }) {
      add(.number(text), from: start)
    } else {
      // `5f3e-…`, `10m`
      add(.name(text), from: start)
    }
  }

  private mutating func quoted(by quote: UInt8) -> Bool {
    let start = position
    position += 1
    var parts: [InfixExpression.TextPart] = []
    var run: [UInt8] = []
    func flush() {
      if !run.isEmpty { parts.append(.literal(String(decoding: run, as: UTF8.self))) }
      run = []
    }
    while position < end {
      if let place = insertions[position] {
        flush()
        parts.append(.insertion(place.index))
        position = max(position + 1, min(place.end, end))
        continue
      }
      let byte = bytes[position]
      if byte == quote {
        position += 1
        flush()
        if parts.isEmpty { parts = [.literal("")] }
        add(.text(parts, isQuoted: true), from: start)
        return true
      }
      if byte == UInt8(ascii: "\\"), quote != UInt8(ascii: "`"), position + 1 < end {
        position += 1
        switch bytes[position] {
        case UInt8(ascii: "n"): run.append(10)
        case UInt8(ascii: "t"): run.append(9)
        default: run.append(bytes[position])
        }
      } else {
        run.append(byte)
      }
      position += 1
    }
    return false
  }

  private mutating func dollarName() -> Bool {
    let start = position
    position += 1
    let isBraced = position < end && bytes[position] == UInt8(ascii: "{")
    if isBraced { position += 1 }
    let nameStart = position
    while position < end, startsWord(bytes[position]) || isDigit(bytes[position]) { position += 1 }
    let name = text(nameStart, position)
    if isBraced {
      guard position < end, bytes[position] == UInt8(ascii: "}") else { return false }
      position += 1
    }
    if name.isEmpty { return false }
    add(.variable(name), from: start)
    return true
  }

  private mutating func pattern() -> Bool {
    let start = position
    position += 1
    let inner = position
    while position < end, bytes[position] != UInt8(ascii: "/") {
      position += bytes[position] == UInt8(ascii: "\\") ? 2 : 1
    }
    guard position < end else { return false }
    let text = text(inner, position)
    position += 1
    while position < end, startsWord(bytes[position]) { position += 1 }
    add(.pattern(text), from: start)
    return true
  }

  private mutating func symbol() {
    let start = position
    for symbol in Self.symbols
    where position + symbol.count <= end
      && bytes[position..<position + symbol.count].elementsEqual(symbol)
    {
      position += symbol.count
      add(.symbol(String(decoding: symbol, as: UTF8.self)), from: start)
      return
    }
    position += 1
    add(.symbol(text(start, position)), from: start)
  }
}
