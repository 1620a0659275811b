import EventLogs
import Findings
import Rules

/// Logs that are judged together, in lanes: logs of one lane follow upon each other, as rotated files do; lanes were
/// written side by side, as the logs of several services are.
struct Recording: Sendable {
  /// In the order in which they were given.
  private(set) var given: [LogSource]
  /// Numbered so that within a lane an earlier log has a smaller number.
  private(set) var sources: [RecordedSource] = []
  /// How each source is read.
  private(set) var readings: [Reading] = []
  /// The name of each source's format.
  private(set) var formats: [String] = []
  /// Which given log each source is.
  private(set) var origins: [Int] = []
  /// About how long a line is, of the sources of lines that have the shortest ones.
  private(set) var lineLength = Recording.usualLineLength
  /// The sources of each lane.
  private(set) var lanes: [[Int]] = []
  /// What is wrong with logs that cannot be read at all, by given log.
  private(set) var unreadable: [Int: [LogProblem]] = [:]

  enum Reading: Sendable {
    case lines(LineBlocks, EventSchema)
    case stream(any LogReader.Type, of: LogSource.Input, failure: LogInputError?)
    case state(LogStateFile, source: Int)
  }

  static let usualLineLength = 320

  private struct Opened {
    var origin: Int
    var source: RecordedSource
    var format: String
    var reading: Reading
    var lineLength = Recording.usualLineLength
    /// About when it begins and ends, where it can be read in parts.
    var span: (begin: Int64, end: Int64)?
  }

  /// Opens the logs, and reads those that can be read only once; `notify` is told now and then how far that has come.
  init(
    _ logs: [LogSource], as format: String?, plan: LogPlan, options: LogOptions,
    notify: ((LogAdvance) -> Void)? = nil
  ) {
    given = logs
    var opened: [Opened] = []
    for origin in logs.indices {
      do throws(LogInputError) {
        given[origin] = try Recording.readable(logs[origin], as: format, plan)
        let log = given[origin]
        if let state = try Recording.state(log) {
          opened += Recording.sources(of: state, origin, plan)
          continue
        }
        var one = try Recording.open(log, as: format, origin, plan, options) { bytes in
          notify?(LogAdvance(bytes: bytes, lines: 0, total: nil))
        }
        if logs.count > 1, case .lines(let blocks, let schema)? = one?.reading {
          one?.span = Recording.span(of: blocks, schema)
        }
        if let one { opened.append(one) } else { unreadable[origin] = try Recording.complaint(log) }
      } catch {
        unreadable[origin] = [
          LogProblem(
            severity: .error, message: "it cannot be read: \(error.message)", lines: 1...1,
            bytes: 0..<0)
        ]
      }
    }
    arrange(opened)
  }

  /// The same log, so that what is looked at is not lost to the reading.
  private static func readable(
    _ log: LogSource, as format: String?, _ plan: LogPlan
  ) throws(LogInputError) -> LogSource {
    guard case .descriptor(let number) = log.input, try LogBytes(log.input) == nil else {
      return log
    }
    var most = LogRecognition.usualHead
    var head = try LogBytes.head(of: number, upTo: most)
    if head.count == most, plan.format(of: head, named: format)?.holdsEvents != true {
      head += try LogBytes.head(of: number, upTo: LogRecognition.longHead - most)
      most = LogRecognition.longHead
    }
    return LogSource(
      path: log.path, input: head.count < most ? .bytes(head) : .pipe(head: head, rest: number))
  }

  /// A log that is the state of another run.
  private static func state(_ log: LogSource) throws(LogInputError) -> LogStateFile? {
    guard let bytes = try LogBytes(log.input) else { return nil }
    var head = [UInt8](repeating: 0, count: 32)
    let count = try bytes.read(from: 0, count: 32, into: &head)
    guard LogState.recognizes(head.span.extracting(0..<count)) else { return nil }
    return try LogStateFile(bytes)
  }

  private static func sources(
    of state: LogStateFile, _ origin: Int, _ plan: LogPlan
  ) -> [Opened] {
    state.sources.enumerated().map { number, source in
      var recorded = RecordedSource(path: source.path, schema: plan.schema, state: state)
      recorded.standing = StandingLog(path: source.path)
      return Opened(
        origin: origin, source: recorded,
        format: "state", reading: .state(state, source: number), span: source.totals.span)
    }
  }

