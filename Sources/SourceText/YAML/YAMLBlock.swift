/// Block nodes: what indentation holds together.
extension YAMLParser {
  /// Reads the node that follows an indicator, a key or nothing.
  ///
  /// - Parameters:
  ///   - indent: The column of the collection around; content must be indented more, -1 at the root.
  ///   - allowsCompact: Whether a block collection may begin on this line.
  ///   - allowsSequenceAtIndent: Whether `- ` may stand at the indent itself, as under a key.
  mutating func blockNode(indent: Int, allowsCompact: Bool, allowsSequenceAtIndent: Bool) {
    let emptyAt = position
    var isFirst = skipToToken()
    guard belongs(indent: indent, isFirst, allowsSequenceAtIndent) else {
      addEmpty(at: emptyAt)
      return
    }
    guard let properties = properties(inFlow: false) else {
      blockContent(
        indent: indent, outer: nil, own: nil, allowsCollection: isFirst || allowsCompact)
      return
    }
    isFirst = skipToToken()
    if !isFirst && !isAtEnd {
      let allowsKey =
        allowsCompact || bytes[lineStart..<properties.start].allSatisfy(Byte.isBlank)
      blockContent(indent: indent, outer: nil, own: properties, allowsCollection: allowsKey)
    } else if belongs(indent: indent, isFirst, allowsSequenceAtIndent) {
      let own = self.properties(inFlow: false)
      if own != nil, skipToToken() {
        reportDamage(
          "A node has two anchors or tags.", hint: "Remove one of them.",
          at: ByteRange(properties.start, properties.end))
      }
      blockContent(indent: indent, outer: properties, own: own, allowsCollection: true)
    } else {
      addEmpty(at: properties.end, properties)
    }
  }

  /// Whether the token here still belongs to the node after a collection at `indent`.
  private func belongs(indent: Int, _ isFirst: Bool, _ allowsSequenceAtIndent: Bool) -> Bool {
    if isAtEnd { return false }
    guard isFirst else { return true }
    if isAtDocumentMarker { return false }
    return column > indent
      || (column == indent && allowsSequenceAtIndent && isIndicator(Byte.minus))
  }

  /// Reads what follows properties.
  ///
  /// - Parameters:
  ///   - outer: Properties that stand on a line before and so belong to the whole node.
  ///   - own: Properties on this line; a key's if this turns out to be one.
  private mutating func blockContent(
    indent: Int, outer: Properties?, own: Properties?, allowsCollection: Bool
  ) {
    guard !isAtEnd else {
      addEmpty(at: own?.end ?? position, own ?? outer)
      return
    }
    let start = own?.start ?? position
    checkTab(indent: indent)
    if isIndicator(Byte.minus) {
      reportMisplaced(own != nil || !allowsCollection, "A list item cannot begin here.")
      blockSequence(indent: indent, outer ?? own)
      return
    }
    if isIndicator(Byte.question) || isIndicator(Byte.colon) {
      let isValue = own != nil && isIndicator(Byte.colon)
      reportMisplaced(!isValue && (own != nil || !allowsCollection), "A key cannot begin here.")
      if isValue, let own { addEmpty(at: own.end, own) }
      blockMapping(
        indent: indent, at: start - lineStart, hasKey: isValue, isValue ? outer : outer ?? own)
      return
    }
    if bytes[position] == Byte.bar || bytes[position] == Byte.greater {
      blockScalar(indent: indent, own ?? outer)
      return
    }
    let line = lineStart
    let tab = tabBeforeToken
    let mark = builder.mark
    let isBroken = inlineNode(indent: indent, own ?? outer)
    if isBroken && allowsCollection {
      // Text that runs into a key below it: most likely a key with a slip in it.
      rewind(to: start, line: line, mark: mark)
      blockMapping(indent: indent, at: column, hasKey: false, outer)
    } else if isAtKeyEnd() {
      guard allowsCollection else {
        reportSecondColon(from: start)
        rewind(to: start, line: line, mark: mark)
        restOfLine(outer ?? own)
        return
      }
      if line != lineStart { reportMultilineKey(from: start) }
      if let tab { reportTab(at: tab) }
      if own == nil, let outer { moveProperties(outer) }
      blockMapping(indent: indent, at: start - line, hasKey: true, outer)
    }
  }

  /// Whether a `:` that ends a key follows, perhaps after blanks; goes there if so.
  private mutating func isAtKeyEnd() -> Bool {
    var next = position
    while next < bytes.count, Byte.isBlank(bytes[next]) { next += 1 }
    guard stands(Byte.colon, at: next), isWhiteOrEnd(at: next + 1) else { return false }
    position = next
    return true
  }

  /// What seemed the node's own properties are those of the mapping that it begins.
  private mutating func moveProperties(_ properties: Properties) {
    builder.changeLast { node in
      node.anchor = nil
      node.tag = nil
    }
    if let anchor = properties.anchor { builder.open(anchor: anchor) }
  }

  private mutating func rewind(to start: Int, line: Int, mark: Int) {
    position = start
    lineStart = line
    while builder.mark > mark { _ = builder.takeLast() }
  }

