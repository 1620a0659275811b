/// Looks again at places of logs that were read: for the columns and times of a finding.
package struct LogExcerpts {
  private let logs: [(bytes: LogBytes?, packed: PackedLog?, schema: EventSchema)]
  private var scanners: [EventScanner?]
  private var block: [UInt8] = []

  /// How far before an event its line may begin; farther, it counts as the line's start.
  private static let reach = 4096
  private static let longest = 1 << 20

  /// - Parameter logs: by source; without bytes for one that cannot be read again.
  package init(of logs: [(bytes: LogBytes?, packed: PackedLog?, schema: EventSchema)]) {
    self.logs = logs
    scanners = Array(repeating: nil, count: logs.count)
  }

  package struct Excerpt: Sendable {
    /// In Unicode scalars, from 1.
    package var column = 1
    package var lineCount = 0
    package var endColumn = 1
    /// As the log writes it.
    package var time: String?
  }

  /// What stands at an event's place; columns of 1 where the log cannot be read again.
  ///
  /// - Parameters:
  ///   - event: the event.
  ///   - known: its bytes with the one before it, where somebody has read them.
  /// - Returns: its columns, and its time as written.
  package mutating func excerpt(of event: Event, _ known: ArraySlice<UInt8>? = nil) -> Excerpt {
    let source = Int(event.source)
    var excerpt = Excerpt()
    if let known, known.count > 1, known.first == 0x0A, known.count <= LogExcerpts.longest {
      // A line of its own, as nearly all events have.
      block.replaceSubrange(0..<min(block.count, known.count), with: known)
      excerpt.endColumn += scalars(1, known.count)
      excerpt.time = time(1, known.count, source)
      return excerpt
    }
    guard let bytes = logs[source].bytes ?? logs[source].packed?.bytes else { return excerpt }
    let length = min(Int(event.length), LogExcerpts.longest)
    // Most events begin their line.
    var before = min(event.start, 1)
    var read = read(bytes, from: event.start - before, count: before + length)
    if before == 1, read > 0, block[0] != 0x0A {
      before = min(event.start, LogExcerpts.reach)
      read = self.read(bytes, from: event.start - before, count: before + length)
    }
    guard read >= before else { return excerpt }
    var lineStart = before
    while lineStart > 0 && block[lineStart - 1] != 0x0A { lineStart -= 1 }
    excerpt.column += scalars(lineStart, before)
    var lastLine = lineStart
    var position = ByteSearch.first(0x0A, in: block.span, from: before, to: read)
    while position < read {
      excerpt.lineCount += 1
      lastLine = position + 1
      position = ByteSearch.first(0x0A, in: block.span, from: lastLine, to: read)
    }
    excerpt.endColumn += scalars(lastLine, read)
    excerpt.time = time(before, read, source)
    return excerpt
  }

  private mutating func time(_ start: Int, _ end: Int, _ source: Int) -> String? {
    if scanners[source] == nil {
      scanners[source] = EventScanner(schema: logs[source].schema.reading([]))
    }
    let bytes = block
    return scanners[source]?.timeText(bytes.span, from: start, to: end)
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
