import EventLogs

/// One stretch of a log while its records become cases.
///
/// A case that has been quiet for a while is looked at, and its room is used for the next ones: what is held is what is
/// going on, however long the stretch is.
struct StretchGathering {
  private let gatherer: CaseGatherer
  private var room: StretchRoom
  private let source: UInt16
  /// So many blocks the stretch has, of which so many were read.
  private let blocks: Int
  private var blocksRead = 0
  private var serial: UInt64 = 0
  private var first = Int64.max
  private var last = Int64.min
  /// The stretch has come to span so much time that the rest is left to the session.
  private var hasStopped = false

  /// Of the time that a stretch spans, the part that hardly a case pauses for at its end.
  private static let pauses: Int64 = 10
  /// Within the stretch every case has the chance to pause: there it is so many times as long.
  private static let patience: Int64 = 4
  /// In a stretch of a few seconds hardly a case is whole: so many of its pauses are as long as a case is quiet.
  private static let mostPauses: Int64 = 20

  init(_ gatherer: CaseGatherer, _ room: consuming StretchRoom, source: Int, blocks: Int) {
    self.gatherer = gatherer
    self.room = room
    self.source = UInt16(truncatingIfNeeded: source)
    self.room.cases.source = self.source
    self.blocks = max(1, blocks)
  }

  /// Puts a record into its case, or into the batch where there is no gathering any more; its links stand in the batch.
  @inline(__always)
  mutating func take(_ record: inout EventRecord, _ batch: inout RecordBatch) {
    if record.isTimed && (record.time < first || record.time > last) { extend(to: record.time) }
    if hasStopped {
      batch.records.append(record)
      return
    }
    record.source = source
    record.serial = serial
    serial += 1
    batch.moments.append(record.moment)
    if !record.isTimed { batch.untimed.append(record.offset) }
    let links = record.links.isEmpty ? [] : batch.links(of: record)
    room.cases.add(record, links, at: record.isTimed ? record.time : last)
  }

  /// Likewise all records of the batch.
  mutating func takeAll(_ batch: inout RecordBatch) {
    if hasStopped || batch.records.isEmpty { return }
    var records: [EventRecord] = []
    swap(&records, &batch.records)
    for index in records.indices { take(&records[index], &batch) }
  }

  /// Takes the rest of a block, and looks at what is quiet by now.
  mutating func endBlock(_ batch: inout RecordBatch) {
    batch.isGathered = true
    takeAll(&batch)
    batch.blockEnds.append(batch.records.count)
    blocksRead += 1
    if blocksRead == blocks { return }
    guard let span = wholeSpan(pausing: StretchGathering.patience) else { return }
    for number in room.cases.takeActive() {
      if room.cases.isWhole(number, in: span, beginning: gatherer.beginning) {
        settle(number, &batch)
      } else {
        room.cases.keepActive(number)
      }
    }
  }

  /// Puts what is still open into the batch; the room can be used again.
  consuming func finish(_ batch: inout RecordBatch) -> StretchRoom {
    let span = wholeSpan(pausing: 1)
    for number in room.cases.takeActive() {
      if let span, room.cases.isWhole(number, in: span, beginning: gatherer.beginning) {
        settle(number, &batch)
      } else {
        var fragment = CaseFragment(
          identities: takeIdentities(number, &batch), records: 0..<0,
          count: room.cases.count(of: number))
        let start = Int32(batch.open.count)
        room.cases.release(number, into: &batch.open)
        fragment.records = start..<Int32(batch.open.count)
        batch.fragments.append(fragment)
      }
    }
    return room
  }

  /// Looks at a case, and keeps of it where its events stand.
  private mutating func settle(_ number: Int32, _ batch: inout RecordBatch) {
    var fragment = CaseFragment(
      identities: takeIdentities(number, &batch), records: 0..<0,
      count: room.cases.count(of: number))
    room.scratch.removeAll(keepingCapacity: true)
    room.cases.release(number, into: &room.scratch)
    let start = Int32(batch.settled.count)
    SettledCase.pack(room.scratch, into: &batch.settled)
    fragment.loud = gatherer.screen.look(
      &room.scratch, gatherer.lanes, &batch.tally, &room.desk)
    if !fragment.loud.isEmpty { SettledCase.forgetCounted(at: Int(start), in: &batch.settled) }
    fragment.settled = start..<Int32(batch.settled.count)
    batch.fragments.append(fragment)
  }

  private func takeIdentities(_ number: Int32, _ batch: inout RecordBatch) -> Range<Int32> {
    let start = Int32(batch.identities.count)
    room.cases.identities(of: number, into: &batch.identities)
    return start..<Int32(batch.identities.count)
  }

  private mutating func extend(to time: Int64) {
    let (first, last) = (min(first, time), max(last, time))
    if gatherer.horizon != .max {
      let (length, overflow) = last.subtractingReportingOverflow(first)
      if overflow || length > gatherer.horizon / 8 {
        hasStopped = true
        return
      }
    }
    (self.first, self.last) = (first, last)
  }

  /// The times between which a case is whole; `nil` where hardly a case is.
  ///
  /// What was before may have begun elsewhere, and what has not been quiet for so many pauses may go on.
  private func wholeSpan(pausing pauses: Int64) -> ClosedRange<Int64>? {
    guard let quiet = gatherer.quiet, first <= last, blocksRead > 0 else { return nil }
    let (length, overflow) = last.subtractingReportingOverflow(first)
    // As far as one can tell how long the stretch will be.
    let (whole, isTooLong) = (length / Int64(blocksRead))
      .multipliedReportingOverflow(by: Int64(blocks))
    if overflow || isTooLong { return nil }
    let pause = min(quiet, whole / StretchGathering.pauses)
    let wait = pauses * pause
    if pause < quiet / StretchGathering.mostPauses || length < pause + wait { return nil }
    return first + pause...last - wait
  }
}
