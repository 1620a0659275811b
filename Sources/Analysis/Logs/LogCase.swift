import EventLogs
import Rules

/// One event of a case with its identities found out.
struct CaseEvent {
  /// Into the store's events: the order of the file.
  var index: Int
  /// Its lines have no order with those of other lanes.
  var lane: UInt16 = 0
  var name: UInt16
  var producer: UInt32
  /// Bits of the selections that it belongs to.
  var selections: UInt64
  /// When it happened; a range where it does not say.
  var earliest: Int64
  var latest: Int64
  /// The hash's text, or the request's where no hash is known; `nobody` where it cannot be tied to an output.
  var output: UInt32
  var request: UInt32
  var prompt: UInt32
  var certificate: UInt32
  /// It has no hash, and its request has several.
  var isAmbiguous = false
  /// A proof only by carrying the certificate's name: the certificate is at least as old.
  var isImplied = false
  /// It came late by its producer's own clock: its line does not say what it came after.
  var isLate = false

  var isTimed: Bool { earliest == latest }

  /// Keeps a field that identifies something.
  mutating func note(_ field: EventField, _ plan: LogPlan) {
    switch field.slot {
    case plan.outputSlot: output = field.payload
    case plan.requestSlot: request = field.payload
    case plan.promptSlot: prompt = field.payload
    case plan.certificateSlot: certificate = field.payload
    default: break
    }
  }

  /// The text of an identity; `nobody` where it is not known.
  func text(of identity: EventIdentity) -> UInt32 {
    switch identity {
    case .output, .anything: output
    case .request: request
    case .prompt: prompt
    case .certificate, .proof: certificate
    }
  }

  /// Whether it happened first; of equal times the line decides.
  func isFirst(before other: CaseEvent) -> Bool {
    (earliest, index) < (other.earliest, other.index)
  }

  func isIn(_ selection: Int) -> Bool { selections & 1 << UInt64(selection) != 0 }
}

/// The events of a case in the order of the file, without redelivered ones.
struct LogCase {
  var events: [CaseEvent] = []
  private(set) var redelivered = 0
  /// Whether any of them came late.
  private(set) var hasLate = false
  /// Whether times and lines never disagree.
  private(set) var isInOrder = true
  /// How long certificates took.
  private(set) var latencies: [Int64] = []
  /// `nil` for a small case.
  private(set) var index: CaseIndex?
  /// Of a small case: by selection, a bit for each event that belongs to it.
  private var members: [UInt64] = []

  private static let none = Event.nobody

  /// Gathers a case from a stretch of the store.
  init(_ stretch: Range<Int>, in store: LogStore, tests: inout TestEvaluator) {
    let plan = store.plan
    events.reserveCapacity(stretch.count)
    var met = MetHashes()
    var seen = Set<UInt64>()
    for index in stretch {
      let event = store.events[index]
      let mayBeMet = met.insert(event.delivery)
      let isMet =
        stretch.count > 32
        ? !seen.insert(event.delivery).inserted
        : mayBeMet && events.contains { store.events[$0.index].delivery == event.delivery }
      if isMet {
        redelivered += 1
        continue
      }
      var one = CaseEvent(
        index: index, lane: store.lanes[Int(event.source)], name: event.name,
        producer: event.producer, selections: 0,
        earliest: event.time.nanoseconds, latest: event.time.nanoseconds, output: LogCase.none,
        request: LogCase.none, prompt: LogCase.none, certificate: LogCase.none)
      if !store.late.isEmpty, store.late.contains(index) {
        one.isLate = true
        hasLate = true
      }
      if event.time.isMissing {
        let bracket = store.brackets[index] ?? (.min, .max)
        one.earliest = bracket.earliest
        one.latest = bracket.latest
      }
      let first = Int(event.firstField)
      for place in first..<(first + Int(event.fieldCount)) {
        let field = store.fields[place]
        guard case .text = field.kind, plan.isLink[Int(field.slot)] else { continue }
        one.note(field, plan)
      }
      one.selections = tests.selections(of: one)
      if let last = events.last, one.earliest < last.latest || one.lane != last.lane {
        isInOrder = false
      }
      events.append(one)
    }
    noteLatencies(plan)
    resolve(plan)
    if events.count >= CaseIndex.fewestEvents {
      index = CaseIndex(events)
    } else {
      gatherMembers()
    }
  }

  private mutating func gatherMembers() {
    members = Array(repeating: 0, count: 64)
    for (index, event) in events.enumerated() {
      var rest = event.selections
      while rest != 0 {
        members[rest.trailingZeroBitCount] |= 1 << UInt64(index)
        rest &= rest &- 1
      }
    }
  }

