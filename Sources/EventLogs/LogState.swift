#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// The state of a judging as a file: everything that can still change a verdict, for other runs to go on with.
///
/// A line of text that says what it is, then parts: a tag, the length of the content in seven-bit bytes, the content, and
/// the content's fingerprint. `V` names the vocabulary; `S` begins a source, `E` holds events of one, `T` closes it; `Z`
/// ends the file. `docs/log-state.md` has the details.
package enum LogState {
  package static let mark = "mira-lint log state 2\n"

  package static func recognizes(_ head: Span<UInt8>) -> Bool {
    let prefix = Array(mark.utf8.prefix(20))
    return head.count >= prefix.count && prefix.indices.allSatisfy { head[$0] == prefix[$0] }
  }

  enum Tag: UInt8 {
    case vocabulary = 0x56
    case source = 0x53
    case events = 0x45
    case totals = 0x54
    case end = 0x5A
  }

  /// What is known of a source beside its events.
  package struct Totals: Sendable {
    package var lines = 0
    package var bytes = 0
    /// About when it begins and ends; `nil` without a single time.
    package var span: (begin: Int64, end: Int64)?
    /// When its last lines were, be they events or not; `nil` where none of them says it.
    package var lastTime: Int64?
    package var problems: [LogProblem] = []
    package var others: [(name: String, count: Int)] = []

    package init() {}
  }
}

/// Writes a state part by part.
package struct LogStateWriter: ~Copyable {
  private let descriptor: Int32
  package private(set) var failure: LogInputError?

  package init(path: String, schema: EventSchema) throws(LogInputError) {
    // The path is a C string for the call only.
    descriptor = unsafe open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o666)
    if descriptor < 0 { throw LogInputError(code: errno) }
    write(Array(LogState.mark.utf8))
    var content: [UInt8] = []
    for list in [schema.names, schema.fields] {
      EventCodec.put(UInt64(list.count), &content)
      for text in list { LogStateWriter.put(text, &content) }
    }
    part(.vocabulary, content)
  }

  deinit { systemClose(descriptor) }

  package mutating func begin(source: Int, path: String) {
    var content: [UInt8] = []
    EventCodec.put(UInt64(source), &content)
    LogStateWriter.put(path, &content)
    part(.source, content)
  }

  /// Adds events in the codec's form, whose lines count from a line of the source.
  package mutating func add(_ events: [UInt8], source: Int, lineBase: Int) {
    if events.isEmpty { return }
    var content: [UInt8] = []
    content.reserveCapacity(events.count + 8)
    EventCodec.put(UInt64(source), &content)
    EventCodec.put(UInt64(lineBase), &content)
    content += events
    part(.events, content)
  }

  package mutating func close(source: Int, _ totals: LogState.Totals) {
    var content: [UInt8] = []
    EventCodec.put(UInt64(source), &content)
    EventCodec.put(UInt64(totals.lines), &content)
    EventCodec.put(UInt64(totals.bytes), &content)
    content.append(totals.span == nil ? 0 : 1)
    EventCodec.fixed(UInt64(bitPattern: totals.span?.begin ?? 0), &content)
    EventCodec.fixed(UInt64(bitPattern: totals.span?.end ?? 0), &content)
    content.append(totals.lastTime == nil ? 0 : 1)
    EventCodec.fixed(UInt64(bitPattern: totals.lastTime ?? 0), &content)
    EventCodec.put(UInt64(totals.problems.count), &content)
    for problem in totals.problems {
      content.append(problem.severity == .error ? 1 : 0)
      for number in [
        problem.lines.lowerBound, problem.lines.upperBound, problem.bytes.lowerBound,
        problem.bytes.upperBound, problem.column,
      ] { EventCodec.put(UInt64(max(0, number)), &content) }
      LogStateWriter.put(problem.message, &content)
    }
    EventCodec.put(UInt64(totals.others.count), &content)
    for other in totals.others {
      LogStateWriter.put(other.name, &content)
      EventCodec.put(UInt64(other.count), &content)
    }
    part(.totals, content)
  }

  package mutating func finish() { part(.end, []) }

  private mutating func part(_ tag: LogState.Tag, _ content: [UInt8]) {
    var bytes = [tag.rawValue]
    bytes.reserveCapacity(content.count + 24)
    EventCodec.put(UInt64(content.count), &bytes)
    bytes += content
    EventCodec.fixed(Fingerprint64.of(content.span), &bytes)
    write(bytes)
  }

  private mutating func write(_ bytes: [UInt8]) {
    if failure != nil { return }
    var done = 0
    while done < bytes.count {
      let count = systemWrite(descriptor, bytes, from: done)
      if count < 0 && errno == EINTR { continue }
      if count < 0 {
        failure = LogInputError(code: errno)
        return
      }
      done += count
    }
  }

  private static func put(_ text: String, _ bytes: inout [UInt8]) {
    let content = Array(text.utf8)
    EventCodec.put(UInt64(content.count), &bytes)
    bytes += content
  }
}

