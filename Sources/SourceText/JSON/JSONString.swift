extension JSONParser {
  /// Reads a string in either quotes.
  mutating func string() {
    let start = position
    let quote = bytes[position]
    position += 1
    var runStart = position
    var isPlain = true
    text.clear()
    scan: while true {
      position = Self.endOfRun(in: bytes.span, from: position, quote)
      guard position < bytes.count else {
        reportUnclosed(from: start)
        break scan
      }
      switch bytes[position] {
      case quote:
        break scan
      case Byte.backslash:
        isPlain = false
        text.append(bytes, runStart..<position)
        escape()
        runStart = position
      case Byte.lineFeed, Byte.carriageReturn:
        if !goesOnAfterBreak(quote) {
          reportUnclosed(from: start)
          break scan
        }
        fallthrough
      default:
        note(.control, at: ByteRange(position, position + 1))
        position += 1
      }
    }
    let runEnd = position
    let isClosed = position < bytes.count && bytes[position] == quote
    if isClosed { position += 1 }
    let style: Scalar.Style = quote == Byte.quote ? .doubleQuoted : .singleQuoted
    let range = ByteRange(start, position)
    if isPlain {
      builder.add(Node(text: bytes.text(runStart..<runEnd), style: style, range: range))
    } else {
      text.append(bytes, runStart..<runEnd)
      builder.add(Node(.scalar(text.scalar(style, startingAt: start + 1)), range: range))
    }
  }

  /// Past the bytes that stand for themselves.
  private static func endOfRun(
    in bytes: Span<UInt8>, from start: Int, _ quote: UInt8
  ) -> Int {
    var next = start
    while next < bytes.count {
      let byte = bytes[next]
      if byte == quote || byte == Byte.backslash || byte < Byte.space { break }
      next += 1
    }
    return next
  }

  private mutating func reportUnclosed(from start: Int) {
    reportDamage(
      "This string is not closed.", hint: "Add the missing quote, or write line breaks as \\n.",
      at: ByteRange(start, start + 1))
  }

  /// Whether the string that a raw line break stands in is closed later, before another one begins.
  private mutating func goesOnAfterBreak(_ quote: UInt8) -> Bool {
    // Damaged text could make every line look through the whole file.
    guard lookedAhead < 4 * bytes.count else { return false }
    var next = position
    defer { lookedAhead += next - position }
    while next < bytes.count, bytes[next] != quote {
      next += bytes[next] == Byte.backslash ? 2 : 1
    }
    next += 1
    while next < bytes.count, Byte.isWhite(bytes[next]) { next += 1 }
    guard next < bytes.count else { return false }
    switch bytes[next] {
    case Byte.comma, Byte.colon, Byte.closeBrace, Byte.closeBracket: return true
    default: return false
    }
  }

  /// Reads one escape into `text`.
  private mutating func escape() {
    let start = position
    position += 1
    guard position < bytes.count else { return }
    let byte = bytes[position]
    position += 1
    switch byte {
    case Byte.quote, Byte.backslash, Byte.slash:
      append(byte, from: start)
    case UInt8(ascii: "b"): append(0x08, from: start)
    case UInt8(ascii: "f"): append(0x0C, from: start)
    case UInt8(ascii: "n"): append(0x0A, from: start)
    case UInt8(ascii: "r"): append(0x0D, from: start)
    case UInt8(ascii: "t"): append(0x09, from: start)
    case UInt8(ascii: "u"): unicodeEscape(from: start)
    default:
      position -= 1
      foreignEscape(from: start)
    }
  }

  private mutating func append(_ byte: UInt8, from start: Int) {
    text.append(byte, for: ByteRange(start, position))
  }

  /// Reads `\uXXXX`, or two of them where they are a surrogate pair.
  private mutating func unicodeEscape(from start: Int) {
    guard let first = hexadecimal(digits: 4) else {
      note(.escape, at: ByteRange(start, position))
      text.append(bytes, start..<position)
      return
    }
    var value = first
    if (0xD800..<0xDC00).contains(first), position + 1 < bytes.count,
      bytes[position] == Byte.backslash, bytes[position + 1] == UInt8(ascii: "u")
    {
      let afterFirst = position
      position += 2
      if let second = hexadecimal(digits: 4), (0xDC00..<0xE000).contains(second) {
        value = 0x10000 + (first - 0xD800) << 10 + (second - 0xDC00)
      } else {
        position = afterFirst
      }
    }
    let range = ByteRange(start, position)
    if let scalar = Unicode.Scalar(value) {
      text.append(scalar, for: range)
    } else {
      builder.report(
        .warning, "Half of a surrogate pair stands alone here; it is read as U+FFFD.",
        hint: "Characters past U+FFFF take two escapes: \\ud83d\\ude00.", at: range)
      text.append("\u{FFFD}", for: range)
    }
  }

  /// The escapes of JSON5; any other character stands for itself.
  private mutating func foreignEscape(from start: Int) {
    let byte = bytes[position]
    position += 1
    switch byte {
    case UInt8(ascii: "v"): append(0x0B, from: start)
    case Byte.zero: append(0, from: start)
    case Byte.lineFeed: break
    case Byte.carriageReturn:
      if position < bytes.count, bytes[position] == Byte.lineFeed { position += 1 }
    case UInt8(ascii: "x"):
      if let value = hexadecimal(digits: 2), let scalar = Unicode.Scalar(value) {
        text.append(scalar, for: ByteRange(start, position))
      } else {
        text.append(bytes, start..<position)
      }
    default:
      while position < bytes.count, Byte.continuesScalar(bytes[position]) { position += 1 }
      text.append(bytes, (start + 1)..<position)
    }
    note(.escape, at: ByteRange(start, position))
  }

  private mutating func hexadecimal(digits: Int) -> UInt32? {
    guard position + digits <= bytes.count else { return nil }
    var value: UInt32 = 0
    for offset in position..<(position + digits) {
      guard let digit = Byte.hexadecimalValue(bytes[offset]) else { return nil }
      value = value << 4 | digit
    }
    position += digits
    return value
  }
}
