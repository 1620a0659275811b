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
    let times = times(of: batch.records)
    if let times, horizon != .max {
      let (length, overflow) = times.upperBound.subtractingReportingOverflow(times.lowerBound)
      if overflow || length > horizon / 8 { return [] }
    }
    batch.isGathered = true
    batch.moments = EventMoments(batch.records, producers: batch.producers.count)
    var present: UInt64 = 0
    for index in 0..<count {
      batch.records[index].source = UInt16(truncatingIfNeeded: source)
      batch.records[index].serial = UInt64(index)
      present |= batch.records[index].selections
    }
    var cases = StretchCases(batch)
    for index in 0..<count { cases.add(index, batch) }
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
        for index in records.indices { settled.append(records[index]) }
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

  private func times(of records: [EventRecord]) -> ClosedRange<Int64>? {
    var first = Int64.max
    var last = Int64.min
    for index in records.indices where records[index].isTimed {
      first = min(first, records[index].time)
      last = max(last, records[index].time)
    }
    return first <= last ? first...last : nil
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

/// The cases of one stretch while they are gathered: lists in arrays, found by their identities.
private struct StretchCases {
  private var hashes: [UInt64]
  private var owners: [Int32]
  private var mask: Int
  private var used = 0
  /// By case: the one that it has joined, or itself.
  private var parents: [Int32] = []
  private var cases: [Gathered] = []
  /// By record: the next of its case.
  private var next: [Int32]
  private var owned: [(hash: UInt64, next: Int32)] = []
  private var missing: [UInt64] = []

  private struct Gathered {
    var first: Int32
    var last: Int32
    var firstOwned: Int32 = -1
    var lastOwned: Int32 = -1
    /// Records of several cases, which are then in no order.
    var isMerged = false
  }

  init(_ batch: RecordBatch) {
    var size = 1 << 8
    while size < batch.records.count { size *= 2 }
    hashes = Array(repeating: 0, count: size)
    owners = Array(repeating: 0, count: size)
    mask = size - 1
    next = Array(repeating: -1, count: batch.records.count)
  }

  var roots: [Int32] {
    parents.indices.lazy.map { Int32($0) }.filter { parents[Int($0)] == $0 }
  }

  mutating func add(_ index: Int, _ batch: RecordBatch) {
    var found: Int32 = -1
    look(batch.records[index].request, &found)
    look(batch.records[index].output, &found)
    look(batch.records[index].certificate, &found)
    look(batch.records[index].prompt, &found)
    let links = batch.records[index].links
    for link in links { look(batch.links[Int(link)], &found) }
    let place = Int32(truncatingIfNeeded: index)
    if found < 0 {
      found = Int32(parents.count)
      parents.append(found)
      cases.append(Gathered(first: place, last: place))
    } else {
      next[Int(cases[Int(found)].last)] = place
      cases[Int(found)].last = place
    }
    if missing.isEmpty { return }
    for hash in missing { own(hash, found) }
    missing.removeAll(keepingCapacity: true)
  }

  private mutating func look(_ hash: UInt64, _ found: inout Int32) {
    if hash == 0 { return }
    var slot = Int(truncatingIfNeeded: hash) & mask
    while hashes[slot] != hash {
      if hashes[slot] == 0 {
        missing.append(hash)
        return
      }
      slot = (slot + 1) & mask
    }
    let owner = root(of: owners[slot])
    if found < 0 { found = owner } else if owner != found { found = merge(found, owner) }
  }

  private func root(of number: Int32) -> Int32 {
    var number = number
    while parents[Int(number)] != number { number = parents[Int(number)] }
    return number
  }

  private mutating func own(_ hash: UInt64, _ number: Int32) {
    var slot = Int(truncatingIfNeeded: hash) & mask
    while hashes[slot] != 0 {
      // An event may name one text twice.
      if hashes[slot] == hash { return }
      slot = (slot + 1) & mask
    }
    hashes[slot] = hash
    owners[slot] = number
    used += 1
    let place = Int32(truncatingIfNeeded: owned.count)
    owned.append((hash, -1))
    if cases[Int(number)].lastOwned < 0 {
      cases[Int(number)].firstOwned = place
    } else {
      owned[Int(cases[Int(number)].lastOwned)].next = place
    }
    cases[Int(number)].lastOwned = place
    if used * 2 > mask { grow() }
  }

  private mutating func grow() {
    let (old, oldOwners) = (hashes, owners)
    mask = mask * 2 + 1
    hashes = Array(repeating: 0, count: mask + 1)
    owners = Array(repeating: 0, count: mask + 1)
    for place in old.indices where old[place] != 0 {
      var slot = Int(truncatingIfNeeded: old[place]) & mask
      while hashes[slot] != 0 { slot = (slot + 1) & mask }
      hashes[slot] = old[place]
      owners[slot] = oldOwners[place]
    }
  }

  /// An event names identities of two cases: from now on they are one, the one that began first.
  private mutating func merge(_ left: Int32, _ right: Int32) -> Int32 {
    let (kept, gone) = left < right ? (left, right) : (right, left)
    let (to, from) = (Int(kept), Int(gone))
    parents[from] = kept
    next[Int(cases[to].last)] = cases[from].first
    cases[to].last = cases[from].last
    cases[to].isMerged = true
    if cases[from].firstOwned >= 0 {
      if cases[to].lastOwned < 0 {
        cases[to].firstOwned = cases[from].firstOwned
      } else {
        owned[Int(cases[to].lastOwned)].next = cases[from].firstOwned
      }
      cases[to].lastOwned = cases[from].lastOwned
    }
    return kept
  }

  /// In the order of arrival.
  func records(of number: Int32, into list: inout [Int32]) {
    var place = cases[Int(number)].first
    while place >= 0 {
      list.append(place)
      place = next[Int(place)]
    }
    if cases[Int(number)].isMerged { list.sort() }
  }

  func identities(of number: Int32, into list: inout [UInt64]) {
    var place = cases[Int(number)].firstOwned
    while place >= 0 {
      list.append(owned[Int(place)].hash)
      place = owned[Int(place)].next
    }
  }
}
