package import EventLogs
import Findings
package import Rules

/// Judges recorded event logs by the rules over events.
package struct LogJudge: Sendable {
  package let options: LogOptions
  private let deferred: DeferredPlan
  private var plan: LogPlan { deferred.plan }

  /// Makes a judge; rules that do not speak of events are left alone.
  package init(
    rules: [Rule], protocols: [VerificationProtocol],
    integrations: IntegrationLibrary = IntegrationLibrary(), mappings: [LogMapping] = [],
    options: LogOptions = LogOptions()
  ) {
    self.options = options
    deferred = DeferredPlan(
      rules: rules, protocols: protocols, integrations: integrations, mappings: mappings)
  }

  /// Whether a file that starts with these bytes (some 64 kB are enough) is an event log.
  package func recognizes(head: [UInt8]) -> Bool {
    let plan = plan
    let vocabularies = plan.mappings.map(\.vocabulary) + [plan.vocabulary]
    return vocabularies.contains { vocabulary in
      LogRecognition.recognizes(head: head, vocabulary: vocabulary, interpreter: plan.runs)
    }
  }

  /// Reads the log once and says what it shows.
  ///
  /// - Parameters:
  ///   - source: the log.
  ///   - format: the name of its format or of a mapping; `nil` lets its content decide.
  /// - Returns: findings, problems of the file, and figures.
  package func judge(_ source: LogSource, as format: String? = nil) -> LogJudgement {
    var judgement = LogJudgement()
    do throws(LogInputError) {
      var input = try LogInput(source.input)
      _ = input.fill()
      let head = Array(input.buffer[0..<min(input.end, 1 << 16)])
      guard let format = plan.format(of: head, named: format) else {
        judgement.problems = Self.unreadable(&input)
        return judgement
      }
      judge(&input, as: format, source, &judgement)
    } catch {
      judgement.problems = [
        LogProblem(
          severity: .error, message: "it cannot be read: \(error.message)", lines: 1...1,
          bytes: 0..<0)
      ]
    }
    return judgement
  }

  /// A log without a single object: silent where it is blank.
  private static func unreadable(_ input: inout LogInput) -> [LogProblem] {
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

  private func judge(
    _ input: inout LogInput, as format: LogFormat, _ source: LogSource,
    _ judgement: inout LogJudgement
  ) {
    let box = StoreBox(LogStore(plan: plan))
    let schema = plan.schema(for: format)
    var feed = LogFeed(schema: schema, interpreter: plan.runs) { box.store.take($0) }
    format.reader.read(&input, into: &feed)
    feed.flush(atLeast: 1)
    box.store.finish()
    judgement.problems = feed.problems
    if let failure = input.failure {
      let end = input.offset + input.end
      judgement.problems.append(
        LogProblem(
          severity: .error, message: "reading stopped here: \(failure.message)",
          lines: feed.lines...max(1, feed.lines), bytes: end..<end))
    }
    let texts = feed.scanner.batch.texts
    var statistics = LogStatistics()
    statistics.lines = feed.lines
    statistics.events = box.store.events.count
    statistics.untimed = box.store.untimed
    for (index, count) in feed.scanner.unknownCounts.enumerated() {
      statistics.unknownNames[feed.scanner.unknownNames[UInt32(index)]] = count
    }
    let clocks = box.store.clocks.finish()
    for (producer, clock) in clocks {
      statistics.producers.append(
        LogStatistics.ProducerClock(
          producer: producer == Event.nobody ? "" : texts[producer], lines: clock.lines,
          offsetMilliseconds: clock.offset.map { Double($0) / 1e6 }))
    }
    statistics.producers.sort { $0.producer < $1.producer }
    let store = box.store
    box.store = LogStore(plan: plan)

    let orderer = EventOrderer(
      offsets: clocks.compactMapValues(\.offset), maximumSkew: options.maximumSkew)
    let tests = TestEvaluator(store: store, texts: texts)
    var conditions = ConditionEvaluator(
      orderer: orderer, budget: plan.roundBudgetNanoseconds, certificate: plan.certificate,
      damage: judgement.problems.map(\.lines), tests: tests)
    conditions.logEnd = store.end
    var judge = CaseJudge(plan: plan, path: source.path, conditions: conditions)
    let cases = store.cases()
    var start = 0
    for end in cases.ends {
      judge.judge(cases.order[start..<end], in: store)
      start = end
    }
    statistics.redelivered = judge.redelivered
    let near = Self.head(judge.latencies) ?? plan.roundBudgetNanoseconds
    var writer = EventFindingWriter(
      path: source.path, plan: plan, tests: tests, end: store.end,
      excerpts: LogExcerpts(of: source.input, schema: schema))
    write(judge.judgements, store.begin, near, &writer, &judgement)
    writer.attach(judge.timelines, to: &judgement)
    writer.sum(judge.uses, &judgement.ledger)
    for finding in judgement.findings {
      switch finding.evidence?.verdict {
      case .violated?: statistics.violated += 1
      case .inconclusive?: statistics.inconclusive += 1
      case nil: break
      }
    }
    judgement.statistics = statistics
  }

  /// How long after the log's start a certificate may still be missing because it came before: the 99.9th percentile
  /// of the log's own latencies.
  private static func head(_ latencies: [Int64]) -> Int64? {
    if latencies.isEmpty { return nil }
    let sorted = latencies.sorted()
    let rank = Int((Double(sorted.count) * 0.999).rounded(.up))
    return sorted[max(0, min(sorted.count, rank) - 1)]
  }

  private func write(
    _ judgements: [Judgement], _ begin: Int64, _ near: Int64, _ writer: inout EventFindingWriter,
    _ result: inout LogJudgement
  ) {
    var best: [Judgement.Key: Judgement] = [:]
    for var one in judgements {
      if one.dependsOnHead,
        begin == .max || one.event.earliest == .min
          || one.event.earliest - begin <= near
      {
        one.verdict = .inconclusive
        one.outcome.cause = "log-starts-later"
        one.gap = nil
      }
      if let observation = writer.observation(one) { result.observations.append(observation) }
      if one.verdict == .violated { writer.note(one) }
      let key = writer.key(of: one)
      if let known = best[key], !Self.isBetter(one, than: known) { continue }
      best[key] = one
    }
    for one in best.values {
      if let finding = writer.finding(one) { result.findings.append(finding) }
    }
    result.findings.sort {
      ($0.location.startByte, $0.rule, $0.cause ?? "", $0.route)
        < ($1.location.startByte, $1.rule, $1.cause ?? "", $1.route)
    }
  }

  /// Violated before undecided, then the one that happened first.
  private static func isBetter(_ left: Judgement, than right: Judgement) -> Bool {
    if left.verdict != right.verdict { return left.verdict == .violated }
    return (left.event.earliest, left.event.index) < (right.event.earliest, right.event.index)
  }
}

/// Lets the feed's closure fill a store.
private final class StoreBox {
  var store: LogStore
  init(_ store: LogStore) { self.store = store }
}

/// What a person may decide about the judging of a log.
package struct LogOptions: Sendable {
  /// The bound of every producer's clock offset, in nanoseconds; `nil` has it estimated from the log.
  package var maximumSkew: Int64?

  package init(maximumSkew: Int64? = nil) { self.maximumSkew = maximumSkew }
}
