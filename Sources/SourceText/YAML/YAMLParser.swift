/// Recursive descent over the bytes of a YAML stream; recursion ends at `Limits.nesting`.
///
/// Every `…Node` method puts exactly one node on the builder's stack.
struct YAMLParser {
  let bytes: [UInt8]
  var position = 0
  /// Where the current line starts.
  var lineStart = 0
  /// Offset of a tab in the white space right before the current token, if there is one.
  var tabBeforeToken: Int?
  var builder: TreeBuilder
  var text = ScalarText()
  /// How many collections are open.
  var depth = 0
  /// How many of them are flow collections.
  var flowDepth = 0
  /// Problems before this offset belong to a damage that is reported already.
  var damagedUntil = 0
  var hasReportedTab = false
  /// The directives of the document being read: its tag handles, and `%YAML` if that is given.
  var tagHandles: Set<String> = []

  init(_ file: SourceFile) {
    bytes = file.bytes
    builder = TreeBuilder(file)
  }

  var isAtEnd: Bool { position >= bytes.count }

  /// The column of the current position, in bytes from 0.
  var column: Int { position - lineStart }

  /// Whether `byte` stands at `offset`.
  func stands(_ byte: UInt8, at offset: Int) -> Bool {
    offset < bytes.count && bytes[offset] == byte
  }

  /// Whether white space or the end of the file is at `offset`.
  func isWhiteOrEnd(at offset: Int) -> Bool {
    offset >= bytes.count || Byte.isWhite(bytes[offset])
  }

  /// Whether `-`, `?` or `:` stands here as an indicator: followed by white space.
  func isIndicator(_ byte: UInt8) -> Bool {
    stands(byte, at: position) && isWhiteOrEnd(at: position + 1)
  }

  /// Whether `---` or `...` stands at `offset`, which starts a line.
  func isDocumentMarker(at offset: Int) -> Bool {
    guard offset + 3 <= bytes.count else { return false }
    let byte = bytes[offset]
    guard byte == Byte.minus || byte == Byte.dot else { return false }
    return bytes[offset + 1] == byte && bytes[offset + 2] == byte && isWhiteOrEnd(at: offset + 3)
  }

  /// Whether a document marker stands here.
  var isAtDocumentMarker: Bool { position == lineStart && isDocumentMarker(at: position) }

  /// Steps over the line break at the position.
  mutating func skipBreak() {
    let isReturn = bytes[position] == Byte.carriageReturn
    position += 1
    if isReturn, stands(Byte.lineFeed, at: position) { position += 1 }
    lineStart = position
  }

  /// Skips white space, comments and line breaks.
  ///
  /// - Returns: Whether the token is the first on its line.
  @discardableResult
  mutating func skipToToken() -> Bool {
    var isFirst = isFirstOnLine()
    while position < bytes.count {
      switch bytes[position] {
      case Byte.space:
        position = Self.endOfSpaces(in: bytes.span, from: position)
      case Byte.tab:
        if tabBeforeToken == nil { tabBeforeToken = position }
        position += 1
      case Byte.lineFeed, Byte.carriageReturn:
        skipBreak()
        isFirst = true
        tabBeforeToken = nil
      case Byte.hash where position == lineStart || Byte.isWhite(bytes[position - 1]):
        comment(ownLine: isFirst)
      default:
        return isFirst
      }
    }
    return isFirst
  }

  /// Past nearly all white space, in a loop of its own.
  private static func endOfSpaces(in bytes: Span<UInt8>, from start: Int) -> Int {
    var next = start
    while next < bytes.count, bytes[next] == Byte.space { next += 1 }
    return next
  }

  /// Whether only blanks stand before the position on its line; notes a tab among them.
  private mutating func isFirstOnLine() -> Bool {
    tabBeforeToken = nil
    var before = position
    while before > lineStart, Byte.isBlank(bytes[before - 1]) {
      before -= 1
      if bytes[before] == Byte.tab { tabBeforeToken = before }
    }
    return before == lineStart
  }

  private mutating func comment(ownLine: Bool) {
    let start = position
    skipLine()
    builder.comments.append(Comment(range: ByteRange(start, position), ownLine: ownLine))
  }

  /// Goes to the end of the line, before its break.
  mutating func skipLine() {
    while position < bytes.count, !Byte.isBreak(bytes[position]) { position += 1 }
  }

  mutating func skipBlanks() {
    while position < bytes.count, Byte.isBlank(bytes[position]) { position += 1 }
  }

  /// The end of the line that `offset` is on.
  func lineEnd(from offset: Int) -> Int {
    var end = offset
    while end < bytes.count, !Byte.isBreak(bytes[end]) { end += 1 }
    return end
  }

  /// Reports an error, once for each damaged region; the rest of the line belongs to it.
  mutating func reportDamage(_ message: String, hint: String = "", at range: ByteRange) {
    guard range.start >= damagedUntil else { return }
    builder.report(.error, message, hint: hint, at: range)
    damagedUntil = lineEnd(from: range.start) + 1
  }

  /// Skips the rest of a damaged region: this line and the lines indented more than `column`.
  mutating func skipDeeper(than column: Int) {
    repeat {
      skipLine()
      skipToToken()
    } while !isAtEnd && self.column > column && !isAtDocumentMarker
    damagedUntil = max(damagedUntil, position)
  }

  /// Reports a tab that indents; the first of a file stands for all.
  mutating func reportTab(at offset: Int) {
    guard !hasReportedTab else { return }
    hasReportedTab = true
    builder.report(
      .error, "A tab is used for indentation.", hint: "YAML is indented with spaces only.",
      at: ByteRange(offset, offset + 1))
  }

  mutating func addEmpty(at offset: Int, _ properties: Properties? = nil) {
    builder.add(
      Node(
        .scalar(Scalar(style: .plain, text: "")), range: ByteRange(offset, offset),
        tag: properties?.tag, anchor: properties?.anchor))
    if let properties { finish(properties) }
  }

  /// Lets aliases use the last node's anchor.
  mutating func finish(_ properties: Properties?) {
    guard let properties, properties.anchor != nil else { return }
    builder.finishAnchor(expandedCountBefore: properties.expandedCountBefore)
  }

  /// Counts a collection in, or reports that it lies too deep.
  mutating func enter() -> Bool {
    guard depth < Limits.nesting else {
      reportDamage(
        Limits.nestingMessage, hint: Limits.nestingHint,
        at: ByteRange(position, position + 1))
      return false
    }
    depth += 1
    return true
  }
}
