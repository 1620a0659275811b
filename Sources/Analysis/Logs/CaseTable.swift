import EventLogs

/// The open cases of a log: all that request, prompt, output and certificate hashes link.
///
/// While events of a case keep coming, it holds their records. Once it has been quiet for a moment it is screened and
/// *settled*: only where its events stand is kept, some ten bytes each. Quiet for the horizon, it is closed.
struct CaseTable: Sendable {
  private var slots: [Slot] = []
  private var free: [UInt32] = []
  private var identities = IdentityTable()
  private var records: [EventRecord] = []
  private var freeRecords = EventRecord.none
  private var recordCount = 0
  private var hot: [HotIdentities] = []
  private var freeHot: [UInt32] = []
  private(set) var openCount = 0

  /// A few identities of a case, so that most events find it without a look into the table.
  private struct HotIdentities: Sendable {
    var hashes = SIMD8<UInt64>()
    var next = 0
    /// Those that no longer fit.
    var all: [UInt64] = []
  }

  private struct Slot: Sendable {
    var isOpen = false
    var isSettled = false
    /// A rule may have something to say.
    var isSuspect = false
    /// Records of several cases, which are then in no order.
    var isMerged = false
    var hot = EventRecord.none
    var first = EventRecord.none
    var last = EventRecord.none
    var count: UInt32 = 0
    /// When its last event arrived, by the log's progress.
    var touched: Int64 = 0
    /// What is left of it once it is settled.
    var settled = SettledCase()
  }

  /// How many events are held as records.
  var heldRecords: Int { recordCount }

  func isOpen(_ number: UInt32, _ generation: UInt32) -> Bool {
    slots[Int(number)].isOpen && identities.generation(of: number) == generation
  }

  func generation(of number: UInt32) -> UInt32 { identities.generation(of: number) }
  func touched(_ number: UInt32) -> Int64 { slots[Int(number)].touched }
  func isSettled(_ number: UInt32) -> Bool { slots[Int(number)].isSettled }
  func count(of number: UInt32) -> Int { Int(slots[Int(number)].count) }

  /// Puts an event into its case; the number of the case, and whether it is a new one.
  mutating func add(
    _ record: EventRecord, links: ArraySlice<UInt64>, at progress: Int64
  ) -> (number: UInt32, isNew: Bool) {
    var found = EventRecord.none
    var missing: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)
    missing.0 = look(record.request, &found)
    missing.1 = look(record.output, &found)
    missing.2 = look(record.certificate, &found)
    missing.3 = look(record.prompt, &found)
    var further: [UInt64] = []
    for link in links {
      let hash = look(link, &found)
      if hash != 0 { further.append(hash) }
    }
    let isNew = found == EventRecord.none
    if isNew { found = open() }
    if missing.0 != 0 { own(missing.0, found) }
    if missing.1 != 0 { own(missing.1, found) }
    if missing.2 != 0 { own(missing.2, found) }
    if missing.3 != 0 { own(missing.3, found) }
    for hash in further { own(hash, found) }
    let number = Int(found)
    slots[number].touched = progress
    slots[number].count += 1
    if slots[number].isSettled {
      // Whatever comes after the look makes a second one necessary.
      slots[number].isSuspect = true
      slots[number].settled.append(record)
    } else {
      append(record, to: number)
    }
    return (found, isNew)
  }

  /// The case of an identity joins the one that was found; the hash itself where no open case has it.
  private mutating func look(_ hash: UInt64, _ found: inout UInt32) -> UInt64 {
    if hash == 0 { return 0 }
    if found != EventRecord.none, case let place = slots[Int(found)].hot, place != EventRecord.none,
      any(hot[Int(place)].hashes .== hash)
    {
      return 0
    }
    guard let owner = identities.find(hash) else { return hash }
    if found == EventRecord.none {
      found = owner
    } else if owner != found {
      found = merge(found, owner)
    }
    return 0
  }

  private func any(_ mask: SIMDMask<SIMD8<Int64>>) -> Bool { mask != SIMDMask(repeating: false) }

  private mutating func open() -> UInt32 {
    openCount += 1
    let place: UInt32
    if let known = freeHot.popLast() {
      place = known
      hot[Int(known)] = HotIdentities()
    } else {
      place = UInt32(hot.count)
      hot.append(HotIdentities())
    }
    let number: UInt32
    if let known = free.popLast() {
      number = known
    } else {
      number = UInt32(slots.count)
      slots.append(Slot())
    }
    slots[Int(number)].isOpen = true
    slots[Int(number)].hot = place
    return number
  }

  private mutating func own(_ hash: UInt64, _ number: UInt32) {
    // An event may name one text twice.
    if identities.find(hash) == number { return }
    identities.insert(hash, of: number)
    let place = slots[Int(number)].hot
    if place == EventRecord.none {
      slots[Int(number)].settled.identities.append(hash)
      return
    }
    let next = hot[Int(place)].next
    if next < 8 {
      hot[Int(place)].hashes[next] = hash
      hot[Int(place)].next = next + 1
    } else {
      hot[Int(place)].all.append(hash)
    }
  }

  private mutating func append(_ record: EventRecord, to number: Int) {
    let place: UInt32
    if freeRecords != EventRecord.none {
      place = freeRecords
      freeRecords = records[Int(place)].next
      records[Int(place)] = record
    } else {
      place = UInt32(records.count)
      records.append(record)
    }
    records[Int(place)].next = EventRecord.none
    recordCount += 1
    if slots[number].last == EventRecord.none {
      slots[number].first = place
    } else {
      records[Int(slots[number].last)].next = place
    }
    slots[number].last = place
  }

  /// An event names identities of two cases: from now on they are one.
  private mutating func merge(_ left: UInt32, _ right: UInt32) -> UInt32 {
    let isLeftLarger = slots[Int(left)].count >= slots[Int(right)].count
    let (kept, gone) = isLeftLarger ? (left, right) : (right, left)
    let (to, from) = (Int(kept), Int(gone))
    let owned = ownIdentities(of: from)
    slots[to].isMerged = true
    slots[to].count += slots[from].count
    slots[to].touched = max(slots[to].touched, slots[from].touched)
    if slots[from].isSettled && !slots[to].isSettled { settleUnseen(to) }
    if slots[to].isSettled {
      if !slots[from].isSettled { settleUnseen(from) }
      slots[to].isSuspect = true
      slots[to].settled.append(slots[from].settled)
    } else if slots[from].first != EventRecord.none {
      if slots[to].last == EventRecord.none {
        slots[to].first = slots[from].first
      } else {
        records[Int(slots[to].last)].next = slots[from].first
      }
      slots[to].last = slots[from].last
      slots[from].first = EventRecord.none
    }
    release(gone)
    for hash in owned { own(hash, kept) }
    return kept
  }

  private func ownIdentities(of number: Int) -> [UInt64] {
    let place = slots[number].hot
    if place == EventRecord.none { return slots[number].settled.identities }
    let one = hot[Int(place)]
    return (0..<one.next).map { one.hashes[$0] } + one.all
  }

  /// The records of a case, in the order of arrival.
  func records(of number: UInt32, into list: inout [EventRecord]) {
    list.removeAll(keepingCapacity: true)
    var place = slots[Int(number)].first
    while place != EventRecord.none {
      list.append(records[Int(place)])
      place = records[Int(place)].next
    }
    if slots[Int(number)].isMerged { list.sort { $0.serial < $1.serial } }
  }

  /// Keeps of a case only where its events stand.
  mutating func settle(_ number: UInt32, _ list: [EventRecord], isSuspect: Bool) {
    var settled = SettledCase()
    settled.identities = ownIdentities(of: Int(number))
    for record in list { settled.append(record) }
    settle(Int(number), settled, isSuspect: isSuspect)
  }

  private mutating func settleUnseen(_ number: Int) {
    var list: [EventRecord] = []
    records(of: UInt32(number), into: &list)
    settle(UInt32(number), list, isSuspect: true)
  }

  private mutating func settle(_ number: Int, _ settled: SettledCase, isSuspect: Bool) {
    freeRecords(of: number)
    if slots[number].hot != EventRecord.none {
      freeHot.append(slots[number].hot)
      slots[number].hot = EventRecord.none
    }
    slots[number].settled = settled
    slots[number].isSettled = true
    slots[number].isSuspect = isSuspect
  }

  private mutating func freeRecords(of number: Int) {
    var place = slots[number].first
    while place != EventRecord.none {
      let next = records[Int(place)].next
      records[Int(place)].next = freeRecords
      freeRecords = place
      recordCount -= 1
      place = next
    }
    slots[number].first = EventRecord.none
    slots[number].last = EventRecord.none
  }

  /// Ends a settled case; what is left of it.
  mutating func close(_ number: UInt32) -> (case: SettledCase, isSuspect: Bool) {
    let one = (slots[Int(number)].settled, slots[Int(number)].isSuspect)
    release(number)
    return one
  }

  private mutating func release(_ number: UInt32) {
    let place = Int(number)
    freeRecords(of: place)
    if slots[place].hot != EventRecord.none { freeHot.append(slots[place].hot) }
    slots[place] = Slot()
    identities.retire(number)
    free.append(number)
    openCount -= 1
  }
}