  private static func open(
    _ log: LogSource, as named: String?, _ origin: Int, _ plan: LogPlan, _ options: LogOptions,
    _ notify: (Int) -> Void
  ) throws(LogInputError) -> Opened? {
    var input = try LogInput(Recording.beginning(of: log.input))
    if input.end < 1 << 12 { _ = input.fill() }
    let start = Array(input.buffer[0..<min(input.end, LogRecognition.usualHead)])
    guard let format = Recording.format(of: start, then: &input, named, plan) else { return nil }
    let head = input.buffer.span.extracting(0..<input.end)
    let reader = format.reader
    let schema = plan.schema(for: format)
    var source = RecordedSource(path: log.path, schema: schema)
    let isOfLines = reader.isLineByLine(head) && schema.isPlain
    var failure: LogInputError?
    if let bytes = try LogBytes(log.input), try isPlain(bytes, head) {
      source.bytes = bytes
    } else if let spooled = try SpooledLog(log.input, notify: notify) {
      source.bytes = spooled.bytes
      source.isSpooled = true
      failure = spooled.failure
    }
    if isOfLines, let bytes = source.bytes, bytes.count > 0 {
      let lines = start.count { $0 == 0x0A }
      return Opened(
        origin: origin, source: source, format: reader.format,
        reading: .lines(LineBlocks(bytes, size: options.blockSize, failure: failure), schema),
        lineLength: lines > 0 ? start.count / lines : Recording.usualLineLength)
    }
    source.archive = EventArchive()
    return Opened(
      origin: origin, source: source, format: reader.format,
      reading: .stream(reader, of: source.bytes?.input ?? log.input, failure: failure))
  }

  /// The format of a log, by more than its first bytes where no event stands among them.
  private static func format(
    of start: [UInt8], then input: inout LogInput, _ named: String?, _ plan: LogPlan
  ) -> LogFormat? {
    let known = plan.format(of: start, named: named)
    if known?.holdsEvents == true { return known?.format }
    while input.end < LogRecognition.longHead, input.fill() {}
    if input.end == start.count { return known?.format }
    let longer = Array(input.buffer[0..<min(input.end, LogRecognition.longHead)])
    return plan.format(of: longer, named: named)?.format
  }

  /// What of an input can be looked at without taking it from whoever reads it all.
  private static func beginning(of input: LogSource.Input) -> LogSource.Input {
    if case .pipe(let head, _) = input { return .bytes(head) }
    return input
  }

  /// Whether what is read is what stands in the file: not so for a compressed one.
  private static func isPlain(
    _ bytes: LogBytes, _ head: Span<UInt8>
  ) throws(LogInputError) -> Bool {
    let count = min(64, head.count)
    var start = [UInt8](repeating: 0, count: count)
    let got = try bytes.read(from: 0, count: count, into: &start)
    return got == count && start.indices.allSatisfy { start[$0] == head[$0] }
  }

  /// A log without a single object: silent where it is blank.
  private static func complaint(_ log: LogSource) throws(LogInputError) -> [LogProblem] {
    var input = try LogInput(log.input)
    _ = input.fill()
    let isBlank = (0..<input.end).allSatisfy { index in
      [0x09, 0x0A, 0x0D, 0x20, 0xEF, 0xBB, 0xBF].contains(input.buffer[index])
    }
    if isBlank && input.failure == nil { return [] }
    return [
      LogProblem(
        severity: .error, message: input.failure?.message ?? "nothing in it is an event",
        lines: 1...1, bytes: 0..<input.end)
    ]
  }

  static func middle(_ times: some Collection<Int64>) -> Int64? {
    let times = times.sorted()
    return times.isEmpty ? nil : times[times.count / 2]
  }

  /// The middle one of the first hundred times, and of the last.
  private static func span(of blocks: LineBlocks, _ schema: EventSchema) -> (Int64, Int64)? {
    if blocks.count == 0 { return nil }
    func times(_ block: Int) -> [Int64] {
      blocks.scan(block, by: schema).batch.events.map(\.time).filter { !$0.isMissing }
        .map(\.nanoseconds)
    }
    guard let begin = middle(times(0).prefix(100)),
      let end = middle(times(blocks.count - 1).suffix(100))
    else { return nil }
    return (begin, end)
  }

  private mutating func arrange(_ opened: [Opened]) {
    // Streams first, then files by their beginnings.
    let ordered = opened.sorted { left, right in
      (left.span?.begin ?? .min, left.origin) < (right.span?.begin ?? .min, right.origin)
    }
    var ends: [Int64?] = []
    for var one in ordered {
      var lane = lanes.count
      if let span = one.span {
        lane = ends.firstIndex { $0.map { $0 <= span.begin } ?? false } ?? lane
      }
      if lane == lanes.count {
        lanes.append([])
        ends.append(nil)
      }
      ends[lane] = one.span?.end
      one.source.lane = UInt16(truncatingIfNeeded: lane)
      lanes[lane].append(sources.count)
      sources.append(one.source)
      readings.append(one.reading)
      lineLength = min(lineLength, one.lineLength)
      formats.append(one.format)
      origins.append(one.origin)
    }
  }
}

