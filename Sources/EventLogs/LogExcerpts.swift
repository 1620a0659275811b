/// Looks again at places of logs that were read: for the columns and times of a finding.
package struct LogExcerpts {
  /// Where a log is to be looked at again.
  package struct Log: Sendable {
    /// As it was read; `nil` where it cannot be read again.
    package var bytes: LogBytes?
    /// Likewise, as it stands now.
    package var standing: StandingLog?
    package var schema: EventSchema

    package init(bytes: LogBytes?, standing: StandingLog?, schema: EventSchema) {
      self.bytes = bytes
      self.standing = standing
      self.schema = schema
    }
  }

  private let logs: [Log]
  private var scanners: [EventScanner?]
  private var block: [UInt8] = []

  /// How far before an event its line usually begins.
  private static let reach = 4096
  /// So far before an event its line may begin; farther, what is looked at counts as the line's start: every event of a
  /// long line is looked for anew.
  private static let farthest = 1 << 16
  /// More of an event is not quoted.
  private static let longest = 1 << 20

  /// - Parameter logs: by source.
  package init(of logs: [Log]) {
    self.logs = logs
    scanners = Array(repeating: nil, count: logs.count)
  }

  /// Where an event stands among its lines.
  package struct Columns: Sendable {
    /// In Unicode scalars, from 1.
    package var column = 1
    package var lineCount = 0
    package var endColumn = 1
  }

  /// Where an event stands; columns of 1 where the log cannot be read again.
  ///
  /// - Parameters:
  ///   - event: the event.
  ///   - known: its bytes with the one before it, where somebody has read them.
  /// - Returns: its columns.
  package mutating func columns(of event: Event, _ known: ArraySlice<UInt8>? = nil) -> Columns {
    var columns = Columns()
    guard let (start, end) = look(at: event, known) else { return columns }
    var lineStart = start
    while lineStart > 0 && block[lineStart - 1] != 0x0A { lineStart -= 1 }
    columns.column += scalars(lineStart, start)
    var lastLine = lineStart
    var position = ByteSearch.first(0x0A, in: block.span, from: start, to: end)
    while position < end {
      columns.lineCount += 1
      lastLine = position + 1
      position = ByteSearch.first(0x0A, in: block.span, from: lastLine, to: end)
    }
    columns.endColumn += scalars(lastLine, end)
    return columns
  }

  /// An event's time as the log writes it; `nil` where the log cannot be read again.
  ///
  /// - Parameters:
  ///   - event: the event.
  ///   - known: its bytes with the one before it, where somebody has read them.
  /// - Returns: the time.
  package mutating func time(of event: Event, _ known: ArraySlice<UInt8>? = nil) -> String? {
    guard let (start, end) = look(at: event, known) else { return nil }
    return time(of: event, from: start, to: end)
  }

  private mutating func time(of event: Event, from start: Int, to end: Int) -> String? {
    let source = Int(event.source)
    if scanners[source] == nil {
      scanners[source] = EventScanner(schema: logs[source].schema.reading([]))
    }
    let bytes = block
    return scanners[source]?.timeText(bytes.span, from: start, to: end)
  }

  /// Whether an event of a state still stands where it stood: a whole object with its time.
  private mutating func isStanding(_ event: Event, from start: Int, to end: Int) -> Bool {
    guard end - start == min(Int(event.length), LogExcerpts.longest), end > start,
      block[start] == 0x7B
    else { return false }
    if end - start == Int(event.length), block[end - 1] != 0x7D { return false }
    guard let text = time(of: event, from: start, to: end) else { return event.time.isMissing }
    var times = TimestampParser(style: logs[Int(event.source)].schema.timeStyle)
    return times.parse(text: Array(text.utf8).span) == event.time
  }

  /// Puts an event's bytes into the block, with what stands before it on its line; where they are then.
  private mutating func look(at event: Event, _ known: ArraySlice<UInt8>?) -> (Int, Int)? {
    if let known, known.count > 1, known.first == 0x0A, known.count <= LogExcerpts.longest {
      // A line of its own, as nearly all events have.
      block.replaceSubrange(0..<min(block.count, known.count), with: known)
      return (1, known.count)
    }
    let log = logs[Int(event.source)]
    guard let bytes = log.bytes ?? log.standing?.bytes else { return nil }
    let length = min(Int(event.length), LogExcerpts.longest)
    // Most events begin their line.
    var before = min(event.start, 1)
    var read = read(bytes, from: event.start - before, count: before + length)
    var reach = LogExcerpts.reach
    while before > 0, read >= before, reach <= LogExcerpts.farthest,
      ByteSearch.first(0x0A, in: block.span, from: 0, to: before) == before
    {
      if before == event.start { break }
      before = min(event.start, reach)
      read = self.read(bytes, from: event.start - before, count: before + length)
      reach *= 16
    }
    guard read >= before else { return nil }
    if log.standing != nil, !isStanding(event, from: before, to: read) { return nil }
    return (before, read)
  }

  private mutating func read(_ bytes: LogBytes, from start: Int, count: Int) -> Int {
    if block.count < count {
      block.append(contentsOf: repeatElement(0, count: count - block.count))
    }
    return (try? bytes.read(from: start, count: count, into: &block)) ?? 0
  }

  private func scalars(_ start: Int, _ end: Int) -> Int {
    var count = 0
    // Continuation bytes begin with the bits 10.
    for index in start..<max(start, end) where block[index] & 0xC0 != 0x80 { count += 1 }
    return count
  }
}
