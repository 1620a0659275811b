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

/// Sums of a field by several groupings.
struct SumParts {
  /// By grouping: the sums of its groups.
  var sums: [[Double]] = []
  var found: [Int] = []
  /// Whether the numbers are units; `nil` where one of them is no number or they are mixed.
  var isUnits: Bool?
}

/// Conditions on how many, how different and how much.
extension ConditionEvaluator {
  mutating func count(
    _ bound: PlannedCount, _ event: Int, in one: LogCase
  ) -> ConditionVerdict {
    let span = span(since: bound.since, event, in: one)
    let least = bound.atLeast.map { number($0, span, event, in: one) }
    let most = bound.atMost.map { number($0, span, event, in: one) }
    // Where nothing states the number, nothing is demanded.
    if case .some(.none) = least { return .holds }
    if case .some(.none) = most { return .holds }
    let tally = tally(bound, span, event, in: one)
    var sure = tally.groups.map(\.sure)
    var possible = tally.groups.map(\.possible)
    if sure.isEmpty {
      sure = [0]
      possible = [0]
    }
    var wrong: Int?
    var isOpen = false
    if let least = least.flatMap(\.self) {
      for (sure, possible) in zip(sure, possible) where Double(sure) < least {
        if Double(possible) < least { wrong = min(wrong ?? sure, sure) } else { isOpen = true }
      }
    }
    if let most = most.flatMap(\.self) {
      for (sure, possible) in zip(sure, possible) where Double(possible) > most {
        if Double(sure) > most { wrong = max(wrong ?? sure, sure) } else { isOpen = true }
      }
    }
    if let wrong {
      var figures = ["count": String(wrong), "actual": String(wrong)]
      figures["expected"] = (least ?? most).flatMap(\.self).map(Self.decimal)
      return .fails(Failure(witnesses: tally.witnesses, figures: figures))
    }
    if !isOpen { return .holds }
    return .open(doubt(about: tally.witnesses + [event], in: one), tally.witnesses)
  }

  /// The events between the latest beginning before the judged event, where one is asked for, and that event.
  private struct Span {
    /// `nil` where nothing limits it.
    var start: Int??

    /// Whether an event lies in it; `nil` where that is disputed.
    func holds(
      _ index: Int, upTo event: Int, in one: LogCase, by orderer: EventOrderer
    ) -> Bool? {
      guard let start else { return true }
      var isSure = true
      switch orderer.order(one.events[index], one.events[event]) {
      case .after: return false
      case .disputed, .unplaced: isSure = false
      case .before: break
      }
      guard let start, start != index else { return isSure ? true : nil }
      switch orderer.order(one.events[index], one.events[start]) {
      case .before: return false
      case .disputed, .unplaced: return nil
      case .after: return isSure ? true : nil
      }
    }
  }

  private mutating func span(
    since: PlannedReference?, _ event: Int, in one: LogCase
  ) -> Span {
    guard let since else { return Span() }
    return Span(start: .some(latestBefore(since, event, in: one).found))
  }

  private struct Group {
    var sure = 0
    var possible = 0
    var values: Set<UInt64> = []
    var possibleValues: Set<UInt64> = []

    mutating func add(_ value: UInt64?, isSure: Bool) {
      if let value {
        if isSure, values.insert(value).inserted { sure += 1 }
        if possibleValues.insert(value).inserted { possible += 1 }
      } else {
        if isSure { sure += 1 }
        possible += 1
      }
    }
  }

  private mutating func tally(
    _ bound: PlannedCount, _ span: Span, _ event: Int, in one: LogCase
  ) -> (groups: [Group], witnesses: [Int]) {
    let judged = one.events[event]
    let limit = nanoseconds(bound.within)
    if bound.of.isIndependent, bound.since == nil, reach(in: one) == 0, judged.isTimed,
      let members = ordered(bound.of, event, in: one), members.untimed.isEmpty
    {
      let end = members.count(before: judged, in: one)
      var start = 0
      if let limit {
        let (time, overflow) = judged.earliest.subtractingReportingOverflow(limit)
        if !overflow { start = min(end, members.count(before: time, in: one)) }
      }
      return (
        groups(bound, start..<end, members, event, in: one),
        Array(members.timed[start..<end].prefix(DistinctCount.mostWitnesses))
      )
    }
    var groups: [UInt64?: Group] = [:]
    var witnesses: [Int] = []
    for index in candidates(bound.of, event, in: one)
    where passes(bound.of, index, event, in: one) {
      let other = one.events[index]
      var isSure = true
      switch orderer.order(other, judged) {
      case .before: break
      case .disputed, .unplaced: isSure = false
      case .after: continue
      }
      switch span.holds(index, upTo: event, in: one, by: orderer) {
      case true?: break
      case false?: continue
      case nil: isSure = false
      }
      if let limit {
        if distance(from: other.latest, to: judged.earliest) > limit { continue }
        if distance(from: other.earliest, to: judged.latest) > limit { isSure = false }
      }
      let group = bound.per.flatMap { tests.key($0, other) }
      groups[group, default: Group()].add(
        bound.distinct.flatMap { tests.key($0, other) }, isSure: isSure)
      if witnesses.count < DistinctCount.mostWitnesses { witnesses.append(index) }
    }
    return (Array(groups.values), witnesses)
  }

