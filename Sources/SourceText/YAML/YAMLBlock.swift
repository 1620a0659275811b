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
      return
    }
    // Properties on lines of their own are the node's; those before content may be its first key's.
    var outer = properties
    while belongs(indent: indent, isFirst, allowsSequenceAtIndent) {
      let own = self.properties(inFlow: false)
      isFirst = skipToToken()
      if own == nil || !(isFirst || isAtEnd) {
        blockContent(indent: indent, outer: outer, own: own, allowsCollection: true)
        return
      }
      if let own { outer = merged(outer, own) }
    }
    addEmpty(at: outer.end, outer)
  }

  /// Both sets of properties as one node's.
  private mutating func merged(_ outer: Properties, _ own: Properties) -> Properties {
    if (outer.anchor != nil && own.anchor != nil) || (outer.tag != nil && own.tag != nil) {
      reportDamage(
        "A node has two anchors or two tags.", hint: "Remove one of them.",
        at: ByteRange(own.start, own.end))
    }
    var result = outer
    result.tag = own.tag ?? outer.tag
    result.anchor = own.anchor ?? outer.anchor
    result.end = own.end
    return result
  }

  /// Whether the token here still belongs to the node after a collection at `indent`.
  private func belongs(indent: Int, _ isFirst: Bool, _ allowsSequenceAtIndent: Bool) -> Bool {
    if isAtEnd { return false }
    guard isFirst else { return true }
    if isAtDocumentMarker { return false }
    return column > indent
      || (column == indent && allowsSequenceAtIndent && isIndicator(Byte.minus))
  }

  /// Reads what follows properties: those on lines before belong to the whole node, those on this line
  /// to a key if this turns out to be one.
  private mutating func blockContent(
    indent: Int, outer: Properties?, own: Properties?, allowsCollection: Bool
  ) {
    let start = own?.start ?? position
    checkTab(indent: indent)
    if isIndicator(Byte.minus) {
      reportMisplaced(own != nil || !allowsCollection, "A list item cannot begin here.")
      blockSequence(indent: indent, outer ?? own)
    } else if isIndicator(Byte.question) {
      reportMisplaced(own != nil || !allowsCollection, "A key cannot begin here.")
      blockMapping(indent: indent, at: start - lineStart, hasKey: false, outer ?? own)
    } else if isIndicator(Byte.colon) {
      reportMisplaced(!allowsCollection, "A key cannot begin here.")
      addEmpty(at: own?.end ?? position, own)
      blockMapping(indent: indent, at: start - lineStart, hasKey: true, outer)
    } else if bytes[position] == Byte.bar || bytes[position] == Byte.greater {
      blockScalar(indent: indent, own)
      apply(outer, own)
    } else {
      inlineContent(
        indent: indent, outer: outer, own: own, allowsCollection: allowsCollection, from: start)
    }
  }

  /// Reads a node that can be the first key of a block mapping, and the mapping if it is.
  private mutating func inlineContent(
    indent: Int, outer: Properties?, own: Properties?, allowsCollection: Bool, from start: Int
  ) {
    let line = lineStart
    let tab = tabBeforeToken
    let mark = builder.mark
    let known = (problems: builder.problems.count, damagedUntil: damagedUntil)
    let isBroken = inlineNode(indent: indent, own)
    if isBroken && allowsCollection {
      // Text that runs into a key below it: most likely a key with a slip in it, which is then reported.
      rewind(to: start, line: line, mark: mark)
      builder.problems.removeLast(builder.problems.count - known.problems)
      damagedUntil = known.damagedUntil
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
      blockMapping(indent: indent, at: start - line, hasKey: true, outer)
    } else {
      apply(outer, own)
    }
  }

  /// Gives the last node the properties that stand on lines before it.
  private mutating func apply(_ outer: Properties?, _ own: Properties?) {
    guard let outer else { return }
    if case .alias = builder.nodes.last?.content {
      reportDamage(
        "An alias cannot have an anchor or a tag.", hint: "Put it at the anchored node.",
        at: ByteRange(outer.start, outer.end))
      return
    }
    let all = own.map { merged(outer, $0) } ?? outer
    builder.changeLast { node in
      node.tag = all.tag
      node.anchor = all.anchor
    }
    finish(all)
  }

  /// Whether a `:` that ends a key follows, perhaps after blanks; goes there if so.
  private mutating func isAtKeyEnd() -> Bool {
    var next = position
    while next < bytes.count, Byte.isBlank(bytes[next]) { next += 1 }
    guard stands(Byte.colon, at: next), isWhiteOrEnd(at: next + 1) else { return false }
    position = next
    return true
  }

  private mutating func rewind(to start: Int, line: Int, mark: Int) {
    position = start
    lineStart = line
    while builder.mark > mark { _ = builder.takeLast() }
    while let last = builder.comments.last, last.range.start >= start {
      builder.comments.removeLast()
    }
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
      end = max(end, builder.nodes.lastRange()?.end ?? end)
    } while isAtNext(at: column) && isIndicator(Byte.minus)
    depth -= 1
    builder.closeSequence(from: mark, range: ByteRange(start, end), properties: properties)
    finish(properties)
  }

  /// Reads `key: value` entries at `column`; the first key may have been read already.
  private mutating func blockMapping(
    indent: Int, at column: Int, hasKey: Bool, _ properties: Properties?
  ) {
    // A key over several lines is an error, but the mapping still begins with it.
    let keyStart = hasKey ? builder.nodes.lastRange()?.start : nil
    let start = min(lineStart + column, keyStart ?? position)
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
      end = max(end, builder.nodes.lastRange()?.end ?? end)
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
    end = max(end, builder.nodes.lastRange()?.end ?? end)
    if isAtNext(at: column), isIndicator(Byte.colon) {
      end = position + 1
      position += 1
      blockNode(indent: column, allowsCompact: true, allowsSequenceAtIndent: true)
      end = max(end, builder.nodes.lastRange()?.end ?? end)
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
