/// Puts tokens together to elements, without recursion.
struct XMLTreeBuilder {
  private let file: SourceFile
  private var tokenizer: XMLTokenizer
  private var open: [OpenElement] = []
  private var roots: [Node] = []
  private var comments: [Comment] = []
  private var namespaces: [String: [String]] = ["xml": ["http://www.w3.org/XML/1998/namespace"]]
  /// Names that were met, for as long as their prefixes mean the same.
  private var elementNames = XMLNameTable<ElementName>()
  /// Keys of attributes without prefixes.
  private var attributeKeys = XMLNameTable<String>()
  private var text = RunningText()
  /// Those of the tag at hand.
  private var attributeNames = Names()
  /// Memory for the values of attributes.
  private var attributeText = ScalarText()
  /// How many elements are open below the deepest that is kept.
  private var skippedDepth = 0
  /// Namespaces whose elements are left out, with everything in them.
  private let omitted: Set<String>

  private struct OpenElement {
    var name: ByteRange
    var start: Int
    var tag: String
    /// What its parent has it under.
    var key = ""
    var entries: [Node.Entry] = []
    var prefixes: [String] = []
    /// It is followed up to its end only.
    var isOmitted = false
  }

  /// What the name of an element means.
  private struct ElementName {
    var tag: String
    /// What a parent has such an element under.
    var key: String
    var isOmitted: Bool
  }

  /// A run of text; CDATA and comments do not end it.
  private struct RunningText {
    var text = ScalarText()
    var start = 0
    var end = 0
  }

  init(_ file: SourceFile, omitting namespaces: Set<String>) {
    self.file = file
    tokenizer = XMLTokenizer(file.bytes)
    omitted = namespaces
  }

  mutating func build() -> SourceTree {
    while let token = tokenizer.next() {
      switch token {
      case .start(let tag): begin(tag)
      case .end(let name, let range): end(name, range)
      case .text(let range): add(range, isCharacterData: true)
      case .cdata(let content, _): add(content, isCharacterData: false)
      case .comment(let range):
        comments.append(Comment(range: range, ownLine: isFirst(onLineOf: range.start)))
      case .instruction, .documentType: break
      }
    }
    while let unclosed = open.last {
      reportUnclosed(unclosed)
      close(at: tokenizer.bytes.count)
    }
    if roots.isEmpty, tokenizer.problems.isEmpty {
      tokenizer.report(
        "The file holds no XML element.", severity: .warning,
        at: ByteRange(0, tokenizer.bytes.count))
    }
    return SourceTree(
      documents: roots, comments: comments,
      problems: tokenizer.problems.sorted {
        ($0.range.start, $0.range.end) < ($1.range.start, $1.range.end)
      })
  }

  private mutating func begin(_ tag: XMLTag) {
    flushText()
    if skippedDepth > 0 || open.count >= Limits.nesting {
      if skippedDepth == 0, !tag.isEmpty {
        tokenizer.report(
          Limits.nestingMessage, hint: Limits.nestingHint,
          at: tag.range)
      }
      if !tag.isEmpty { skippedDepth += 1 }
      return
    }
    if open.isEmpty, !roots.isEmpty {
      tokenizer.report(
        "A second root element begins here.", hint: "A document has one root.", at: tag.range)
    }
    var element = OpenElement(name: tag.name, start: tag.range.start, tag: "")
    if isInOmitted {
      element.isOmitted = true
      open.append(element)
      if tag.isEmpty { close(at: tag.range.end) }
      return
    }
    declare(tag, in: &element)
    let name = elementName(tag.name)
    if name.isOmitted {
      element.isOmitted = true
      open.append(element)
      if tag.isEmpty { close(at: tag.range.end) }
      return
    }
    element.tag = name.tag
    element.key = name.key
    element.entries.reserveCapacity(tag.attributes.count + 2)
    element.entries.append(
      Node.Entry(
        key: empty(XMLElement.headKey, at: tag.range.start),
        value: empty("", at: tag.range.start, to: tag.name.end)))
    attributeNames.clear()
    for attribute in tag.attributes { add(attribute, to: &element) }
    open.append(element)
    if tag.isEmpty { close(at: tag.range.end) }
  }

  /// Whether the innermost element is followed up to its end only; asked where it stands, not taken in hand.
  private var isInOmitted: Bool {
    let open = open.span
    return !open.isEmpty && open[open.count - 1].isOmitted
  }

