import EventLogs
import Findings
import Rules

/// Takes the records of all logs of a run in order and judges case after case: in one pass, with a memory that does
/// not grow with the logs.
struct LogSession: Sendable {
  /// What a person may decide.
  let options: LogOptions
  let plan: LogPlan
  private let screen: CaseScreen
  private let sources: [RecordedSource]
  private let lanes: [UInt16]
  /// By rule, the bits of the events that it judges.
  private let masks: [UInt64]

  private var table = CaseTable()
  private var forgotten = ForgottenIdentities()
  private var intake: LogIntake
  private var clocks = ProducerClocks()
  private var progress = LogProgress()
  private var laneClocks: [LogClock]
  private var finishedLanes: Set<Int> = []
  private var serial: UInt64 = 0

  /// Cases that may be quiet, and cases that may be closed, each with the time at which to look at it.
  private var settling = CaseQueue()
  private var closing = CaseQueue()
  /// Suspects that were closed, not judged yet; and those that only the end of the log decides.
  private var suspects: [ClosedCase] = []
  private var deferred: [ClosedCase] = []

  private var latencies = LatencyHistogram()
  private var uses: SessionUses
  private var begin = Int64.max
  private var end = Int64.min
  private var redelivered = 0
  private var evicted = 0
  private var scratch: [EventRecord] = []
  private(set) var evaluated = CaseEvaluation()
  /// Judges suspects only where the screen leaves them; off in tests that compare both ways.
  private let isScreening: Bool

  init(
    plan: LogPlan, screenPlan: ScreenPlan, sources: [RecordedSource], options: LogOptions
  ) {
    self.options = options
    self.plan = plan
    self.sources = sources
    lanes = sources.map(\.lane)
    masks = plan.masks
    screen = CaseScreen(plan: plan, screen: screenPlan, maximumSkew: options.maximumSkew)
    uses = SessionUses(rules: plan.rules.count)
    intake = LogIntake(sources: sources.count)
    laneClocks = Array(repeating: LogClock(), count: Int(lanes.max() ?? 0) + 1)
    isScreening = options.isScreening
  }

  /// Takes the next records of a source.
  mutating func take(_ batch: consuming RecordBatch, of source: Int) {
    var base: Int64 = 0
    if let held = batch.held, let archive = sources[source].archive {
      base = Int64(archive.append(held))
    }
    let lineBase = intake.begin(batch, of: source)
    let lane = Int(sources[source].lane)
    for index in batch.records.indices {
      var record = batch.records[index]
      record.source = UInt16(truncatingIfNeeded: source)
      record.offset += base
      if !batch.isPlaced { record.line += UInt32(truncatingIfNeeded: lineBase) }
      record.producer = intake.producer(record.producer)
      record.step = intake.step(record.step)
      record.serial = serial
      serial += 1
      if record.isTimed {
        begin = min(begin, record.time)
        end = max(end, record.time)
        laneClocks[lane].note(record.time)
        clocks.note(record.time, of: record.producer)
      }
      intake.place(record)
      let links = batch.links[Int(record.links.lowerBound)..<Int(record.links.upperBound)]
      let (number, isNew) = table.add(record, links: links, at: progress.elapsed)
      if isNew { settling.add(number, table.generation(of: number), at: progress.elapsed) }
      if table.count(of: number) & 0xFFF == 0 { limit(number) }
    }
    advance()
  }

  /// A lane has come to its end: it holds nobody up any more.
  mutating func finish(lane: Int) {
    finishedLanes.insert(lane)
    advance()
  }

  /// Settles what has been quiet for a moment and closes what has been quiet for the horizon.
  private mutating func advance() {
    var low: Int64?
    for lane in laneClocks.indices where !finishedLanes.contains(lane) {
      guard let now = laneClocks[lane].now else {
        low = nil
        break
      }
      low = min(low ?? .max, now)
    }
    if let low { progress.advance(to: low) }
    let now = progress.elapsed
    while let (number, generation) = settling.next(
      before: table.heldRecords > options.mostRecords ? .max : now - options.quiet)
    {
      guard table.isOpen(number, generation), !table.isSettled(number) else { continue }
      let touched = table.touched(number)
      if touched > now - options.quiet && table.heldRecords <= options.mostRecords {
        settling.add(number, generation, at: touched)
      } else {
        settle(number)
      }
    }
    while let (number, generation) = closing.next(
      before: closing.count > options.mostCases ? .max : now - options.horizon)
    {
      guard table.isOpen(number, generation) else { continue }
      let touched = table.touched(number)
      let isPressed = closing.count >= options.mostCases
      if touched > now - options.horizon && !isPressed {
        closing.add(number, generation, at: touched)
      } else {
        if isPressed && touched > now - options.horizon { evicted += 1 }
        close(number)
      }
    }
    if suspects.count >= 512 { judgeSuspects() }
  }

