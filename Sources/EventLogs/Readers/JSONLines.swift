/// One JSON object on a line, and whatever else gets into such files: blank lines, CRLF, a byte-order mark,
/// several objects on one line, torn and stray lines.
package enum JSONLines: LogReader {
  package static let format = "ndjson"
  package static let envelope = EventSchema.Envelope()
  package static let hasPlainObjects = true

  package static func recognizes(_ head: Span<UInt8>) -> Bool {
    LogHead.firstObject(head) != nil
  }

  package static func isLineByLine(_ head: Span<UInt8>) -> Bool { true }

  package static func read(_ input: inout LogInput, into feed: inout LogFeed) {
    LogLines.read(&input, into: &feed) { bytes, line, feed in
      Self.line(bytes, line.start, line.end, line.offset, isLast: line.isLast, &feed)
    }
  }

  /// Reads the objects between two line ends.
  static func line(
    _ bytes: Span<UInt8>, _ start: Int, _ end: Int, _ offset: Int, isLast: Bool,
    _ feed: inout LogFeed
  ) {
    objects(bytes, start, end, offset, isLast: isLast, &feed)
    if feed.isStrict { feed.checkStrictly(bytes, start, end, offset) }
  }

  private static func objects(
    _ bytes: Span<UInt8>, _ start: Int, _ end: Int, _ offset: Int, isLast: Bool,
    _ feed: inout LogFeed
  ) {
    var position = start
    if offset + start == 0 { LogHead.skipMark(bytes, &position, end) }
    while true {
      JSONBytes.skipSpace(bytes, &position, end)
      if position == end { return }
      let outcome = feed.scanner.scan(
        bytes, from: position, to: end, line: feed.lines, fileOffset: offset + position)
      switch outcome {
      case .object(let next, let isEvent):
        if !isEvent { feed.scanner.countUnknownName(bytes) }
        position = next
      case .broken(let at):
        let next = Resynchronizer.nextEvent(bytes, position + 1, end, offset, &feed)
        let isCut = isLast && at == end && next == nil
        feed.damage(
          isCut
            ? "the last line is cut off; everything before it was judged"
            : "this is no event and was skipped; the lines around it were judged",
          line: feed.lines, bytes: offset + position..<offset + (next?.start ?? end),
          severity: isCut ? .note : .error)
        guard let next else { return }
        position = next.end
      }
    }
  }
}
