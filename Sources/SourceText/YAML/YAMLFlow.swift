/// Flow collections: `[a, b]` and `{a: b}`.
extension YAMLParser {
  /// Reads what begins with `{`; a template's `{{` is told from a mapping.
  mutating func braces(indent: Int, _ properties: Properties?) {
    let start = position
    if let end = templateEnd(from: start) {
      var next = end
      while next < bytes.count, Byte.isBlank(bytes[next]) { next += 1 }
      let isWhole =
        isWhiteOrEnd(at: next) || (bytes[next] == Byte.hash && next > end)
        || (bytes[next] == Byte.colon && isWhiteOrEnd(at: next + 1))
      if !isWhole {
        reportDamage(
          "`{{` stands unquoted at the start of a value, where YAML reads a mapping.",
          hint: "Quote the whole value.", at: ByteRange(start, lineEnd(from: start)))
        restOfLine(properties)
        return
      }
      builder.report(
        .warning, "`{{` stands unquoted here, so YAML reads a mapping instead of text.",
        hint: "Quote the whole value.", at: ByteRange(start, end))
    }
    flowCollection(indent: indent, properties)
  }

  /// Reads a flow collection to its closing bracket.
  mutating func flowCollection(indent: Int, _ properties: Properties?) {
    let start = position
    let isMapping = bytes[position] == Byte.openBrace
    let closer = isMapping ? Byte.closeBrace : Byte.closeBracket
    guard enter() else {
      skipBalanced()
      addEmpty(at: start, properties)
      return
    }
    flowDepth += 1
    let mark = builder.mark
    position += 1
    var needsComma = false
    var isClosed = false
    while goesOn(indent: indent) {
      let byte = bytes[position]
      if byte == closer {
        position += 1
        isClosed = true
        break
      }
      if byte == Byte.comma {
        if !needsComma {
          reportDamage(
            "A comma stands here without a value before it.", hint: "Remove it.",
            at: ByteRange(position, position + 1))
        }
        needsComma = false
        position += 1
        continue
      }
      if byte == Byte.closeBrace || byte == Byte.closeBracket {
        reportDamage(
          "`\(Unicode.Scalar(closer))` is expected here.", at: ByteRange(position, position + 1))
        // Where no flow collection is open further out the bracket can mean nothing else.
        if flowDepth == 1 { position += 1 }
        break
      }
      if needsComma { reportMissingComma(closer) }
      flowEntry(indent: indent, inMapping: isMapping)
      needsComma = true
    }
    if !isClosed {
      reportDamage(
        "This `\(Unicode.Scalar(bytes[start]))` is not closed.",
        hint: "Add the missing `\(Unicode.Scalar(closer))`.", at: ByteRange(start, start + 1))
    }
    depth -= 1
    flowDepth -= 1
    let end = max(
      isClosed ? position : start + 1, builder.nodes.lastRange(above: mark)?.end ?? 0)
    if isMapping {
      builder.closeMapping(from: mark, range: ByteRange(start, end), properties: properties)
    } else {
      builder.closeSequence(from: mark, range: ByteRange(start, end), properties: properties)
    }
  }

  /// Skips white space inside a flow collection; says whether it can go on here.
  private mutating func goesOn(indent: Int) -> Bool {
    let isFirst = skipToToken()
    if isAtEnd { return false }
    guard isFirst else { return true }
    if isAtDocumentMarker { return false }
    // A closing bracket or more values at the key's own column are a habit that every reader takes; a key
    // there means that the bracket was forgotten.
    if let tab = tabBeforeToken, tab - lineStart <= indent, indent >= 0 { reportTab(at: tab) }
    return column > indent || !looksLikeEntry(at: position)
  }

  private mutating func reportMissingComma(_ closer: UInt8) {
    reportDamage(
      "`,` or `\(Unicode.Scalar(closer))` is expected here.",
      hint: "Quote the value before it if both belong together.",
      at: ByteRange(position, position + 1))
  }