/// A case that only knows where its events stand.
struct SettledCase: Sendable {
  /// All that link its events.
  var identities: [UInt64] = []
  private(set) var count = 0
  private var places: [UInt8] = []
  private var last = EventPlace()

  struct EventPlace: Sendable {
    var source: UInt16 = 0
    var offset: Int64 = 0
    var length: UInt32 = 0
    var line: UInt32 = 0
  }

  mutating func append(_ record: EventRecord) {
    append(
      EventPlace(
        source: record.source, offset: record.offset, length: record.length, line: record.line))
  }

  private mutating func append(_ place: EventPlace) {
    EventCodec.put(UInt64(place.source), &places)
    EventCodec.put(SettledCase.zigzag(place.offset &- last.offset), &places)
    EventCodec.put(UInt64(place.length), &places)
    EventCodec.put(SettledCase.zigzag(Int64(place.line) - Int64(last.line)), &places)
    last = place
    count += 1
  }

  mutating func append(_ other: SettledCase) {
    for place in other.events { append(place) }
  }

  /// In the order of their sources and places.
  var sortedEvents: [EventPlace] {
    events.sorted { ($0.source, $0.offset) < ($1.source, $1.offset) }
  }

  private var events: [EventPlace] {
    var result: [EventPlace] = []
    result.reserveCapacity(count)
    var reader = EventCodec.Reader(position: 0)
    var place = EventPlace()
    while let source = reader.number(places.span), let offset = reader.number(places.span),
      let length = reader.number(places.span), let line = reader.number(places.span)
    {
      place.source = UInt16(truncatingIfNeeded: source)
      place.offset &+= SettledCase.plain(offset)
      place.length = UInt32(truncatingIfNeeded: length)
      place.line = UInt32(truncatingIfNeeded: Int64(place.line) + SettledCase.plain(line))
      result.append(place)
    }
    return result
  }

  private static func zigzag(_ value: Int64) -> UInt64 {
    UInt64(bitPattern: value << 1 ^ value >> 63)
  }

  private static func plain(_ value: UInt64) -> Int64 {
    Int64(bitPattern: value >> 1) ^ -Int64(bitPattern: value & 1)
  }
}
