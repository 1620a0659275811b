import EventLogs
import Findings
import Rules

/// One of the logs of a run, as far as judging needs to look at it again.
struct RecordedSource: Sendable {
  /// As reports show it.
  var path: String
  /// Sources of one lane follow upon each other, so that their lines have an order; between lanes only times have one.
  var lane: UInt16 = 0
  var schema: EventSchema
  /// The log, where events can be read again in place.
  var bytes: LogBytes?
  /// They are a copy, of a log that is compressed or comes through a pipe.
  var isSpooled = false
  /// The state that its events stand in.
  var state: LogStateFile?
  /// The log that the state was made of, for quoting.
  var standing: StandingLog?
  /// Its events, where they cannot.
  var archive: EventArchive?
}

/// A closed case that needs a closer look.
struct ClosedCase: Sendable {
  var events: SettledCase
  /// The rules that may have something to say of it.
  var loud: LoudRules
  /// Some of its identities were closed before: what is missing may have been forgotten.
  var isContinued = false
}

extension ClosedCase {
  /// The same, of which nothing was counted.
  var uncounted: ClosedCase {
    var one = self
    one.events.forgetCounted()
    return one
  }
}

/// What is known of the logs as a whole.
struct LogKnowledge: Sendable {
  var phase: Phase
  var begin: Int64
  var end: Int64
  /// How long after the start a certificate may still be missing because it came before.
  var near: Int64
  var isFinal: Bool { phase != .reading }

  enum Phase: Sendable {
    /// What only the rest of the logs decides is put off.
    case reading
    /// The logs have ended: put off is what only the latencies of all cases decide.
    case ended
    /// Nothing is put off any more.
    case decided
  }

  /// Clock offsets in nanoseconds, by producer.
  var offsets: [String: Int64]
  /// By how much they can differ, with the producers' places there.
  var gaps: ClockGaps
  /// The greatest of these; `nil` where that is not known yet.
  var greatestGap: Int64?
  var places: [String: Int]
  var hasForgotten: Bool
}

/// What the judging of some cases gave.
struct CaseEvaluation: Sendable {
  /// With the path and place that they are ordered by.
  var findings: [Finding] = []
  /// The stories that findings point into.
  var timelines: [Timeline] = []
  var ledger = UseLedger()
  var observations: [StepObservation] = []
  var redelivered = 0
  /// Findings beyond those that are listed.
  var unlisted = UnlistedFindings()
  /// Cases that only the end of the logs decides.
  var deferred: [ClosedCase] = []
  /// How long certificates took, and what was noted of that too early.
  var latencies: [Int64] = []
  var withdrawnLatencies: [Int64] = []
  /// How many cases were looked at, and whether all at which a rule found something wait.
  var looked = 0
  var isHolding = false
  /// Events that could not be read again.
  var lost = 0
  /// Findings of events of no known output: one for each rule and sink, whatever case they are in.
  var unidentified: [String: Unidentified] = [:]

  struct Unidentified: Sendable {
    var finding: Finding
    var isViolated: Bool
    var time: Int64
  }

  /// Adds what was found elsewhere; of findings, as many as may be listed.
  mutating func append(_ other: CaseEvaluation, listingAtMost most: Int) {
    var places: [Int: Int] = [:]
    for var finding in other.findings {
      if findings.count >= most {
        unlisted.add(finding.severity, isInconclusive: finding.isInconclusive)
        continue
      }
      if let own = finding.evidence?.timeline {
        if places[own] == nil {
          places[own] = timelines.count
          timelines.append(other.timelines[own])
        }
        finding.evidence?.timeline = places[own]
      }
      findings.append(finding)
    }
    unlisted.merge(other.unlisted)
    ledger.merge(other.ledger)
    observations += other.observations
    redelivered += other.redelivered
    deferred += other.deferred
    lost += other.lost
    for (key, one) in other.unidentified { add(one, key) }
  }

  mutating func add(_ one: Unidentified, _ key: String) {
    if let known = unidentified[key] {
      let isBetter =
        one.isViolated != known.isViolated
        ? one.isViolated
        : (one.time, one.finding.location.path, one.finding.location.startByte)
          < (known.time, known.finding.location.path, known.finding.location.startByte)
      if !isBetter { return }
    }
    unidentified[key] = one
  }
}

/// Reads the events of closed cases again and judges them by all rules.
struct CaseEvaluator: Sendable {
  let plan: LogPlan
  let sources: [RecordedSource]
  let options: LogOptions
  let knowledge: LogKnowledge
  let brackets: [LogIntake.EventKey: LogIntake.Bracket]
  let problems: [[LogProblem]]
  let screen: CaseScreen
  let maker: RecordMaker
  /// Findings are put into words; beyond those that are listed they are only counted.
  let isListing: Bool
  /// Cases at which a rule finds something wait for the end.
  let isHolding: Bool
  /// What is listed beside this, and which part of it this is.
  var listing: (count: ListingCount, part: Int)?

