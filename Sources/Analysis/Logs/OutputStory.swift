import EventLogs
import Findings
import Rules

/// Tells the stories of a case's outputs: for each that was used wrongly, what happened to it and how it spread.
struct OutputStory {
  let plan: LogPlan
  /// The logs' paths as reports show them, by source.
  let paths: [String]
  let logEnd: Int64

  /// More moments or links than these say no more.
  static let mostMoments = 40
  static let mostLinks = 24
  /// A case this large is followed for each output's own events only.
  private static let mostFollowed = 256

  /// An event of the story with what it is to the output.
  struct Station {
    var event: Int
    var kind: Moment.Kind
    /// From an early use to its certificate; `.max` where none came.
    var exposure: Int64?
  }

  /// The stories of the outputs that these judgements find at fault, by the output's text.
  func timelines(
    _ one: LogCase, _ judgements: ArraySlice<Judgement>, _ conditions: inout ConditionEvaluator
  ) -> [(output: UInt32, timeline: Timeline)] {
    var outputs = PlacesByKey<UInt32>()
    /// By output: events of others that show what was wrong.
    var shown: [[Int]] = []
    for judgement in judgements where judgement.verdict == .violated {
      let output = judgement.event.output
      if output == Event.nobody { continue }
      if outputs.place(of: output) == nil {
        outputs.append(output)
        shown.append([])
      }
      guard let place = outputs.place(of: output) else { continue }
      for witness in judgement.witnesses.prefix(DistinctCount.mostWitnesses)
      where witness.output != output {
        shown[place].append(witness.index)
      }
    }
    if shown.isEmpty { return [] }
    var members = [[Int]](repeating: [], count: shown.count)
    for (place, event) in one.events.enumerated() {
      if let output = outputs.place(of: event.output) { members[output].append(place) }
    }
    var firstUses: [UInt32: Int] = [:]
    var timelines: [(output: UInt32, timeline: Timeline)] = []
    for (number, output) in outputs.keys.enumerated() {
      let others = shown[number].compactMap { one.place(of: $0) }
      let stations = stations(members[number] + others, of: output, in: one, &conditions)
      let first = stations.first { $0.exposure != nil }?.event
      if let first {
        let prompt = one.events[first].prompt
        let group = prompt == Event.nobody ? output : prompt
        if firstUses[group].map({ one.events[first].isFirst(before: one.events[$0]) }) ?? true {
          firstUses[group] = first
        }
      }
      timelines.append((output, timeline(of: output, stations, in: one, conditions.tests)))
    }
    for index in timelines.indices where timelines[index].timeline.chain != nil {
      let output = timelines[index].output
      guard let member = members[index].first else { continue }
      let prompt = one.events[member].prompt
      guard let first = firstUses[prompt == Event.nobody ? output : prompt] else { continue }
      timelines[index].timeline.chain?.firstOutput =
        conditions.tests.texts[one.events[first].output]
    }
    return timelines
  }

  private func stations(
    _ indices: [Int], of output: UInt32, in one: LogCase, _ conditions: inout ConditionEvaluator
  ) -> [Station] {
    let order = indices.sorted { one.events[$0].isFirst(before: one.events[$1]) }
    var stations: [Station] = []
    stations.reserveCapacity(order.count)
    for index in order where index != stations.last?.event {
      let event = one.events[index]
      let isOwn = event.output == output || event.output == Event.nobody
      // What happened to another output is only a witness here.
      var station = Station(event: index, kind: isOwn ? kind(of: event) : .other)
      if station.kind == .use, event.output == output,
        case .fails(let failure) = conditions.earlier(plan.proof, nil, index, in: one)
      {
        station.exposure = failure.isLate ? failure.gap ?? .max : .max
      }
      stations.append(station)
    }
    return stations
  }

  private func kind(of event: CaseEvent) -> Moment.Kind {
    if event.isIn(plan.use) { return .use }
    if event.isIn(plan.revocation) { return .revocation }
    if event.isIn(plan.compensation) { return .compensation }
    if event.isIn(plan.vote) { return .votes }
    if event.isIn(plan.certificate) { return .certificate }
    if event.isIn(plan.refusal) { return .refusal }
    if event.isIn(plan.generation) { return .response }
    if event.isIn(plan.request) { return .request }
    return event.isIn(plan.reuse) ? .reuse : .other
  }

  private func timeline(
    of output: UInt32, _ stations: [Station], in one: LogCase, _ tests: TestEvaluator
  ) -> Timeline {
    let response = stations.first { $0.kind == .response && one.events[$0.event].isTimed }
    let start = response ?? stations.first { one.events[$0.event].isTimed }
    let base = start.map { one.events[$0.event].earliest }
    var folder = MomentFolder(plan: plan, paths: paths, base: base)
    for station in stations { folder.add(station, in: one, tests) }
    var timeline = Timeline(
      output: tests.texts[output],
      // As many as there are: a list that grew has room for more.
      moments: folder.moments.prefix(Self.mostMoments).map { $0 },
      omittedMoments: max(0, folder.moments.count - Self.mostMoments))
    let proof = stations.first { $0.kind == .certificate }
    if let proof, one.events[proof.event].certificate != Event.nobody {
      timeline.certificate = tests.texts[one.events[proof.event].certificate]
    }
    guard let first = stations.first(where: { $0.exposure != nil }) else { return timeline }
    let use = one.events[first.event]
    timeline.isExposureOpen = first.exposure == .max
    let exposure = timeline.isExposureOpen ? rest(after: use) : first.exposure
    if use.latest != .max, use.earliest != .min {
      timeline.exposureMilliseconds = exposure.map { Double($0) / 1e6 }
    }
    timeline.precisionMilliseconds = max(
      tests.precisionMilliseconds(use),
      timeline.isExposureOpen
        ? 0 : proof.map { tests.precisionMilliseconds(one.events[$0.event]) } ?? 0)
    let writer = ChainWriter(story: self, base: base)
    let follows = one.events.count <= Self.mostFollowed
    timeline.chain = writer.chain(
      of: output, stations, from: first, follows: follows, in: one, tests)
    return timeline
  }

