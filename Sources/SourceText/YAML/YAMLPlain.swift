/// Plain scalars, and the folding of lines that they share with quoted ones.
extension YAMLParser {
  /// Reads plain text on as many lines as it takes.
  ///
  /// - Returns: Whether the text ran into a line with a key, which an error says already.
  mutating func plain(indent: Int, inFlow: Bool, _ properties: Properties?) -> Bool {
    let start = position
    checkFirstByte()
    var end = scanPlainLine(inFlow: inFlow)
    guard continuesPlain(from: end, indent: indent, inFlow: inFlow) else {
      addPlain(start..<end, properties)
      return false
    }
    text.clear()
    text.append(bytes, start..<end)
    var isBroken = false
    while continuesPlain(from: end, indent: indent, inFlow: inFlow) {
      let endLine = lineStart
      let (next, nextLine) = nextToken(from: end)
      position = next
      lineStart = nextLine
      let nextEnd = scanPlainLine(inFlow: inFlow)
      if !inFlow, stands(Byte.colon, at: position) {
        reportKeyInText(at: ByteRange(next, nextEnd))
        position = end
        lineStart = endLine
        isBroken = true
        break
      }
      fold(from: end, to: next)
      text.append(bytes, next..<nextEnd)
      end = nextEnd
    }
    addScalar(text.scalar(.plain, startingAt: start), ByteRange(start, end), properties)
    return isBroken
  }

  /// Reads plain text on this line only, as a key must be.
  mutating func plainLine(_ properties: Properties?) {
    let start = position
    let end = scanPlainLine(inFlow: false)
    addPlain(start..<end, properties)
  }

  /// Reports a first byte that plain text must not have.
  private mutating func checkFirstByte() {
    switch bytes[position] {
    case Byte.percent, Byte.at, Byte.grave, Byte.comma, Byte.closeBracket, Byte.closeBrace:
      let character = Unicode.Scalar(bytes[position])
      reportDamage(
        "Unquoted text cannot begin with `\(character)`.", hint: "Quote the value.",
        at: ByteRange(position, lineEnd(from: position)))
    default:
      break
    }
  }

  /// Goes to where plain text ends on this line and returns the end without blanks.
  private mutating func scanPlainLine(inFlow: Bool) -> Int {
    let start = position
    var next = position
    var end = position
    scan: while true {
      let afterWord = Self.endOfWord(in: bytes.span, from: next)
      if afterWord > next {
        next = afterWord
        end = next
      }
      guard next < bytes.count else { break }
      let byte = bytes[next]
      switch byte {
      case Byte.colon:
        if isWhiteOrEnd(at: next + 1) || (inFlow && Byte.isFlowIndicator(bytes[next + 1])) {
          break scan
        }
      case Byte.hash:
        if next > start, Byte.isBlank(bytes[next - 1]) { break scan }
      case Byte.lineFeed, Byte.carriageReturn:
        break scan
      case Byte.space, Byte.tab:
        next += 1
        continue
      case Byte.comma, Byte.openBracket, Byte.closeBracket, Byte.openBrace, Byte.closeBrace:
        if inFlow {
          guard let after = templateInText(at: next, from: start) else { break scan }
          next = after
          end = after
          continue
        }
      default:
        break
      }
      next += 1
      end = next
    }
    // A first byte that is an indicator has been reported: it is text now.
    position = next
    if end == start, next == start, next < bytes.count, !Byte.isBreak(bytes[next]) {
      position += 1
      end = position
    }
    return end
  }

  /// Past what is text wherever it stands, in a loop of its own.
  private static func endOfWord(in bytes: Span<UInt8>, from start: Int) -> Int {
    var next = start
    while next < bytes.count {
      let byte = bytes[next]
      let isLetter = byte | 0x20 >= UInt8(ascii: "a") && byte | 0x20 <= UInt8(ascii: "z")
      // `-`, `.`, `/` and digits.
      guard isLetter || (byte >= Byte.minus && byte <= Byte.nine) else { break }
      next += 1
    }
    return next
  }

  /// `${{ x }}` in a flow collection: the brace would end the text.
  private mutating func templateInText(at offset: Int, from start: Int) -> Int? {
    guard offset > start, bytes[offset - 1] == Byte.dollar, let end = templateEnd(from: offset)
    else { return nil }
    reportDamage(
      "`${{` stands unquoted inside `[ ]` or `{ }`, where its braces mean a mapping.",
      hint: "Quote it: \"${{ … }}\".", at: ByteRange(offset - 1, end))
    return end
  }

  /// Whether the text goes on with another line after `end`.
  private mutating func continuesPlain(from end: Int, indent: Int, inFlow: Bool) -> Bool {
    guard !isAtEnd, Byte.isBreak(bytes[position]) else { return false }
    let (next, nextLine) = nextToken(from: end)
    guard next < bytes.count, bytes[next] != Byte.hash else { return false }
    if next == nextLine, isDocumentMarker(at: next) { return false }
    if inFlow {
      if Byte.isFlowIndicator(bytes[next]) { return false }
      if bytes[next] == Byte.colon, isWhiteOrEnd(at: next + 1) { return false }
      return next - nextLine > indent || !looksLikeEntry(at: next)
    }
    guard next - nextLine > indent else { return false }
    tabBeforeToken = bytes[nextLine..<next].firstIndex(of: Byte.tab)
    if tabBeforeToken != nil {
      let spaces = bytes[nextLine...].prefix { $0 == Byte.space }.count
      if spaces <= indent, let tabBeforeToken { reportTab(at: tabBeforeToken) }
    }
    return true
  }

  /// The next byte that is neither blank nor break, and its line's start.
  func nextToken(from offset: Int) -> (offset: Int, line: Int) {
    var next = offset
    var line = lineStart
    while next < bytes.count, Byte.isWhite(bytes[next]) {
      if Byte.isBreak(bytes[next]),
        !(bytes[next] == Byte.carriageReturn && stands(Byte.lineFeed, at: next + 1))
      {
        line = next + 1
      }
      next += 1
    }
    return (next, line)
  }

  /// Appends what the white space between two lines of text stands for: a space, or all breaks but the first.
  mutating func fold(from start: Int, to end: Int) {
    var firstBreak: ByteRange?
    var breaks = 0
    var next = start
    while next < end {
      guard Byte.isBreak(bytes[next]) else {
        next += 1
        continue
      }
      let length =
        bytes[next] == Byte.carriageReturn && stands(Byte.lineFeed, at: next + 1) ? 2 : 1
      let range = ByteRange(next, next + length)
      breaks += 1
      if breaks == 1 { firstBreak = range } else { text.append(Byte.lineFeed, for: range) }
      next += length
    }
    if breaks == 1, let firstBreak { text.append(Byte.space, for: firstBreak) }
  }
}
