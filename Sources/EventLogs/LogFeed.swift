/// What a reader hands on: events in batches, damaged regions, and how far it came.
package struct LogFeed: ~Copyable {
  package var scanner: EventScanner
  /// Lines seen so far.
  package var lines = 0
  package private(set) var problems: [LogProblem] = []
  /// What makes a line worth another look, and the lines that have it.
  let telltales: LineTelltales
  var telltaleLines: [TelltaleLine] = []
  private let consume: (inout EventBatch) -> Void
  /// Events are handed on by their times: what stands later in the log did not come later.
  package var ordersByTime = false
  /// Reads events out of runs that engines recorded; without one, only those that their payloads are.
  let interpreter: (any RunInterpreter)?

  /// Whether every byte of a line is looked at.
  let isStrict: Bool

  package init(
    schema: EventSchema, interpreter: (any RunInterpreter)? = nil, isStrict: Bool = false,
    telltales: LineTelltales = LineTelltales(),
    consume: @escaping (inout EventBatch) -> Void
  ) {
    scanner = EventScanner(schema: schema)
    self.interpreter = interpreter
    self.isStrict = isStrict
    self.telltales = telltales
    self.consume = consume
  }

  /// The names of objects that were no events, with how often each was met.
  package var unknownNames: UnknownNames { scanner.unknownNames }

  /// The events so far, which are then no longer handed on.
  mutating func takeBatch() -> EventBatch {
    let batch = scanner.batch
    scanner.batch = EventBatch()
    return batch
  }

  /// Hands on the events so far where enough have come together.
  package mutating func flush(atLeast count: Int = 4096) {
    if scanner.batch.events.count < (ordersByTime && count > 1 ? LogFeed.mostOrdered : count) {
      return
    }
    if ordersByTime { scanner.batch.orderByTime() }
    consume(&scanner.batch)
    if scanner.batch.texts.count < LogFeed.mostTexts {
      scanner.batch.removeEvents()
    } else {
      scanner.batch = EventBatch()
    }
  }

  /// So many events are put in order at a time.
  private static let mostOrdered = 1 << 18
  /// So many texts are remembered from batch to batch.
  private static let mostTexts = 1 << 16

  /// Reports what a line's bytes are not, where nothing else is wrong with the line.
  mutating func checkStrictly(
    _ bytes: Span<UInt8>, _ start: Int, _ end: Int, _ offset: Int
  ) {
    if let last = problems.last, last.lines.upperBound >= lines { return }
    var position = start
    if offset + start == 0 { LogHead.skipMark(bytes, &position, end) }
    guard let fault = StrictLine.fault(in: bytes, from: position, to: end) else { return }
    var column = 1
    // Continuation bytes begin with the bits 10.
    for place in start..<fault.offset where bytes[place] & 0xC0 != 0x80 { column += 1 }
    let problem = LogProblem(
      severity: .error, message: "not JSON to the letter: \(fault.reason)", lines: lines...lines,
      bytes: offset + fault.offset..<offset + max(fault.offset, end), column: column)
    if problems.last?.message == problem.message {
      problem.join(&problems)
    } else {
      problems.append(problem)
    }
  }

  /// Notes a line of a log that can be read again, where it has a telltale.
  mutating func noteTelltales(
    _ bytes: Span<UInt8>, _ start: Int, _ lineEnd: Int, _ offset: Int
  ) {
    let end = lineEnd > start && bytes[lineEnd - 1] == 0x0D ? lineEnd - 1 : lineEnd
    guard end - start <= TelltaleWatch.longestLine,
      telltales.areFound(in: bytes, from: start, to: end)
    else { return }
    telltaleLines.append(TelltaleLine(line: lines, start: offset + start, length: end - start))
  }

  /// Reports damage; lines next to each other are one region.
  package mutating func damage(
    _ message: String, line: Int, bytes: Range<Int>, severity: LogProblem.Severity = .error
  ) {
    LogProblem(severity: severity, message: message, lines: line...line, bytes: bytes)
      .join(&problems)
  }
}
