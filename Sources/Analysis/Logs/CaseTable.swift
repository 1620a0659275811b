import EventLogs

/// The open cases of a log: all that request, prompt, output and certificate hashes link.
///
/// While events of a case keep coming, it holds their records. Once it has been quiet for a moment it is screened and
/// *settled*: only where its events stand is kept, eight bytes each. Quiet for the horizon, it is closed.
struct CaseTable: Sendable {
  private var slots = PagedList<Slot>()
  private var free: [UInt32] = []
  private var identities = IdentityTable()
  private var missing: [UInt64] = []
  /// What is left of settled cases, of all but large ones.
  private var shelf = CaseShelf()
  private var large: [UInt32: SettledCase] = [:]
  private var largeEvents = 0
  /// How many events are held as records.
  private(set) var heldRecords = 0

  private static let none = UInt32.max

  private struct Slot: Sendable {
    /// Tells the cases apart that had this place one after the other.
    var generation: UInt32 = 0
    var count: UInt32 = 0
    /// When its last event arrived, by the log's progress.
    var touched: Int64 = 0
    /// The rules that may have something to say.
    var loud = LoudRules.none
    var isOpen = false
    var isSettled = false
    /// Records of several cases, which are then in no order.
    var isMerged = false
    /// Where it stands once it is settled; `nil` for a large one.
    var place: CaseShelf.Place?
    /// All that link its events, where it has no place.
    var identities: [UInt64] = []
    /// In the order of arrival.
    var records: [EventRecord] = []
  }

  func isOpen(_ number: UInt32, _ generation: UInt32) -> Bool {
    slots[Int(number)].isOpen && slots[Int(number)].generation == generation
  }

  func generation(of number: UInt32) -> UInt32 { slots[Int(number)].generation }
  func touched(_ number: UInt32) -> Int64 { slots[Int(number)].touched }
  func isSettled(_ number: UInt32) -> Bool { slots[Int(number)].isSettled }
  func count(of number: UInt32) -> Int { Int(slots[Int(number)].count) }
  func loudRules(of number: UInt32) -> LoudRules { slots[Int(number)].loud }

  /// About how many words settled cases take.
  var settledWords: Int { shelf.count + largeEvents }

  /// Prepares for cases that go by these hashes.
  mutating func expect(_ hashes: ArraySlice<UInt64>) { identities.expect(hashes) }

  /// Puts a stretch's part of a case into its case; the number of the case, whether it is a new one, and whether it has
  /// become a few thousand events larger.
  mutating func add(
    _ fragment: CaseFragment, of batch: borrowing RecordBatch, behind lines: UInt32,
    at progress: Int64
  ) -> (number: UInt32, isNew: Bool, hasGrown: Bool) {
    var found = CaseTable.none
    missing.removeAll(keepingCapacity: true)
    // Nearly always nobody has them yet: they are given to the case that would be opened.
    let fresh = nextNumber
    for place in fragment.identities {
      let hash = batch.identities[Int(place)]
      guard let owner = owner(of: hash, or: fresh) else {
        missing.append(hash)
        continue
      }
      if owner == fresh { continue }
      if found == CaseTable.none {
        found = owner
      } else if owner != found {
        found = merge(found, owner)
      }
    }
    let isNew = found == CaseTable.none
    if isNew {
      found = open()
    } else {
      for hash in missing { identities.give(hash, of: fresh, to: found) }
    }
    let number = Int(found)
    slots[number].touched = progress
    let known = slots[number].count
    slots[number].count += UInt32(fragment.count)
    let hasGrown = known >> 12 != slots[number].count >> 12
    if let range = fragment.settled {
      let words = batch.settled[Int(range.lowerBound)..<Int(range.upperBound)]
      if isNew, missing.count < CaseShelf.largest, words.count <= CaseShelf.largest {
        slots[number].isSettled = true
        slots[number].loud = fragment.loud
        slots[number].place = shelf.add(missing, words, behind: lines)
      } else {
        var settled = SettledCase(packed: words)
        settled.move(behind: lines)
        if isNew {
          slots[number].isSettled = true
          slots[number].loud = fragment.loud
          put(settled, missing, at: number)
        } else {
          if !slots[number].isSettled { settleUnseen(number) }
          extend(number) { $0.append(settled) }
        }
      }
    } else if slots[number].isSettled {
      extend(number) { whole in
        for place in fragment.records { whole.append(batch.records[Int(place)]) }
      }
    } else {
      heldRecords += fragment.records.count
      let range = Int(fragment.records.lowerBound)..<Int(fragment.records.upperBound)
      slots[number].records += batch.records[range]
      slots[number].identities += missing
    }
    return (found, isNew, hasGrown)
  }

  /// The case that goes by a hash; `nil` where there was none, and the one that would be opened does from now on.
  @inline(__always)
  private mutating func owner(of hash: UInt64, or fresh: UInt32) -> UInt32? {
    var passed = 0
    while let owner = identities.claim(hash, for: fresh, passing: passed) {
      let own = owner == fresh ? missing[...] : self.identities(of: owner)
      if own.contains(hash) { return owner }
      passed += 1
    }
    return nil
  }

