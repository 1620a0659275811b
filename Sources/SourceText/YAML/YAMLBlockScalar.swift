/// Literal and folded block scalars.
extension YAMLParser {
  private enum Chomping {
    case strip, clip, keep
  }

  mutating func blockScalar(indent: Int, _ properties: Properties?) {
    let start = position
    let isFolded = bytes[position] == Byte.greater
    position += 1
    let (digit, chomping) = blockHeader(from: start)
    var end = position
    while end > start, Byte.isBlank(bytes[end - 1]) { end -= 1 }
    endHeader()
    text.clear()
    let contentIndent: Int
    if let digit {
      contentIndent = max(indent, 0) + digit
    } else {
      contentIndent = detectIndent(above: indent)
    }
    let content = blockLines(indent: contentIndent, isFolded: isFolded, chomping)
    if let content { end = content }
    let style: Scalar.Style = isFolded ? .folded : .literal
    addScalar(text.scalar(style, startingAt: -1), ByteRange(start, end), properties)
    finish(properties)
  }

  /// Reads indentation digit and chomping sign, in either order.
  private mutating func blockHeader(from start: Int) -> (digit: Int?, chomping: Chomping) {
    var digit: Int?
    var chomping: Chomping?
    while position < bytes.count, !Byte.isWhite(bytes[position]) {
      let byte = bytes[position]
      if byte == Byte.minus || byte == Byte.plus, chomping == nil {
        chomping = byte == Byte.minus ? .strip : .keep
      } else if byte > Byte.zero, byte <= Byte.nine, digit == nil {
        digit = Int(byte - Byte.zero)
      } else {
        reportDamage(
          "`\(Unicode.Scalar(bytes[start]))` begins a block of text, and only a digit, `+` or `-` may follow.",
          hint: "Quote the value, or start the text on the next line.",
          at: ByteRange(start, lineEnd(from: start)))
        skipLine()
        break
      }
      position += 1
    }
    return (digit, chomping ?? .clip)
  }

  /// After a header only a comment may stand on the line.
  private mutating func endHeader() {
    let afterHeader = position
    skipBlanks()
    if stands(Byte.hash, at: position), position > afterHeader {
      let start = position
      skipLine()
      builder.comments.append(Comment(range: ByteRange(start, position), ownLine: false))
    } else if !isAtEnd, !Byte.isBreak(bytes[position]) {
      reportDamage(
        "Text stands on the line where a block of text begins.",
        hint: "Start the text on the next line, or remove the `|` or `>`.",
        at: ByteRange(position, lineEnd(from: position)))
      skipLine()
    }
    if !isAtEnd { skipBreak() }
  }

  /// The indentation of the first line that is not empty.
  private mutating func detectIndent(above indent: Int) -> Int {
    var next = position
    var deepest = 0
    var deepestAt = position
    while next < bytes.count {
      let line = next
      while next < bytes.count, bytes[next] == Byte.space { next += 1 }
      if next < bytes.count, Byte.isBreak(bytes[next]) {
        if next - line > deepest {
          deepest = next - line
          deepestAt = line
        }
        next += 1
        continue
      }
      let spaces = next - line
      if next < bytes.count, spaces <= indent {
        if bytes[next] == Byte.tab, !isBlankLine(from: next) { reportTab(at: next) }
        return indent + 1
      }
      if next < bytes.count, deepest > spaces {
        reportDamage(
          "An empty line is indented more than the first line of this text.",
          hint: "Remove the spaces, or say the indentation after the `|` or `>`.",
          at: ByteRange(deepestAt, deepestAt + deepest))
      }
      return next < bytes.count ? spaces : max(deepest, indent + 1)
    }
    return max(deepest, indent + 1)
  }

  private func isBlankLine(from offset: Int) -> Bool {
    let next = bytes[offset...].firstIndex { !Byte.isBlank($0) }
    return next.map { Byte.isBreak(bytes[$0]) } ?? true
  }

  /// Reads the lines of the text; returns the end of the last that is not empty.
  private mutating func blockLines(indent: Int, isFolded: Bool, _ chomping: Chomping) -> Int? {
    var end: Int?
    // The break after the last line of text, and the breaks of the empty lines that follow it.
    var lastBreak: ByteRange?
    var emptyBreaks: [ByteRange] = []
    var wasIndented = false
    while position < bytes.count {
      let line = position
      var next = line
      while next < bytes.count, next - line < indent, bytes[next] == Byte.space { next += 1 }
      guard next < bytes.count else {
        position = next
        break
      }
      if Byte.isBreak(bytes[next]) {
        position = next
        skipBreak()
        emptyBreaks.append(ByteRange(next, position))
        continue
      }
      if next - line < indent || (indent == 0 && isDocumentMarker(at: line)) { break }
      let isIndented = Byte.isBlank(bytes[next])
      if let lastBreak {
        if isFolded && !wasIndented && !isIndented {
          if emptyBreaks.isEmpty { text.append(Byte.space, for: lastBreak) }
        } else {
          appendBreak(lastBreak)
        }
      }
      emptyBreaks.forEach { appendBreak($0) }
      emptyBreaks.removeAll(keepingCapacity: true)
      wasIndented = isIndented
      position = next
      skipLine()
      text.append(bytes, next..<position)
      end = position
      lastBreak = nil
      if !isAtEnd {
        let start = position
        skipBreak()
        lastBreak = ByteRange(start, position)
      }
    }
    if chomping != .strip, let lastBreak { appendBreak(lastBreak) }
    if chomping == .keep { emptyBreaks.forEach { appendBreak($0) } }
    return end
  }

  private mutating func appendBreak(_ range: ByteRange) {
    if bytes[range.start] == Byte.lineFeed {
      text.append(bytes, range.start..<range.end)
    } else {
      text.append(Byte.lineFeed, for: range)
    }
  }
}
