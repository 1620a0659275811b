import EventLogs
import Rules

/// Which events of a case a reference means, as seen from the judged one.
extension ConditionEvaluator {
  /// Whether the event says itself which others a reference means.
  func isTied(_ event: Int, to reference: PlannedReference, in one: LogCase) -> Bool {
    let judged = one.events[event]
    if let field = reference.sharing, tests.key(field, judged) == nil { return false }
    switch reference.by {
    case .anything: return true
    case .proof: return judged.certificate != Event.nobody || judged.output != Event.nobody
    default: return judged.text(of: reference.by) != Event.nobody
    }
  }

  /// The other events that a reference means, in the order of the file.
  mutating func matches(_ reference: PlannedReference, _ event: Int, in one: LogCase) -> [Int] {
    guard let found = shared(reference, event, in: one) else {
      return search(reference, event, in: one)
    }
    return found.filter { $0 != event }
  }

  /// The first of them that a test takes: in a large case all together may be all of it.
  mutating func first(
    _ most: Int, of reference: PlannedReference, _ event: Int, in one: LogCase,
    where isTaken: (Int) -> Bool = { _ in true }
  ) -> [Int] {
    var first: [Int] = []
    if let found = shared(reference, event, in: one) {
      for index in found where index != event && isTaken(index) {
        first.append(index)
        if first.count == most { break }
      }
      return first
    }
    for index in candidates(reference, event, in: one)
    where passes(reference, index, event, in: one) && isTaken(index) {
      first.append(index)
      if first.count == most { break }
    }
    return first
  }

  /// What a reference means for every event of a large case that shares the identity; the judged event may be among them.
  private mutating func shared(
    _ reference: PlannedReference, _ event: Int, in one: LogCase
  ) -> [Int]? {
    guard let key = key(of: reference, event, in: one), reference.isIndependent,
      isSharedByAll(reference, one.events[event], in: one)
    else { return nil }
    if let known = memory.found[key] { return known }
    var found: [Int] = []
    for index in candidates(reference, event, in: one)
    where isMeant(reference, index, event, in: one) { found.append(index) }
    memory.touch()
    memory.found[key] = found
    return found
  }

  /// Whether others see what this event sees: which one is the latest depends on the event, in a case that is not too
  /// large for that.
  private func isSharedByAll(
    _ reference: PlannedReference, _ event: CaseEvent, in one: LogCase
  ) -> Bool {
    reference.latestBy == nil
      || (one.events.count > ConditionEvaluator.mostCompared
        && !event.isIn(reference.selection))
  }

  private mutating func search(
    _ reference: PlannedReference, _ event: Int, in one: LogCase
  ) -> [Int] {
    var found: [Int] = []
    for index in candidates(reference, event, in: one)
    where passes(reference, index, event, in: one) { found.append(index) }
    return found
  }

  mutating func exists(
    _ reference: PlannedReference, _ event: Int, in one: LogCase
  ) -> Bool {
    // An event that cannot be meant itself sees what all others see that are compared alike.
    if one.index == nil || !isSharedByAll(reference, one.events[event], in: one) {
      return isAny(reference, event, in: one)
    }
    if one.events[event].isIn(reference.selection) {
      return shared(reference, event, in: one)?.contains { $0 != event }
        ?? isAny(reference, event, in: one)
    }
    let key = comparedKey(of: reference, event, in: one)
    if let known = memory.existing[key] { return known }
    let exists = isAny(reference, event, in: one)
    memory.touch()
    memory.existing[key] = exists
    return exists
  }

  /// What makes a comparing reference mean the same from another event.
  mutating func comparedKey(
    of reference: PlannedReference, _ event: Int, in one: LogCase
  ) -> CaseMemory.ComparedKey {
    let (by, text) = identity(of: reference, event, in: one)
    var key = CaseMemory.ComparedKey(number: reference.number, by: by, text: text)
    if let field = reference.sharing { key.values.append(tests.imprint(field, one.events[event])) }
    for field in reference.compared {
      key.values.append(tests.imprint(field, one.events[event]))
    }
    if reference.comparesTime { key.values.append(UInt64(bitPattern: one.events[event].earliest)) }
    return key
  }

  private mutating func isAny(
    _ reference: PlannedReference, _ event: Int, in one: LogCase
  ) -> Bool {
    if one.index == nil, reference.latestBy == nil, reference.isUntested {
      let (by, text) = identity(of: reference, event, in: one)
      return one.members(reference.selection, by: by, text) & ~(1 << UInt64(event)) != 0
    }
    for index in candidates(reference, event, in: one)
    where passes(reference, index, event, in: one) { return true }
    return false
  }