  /// Where an event of the store stands among those of the case.
  func place(of index: Int) -> Int? {
    var low = 0
    var high = events.count
    while low < high {
      let middle = (low + high) / 2
      if events[middle].index < index { low = middle + 1 } else { high = middle }
    }
    return low < events.count && events[low].index == index ? low : nil
  }

  /// The events of a small case that belong to a selection and share an identity.
  func members(_ selection: Int, by identity: EventIdentity, _ text: UInt32) -> UInt64 {
    let all = members[selection]
    if case .anything = identity { return all }
    if text == LogCase.none { return 0 }
    var rest = all
    var found: UInt64 = 0
    while rest != 0 {
      let bit = rest & (0 &- rest)
      if events[rest.trailingZeroBitCount].text(of: identity) == text { found |= bit }
      rest ^= bit
    }
    return found
  }

  /// As a tally notes them of a clean case: by what the events themselves name, the first certificate alone.
  private mutating func noteLatencies(_ plan: LogPlan) {
    func isAlike(_ left: CaseEvent, _ right: CaseEvent) -> Bool {
      left.output == LogCase.none || right.output == LogCase.none
        ? left.request == right.request : left.output == right.output
    }
    let generations = events.filter { $0.isIn(plan.generation) && $0.isTimed }
    if generations.isEmpty { return }
    var certificates: [CaseEvent] = []
    for event in events where event.isIn(plan.certificate) && event.isTimed {
      if certificates.contains(where: { isAlike($0, event) }) { continue }
      certificates.append(event)
      // A case of thousands of outputs tells enough by its first.
      if certificates.count > LogCase.mostLatencies { return }
      var start: Int64?
      for other in generations where isAlike(event, other) {
        start = min(start ?? .max, other.earliest)
      }
      if let start, event.earliest >= start { latencies.append(event.earliest - start) }
    }
  }

  private static let mostLatencies = 64

  private mutating func resolve(_ plan: LogPlan) {
    var links = IdentityLinks()
    // What generates or certifies an output says best whose it is; a use says it last.
    for pass in 0..<3 {
      for event in events {
        let strength =
          event.isIn(plan.generation)
          ? 0
          : event.isIn(plan.certificate) ? 0 : event.isIn(plan.use) ? 2 : 1
        if strength == pass { links.note(event, isUse: strength == 2) }
      }
    }
    for event in events where event.isIn(plan.certificate) {
      if event.certificate != LogCase.none, event.output != LogCase.none {
        links.bind(event.certificate, to: event.output)
      }
    }
    // Where no issue tells, whoever asked for the certificate does; a use may name a wrong one.
    let consumers: UInt64 = 1 << UInt64(plan.use) | 1 << UInt64(plan.reuse)
    for event in events where event.selections & consumers == 0 {
      if event.certificate != LogCase.none, event.output != LogCase.none {
        links.bind(event.certificate, to: event.output)
      }
    }
    for index in events.indices { links.complete(&events[index]) }
    excuse(plan, links)
    markImplied(plan)
  }

  /// Outputs of requests that ask for no proof are none.
  private mutating func excuse(_ plan: LogPlan, _ links: IdentityLinks) {
    if !events.contains(where: { $0.isIn(plan.exempt) }) { return }
    var excused: Set<UInt32> = []
    for event in events where event.isIn(plan.exempt) && event.request != LogCase.none {
      excused.insert(event.request)
    }
    if excused.isEmpty { return }
    for index in events.indices where events[index].output != LogCase.none {
      let origin = links.requestOf(events[index].output) ?? events[index].request
      if excused.contains(origin) { events[index].selections = 0 }
    }
  }

  /// Where no certificate's issue is in the log, the first event that carries its name proves it.
  private mutating func markImplied(_ plan: LogPlan) {
    let others = plan.bystanders | 1 << UInt64(plan.use) | 1 << UInt64(plan.certificate)
    var carriers: [UInt32: Int] = [:]
    for (index, event) in events.enumerated() {
      if event.certificate == LogCase.none || event.output == LogCase.none { continue }
      if event.selections & others != 0 { continue }
      if let other = carriers[event.output], events[other].latest <= event.earliest { continue }
      carriers[event.output] = index
    }
    if carriers.isEmpty { return }
    var issued: Set<UInt32> = []
    for event in events where event.isIn(plan.certificate) { issued.insert(event.output) }
    for (output, index) in carriers where !issued.contains(output) {
      events[index].selections |= 1 << UInt64(plan.certificate)
      events[index].isImplied = true
    }
  }
}
