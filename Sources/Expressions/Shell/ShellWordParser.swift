import SourceText

/// Words, quoting and expansions.
extension ShellParser {
  enum WordEnd {
    /// Blanks and operators end the word.
    case command
    /// Inside `[[ ]]`.
    case test
    /// Only blanks end it: the pattern after `=~`.
    case blank
  }

  mutating func parseWord(stoppingAt wordEnd: WordEnd = .command) -> ShellWord? {
    let start = position
    var parts = WordParts()
    while position < end {
      if let hole = holes[position] {
        parts.append(.hole(hole.index, quoted: false))
        position = min(hole.end, end)
        continue
      }
      let current = bytes[position]
      if ShellByte.isBlank(current) || current == ShellByte.newline { break }
      if ShellByte.isOperator(current), wordEnd != .blank {
        let isProcess =
          (current == ShellByte.less || current == ShellByte.greater)
          && next == ShellByte.openParenthesis
        if isProcess, wordEnd == .command {
          position += 2
          parts.append(.process(parseNestedList()))
          continue
        }
        guard current == ShellByte.openParenthesis, parts.endsWithExtendedGlob else { break }
        takeBalanced(into: &parts)
        continue
      }
      switch current {
      case ShellByte.backslash:
        if next == ShellByte.newline {
          position += 2
        } else if position + 1 < end {
          position += 1
          takeScalar(into: &parts, quoted: true)
        } else {
          position += 1
        }
      case ShellByte.singleQuote:
        position += 1
        parts.markQuoted()
        parseSingleQuoted(into: &parts)
      case ShellByte.doubleQuote:
        position += 1
        parts.markQuoted()
        parseExpanded(into: &parts, until: ShellByte.doubleQuote)
      case ShellByte.backquote: parseBackquoted(into: &parts, quoted: false)
      case ShellByte.dollar: parseDollar(into: &parts, quoted: false)
      default: takeScalar(into: &parts, quoted: false)
      }
    }
    guard position > start else { return nil }
    return ShellWord(parts: parts.finished(), range: ByteRange(start, position))
  }

  /// Text in which only `$`, backquotes and backslashes are special, up to `terminator` (0: up to the end).
  mutating func parseExpanded(into parts: inout WordParts, until terminator: UInt8) {
    while position < end {
      if let hole = holes[position] {
        parts.append(.hole(hole.index, quoted: true))
        position = min(hole.end, end)
        continue
      }
      let current = bytes[position]
      if current == terminator, terminator != 0 {
        position += 1
        return
      }
      switch current {
      case ShellByte.backslash where position + 1 < end:
        let escaped = bytes[position + 1]
        switch escaped {
        case ShellByte.newline: position += 2
        case ShellByte.dollar, ShellByte.backquote, ShellByte.backslash:
          parts.append(escaped, quoted: true)
          position += 2
        case ShellByte.doubleQuote where terminator == ShellByte.doubleQuote:
          parts.append(escaped, quoted: true)
          position += 2
        default:
          parts.append(current, quoted: true)
          position += 1
        }
      case ShellByte.backquote: parseBackquoted(into: &parts, quoted: true)
      case ShellByte.dollar: parseDollar(into: &parts, quoted: true)
      default:
        parts.append(current, quoted: true)
        position += 1
      }
    }
  }

  private mutating func parseSingleQuoted(into parts: inout WordParts) {
    while position < end {
      if let hole = holes[position] {
        parts.append(.hole(hole.index, quoted: true))
        position = min(hole.end, end)
        continue
      }
      if bytes[position] == ShellByte.singleQuote {
        position += 1
        return
      }
      parts.append(bytes[position], quoted: true)
      position += 1
    }
  }

  /// `$'…'`, whose escapes are C's.
  private mutating func parseEscapeQuoted(into parts: inout WordParts) {
    while position < end {
      if let hole = holes[position] {
        parts.append(.hole(hole.index, quoted: true))
        position = min(hole.end, end)
        continue
      }
      let current = bytes[position]
      position += 1
      if current == ShellByte.singleQuote { return }
      guard current == ShellByte.backslash, position < end else {
        parts.append(current, quoted: true)
        continue
      }
      let escaped = bytes[position]
      position += 1
      switch escaped {
      case UInt8(ascii: "n"): parts.append(ShellByte.newline, quoted: true)
      case UInt8(ascii: "t"): parts.append(ShellByte.tab, quoted: true)
      case UInt8(ascii: "r"): parts.append(ShellByte.carriageReturn, quoted: true)
      default: parts.append(escaped, quoted: true)
      }
    }
  }

  private mutating func parseBackquoted(into parts: inout WordParts, quoted: Bool) {
    var close = position + 1
    while close < end, bytes[close] != ShellByte.backquote {
      close += bytes[close] == ShellByte.backslash ? 2 : 1
    }
    guard close < end, depth < Self.nesting else {
      parts.append(ShellByte.backquote, quoted: quoted)
      position += 1
      return
    }
    let outerEnd = end
    position += 1
    end = close
    parts.append(.command(parseNestedList(), quoted: quoted))
    end = outerEnd
    position = close + 1
  }

