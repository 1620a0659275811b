import EventLogs
import Findings
import Rules

/// Follows a provisional output from its first use on: through keys, requests and traces, until its proof.
struct ChainWriter {
  let story: OutputStory
  let base: Int64?
  private var plan: LogPlan { story.plan }

  init(story: OutputStory, base: Int64?) {
    self.story = story
    self.base = base
  }

  /// What is known of the way so far.
  private struct Way {
    /// The first link that wrote under a key, belongs to a request or a trace, by text.
    var keys: [UInt32: Int] = [:]
    var requests: [UInt32: Int] = [:]
    var traces: [UInt32: Int] = [:]
    var outputs: Set<UInt32> = []
  }

  /// The chain of an output whose first early use is known; `follows` asks for events that do not name the output, too.
  func chain(
    of output: UInt32, _ stations: [OutputStory.Station], from first: OutputStory.Station,
    follows: Bool, in one: LogCase, _ tests: TestEvaluator
  ) -> Chain {
    let begin = one.events[first.event]
    let end = end(stations, after: begin, in: one)
    let origin = stations.first { $0.kind == .response }.map { one.events[$0.event] }
    let own = stations.filter { one.events[$0.event].output == output }
    let carriers: UInt64 = 1 << UInt64(plan.use) | 1 << UInt64(plan.reuse)
    let generations: UInt64 = 1 << UInt64(plan.generation) | 1 << UInt64(plan.request)
    /// Whether it carries an output between the first use and the end.
    func isOnTheWay(_ index: Int) -> Bool {
      let event = one.events[index]
      if event.selections & (carriers | generations) == 0 || event.isFirst(before: begin) {
        return false
      }
      return end.map { event.isFirst(before: $0) } ?? true
    }
    let order: [(event: Int, station: OutputStory.Station?)]
    if follows {
      order = one.events.indices.filter(isOnTheWay)
        .sorted { one.events[$0].isFirst(before: one.events[$1]) }
        .map { index in (index, own.first { $0.event == index }) }
    } else {
      // Stations stand in their order.
      order = own.filter { isOnTheWay($0.event) }.map { ($0.event, $0) }
    }
    let folder = MomentFolder(plan: plan, paths: story.paths, base: base)
    var way = Way()
    way.outputs = [output]
    if let request = origin?.request, request != Event.nobody { way.outputs.insert(request) }
    var chain = Chain(firstOutput: tests.texts[output], links: [])
    chain.precisionMilliseconds = tests.precisionMilliseconds(begin)
    for (index, known) in order {
      let event = one.events[index]
      let isGeneration = event.selections & generations != 0
      guard
        let step = step(event, output, origin, way, tests, isOwn: known != nil && !isGeneration)
      else { continue }
      let place = chain.links.count + chain.omittedLinks
      if let key = text(plan.keySlots, event, tests), way.keys[key] == nil {
        way.keys[key] = place
      }
      if event.request != Event.nobody, way.requests[event.request] == nil {
        way.requests[event.request] = place
      }
      if let trace = plan.traceSlot.flatMap({ text([$0], event, tests) }), way.traces[trace] == nil
      {
        way.traces[trace] = place
      }
      if event.output != Event.nobody { way.outputs.insert(event.output) }
      if chain.links.count == OutputStory.mostLinks {
        chain.omittedLinks += 1
        continue
      }
      let station = known ?? OutputStory.Station(event: index, kind: kind(of: event))
      var link = Chain.Link(
        moment: folder.moment(
          station, event, tests, sink: tests.textKey(plan.sinkSlots, event)),
        output: event.output == Event.nobody ? tests.texts[output] : tests.texts[event.output],
        via: step.via, shared: step.shared.map { tests.texts[$0] })
      // A source that is not listed cannot be pointed at.
      link.source = step.source.flatMap { $0 < chain.links.count ? $0 : nil }
      chain.links.append(link)
    }
    close(&chain, begin, end, tests)
    return chain
  }

  private func kind(of event: CaseEvent) -> Moment.Kind {
    if event.isIn(plan.use) { return .use }
    if event.isIn(plan.generation) { return .response }
    return event.isIn(plan.request) ? .request : .reuse
  }

  /// How an event comes by the output; `nil` where it does not.
  private func step(
    _ event: CaseEvent, _ output: UInt32, _ origin: CaseEvent?, _ way: Way,
    _ tests: TestEvaluator, isOwn: Bool
  ) -> (via: Chain.Via, shared: UInt32?, source: Int?)? {
    if let key = text(plan.keySlots, event, tests), let source = way.keys[key] {
      return (.key, key, source)
    }
    for slot in plan.linkSlots {
      guard let text = text([slot], event, tests), way.outputs.contains(text) else { continue }
      if !isOwn || text != event.output { return (.supersedes, text, nil) }
    }
    let isGeneration = event.isIn(plan.generation) || event.isIn(plan.request)
    if isGeneration { return nil }
    if event.request != Event.nobody, event.request != origin?.request,
      let source = way.requests[event.request]
    {
      return (.request, event.request, source)
    }
    if let trace = plan.traceSlot.flatMap({ text([$0], event, tests) }),
      trace != origin.flatMap({ origin in plan.traceSlot.flatMap { text([$0], origin, tests) } }),
      let source = way.traces[trace]
    {
      return (.trace, trace, source)
    }
    guard isOwn else { return nil }
    if let slot = plan.outputSlot, text([slot], event, tests) != nil {
      return (.output, output, nil)
    }
    if event.request != Event.nobody { return (.request, event.request, nil) }
    return (.prompt, event.prompt == Event.nobody ? nil : event.prompt, nil)
  }

  private func text(_ slots: [UInt8], _ event: CaseEvent, _ tests: TestEvaluator) -> UInt32? {
    for slot in slots {
      if let value = tests.value(.slot(slot), event), value.kind == .text { return value.payload }
    }
    return nil
  }

  /// What ends the output's being live: its certificate, or the first hold or rollback.
  private func end(
    _ stations: [OutputStory.Station], after begin: CaseEvent, in one: LogCase
  ) -> CaseEvent? {
    let end = stations.first { station in
      (station.kind == .certificate || station.kind == .compensation)
        && begin.isFirst(before: one.events[station.event])
        && one.events[station.event].output == begin.output
    }
    return end.map { one.events[$0.event] }
  }

  private func close(
    _ chain: inout Chain, _ begin: CaseEvent, _ end: CaseEvent?, _ tests: TestEvaluator
  ) {
    guard begin.isTimed else { return }
    guard let end else {
      chain.end = .logEnd
      chain.liveMilliseconds = story.rest(after: begin).map { Double($0) / 1e6 }
      return
    }
    chain.end = end.isIn(plan.compensation) ? .compensation : .certificate
    if end.isTimed {
      let (live, overflow) = end.earliest.subtractingReportingOverflow(begin.latest)
      if !overflow { chain.liveMilliseconds = Double(live) / 1e6 }
    }
    chain.precisionMilliseconds = max(
      chain.precisionMilliseconds, tests.precisionMilliseconds(end))
  }
}
