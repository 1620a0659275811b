import EventLogs

/// The cases of a stretch that are going on, found by their identities.
///
/// Records stand in the order in which they come, in pages that are used again once all their cases are gone: what is
/// written here and there is slow.
struct StretchCases: Sendable {
  private var places = IdentityPlaces()
  private var cases: [Gathered] = []
  private var freeCases: [Int32] = []
  /// Those that are going on, about in the order in which they began.
  private var active: [Int32] = []
  /// Where all of it stands.
  var source: UInt16 = 0
  /// The records of all pages, one page behind the other, and for each the next one of its case.
  private var records: [PackedRecord] = []
  private var following: [Int32] = []
  /// By page: how many of its records are still somebody's.
  private var living: [Int32] = []
  private var freePages: [Int32] = []
  private var kinds = RecordKinds()
  /// Those that do not fit.
  private var wholes: [EventRecord] = []
  private var freeWholes: [Int32] = []
  /// The next place, and where its page ends.
  private var place = 0
  private var pageEnd = 0
  /// Identities beyond the first of their kinds, by case.
  private var further: [Int32: [UInt64]] = [:]

  private static let pageBits = 9

  private struct Gathered {
    /// Places of records.
    var first: Int32 = -1
    var last: Int32 = -1
    var count: Int32 = 0
    var hasFurther = false
    /// Records of several cases, which are then in no order.
    var isMerged = false
    var isOpen = true
    /// The first of each kind; 0 for none.
    var identities = SIMD4<UInt64>()
    /// An event without a time may have been at any time before it came.
    var earliest = Int64.max
    var latest = Int64.min
    /// Of the first record.
    var selections: UInt64
    var serial: UInt64
  }

  // MARK: - Adding

  /// Puts a record into its case, which is all that its identities and `links` link; `time` is when it was, or
  /// when it came.
  mutating func add(_ record: EventRecord, _ links: [UInt64], at time: Int64) {
    if links.isEmpty, let known = known(record) {
      append(record, to: known, at: time)
      return
    }
    let named = SIMD4(record.request, record.output, record.certificate, record.prompt)
    var found: Int32 = -1
    for kind in 0..<4 { join(named[kind], kind, &found) }
    for link in links { join(link, nil, &found) }
    if found < 0 { found = open(record) }
    for kind in 0..<4 { own(named[kind], kind, found) }
    for link in links { own(link, nil, found) }
    append(record, to: Int(found), at: time)
  }

  /// The case of a record that names nothing but what the case is known by, as nearly all do.
  @inline(__always)
  private func known(_ record: EventRecord) -> Int? {
    let first = record.request != 0 ? record.request : record.output
    guard first != 0, let owner = places.find(first) else { return nil }
    let number = Int(owner)
    // One by one: what was just written word by word is slow to read as a vector.
    func isOwn(_ hash: UInt64, _ kind: Int) -> Bool {
      hash == 0 || hash == cases[number].identities[kind]
    }
    return isOwn(record.request, 0) && isOwn(record.output, 1) && isOwn(record.certificate, 2)
      && isOwn(record.prompt, 3) ? number : nil
  }

  /// Finds the case of an identity; what belongs to two cases makes them one.
  @inline(__always)
  private mutating func join(_ hash: UInt64, _ kind: Int?, _ found: inout Int32) {
    if hash == 0 { return }
    if found >= 0, let kind, cases[Int(found)].identities[kind] == hash { return }
    guard let owner = places.find(hash), owner != found else { return }
    found = found < 0 ? owner : merge(found, owner)
  }

  @inline(__always)
  private mutating func own(_ hash: UInt64, _ kind: Int?, _ number: Int32) {
    if hash == 0 { return }
    if let kind, cases[Int(number)].identities[kind] == hash { return }
    // An event may name one text twice.
    if !places.insert(hash, of: number) { return }
    if let kind, cases[Int(number)].identities[kind] == 0 {
      cases[Int(number)].identities[kind] = hash
    } else {
      cases[Int(number)].hasFurther = true
      further[number, default: []].append(hash)
    }
  }