  /// The innermost open element of a name.
  private func lastOpen(_ name: ByteRange) -> Int? {
    let open = open.span
    let bytes = tokenizer.bytes.span
    return open.indices.reversed().first { index in
      let other = open[index].name
      guard other.count == name.count else { return false }
      for offset in 0..<name.count where bytes[other.start + offset] != bytes[name.start + offset] {
        return false
      }
      return true
    }
  }

  private mutating func end(_ name: ByteRange, _ range: ByteRange) {
    flushText()
    if skippedDepth > 0 {
      skippedDepth -= 1
      return
    }
    guard let index = lastOpen(name) else {
      tokenizer.report("This closes no element that is open.", hint: "Remove it.", at: range)
      return
    }
    while open.count > index + 1, let unclosed = open.last {
      reportUnclosed(unclosed)
      close(at: range.start)
    }
    close(at: range.end)
  }

  private mutating func reportUnclosed(_ element: OpenElement) {
    let name = file.text(in: element.name)
    tokenizer.report(
      "The element `\(name)` is not closed.", hint: "Add the missing `</\(name)>`.",
      at: ByteRange(element.start, element.name.end))
  }

  /// Finishes the innermost element.
  private mutating func close(at end: Int) {
    flushText()
    guard let element = open.popLast() else { return }
    for prefix in element.prefixes { _ = namespaces[prefix]?.popLast() }
    if !element.prefixes.isEmpty { elementNames.clear() }
    if element.isOmitted { return }
    let node = Node(
      .mapping(element.entries), range: ByteRange(element.start, end), tag: element.tag)
    if open.isEmpty {
      roots.append(node)
    } else {
      let key = empty(element.key, at: element.start)
      open[open.count - 1].entries.append(Node.Entry(key: key, value: node))
    }
  }

  // MARK: Attributes and namespaces

  private mutating func declare(_ tag: XMLTag, in element: inout OpenElement) {
    for attribute in tag.attributes where begins(attribute.name, Self.declaration) {
      let name = file.text(in: attribute.name)
      guard name == "xmlns" || name.hasPrefix("xmlns:") else { continue }
      let prefix = name == "xmlns" ? "" : String(name.dropFirst(6))
      namespaces[prefix, default: []].append(tokenizer.decoded(attribute.value))
      element.prefixes.append(prefix)
    }
    if !element.prefixes.isEmpty { elementNames.clear() }
  }

  private mutating func elementName(_ name: ByteRange) -> ElementName {
    if let known = elementNames[name, tokenizer.bytes.span] { return known }
    let problems = tokenizer.problems.count
    let namespace = namespace(of: name, isAttribute: false)
    let local = localName(name)
    let made = ElementName(
      tag: "{\(namespace)}\(local)", key: "<\(local)>", isOmitted: omitted.contains(namespace))
    // A prefix that is not declared is told each time.
    if tokenizer.problems.count == problems {
      let bytes = tokenizer.bytes
      elementNames.insert(made, for: name, bytes.span)
    }
    return made
  }

  private mutating func add(
    _ attribute: XMLTag.Attribute, to element: inout OpenElement
  ) {
    let key = key(of: attribute)
    guard attributeNames.insert(key) else {
      tokenizer.report(
        "The attribute `\(file.text(in: attribute.name))` stands twice in this tag.",
        hint: "Remove one of them.", at: attribute.name)
      return
    }
    attributeText.clear()
    tokenizer.decode(attribute.value, isAttribute: true, into: &attributeText)
    let quote = attribute.value.start - 1
    let isDouble = tokenizer.bytes[quote] == Byte.quote
    let isClosed =
      attribute.value.end < tokenizer.bytes.count
      && tokenizer.bytes[attribute.value.end] == tokenizer.bytes[quote]
    element.entries.append(
      Node.Entry(
        key: Node(.scalar(Scalar(style: .plain, text: key)), range: attribute.name),
        value: Node(
          .scalar(
            attributeText.scalar(
              isDouble ? .doubleQuoted : .singleQuoted, startingAt: attribute.value.start)),
          range: ByteRange(quote, attribute.value.end + (isClosed ? 1 : 0)))))
  }