/// `close` by another name than the method's.
private func systemClose(_ descriptor: Int32) { close(descriptor) }

/// `write` by another name than the method's.
private func systemWrite(_ descriptor: Int32, _ bytes: [UInt8], from start: Int) -> Int {
  // The kernel reads from the array, which outlives the call.
  unsafe bytes.withUnsafeBytes { all in
    unsafe write(descriptor, all.baseAddress.map { unsafe $0 + start }, all.count - start)
  }
}

/// A state that was written, to be read part by part.
package final class LogStateFile: Sendable {
  package let bytes: LogBytes
  package let sources: [Source]
  private let names: [String]
  private let fields: [String]

  package struct Source: Sendable {
    package var path: String
    package var totals = LogState.Totals()
    /// Places of the contents of its events, without their fingerprints.
    package var parts: [Range<Int>] = []
  }

  private struct Damage: Error {}

  /// Looks through the parts, not yet into the events.
  package init(_ bytes: LogBytes) throws(LogInputError) {
    self.bytes = bytes
    do {
      let (sources, names, fields) = try LogStateFile.index(bytes)
      self.sources = sources
      self.names = names
      self.fields = fields
    } catch let error as LogInputError {
      throw error
    } catch {
      throw LogInputError(
        "it is no state that this version of mira-lint can read, or it is damaged")
    }
  }

  private static func index(
    _ bytes: LogBytes
  ) throws -> (sources: [Source], names: [String], fields: [String]) {
    var position = LogState.mark.utf8.count
    var sources: [Source] = []
    var names: [String] = []
    var fields: [String] = []
    var buffer: [UInt8] = []
    func read(_ range: Range<Int>) throws {
      if buffer.count < range.count {
        buffer.append(contentsOf: repeatElement(0, count: range.count - buffer.count))
      }
      let got = try bytes.read(from: range.lowerBound, count: range.count, into: &buffer)
      if got < range.count { throw Damage() }
    }
    try read(0..<position)
    guard buffer.starts(with: LogState.mark.utf8) else { throw Damage() }
    while true {
      let headEnd = min(position + 11, bytes.count)
      if headEnd <= position { throw LogInputError("the state is cut off") }
      try read(position..<headEnd)
      guard let tag = LogState.Tag(rawValue: buffer[0]) else { throw Damage() }
      var reader = EventCodec.Reader(position: 1)
      guard let length = reader.number(buffer.span.extracting(0..<(headEnd - position))),
        length < 1 << 40
      else { throw Damage() }
      let start = position + reader.position
      let content = start..<(start + Int(length))
      if content.upperBound + 8 > bytes.count { throw LogInputError("the state is cut off") }
      position = content.upperBound + 8
      if tag == .end { return (sources, names, fields) }
      // Events are looked at when they are wanted.
      let wanted = tag == .events ? content.prefix(20) : content[...]
      try read(wanted.startIndex..<(tag == .events ? wanted.endIndex : content.upperBound + 8))
      var part = StateReader(bytes: buffer, end: wanted.count)
      if tag != .events, !part.isSound { throw Damage() }
      switch tag {
      case .vocabulary:
        names = try part.texts()
        fields = try part.texts()
      case .source:
        guard try part.number() == sources.count else { throw Damage() }
        sources.append(Source(path: try part.text()))
      case .events:
        let source = try part.number()
        guard source < sources.count else { throw Damage() }
        sources[source].parts.append(content)
      case .totals:
        let source = try part.number()
        guard source < sources.count else { throw Damage() }
        sources[source].totals = try part.totals()
      case .end: break
      }
    }
  }

  /// How this file's numbers are said in a schema.
  package func numbering(in schema: EventSchema) -> EventCodec.Numbering {
    EventCodec.Numbering(
      names: names.map { schema.index(of: $0) }, fields: fields.map { schema.slot(of: $0) })
  }

  /// The events of a part, each with the place of its bytes, and the line that theirs count from.
  package func events(
    of part: Range<Int>, _ numbering: EventCodec.Numbering
  ) throws(LogInputError) -> (batch: EventBatch, places: [Range<Int>], lineBase: Int) {
    var buffer = [UInt8](repeating: 0, count: part.count + 8)
    let got = try bytes.read(from: part.lowerBound, count: buffer.count, into: &buffer)
    let reader = StateReader(bytes: buffer, end: part.count)
    guard got == buffer.count, reader.isSound else {
      throw LogInputError("a part of the state is damaged, and its events are lost")
    }
    var head = EventCodec.Reader(position: 0)
    let content = buffer.span.extracting(0..<part.count)
    _ = head.number(content)
    let lineBase = Int(truncatingIfNeeded: head.number(content) ?? 0)
    var position = head.position
    var batch = EventBatch()
    var places: [Range<Int>] = []
    while position < part.count {
      let start = position
      switch EventCodec.decode(content, &position, numbering, into: &batch) {
      case .added: places.append(part.lowerBound + start..<part.lowerBound + position)
      case .foreign: break
      case .broken:
        throw LogInputError("a part of the state is damaged, and its events are lost")
      }
    }
    return (batch, places, lineBase)
  }

  /// Reads the content of a part.
  private struct StateReader {
    let bytes: [UInt8]
    let end: Int
    private var reader = EventCodec.Reader(position: 0)

    init(bytes: [UInt8], end: Int) {
      self.bytes = bytes
      self.end = end
    }

    private mutating func byte() throws -> UInt8 {
      var next = reader
      guard next.position < end, let value = next.byte(bytes.span) else { throw Damage() }
      reader = next
      return value
    }

    private mutating func fixed() throws -> Int64 {
      var next = reader
      guard next.position + 8 <= end, let value = next.fixed(bytes.span) else { throw Damage() }
      reader = next
      return Int64(bitPattern: value)
    }

    /// Whether the fingerprint behind the content is its own.
    var isSound: Bool {
      var tail = EventCodec.Reader(position: end)
      return tail.fixed(bytes.span) == Fingerprint64.of(bytes.span.extracting(0..<end))
    }

    mutating func number() throws -> Int {
      var next = reader
      guard let value = next.number(bytes.span.extracting(0..<end)), value <= Int64.max else {
        throw Damage()
      }
      reader = next
      return Int(value)
    }

    mutating func text() throws -> String {
      let count = try number()
      guard count <= end - reader.position else { throw Damage() }
      let text = String(decoding: bytes[reader.position..<(reader.position + count)], as: UTF8.self)
      reader.position += count
      return text
    }

    mutating func texts() throws -> [String] {
      let count = try number()
      guard count <= end else { throw Damage() }
      var texts: [String] = []
      for _ in 0..<count { texts.append(try text()) }
      return texts
    }

    mutating func totals() throws -> LogState.Totals {
      var totals = LogState.Totals()
      totals.lines = try number()
      totals.bytes = try number()
      let isTimed = try byte()
      let span = (begin: try fixed(), end: try fixed())
      if isTimed == 1 { totals.span = span }
      let hasLastTime = try byte()
      let lastTime: Int64 = try fixed()
      if hasLastTime == 1 { totals.lastTime = lastTime }
      for _ in 0..<(try number()) {
        let severity = try byte()
        let (first, last, start, end) = (try number(), try number(), try number(), try number())
        let column = try number()
        guard first <= last, start <= end else { throw Damage() }
        totals.problems.append(
          LogProblem(
            severity: severity == 1 ? .error : .note, message: try text(), lines: first...last,
            bytes: start..<end, column: column))
      }
      for _ in 0..<(try number()) {
        let name = try text()
        totals.others.append((name, try number()))
      }
      return totals
    }
  }
}
