import EventLogs
import Rules

/// Conditions on what came before, after and between.
extension ConditionEvaluator {
  /// The latest that came before the event, and one whose order is disputed.
  struct Precedence {
    var found: Int?
    var open: (reason: String, index: Int)?
  }

  func nanoseconds(_ bound: TimeBound?) -> Int64? {
    switch bound {
    case .seconds(let seconds): Int64(seconds * 1e9)
    case .roundBudget: budget
    case nil: nil
    }
  }

  mutating func earlier(
    _ reference: PlannedReference, _ bound: TimeBound?, _ event: Int, in one: LogCase
  ) -> ConditionVerdict {
    let judged = one.events[event]
    if let limit = nanoseconds(bound) {
      let precedence = latestBefore(reference, event, in: one)
      if let found = precedence.found {
        let other = one.events[found]
        if distance(from: other.latest, to: judged.earliest) <= limit { return .holds }
        if distance(from: other.earliest, to: judged.latest) <= limit {
          return .open("no-timestamp", [found])
        }
      }
      if let open = precedence.open { return .open(open.reason, [open.index]) }
      return .fails(Failure(witnesses: precedence.found.map { [$0] } ?? []))
    }
    var failure = Failure()
    var open: (String, [Int])?
    if judged.isTimed, let members = ordered(reference, event, in: one) {
      let count = members.count(before: judged, in: one)
      if reference.isIndependent, members.isSurelyBefore(judged, count: count) { return .holds }
      if !reference.isIndependent, reach(in: one) == 0, members.untimed.isEmpty {
        return scan(members, count, reference, event, in: one)
      }
      for place in (0..<count).reversed() {
        let index = members.timed[place]
        switch orderer.order(one.events[index], judged) {
        case .before: if accepts(reference, index, event, in: one) { return .holds }
        case .disputed:
          if open == nil, accepts(reference, index, event, in: one) {
            open = ("clock-skew", [index])
          }
        case .unplaced, .after: break
        }
      }
      for index in members.untimed where accepts(reference, index, event, in: one) {
        if case .before = orderer.order(one.events[index], judged) { return .holds }
        note(index, judged, &failure, &open, in: one)
      }
      for place in count..<members.timed.count {
        let index = members.timed[place]
        if index == event || !accepts(reference, index, event, in: one) { continue }
        note(index, judged, &failure, &open, in: one)
        // The next ones are later still.
        if failure.isLate, failure.gap?.magnitude ?? 0 >= reach(in: one) { break }
      }
    } else {
      for index in candidates(reference, event, in: one)
      where passes(reference, index, event, in: one) {
        switch orderer.order(one.events[index], judged) {
        case .before: return .holds
        case .disputed, .unplaced, .after: note(index, judged, &failure, &open, in: one)
        }
      }
    }
    if let open { return .open(open.0, open.1) }
    return .fails(failure)
  }

  /// An order of a comparing reference, where time and line leave no doubt: each member is asked once for events that
  /// are compared alike.
  private mutating func scan(
    _ members: OrderedMembers, _ count: Int, _ reference: PlannedReference, _ event: Int,
    in one: LogCase
  ) -> ConditionVerdict {
    let key = comparedKey(of: reference, event, in: one)
    var scan = memory.scans[key] ?? CaseMemory.Scan()
    while scan.first == nil, scan.end < count {
      if isMeant(reference, members.timed[scan.end], event, in: one) { scan.first = scan.end }
      scan.end += 1
    }
    let isBefore = scan.first.map { $0 < count } ?? false
    if !isBefore, count < scan.start || count > scan.next {
      var place = count
      while place < members.timed.count,
        !isMeant(reference, members.timed[place], event, in: one)
      {
        place += 1
      }
      scan.start = count
      scan.next = place
    }
    memory.touch()
    memory.scans[key] = scan
    if isBefore { return .holds }
    var place = scan.next
    if place < members.timed.count, members.timed[place] == event {
      place += 1
      while place < members.timed.count, !accepts(reference, members.timed[place], event, in: one) {
        place += 1
      }
    }
    if place == members.timed.count { return .fails(Failure()) }
    let next = members.timed[place]
    let gap = distance(from: one.events[event].earliest, to: one.events[next].earliest)
    return .fails(Failure(isLate: true, gap: gap, witnesses: [next]))
  }

