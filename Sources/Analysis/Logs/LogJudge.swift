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
    LogRecognition.recognizes(head: head, schemas: deferred.schemas) { plan.runs }
  }

  /// Reads the log once and says what it shows.
  ///
  /// - Parameters:
  ///   - source: the log.
  ///   - format: the name of its format or of a mapping; `nil` lets its content decide.
  /// - Returns: findings, problems of the file, and figures.
  package func judge(_ source: LogSource, as format: String? = nil) -> LogJudgement {
    judge([source], as: format)[0]
  }

  /// Reads logs of one recording and says of each what it shows, on this thread alone.
  ///
  /// Findings stand with the first log, whichever they are in.
  package func judge(_ sources: [LogSource], as format: String? = nil) -> [LogJudgement] {
    let recording = Recording(sources, as: format, plan: plan, options: options)
    var run = RecordingRun(recording, plan: plan, screen: deferred.screen, options: options)
    let listing = ListingCount(atMost: options.mostFindings)
    run.readStreams()
    while let (lane, block) = run.nextBlock() {
      run.take(run.scan(lane, block), of: lane)
      while let part = run.giveOut() { run.takeIn(part.evaluate(listing), of: part.number) }
    }
    run.finish()
    while let part = run.giveOut() { run.takeIn(part.evaluate(listing), of: part.number) }
    run.conclude()
    while let part = run.giveOut() { run.takeIn(part.evaluate(listing), of: part.number) }
    return run.judgements()
  }

  /// Likewise on several threads; the answer is the same for any number of them, and `notify` is told now and then how
  /// far the reading has come.
  package func judge(
    _ sources: [LogSource], as format: String? = nil, jobs: Int,
    notify: (@Sendable (LogAdvance) -> Void)? = nil
  ) async -> [LogJudgement] {
    if jobs < 2 && notify == nil { return judge(sources, as: format) }
    let recording = Recording(
      sources, as: format, plan: plan, options: options, notify: notify)
    var run = RecordingRun(recording, plan: plan, screen: deferred.screen, options: options)
    let listing = ListingCount(atMost: options.mostFindings)
    run.readStreams()
    await withTaskGroup(of: Done.self) { group in
      var window = BlockWindow(lanes: recording.lanes, tasks: jobs)
      var isJudging = 0
      /// Waits for whatever is done next; `false` where nothing is.
      func wait() async -> Bool {
        switch await group.next() {
        case .read(let place, let batch)?: window.put(batch, at: place)
        case .judged(let number, let evaluation)?:
          isJudging -= 1
          run.takeIn(evaluation, of: number)
        case nil: return false
        }
        return true
      }
      /// Gives out what there is to judge; what is found must not pile up faster than it is taken.
      func judge() async {
        while let part = run.giveOut() {
          isJudging += 1
          group.addTask { .judged(part.number, part.evaluate(listing)) }
          while isJudging > 2 * jobs, await wait() {}
        }
      }
      while let (lane, place) = run.nextBlock() {
        for (lane, place) in window.toStart(around: lane, place) {
          let scan = run.scanner(lane, place)
          group.addTask { .read(place, scan()) }
        }
        while true {
          if let batch = window.take(lane, place) {
            run.take(batch, of: lane)
            break
          }
          guard await wait() else { break }
        }
        await judge()
        notify?(run.advance)
      }
      while isJudging > 0, await wait() {}
      run.finish()
      await judge()
      while isJudging > 0, await wait() {}
      run.conclude()
      await judge()
      while isJudging > 0, await wait() {}
    }
    return run.judgements()
  }
}

/// What a task of a group has done.
private enum Done: Sendable {
  case read(LaneBlock, RecordBatch)
  case judged(Int, CaseEvaluation)
}

/// What a person may decide about the judging of a log.
package struct LogOptions: Sendable {
  /// The bound of every producer's clock offset, in nanoseconds; `nil` has it estimated from the log.
  package var maximumSkew: Int64?
  /// How long an output is remembered after its last event, in nanoseconds of the log's time.
  package var horizon: Int64 = LogOptions.usualHorizon
  /// Whether every byte of a line is looked at: text, escapes, numbers, the balance of brackets.
  package var isStrict = false
  /// What makes a line worth another look, by whoever asks.
  package var telltales = Deferred(LineTelltales())
  /// Where to write a state of the judging to.
  package var statePath: String?
  /// How large a part of a log is read at once, in bytes; the answer is the same for any size.
  package var blockSize = LineBlocks.usualSize
  /// Whether cases that are certainly clean are spared the full judging; the answer is the same either way.
  package var isScreening = true
  /// So many cases are remembered at most: beyond, the longest quiet one is closed before its time.
  package var mostCases = 160_000
  /// So much room, in words of eight bytes, is for what is left of cases at most: about as many events.
  package var mostSettledWords = 9 << 19
  /// So many events are held as records at most.
  package var mostRecords = 120_000
  /// So many findings are listed at most; others are counted.
  package var mostFindings = Int.max
  /// A case of so many events is closed, and what follows counts as another one.
  package var mostEvents = 1 << 20
  /// So many cases wait for the end of the log at most.
  package var mostDeferred = 1 << 16
  /// So many of those with findings at most.
  package var mostHeld = 1 << 15
  /// A case that is quiet for so long is screened.
  package var quiet: Int64 = 30_000_000_000

  /// An hour.
  package static let usualHorizon: Int64 = 3_600_000_000_000

  package init(maximumSkew: Int64? = nil) { self.maximumSkew = maximumSkew }
}