  /// Adds events, and the identities that were missing, to a settled case: whatever comes after the look makes a second
  /// one necessary.
  private mutating func extend(_ number: Int, by change: (inout SettledCase) -> Void) {
    slots[number].loud = .all
    var (whole, identities) = take(number)
    change(&whole)
    identities += missing
    put(whole, identities, at: number)
  }

  /// Takes what is left of a settled case, and its identities, out of its place.
  private mutating func take(_ number: Int) -> (SettledCase, [UInt64]) {
    var identities: [UInt64] = []
    if let place = slots[number].place.take() {
      let one = SettledCase(packed: shelf.words(at: place))
      identities += shelf.identities(at: place)
      shelf.remove(place)
      return (one, identities)
    }
    swap(&identities, &slots[number].identities)
    let one = large.removeValue(forKey: UInt32(number)) ?? SettledCase()
    largeEvents -= one.count
    return (one, identities)
  }

  private mutating func put(_ one: SettledCase, _ identities: [UInt64], at number: Int) {
    if identities.count < CaseShelf.largest, let words = one.packed(atMost: CaseShelf.largest) {
      slots[number].place = shelf.add(identities, words[...])
      slots[number].identities = []
    } else {
      slots[number].identities = identities
      largeEvents += one.count
      large[UInt32(number)] = one
    }
  }

  /// Of the case that is opened next.
  private var nextNumber: UInt32 { free.last ?? UInt32(slots.count) }

  private mutating func open() -> UInt32 {
    let number = nextNumber
    if free.popLast() == nil { slots.append(Slot()) }
    slots[Int(number)].isOpen = true
    return number
  }

  /// An event names identities of two cases: from now on they are one.
  private mutating func merge(_ left: UInt32, _ right: UInt32) -> UInt32 {
    let isLeftLarger = slots[Int(left)].count >= slots[Int(right)].count
    let (kept, gone) = isLeftLarger ? (left, right) : (right, left)
    let (to, from) = (Int(kept), Int(gone))
    for hash in self.identities(of: gone) { identities.give(hash, of: gone, to: kept) }
    slots[to].isMerged = true
    slots[to].count += slots[from].count
    slots[to].touched = max(slots[to].touched, slots[from].touched)
    if slots[from].isSettled && !slots[to].isSettled { settleUnseen(to) }
    if slots[to].isSettled {
      if !slots[from].isSettled { settleUnseen(from) }
      slots[to].loud = .all
      var (whole, owned) = take(to)
      let (part, others) = take(from)
      whole.append(part)
      owned += others
      put(whole, owned, at: to)
    } else {
      slots[to].records += slots[from].records
      slots[to].identities += slots[from].identities
    }
    vacate(gone)
    return kept
  }

  /// The records of a case, in the order of arrival.
  func records(of number: UInt32) -> [EventRecord] {
    let records = slots[Int(number)].records
    return slots[Int(number)].isMerged ? records.sorted { $0.serial < $1.serial } : records
  }

  /// Keeps of a case only where its events stand.
  mutating func settle(_ number: UInt32, _ loud: LoudRules) {
    let place = Int(number)
    var settled = SettledCase()
    settled.append(CaseRecords(slots[place].records))
    if loud.isEmpty { settled.noteCounted() }
    heldRecords -= slots[place].records.count
    slots[place].records = []
    slots[place].isSettled = true
    slots[place].loud = loud
    var owned: [UInt64] = []
    swap(&owned, &slots[place].identities)
    put(settled, owned, at: place)
  }

  private mutating func settleUnseen(_ number: Int) {
    settle(UInt32(number), .all)
  }

  /// All that link a case's events.
  func identities(of number: UInt32) -> ArraySlice<UInt64> {
    if let place = slots[Int(number)].place { return shelf.identities(at: place) }
    return slots[Int(number)].identities[...]
  }

  /// What is left of a settled case.
  func settled(_ number: UInt32) -> SettledCase {
    if let place = slots[Int(number)].place { return SettledCase(packed: shelf.words(at: place)) }
    return large[number] ?? SettledCase()
  }

  /// Ends a case.
  mutating func close(_ number: UInt32) {
    if !shelf.isEnding {
      for hash in identities(of: number) { identities.remove(hash, of: number) }
    }
    vacate(number)
  }

  /// No events come any more: nobody asks whose an identity is, and what goes leaves its room to others.
  mutating func end() {
    identities = IdentityTable()
    shelf.isEnding = true
  }

  private mutating func vacate(_ number: UInt32) {
    heldRecords -= slots[Int(number)].records.count
    if let place = slots[Int(number)].place {
      shelf.remove(place)
    } else if let gone = large.removeValue(forKey: number) {
      largeEvents -= gone.count
    }
    slots[Int(number)] = Slot(generation: slots[Int(number)].generation &+ 1)
    free.append(number)
  }
}
