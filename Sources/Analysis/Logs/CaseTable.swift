import EventLogs

/// The open cases of a log: all that request, prompt, output and certificate hashes link.
///
/// While events of a case keep coming, it holds their records. Once it has been quiet for a moment it is screened and
/// *settled*: only where its events stand is kept, some ten bytes each. Quiet for the horizon, it is closed.
struct CaseTable: Sendable {
  private var slots: [Slot] = []
  private var free: [UInt32] = []
  private var identities = IdentityTable()
  private var missing: [UInt64] = []
  /// How many events are held as records.
  private(set) var heldRecords = 0

  private static let none = UInt32.max

  private struct Slot: Sendable {
    /// Tells the cases apart that had this place one after the other.
    var generation: UInt32 = 0
    var isOpen = false
    var isSettled = false
    /// A rule may have something to say.
    var isSuspect = false
    /// Records of several cases, which are then in no order.
    var isMerged = false
    var count: UInt32 = 0
    /// When its last event arrived, by the log's progress.
    var touched: Int64 = 0
    /// All that link its events.
    var identities: [UInt64] = []
    /// In the order of arrival.
    var records: [EventRecord] = []
    /// What is left of it once it is settled.
    var settled = SettledCase()
  }

  func isOpen(_ number: UInt32, _ generation: UInt32) -> Bool {
    slots[Int(number)].isOpen && slots[Int(number)].generation == generation
  }

  func generation(of number: UInt32) -> UInt32 { slots[Int(number)].generation }
  func touched(_ number: UInt32) -> Int64 { slots[Int(number)].touched }
  func isSettled(_ number: UInt32) -> Bool { slots[Int(number)].isSettled }
  func count(of number: UInt32) -> Int { Int(slots[Int(number)].count) }

  /// Puts a stretch's part of a case into its case; the number of the case, whether it is a new one, and whether it has
  /// become a few thousand events larger.
  mutating func add(
    _ fragment: consuming CaseFragment, of batch: RecordBatch, at progress: Int64
  ) -> (number: UInt32, isNew: Bool, hasGrown: Bool) {
    var found = CaseTable.none
    missing.removeAll(keepingCapacity: true)
    for place in fragment.identities {
      let hash = batch.identities[Int(place)]
      guard let owner = identities.find(hash) else {
        missing.append(hash)
        continue
      }
      if found == CaseTable.none {
        found = owner
      } else if owner != found {
        found = merge(found, owner)
      }
    }
    let isNew = found == CaseTable.none
    if isNew { found = open() }
    let number = Int(found)
    for hash in missing { identities.insert(hash, of: found) }
    slots[number].identities += missing
    slots[number].touched = progress
    let known = slots[number].count
    slots[number].count += UInt32(fragment.settled?.count ?? fragment.records.count)
    let hasGrown = known >> 12 != slots[number].count >> 12
    if let settled = fragment.settled.take() {
      if isNew {
        slots[number].settled = settled
        slots[number].isSettled = true
        slots[number].isSuspect = fragment.isSuspect
      } else {
        if !slots[number].isSettled { settleUnseen(number) }
        slots[number].isSuspect = true
        slots[number].settled.append(settled)
      }
      return (found, isNew, hasGrown)
    }
    if slots[number].isSettled {
      // Whatever comes after the look makes a second one necessary.
      slots[number].isSuspect = true
      for place in fragment.records { slots[number].settled.append(batch.records[Int(place)]) }
    } else {
      heldRecords += fragment.records.count
      let range = Int(fragment.records.lowerBound)..<Int(fragment.records.upperBound)
      slots[number].records += batch.records[range]
    }
    return (found, isNew, hasGrown)
  }

  private mutating func open() -> UInt32 {
    let number: UInt32
    if let known = free.popLast() {
      number = known
    } else {
      number = UInt32(slots.count)
      slots.append(Slot())
    }
    slots[Int(number)].isOpen = true
    return number
  }

