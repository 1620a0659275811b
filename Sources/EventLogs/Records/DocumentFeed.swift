/// Hands the JSON values of a log to a reader one after another: one document, or one on each line.
enum DocumentFeed {
  /// A value with its place in the file.
  struct Part {
    var document: JSONDocument
    /// The first line, from 1.
    var line: Int
    /// Offset in the file.
    var offset: Int

    func place(of item: JSONItem) -> RecordPlace {
      RecordPlace(
        line: line + document.line(at: item.range.lowerBound),
        start: offset + item.range.lowerBound,
        length: item.range.count)
    }
  }

  static func read(
    _ input: inout LogInput, into feed: inout LogFeed, _ body: (Part, inout LogFeed) -> Void
  ) {
    feed.lines = 1
    var attempted = 0
    while true {
      skipBlank(&input, &feed)
      if input.start == input.end {
        if input.fill() { continue }
        break
      }
      let size = input.end - input.start
      // A value that runs on is tried again only when twice as much is there.
      if !input.isAtEnd, size < attempted * 2 {
        if size > JSONDocument.largest { return tooLong(&input, &feed) }
        if input.fill() || input.isAtEnd { continue }
        return tooLong(&input, &feed)
      }
      let isWhole = isWhole(input.buffer.span, input.start, input.end)
      let torn = isWhole == nil ? nextValue(input.buffer.span, input.start, input.end) : nil
      if isWhole == nil, torn == nil, !input.isAtEnd {
        attempted = size
        if size > JSONDocument.largest { return tooLong(&input, &feed) }
        if !input.fill(), !input.isAtEnd { return tooLong(&input, &feed) }
        continue
      }
      attempted = 0
      step(&input, &feed, length: isWhole ?? torn, isTorn: torn != nil, body)
      feed.flush()
    }
    if input.offset + input.end == 0 { feed.lines = 0 }
  }

  private static func step(
    _ input: inout LogInput, _ feed: inout LogFeed, length: Int?, isTorn: Bool,
    _ body: (Part, inout LogFeed) -> Void
  ) {
    let start = input.start
    if input.end - start > JSONDocument.largest, length ?? .max > JSONDocument.largest {
      return tooLong(&input, &feed)
    }
    let end = length.map { start + $0 } ?? input.end
    let slice = Array(input.buffer[start..<end])
    guard let document = JSONDocument(slice) else {
      skipLine(&input, &feed)
      return
    }
    let part = Part(document: document, line: feed.lines, offset: input.offset + start)
    body(part, &feed)
    for region in document.damage {
      let line = part.line + document.line(at: region.lowerBound)
      feed.damage(
        "this is no JSON and was left out; what stands around it was judged", line: line,
        bytes: part.offset + region.lowerBound..<part.offset + region.upperBound)
    }
    if document.isCut {
      feed.damage(
        isTorn
          ? "this value is cut off; what stands around it was judged"
          : "the log is cut off here; what came before was judged",
        line: part.line + document.line(at: slice.count),
        bytes: part.offset + slice.count..<part.offset + slice.count)
    }
    let next = max(1, document.damage.isEmpty && !isTorn ? document.end : slice.count)
    feed.lines += ByteSearch.count(0x0A, in: slice.span, from: 0, to: min(next, slice.count))
    input.start = start + min(next, slice.count)
  }

  /// How long the value at the start is; `nil` where the window ends first, 0 where no value begins.
  private static func isWhole(_ bytes: Span<UInt8>, _ start: Int, _ end: Int) -> Int? {
    var position = start
    LogHead.skipMark(bytes, &position, end)
    guard position < end, bytes[position] == 0x7B || bytes[position] == 0x5B else { return 0 }
    if JSONBytes.skipNested(bytes, &position, end) { return position - start }
    return nil
  }

  /// Where a line begins a new value of the same kind although the one before is not whole: one of a log with a value
  /// on each line.
  private static func nextValue(_ bytes: Span<UInt8>, _ start: Int, _ end: Int) -> Int? {
    guard bytes[start] == 0x7B else { return nil }
    // The same first key tells such lines from what stands inside one value over many lines.
    let key = ByteSearch.first(0x3A, in: bytes, from: start, to: end) - start
    var position = ByteSearch.first(0x0A, in: bytes, from: start, to: end)
    if key >= position - start { return nil }
    while position + 1 + key < end {
      if (0..<key).allSatisfy({ bytes[position + 1 + $0] == bytes[start + $0] }) {
        return position - start
      }
      position = ByteSearch.first(0x0A, in: bytes, from: position + 1, to: end)
    }
    return nil
  }

  private static func skipBlank(_ input: inout LogInput, _ feed: inout LogFeed) {
    while input.start < input.end {
      switch input.buffer[input.start] {
      case 0x0A: feed.lines += 1
      case 0x20, 0x09, 0x0D, 0x2C: break
      default: return
      }
      input.start += 1
    }
  }

  private static func skipLine(_ input: inout LogInput, _ feed: inout LogFeed) {
    var newline = ByteSearch.first(0x0A, in: input.buffer.span, from: input.start, to: input.end)
    while newline == input.end, input.end - input.start < JSONDocument.largest, input.fill() {
      newline = ByteSearch.first(0x0A, in: input.buffer.span, from: input.start, to: input.end)
    }
    feed.damage(
      "this is no event and was skipped; the lines around it were judged", line: feed.lines,
      bytes: input.offset + input.start..<input.offset + newline)
    input.start = newline
  }

  private static func tooLong(_ input: inout LogInput, _ feed: inout LogFeed) {
    feed.damage(
      "this document is longer than \(JSONDocument.largest >> 20) MiB, the most that is read of a log in one "
        + "JSON document; the rest was not read",
      line: feed.lines, bytes: input.offset + input.start..<input.offset + input.end)
    // Nothing behind can be told from what belongs to it.
    while true {
      input.start = input.end
      if !input.fill() { return }
    }
  }
}