/// How far the reading of logs has come.
package struct LogAdvance: Sendable {
  package var bytes: Int
  package var lines: Int
  /// All bytes of the logs; `nil` where that is not known.
  package var total: Int?

  package init(bytes: Int, lines: Int, total: Int?) {
    self.bytes = bytes
    self.lines = lines
    self.total = total
  }
}

/// A block of a lane: which source, which of its blocks.
struct LaneBlock: Hashable, Sendable {
  var source: Int
  var block: Int
}

/// The judging of a recording, from the first block to the findings.
struct RecordingRun {
  private let recording: Recording
  private let plan: LogPlan
  private let maker: RecordMaker
  private let screen: ScreenPlan
  private var session: LogSession
  private let sink: StateSink?
  private var cursors: [(place: Int, block: Int)]
  /// So many blocks are read at a time: most cases of a single log lie within one stretch, those of several do not.
  private let stretch: Int

  private static let usualStretch = 16
  private static let leastStretch = 4

  init(_ recording: Recording, plan: LogPlan, screen: ScreenPlan, options: LogOptions) {
    self.recording = recording
    self.plan = plan
    self.screen = screen
    maker = RecordMaker(
      plan: plan, screen: screen, keepsEvents: options.statePath != nil,
      isStrict: options.isStrict, telltales: options.telltales.value)
    sink = options.statePath.map { StateSink(path: $0, schema: plan.schema, recording.sources) }
    session = LogSession(
      plan: plan, screenPlan: screen, sources: recording.sources, options: options)
    cursors = recording.lanes.map { _ in (0, 0) }
    // Short lines make more records of as many bytes.
    let blocks =
      RecordingRun.usualStretch * recording.lineLength / Recording.usualLineLength
    stretch = recording.lanes.count == 1 ? max(RecordingRun.leastStretch, blocks) : 1
  }

  var advance: LogAdvance { session.advanced(of: recording) }

  /// Reads what can only be read from its start to its end.
  mutating func readStreams() {
    for (source, reading) in recording.readings.enumerated() {
      guard case .state(let state, let number) = reading else { continue }
      let totals = state.sources[number].totals
      var batch = RecordBatch()
      batch.lines = totals.lines
      batch.problems = totals.problems
      for other in totals.others { batch.others.add(other.name, count: other.count) }
      session.take(batch, of: source)
      if let time = totals.lastTime { session.note(lastTime: time, of: source) }
    }
    for (lane, sources) in recording.lanes.enumerated() {
      guard let source = sources.first,
        case .stream(let reader, let bytes, let failure) = recording.readings[source]
      else { continue }
      let box = SessionBox(session)
      let maker = maker
      let sink = sink
      do throws(LogInputError) {
        var input = try LogInput(bytes)
        input.keepLines(with: session.options.telltales.value)
        _ = input.fill()
        let schema = recording.sources[source].schema
        var feed = LogFeed(
          schema: schema, interpreter: plan.runs, isStrict: session.options.isStrict
        ) { batch in
          let made = maker.heldRecords(of: batch)
          sink?.add(made, source: source, lineBase: 0)
          box.session.take(made, of: source)
        }
        reader.read(&input, into: &feed)
        feed.flush(atLeast: 1)
        var rest = RecordBatch()
        rest.lines = feed.lines
        rest.bytes = input.offset + input.end
        rest.problems = feed.problems
        rest.others = feed.unknownNames
        rest.failure = input.failure ?? failure
        (rest.telltales, rest.passedTelltales) = input.takeKeptLines()
        box.session.take(rest, of: source)
      } catch {
        box.session.take(RecordBatch(failure: error), of: source)
      }
      session = box.session
      session.finish(lane: lane)
      cursors[lane].place = 1
    }
  }

