/// What a reader hands on: events in batches, damaged regions, and how far it came.
package struct LogFeed: ~Copyable {
  package var scanner: EventScanner
  /// Lines seen so far.
  package var lines = 0
  package private(set) var problems: [LogProblem] = []
  private let consume: (inout EventBatch) -> Void
  /// Reads events out of runs that engines recorded; without one, only those that their payloads are.
  let interpreter: (any RunInterpreter)?

  package init(
    schema: EventSchema, interpreter: (any RunInterpreter)? = nil,
    consume: @escaping (inout EventBatch) -> Void
  ) {
    scanner = EventScanner(schema: schema)
    self.interpreter = interpreter
    self.consume = consume
  }

  /// Hands on the events so far where enough have come together.
  package mutating func flush(atLeast count: Int = 4096) {
    if scanner.batch.events.count < count { return }
    consume(&scanner.batch)
    scanner.batch.removeEvents()
  }

  /// Reports damage; lines next to each other are one region.
  package mutating func damage(
    _ message: String, line: Int, bytes: Range<Int>, severity: LogProblem.Severity = .error
  ) {
    if let last = problems.last, last.severity == severity, last.lines.upperBound >= line - 1 {
      problems[problems.count - 1].lines = last.lines.lowerBound...max(line, last.lines.upperBound)
      problems[problems.count - 1].bytes = last.bytes.lowerBound..<bytes.upperBound
      return
    }
    problems.append(
      LogProblem(severity: severity, message: message, lines: line...line, bytes: bytes))
  }
}
