/// Lines of text that end with an event's object, as terminals, Docker Compose, syslog and Kubernetes show what
/// services write.
///
/// What else stands on such lines is nobody's business: only an object cut off in its midst is damage.
package enum ConsoleLines: LogReader {
  package static let format = "console"
  package static let envelope = EventSchema.Envelope()

  package static func recognizes(_ head: Span<UInt8>) -> Bool {
    guard let first = LogHead.firstByte(head),
      first == 0x7B ? beginsWithLine(head) : holdsObject(head)
    else { return false }
    var texts = 0
    var objects = 0
    var position = 0
    LogHead.skipMark(head, &position, head.count)
    while position < head.count {
      var end = ByteSearch.first(0x0A, in: head, from: position, to: head.count)
      let next = end + 1
      trim(head, &position, &end)
      if position < end {
        if head[position] == 0x7B {
          objects += 1
        } else {
          switch object(in: head, from: position, to: end) {
          case .whole: texts += 1
          case .cut where Console.container(head, position, end) != nil: texts += 1
          case .cut, .none: break
          }
        }
      }
      position = next
    }
    return texts > objects
  }

  /// Whether the first line is an object by itself, as a logger's line may be before those of a console; a document
  /// goes on behind its first line.
  private static func beginsWithLine(_ head: Span<UInt8>) -> Bool {
    guard let start = LogHead.firstObject(head) else { return false }
    var lineEnd = ByteSearch.first(0x0A, in: head, from: start, to: head.count)
    var first = start
    trim(head, &first, &lineEnd)
    var position = start
    return lineEnd < head.count && JSONBytes.skipNested(head, &position, lineEnd)
      && position == lineEnd
  }

  /// Whether an object with a member begins somewhere.
  private static func holdsObject(_ head: Span<UInt8>) -> Bool {
    var place = ByteSearch.distant(0x7B, in: head) + 1
    while place < head.count {
      JSONBytes.skipSpace(head, &place, head.count)
      if place < head.count, head[place] == 0x22 { return true }
      place = ByteSearch.distant(0x7B, in: head, from: place) + 1
    }
    return false
  }

  package static func read(_ input: inout LogInput, into feed: inout LogFeed) {
    var console = Console()
    LogLines.read(&input, into: &feed) { bytes, line, feed in
      console.read(bytes, line, &feed)
    }
    console.finish(&feed)
  }

  enum Search {
    /// Where an object begins that the line ends with.
    case whole(Int)
    /// Where an object begins whose end is missing.
    case cut(Int)
    case none
  }

  /// Objects that are tried on a line: loggers put few others before the event.
  private static let attempts = 8

  /// Finds the object that a text ends with.
  static func object(in bytes: Span<UInt8>, from start: Int, to end: Int) -> Search {
    var position = start
    var cut: Int?
    for _ in 0..<attempts {
      position = ByteSearch.first(0x7B, in: bytes, from: position, to: end)
      if position == end { break }
      var next = position + 1
      JSONBytes.skipSpace(bytes, &next, end)
      if next < end, bytes[next] == 0x22, !isInside(bytes, start, position, isCut: cut != nil) {
        next = position
        if JSONBytes.skipNested(bytes, &next, end) {
          if next == end { return .whole(position) }
        } else if next >= end {
          cut = cut ?? position
        }
      }
      position += 1
    }
    return cut.map { .cut($0) } ?? .none
  }

  /// Whether what stands before an object makes it a part of another one; `isCut` where one before it has no end.
  private static func isInside(
    _ bytes: Span<UInt8>, _ start: Int, _ object: Int, isCut: Bool
  ) -> Bool {
    var before = object - 1
    while before >= start, bytes[before] == 0x20 { before -= 1 }
    guard before >= start else { return false }
    switch bytes[before] {
    case 0x2C where before > start && !isCut:
      // Behind a word or a time a comma is the writer's own.
      return [0x22, 0x5D, 0x7D].contains(bytes[before - 1])
    case 0x2C, 0x5B: return true
    case 0x3A: return before > start && bytes[before - 1] == 0x22
    default: return false
    }
  }

  /// Without blanks at either end, and what makes colours end there.
  static func trim(_ bytes: Span<UInt8>, _ start: inout Int, _ end: inout Int) {
    while start < end, bytes[start] <= 0x20, bytes[start] != 0x1B { start += 1 }
    while start < end {
      if bytes[end - 1] <= 0x20 {
        end -= 1
      } else if bytes[end - 1] == 0x6D,
        let escape = (max(start, end - 8)..<end).last(where: { bytes[$0] == 0x1B })
      {
        end = escape
      } else {
        return
      }
    }
  }
}

/// What is known while the lines of a console are read.
private struct Console {
  private var times = TimestampParser()
  /// Of each of a container's streams the parts of the line that is not complete.
  private var parts: [UInt8: Part] = [:]

  private struct Part {
    var bytes: [UInt8]
    var line: Int
    var start: Int
  }

  /// The longest line that is put together of parts.
  private static let longest = 16 << 20
  /// So far behind a line's start its time may begin.
  private static let prefix = 160