  private mutating func open(_ record: EventRecord) -> Int32 {
    let one = Gathered(selections: record.selections, serial: record.serial)
    let number: Int32
    if let free = freeCases.popLast() {
      number = free
      cases[Int(free)] = one
    } else {
      number = Int32(cases.count)
      cases.append(one)
    }
    active.append(number)
    return number
  }

  private mutating func append(_ record: EventRecord, to number: Int, at time: Int64) {
    if place == pageEnd { openPage() }
    records[place] = packed(record, beside: cases[number].identities)
    following[place] = -1
    living[place >> StretchCases.pageBits] += 1
    let last = Int(cases[number].last)
    if last < 0 {
      cases[number].first = Int32(truncatingIfNeeded: place)
    } else {
      following[last] = Int32(truncatingIfNeeded: place)
    }
    cases[number].last = Int32(truncatingIfNeeded: place)
    cases[number].count += 1
    cases[number].earliest = min(cases[number].earliest, record.time)
    cases[number].latest = max(cases[number].latest, time)
    place += 1
  }

  private mutating func packed(
    _ record: EventRecord, beside identities: SIMD4<UInt64>
  ) -> PackedRecord {
    if let kind = kinds.number(of: record),
      let packed = PackedRecord(record, kind: kind, beside: identities)
    {
      return packed
    }
    return keepWhole(record)
  }

  private mutating func keepWhole(_ record: EventRecord) -> PackedRecord {
    if let free = freeWholes.popLast() {
      wholes[Int(free)] = record
      return PackedRecord(whole: free)
    }
    wholes.append(record)
    return PackedRecord(whole: Int32(wholes.count - 1))
  }

  private func record(at place: Int, beside identities: SIMD4<UInt64>) -> EventRecord {
    let packed = records[place]
    if packed.whole >= 0 { return wholes[Int(packed.whole)] }
    return packed.record(of: source, kinds, beside: identities)
  }

  private mutating func openPage() {
    let size = 1 << StretchCases.pageBits
    if pageEnd > 0 {
      // The full one is free if all its records are gone already.
      let full = (pageEnd - 1) >> StretchCases.pageBits
      if living[full] == 0 { freePages.append(Int32(full)) }
    }
    if let free = freePages.popLast() {
      place = Int(free) << StretchCases.pageBits
    } else {
      place = records.count
      records += repeatElement(PackedRecord(whole: -1), count: size)
      following += repeatElement(-1, count: size)
      living.append(0)
    }
    pageEnd = place + size
  }

  private mutating func leave(_ place: Int) {
    if records[place].whole >= 0 { freeWholes.append(records[place].whole) }
    let page = place >> StretchCases.pageBits
    living[page] -= 1
    if living[page] == 0 && page != (pageEnd - 1) >> StretchCases.pageBits {
      freePages.append(Int32(truncatingIfNeeded: page))
    }
  }

  /// An event names identities of two cases: from now on they are one.
  private mutating func merge(_ left: Int32, _ right: Int32) -> Int32 {
    let isLeftLarger = cases[Int(left)].count >= cases[Int(right)].count
    let (kept, gone) = isLeftLarger ? (left, right) : (right, left)
    let (to, from) = (Int(kept), Int(gone))
    var hashes: [UInt64] = []
    identities(of: gone, into: &hashes)
    for hash in hashes { places.change(hash, to: kept) }
    cases[to].hasFurther = true
    further[kept, default: []] += hashes
    further.removeValue(forKey: gone)
    // Those of the case that goes stand beside its own identities.
    var place = Int(cases[from].first)
    while place >= 0 {
      if records[place].whole < 0 {
        records[place] = keepWhole(record(at: place, beside: cases[from].identities))
      }
      place = Int(following[place])
    }
    following[Int(cases[to].last)] = cases[from].first
    cases[to].last = cases[from].last
    cases[to].count += cases[from].count
    cases[to].earliest = min(cases[to].earliest, cases[from].earliest)
    cases[to].latest = max(cases[to].latest, cases[from].latest)
    cases[to].isMerged = true
    if cases[from].serial < cases[to].serial {
      cases[to].serial = cases[from].serial
      cases[to].selections = cases[from].selections
    }
    // Its number is free once nobody can meet it in the list.
    cases[from].isOpen = false
    return kept
  }