  /// What a single event says about an order that is not yet known to hold.
  private func note(
    _ index: Int, _ judged: CaseEvent, _ failure: inout Failure, _ open: inout (String, [Int])?,
    in one: LogCase
  ) {
    switch orderer.order(one.events[index], judged) {
    case .before: break
    case .disputed: open = ("clock-skew", [index])
    case .unplaced: open = open ?? ("no-timestamp", [index])
    case .after(let gap):
      if !failure.isLate || gap < failure.gap ?? .max {
        failure = Failure(isLate: true, gap: gap, witnesses: [index])
      }
    }
  }

  /// What the list of a large case has not asked yet.
  private mutating func accepts(
    _ reference: PlannedReference, _ index: Int, _ event: Int, in one: LogCase
  ) -> Bool {
    index != event && (reference.isIndependent || isMeant(reference, index, event, in: one))
  }

  func distance(from earlier: Int64, to later: Int64) -> Int64 {
    let (distance, overflow) = later.subtractingReportingOverflow(earlier)
    return overflow ? .max : max(0, distance)
  }

  mutating func latestBefore(
    _ reference: PlannedReference, _ event: Int, in one: LogCase
  ) -> Precedence {
    let judged = one.events[event]
    var result = Precedence()
    func offer(_ index: Int) {
      switch orderer.order(one.events[index], judged) {
      case .before:
        if let known = result.found,
          case .before = orderer.order(one.events[index], one.events[known])
        {
          return
        }
        result.found = index
      case .disputed: result.open = ("clock-skew", index)
      case .unplaced: result.open = result.open ?? ("no-timestamp", index)
      case .after: break
      }
    }
    guard judged.isTimed, let members = ordered(reference, event, in: one) else {
      for index in candidates(reference, event, in: one)
      where passes(reference, index, event, in: one) { offer(index) }
      return result
    }
    for index in members.untimed where accepts(reference, index, event, in: one) { offer(index) }
    let count = members.count(before: judged, in: one)
    for place in count..<members.timed.count {
      let index = members.timed[place]
      let gap = distance(from: judged.earliest, to: one.events[index].earliest)
      if gap.magnitude > reach(in: one) { break }
      if accepts(reference, index, event, in: one) { offer(index) }
    }
    for place in (0..<count).reversed() {
      let index = members.timed[place]
      if !accepts(reference, index, event, in: one) { continue }
      let before = result.found
      offer(index)
      if result.found != before { break }
    }
    return result
  }

  mutating func later(
    _ reference: PlannedReference, _ bound: TimeBound?, _ from: PlannedReference?, _ event: Int,
    in one: LogCase
  ) -> ConditionVerdict {
    let judged = one.events[event]
    let limit = nanoseconds(bound)
    var start = judged
    if let from, let found = latestBefore(from, event, in: one).found { start = one.events[found] }
    var failure = Failure()
    var open: (String, [Int])?
    // `nil` goes on, a verdict ends the search.
    func offer(_ index: Int) -> ConditionVerdict? {
      switch orderer.order(one.events[index], judged) {
      case .before: break
      case .disputed: open = ("clock-skew", [index])
      case .unplaced: open = open ?? ("no-timestamp", [index])
      case .after:
        let delay = distance(from: start.latest, to: one.events[index].earliest)
        if delay <= limit ?? .max { return .holds }
        if !failure.isLate || delay < failure.delay ?? .max {
          failure = Failure(isLate: true, delay: delay, witnesses: [index])
        }
      }
      return nil
    }
    if judged.isTimed, let members = ordered(reference, event, in: one) {
      for index in members.untimed where accepts(reference, index, event, in: one) {
        if let verdict = offer(index) { return verdict }
      }
      var place = members.count(before: judged, in: one)
      while place > 0 {
        let gap = distance(from: one.events[members.timed[place - 1]].earliest, to: judged.earliest)
        if gap.magnitude > reach(in: one) { break }
        place -= 1
      }
      while place < members.timed.count {
        let index = members.timed[place]
        place += 1
        if !accepts(reference, index, event, in: one) { continue }
        if let verdict = offer(index) { return verdict }
        let gap = distance(from: judged.earliest, to: one.events[index].earliest)
        if failure.isLate, gap.magnitude > reach(in: one) { break }
      }
    } else {
      for index in candidates(reference, event, in: one)
      where passes(reference, index, event, in: one) {
        if let verdict = offer(index) { return verdict }
      }
    }
    if let open { return .open(open.0, open.1) }
    if !failure.isLate, let limit, start.latest != .max,
      distance(from: start.latest, to: logEnd) <= limit
    {
      return .open("log-ends-first", [])
    }
    return .fails(failure)
  }

