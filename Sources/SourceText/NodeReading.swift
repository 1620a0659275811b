extension Node {
  /// The node itself, or what its alias stands for; a broken alias stays.
  public var resolved: Node {
    var node = self
    while case .alias(_, let target?)? = node.body?.content { node = target.node }
    return node
  }

  /// The value of a key: own keys before merged ones (`<<`), the last of duplicates, keys compared byte by byte.
  public subscript(key: String) -> Node? {
    if case .alias(_, let target?)? = body?.content { return target.node[key] }
    guard case .mapping(let entries)? = body?.content else { return nil }
    let mark = KeyMark(key)
    let own = entries.span
    var index = own.count
    while index > 0 {
      index -= 1
      guard own[index].mark == mark, own[index].key.isScalar(reading: key) else { continue }
      if mark == KeyMark.merge, own[index].isMerge { continue }
      return own[index].value
    }
    for index in own.indices where own[index].mark == KeyMark.merge && own[index].isMerge {
      for source in own[index].mergeSources {
        if let value = source[key] { return value }
      }
    }
    return nil
  }

  /// The entries of a mapping with merge keys applied, duplicates kept; empty if this is no mapping.
  public var entries: [Entry] {
    if case .alias(_, let target?)? = body?.content { return target.node.entries }
    guard case .mapping(let own)? = body?.content else { return [] }
    guard Self.merges(own) else { return own }
    var merged: [Entry] = []
    var known: Set<[UInt8]> = []
    for entry in own where !entry.isMerge {
      merged.append(entry)
      if let text = entry.key.text { known.insert(Array(text.utf8)) }
    }
    for entry in own where entry.isMerge {
      for source in entry.mergeSources {
        let added = source.entries.filter { entry in
          entry.key.text.map { !known.contains(Array($0.utf8)) } ?? true
        }
        merged += added
        known.formUnion(added.compactMap { entry in entry.key.text.map { Array($0.utf8) } })
      }
    }
    return merged
  }

  private static func merges(_ entries: [Entry]) -> Bool {
    let entries = entries.span
    for index in entries.indices where entries[index].mark == KeyMark.merge {
      if entries[index].isMerge { return true }
    }
    return false
  }

  /// The items of a sequence; empty if this is no sequence.
  public var items: [Node] {
    if case .alias(_, let target?)? = body?.content { return target.node.items }
    guard case .sequence(let items)? = body?.content else { return [] }
    return items
  }

  /// A scalar's decoded text; `nil` if this is no scalar.
  public var text: String? {
    guard let body else { return plainText }
    switch body.content {
    case .scalar(let scalar): return scalar.text
    case .alias(_, let target?): return target.node.text
    case .alias, .mapping, .sequence: return nil
    }
  }

  /// Whether the value is absent: an empty plain scalar, `~` or `null`, without a tag.
  public var isNull: Bool {
    if case .alias(_, let target?)? = body?.content { return target.node.isNull }
    guard style == .plain, tag == nil, let text, text.utf8.count <= 4 else { return false }
    switch text {
    case "", "~", "null", "Null", "NULL": return true
    default: return false
    }
  }

  /// Maps UTF-8 offsets in a scalar's decoded text to the file; offsets outside are cut to the text.
  ///
  /// A node that is no scalar gives its whole range.
  public func fileRange(ofText range: ByteRange) -> ByteRange {
    guard let body else {
      return Scalar.fileRange(
        ofText: range, asLongAs: plainText.utf8.count, isQuoted: style != .plain, in: self.range)
    }
    switch body.content {
    case .alias(_, let target?): return target.node.fileRange(ofText: range)
    case .scalar(let scalar): return scalar.fileRange(ofText: range, in: self.range)
    case .alias, .sequence, .mapping: return self.range
    }
  }

  /// Whether the node is, through aliases, a scalar with exactly these bytes.
  func isScalar(reading text: String) -> Bool {
    guard let body else { return plainText == text && plainText.utf8.count == text.utf8.count }
    switch body.content {
    case .scalar(let scalar):
      // Texts that are equal as characters, in as many bytes: quicker than byte by byte.
      return scalar.text == text && scalar.text.utf8.count == text.utf8.count
    case .alias(_, let target?):
      return target.node.isScalar(reading: text)
    case .alias, .sequence, .mapping:
      return false
    }
  }
}

extension Node.Entry {
  /// Whether the entry merges other mappings into its own: a plain `<<` whose value can be merged.
  var isMerge: Bool {
    guard case .scalar(let scalar) = key.content, scalar.style == .plain, scalar.text == "<<" else {
      return false
    }
    switch value.resolved.content {
    case .mapping, .sequence: return true
    case .scalar, .alias: return false
    }
  }

  /// The mappings that a merge key names, the strongest first.
  var mergeSources: [Node] {
    let value = value.resolved
    switch value.content {
    case .mapping: return [value]
    case .sequence(let items): return items.map(\.resolved)
    case .scalar, .alias: return []
    }
  }
}

extension Scalar {
  /// Maps a range of the decoded text to the file, given where the scalar stands.
  func fileRange(ofText textRange: ByteRange, in own: ByteRange) -> ByteRange {
    guard !segments.isEmpty else {
      return Self.fileRange(
        ofText: textRange, asLongAs: text.utf8.count, isQuoted: style != .plain, in: own)
    }
    let start = min(max(textRange.start, 0), text.utf8.count)
    let end = min(max(textRange.end, start), text.utf8.count)
    let fileStart = fileOffset(ofText: start, asEnd: false)
    let fileEnd = end > start ? fileOffset(ofText: end, asEnd: true) : fileStart
    return ByteRange(fileStart, max(fileStart, fileEnd))
  }

  /// The same for a scalar of `count` bytes that stands in the file byte for byte.
  static func fileRange(
    ofText textRange: ByteRange, asLongAs count: Int, isQuoted: Bool, in own: ByteRange
  ) -> ByteRange {
    let start = min(max(textRange.start, 0), count)
    let end = min(max(textRange.end, start), count)
    let first = isQuoted ? min(own.start + 1, own.end) : own.start
    return ByteRange(min(first + start, own.end), min(first + end, own.end))
  }

  /// The file offset of a text offset: where its byte starts, or where the byte before it ends.
  private func fileOffset(ofText offset: Int, asEnd: Bool) -> Int {
    var low = 0
    var high = segments.count
    while high - low > 1 {
      let middle = (low + high) / 2
      let starts = segments[middle].textOffset
      if starts < offset || (starts == offset && !asEnd) { low = middle } else { high = middle }
    }
    let segment = segments[low]
    let textEnd = low + 1 < segments.count ? segments[low + 1].textOffset : text.utf8.count
    if offset >= textEnd { return segment.file.end }
    if textEnd - segment.textOffset == segment.file.count {
      return segment.file.start + offset - segment.textOffset
    }
    return asEnd ? segment.file.end : segment.file.start
  }
}