  /// The next block, of the lane that has come least far; `nil` at the end of all.
  mutating func nextBlock() -> (lane: Int, place: LaneBlock)? {
    while true {
      var best: Int?
      for lane in recording.lanes.indices where cursors[lane].place < recording.lanes[lane].count {
        guard let known = best else {
          best = lane
          continue
        }
        if session.time(ofLane: lane) < session.time(ofLane: known) { best = lane }
      }
      guard let lane = best else { return nil }
      let source = recording.lanes[lane][cursors[lane].place]
      let count: Int
      switch recording.readings[source] {
      case .lines(let blocks, _): count = (blocks.count + stretch - 1) / stretch
      case .state(let state, let number): count = state.sources[number].parts.count
      case .stream: count = 0
      }
      if cursors[lane].block < count {
        cursors[lane].block += 1
        return (lane, LaneBlock(source: source, block: cursors[lane].block - 1))
      }
      cursors[lane] = (cursors[lane].place + 1, 0)
      if cursors[lane].place == recording.lanes[lane].count { session.finish(lane: lane) }
    }
  }

  func scan(_ lane: Int, _ place: LaneBlock) -> RecordBatch { scanner(lane, place)() }

  /// What reads a stretch, on any thread.
  func scanner(_ lane: Int, _ place: LaneBlock) -> @Sendable () -> RecordBatch {
    let maker = maker
    let gatherer = session.stretchGatherer
    switch recording.readings[place.source] {
    case .lines(let blocks, let schema):
      let first = place.block * stretch
      let range = first..<max(first, min(first + stretch, blocks.count))
      return {
        var batch = maker.records(of: range, in: blocks, schema)
        maker.recycle(gatherer.gather(&batch, of: place.source))
        return batch
      }
    case .state(let state, let number) where place.block < state.sources[number].parts.count:
      let part = state.sources[number].parts[place.block]
      let schema = plan.schema
      return {
        var batch = maker.records(of: part, in: state, schema)
        gatherer.gather(&batch, of: place.source)
        return batch
      }
    // Read ahead beyond the end.
    default: return { RecordBatch() }
    }
  }

  mutating func take(_ batch: consuming RecordBatch, of lane: Int) {
    let source = recording.lanes[lane][cursors[lane].place]
    sink?.add(batch, source: source, lineBase: batch.isPlaced ? 0 : session.lines(of: source))
    session.take(batch, of: source)
  }

  mutating func giveOut() -> PartToJudge? { session.giveOut() }

  mutating func takeIn(_ evaluation: CaseEvaluation, of number: Int) {
    session.takeIn(evaluation, of: number)
  }

  /// Ends the reading; what remains to be judged is given out then.
  mutating func finish() {
    maker.releaseRoom()
    for (source, reading) in recording.readings.enumerated() {
      guard case .lines(let blocks, let schema) = reading else { continue }
      blocks.releaseRoom()
      if let time = LogTail.latestTime(of: blocks.bytes, by: schema) {
        session.note(lastTime: time, of: source)
      }
    }
    session.finish()
    sink?.finish(session.statistics())
  }

  /// Likewise once all of that is judged, for what had to wait for the rest.
  mutating func conclude() { session.conclude() }

  /// What was found, by given log.
  func judgements() -> [LogJudgement] {
    let statistics = session.statistics()
    var judgements = recording.given.map { _ in LogJudgement() }
    for (source, origin) in recording.origins.enumerated() {
      if case .state = recording.readings[source] {
        judgements[origin].recordedProblems += statistics.problems[source].map {
          (recording.sources[source].path, $0)
        }
      } else {
        judgements[origin].problems = statistics.problems[source]
      }
      let counted = statistics.sources[source]
      judgements[origin].statistics.format = recording.formats[source]
      judgements[origin].statistics.lines += counted.lines
      judgements[origin].statistics.events += counted.events
      judgements[origin].statistics.untimed += counted.untimed
      judgements[origin].statistics.unknownNames.merge(
        counted.others.counts, uniquingKeysWith: +)
      judgements[origin].telltales = counted.telltales
      if recording.sources[source].isSpooled {
        judgements[origin].spooled = recording.sources[source].bytes
      }
      if case .bytes(let bytes) = recording.given[origin].input {
        // What is held in memory cannot be read again by others.
        for index in judgements[origin].telltales.indices {
          judgements[origin].telltales[index].fill(from: bytes)
        }
      }
      judgements[origin].passedTelltales = counted.passedTelltales
    }
    for (origin, problems) in recording.unreadable { judgements[origin].problems = problems }
    // What belongs to no single log stands with the first.
    if let first = recording.origins.min() {
      judgements[first].statistics.redelivered = statistics.redelivered
      judgements[first].statistics.forgotten = statistics.forgotten
      judgements[first].statistics.evicted = statistics.evicted
      judgements[first].statistics.producers = statistics.producers
      judgements[first].ledger = statistics.ledger
      judgements[first].stateFailure = sink?.failure
    }
    addFindings(to: &judgements)
    return judgements
  }

