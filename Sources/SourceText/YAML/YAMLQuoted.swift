/// Quoted scalars.
extension YAMLParser {
  mutating func singleQuoted(indent: Int, _ properties: Properties?) {
    quoted(Byte.apostrophe, indent: indent, properties)
  }

  mutating func doubleQuoted(indent: Int, _ properties: Properties?) {
    quoted(Byte.quote, indent: indent, properties)
  }

  private mutating func quoted(_ quote: UInt8, indent: Int, _ properties: Properties?) {
    let start = position
    let line = lineStart
    let isDouble = quote == Byte.quote
    let style: Scalar.Style = isDouble ? .doubleQuoted : .singleQuoted
    position += 1
    var runStart = position
    var isVerbatim = true
    text.clear()
    while true {
      while position < bytes.count {
        let byte = bytes[position]
        if byte == quote || byte == Byte.lineFeed || byte == Byte.carriageReturn
          || (isDouble && byte == Byte.backslash)
        {
          break
        }
        position += 1
      }
      guard !isAtEnd else {
        closeAtLineEnd(from: start, line: line, style, properties)
        return
      }
      let byte = bytes[position]
      if byte == quote {
        if isDouble || !stands(quote, at: position + 1) { break }
        isVerbatim = false
        text.append(bytes, runStart..<position)
        text.append(quote, for: ByteRange(position, position + 2))
        position += 2
        runStart = position
      } else if byte == Byte.backslash {
        isVerbatim = false
        text.append(bytes, runStart..<position)
        escape()
        runStart = position
      } else {
        isVerbatim = false
        var end = position
        while end > runStart, Byte.isBlank(bytes[end - 1]) { end -= 1 }
        text.append(bytes, runStart..<end)
        guard goToNextLine(from: end, indent: indent) else {
          closeAtLineEnd(from: start, line: line, style, properties)
          return
        }
        runStart = position
      }
    }
    let range = ByteRange(start, position + 1)
    if isVerbatim {
      let plain = String(decoding: bytes[runStart..<position], as: UTF8.self)
      addScalar(Scalar(style: style, text: plain), range, properties)
    } else {
      text.append(bytes, runStart..<position)
      addScalar(text.scalar(style, startingAt: start + 1), range, properties)
    }
    position += 1
  }

  /// Folds line breaks and goes to the text's next line; says no where that cannot belong to it.
  private mutating func goToNextLine(from end: Int, indent: Int) -> Bool {
    let (next, nextLine) = nextToken(from: end)
    guard next < bytes.count else { return false }
    if next == nextLine, isDocumentMarker(at: next) { return false }
    if next - nextLine <= indent, looksLikeEntry(at: next) { return false }
    if let tab = bytes[nextLine..<next].firstIndex(of: Byte.tab), tab - nextLine <= indent {
      reportTab(at: tab)
    }
    fold(from: end, to: next)
    position = next
    lineStart = nextLine
    return true
  }

  /// A quote that is never closed: the text ends with its first line.
  private mutating func closeAtLineEnd(
    from start: Int, line: Int, _ style: Scalar.Style, _ properties: Properties?
  ) {
    let quote = style == .doubleQuoted ? "\"" : "'"
    reportDamage(
      "This quote is not closed.", hint: "Add the missing \(quote) at the value's end.",
      at: ByteRange(start, start + 1))
    position = start
    lineStart = line
    skipLine()
    var end = position
    while end > start + 1, Byte.isBlank(bytes[end - 1]) { end -= 1 }
    let text = String(decoding: bytes[min(start + 1, end)..<end], as: UTF8.self)
    addScalar(Scalar(style: style, text: text), ByteRange(start, end), properties)
  }

  /// Reads one escape of a double-quoted scalar into `text`.
  private mutating func escape() {
    let start = position
    position += 1
    guard position < bytes.count else { return }
    let byte = bytes[position]
    if Byte.isBreak(byte) {
      escapedBreak()
      return
    }
    position += 1
    switch byte {
    case UInt8(ascii: "x"): unicodeEscape(from: start, digits: 2)
    case UInt8(ascii: "u"): unicodeEscape(from: start, digits: 4)
    case UInt8(ascii: "U"): unicodeEscape(from: start, digits: 8)
    default:
      if let scalar = Self.escaped(byte) {
        text.append(scalar, for: ByteRange(start, position))
      } else {
        while position < bytes.count, Byte.continuesScalar(bytes[position]) { position += 1 }
        let escape = String(decoding: bytes[start..<position], as: UTF8.self)
        reportDamage(
          "YAML has no escape `\(escape)`.",
          hint: "Write \\\\ for a backslash, or use single quotes.", at: ByteRange(start, position))
        text.append(bytes, start..<position)
      }
    }
  }

  private static func escaped(_ byte: UInt8) -> Unicode.Scalar? {
    switch Unicode.Scalar(byte) {
    case "0": "\0"
    case "a": "\u{07}"
    case "b": "\u{08}"
    case "t", "\t": "\t"
    case "n": "\n"
    case "v": "\u{0B}"
    case "f": "\u{0C}"
    case "r": "\r"
    case "e": "\u{1B}"
    case " ": " "
    case "\"": "\""
    case "/": "/"
    case "\\": "\\"
    case "N": "\u{85}"
    case "_": "\u{A0}"
    case "L": "\u{2028}"
    case "P": "\u{2029}"
    default: nil
    }
  }

  /// `\` at a line's end: the break is dropped, empty lines after it stay.
  private mutating func escapedBreak() {
    skipBreak()
    while position < bytes.count {
      skipBlanks()
      guard position < bytes.count, Byte.isBreak(bytes[position]) else { return }
      let start = position
      skipBreak()
      text.append(Byte.lineFeed, for: ByteRange(start, position))
    }
  }

  private mutating func unicodeEscape(from start: Int, digits: Int) {
    guard let value = hexadecimal(digits: digits) else {
      reportDamage(
        "This escape needs \(digits) hexadecimal digits.",
        hint: "Write \\\\ for a backslash, or use single quotes.", at: ByteRange(start, position))
      text.append(bytes, start..<position)
      return
    }
    var scalar = Unicode.Scalar(value)
    // Two escapes for one character are JSON's habit, and JSON is written into YAML.
    if (0xD800..<0xDC00).contains(value), stands(Byte.backslash, at: position),
      stands(UInt8(ascii: "u"), at: position + 1)
    {
      let afterFirst = position
      position += 2
      if let low = hexadecimal(digits: 4), (0xDC00..<0xE000).contains(low) {
        scalar = Unicode.Scalar(0x10000 + (value - 0xD800) << 10 + (low - 0xDC00))
      } else {
        position = afterFirst
      }
    }
    let range = ByteRange(start, position)
    if scalar == nil {
      reportDamage(
        "This escape names no character; it is read as U+FFFD.",
        hint: "Characters past U+FFFF are written \\UXXXXXXXX.", at: range)
    }
    text.append(scalar ?? "\u{FFFD}", for: range)
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