  /// Of the groups of a stretch of ordered members those that decide: the smallest and the largest one.
  private mutating func groups(
    _ bound: PlannedCount, _ stretch: Range<Int>, _ members: OrderedMembers, _ event: Int,
    in one: LogCase
  ) -> [Group] {
    func group(_ count: Int) -> Group { Group(sure: count, possible: count) }
    if bound.distinct == nil && bound.per == nil { return [group(stretch.count)] }
    guard let place = key(of: bound.of, event, in: one) else { return [] }
    let key = CountWindow.Key(
      members: place, distinct: bound.distinct, per: bound.per, isBounded: bound.within != nil)
    var window =
      memory.windows.removeValue(forKey: key)
      ?? CountWindow(
        groups: members.timed.map { place in bound.per.flatMap { tests.key($0, one.events[place]) }
        },
        values: members.timed.map { place in
          bound.distinct.flatMap { tests.key($0, one.events[place]) }
        })
    window.move(to: stretch)
    let extremes = window.extremes
    memory.touch()
    memory.windows[key] = window
    return extremes.map { [group($0.least), group($0.most)] } ?? []
  }

  private mutating func number(
    _ bound: PlannedCount.Number, _ span: Span, _ event: Int, in one: LogCase
  ) -> Double? {
    switch bound {
    case .literal(let number): return number
    case .event(let field): return tests.number(field, one.events[event])?.raw
    case .stated(let fields, let reference):
      var most: Double?
      for index in matches(reference, event, in: one)
      where span.holds(index, upTo: event, in: one, by: orderer) == true {
        for field in fields {
          guard let number = tests.number(field, one.events[index]) else { continue }
          most = max(most ?? number.raw, number.raw)
        }
      }
      return most
    }
  }

  mutating func distinct(
    _ bound: PlannedDistinct, _ number: Int, _ event: Int, in one: LogCase
  ) -> ConditionVerdict {
    let judged = one.events[event]
    let isShared =
      bound.of.isPlain && judged.isIn(bound.of.selection)
      && bound.until.map { $0.isPlain } ?? true
    let place = CaseMemory.Key(number: number, text: judged.text(of: bound.of.by))
    if isShared, let known = memory.counted[place] { return known.verdict(of: event) }
    let evaluator = tests
    func key(_ event: CaseEvent) -> UInt64? { evaluator.key(bound.field, event) }
    guard let own = key(judged) else { return .holds }
    let candidates = candidates(bound.of, event, in: one)
    if one.index == nil {
      let isAlone = !candidates.contains { index in
        key(one.events[index]).map { $0 != own } ?? false
      }
      if isAlone && bound.atMost > 0 { return .holds }
    }
    // Whatever the reference leaves out, the judged event is one of those that are counted.
    let members =
      isShared ? candidates : CaseMembers(matches(bound.of, event, in: one) + [event])
    if let until = bound.until, until.by != bound.of.by {
      let ends = ends(of: members, by: until, in: one)
      let count = DistinctCount(
        members, atMost: bound.atMost, in: one, by: orderer, key: key, end: { ends[$0] })
      if isShared {
        memory.touch()
        memory.counted[place] = count
      }
      return count.verdict(of: event)
    }
    let ends: CaseMembers
    if let until = bound.until {
      ends =
        isShared
        ? self.candidates(until, event, in: one) : CaseMembers(matches(until, event, in: one))
    } else {
      ends = CaseMembers([])
    }
    let count = DistinctCount(
      members, until: ends, atMost: bound.atMost, in: one, by: orderer, reach: reach(in: one),
      key: key)
    if isShared {
      memory.touch()
      memory.counted[place] = count
    }
    return count.verdict(of: event)
  }

  /// By member: the first of the events that a reference means from there.
  private mutating func ends(
    of members: CaseMembers, by until: PlannedReference, in one: LogCase
  ) -> [Int: Int] {
    var ends: [Int: Int] = [:]
    for member in members {
      for index in candidates(until, member, in: one)
      where passes(until, index, member, in: one) {
        if let known = ends[member], !one.events[index].isFirst(before: one.events[known]) {
          continue
        }
        ends[member] = index
      }
    }
    return ends
  }

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