  /// Commands up to `)`, which is taken.
  private mutating func parseNestedList() -> [ShellCommand] {
    guard depth < Self.nesting else {
      let skipped = skipDeepCommand()
      skipClosing(ShellByte.closeParenthesis)
      return [skipped]
    }
    depth += 1
    defer { depth -= 1 }
    var commands = parseList()
    while position < end, byte != ShellByte.closeParenthesis {
      // A stray `done` or `;;` inside: step over it.
      if parseWord() == nil { position += 1 }
      commands += parseList()
    }
    skipClosing(ShellByte.closeParenthesis)
    return commands
  }

  private mutating func parseDollar(into parts: inout WordParts, quoted: Bool) {
    let start = position
    guard position + 1 < end, holes[position + 1] == nil else {
      parts.append(ShellByte.dollar, quoted: quoted)
      position += 1
      return
    }
    let following = bytes[position + 1]
    switch following {
    case ShellByte.openParenthesis:
      if position + 2 < end, bytes[position + 2] == ShellByte.openParenthesis {
        position += 3
        if let word = parseArithmetic() {
          parts.append(.arithmetic(word))
          return
        }
        position = start
      }
      position += 2
      parts.append(.command(parseNestedList(), quoted: quoted))
    case ShellByte.openBrace:
      position += 2
      parseBraced(into: &parts, from: start, quoted: quoted)
    case ShellByte.singleQuote where !quoted:
      position += 2
      parts.markQuoted()
      parseEscapeQuoted(into: &parts)
    case ShellByte.doubleQuote where !quoted:
      position += 2
      parts.markQuoted()
      parseExpanded(into: &parts, until: ShellByte.doubleQuote)
    default:
      var cursor = position + 1
      if ShellByte.startsName(following) {
        while cursor < end, holes[cursor] == nil, ShellByte.continuesName(bytes[cursor]) {
          cursor += 1
        }
      } else if ShellByte.isDigit(following) || ShellByte.isSpecialParameter(following) {
        cursor += 1
      } else {
        parts.append(ShellByte.dollar, quoted: quoted)
        position += 1
        return
      }
      let name = String(decoding: bytes[(position + 1)..<cursor], as: UTF8.self)
      position = cursor
      parts.append(
        .parameter(
          ShellParameter(name: name, operation: .plain, range: ByteRange(start, cursor)),
          quoted: quoted))
    }
  }

  /// `${…}` after its opening.
  private mutating func parseBraced(
    into parts: inout WordParts, from start: Int, quoted: Bool
  ) {
    var operation = ShellParameter.Operation.plain
    var hasColon = false
    if byte == UInt8(ascii: "#"), next != ShellByte.closeBrace {
      operation = .length
      position += 1
    } else if byte == ShellByte.exclamation {
      operation = .other
      position += 1
    }
    let nameStart = position
    if position < end, ShellByte.startsName(byte) {
      while position < end, holes[position] == nil, ShellByte.continuesName(byte) { position += 1 }
    } else if position < end, ShellByte.isDigit(byte) {
      while position < end, ShellByte.isDigit(byte) { position += 1 }
    } else if position < end, ShellByte.isSpecialParameter(byte) {
      position += 1
    }
    let name = String(decoding: bytes[nameStart..<position], as: UTF8.self)
    var element: Int?
    if byte == ShellByte.openBracket {
      let start = position + 1
      while position < end, byte != ShellByte.closeBracket, byte != ShellByte.newline {
        position += 1
      }
      element = Int(String(decoding: bytes[min(start, position)..<position], as: UTF8.self))
      if byte == ShellByte.closeBracket { position += 1 }
    }
    if byte != ShellByte.closeBrace, position < end {
      hasColon = byte == ShellByte.colon
      let operatorByte = hasColon ? next : byte
      let operandStart = position + (hasColon ? 2 : 1)
      switch operatorByte {
      case UInt8(ascii: "-"), ShellByte.equals:
        position = operandStart
        operation = .fallback(parseBracedOperand())
      case ShellByte.plus:
        position = operandStart
        operation = .alternative(parseBracedOperand())
      case UInt8(ascii: "?"):
        position = operandStart
        _ = parseBracedOperand()
        operation = .required
      case UInt8(ascii: "#") where !hasColon:
        position = operandStart
        if byte == UInt8(ascii: "#") { position += 1 }
        operation = .withoutPrefix(parseBracedOperand())
      case UInt8(ascii: "%") where !hasColon:
        position = operandStart
        if byte == UInt8(ascii: "%") { position += 1 }
        operation = .withoutSuffix(parseBracedOperand())
      default:
        position += 1
        let operand = parseBracedOperand()
        operation = hasColon ? .substring(operand) : .other
      }
    }
    if byte == ShellByte.closeBrace { position += 1 }
    var parameter = ShellParameter(
      name: name, operation: operation, takesEmptyAsUnset: hasColon,
      range: ByteRange(start, position))
    parameter.element = element
    parts.append(.parameter(parameter, quoted: quoted))
  }