  mutating func read(_ bytes: Span<UInt8>, _ line: LogLines.Line, _ feed: inout LogFeed) {
    var start = line.start
    var end = line.end
    if line.offset + start == 0 { LogHead.skipMark(bytes, &start, end) }
    ConsoleLines.trim(bytes, &start, &end)
    if start == end { return }
    if bytes[start] == 0x7B {
      JSONLines.line(bytes, start, end, line.offset, isLast: line.isLast, &feed)
      return
    }
    if let (stream, isPart, content) = Self.container(bytes, start, end) {
      if isPart || parts[stream] != nil {
        // What stands before a line tells it from another one that says the same: that of the first part is kept.
        let part = bytes.extracting((parts[stream] == nil ? start : content)..<end)
        add(part, of: stream, feed.lines, line.offset + start, &feed)
        if isPart { return }
        guard let whole = parts.removeValue(forKey: stream) else { return }
        let text = whole.bytes
        let time = time(in: bytes, start, content)
        take(text.span, 0, text.count, time, whole.start, isLast: line.isLast, &feed, whole.line)
        return
      }
    }
    take(bytes, start, end, nil, line.offset, isLast: line.isLast, &feed, feed.lines)
  }

  /// Lines of which no more came.
  func finish(_ feed: inout LogFeed) {
    for part in parts.values.sorted(by: { $0.line < $1.line }) {
      feed.damage(
        "the rest of this line is not in the log; everything before it was judged",
        line: part.line, bytes: part.start..<part.start, severity: .note)
    }
  }

  private mutating func add(
    _ text: Span<UInt8>, of stream: UInt8, _ line: Int, _ start: Int, _ feed: inout LogFeed
  ) {
    var part = parts.removeValue(forKey: stream) ?? Part(bytes: [], line: line, start: start)
    if part.bytes.count + text.count > Self.longest {
      feed.damage(
        "the parts of this line are longer than \(Self.longest >> 20) MiB and were skipped",
        line: part.line, bytes: part.start..<start)
      part = Part(bytes: [], line: line, start: start)
    }
    for index in text.indices { part.bytes.append(text[index]) }
    parts[stream] = part
  }

  /// Takes the event that a text ends with; `base` is where the text's bytes stand in the file.
  private mutating func take(
    _ bytes: Span<UInt8>, _ start: Int, _ end: Int, _ known: Timestamp?, _ base: Int,
    isLast: Bool, _ feed: inout LogFeed, _ line: Int
  ) {
    switch ConsoleLines.object(in: bytes, from: start, to: end) {
    case .none: return
    case .cut(let object):
      feed.damage(
        isLast
          ? "the last line is cut off; everything before it was judged"
          : "this is no event and was skipped; the lines around it were judged",
        line: line, bytes: base + object..<base + end, severity: isLast ? .note : .error)
    case .whole(let object):
      let outcome = feed.scanner.scan(
        bytes, from: object, to: end, line: line, fileOffset: base + object)
      guard case .object(_, let isEvent) = outcome else {
        feed.damage(
          "this is no event and was skipped; the lines around it were judged", line: line,
          bytes: base + object..<base + end)
        return
      }
      guard isEvent else { return feed.scanner.countUnknownName(bytes) }
      let last = feed.scanner.batch.events.count - 1
      // The service's own time counts; the line's stands in, and tells whether it is the same line once more.
      if feed.scanner.batch.events[last].time.isMissing {
        feed.scanner.batch.events[last].time = known ?? time(in: bytes, start, object)
        if feed.scanner.batch.events[last].delivery
          == Fingerprint64.of(bytes.extracting(object..<end))
        {
          feed.scanner.batch.events[last].delivery = Fingerprint64.of(bytes.extracting(start..<end))
        }
      }
    }
  }

  /// A line as Kubernetes keeps those of containers: time, stream, whether it is part of a longer one, and its text.
  static func container(
    _ bytes: Span<UInt8>, _ start: Int, _ end: Int
  ) -> (stream: UInt8, isPart: Bool, content: Int)? {
    let time = ByteSearch.first(0x20, in: bytes, from: start, to: min(end, start + 40))
    guard time + 10 <= end, bytes[time] == 0x20, bytes[start + 4] == 0x2D else { return nil }
    let name: [UInt8] = Array("std".utf8)
    guard name.indices.allSatisfy({ bytes[time + 1 + $0] == name[$0] }) else { return nil }
    // `stdout` or `stderr`, then `P` or `F`, perhaps with more words behind a colon.
    let tag = time + 8
    guard bytes[tag - 1] == 0x20, bytes[tag] == 0x50 || bytes[tag] == 0x46,
      tag + 1 < end, bytes[tag + 1] == 0x20 || bytes[tag + 1] == 0x3A
    else { return nil }
    let blank = ByteSearch.first(0x20, in: bytes, from: tag + 1, to: end)
    return (bytes[time + 4], bytes[tag] == 0x50, min(end, blank + 1))
  }

  /// The first time that stands in the text before an object; missing where there is none.
  private mutating func time(in bytes: Span<UInt8>, _ start: Int, _ object: Int) -> Timestamp {
    let end = min(object, start + Self.prefix)
    var place = start
    while place + 19 <= end {
      if bytes[place] &- 0x30 < 10, bytes[place + 4] == 0x2D, bytes[place + 7] == 0x2D,
        bytes[place + 13] == 0x3A
      {
        var last = place + 19
        while last < end, Self.isOfTime(bytes[last]) { last += 1 }
        // An offset may stand apart.
        if last + 5 < end, bytes[last] == 0x20,
          bytes[last + 1] == 0x2B || bytes[last + 1] == 0x2D, bytes[last + 2] &- 0x30 < 10
        {
          last += 1
          while last < end, Self.isOfTime(bytes[last]) { last += 1 }
        }
        if bytes[last - 1] == 0x2C || bytes[last - 1] == 0x3A { last -= 1 }
        return times.parse(text: bytes.extracting(place..<last))
      }
      place += 1
    }
    return .missing
  }

  private static func isOfTime(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x30...0x39, 0x2B, 0x2C, 0x2D, 0x2E, 0x3A, 0x5A: true
    default: false
    }
  }
}