  /// Reads a value of a sequence or a `key: value` of either collection.
  private mutating func flowEntry(indent: Int, inMapping: Bool) {
    let start = position
    let line = lineStart
    let mark = builder.mark
    let isExplicit = isIndicator(Byte.question)
    if isExplicit {
      position += 1
      if goesOn(indent: indent) { flowNode(indent: indent) } else { addEmpty(at: position) }
    } else {
      flowNode(indent: indent)
    }
    let keyEnd = builder.nodes.lastRange()?.end ?? position
    let isJSONLike = endsLikeJSON()
    let keyLine = lineStart
    // A value on its own stays where it ends, so that a comment or a break after it is seen as such.
    let next = nextInFlow(crossesLines: inMapping || isExplicit)
    let isColon =
      stands(Byte.colon, at: next)
      && (isJSONLike || isWhiteOrEnd(at: next + 1) || Byte.isFlowIndicator(bytes[next + 1]))
    if isColon {
      goesOn(to: next)
      if !inMapping, !isExplicit, keyLine != line {
        reportMultilineKey(from: start)
      }
      position += 1
      flowValue(indent: indent)
    } else if inMapping || isExplicit {
      addEmpty(at: keyEnd)
    }
    if !inMapping, isColon || isExplicit {
      let end = max(start + (isExplicit ? 1 : 0), builder.nodes.lastRange()?.end ?? start)
      builder.closeMapping(from: mark, range: ByteRange(start, end), properties: nil)
    }
  }

  /// Reads the value after a colon; it may be absent.
  private mutating func flowValue(indent: Int) {
    let afterColon = position
    guard goesOn(indent: indent), bytes[position] != Byte.comma,
      bytes[position] != Byte.closeBrace, bytes[position] != Byte.closeBracket
    else {
      addEmpty(at: afterColon)
      return
    }
    flowNode(indent: indent)
  }

  /// Whether a key that allows a colon right after it was just read: quoted, or a flow collection.
  private func endsLikeJSON() -> Bool {
    guard position > 0, let node = builder.nodes.last, node.range.end == position else {
      return false
    }
    switch node.content {
    case .scalar(let scalar): return scalar.style != .plain
    case .sequence, .mapping: return true
    case .alias: return false
    }
  }

  /// The offset of the next token, without going there.
  private func nextInFlow(crossesLines: Bool) -> Int {
    var next = position
    while next < bytes.count {
      let byte = bytes[next]
      if Byte.isBlank(byte) || (crossesLines && Byte.isBreak(byte)) {
        next += 1
      } else if crossesLines, byte == Byte.hash, next > 0, Byte.isWhite(bytes[next - 1]) {
        next = lineEnd(from: next)
      } else {
        break
      }
    }
    return next
  }

  /// Goes to a token that was seen, past comments and breaks.
  private mutating func goesOn(to offset: Int) {
    skipToToken()
    position = max(position, offset)
  }

  /// Reads a node inside a flow collection, with its properties.
  private mutating func flowNode(indent: Int) {
    let properties = properties(inFlow: true)
    if let properties, !goesOn(indent: indent) {
      addEmpty(at: properties.end, properties)
      return
    }
    switch bytes[position] {
    case Byte.comma, Byte.closeBrace, Byte.closeBracket:
      addEmpty(at: properties?.end ?? position, properties)
      return
    case Byte.colon
    where isWhiteOrEnd(at: position + 1) || Byte.isFlowIndicator(bytes[position + 1]):
      addEmpty(at: properties?.end ?? position, properties)
      return
    case Byte.asterisk: alias(properties)
    case Byte.quote: doubleQuoted(indent: indent, properties)
    case Byte.apostrophe: singleQuoted(indent: indent, properties)
    case Byte.openBrace, Byte.openBracket: flowCollection(indent: indent, properties)
    default:
      checkFlowText()
      _ = plain(indent: indent, inFlow: true, properties)
    }
    finish(properties)
  }

  /// Reports an indicator of block collections where only flow text can stand.
  private mutating func checkFlowText() {
    let byte = bytes[position]
    guard byte == Byte.minus || byte == Byte.bar || byte == Byte.greater || byte == Byte.hash,
      byte != Byte.minus || isWhiteOrEnd(at: position + 1)
        || Byte.isFlowIndicator(bytes[position + 1])
    else { return }
    reportDamage(
      "`\(Unicode.Scalar(byte))` cannot begin a value inside `[ ]` or `{ }`.",
      hint: "Quote the value.", at: ByteRange(position, position + 1))
  }

  /// Skips a collection with all that it holds, without recursion.
  private mutating func skipBalanced() {
    var open = 0
    while position < bytes.count {
      switch bytes[position] {
      case Byte.openBrace, Byte.openBracket:
        open += 1
      case Byte.closeBrace, Byte.closeBracket:
        open -= 1
      case Byte.lineFeed, Byte.carriageReturn:
        skipBreak()
        continue
      default:
        break
      }
      position += 1
      if open == 0 { break }
    }
    damagedUntil = max(damagedUntil, position)
  }
}