  private mutating func settle(_ number: UInt32) {
    var records: [EventRecord] = []
    swap(&records, &scratch)
    table.records(of: number, into: &records)
    let isSuspect = look(&records)
    table.settle(number, records, isSuspect: isSuspect)
    scratch = records
    closing.add(number, table.generation(of: number), at: table.touched(number))
  }

  /// Screens a case; whether it needs a closer look.
  private mutating func look(_ records: inout [EventRecord]) -> Bool {
    noteLatencies(of: records)
    if !isScreening || records.count > 256 { return true }
    let dropped = LogSession.dropRedelivered(&records)
    guard screen.isClean(records, laneOfSource: lanes) else { return true }
    redelivered += dropped
    count(records)
    return false
  }

  /// Counts the uses of a clean case.
  private mutating func count(_ records: [EventRecord]) {
    let exempt = UInt64(1) << UInt64(plan.exempt)
    let isExempt = records.indices.contains { index in
      records[index].selections & exempt != 0 && records[index].request != 0
    }
    if isExempt { return }
    for index in records.indices {
      let selections = records[index].selections
      if selections & (plan.subjects | useBit) == 0 { continue }
      for rule in masks.indices where selections & masks[rule] != 0 { uses.rules[rule] += 1 }
      guard selections & useBit != 0 else { continue }
      uses.add(use: records[index].producer)
      let step = records[index].step
      if step != Event.nobody { uses.steps[step, default: 0] += 1 }
    }
  }

  private var useBit: UInt64 { 1 << UInt64(plan.use) }

  private static func dropRedelivered(_ records: inout [EventRecord]) -> Int {
    var dropped = 0
    var index = 1
    while index < records.count {
      let delivery = records[index].delivery
      if (0..<index).contains(where: { records[$0].delivery == delivery }) {
        records.remove(at: index)
        dropped += 1
      } else {
        index += 1
      }
    }
    return dropped
  }

  private mutating func noteLatencies(of records: [EventRecord]) {
    let generation = UInt64(1) << UInt64(plan.generation)
    let certificate = UInt64(1) << UInt64(plan.certificate)
    for index in records.indices
    where records[index].selections & certificate != 0 && records[index].isTimed {
      let record = records[index]
      func isAlike(_ other: EventRecord) -> Bool {
        record.output == 0 || other.output == 0
          ? record.request == other.request : record.output == other.output
      }
      // The first certificate counts.
      let isRepeated = (0..<index).contains { other in
        records[other].selections & certificate != 0 && records[other].isTimed
          && isAlike(records[other])
      }
      if isRepeated { continue }
      var start: Int64?
      for other in records.indices
      where records[other].selections & generation != 0 && records[other].isTimed {
        if isAlike(records[other]) { start = min(start ?? .max, records[other].time) }
      }
      if let start, record.time >= start { latencies.add(record.time - start) }
    }
  }

  /// A case that has grown too large to be kept as records, or altogether.
  private mutating func limit(_ number: UInt32) {
    if !table.isSettled(number) { settle(number) }
    if table.count(of: number) >= options.mostEvents {
      evicted += 1
      close(number)
    }
  }

  private mutating func close(_ number: UInt32) {
    let (settled, isSuspect) = table.close(number)
    if isSuspect {
      suspects.append(ClosedCase(events: settled, isContinued: isContinued(settled)))
    } else {
      intake.forgetBrackets(of: settled)
    }
    forgotten.noteClosed()
    for hash in settled.identities { forgotten.insert(hash) }
  }

  /// Whether events of the case may have been closed before.
  private func isContinued(_ one: SettledCase) -> Bool {
    forgotten.count > 0
      && (forgotten.isIncomplete || one.identities.contains { forgotten.mayHold($0) })
  }

  private mutating func judgeSuspects() {
    let waiting = suspects
    suspects = []
    if waiting.isEmpty { return }
    var part = evaluation(knowing: knowledge(isFinal: false)).evaluate(waiting[...])
    deferred += part.deferred
    part.deferred = []
    append(part)
    if deferred.count > options.mostDeferred {
      // So many that they cannot wait for the end: what is known by now decides.
      let early = deferred
      deferred = []
      append(evaluation(knowing: knowledge(isFinal: true)).evaluate(early[...]))
    }
  }

  private func evaluation(knowing knowledge: LogKnowledge) -> CaseEvaluator {
    CaseEvaluator(
      plan: plan, sources: sources, options: options, knowledge: knowledge,
      brackets: intake.brackets, problems: intake.problems)
  }

