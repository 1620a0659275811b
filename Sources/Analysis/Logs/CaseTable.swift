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
    /// The rules that may have something to say.
    var loud = LoudRules.none
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
        slots[number].loud = fragment.loud
      } else {
        if !slots[number].isSettled { settleUnseen(number) }
        slots[number].loud = .all
        slots[number].settled.append(settled)
      }
      return (found, isNew, hasGrown)
    }
    if slots[number].isSettled {
      // Whatever comes after the look makes a second one necessary.
      slots[number].loud = .all
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
      slots[to].loud = .all
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
  mutating func settle(_ number: UInt32, _ loud: LoudRules) {
    let place = Int(number)
    var settled = SettledCase(room: slots[place].records.count)
    for index in slots[place].records.indices { settled.append(slots[place].records[index]) }
    if loud.isEmpty { settled.noteCounted() }
    heldRecords -= slots[place].records.count
    slots[place].records = []
    slots[place].settled = settled
    slots[place].isSettled = true
    slots[place].loud = loud
  }

  private mutating func settleUnseen(_ number: Int) {
    settle(UInt32(number), .all)
  }

  /// Ends a settled case; what is left of it.
  mutating func close(_ number: UInt32) -> (
    case: SettledCase, identities: [UInt64], loud: LoudRules
  ) {
    let place = Int(number)
    let one = (slots[place].settled, slots[place].identities, slots[place].loud)
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