  /// Findings stand with the first log, whichever they are in: they share their outputs' stories.
  private func addFindings(to judgements: inout [LogJudgement]) {
    let evaluated = session.evaluated
    guard let first = recording.origins.min() else { return }
    var findings = evaluated.findings + evaluated.unidentified.values.map(\.finding)
    var places: [String: Int] = [:]
    for (source, origin) in recording.origins.enumerated() {
      places[recording.sources[source].path] = origin * recording.sources.count + source
    }
    // Places are moved about, not findings, which are large.
    let keys = findings.map { (places[$0.location.path] ?? 0, $0.location.startByte) }
    let order = findings.indices.sorted { one, other in
      if keys[one] != keys[other] { return keys[one] < keys[other] }
      let (left, right) = (findings[one], findings[other])
      return (left.rule, left.cause ?? "", left.route)
        < (right.rule, right.cause ?? "", right.route)
    }
    findings = order.map { findings[$0] }
    judgements[first].findings = findings
    judgements[first].timelines = evaluated.timelines
    judgements[first].observations = evaluated.observations
    judgements[first].statistics.unlisted = evaluated.unlisted
    for finding in findings {
      switch finding.evidence?.verdict {
      case .violated?: judgements[first].statistics.violated += 1
      case .inconclusive?: judgements[first].statistics.inconclusive += 1
      case nil: break
      }
    }
  }
}

/// Writes what a recording holds into a state while it is read.
private final class StateSink {
  private var writer: LogStateWriter?
  /// Times at the start and the end of each source, a hundred at most.
  private var firsts: [[Int64]]
  private var lasts: [[Int64]]
  private(set) var failure: String?

  init(path: String, schema: EventSchema, _ sources: [RecordedSource]) {
    firsts = sources.map { _ in [] }
    lasts = firsts
    do throws(LogInputError) {
      var writer = try LogStateWriter(path: path, schema: schema)
      for (number, source) in sources.enumerated() {
        writer.begin(source: number, path: source.path)
      }
      self.writer = consume writer
    } catch {
      failure = error.message
    }
  }

  func add(_ batch: RecordBatch, source: Int, lineBase: Int) {
    let moments = batch.moments.all.isEmpty ? batch.records.map(\.moment) : batch.moments.all
    for moment in moments where moment.isTimed {
      if firsts[source].count == 100 { break }
      firsts[source].append(moment.time)
    }
    lasts[source] += moments.suffix(400).filter(\.isTimed).map(\.time)
    lasts[source] = lasts[source].suffix(100)
    writer?.add(batch.kept ?? [], source: source, lineBase: lineBase)
  }

  func finish(_ statistics: SessionStatistics) {
    for (source, counted) in statistics.sources.enumerated() {
      var totals = LogState.Totals()
      totals.lines = counted.lines
      totals.bytes = counted.bytes
      totals.lastTime = counted.lastTime
      totals.problems = statistics.problems[source]
      totals.others = counted.others.counts.sorted { $0.key < $1.key }
        .map { ($0.key, $0.value) }
      if let begin = Recording.middle(firsts[source]), let end = Recording.middle(lasts[source]) {
        totals.span = (begin, end)
      }
      writer?.close(source: source, totals)
    }
    writer?.finish()
    failure = failure ?? writer?.failure?.message
  }
}

/// Lets a feed's closure fill a session.
private final class SessionBox {
  var session: LogSession
  init(_ session: LogSession) { self.session = session }
}

/// Which blocks are read ahead.
struct BlockWindow {
  private let lanes: [[Int]]
  private let ahead: Int
  private var ready: [LaneBlock: RecordBatch] = [:]
  private var next: [Int: Int] = [:]

  init(lanes: [[Int]], tasks: Int) {
    self.lanes = lanes
    ahead = max(1, tasks / max(1, lanes.count))
  }

  /// The blocks of a lane to start now: the one that is waited for, and some behind it.
  mutating func toStart(around lane: Int, _ place: LaneBlock) -> [(Int, LaneBlock)] {
    var result: [(Int, LaneBlock)] = []
    let first = max(next[place.source] ?? 0, place.block)
    let last = place.block + ahead
    if first <= last {
      for block in first...last {
        result.append((lane, LaneBlock(source: place.source, block: block)))
      }
      next[place.source] = last + 1
    }
    return result
  }

  mutating func put(_ batch: RecordBatch, at place: LaneBlock) { ready[place] = batch }

  mutating func take(_ lane: Int, _ place: LaneBlock) -> RecordBatch? {
    ready.removeValue(forKey: place)
  }
}