  // MARK: - Taking

  /// The cases that are going on; those that go on are to be kept.
  mutating func takeActive() -> [Int32] {
    var taken: [Int32] = []
    swap(&taken, &active)
    active.reserveCapacity(taken.count)
    return taken.filter { number in
      if cases[Int(number)].isOpen { return true }
      freeCases.append(number)
      return false
    }
  }

  mutating func keepActive(_ number: Int32) { active.append(number) }

  func count(of number: Int32) -> Int32 { cases[Int(number)].count }

  /// Whether a case certainly looks whole: what was before the times, and did not begin there, may have begun elsewhere.
  func isWhole(_ number: Int32, in times: ClosedRange<Int64>, beginning: UInt64) -> Bool {
    let one = cases[Int(number)]
    if Int(one.count) > CaseScreen.mostRecords || one.latest > times.upperBound { return false }
    return one.selections & beginning != 0 || one.earliest >= times.lowerBound
  }

  func identities(of number: Int32, into list: inout [UInt64]) {
    let one = cases[Int(number)]
    for kind in 0..<4 where one.identities[kind] != 0 { list.append(one.identities[kind]) }
    if one.hasFurther { list += further[number] ?? [] }
  }

  /// Adds a case's records to a list, in the order of arrival, and lets go of it.
  mutating func release(_ number: Int32, into list: inout [EventRecord]) {
    let one = cases[Int(number)]
    let start = list.count
    var place = Int(one.first)
    while place >= 0 {
      list.append(record(at: place, beside: one.identities))
      leave(place)
      place = Int(following[place])
    }
    if one.isMerged { list[start...].sort { $0.serial < $1.serial } }
    for kind in 0..<4 where one.identities[kind] != 0 { places.remove(one.identities[kind]) }
    if one.hasFurther {
      for hash in further.removeValue(forKey: number) ?? [] { places.remove(hash) }
    }
    freeCases.append(number)
  }
}

/// Whose an identity is: open addressing over hashes, which are never 0.
private struct IdentityPlaces: Sendable {
  private struct Entry {
    /// 0 for a free place.
    var hash: UInt64 = 0
    var owner: Int32 = 0
  }

  private var entries = [Entry](repeating: Entry(), count: leastSize)
  private var mask = leastSize - 1
  private var used = 0

  private static let leastSize = 1 << 12

  @inline(__always)
  func find(_ hash: UInt64) -> Int32? {
    let place = place(of: hash)
    return entries[place].hash == 0 ? nil : entries[place].owner
  }

  /// `false` where it is somebody's already.
  mutating func insert(_ hash: UInt64, of owner: Int32) -> Bool {
    let place = place(of: hash)
    if entries[place].hash != 0 { return false }
    entries[place] = Entry(hash: hash, owner: owner)
    used += 1
    if used * 2 > mask { grow() }
    return true
  }

  mutating func change(_ hash: UInt64, to owner: Int32) { entries[place(of: hash)].owner = owner }

  /// What was pushed behind it moves up.
  mutating func remove(_ hash: UInt64) {
    var free = place(of: hash)
    if entries[free].hash == 0 { return }
    var next = (free + 1) & mask
    while entries[next].hash != 0 {
      let home = Int(truncatingIfNeeded: entries[next].hash) & mask
      // It may stand at the free place if that is not before its home.
      if (next &- home) & mask >= (next &- free) & mask {
        entries[free] = entries[next]
        free = next
      }
      next = (next + 1) & mask
    }
    entries[free] = Entry()
    used -= 1
  }

  @inline(__always)
  private func place(of hash: UInt64) -> Int {
    var place = Int(truncatingIfNeeded: hash) & mask
    while entries[place].hash != 0 && entries[place].hash != hash { place = (place + 1) & mask }
    return place
  }

  private mutating func grow() {
    let old = entries
    mask = mask * 2 + 1
    entries = Array(repeating: Entry(), count: mask + 1)
    for entry in old where entry.hash != 0 { entries[place(of: entry.hash)] = entry }
  }
}