  /// The word inside `${NAME:-…}`, up to the closing brace, which stays.
  private mutating func parseBracedOperand() -> ShellWord {
    let start = position
    var parts = WordParts()
    guard depth < Self.nesting else {
      while position < end, byte != ShellByte.newline { position += 1 }
      return ShellWord(parts: [], range: ByteRange(start, position))
    }
    depth += 1
    defer { depth -= 1 }
    while position < end, byte != ShellByte.closeBrace || holes[position] != nil {
      if let hole = holes[position] {
        parts.append(.hole(hole.index, quoted: true))
        position = min(hole.end, end)
        continue
      }
      switch byte {
      case ShellByte.backslash where position + 1 < end:
        position += 1
        takeScalar(into: &parts, quoted: true)
      case ShellByte.singleQuote:
        position += 1
        parseSingleQuoted(into: &parts)
      case ShellByte.doubleQuote:
        position += 1
        parseExpanded(into: &parts, until: ShellByte.doubleQuote)
      case ShellByte.backquote: parseBackquoted(into: &parts, quoted: true)
      case ShellByte.dollar: parseDollar(into: &parts, quoted: true)
      default: takeScalar(into: &parts, quoted: false)
      }
    }
    return ShellWord(parts: parts.finished(), range: ByteRange(start, position))
  }

  /// The inside of `(( … ))` after its opening; `nil`, with the position moved, where no `))` closes it.
  mutating func parseArithmetic() -> ShellWord? {
    let start = position
    var level = 0
    var close = position
    // An arithmetic expression is short; a bound keeps unclosed ones from costing the rest of the text each.
    let limit = min(end, start + 2048)
    while close < limit {
      if let hole = holes[close] {
        close = hole.end
        continue
      }
      if bytes[close] == ShellByte.openParenthesis {
        level += 1
      } else if bytes[close] == ShellByte.closeParenthesis {
        if level == 0 { break }
        level -= 1
      }
      close += 1
    }
    guard close + 1 < limit, bytes[close + 1] == ShellByte.closeParenthesis, depth < Self.nesting
    else {
      return nil
    }
    depth += 1
    let outerEnd = end
    end = close
    var parts = WordParts()
    parseExpanded(into: &parts, until: 0)
    end = outerEnd
    depth -= 1
    position = close + 2
    return ShellWord(parts: parts.finished(), range: ByteRange(start, close))
  }

  /// An extended glob's `( … )` as literal text.
  private mutating func takeBalanced(into parts: inout WordParts) {
    var level = 0
    while position < end, byte != ShellByte.newline, holes[position] == nil {
      if byte == ShellByte.openParenthesis { level += 1 }
      if byte == ShellByte.closeParenthesis { level -= 1 }
      parts.append(byte, quoted: false)
      position += 1
      if level == 0 { return }
    }
  }

  private mutating func takeScalar(into parts: inout WordParts, quoted: Bool) {
    parts.append(bytes[position], quoted: quoted)
    position += 1
    // The rest of a UTF-8 sequence belongs to its first byte.
    while position < end, bytes[position] & 0xC0 == 0x80 {
      parts.append(bytes[position], quoted: quoted)
      position += 1
    }
  }
}

/// Parts of a word under construction: runs of bytes become one literal.
struct WordParts {
  private var parts: [ShellWord.Part] = []
  private var run: [UInt8] = []
  private var runIsQuoted = false
  /// Quotes were seen, so that an empty word is a word.
  private var sawQuotes = false

  mutating func append(_ byte: UInt8, quoted: Bool) {
    if quoted != runIsQuoted { flush() }
    runIsQuoted = quoted
    run.append(byte)
  }

  mutating func append(_ part: ShellWord.Part) {
    flush()
    parts.append(part)
  }

  mutating func markQuoted() { sawQuotes = true }

  /// Whether the last byte may open an extended glob: one of `?*+@!`.
  var endsWithExtendedGlob: Bool {
    guard let last = run.last, !runIsQuoted else { return false }
    return last == UInt8(ascii: "?") || last == UInt8(ascii: "*") || last == UInt8(ascii: "+")
      || last == UInt8(ascii: "@") || last == UInt8(ascii: "!")
  }

  mutating func finished() -> [ShellWord.Part] {
    flush()
    if parts.isEmpty, sawQuotes { parts.append(.literal("", quoted: true)) }
    return parts
  }

  private mutating func flush() {
    guard !run.isEmpty else { return }
    parts.append(.literal(String(decoding: run, as: UTF8.self), quoted: runIsQuoted))
    run.removeAll(keepingCapacity: true)
  }
}
