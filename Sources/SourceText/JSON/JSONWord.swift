/// What stands without quotes: numbers, `true`, `false`, `null`, placeholders of templates, mistakes.
extension JSONParser {
  /// Whether a value begins with `{{`, which no JSON does.
  func startsTemplate() -> Bool {
    position + 1 < bytes.count && bytes[position + 1] == Byte.openBrace
  }

  /// Reads `{{ … }}` as text.
  mutating func template() {
    let start = position
    var open = 0
    while position < bytes.count, !Byte.isBreak(bytes[position]) {
      if bytes[position] == Byte.openBrace { open += 1 }
      if bytes[position] == Byte.closeBrace { open -= 1 }
      position += 1
      if open == 0 { break }
    }
    addPlain(from: start)
    note(.placeholder, at: ByteRange(start, position))
  }

  /// Reads a number, a literal or anything else that has no quotes.
  mutating func word() {
    let start = position
    var hasPlaceholder = false
    while position < bytes.count {
      let byte = bytes[position]
      if byte == Byte.dollar, position + 1 < bytes.count, bytes[position + 1] == Byte.openBrace {
        hasPlaceholder = true
        skipPlaceholder()
        continue
      }
      if Byte.isWhite(byte) || endsWord(byte) { break }
      position += 1
    }
    if position == start { position += 1 }
    while position < bytes.count, Byte.continuesScalar(bytes[position]) { position += 1 }
    let range = ByteRange(start, position)
    switch bytes[start] {
    case _ where hasPlaceholder:
      note(.placeholder, at: range)
    case Byte.zero...Byte.nine, Byte.minus, Byte.plus, Byte.dot:
      if !isNumber(start..<position) { reportNumber(at: range) }
    default:
      reportWord(at: range)
    }
    addPlain(from: start)
  }

  /// Reads a key without quotes, up to white space or what ends a word.
  mutating func unquotedKey() {
    let start = position
    while position < bytes.count, !Byte.isWhite(bytes[position]), !endsWord(bytes[position]) {
      position += 1
    }
    if position == start { position += 1 }
    addPlain(from: start)
    let range = ByteRange(start, position)
    if bytes[start..<position].allSatisfy(isIdentifierByte) {
      note(.unquotedKey, at: range)
    } else {
      reportDamage(
        "A key must be a quoted string.", hint: "Put it in double quotes.", at: range)
    }
  }

  private mutating func addPlain(from start: Int) {
    builder.add(
      Node(
        text: bytes.text(start..<position), style: .plain, range: ByteRange(start, position)))
  }

  private mutating func skipPlaceholder() {
    while position < bytes.count, bytes[position] != Byte.closeBrace,
      !Byte.isBreak(bytes[position])
    {
      position += 1
    }
    if position < bytes.count, bytes[position] == Byte.closeBrace { position += 1 }
  }

  private func endsWord(_ byte: UInt8) -> Bool {
    switch byte {
    case Byte.comma, Byte.colon, Byte.openBrace, Byte.closeBrace, Byte.openBracket,
      Byte.closeBracket, Byte.quote, Byte.apostrophe:
      return true
    default:
      return false
    }
  }

  private func isIdentifierByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      Byte.zero...Byte.nine, UInt8(ascii: "_"), Byte.dollar, 0x80...:
      return true
    default:
      return false
    }
  }

  private mutating func reportWord(at range: ByteRange) {
    switch bytes.text(range.start..<range.end) {
    case "true", "false", "null":
      break
    case "NaN", "Infinity":
      note(.number, at: range)
    default:
      reportDamage(
        "This text has no quotes.", hint: "Put it in double quotes.", at: range)
    }
  }

  private mutating func reportNumber(at range: ByteRange) {
    let isNumberLike = bytes[range.start..<range.end].allSatisfy { byte in
      isIdentifierByte(byte) || byte == Byte.minus || byte == Byte.plus || byte == Byte.dot
    }
    if isNumberLike {
      note(.number, at: range)
    } else {
      reportDamage("This text has no quotes.", hint: "Put it in double quotes.", at: range)
    }
  }

  /// The grammar of RFC 8259: `-? (0 | [1-9][0-9]*) (. [0-9]+)? ([eE] [+-]? [0-9]+)?`.
  private func isNumber(_ range: Range<Int>) -> Bool {
    var index = range.lowerBound
    func digits() -> Int {
      let end = bytes[index..<range.upperBound].firstIndex { $0 < Byte.zero || $0 > Byte.nine }
      return (end ?? range.upperBound) - index
    }
    func stands(_ byte: UInt8) -> Bool { index < range.upperBound && bytes[index] == byte }
    if stands(Byte.minus) { index += 1 }
    if stands(Byte.zero) {
      index += 1
    } else {
      let count = digits()
      if count == 0 { return false }
      index += count
    }
    if stands(Byte.dot) {
      index += 1
      let count = digits()
      if count == 0 { return false }
      index += count
    }
    if stands(UInt8(ascii: "e")) || stands(UInt8(ascii: "E")) {
      index += 1
      if stands(Byte.plus) || stands(Byte.minus) { index += 1 }
      let count = digits()
      if count == 0 { return false }
      index += count
    }
    return index == range.upperBound
  }
}
