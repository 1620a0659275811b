/// Nodes that need no indentation of their own: aliases, flow collections, quoted and plain scalars.
extension YAMLParser {
  /// Reads a node after its properties.
  ///
  /// - Returns: Whether the node is plain text that ran into a key on a later line.
  mutating func inlineNode(indent: Int, _ properties: Properties?) -> Bool {
    var isBroken = false
    switch bytes[position] {
    case Byte.asterisk: alias(properties)
    case Byte.quote: doubleQuoted(indent: indent, properties)
    case Byte.apostrophe: singleQuoted(indent: indent, properties)
    case Byte.openBrace: braces(indent: indent, properties)
    case Byte.openBracket: flowCollection(indent: indent, properties)
    default: isBroken = plain(indent: indent, inFlow: false, properties)
    }
    finish(properties)
    return isBroken
  }

  /// Reads an implicit key of a block mapping after its properties.
  mutating func keyNode(_ properties: Properties?) {
    switch bytes[position] {
    case Byte.asterisk: alias(properties)
    case Byte.quote: doubleQuoted(indent: column, properties)
    case Byte.apostrophe: singleQuoted(indent: column, properties)
    case Byte.openBrace, Byte.openBracket: flowCollection(indent: column, properties)
    default: plainLine(properties)
    }
    finish(properties)
  }

  mutating func alias(_ properties: Properties?) {
    let start = position
    position += 1
    skipName()
    let name = String(decoding: bytes[(start + 1)..<position], as: UTF8.self)
    if name.isEmpty {
      reportDamage(
        "An alias has no name.", hint: "`*` begins an alias: quote the value if it is text.",
        at: ByteRange(start, start + 1))
      restOfLine(properties, from: start)
      return
    }
    if let properties {
      reportDamage(
        "An alias cannot have an anchor or a tag.", hint: "Put it at the anchored node.",
        at: ByteRange(properties.start, properties.end))
    }
    builder.addAlias(name: name, range: ByteRange(start, position))
  }

  /// Goes past an anchor's or alias's name: all but white space and flow indicators.
  private mutating func skipName() {
    while position < bytes.count, !Byte.isWhite(bytes[position]),
      !Byte.isFlowIndicator(bytes[position])
    {
      position += 1
    }
  }

  /// Reads anchor and tag, in either order; `nil` where there are none.
  mutating func properties(inFlow: Bool) -> Properties? {
    guard position < bytes.count,
      bytes[position] == Byte.ampersand || bytes[position] == Byte.exclamation
    else { return nil }
    var result = Properties(
      start: position, end: position, expandedCountBefore: builder.expandedCount)
    while position < bytes.count {
      let start = position
      if bytes[position] == Byte.ampersand {
        if result.anchor != nil { reportSecondProperty() }
        position += 1
        skipName()
        result.anchor = String(decoding: bytes[(start + 1)..<position], as: UTF8.self)
      } else if bytes[position] == Byte.exclamation {
        if result.tag != nil { reportSecondProperty() }
        skipTag()
        result.tag = String(decoding: bytes[start..<position], as: UTF8.self)
        checkHandle(from: start)
      } else {
        break
      }
      result.end = position
      let isFollowedWell =
        isWhiteOrEnd(at: position) || (inFlow && Byte.isFlowIndicator(bytes[position]))
      if !isFollowedWell {
        reportDamage(
          "This \(bytes[start] == Byte.exclamation ? "tag" : "anchor") is followed by no space.",
          hint: "`!` begins a tag and `&` an anchor: quote the value if it is text.",
          at: ByteRange(start, lineEnd(from: start)))
        position = start
        return nil
      }
      skipBlanks()
    }
    position = result.end
    if let anchor = result.anchor { builder.open(anchor: anchor) }
    return result
  }

  private mutating func skipTag() {
    position += 1
    if stands(Byte.less, at: position) {
      while position < bytes.count, !Byte.isWhite(bytes[position]) {
        position += 1
        if bytes[position - 1] == Byte.greater { return }
      }
      return
    }
    skipName()
  }

  /// Reports a tag `!handle!name` whose handle no `%TAG` directive of the document declares.
  private mutating func checkHandle(from start: Int) {
    guard !stands(Byte.exclamation, at: start + 1),
      let end = bytes[(start + 1)..<position].firstIndex(of: Byte.exclamation),
      !stands(Byte.less, at: start + 1)
    else { return }
    let handle = String(decoding: bytes[start...end], as: UTF8.self)
    if !tagHandles.contains(handle) {
      reportDamage(
        "The tag handle `\(handle)` is not declared.",
        hint: "Declare it with `%TAG \(handle) prefix` before the document.",
        at: ByteRange(start, end + 1))
    }
  }

  private mutating func reportSecondProperty() {
    reportDamage(
      "A node has two anchors or two tags.", hint: "Remove one of them.",
      at: ByteRange(position, position + 1))
  }

  /// Reads what is left of the line, from `start` or here, as plain text; used after an error.
  mutating func restOfLine(_ properties: Properties?, from start: Int? = nil) {
    let start = start ?? position
    position = start
    skipLine()
    var end = position
    for offset in start..<position
    where bytes[offset] == Byte.hash && offset > start && Byte.isBlank(bytes[offset - 1]) {
      end = offset
      break
    }
    position = end
    while end > start, Byte.isBlank(bytes[end - 1]) { end -= 1 }
    addPlain(start..<end, properties)
  }

  mutating func addPlain(_ range: Range<Int>, _ properties: Properties?) {
    let place = ByteRange(range.lowerBound, range.upperBound)
    if properties == nil {
      builder.add(Node(text: bytes.text(range), style: .plain, range: place))
    } else {
      addScalar(Scalar(style: .plain, text: bytes.text(range)), place, properties)
    }
  }

  mutating func addScalar(_ scalar: Scalar, _ range: ByteRange, _ properties: Properties?) {
    builder.add(
      Node(
        .scalar(scalar), range: range, tag: properties?.tag, anchor: properties?.anchor))
  }
}
