import EventLogs

/// What is known of the sources of a session as they come in: lines, producers, damage, and the times that an event
/// without one can have had.
struct LogIntake: Sendable {
  /// By source.
  private(set) var statistics: [SourceStatistics]
  /// Damage, by source.
  private(set) var problems: [[LogProblem]]
  private(set) var brackets: [EventKey: Bracket] = [:]
  /// By lane and producer: the latest time so far.
  private var latest: [[Int64]] = []
  /// Where so many events of a producer in one stretch are all earlier than one before, that one's time was wrong.
  private static let confirmations = 24

  private var numbers: [UInt64: UInt32] = [:]
  private var names: [String] = []
  /// Of the present batch: numbers of the session.
  private var batchNumbers: [UInt32] = []
  private var stepNumbers: [UInt64: UInt32] = [:]
  private var stepNames: [String] = []
  private var batchSteps: [UInt32] = []
  private var sources: [Source]

  struct EventKey: Hashable, Sendable {
    var source: UInt16
    var offset: Int64
  }

  /// The earliest and latest time that an event can have had.
  struct Bracket: Sendable {
    var earliest: Int64
    var latest: Int64
    /// The next time of anybody in the file, for a producer that falls silent.
    var following: Int64?
  }

  private struct Source: Sendable {
    var lastTime: Int64?
    /// By the session's producers, one more than the last for events that name none.
    var lastTimes: [Int64] = []
    /// Events still waiting for the next time of their producer, and of anybody.
    var waiting: [UInt32: [Int64]] = [:]
    var unfollowed: [Int64] = []

    mutating func note(_ time: Int64, of producer: UInt32) {
      let slot = producer == EventRecord.nobody ? 0 : Int(producer) + 1
      while slot >= lastTimes.count { lastTimes.append(.min) }
      lastTimes[slot] = time
      lastTime = time
    }
  }

  init(sources count: Int) {
    statistics = Array(repeating: SourceStatistics(), count: count)
    problems = Array(repeating: [], count: count)
    sources = Array(repeating: Source(), count: count)
  }

  /// Takes what a batch says beside its events.
  mutating func begin(_ batch: RecordBatch, of source: Int) {
    let base = statistics[source].lines
    for var problem in batch.problems {
      problem.lines = problem.lines.lowerBound + base...problem.lines.upperBound + base
      problem.join(&problems[source])
    }
    for var one in batch.telltales {
      one.line += base
      statistics[source].telltales.append(one)
    }
    statistics[source].passedTelltales += batch.passedTelltales
    statistics[source].lines += batch.lines
    statistics[source].bytes += batch.bytes
    statistics[source].others.add(batch.others)
    if let failure = batch.failure {
      let lines = max(1, statistics[source].lines)
      // Where the data ends, the last line does too.
      if let last = problems[source].last, last.severity == .note, last.lines.contains(lines) {
        problems[source].removeLast()
      }
      problems[source].append(
        LogProblem(
          severity: .error, message: "reading stopped here: \(failure.message)",
          lines: lines...lines, bytes: statistics[source].bytes..<statistics[source].bytes))
    }
    batchNumbers.removeAll(keepingCapacity: true)
    for producer in batch.producers {
      if let known = numbers[producer.hash] {
        batchNumbers.append(known)
      } else {
        let number = UInt32(names.count)
        numbers[producer.hash] = number
        names.append(producer.name)
        batchNumbers.append(number)
      }
    }
    batchSteps.removeAll(keepingCapacity: true)
    for step in batch.steps {
      let number = stepNumbers[step.hash] ?? UInt32(stepNames.count)
      if stepNumbers.updateValue(number, forKey: step.hash) == nil { stepNames.append(step.name) }
      batchSteps.append(number)
    }
  }

  mutating func note(lastTime: Int64, of source: Int) { statistics[source].lastTime = lastTime }

  mutating func count(events: Int, of source: Int) { statistics[source].events += events }

  /// The session's number of a batch's step.
  func step(_ number: UInt32) -> UInt32 {
    number == EventRecord.nobody ? EventRecord.nobody : batchSteps[Int(number)]
  }

  func name(ofStep step: UInt32) -> String { stepNames[Int(step)] }

  /// The session's number of a batch's producer.
  func producer(_ number: UInt32) -> UInt32 {
    number == EventRecord.nobody ? EventRecord.nobody : batchNumbers[Int(number)]
  }

  func name(of producer: UInt32) -> String {
    producer == EventRecord.nobody ? "" : names[Int(producer)]
  }

  /// Takes an event's time.
  mutating func place(_ time: Int64, of producer: UInt32, in source: Int) {
    if isWaiting { follow(time, producer, source) }
    sources[source].note(time, of: producer)
  }

