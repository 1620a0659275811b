import EventLogs
import Rules

/// Conditions on how many and how different.
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
    /// Where nothing limits it, it is the whole case.
    var isLimited = false
    var start: Int?

    /// Whether an event lies in it; `nil` where that is disputed.
    func holds(
      _ index: Int, upTo event: Int, in one: LogCase, by orderer: EventOrderer
    ) -> Bool? {
      if !isLimited { return true }
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
    return Span(isLimited: true, start: latestBefore(since, event, in: one).found)
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