  /// An event names identities of two cases: from now on they are one.
  private mutating func merge(_ left: UInt32, _ right: UInt32) -> UInt32 {
    let isLeftLarger = slots[Int(left)].count >= slots[Int(right)].count
    let (kept, gone) = isLeftLarger ? (left, right) : (right, left)
    let (to, from) = (Int(kept), Int(gone))
    let owned = slots[from].identities
    slots[to].isMerged = true
    slots[to].count += slots[from].count
    slots[to].touched = max(slots[to].touched, slots[from].touched)
    if slots[from].isSettled && !slots[to].isSettled { settleUnseen(to) }
    if slots[to].isSettled {
      if !slots[from].isSettled { settleUnseen(from) }
      slots[to].isSuspect = true
      slots[to].settled.append(slots[from].settled)
    } else {
      slots[to].records += slots[from].records
      // They are held on.
      slots[from].records = []
    }
    for hash in owned { identities.insert(hash, of: kept) }
    slots[to].identities += owned
    slots[from].identities = []
    release(gone)
    return kept
  }

  /// The records of a case, in the order of arrival.
  func records(of number: UInt32) -> [EventRecord] {
    let records = slots[Int(number)].records
    return slots[Int(number)].isMerged ? records.sorted { $0.serial < $1.serial } : records
  }

  /// Keeps of a case only where its events stand.
  mutating func settle(_ number: UInt32, isSuspect: Bool) {
    let place = Int(number)
    var settled = SettledCase(room: slots[place].records.count)
    for index in slots[place].records.indices { settled.append(slots[place].records[index]) }
    if !isSuspect { settled.noteCounted() }
    heldRecords -= slots[place].records.count
    slots[place].records = []
    slots[place].settled = settled
    slots[place].isSettled = true
    slots[place].isSuspect = isSuspect
  }

  private mutating func settleUnseen(_ number: Int) {
    settle(UInt32(number), isSuspect: true)
  }

  /// Ends a settled case; what is left of it.
  mutating func close(_ number: UInt32) -> (
    case: SettledCase, identities: [UInt64], isSuspect: Bool
  ) {
    let place = Int(number)
    let one = (slots[place].settled, slots[place].identities, slots[place].isSuspect)
    release(number)
    return one
  }

  private mutating func release(_ number: UInt32) {
    heldRecords -= slots[Int(number)].records.count
    for hash in slots[Int(number)].identities { identities.remove(hash) }
    slots[Int(number)] = Slot(generation: slots[Int(number)].generation &+ 1)
    free.append(number)
  }
}

/// A case that only knows where its events stand.
struct SettledCase: Sendable {
  private var size: Int32 = 0
  private var places: [UInt8] = []
  /// Lines count from here.
  private var baseLine: UInt32 = 0
  private var last = EventPlace()
  /// Which events' uses were counted, where it was found clean: what comes later must not count them again.
  private(set) var counted: [Range<Int32>] = []

  init(room: Int = 0) { if room > 0 { places.reserveCapacity(room * SettledCase.usualSize) } }

  /// Of the place of an event, in bytes.
  private static let usualSize = 9

  var count: Int { Int(size) }

  struct EventPlace: Sendable {
    var source: UInt16 = 0
    var offset: Int64 = 0
    var length: UInt32 = 0
    var line: UInt32 = 0
  }

  /// All events so far are counted.
  mutating func noteCounted() { counted = [0..<Int32(count)] }

  /// What was counted is taken back.
  mutating func forgetCounted() { counted = [] }

  /// The lines were counted from the start of a stretch, which stands behind so many others.
  mutating func move(behind lines: UInt32) {
    baseLine &+= lines
    last.line &+= lines
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
    EventCodec.put(
      SettledCase.zigzag(Int64(place.line) - Int64(count == 0 ? baseLine : last.line)), &places)
    last = place
    size += 1
  }

  mutating func append(_ other: SettledCase) {
    let first = Int32(count)
    counted += other.counted.map { $0.lowerBound + first..<$0.upperBound + first }
    for place in other.events { append(place) }
  }

  /// In the order of their sources and places.
  var sortedEvents: [EventPlace] {
    events.sorted { ($0.source, $0.offset) < ($1.source, $1.offset) }
  }

  /// In the order in which they came.
  var events: [EventPlace] {
    var result: [EventPlace] = []
    result.reserveCapacity(count)
    var reader = EventCodec.Reader(position: 0)
    var place = EventPlace(line: baseLine)
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