  func evaluate(_ cases: ArraySlice<ClosedCase>) -> CaseEvaluation {
    var result = CaseEvaluation()
    result.looked = cases.count
    result.isHolding = isHolding
    // Those that were clean once are looked at again, and judged only where they are not any more.
    let again = cases.filter { $0.events.isCounted }
    var loader = EventLoader(
      again + cases.filter { !$0.events.isCounted }, from: sources, maker.readers)
    var loaded = again.indices.map { loader.load($0) }
    let isClean = look(again: loaded, loader, &result)
    loaded = zip(loaded, isClean).filter { !$1 }.map { $0.0 }
    loaded += (again.count..<cases.count).map { loader.load($0) }
    loader.giveBackReaders()
    var store = LogStore(plan: plan)
    store.lanes = sources.map(\.lane)
    for one in loaded {
      result.lost += one.lost
      for (index, place) in zip(one.range, one.places) {
        if place.isLate { store.late.insert(index) }
        if brackets.isEmpty { continue }
        let key = LogIntake.EventKey(source: place.source, offset: place.offset)
        if let bracket = brackets[key] {
          store.brackets[index] = (bracket.earliest, bracket.latest)
        }
      }
    }
    store.events = loader.batch.events
    store.fields = loader.batch.fields
    store.numbers = loader.batch.numbers
    let texts = loader.batch.texts
    var offsets: [UInt32: Int64] = [:]
    for (producer, offset) in knowledge.offsets {
      if let number = texts.find(Array(producer.utf8).span) { offsets[number] = offset }
    }
    var places: [UInt32: Int] = [:]
    for (producer, place) in knowledge.places {
      if let number = texts.find(Array(producer.utf8).span) { places[number] = place }
    }
    let orderer = EventOrderer(
      offsets: offsets, gaps: knowledge.gaps, greatestGap: knowledge.greatestGap, places: places,
      maximumSkew: options.maximumSkew)
    let tests = TestEvaluator(store: store, texts: texts)
    var conditions = ConditionEvaluator(
      orderer: orderer, budget: plan.roundBudgetNanoseconds, certificate: plan.certificate,
      damage: problems.map { $0.map(\.lines) }, tests: tests)
    conditions.logEnd = knowledge.end
    var judge = CaseJudge(plan: plan, paths: sources.map(\.path), conditions: conditions)
    var writer = EventFindingWriter(
      sources: sources, plan: plan, tests: tests, end: knowledge.end, lines: loader.lines)
    for one in loaded {
      let isListed = isListing && isOpen(result)
      let judged = judge.judge(
        one.range, in: store, by: one.closed.loud, isTelling: isListed)
      if (isHolding && !judged.isEmpty) || mustWait(judged, orderer) {
        // What was counted of it is taken back already.
        result.deferred.append(one.closed.uncounted)
        continue
      }
      result.redelivered += judge.redelivered
      result.latencies += judge.latencies
      judge.keepUses()
      write(judged, judge.timelines, one.closed, isListed, &writer, &result)
    }
    writer.sum(judge.uses, &result.ledger)
    return result
  }

  /// Whether the next finding may be among those that are listed.
  private func isOpen(_ result: CaseEvaluation) -> Bool {
    guard let listing else { return true }
    return listing.count.isOpen(for: listing.part, with: result.findings.count)
  }

  /// A second look at cases that were found clean before more of them came: what was counted is taken back, and counted
  /// again where the whole is clean too.
  private func look(
    again cases: [LoadedCase], _ loader: EventLoader, _ result: inout CaseEvaluation
  ) -> [Bool] {
    if cases.isEmpty { return [] }
    var batch = RecordBatch()
    maker.append(loader.batch, to: &batch)
    for index in batch.records.indices {
      batch.records[index].source = loader.batch.events[index].source
      batch.records[index].serial = UInt64(index)
    }
    var desk = screen.takeDesk()
    defer { screen.giveBack(desk) }
    var counted = UseTally()
    var clean = UseTally()
    let lanes = sources.map(\.lane)
    let isClean = cases.map { one in
      if one.lost > 0 { return false }
      for range in one.closed.events.counted {
        var part = CaseRecords(
          batch.records,
          at: one.arrival[Int(range.lowerBound)..<Int(range.upperBound)].map { Int32($0) })
        screen.count(&part, lanes, &counted, &desk)
      }
      // In the order of arrival, as far as there is one.
      var all = CaseRecords(
        batch.records, at: Array(Int32(one.range.lowerBound)..<Int32(one.range.upperBound)))
      return screen.look(&all, lanes, &clean, &desk).isEmpty
    }
    func ledger(_ tally: UseTally) -> UseLedger {
      tally.ledger(
        plan, producer: { batch.producers[Int($0)].name }, step: { batch.steps[Int($0)].name })
    }
    result.ledger.takeBack(ledger(counted))
    result.ledger.merge(ledger(clean))
    result.latencies += clean.latencies
    result.withdrawnLatencies += counted.latencies
    result.redelivered += clean.redelivered - counted.redelivered
    return isClean
  }

