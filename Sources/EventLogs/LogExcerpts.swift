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
  package mutating func excerpt(of event: Event) -> Excerpt {
    let source = Int(event.source)
    var excerpt = Excerpt()
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
    var scanner = scanners[source] ?? EventScanner(schema: logs[source].schema.reading([]))
    scanners[source] = nil
    excerpt.time = scanner.timeText(block.span, from: before, to: read)
    scanners[source] = scanner
    return excerpt
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
