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
  private let maker: RecordMaker
  private let sources: [RecordedSource]
  private let lanes: [UInt16]

  private var table = CaseTable()
  private var forgotten = ForgottenIdentities()
  private var intake: LogIntake
  private var clocks = ProducerClocks()
  private var progress = LogProgress()
  private var laneClocks: [LogClock]
  private var finishedLanes: Set<Int> = []
  private var serial: UInt64 = 0

  /// Cases that may be quiet, and cases that may be closed, each with the time at which to look at it.
  private var settling: CaseQueue
  private var closing: CaseQueue
  /// Suspects that were closed, not judged yet; and those that only the end of the log decides.
  private var suspects: [ClosedCase] = []
  private var deferred: [ClosedCase] = []
  /// So many were too many once.
  private var hasDecidedEarly = false
  /// Parts that are being judged are taken in the order in which they were given out.
  private var givenOut = 0
  private var takenIn = 0
  /// Cases of parts that are being judged, of which any may have to wait for the end.
  private var inFlight = 0
  /// What is known at the end, and once the latencies of all cases are.
  private var final: LogKnowledge?
  private var early: [Int: CaseEvaluation] = [:]

  private var latencies = LatencyHistogram()
  private var tally = UseTally()
  private var desk = ScreenDesk()
  private var begin = Int64.max
  private var end = Int64.min
  private var evicted = 0
  private(set) var evaluated = CaseEvaluation()
  /// Gathers what was not gathered where it was read.
  private let gatherer: CaseGatherer

  init(
    plan: LogPlan, screenPlan: ScreenPlan, sources: [RecordedSource], options: LogOptions
  ) {
    self.options = options
    self.plan = plan
    self.sources = sources
    lanes = sources.map(\.lane)
    screen = CaseScreen(
      plan: plan, screen: screenPlan, redelivery: Redelivery(sources: sources),
      maximumSkew: options.maximumSkew,
      isOff: !options.isScreening)
    maker = RecordMaker(plan: plan, screen: screenPlan)
    gatherer = CaseGatherer(
      plan: plan, screen: screen, lanes: lanes, quiet: nil, horizon: .max)
    intake = LogIntake(sources: sources.count)
    settling = CaseQueue(period: options.quiet)
    closing = CaseQueue(period: options.horizon)
    laneClocks = Array(repeating: LogClock(), count: Int(lanes.max() ?? 0) + 1)
  }

  /// What gathers a stretch of a lane on any thread.
  var stretchGatherer: CaseGatherer {
    // What stands in other lanes is not seen there.
    let quiet = laneClocks.count == 1 && options.isScreening ? options.quiet : nil
    return CaseGatherer(
      plan: plan, screen: screen, lanes: lanes, quiet: quiet, horizon: options.horizon)
  }

  /// Takes the next stretch of a source.
  mutating func take(_ batch: consuming RecordBatch, of source: Int) {
    let lineBase = batch.isPlaced ? 0 : UInt32(truncatingIfNeeded: lines(of: source))
    intake.begin(batch, of: source)
    if batch.isGathered {
      add(batch, of: source, behind: lineBase)
    } else if !batch.records.isEmpty {
      if let held = batch.held, let archive = sources[source].archive {
        let base = Int64(archive.append(held))
        for index in batch.records.indices { batch.records[index].offset += base }
      }
      // A block at a time, as far as anything may be forgotten in between.
      var first = 0
      for end in batch.blockEnds + [batch.records.count] where end > first {
        var part = RecordBatch()
        part.records = Array(batch.records[first..<end])
        part.links = batch.links
        first = end
        gatherer.gather(&part, of: source)
        add(part, of: source, behind: lineBase)
      }
    }
    advance()
  }

  /// So many parts of cases are prepared for at once.
  private static let ahead = 16

  private mutating func add(
    _ batch: consuming RecordBatch, of source: Int, behind lineBase: UInt32
  ) {
    noteMoments(of: batch, source)
    noteLate(&batch, source)
    for index in batch.records.indices {
      batch.records[index].line &+= lineBase
      batch.records[index].producer = intake.producer(batch.records[index].producer)
      batch.records[index].step = intake.step(batch.records[index].step)
      batch.records[index].serial += serial
    }
    serial += UInt64(batch.moments.all.count)
    tally.add(batch.tally, intake)
    tally.takeLatencies(into: &latencies)
    passTime()
    for (place, fragment) in batch.fragments.enumerated() {
      if place % LogSession.ahead == 0 {
        let last = batch.fragments[min(place + LogSession.ahead, batch.fragments.count) - 1]
        let hashes = Int(fragment.identities.lowerBound)..<Int(last.identities.upperBound)
        table.expect(batch.identities[hashes])
      }
      let (number, isNew, hasGrown) = table.add(
        fragment, of: batch, behind: lineBase, at: progress.elapsed)
      if isNew {
        let generation = table.generation(of: number)
        if table.isSettled(number) {
          closing.add(number, generation, at: progress.elapsed)
        } else {
          settling.add(number, generation, at: progress.elapsed)
        }
      }
      if hasGrown { limit(number) }
    }
    advance()
  }

  /// A lane has come to its end: it holds nobody up any more.
  mutating func finish(lane: Int) {
    finishedLanes.insert(lane)
    advance()
  }

  /// Notes which events came late by what stood before the stretch; the stretch itself knows of the others.
  private mutating func noteLate(_ batch: inout RecordBatch, _ source: Int) {
    let late = intake.late(batch.moments, in: Int(sources[source].lane))
    guard let last = late.max() else { return }
    for index in batch.records.indices where late.contains(batch.records[index].offset) {
      batch.records[index].isLate = true
    }
    for range in batch.fragments.lazy.compactMap(\.settled) {
      SettledCase.noteLate(
        late, upTo: last, in: &batch.settled, Int(range.lowerBound)..<Int(range.upperBound))
    }
  }

  private mutating func noteMoments(of batch: RecordBatch, _ source: Int) {
    let moments = batch.moments
    intake.count(events: moments.all.count, of: source)
    if intake.isWaiting || !moments.untimed.isEmpty {
      return noteEach(moments, source)
    }
    // Out of its list, which is not asked for each event whether it is shared.
    var laneClock = laneClocks[Int(sources[source].lane)]
    for (number, extent) in moments.extents.enumerated() {
      begin = min(begin, extent.earliest)
      end = max(end, extent.latest)
      if laneClock.note(extent.earliest, extent.latest) { continue }
      let first = number * EventMoments.extent
      for moment in moments.all[first..<min(first + EventMoments.extent, moments.all.count)] {
        laneClock.note(moment.time)
      }
    }
    laneClocks[Int(sources[source].lane)] = laneClock
    clocks.turn(to: sources[source].lane)
    clocks.note(moments) { intake.producer($0) }
    intake.placeLast(of: moments, in: source)
  }

  /// Likewise one by one, where an event without a time asks for those around it.
  private mutating func noteEach(_ moments: EventMoments, _ source: Int) {
    var untimed = 0
    var laneClock = laneClocks[Int(sources[source].lane)]
    clocks.turn(to: sources[source].lane)
    for moment in moments.all {
      let producer = intake.producer(moment.producer)
      if moment.isTimed {
        begin = min(begin, moment.time)
        end = max(end, moment.time)
        laneClock.note(moment.time)
        clocks.note(moment.time, of: producer)
        intake.place(moment.time, of: producer, in: source)
      } else {
        intake.place(untimed: moments.untimed[untimed], of: producer, in: source)
        untimed += 1
      }
    }
    laneClocks[Int(sources[source].lane)] = laneClock
  }

  /// Lets the time pass that has passed in all lanes.
  private mutating func passTime() {
    var low: Int64?
    for lane in laneClocks.indices where !finishedLanes.contains(lane) {
      guard let now = laneClocks[lane].now else { return }
      low = min(low ?? .max, now)
    }
    if let low { progress.advance(to: low) }
  }

  /// Settles what has been quiet for a moment and closes what has been quiet for the horizon.
  private mutating func advance() {
    passTime()
    let now = progress.elapsed
    while let (number, generation) = settling.next(
      before: table.heldRecords > options.mostRecords ? .max : now - options.quiet)
    {
      guard table.isOpen(number, generation) else { continue }
      let touched = table.touched(number)
      if touched > now - options.quiet && table.heldRecords <= options.mostRecords
        && !table.isSettled(number)
      {
        settling.add(number, generation, at: touched)
      } else {
        settle(number)
      }
    }
    while let (number, generation) = closing.next(
      before: isFull ? .max : now - options.horizon)
    {
      guard table.isOpen(number, generation) else { continue }
      let touched = table.touched(number)
      let isPressed =
        closing.count >= options.mostCases || table.settledWords > options.mostSettledWords
      if touched > now - options.horizon && !isPressed {
        closing.add(number, generation, at: touched)
      } else {
        if isPressed && touched > now - options.horizon { evicted += 1 }
        close(number)
      }
    }
  }

  private var isFull: Bool {
    closing.count > options.mostCases || table.settledWords > options.mostSettledWords
  }

  /// Screens a case, where that was not done, and puts it among those that wait for their end.
  private mutating func settle(_ number: UInt32) {
    if !table.isSettled(number) {
      var records = CaseRecords(table.records(of: number))
      let loud = screen.look(&records, lanes, &tally, &desk)
      tally.takeLatencies(into: &latencies)
      table.settle(number, loud)
    }
    closing.add(number, table.generation(of: number), at: table.touched(number))
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
    suspect(number)
    forgotten.noteClosed()
    for hash in table.identities(of: number) { forgotten.insert(hash) }
    table.close(number)
  }

  /// Puts a case that ends among those to be judged, where any rule may have something to say of it.
  private mutating func suspect(_ number: UInt32) {
    let loud = table.loudRules(of: number)
    if loud.isEmpty {
      intake.forgetEvents(of: table.settled(number))
      return
    }
    suspects.append(
      ClosedCase(
        events: table.settled(number), loud: loud,
        isContinued: isContinued(table.identities(of: number))))
  }

  /// Whether events of the case may have been closed before.
  private func isContinued(_ identities: ArraySlice<UInt64>) -> Bool {
    forgotten.count > 0
      && (forgotten.isIncomplete || identities.contains { forgotten.mayHold($0) })
  }

  private static let usualPart = 256
  private static let mostPartEvents = 6000

  /// Suspects enough to be judged apart, on any thread; `nil` where there are none, or few and the logs go on.
  mutating func giveOut() -> PartToJudge? {
    while isFinished, suspects.count < LogSession.usualPart, let one = nextOpen() {
      suspects.append(one)
    }
    if suspects.isEmpty || (!isFinished && suspects.count < LogSession.usualPart) { return nil }
    guard let isHolding else { return nil }
    var cases: [ClosedCase] = []
    var events = 0
    // What is read again of a part is held at once.
    while events < LogSession.mostPartEvents, cases.count < LogSession.usualPart,
      cases.count < suspects.count
    {
      let one = suspects[cases.count]
      events += one.events.count
      cases.append(one)
    }
    suspects.removeFirst(cases.count)
    let knowledge = final ?? knowledge(.reading)
    givenOut += 1
    if isHolding { inFlight += cases.count }
    return PartToJudge(
      number: givenOut - 1, cases: cases,
      evaluator: evaluation(knowing: knowledge, isHolding: isHolding))
  }

  /// Whether cases of the next part at which a rule finds something wait for the end, where they are put into words.
  ///
  /// Until then they take no more room than others. As many wait as findings may be listed.
  /// `nil` where that depends on parts that are not taken in yet: it must be the same for any number of threads.
  private var isHolding: Bool? {
    if isFinished || hasDecidedEarly { return false }
    let most = min(options.mostFindings, options.mostHeld)
    if deferred.count + inFlight < most { return true }
    return deferred.count >= most ? false : givenOut > takenIn ? nil : true
  }

  /// Takes what was found in a part, whenever it comes.
  mutating func takeIn(_ evaluation: CaseEvaluation, of number: Int) {
    early[number] = evaluation
    while var part = early.removeValue(forKey: takenIn) {
      takenIn += 1
      if part.isHolding { inFlight -= part.looked }
      deferred += part.deferred
      part.deferred = []
      append(part)
    }
    if deferred.count > options.mostDeferred {
      // So many that they cannot wait for the end: what is known by now decides.
      var cases = deferred[...]
      deferred = []
      hasDecidedEarly = true
      while !cases.isEmpty {
        append(
          self.evaluation(knowing: knowledge(.decided)).evaluate(cases.prefix(Self.usualPart)))
        cases = cases.dropFirst(Self.usualPart)
      }
    }
  }

  private func evaluation(
    knowing knowledge: LogKnowledge, isHolding: Bool = false
  ) -> CaseEvaluator {
    // Before the end only where so many are listed that not all of them can wait.
    let isListing =
      (knowledge.isFinal || options.mostFindings > options.mostHeld)
      && evaluated.findings.count < options.mostFindings
    return CaseEvaluator(
      plan: plan, sources: sources, options: options, knowledge: knowledge,
      brackets: intake.brackets, problems: intake.problems, screen: screen, maker: maker,
      isListing: isListing && !isHolding, isHolding: isHolding)
  }

  private func knowledge(_ phase: LogKnowledge.Phase) -> LogKnowledge {
    var offsets: [String: Int64] = [:]
    var places: [String: Int] = [:]
    // Before the end, whatever depends on them is put off.
    if phase != .reading {
      var clocks = clocks
      places = clocks.places { intake.name(of: $0) }
      for (producer, clock) in clocks.finish() {
        if let offset = clock.offset { offsets[intake.name(of: producer)] = offset }
      }
    }
    return LogKnowledge(
      phase: phase, begin: begin, end: end,
      near: min(options.horizon, latencies.quantile(0.999) ?? plan.roundBudgetNanoseconds),
      offsets: offsets, gaps: clocks.gaps,
      greatestGap: phase == .reading ? nil : clocks.gaps.greatest, places: places,
      hasForgotten: forgotten.count > 0)
  }

  /// A source goes on up to a time, whatever its last lines say.
  mutating func note(lastTime: Int64, of source: Int) {
    intake.note(lastTime: lastTime, of: source)
    end = max(end, lastTime)
  }

  /// Ends the logs, once all that was given out is taken in: what is still open is a suspect or clean, and suspects are
  /// judged by all that is known.
  mutating func finish() {
    intake.finish()
    while let (number, generation) = settling.next(before: .max) {
      if table.isOpen(number, generation) { settle(number) }
    }
    suspects = deferred + suspects
    deferred = []
    table.end()
    final = knowledge(.ended)
  }

  /// The next of the cases that were open when the logs ended, where any rule may have something to say of it.
  private mutating func nextOpen() -> ClosedCase? {
    while let (number, generation) = closing.next(before: .max) {
      guard table.isOpen(number, generation) else { continue }
      let loud = table.loudRules(of: number)
      defer { table.close(number) }
      if loud.isEmpty { continue }
      return ClosedCase(
        events: table.settled(number), loud: loud,
        isContinued: isContinued(table.identities(of: number)))
    }
    table = CaseTable()
    forgotten.end()
    return nil
  }

  /// Ends the judging, once all that was given out is taken in: what had to wait for the others is judged by what they say.
  mutating func conclude() {
    suspects = deferred
    deferred = []
    final = knowledge(.decided)
  }

  private var isFinished: Bool { final != nil }

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
    for latency in part.latencies { latencies.add(latency) }
    for latency in part.withdrawnLatencies { latencies.remove(latency) }
    evaluated.append(part, listingAtMost: options.mostFindings)
  }

  /// Everything but the findings.
  func statistics() -> SessionStatistics {
    var result = SessionStatistics()
    result.sources = intake.statistics
    result.problems = intake.problems
    result.redelivered = tally.redelivered + evaluated.redelivered
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
    result.ledger.merge(
      tally.ledger(plan, producer: { intake.name(of: $0) }, step: { intake.name(ofStep: $0) }))
    return result
  }
}