  /// Whether what the rest of the logs tells could change the verdicts.
  private func mustWait(_ judgements: [Judgement], _ orderer: EventOrderer) -> Bool {
    if knowledge.phase == .decided { return false }
    if knowledge.phase == .reading, options.maximumSkew == nil, orderer.hasDisagreed { return true }
    return judgements.contains { one in
      one.dependsOnHead && isPossiblyNear(one.event)
    }
  }

  /// Close enough to the start that the end's knowledge of latencies decides.
  private func isPossiblyNear(_ event: CaseEvent) -> Bool {
    if knowledge.begin == .max || event.earliest == .min { return true }
    let (gap, overflow) = event.earliest.subtractingReportingOverflow(knowledge.begin)
    return overflow || gap <= options.horizon
  }

  private func isNear(_ event: CaseEvent) -> Bool {
    if knowledge.begin == .max || event.earliest == .min { return true }
    let (gap, overflow) = event.earliest.subtractingReportingOverflow(knowledge.begin)
    return overflow ? event.earliest < knowledge.begin : gap <= knowledge.near
  }

  private func write(
    _ judgements: [Judgement], _ timelines: [(output: UInt32, timeline: Timeline)],
    _ one: ClosedCase, _ isListed: Bool, _ writer: inout EventFindingWriter,
    _ result: inout CaseEvaluation
  ) {
    var best = BestJudgements()
    for var judgement in judgements {
      var doubt: String?
      if judgement.dependsOnHead && isNear(judgement.event) { doubt = "log-starts-later" }
      if judgement.isUnfounded && one.isContinued { doubt = doubt ?? "forgotten" }
      if let doubt {
        judgement.verdict = .inconclusive
        judgement.outcome = EventRequirement.Outcome(cause: doubt)
        judgement.gap = nil
      }
      if let observation = writer.observation(judgement) {
        result.observations.append(observation)
      }
      if judgement.verdict == .violated { writer.note(judgement) }
      best.offer(judgement, writer.key(of: judgement))
    }
    let stories = Dictionary(
      timelines.indices.map { (timelines[$0].output, $0) }, uniquingKeysWith: { first, _ in first })
    var told: [UInt32: Int] = [:]
    for (key, judgement) in best.ordered {
      if !isListed && key.output != Event.nobody {
        if let severity = writer.severity(of: judgement) {
          result.unlisted.add(severity, isInconclusive: judgement.verdict == .inconclusive)
        }
        continue
      }
      guard var finding = writer.finding(judgement) else { continue }
      if key.output == Event.nobody {
        result.add(
          CaseEvaluation.Unidentified(
            finding: finding, isViolated: judgement.verdict == .violated,
            time: judgement.event.earliest), writer.name(of: key))
        continue
      }
      if judgement.verdict == .violated {
        let output = judgement.event.output
        if told[output] == nil, let story = stories[output] {
          told[output] = result.timelines.count
          result.timelines.append(timelines[story].timeline)
        }
        finding.evidence?.timeline = told[output]
      }
      result.findings.append(finding)
    }
  }
}

/// One judgement for each key: the one that tells most.
private struct BestJudgements {
  private var places = PlacesByKey<Judgement.Key>()
  private var all: [Judgement] = []

  mutating func offer(_ judgement: Judgement, _ key: Judgement.Key) {
    if let place = places.place(of: key) {
      if BestJudgements.isBetter(judgement, than: all[place]) { all[place] = judgement }
    } else {
      places.append(key)
      all.append(judgement)
    }
  }

  /// Their keys in the order of their events and rules.
  var ordered: [(key: Judgement.Key, judgement: Judgement)] {
    let order =
      all.count < 2
      ? Array(all.indices)
      : all.indices.sorted {
        (all[$0].event.index, all[$0].rule) < (all[$1].event.index, all[$1].rule)
      }
    return order.map { (places.keys[$0], all[$0]) }
  }

  /// Violated before undecided, then the one that happened first.
  private static func isBetter(_ left: Judgement, than right: Judgement) -> Bool {
    if left.verdict != right.verdict { return left.verdict == .violated }
    return (left.event.earliest, left.event.index) < (right.event.earliest, right.event.index)
  }
}
