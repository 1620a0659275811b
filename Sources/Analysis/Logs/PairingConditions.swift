import EventLogs
import Rules

/// Partners by their value, and when the last value has its first one.
struct Pairing {
  /// By value, the events that have it, in the order of the file.
  var partners: [UInt64: [Int]] = [:]
  /// Those that need a partner, with their values.
  var needs: [(index: Int, value: UInt64)] = []
  /// How many values there must be.
  var expected = 0.0
  /// All values that were met on either side.
  var values: Set<UInt64> = []
  /// One without any partner.
  var missing: Int?
  /// The last of the first partners, where all of them have a time.
  var last: (need: Int, partner: Int)?
}

/// Conditions on events that need a partner each.
extension ConditionEvaluator {
  mutating func each(
    _ bound: PlannedPairing, _ event: Int, in one: LogCase
  ) -> ConditionVerdict {
    let judged = one.events[event]
    let pairing = pairing(bound, event, in: one)
    var late: Failure?
    var open: (String, [Int])?
    if let last = pairing.last, judged.isTimed {
      // Where the last first partner is beyond doubt, so are the others.
      let end = one.events[last.partner]
      let ahead = distance(from: end.earliest, to: judged.earliest)
      let behind = distance(from: judged.earliest, to: end.earliest)
      if ahead.magnitude > reach(in: one) { return rest(pairing) }
      if behind.magnitude > reach(in: one) {
        return .fails(Failure(isLate: true, gap: behind, witnesses: [last.partner, last.need]))
      }
    }
    for need in pairing.needs {
      var found: ConditionVerdict?
      for candidate in pairing.partners[need.value] ?? [] where candidate != event {
        switch orderer.order(one.events[candidate], judged) {
        case .before: found = .holds
        case .disputed: found = found ?? .open("clock-skew", [candidate])
        case .unplaced: found = found ?? .open("no-timestamp", [candidate])
        case .after(let gap):
          if case .open? = found { break }
          if case .fails(let known)? = found, known.gap ?? .max <= gap { break }
          found = .fails(Failure(isLate: true, gap: gap, witnesses: [candidate, need.index]))
        }
        if case .holds? = found { break }
      }
      switch found {
      case .holds?, nil: break
      case .fails(let failure)?:
        if late.map({ ($0.gap ?? 0) < (failure.gap ?? 0) }) ?? true { late = failure }
      case .open(let reason, let witnesses)?: open = open ?? (reason, witnesses)
      }
    }
    if let late { return .fails(late) }
    if pairing.missing == nil, let open { return .open(open.0, open.1) }
    return rest(pairing)
  }

  /// What a pairing says where no partner comes too late.
  private func rest(_ pairing: Pairing) -> ConditionVerdict {
    if let missing = pairing.missing { return .fails(Failure(witnesses: [missing])) }
    return Double(pairing.values.count) < pairing.expected ? .fails(Failure()) : .holds
  }

  private mutating func pairing(
    _ bound: PlannedPairing, _ event: Int, in one: LogCase
  ) -> Pairing {
    let isShared =
      bound.of.isIndependent && bound.has.isIndependent && bound.of.sharing == nil
      && bound.has.sharing == nil && bound.of.by == bound.has.by
      && !one.events[event].isIn(bound.of.selection)
      && !one.events[event].isIn(bound.has.selection)
    let key = isShared ? key(of: bound.of, event, in: one) : nil
    if let key, let known = memory.pairings[key] { return known }
    var pairing = Pairing()
    for index in matches(bound.has, event, in: one) {
      guard let value = tests.key(bound.by, one.events[index]) else { continue }
      pairing.partners[value, default: []].append(index)
      pairing.values.insert(value)
    }
    var last: (need: Int, partner: Int)?
    var isTimed = true
    for index in matches(bound.of, event, in: one) {
      if let count = bound.count, let number = tests.number(count, one.events[index]) {
        pairing.expected = max(pairing.expected, number.raw)
      }
      guard let value = tests.key(bound.by, one.events[index]) else { continue }
      // Of several with one value the first stands for all.
      if pairing.values.contains(value), pairing.partners[value] == nil { continue }
      pairing.values.insert(value)
      pairing.needs.append((index, value))
      guard let partners = pairing.partners[value] else {
        pairing.missing = pairing.missing ?? index
        continue
      }
      var first: Int?
      for partner in partners {
        if !one.events[partner].isTimed { isTimed = false }
        if let known = first, !one.events[partner].isFirst(before: one.events[known]) { continue }
        first = partner
      }
      guard let first else { continue }
      if let known = last, one.events[first].isFirst(before: one.events[known.partner]) { continue }
      last = (index, first)
    }
    pairing.last = isTimed ? last : nil
    if let key {
      memory.touch()
      memory.pairings[key] = pairing
    }
    return pairing
  }
}