  mutating func sum(_ sum: PlannedSum, _ event: Int, in one: LogCase) -> ConditionVerdict {
    guard let stated = tests.number(sum.equals, one.events[event]) else { return .holds }
    let parts = parts(of: sum, event, in: one)
    if parts.found.isEmpty { return .holds }
    if sum.isShare, parts.isUnits != stated.isUnits { return .holds }
    let total = sum.isShare ? stated.value : stated.raw
    var worst: Double?
    for sums in parts.sums {
      let wrong = sums.filter { ($0 - total).magnitude > sum.tolerance }
      guard let least = wrong.min() else { return .holds }
      worst = worst ?? least
    }
    let figures = [
      "expected": ConditionEvaluator.decimal(total),
      "actual": ConditionEvaluator.decimal(worst ?? 0),
    ]
    return .fails(
      Failure(
        witnesses: Array(parts.found.prefix(DistinctCount.mostWitnesses)), figures: figures))
  }

  private mutating func parts(of sum: PlannedSum, _ event: Int, in one: LogCase) -> SumParts {
    var parts = SumParts()
    parts.found = summands(sum, event, in: one)
    for group in sum.by.isEmpty ? [PlannedField.nowhere] : sum.by {
      var sums: [UInt64?: Double] = [:]
      for index in parts.found {
        guard let weight = tests.number(sum.field, one.events[index]),
          parts.isUnits == nil || parts.isUnits == weight.isUnits || !sum.isShare
        else {
          // Not every one tells its weight on one scale.
          parts.found = []
          return parts
        }
        parts.isUnits = weight.isUnits
        sums[tests.key(group, one.events[index]), default: 0] +=
          sum.isShare ? weight.value : weight.raw
      }
      parts.sums.append(Array(sums.values))
    }
    return parts
  }

  /// The events of the judged one's own round: what a later start leaves behind, and what comes after the next start, is
  /// another's.
  private mutating func summands(
    _ sum: PlannedSum, _ event: Int, in one: LogCase
  ) -> [Int] {
    guard let since = sum.since else { return matches(sum.of, event, in: one) }
    let starts = matches(since, event, in: one)
    let fields = sum.by.dropFirst()
    let isOneLine = starts.allSatisfy { start in
      fields.allSatisfy { tests.key($0, one.events[start]) == nil }
    }
    if isOneLine, one.index != nil, one.events[event].isTimed, reach(in: one) == 0,
      let members = ordered(sum.of, event, in: one), members.untimed.isEmpty,
      let rounds = ordered(since, event, in: one), rounds.untimed.isEmpty, sum.of.isIndependent
    {
      // Starts without a value of their own divide the time into rounds.
      let next = rounds.count(before: one.events[event], in: one)
      var first = 0
      if next > 0 {
        first = members.count(before: one.events[rounds.timed[next - 1]], in: one)
      }
      var last = members.timed.count
      if next < rounds.timed.count {
        last = members.count(before: one.events[rounds.timed[next]], in: one)
      }
      return members.timed[first..<max(first, last)].sorted()
    }
    let earlier = starts.filter { isBefore($0, event, in: one) }
    let later = starts.filter { isBefore(event, $0, in: one) }
    return matches(sum.of, event, in: one).filter { index in
      func isOwn(_ start: Int) -> Bool { fields.allSatisfy { isAlike($0, index, start, in: one) } }
      return !earlier.contains { isBefore(index, $0, in: one) && isOwn($0) }
        && !later.contains { isBefore($0, index, in: one) && isOwn($0) }
    }
  }

  func isBefore(_ left: Int, _ right: Int, in one: LogCase) -> Bool {
    orderer.isBefore(left, right, in: one)
  }

  /// Equal values, or one of them says nothing.
  private func isAlike(_ field: PlannedField, _ left: Int, _ right: Int, in one: LogCase) -> Bool {
    guard let first = tests.key(field, one.events[left]),
      let second = tests.key(field, one.events[right])
    else { return true }
    return first == second
  }

  mutating func complete(
    _ references: [PlannedReference], _ number: Int, _ event: Int, in one: LogCase
  ) -> ConditionVerdict {
    var lines: [UInt16: ClosedRange<Int>] = [:]
    for reference in references {
      let found = matches(reference, event, in: one)
      if found.isEmpty { return .fails(Failure()) }
      if damage.allSatisfy(\.isEmpty) { continue }
      for index in found {
        let event = tests.store.events[one.events[index].index]
        let line = Int(event.line)
        let known = lines[event.source] ?? line...line
        lines[event.source] = min(known.lowerBound, line)...max(known.upperBound, line)
      }
    }
    let isDamaged = lines.contains { source, range in
      damage[Int(source)].contains { $0.overlaps(range) }
    }
    return isDamaged ? .fails(Failure()) : .holds
  }
}