  /// Takes the times of events, none of which tells anything of an event without one but the last of each producer.
  mutating func placeLast(of moments: EventMoments, in source: Int) {
    var isOpen = moments.counts.map { $0 > 0 }
    var open = isOpen.count { $0 }
    for moment in moments.all.reversed() {
      let place = EventMoments.place(of: moment.producer)
      if !isOpen[place] { continue }
      isOpen[place] = false
      sources[source].note(moment.time, of: producer(moment.producer))
      open -= 1
      if open == 0 { break }
    }
    if let time = moments.all.last?.time { sources[source].lastTime = time }
  }

  /// Where those events of a stretch stand that came late by what the lane's stretches before it tell: nobody's clock is
  /// no single one.
  mutating func late(_ moments: EventMoments, in lane: Int) -> Set<Int64> {
    while latest.count <= lane { latest.append([]) }
    // By place in the stretch: the latest time before it, of those that begin earlier.
    var before: [Int64] = []
    for (place, reach) in moments.reaches.enumerated().dropFirst() where reach.latest != .min {
      let number = Int(producer(EventMoments.producer(at: place)))
      while latest[lane].count <= number { latest[lane].append(.min) }
      if reach.latest < latest[lane][number], moments.counts[place] >= LogIntake.confirmations {
        latest[lane][number] = reach.latest
      } else if reach.first < latest[lane][number] {
        if before.isEmpty { before = Array(repeating: .min, count: moments.reaches.count) }
        before[place] = latest[lane][number]
      }
      latest[lane][number] = max(latest[lane][number], reach.latest)
    }
    var late: Set<Int64> = []
    if before.isEmpty { return late }
    for moment in moments.all
    where moment.isTimed && moment.time < before[EventMoments.place(of: moment.producer)] {
      late.insert(moments.offset(of: moment))
    }
    return late
  }

  /// An event without a time waits for the next ones.
  private(set) var isWaiting = false

  /// Notes between which times an event stands that has none itself.
  mutating func place(untimed offset: Int64, of producer: UInt32, in source: Int) {
    statistics[source].untimed += 1
    let slot = producer == EventRecord.nobody ? 0 : Int(producer) + 1
    let own =
      slot < sources[source].lastTimes.count ? sources[source].lastTimes[slot] : Int64.min
    let earliest = own != .min ? own : sources[source].lastTime ?? .min
    let key = EventKey(source: UInt16(truncatingIfNeeded: source), offset: offset)
    brackets[key] = Bracket(earliest: earliest, latest: .max)
    sources[source].waiting[producer, default: []].append(offset)
    sources[source].unfollowed.append(offset)
    isWaiting = true
  }

  private mutating func follow(_ time: Int64, _ producer: UInt32, _ source: Int) {
    let number = UInt16(truncatingIfNeeded: source)
    for offset in sources[source].unfollowed {
      brackets[EventKey(source: number, offset: offset)]?.following = time
    }
    sources[source].unfollowed = []
    for offset in sources[source].waiting.removeValue(forKey: producer) ?? [] {
      brackets[EventKey(source: number, offset: offset)]?.close(time)
    }
    isWaiting = sources.contains { !$0.waiting.isEmpty }
  }

  /// Ends the logs: what waits for its producer's next time is placed by the file's.
  mutating func finish() {
    for source in sources.indices {
      for offset in sources[source].waiting.values.joined() {
        let key = EventKey(source: UInt16(truncatingIfNeeded: source), offset: offset)
        if let next = brackets[key]?.following { brackets[key]?.close(next) }
      }
      sources[source].waiting = [:]
    }
  }

  /// A case that needs no further look needs nothing of its events either.
  mutating func forgetEvents(of one: @autoclosure () -> SettledCase) {
    if brackets.isEmpty { return }
    for event in one().events {
      brackets.removeValue(forKey: EventKey(source: event.source, offset: event.offset))
    }
  }
}

extension LogIntake.Bracket {
  /// Late lines may stand in the wrong order: the range covers both neighbours.
  mutating func close(_ time: Int64) {
    latest = max(earliest, time)
    earliest = min(earliest, time)
  }
}

/// What was counted in one source.
struct SourceStatistics: Sendable {
  var lines = 0
  var bytes = 0
  var events = 0
  var untimed = 0
  /// When its last lines were, be they events or not.
  var lastTime: Int64?
  var others = UnknownNames()
  var telltales: [TelltaleLine] = []
  var passedTelltales = 0
}

/// What was counted over a session.
struct SessionStatistics: Sendable {
  var sources: [SourceStatistics] = []
  var problems: [[LogProblem]] = []
  var redelivered = 0
  var forgotten = 0
  var evicted = 0
  var producers: [LogStatistics.ProducerClock] = []
  var end = Int64.min
  var ledger = UseLedger()
}