  private mutating func key(of attribute: XMLTag.Attribute) -> String {
    let name = attribute.name
    if let known = attributeKeys[name, tokenizer.bytes.span] { return known }
    if colon(in: name) != nil, !begins(name, Self.declaration) {
      return "@{\(namespace(of: name, isAttribute: true))}\(localName(name))"
    }
    let key = "@" + file.text(in: name)
    let bytes = tokenizer.bytes
    attributeKeys.insert(key, for: name, bytes.span)
    return key
  }

  /// The namespace of a name; an attribute without prefix has none.
  private mutating func namespace(of name: ByteRange, isAttribute: Bool) -> String {
    guard let colon = colon(in: name) else {
      return isAttribute ? "" : namespaces[""]?.last ?? ""
    }
    let prefix = file.text(in: ByteRange(name.start, colon))
    if let known = namespaces[prefix]?.last { return known }
    tokenizer.report(
      "The prefix `\(prefix)` is not declared.",
      hint: "Add `xmlns:\(prefix)=\"…\"` to the root element.", severity: .warning, at: name)
    return prefix
  }

  private func localName(_ name: ByteRange) -> String {
    file.text(in: ByteRange(colon(in: name).map { $0 + 1 } ?? name.start, name.end))
  }

  private func colon(in name: ByteRange) -> Int? {
    (name.start..<name.end).first { tokenizer.bytes[$0] == Byte.colon }
  }

  private static let declaration = Array("xmlns".utf8)

  private func begins(_ name: ByteRange, _ bytes: [UInt8]) -> Bool {
    let own = tokenizer.bytes.span
    guard bytes.count <= name.count else { return false }
    for offset in bytes.indices where own[name.start + offset] != bytes[offset] { return false }
    return true
  }

  // MARK: Text

  private mutating func add(_ range: ByteRange, isCharacterData: Bool) {
    guard skippedDepth == 0, !isInOmitted else { return }
    guard !open.isEmpty else {
      let isBlank = tokenizer.bytes[range.start..<range.end].allSatisfy(Byte.isWhite)
      if !isBlank {
        tokenizer.report("Text stands outside of the root element.", at: range)
      }
      return
    }
    if text.text.count == 0 {
      var start = range.start
      while start < range.end, Byte.isWhite(tokenizer.bytes[start]) { start += 1 }
      guard start < range.end else { return }
      text.start = start
      append(ByteRange(start, range.end), isCharacterData)
    } else {
      append(range, isCharacterData)
    }
    text.end = range.end
  }

  private mutating func append(_ range: ByteRange, _ isCharacterData: Bool) {
    if isCharacterData {
      tokenizer.decode(range, into: &text.text)
    } else {
      tokenizer.copy(range, into: &text.text)
    }
  }

  /// Adds the run of text to the innermost element.
  private mutating func flushText() {
    guard text.text.count > 0 else { return }
    var count = text.text.count
    while count > 0, Byte.isWhite(text.text.bytes[count - 1]) { count -= 1 }
    var end = text.end
    while end > text.start, Byte.isWhite(tokenizer.bytes[end - 1]) { end -= 1 }
    text.text.cut(to: count)
    let scalar = text.text.scalar(.plain, startingAt: text.start)
    let node = Node(.scalar(scalar), range: ByteRange(text.start, end))
    text.text.clear()
    guard !open.isEmpty else { return }
    open[open.count - 1].entries.append(
      Node.Entry(key: empty("#text", at: text.start), value: node))
  }

  /// The names of one tag's attributes: mostly a handful, but a hostile file has any number.
  private struct Names {
    private var few: [String] = []
    private var others: Set<String> = []
    private static let few = 16

    /// Starts over and keeps the memory.
    mutating func clear() {
      few.removeAll(keepingCapacity: true)
      if !others.isEmpty { others = [] }
    }

    mutating func insert(_ name: String) -> Bool {
      if few.contains(name) { return false }
      if few.count == Self.few { return others.insert(name).inserted }
      few.append(name)
      return true
    }
  }

  private func empty(_ text: String, at start: Int, to end: Int? = nil) -> Node {
    Node(.scalar(Scalar(style: .plain, text: text)), range: ByteRange(start, end ?? start))
  }

  private func isFirst(onLineOf offset: Int) -> Bool {
    var before = offset
    while before > 0, Byte.isBlank(tokenizer.bytes[before - 1]) { before -= 1 }
    return before == 0 || Byte.isBreak(tokenizer.bytes[before - 1])
  }
}