  mutating func latest(
    _ reference: PlannedReference, _ test: PlannedTest, _ event: Int, in one: LogCase
  ) -> ConditionVerdict {
    let precedence = latestBefore(reference, event, in: one)
    let judged = one.events[event]
    let isGood = precedence.found.map { tests.passes(test, one.events[$0], judged: judged) == true }
    if let open = precedence.open,
      isGood != (tests.passes(test, one.events[open.index], judged: judged) == true)
    {
      return .open(open.reason, [open.index])
    }
    if isGood == true { return .holds }
    return .fails(Failure(witnesses: precedence.found.map { [$0] } ?? []))
  }

  /// Here the judged event counts like any other: an interval is one of the case, and not of the event.
  mutating func between(
    _ reference: PlannedReference, _ after: PlannedReference?, _ before: PlannedReference?,
    _ event: Int, in one: LogCase
  ) -> ConditionVerdict {
    let isShared =
      [reference, after, before].allSatisfy {
        $0.map { $0.isIndependent && $0.sharing == nil } ?? true
      }
      && [after, before].allSatisfy { $0.map { $0.by == reference.by } ?? true }
    let key = isShared ? key(of: reference, event, in: one) : nil
    if let key, let known = memory.intervals[key] { return known }
    let verdict = interval(reference, after, before, event, in: one)
    if let key {
      memory.touch()
      memory.intervals[key] = verdict
    }
    return verdict
  }

  private mutating func interval(
    _ reference: PlannedReference, _ after: PlannedReference?, _ before: PlannedReference?,
    _ event: Int, in one: LogCase
  ) -> ConditionVerdict {
    let begins = after.map { ($0, bounds($0, event, in: one)) }
    let ends = before.map { ($0, bounds($0, event, in: one)) }
    var open: (String, [Int])?
    for index in candidates(reference, event, in: one)
    where isMeant(reference, index, event, in: one) {
      var isOpen = false
      if let begins {
        switch isAny(of: begins.1, begins.0, event, before: index, in: one) {
        case true?: break
        case false?: continue
        case nil: isOpen = true
        }
      }
      if let ends {
        switch isAny(of: ends.1, ends.0, event, before: index, in: one) {
        case true?: continue
        case false?: break
        case nil: isOpen = true
        }
      }
      if !isOpen { return .holds }
      open = open ?? (doubt(about: [index, event], in: one), [index])
    }
    if let open { return .open(open.0, open.1) }
    return .fails(Failure())
  }

  /// Why the order of events is open: a time is missing, or the two orders disagree.
  func doubt(about events: [Int], in one: LogCase) -> String {
    events.allSatisfy { one.events[$0].isTimed } ? "clock-skew" : "no-timestamp"
  }

  private mutating func bounds(
    _ reference: PlannedReference, _ event: Int, in one: LogCase
  ) -> OrderedMembers {
    if let ordered = ordered(reference, event, in: one) { return ordered }
    var members: [Int] = []
    for index in candidates(reference, event, in: one)
    where isMeant(reference, index, event, in: one) { members.append(index) }
    return OrderedMembers(members, in: one)
  }