  /// Reads `- ` items at the current column.
  private mutating func blockSequence(indent: Int, _ properties: Properties?) {
    let start = position
    let column = self.column
    if let tab = tabBeforeToken { reportTab(at: tab) }
    guard enter() else {
      skipDeeper(than: indent)
      addEmpty(at: start, properties)
      return
    }
    let mark = builder.mark
    var end = start
    repeat {
      end = position + 1
      position += 1
      blockNode(indent: column, allowsCompact: true, allowsSequenceAtIndent: false)
      end = max(end, builder.nodes.last?.range.end ?? end)
    } while isAtNext(at: column) && isIndicator(Byte.minus)
    depth -= 1
    builder.closeSequence(from: mark, range: ByteRange(start, end), properties: properties)
    finish(properties)
  }

  /// Reads `key: value` entries at `column`; the first key may have been read already.
  private mutating func blockMapping(
    indent: Int, at column: Int, hasKey: Bool, _ properties: Properties?
  ) {
    let start = lineStart + column
    if !hasKey, let tab = tabBeforeToken { reportTab(at: tab) }
    guard enter() else {
      if hasKey { _ = builder.takeLast() }
      skipDeeper(than: indent)
      addEmpty(at: start, properties)
      return
    }
    let mark = hasKey ? builder.mark - 1 : builder.mark
    var end = start
    var needsKey = !hasKey
    repeat {
      if needsKey {
        if isIndicator(Byte.question) {
          end = max(end, explicitEntry(at: column))
          continue
        }
        guard key(at: column) else { continue }
      }
      needsKey = true
      end = position + 1
      position += 1
      blockNode(indent: column, allowsCompact: false, allowsSequenceAtIndent: true)
      end = max(end, builder.nodes.last?.range.end ?? end)
    } while isAtNext(at: column)
    depth -= 1
    builder.closeMapping(from: mark, range: ByteRange(start, end), properties: properties)
    finish(properties)
  }

  /// Reads `? key` and `: value`; returns the end of what was read.
  private mutating func explicitEntry(at column: Int) -> Int {
    var end = position + 1
    position += 1
    blockNode(indent: column, allowsCompact: true, allowsSequenceAtIndent: true)
    end = max(end, builder.nodes.last?.range.end ?? end)
    if isAtNext(at: column), isIndicator(Byte.colon) {
      end = position + 1
      position += 1
      blockNode(indent: column, allowsCompact: true, allowsSequenceAtIndent: true)
      end = max(end, builder.nodes.last?.range.end ?? end)
    } else {
      addEmpty(at: end)
    }
    return end
  }

  /// Reads an implicit key and stops at its colon; on damage skips the region and leaves no node.
  private mutating func key(at column: Int) -> Bool {
    let start = position
    if isIndicator(Byte.colon) {
      addEmpty(at: position)
      return true
    }
    if isIndicator(Byte.minus) {
      reportDamage(
        "A list item stands among the keys of a mapping.",
        hint: "Indent it under its key, or remove the `-`.", at: ByteRange(start, start + 1))
      skipDeeper(than: column)
      return false
    }
    let properties = properties(inFlow: false)
    if properties != nil { skipBlanks() }
    if properties != nil, isIndicator(Byte.colon) {
      addEmpty(at: position, properties)
      return true
    }
    let line = lineStart
    if !isAtEnd, !Byte.isBreak(bytes[position]) {
      keyNode(properties)
      if isAtKeyEnd() {
        if line != lineStart { reportMultilineKey(from: start) }
        return true
      }
      _ = builder.takeLast()
      if let colon = gluedColon(from: start, line: line) {
        splitKey(from: start, at: colon)
        return true
      }
    }
    lineStart = line
    position = start
    reportDamage(
      "This line is neither a key with a value nor part of the value above.",
      hint: "Write `key: value`, or indent the line if it continues the value above.",
      at: ByteRange(start, lineEnd(from: start)))
    skipDeeper(than: column)
    return false
  }

  /// A colon on the key's line that lacks the space after it.
  private func gluedColon(from start: Int, line: Int) -> Int? {
    guard line == lineStart else { return nil }
    let end = lineEnd(from: start)
    return bytes[start..<end].firstIndex(of: Byte.colon).flatMap { $0 > start ? $0 : nil }
  }

  /// Reads `name:"x"` as the key and value that were meant.
  private mutating func splitKey(from start: Int, at colon: Int) {
    reportDamage(
      "A space is missing after this colon.", hint: "Write `key: value`.",
      at: ByteRange(colon, colon + 1))
    builder.add(
      Node(
        .scalar(
          Scalar(style: .plain, text: String(decoding: bytes[start..<colon], as: UTF8.self))),
        range: ByteRange(start, colon)))
    position = colon
  }

  /// Goes to the next line's token and says whether it stands at `column`; skips what is indented wrongly.
  private mutating func isAtNext(at column: Int) -> Bool {
    while true {
      let isFirst = skipToToken()
      if isAtEnd || (isFirst && isAtDocumentMarker) { return false }
      if !isFirst {
        reportTrailing()
        skipLine()
        continue
      }
      if self.column <= column {
        return self.column == column
      }
      if let tabBeforeToken {
        reportTab(at: tabBeforeToken)
      } else {
        reportDamage(
          "This line is indented more than the entries above, and belongs to none of them.",
          hint: "Align it with the entries above, or quote the text if it continues a value.",
          at: ByteRange(position, lineEnd(from: position)))
      }
      skipDeeper(than: column)
    }
  }
}