  /// The events that may be meant; each is still to pass the reference's test.
  mutating func candidates(
    _ reference: PlannedReference, _ event: Int, in one: LogCase
  ) -> CaseMembers {
    let (by, text) = identity(of: reference, event, in: one)
    let members = CaseMembers(of: one, reference.selection, by: by, text)
    // The latest of all is tested: an earlier one that passes no longer counts.
    guard let field = reference.latestBy else { return members }
    return CaseMembers(latest(members.filter { $0 != event }, by: field, event, in: one))
  }

  private mutating func identity(
    of reference: PlannedReference, _ event: Int, in one: LogCase
  ) -> (EventIdentity, UInt32) {
    if !reference.isProof { return (reference.by, one.events[event].text(of: reference.by)) }
    let proof = proof(of: event, in: one)
    return proof == Event.nobody ? (.output, one.events[event].output) : (.certificate, proof)
  }

  /// What makes the reference mean the same from another event of a large case; `nil` in a small one.
  func key(
    of reference: PlannedReference, _ event: Int, in one: LogCase
  ) -> CaseMemory.Key? {
    if one.index == nil || reference.isProof { return nil }
    var text: UInt32 = 0
    if case .anything = reference.by {} else { text = one.events[event].text(of: reference.by) }
    var key = CaseMemory.Key(number: reference.number, text: text)
    if let field = reference.sharing {
      guard let value = tests.key(field, one.events[event]) else { return nil }
      key.extra = value
    }
    return key
  }

  /// The meant events by time, in a large case; what a comparing test says is still to be asked.
  mutating func ordered(
    _ reference: PlannedReference, _ event: Int, in one: LogCase
  ) -> OrderedMembers? {
    guard one.index != nil, isSharedByAll(reference, one.events[event], in: one),
      let key = key(of: reference, event, in: one)
    else { return nil }
    if let known = memory.ordered[key] { return known }
    var members: [Int] = []
    for index in candidates(reference, event, in: one)
    where !reference.isIndependent || isMeant(reference, index, event, in: one) {
      members.append(index)
    }
    let ordered = OrderedMembers(members, in: one)
    memory.touch()
    memory.ordered[key] = ordered
    return ordered
  }

  mutating func passes(
    _ reference: PlannedReference, _ index: Int, _ event: Int, in one: LogCase
  ) -> Bool {
    index != event && isMeant(reference, index, event, in: one)
  }

  mutating func isMeant(
    _ reference: PlannedReference, _ index: Int, _ event: Int, in one: LogCase
  ) -> Bool {
    if let field = reference.sharing {
      guard let own = tests.key(field, one.events[event]),
        tests.key(field, one.events[index]) == own
      else { return false }
    }
    guard let test = reference.test else { return true }
    return tests.passes(test, one.events[index], judged: one.events[event]) == true
  }

  /// The certificate that an event names, else the latest before it on its bytes, else the first.
  mutating func proof(of event: Int, in one: LogCase) -> UInt32 {
    let judged = one.events[event]
    if judged.certificate != Event.nobody { return judged.certificate }
    if let best = latestBefore(certificates, event, in: one).found {
      return one.events[best].certificate
    }
    var members = CaseMembers(of: one, certificate, by: .output, judged.output)
    let first = members.next()
    return (first == event ? members.next() : first).map { one.events[$0].certificate }
      ?? Event.nobody
  }

  /// Of each value the latest that does not come after the event, else the latest of all.
  func latest(
    _ found: [Int], by field: PlannedField, _ event: Int, in one: LogCase
  ) -> [Int] {
    var latest: [UInt64: (index: Int, isAfter: Bool)] = [:]
    var rest: [Int] = []
    for index in found {
      guard let key = tests.key(field, one.events[index]) else {
        rest.append(index)
        continue
      }
      var isAfter = false
      if one.events.count <= ConditionEvaluator.mostCompared,
        case .after = orderer.order(one.events[index], one.events[event])
      {
        isAfter = true
      }
      if let known = latest[key] {
        if isAfter, !known.isAfter { continue }
        if isAfter == known.isAfter, orderer.isBefore(index, known.index, in: one) { continue }
      }
      latest[key] = (index, isAfter)
    }
    return (latest.values.map(\.index) + rest).sorted()
  }

  /// By how much the orders of two events of a case can contradict each other at most.
  func reach(in one: LogCase) -> Int64.Magnitude {
    if one.isInOrder && !(orderer.isCautious && one.hasLate) { return 0 }
    // What cannot be a list of pairs any more goes by the clocks that run apart.
    return one.events.count > ConditionEvaluator.mostCompared
      ? orderer.greatestBound : orderer.possibleBound
  }

  private static let mostCompared = 512
}
