/// A list of event objects, however it is laid out, alone or in an object around it; also objects one after another
/// without a list.
package enum JSONArray: LogReader {
  package static let format = "json"
  package static let envelope = EventSchema.Envelope()
  package static let hasPlainObjects = true

  package static func recognizes(_ head: Span<UInt8>) -> Bool {
    guard let first = LogHead.firstByte(head) else { return false }
    if first == 0x5B { return true }
    // An object that goes on behind its first line is not one of JSON Lines.
    guard first == 0x7B, let start = LogHead.firstObject(head) else { return false }
    let lineEnd = ByteSearch.first(0x0A, in: head, from: start, to: head.count)
    var position = start + 1
    JSONBytes.skipSpace(head, &position, head.count)
    return position > lineEnd || isWrapped(head)
  }

  private static func isWrapped(_ head: Span<UInt8>) -> Bool {
    guard LogHead.firstByte(head) == 0x7B, let start = LogHead.firstObject(head),
      case .list(let list) = ListWrapper.list(in: head, from: start, to: head.count)
    else {
      return false
    }
    return ListWrapper.isMere(head, list: list, to: head.count)
  }

  package static func read(_ input: inout LogInput, into feed: inout LogFeed) {
    var walk = Walk()
    if input.end == 0 { _ = input.fill() }
    walk.isWrapped = isWrapped(input.buffer.span.extracting(input.start..<input.end))
    feed.lines = 1
    while true {
      let start = input.start
      let progress = walk.step(
        input.buffer.span, input.start, input.end, input.offset, input.isAtEnd, &feed)
      input.start = progress
      if progress < input.end || progress > start {
        feed.flush()
        if progress < input.end && progress > start { continue }
      }
      if input.fill() { continue }
      if !input.isAtEnd {
        feed.damage(
          "this value is longer than \(LogInput.largestObject >> 20) MiB; the rest of the log was not read",
          line: feed.lines, bytes: input.offset + input.start..<input.offset + input.end)
        return
      }
      if walk.isFinished { break }
      walk.isFinished = true
    }
    if walk.depth > 0 {
      let end = input.offset + input.end
      feed.damage(
        "the list is cut off; everything before was judged", line: feed.lines, bytes: end..<end)
    }
  }

  /// How far the list has been read.
  private struct Walk {
    var depth = 0
    var isFinished = false
    var isWrapped = false
    /// The list has ended, and the object around it has not.
    private var isBehindList = false

    /// Reads as many values as the window holds; returns where the first unread byte stands.
    mutating func step(
      _ bytes: Span<UInt8>, _ start: Int, _ end: Int, _ offset: Int, _ isAtEnd: Bool,
      _ feed: inout LogFeed
    ) -> Int {
      var position = start
      if offset + start == 0 { LogHead.skipMark(bytes, &position, end) }
      while position < end {
        switch bytes[position] {
        case _ where isBehindList:
          let next = ListWrapper.end(in: bytes, from: position, to: end)
          if next == nil, !isAtEnd { return position }
          isBehindList = false
          feed.lines += ByteSearch.count(0x0A, in: bytes, from: position, to: next ?? end)
          position = next ?? end
        case 0x7B where isWrapped && depth == 0:
          switch ListWrapper.list(in: bytes, from: position, to: end) {
          case .list(let list):
            feed.lines += ByteSearch.count(0x0A, in: bytes, from: position, to: list)
            position = list
            depth = 1
          case .cut where !isAtEnd: return position
          case .cut, .none: isWrapped = false
          }
        case 0x0A:
          feed.lines += 1
          position += 1
        case 0x20, 0x09, 0x0D, 0x2C: position += 1
        case 0x5B:
          depth += 1
          position += 1
        case 0x5D:
          depth = max(0, depth - 1)
          position += 1
          isBehindList = isWrapped && depth == 0
        default:
          let outcome = feed.scanner.scan(
            bytes, from: position, to: end, line: feed.lines, fileOffset: offset + position)
          switch outcome {
          case .object(let next, let isEvent):
            if !isEvent { feed.scanner.countUnknownName(bytes) }
            feed.lines += ByteSearch.count(0x0A, in: bytes, from: position, to: next)
            position = next
            if feed.scanner.batch.events.count >= 4096 { return position }
          case .broken(let at):
            if at >= end && !isAtEnd { return position }
            position = skip(bytes, position, end, offset, isCut: at >= end, &feed)
          }
        }
      }
      return position
    }

    /// Past a value that is no object, or damage, up to where an event or the list's end may stand.
    private func skip(
      _ bytes: Span<UInt8>, _ start: Int, _ end: Int, _ offset: Int, isCut: Bool,
      _ feed: inout LogFeed
    ) -> Int {
      let next = Resynchronizer.nextEvent(bytes, start + 1, end, offset, &feed)
      let stop = next?.start ?? end
      feed.damage(
        isCut && next == nil
          ? "the log is cut off inside this event; everything before was judged"
          : "this is no event and was skipped; what stands around it was judged",
        line: feed.lines, bytes: offset + start..<offset + stop)
      let position = next?.end ?? end
      feed.lines += ByteSearch.count(0x0A, in: bytes, from: start, to: position)
      return position
    }
  }
}