  /// How long the log goes on after an event.
  func rest(after event: CaseEvent) -> Int64? {
    if logEnd == .max || event.latest == .max { return nil }
    let (rest, overflow) = logEnd.subtractingReportingOverflow(event.latest)
    return overflow ? nil : max(0, rest)
  }
}

/// Puts stations into moments; several that say the same become one.
struct MomentFolder {
  let plan: LogPlan
  let paths: [String]
  let base: Int64?
  private(set) var moments: [Moment] = []
  /// Those that others may be folded into, and where they stand.
  private var known = PlacesByKey<Key>()
  private var places: [Int] = []

  private struct Key: Hashable {
    var kind: Moment.Kind
    var name: UInt16
    var sink: TextKey
    var isEarly: Bool
  }

  init(plan: LogPlan, paths: [String], base: Int64?) {
    self.plan = plan
    self.paths = paths
    self.base = base
  }

  mutating func add(_ station: OutputStory.Station, in one: LogCase, _ tests: TestEvaluator) {
    let event = one.events[station.event]
    let isOfUse = station.kind == .use || station.kind == .reuse
    guard isOfUse || station.kind == .votes || station.kind == .other else {
      return moments.append(
        moment(station, event, tests, sink: tests.textKey(plan.sinkSlots, event)))
    }
    let words = station.kind == .votes ? tallied(event, tests) : nil
    let key = Key(
      kind: station.kind, name: event.name,
      sink: isOfUse ? tests.textKey(plan.sinkSlots, event) : .none,
      isEarly: station.exposure != nil)
    guard let place = known.place(of: key).map({ places[$0] }) else {
      var moment = moment(station, event, tests, sink: key.sink)
      if let words { moment.tally = [Moment.Tally(value: words, count: 1)] }
      known.append(key)
      places.append(moments.count)
      moments.append(moment)
      return
    }
    moments[place].count += 1
    moments[place].lastLine = Int(tests.store.events[event.index].line)
    if let offset = offset(of: event) { moments[place].lastOffsetMilliseconds = offset }
    moments[place].precisionMilliseconds = max(
      moments[place].precisionMilliseconds, tests.precisionMilliseconds(event))
    // Several producers' events have no one clock.
    if moments[place].producer != producer(of: event, tests) { moments[place].producer = nil }
    guard let words else { return }
    if let index = moments[place].tally.firstIndex(where: { $0.value == words }) {
      moments[place].tally[index].count += 1
    } else {
      moments[place].tally.append(Moment.Tally(value: words, count: 1))
    }
  }

  /// A station by itself.
  func moment(
    _ station: OutputStory.Station, _ event: CaseEvent, _ tests: TestEvaluator, sink: TextKey
  ) -> Moment {
    let written = tests.store.events[event.index]
    return Moment(
      kind: station.kind, name: plan.schema.names[Int(event.name)],
      sink: tests.text(sink), path: paths[Int(written.source)],
      line: Int(written.line),
      time: written.time.isMissing ? nil : written.time.text,
      offsetMilliseconds: offset(of: event),
      precisionMilliseconds: tests.precisionMilliseconds(event),
      producer: producer(of: event, tests), isEarly: station.exposure != nil)
  }

  private func offset(of event: CaseEvent) -> Double? {
    guard let base, event.isTimed else { return nil }
    let (distance, overflow) = event.earliest.subtractingReportingOverflow(base)
    return overflow ? nil : Double(distance) / 1e6
  }

  private func producer(of event: CaseEvent, _ tests: TestEvaluator) -> String? {
    event.producer == Event.nobody ? nil : tests.texts[event.producer]
  }

  private func tallied(_ event: CaseEvent, _ tests: TestEvaluator) -> String {
    tests.firstText(plan.tallySlots, event) ?? "unknown"
  }
}

extension TestEvaluator {
  /// How finely an event's time is written, in milliseconds.
  func precisionMilliseconds(_ event: CaseEvent) -> Double {
    precisionMilliseconds(digits: Int(store.events[event.index].time.fractionDigits))
  }

  func precisionMilliseconds(digits: Int) -> Double {
    var precision = 1000.0
    for _ in 0..<min(9, digits) { precision /= 10 }
    return precision
  }

  /// The first of some fields that an event has.
  func firstText(_ slots: [UInt8], _ event: CaseEvent) -> String? {
    for slot in slots {
      if let text = text(.slot(slot), event) { return text }
    }
    return nil
  }
}