  private func knowledge(isFinal: Bool) -> LogKnowledge {
    var clocks = clocks
    var offsets: [String: Int64] = [:]
    for (producer, clock) in clocks.finish() {
      if let offset = clock.offset { offsets[intake.name(of: producer)] = offset }
    }
    return LogKnowledge(
      isFinal: isFinal, begin: begin, end: end,
      near: latencies.quantile(0.999) ?? plan.roundBudgetNanoseconds, offsets: offsets,
      hasForgotten: forgotten.count > 0)
  }

  /// Ends the logs: everything that is still open is a suspect or clean.
  mutating func finish() {
    intake.finish()
    while let (number, generation) = settling.next(before: .max) {
      if table.isOpen(number, generation), !table.isSettled(number) { settle(number) }
    }
    var open: [ClosedCase] = []
    while let (number, generation) = closing.next(before: .max) {
      guard table.isOpen(number, generation) else { continue }
      let (settled, isSuspect) = table.close(number)
      if isSuspect {
        open.append(ClosedCase(events: settled, isContinued: isContinued(settled)))
      }
    }
    judgeSuspects()
    remaining = deferred + open
    deferred = []
  }

  /// What is left to judge at the end, in order.
  private(set) var remaining: [ClosedCase] = []

  /// How to judge what remains, in whatever parts.
  func finalEvaluator() -> CaseEvaluator { evaluation(knowing: knowledge(isFinal: true)) }

  /// How many lines of a source have been taken.
  func lines(of source: Int) -> Int { intake.statistics[source].lines }

  /// How far a lane has come by its own time.
  func time(ofLane lane: Int) -> Int64 { laneClocks[lane].now ?? .min }

  func advanced(of recording: Recording) -> LogAdvance {
    var advance = LogAdvance(bytes: 0, lines: 0, total: 0)
    for (source, counted) in intake.statistics.enumerated() {
      advance.bytes += counted.bytes
      advance.lines += counted.lines
      if case .lines(let blocks, _) = recording.readings[source], let total = advance.total {
        advance.total = total + blocks.bytes.count
      } else {
        advance.total = nil
      }
    }
    return advance
  }

  mutating func append(_ part: CaseEvaluation) {
    evaluated.append(part, listingAtMost: options.mostFindings)
  }

  /// Everything but the findings.
  func statistics() -> SessionStatistics {
    var result = SessionStatistics()
    result.sources = intake.statistics
    result.problems = intake.problems
    result.redelivered = redelivered + evaluated.redelivered
    result.forgotten = forgotten.count
    result.evicted = evicted
    var clocks = clocks
    for (producer, clock) in clocks.finish() {
      result.producers.append(
        LogStatistics.ProducerClock(
          producer: intake.name(of: producer), lines: clock.lines,
          offsetMilliseconds: clock.offset.map { Double($0) / 1e6 }))
    }
    result.producers.sort { $0.producer < $1.producer }
    result.end = end
    result.ledger = evaluated.ledger
    result.ledger.merge(uses.ledger(plan, intake))
    return result
  }
}

/// Uses of clean cases, by numbers of the session.
private struct SessionUses: Sendable {
  var rules: [Int]
  /// By producer, one more than its number; first those that name none.
  private var services: [Int] = []
  var steps: [UInt32: Int] = [:]

  init(rules: Int) { self.rules = Array(repeating: 0, count: rules) }

  mutating func add(use producer: UInt32) {
    let place = producer == Event.nobody ? 0 : Int(producer) + 1
    while services.count <= place { services.append(0) }
    services[place] += 1
  }

  func ledger(_ plan: LogPlan, _ intake: LogIntake) -> UseLedger {
    var ledger = UseLedger()
    for (rule, count) in rules.enumerated() where count > 0 {
      ledger.rules[plan.rules[rule].rule.id, default: UseLedger.Entry()].uses += count
    }
    for (place, count) in services.enumerated() where count > 0 {
      let name = place == 0 ? "" : intake.name(of: UInt32(place - 1))
      ledger.services[name, default: UseLedger.Entry()].uses += count
    }
    for (step, count) in steps {
      ledger.steps[intake.name(ofStep: step), default: UseLedger.Entry()].uses += count
    }
    return ledger
  }
}

/// Cases in the order of the times at which to look at them.
private struct CaseQueue: Sendable {
  private var entries: [(number: UInt32, generation: UInt32, time: Int64)] = []
  private var first = 0

  var count: Int { entries.count - first }

  mutating func add(_ number: UInt32, _ generation: UInt32, at time: Int64) {
    entries.append((number, generation, time))
  }

  mutating func next(before time: Int64) -> (UInt32, UInt32)? {
    guard first < entries.count, entries[first].time <= time else { return nil }
    let entry = entries[first]
    first += 1
    if first > 1 << 12 && first * 2 > entries.count {
      entries.removeFirst(first)
      first = 0
    }
    return (entry.number, entry.generation)
  }
}
