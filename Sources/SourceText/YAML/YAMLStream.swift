/// Documents, their markers and directives.
extension YAMLParser {
  mutating func parse() -> SourceTree {
    var documents: [Node] = []
    while true {
      skipByteOrderMark()
      tagHandles = []
      let hasDirectives = directives()
      let isOver = isAtEnd || (isAtDocumentMarker && stands(Byte.dot, at: position))
      if isOver {
        if hasDirectives {
          reportDamage(
            "A directive is followed by no document.", hint: "Start the document with `---`.",
            at: ByteRange(position, position))
        }
        if isAtEnd { break }
        endDocument()
        continue
      }
      document(hasDirectives: hasDirectives)
      if let root = builder.takeLast() { documents.append(root) }
    }
    return builder.finish(documents: documents)
  }

  private mutating func skipByteOrderMark() {
    guard position == lineStart, bytes[position...].starts(with: [0xEF, 0xBB, 0xBF]) else { return }
    position += 3
    lineStart = position
  }

  /// Reads lines that begin with `%`; says whether there were any.
  private mutating func directives() -> Bool {
    var found = false
    while true {
      skipToToken()
      guard stands(Byte.percent, at: position), column == 0 else { return found }
      directive()
      found = true
    }
  }

  private mutating func directive() {
    let start = position
    let end = lineEnd(from: start)
    let words = bytes[start..<end].split(whereSeparator: Byte.isBlank)
      .prefix { $0.first != Byte.hash }
    let name = words.first.map { String(decoding: $0, as: UTF8.self) }
    let isComplete =
      switch name {
      case "%YAML": words.count == 2 && isVersion(words[1])
      case "%TAG": words.count == 3
      default: true
      }
    if !isComplete {
      reportDamage(
        "This directive is incomplete or has too many words.",
        hint: "Write `%YAML 1.2` or `%TAG !handle! prefix`.", at: ByteRange(start, end))
    } else if name == "%TAG" {
      tagHandles.insert(String(decoding: words[1], as: UTF8.self))
    } else if name == "%YAML", !tagHandles.insert("%YAML").inserted {
      reportDamage(
        "A document has two `%YAML` directives.", hint: "Remove one of them.",
        at: ByteRange(start, end))
    }
    while position < end {
      if bytes[position] == Byte.hash, Byte.isBlank(bytes[position - 1]) { return }
      position += 1
    }
  }

  private func isVersion(_ word: ArraySlice<UInt8>) -> Bool {
    word.allSatisfy { $0 == Byte.dot || ($0 >= Byte.zero && $0 <= Byte.nine) }
  }

  private mutating func document(hasDirectives: Bool) {
    builder.startDocument()
    let isExplicit = isAtDocumentMarker
    if isExplicit {
      position += 3
    } else if hasDirectives {
      reportDamage(
        "A directive is not followed by `---`.", hint: "Put `---` between directives and content.",
        at: ByteRange(position, position + 1))
    }
    blockNode(indent: -1, allowsCompact: !isExplicit, allowsSequenceAtIndent: false)
    while !isAtDocumentEnd() { leftover() }
    if stands(Byte.dot, at: position), isAtDocumentMarker { endDocument() }
  }

  private mutating func isAtDocumentEnd() -> Bool {
    skipToToken()
    return isAtEnd || isAtDocumentMarker
  }

  /// `...`, after which only a comment may stand.
  private mutating func endDocument() {
    position += 3
    if !skipToToken(), !isAtEnd {
      reportDamage(
        "Text stands after `...`, which ends a document.", hint: "Move it to the next line.",
        at: ByteRange(position, lineEnd(from: position)))
      skipLine()
    }
  }

  /// Content after the root: an error, but what can be read of it is kept.
  private mutating func leftover() {
    let first = builder.takeLast()
    let start = position
    let isFirstOnLine = bytes[lineStart..<position].allSatisfy(Byte.isBlank)
    reportDamage(
      "The document's content ended before this.",
      hint: "Indent this line like the first one, or start a new document with `---`.",
      at: ByteRange(start, lineEnd(from: start)))
    if isFirstOnLine {
      blockNode(indent: -1, allowsCompact: true, allowsSequenceAtIndent: false)
    } else {
      skipLine()
    }
    damagedUntil = max(damagedUntil, min(position, lineEnd(from: start) + 1))
    if position <= start { position = lineEnd(from: start) }
    merge(first, isFirstOnLine ? builder.takeLast() : nil)
  }

  /// Keeps the entries of both roots where they are mappings, else the more telling root.
  private mutating func merge(_ first: Node?, _ second: Node?) {
    guard let first else {
      if let second { builder.add(second) } else { addEmpty(at: position) }
      return
    }
    switch (first.content, second?.content) {
    case (.mapping(let earlier), .mapping(let later)):
      var node = first
      node.content = .mapping(earlier + later)
      node.range.end = second?.range.end ?? node.range.end
      builder.add(node)
    case (.scalar, .some), (.alias, .some), (.sequence, .mapping):
      builder.add(second ?? first)
    case (.mapping, _), (.sequence, _), (_, nil):
      builder.add(first)
    }
  }
}
