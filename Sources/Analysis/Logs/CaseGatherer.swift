import EventLogs

/// What a stretch of a log tells of one case.
struct CaseFragment: Sendable {
  /// In the batch.
  var identities: Range<Int32>
  /// In the batch, where the case may go on elsewhere.
  var records: Range<Int32>
  /// Where it certainly looks whole: what is left of it, in words of the batch.
  var settled: Range<Int32>?
  /// How many events it is.
  var count: Int32
  var loud = LoudRules.none
}

/// Gathers the records of one stretch into cases, on whatever thread: what lies well inside a stretch, and is quiet at
/// its ends, is looked at here and now.
///
/// That is a guess about what is worth while, and no more: whatever comes later makes a second look necessary.
struct CaseGatherer: Sendable {
  private let plan: LogPlan
  private let screen: CaseScreen
  private let lanes: [UInt16]
  /// How long a case must be quiet; `nil` to leave the look to the session.
  private let quiet: Int64?

  /// A stretch that spans much of this is left to the session, which forgets in between.
  private let horizon: Int64

  init(plan: LogPlan, screen: CaseScreen, lanes: [UInt16], quiet: Int64?, horizon: Int64) {
    self.horizon = horizon
    self.plan = plan
    self.screen = screen
    self.lanes = lanes
    self.quiet = quiet
  }

  /// Puts cases in the place of records; the room that these took can be used again.
  @discardableResult
  func gather(_ batch: inout RecordBatch, of source: Int) -> [EventRecord] {
    let count = batch.records.count
    let moments = EventMoments(batch.records, producers: batch.producers.count)
    let times = moments.times
    if let times, horizon != .max {
      let (length, overflow) = times.upperBound.subtractingReportingOverflow(times.lowerBound)
      if overflow || length > horizon / 8 { return [] }
    }
    batch.isGathered = true
    batch.moments = moments
    var present: UInt64 = 0
    var cases = StretchCases(count: count)
    for index in moments.late { batch.records[Int(index)].isLate = true }
    cases.gather(&batch.records, batch.links) { index, record in
      record.source = UInt16(truncatingIfNeeded: source)
      record.serial = UInt64(index)
      present |= record.selections
    }
    // What a case begins with, as far as this log tells of it.
    let begin = [plan.request, plan.generation].lazy.map { UInt64(1) << UInt64($0) }
      .first { present & $0 != 0 }
    let span = times.flatMap { inside($0) }
    var open: [EventRecord] = []
    // Room at once, about as much as is needed: new pages cost more than what is written to them.
    open.reserveCapacity(count / 4)
    var places: [Int32] = []
    var settled = SettledCase()
    var desk = screen.takeDesk()
    defer { screen.giveBack(desk) }
    for number in cases.roots {
      places.removeAll(keepingCapacity: true)
      cases.records(of: number, into: &places)
      var records = CaseRecords(batch.records, at: places)
      let firstIdentity = Int32(batch.identities.count)
      cases.identities(of: number, into: &batch.identities)
      var fragment = CaseFragment(
        identities: firstIdentity..<Int32(batch.identities.count), records: 0..<0,
        count: Int32(records.count))
      let isBegun = begin.map { records[0].selections & $0 != 0 }
      // Where others begin, a case that does not has begun in an earlier stretch.
      if let span, isBegun != false, isWhole(records, in: span, isBegun: isBegun == true) {
        settled.clear()
        settled.append(records)
        fragment.loud = screen.look(&records, lanes, &batch.tally, &desk)
        if fragment.loud.isEmpty { settled.noteCounted() }
        let first = Int32(batch.settled.count)
        settled.pack(into: &batch.settled)
        fragment.settled = first..<Int32(batch.settled.count)
      } else {
        let first = Int32(open.count)
        for index in records.indices { open.append(records[index]) }
        fragment.records = first..<Int32(open.count)
      }
      batch.fragments.append(fragment)
    }
    swap(&batch.records, &open)
    batch.links = []
    return open
  }

  /// The times between which a case is whole.
  private func inside(_ times: ClosedRange<Int64>) -> ClosedRange<Int64>? {
    let (length, overflow) = times.upperBound.subtractingReportingOverflow(times.lowerBound)
    guard let quiet, !overflow else { return nil }
    // Few cases pause for longer than that.
    let margin = length / 10
    // A stretch of a few seconds holds hardly a case that is whole.
    if margin < quiet / 20 { return nil }
    return times.lowerBound + margin...times.upperBound - margin
  }

  private func isWhole(
    _ records: CaseRecords, in span: ClosedRange<Int64>, isBegun: Bool
  ) -> Bool {
    if records.count > CaseScreen.mostRecords { return false }
    for index in records.indices {
      let time = records[index].time
      if time > span.upperBound || (time < span.lowerBound && !isBegun) { return false }
    }
    return true
  }
}
