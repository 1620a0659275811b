import Rules

/// Counts of cases that need no closer look, by number: those of a stretch are added to those of the session.
struct UseTally: Sendable {
  /// By selection that rules judge: events that belong to it.
  private(set) var subjects: [Int] = []
  /// By producer, one more than its number; first those that name none.
  private(set) var services: [Int] = []
  /// By step.
  private(set) var steps: [Int] = []
  private(set) var redelivered = 0
  /// How long certificates took, of clean cases.
  private(set) var latencies: [Int64] = []

  @inline(__always)
  private mutating func countUse(_ record: EventRecord) {
    let place = record.producer == EventRecord.nobody ? 0 : Int(record.producer) + 1
    UseTally.widen(&services, to: place + 1)
    services[place] += 1
    if record.step != EventRecord.nobody {
      UseTally.widen(&steps, to: Int(record.step) + 1)
      steps[Int(record.step)] += 1
    }
  }

  /// The bits of all selections that are asked for where a case is counted.
  static func selections(of plan: LogPlan) -> UInt64 {
    [plan.exempt, plan.use, plan.generation, plan.certificate].reduce(plan.subjects) {
      $0 | 1 << UInt64($1)
    }
  }

  /// Counts the uses of a clean case that is laid out, and how long its certificates took.
  mutating func count<Mask>(_ board: CaseBoard<Mask>, _ plan: LogPlan) {
    noteLatencies(
      of: board.records, board.timed(1 << UInt64(plan.certificate)),
      board.timed(1 << UInt64(plan.generation)))
    let exempt = board.members(of: 1 << UInt64(plan.exempt))
    if exempt.first(where: { board.records[$0].request != 0 }) != nil { return }
    UseTally.widen(&subjects, to: 64)
    board.count(plan.subjects, into: &subjects)
    board.members(of: 1 << UInt64(plan.use)).forEach { countUse(board.records[$0]) }
  }

  mutating func count(redelivered count: Int) { redelivered += count }

  /// Notes how long after its output each first certificate came.
  private mutating func noteLatencies<Mask: CaseMask>(
    of records: CaseRecords, _ certified: Mask, _ generated: Mask
  ) {
    certified.forEach { index in
      let (output, request) = (records[index].output, records[index].request)
      func isAlike(_ other: Int) -> Bool {
        output == 0 || records[other].output == 0
          ? request == records[other].request : output == records[other].output
      }
      // The first certificate counts.
      if (certified & Mask(before: index)).first(where: isAlike) != nil { return }
      var start: Int64?
      generated.forEach { other in
        if isAlike(other) { start = min(start ?? .max, records[other].time) }
      }
      if let start, records[index].time >= start { latencies.append(records[index].time - start) }
    }
  }

  mutating func takeLatencies(into histogram: inout LatencyHistogram) {
    for latency in latencies { histogram.add(latency) }
    latencies.removeAll(keepingCapacity: true)
  }

  /// Adds what a stretch counted by its own numbers.
  mutating func add(_ other: UseTally, _ intake: LogIntake) {
    UseTally.widen(&subjects, to: other.subjects.count)
    for (place, count) in other.subjects.enumerated() { subjects[place] += count }
    for (place, count) in other.services.enumerated() where count > 0 {
      let own = place == 0 ? 0 : Int(intake.producer(UInt32(place - 1))) + 1
      UseTally.widen(&services, to: own + 1)
      services[own] += count
    }
    for (step, count) in other.steps.enumerated() where count > 0 {
      let own = Int(intake.step(UInt32(step)))
      UseTally.widen(&steps, to: own + 1)
      steps[own] += count
    }
    redelivered += other.redelivered
    latencies += other.latencies
  }

  /// The counts with names in the place of numbers.
  func ledger(
    _ plan: LogPlan, producer: (UInt32) -> String, step: (UInt32) -> String
  ) -> UseLedger {
    var ledger = UseLedger()
    for (rule, mask) in plan.masks.enumerated() where !subjects.isEmpty && plan.isCounting[rule] {
      let count = subjects[mask.trailingZeroBitCount]
      if count == 0 { continue }
      ledger.rules[plan.rules[rule].rule.id, default: UseLedger.Entry()].uses += count
    }
    for (place, count) in services.enumerated() where count > 0 {
      let name = place == 0 ? "" : producer(UInt32(place - 1))
      ledger.services[name, default: UseLedger.Entry()].uses += count
    }
    for (place, count) in steps.enumerated() where count > 0 {
      ledger.steps[step(UInt32(place)), default: UseLedger.Entry()].uses += count
    }
    return ledger
  }

  private static func widen(_ counts: inout [Int], to count: Int) {
    if counts.count < count { counts += repeatElement(0, count: count - counts.count) }
  }
}
