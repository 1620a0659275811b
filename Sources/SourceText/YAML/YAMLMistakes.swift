/// What is said about common slips.
extension YAMLParser {
  /// Reports white space before a token on its own line where tabs reach into the indentation.
  mutating func checkTab(indent: Int) {
    guard let tab = tabBeforeToken else { return }
    let spaces = bytes[lineStart...].prefix { $0 == Byte.space }.count
    let isLeading = lineStart + spaces == tab
    if isLeading && spaces <= indent { reportTab(at: tab) }
  }

  mutating func reportMisplaced(_ isMisplaced: Bool, _ message: String) {
    guard isMisplaced else { return }
    reportDamage(
      message, hint: "Start it on the next line, indented more than the key.",
      at: ByteRange(position, position + 1))
  }

  /// `run: echo a: b`: the colon and space inside the text would make it a key.
  mutating func reportSecondColon(from start: Int) {
    reportDamage(
      "A colon followed by a space stands inside an unquoted value.",
      hint: "Quote the whole value, or write it as a block with `|`.",
      at: ByteRange(position, position + 1))
  }

  mutating func reportMultilineKey(from start: Int) {
    reportDamage(
      "A key runs over several lines.", hint: "Write it on one line, or after `? `.",
      at: ByteRange(start, lineEnd(from: start)))
  }

  /// Text after a complete value.
  mutating func reportTrailing() {
    let end = lineEnd(from: position)
    let previous = bytes[lineStart..<position].last { !Byte.isBlank($0) }
    if bytes[position] == Byte.hash {
      reportDamage(
        "A comment needs a space before its `#`.", hint: "Put a space before the `#`.",
        at: ByteRange(position, end))
    } else if previous == Byte.quote || previous == Byte.apostrophe {
      reportDamage(
        "Text stands after the closing quote.",
        hint: "Quote the whole value; inside double quotes write \\\" for a quote.",
        at: ByteRange(position, end))
    } else {
      reportDamage(
        "Text stands after a complete value.", hint: "Quote the whole value.",
        at: ByteRange(position, end))
    }
  }

  /// Text that ran into a line with a key.
  mutating func reportKeyInText(at range: ByteRange) {
    reportDamage(
      "A key stands where the text above it goes on.",
      hint: "Align the key with its neighbours, or quote the text.", at: range)
  }

  /// Whether the line from `offset` looks like a block's entry: `key:`, of one word, or `- `.
  func looksLikeEntry(at offset: Int) -> Bool {
    if stands(Byte.minus, at: offset) { return isWhiteOrEnd(at: offset + 1) }
    var next = offset
    while next < bytes.count {
      let byte = bytes[next]
      if byte == Byte.colon { return next > offset && isWhiteOrEnd(at: next + 1) }
      if Byte.isWhite(byte) || Byte.isFlowIndicator(byte) || byte == Byte.quote
        || byte == Byte.apostrophe
      {
        return false
      }
      next += 1
    }
    return false
  }

  /// The end of a `{{ … }}` that begins at `offset` and closes on the same line.
  func templateEnd(from offset: Int) -> Int? {
    guard stands(Byte.openBrace, at: offset), stands(Byte.openBrace, at: offset + 1) else {
      return nil
    }
    var next = offset + 2
    while next < bytes.count, !Byte.isBreak(bytes[next]) {
      if bytes[next] == Byte.closeBrace, stands(Byte.closeBrace, at: next + 1) { return next + 2 }
      next += 1
    }
    return nil
  }
}