  /// Whether one of the members that a reference means came before an event; `nil` where that is disputed.
  private mutating func isAny(
    of members: OrderedMembers, _ reference: PlannedReference, _ judged: Int, before index: Int,
    in one: LogCase
  ) -> Bool? {
    let event = one.events[index]
    var isDisputed = false
    // `true` ends the search.
    func isBefore(_ other: Int) -> Bool {
      if other == index { return false }
      switch orderer.order(one.events[other], event) {
      case .before: return reference.isIndependent || isMeant(reference, other, judged, in: one)
      case .disputed, .unplaced:
        if reference.isIndependent || isMeant(reference, other, judged, in: one) {
          isDisputed = true
        }
        return false
      case .after: return false
      }
    }
    for other in members.untimed where isBefore(other) { return true }
    let count = event.isTimed ? members.count(before: event, in: one) : members.timed.count
    if event.isTimed, reference.isIndependent, members.isSurelyBefore(event, count: count) {
      return true
    }
    for place in (0..<count).reversed() where isBefore(members.timed[place]) { return true }
    for place in count..<members.timed.count {
      let other = members.timed[place]
      if distance(from: event.earliest, to: one.events[other].earliest).magnitude
        > reach(in: one)
      {
        break
      }
      if isBefore(other) { return true }
    }
    return isDisputed ? nil : false
  }

  mutating func absent(
    _ reference: PlannedReference, _ since: PlannedReference, _ event: Int, in one: LogCase
  ) -> ConditionVerdict {
    let judged = one.events[event]
    let beginning = latestBefore(since, event, in: one)
    let start = beginning.found
    var open: (String, [Int])?
    // What perhaps came before a beginning that perhaps came before the event proves nothing.
    func doubt(_ index: Int) -> (String, [Int])? {
      guard let (reason, later) = beginning.open else { return nil }
      if case .after = orderer.order(one.events[index], one.events[later]) { return nil }
      return (reason, [index, later])
    }
    func isOutside(_ index: Int) -> Bool {
      guard let start else { return false }
      switch orderer.order(one.events[index], one.events[start]) {
      case .before, .disputed, .unplaced: return true
      case .after: return false
      }
    }
    // The orders sort most of them out, and a test costs more.
    if judged.isTimed, let members = ordered(reference, event, in: one) {
      var first = 0
      if let start, one.events[start].isTimed {
        first = members.count(before: one.events[start].earliest, in: one)
      }
      let reach = Int64(clamping: reach(in: one))
      let (end, overflow) = judged.earliest.addingReportingOverflow(reach)
      let last = overflow ? members.timed.count : members.count(before: end, in: one)
      let rest = members.timed[last...].prefix { one.events[$0].earliest == end }
      for index in [members.timed[min(first, last)..<last], rest, members.untimed[...]].joined() {
        if index == event || isOutside(index) { continue }
        switch orderer.order(one.events[index], judged) {
        case .before:
          if accepts(reference, index, event, in: one) {
            if let doubt = doubt(index) {
              open = doubt
              break
            }
            return .fails(Failure(witnesses: [index] + (start.map { [$0] } ?? [])))
          }
        case .disputed:
          if accepts(reference, index, event, in: one) { open = ("clock-skew", [index]) }
        case .unplaced:
          if open == nil, accepts(reference, index, event, in: one) {
            open = ("no-timestamp", [index])
          }
        case .after: break
        }
      }
    } else {
      for index in candidates(reference, event, in: one) {
        if isOutside(index) { continue }
        guard passes(reference, index, event, in: one) else { continue }
        switch orderer.order(one.events[index], judged) {
        case .before:
          if let doubt = doubt(index) {
            open = doubt
            break
          }
          return .fails(Failure(witnesses: [index] + (start.map { [$0] } ?? [])))
        case .disputed: open = ("clock-skew", [index])
        case .unplaced: open = open ?? ("no-timestamp", [index])
        case .after: break
        }
      }
    }
    if let open { return .open(open.0, open.1) }
    return .holds
  }
}
