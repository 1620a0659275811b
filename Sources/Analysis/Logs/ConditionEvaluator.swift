import EventLogs
import Rules

/// Whether a condition holds of an event, and what shows it.
enum ConditionVerdict {
  case holds
  /// With the events that show it; `late` and the least gap where an awaited event came too late.
  case fails(Failure)
  /// Undecided, for a reason.
  case open(String, [Int])

  struct Failure {
    var isLate = false
    var gap: Int64?
    var witnesses: [Int] = []
    /// What the failure is about, for the message: an expected and a found number, a count.
    var figures: [String: String] = [:]
  }
}

/// Evaluates conditions over the events of one case.
struct ConditionEvaluator {
  let orderer: EventOrderer
  let budget: Int64
  let certificate: Int
  /// Lines of damaged regions, in order.
  let damage: [ClosedRange<Int>]
  var tests: TestEvaluator
  /// Counts of the present case that hold for several of its events.
  private var counted: [CountKey: DistinctCount] = [:]

  private struct CountKey: Hashable {
    var number: Int
    var text: UInt32
  }

  init(
    orderer: EventOrderer, budget: Int64, certificate: Int, damage: [ClosedRange<Int>],
    tests: TestEvaluator
  ) {
    self.orderer = orderer
    self.budget = budget
    self.certificate = certificate
    self.damage = damage
    self.tests = tests
  }

  /// Forgets what was found out about the last case.
  mutating func beginCase() { if !counted.isEmpty { counted.removeAll(keepingCapacity: true) } }

  typealias Failure = ConditionVerdict.Failure

  mutating func evaluate(
    _ condition: PlannedCondition, _ event: Int, in one: LogCase
  ) -> ConditionVerdict {
    switch condition {
    case .all(let parts):
      var open: ConditionVerdict?
      for part in parts {
        switch evaluate(part, event, in: one) {
        case .holds: break
        case .fails(let failure): return .fails(failure)
        case .open(let reason, let witnesses): open = open ?? .open(reason, witnesses)
        }
      }
      return open ?? .holds
    case .any(let parts):
      var open: ConditionVerdict?
      var last = Failure()
      for part in parts {
        switch evaluate(part, event, in: one) {
        case .holds: return .holds
        case .fails(let failure): if last.witnesses.isEmpty { last = failure }
        case .open(let reason, let witnesses): open = open ?? .open(reason, witnesses)
        }
      }
      return open ?? .fails(last)
    case .not(let part):
      switch evaluate(part, event, in: one) {
      case .holds: return .fails(Failure(witnesses: witnesses(part, event, in: one)))
      case .fails: return .holds
      case .open(let reason, let witnesses): return .open(reason, witnesses)
      }
    case .test(let test):
      return tests.passes(test, one.events[event], judged: one.events[event]) == false
        ? .fails(Failure()) : .holds
    case .exists(let reference):
      return exists(reference, event, in: one) ? .holds : .fails(Failure())
    case .earlier(let reference): return earlier(reference, event, in: one)
    case .later(let reference, let bound): return later(reference, bound, event, in: one)
    case .absentSince(let reference, let since):
      return absent(reference, since, event, in: one)
    case .distinct(let bound, let number):
      return distinct(bound, number, event, in: one)
    case .each(let reference, let partner, let field, let count):
      return each(reference, partner, field, count, event, in: one)
    case .sum(let field, let reference, let groups, let target, let tolerance, let since):
      return sum(field, reference, groups, target, tolerance, since, event, in: one)
    case .complete(let references): return complete(references, event, in: one)
    }
  }

  /// The other events that a reference means, in the order of the file.
  mutating func matches(_ reference: PlannedReference, _ event: Int, in one: LogCase) -> [Int] {
    var found: [Int] = []
    for index in candidates(reference, event, in: one)
    where passes(reference, index, event, in: one) { found.append(index) }
    return found
  }

  private mutating func exists(
    _ reference: PlannedReference, _ event: Int, in one: LogCase
  ) -> Bool {
    for index in candidates(reference, event, in: one)
    where passes(reference, index, event, in: one) { return true }
    return false
  }

  /// The events that may be meant; each is still to pass the reference's test.
  private func candidates(
    _ reference: PlannedReference, _ event: Int, in one: LogCase
  ) -> CaseMembers {
    var by = reference.by
    var text = one.events[event].text(of: by)
    if by == .proof {
      let proof = proof(of: event, in: one)
      by = proof == Event.nobody ? .output : .certificate
      text = proof == Event.nobody ? one.events[event].output : proof
    }
    let members = CaseMembers(of: one, reference.selection, by: by, text)
    // The latest of all is tested: an earlier one that passes no longer counts.
    guard let field = reference.latestBy else { return members }
    return CaseMembers(latest(members.filter { $0 != event }, by: field, in: one))
  }

  private mutating func passes(
    _ reference: PlannedReference, _ index: Int, _ event: Int, in one: LogCase
  ) -> Bool {
    if index == event { return false }
    guard let test = reference.test else { return true }
    return tests.passes(test, one.events[index], judged: one.events[event]) == true
  }

  /// The certificate that an event names, else the latest before it on its bytes, else the first.
  private func proof(of event: Int, in one: LogCase) -> UInt32 {
    let judged = one.events[event]
    if judged.certificate != Event.nobody { return judged.certificate }
    var best: CaseEvent?
    var first: CaseEvent?
    for index in CaseMembers(of: one, certificate, by: .output, judged.output) where index != event
    {
      let other = one.events[index]
      if first == nil { first = other }
      guard case .before = orderer.order(other, judged) else { continue }
      if let known = best, case .before = orderer.order(other, known) { continue }
      best = other
    }
    return (best ?? first)?.certificate ?? Event.nobody
  }

  private func latest(_ found: [Int], by field: PlannedField, in one: LogCase) -> [Int] {
    var latest: [UInt64: Int] = [:]
    var rest: [Int] = []
    for index in found {
      guard let key = tests.key(field, one.events[index]) else {
        rest.append(index)
        continue
      }
      if let known = latest[key], case .before = orderer.order(one.events[index], one.events[known])
      {
        continue
      }
      latest[key] = index
    }
    return (latest.values + rest).sorted()
  }

  private mutating func earlier(
    _ reference: PlannedReference, _ event: Int, in one: LogCase
  ) -> ConditionVerdict {
    var failure = Failure()
    var open: (String, [Int])?
    for index in candidates(reference, event, in: one)
    where passes(reference, index, event, in: one) {
      switch orderer.order(one.events[index], one.events[event]) {
      case .before: return .holds
      case .disputed: open = ("clock-skew", [index])
      case .unplaced: open = open ?? ("no-timestamp", [index])
      case .after(let gap):
        if !failure.isLate || gap < failure.gap ?? .max {
          failure = Failure(isLate: true, gap: gap, witnesses: [index])
        }
      }
    }
    if let open { return .open(open.0, open.1) }
    return .fails(failure)
  }

  private mutating func later(
    _ reference: PlannedReference, _ bound: TimeBound?, _ event: Int, in one: LogCase
  ) -> ConditionVerdict {
    let limit: Int64? =
      switch bound {
      case .seconds(let seconds): Int64(seconds * 1e9)
      case .roundBudget: budget
      case nil: nil
      }
    var failure = Failure()
    var open: (String, [Int])?
    for index in candidates(reference, event, in: one)
    where passes(reference, index, event, in: one) {
      switch orderer.order(one.events[index], one.events[event]) {
      case .before: break
      case .disputed: open = ("clock-skew", [index])
      case .unplaced: open = open ?? ("no-timestamp", [index])
      case .after(let gap):
        if gap <= limit ?? .max { return .holds }
        if !failure.isLate || gap < failure.gap ?? .max {
          failure = Failure(isLate: true, gap: gap, witnesses: [index])
        }
      }
    }
    if let open { return .open(open.0, open.1) }
    return .fails(failure)
  }

  private mutating func absent(
    _ reference: PlannedReference, _ since: PlannedReference, _ event: Int, in one: LogCase
  ) -> ConditionVerdict {
    let judged = one.events[event]
    var start: Int?
    for index in candidates(since, event, in: one) where passes(since, index, event, in: one) {
      guard case .before = orderer.order(one.events[index], judged) else { continue }
      if let known = start, case .before = orderer.order(one.events[index], one.events[known]) {
        continue
      }
      start = index
    }
    var open: (String, [Int])?
    for index in candidates(reference, event, in: one) {
      let other = one.events[index]
      if let start {
        switch orderer.order(other, one.events[start]) {
        case .before: continue
        case .disputed, .unplaced: continue
        case .after: break
        }
      }
      // The orders sort most of them out, and a test costs more.
      guard passes(reference, index, event, in: one) else { continue }
      switch orderer.order(other, judged) {
      case .before: return .fails(Failure(witnesses: [index] + (start.map { [$0] } ?? [])))
      case .disputed: open = ("clock-skew", [index])
      case .unplaced: open = open ?? ("no-timestamp", [index])
      case .after: break
      }
    }
    if let open { return .open(open.0, open.1) }
    return .holds
  }

  private mutating func distinct(
    _ bound: PlannedDistinct, _ number: Int, _ event: Int, in one: LogCase
  ) -> ConditionVerdict {
    let judged = one.events[event]
    let evaluator = tests
    func key(_ event: CaseEvent) -> UInt64? { evaluator.key(bound.field, event) }
    guard let own = key(judged) else { return .holds }
    let candidates = candidates(bound.of, event, in: one)
    let isAlone = !candidates.contains { index in
      key(one.events[index]).map { $0 != own } ?? false
    }
    if isAlone && bound.atMost > 0 { return .holds }
    let isShared =
      bound.of.isPlain && judged.isIn(bound.of.selection)
      && bound.until.map { $0.isPlain && $0.by == bound.of.by } ?? true
    let place = CountKey(number: number, text: judged.text(of: bound.of.by))
    if isShared, let known = counted[place] { return known.verdict(of: event) }
    // Whatever the reference leaves out, the judged event is one of those that are counted.
    let members =
      isShared ? candidates : CaseMembers(matches(bound.of, event, in: one) + [event])
    let ends: CaseMembers
    if let until = bound.until {
      ends =
        isShared
        ? self.candidates(until, event, in: one) : CaseMembers(matches(until, event, in: one))
    } else {
      ends = CaseMembers([])
    }
    let count = DistinctCount(
      members, until: ends, atMost: bound.atMost, in: one, by: orderer, key: key)
    if isShared { counted[place] = count }
    return count.verdict(of: event)
  }

  private mutating func each(
    _ reference: PlannedReference, _ partner: PlannedReference, _ field: PlannedField,
    _ count: PlannedField?, _ event: Int, in one: LogCase
  ) -> ConditionVerdict {
    let judged = one.events[event]
    let partners = matches(partner, event, in: one)
    var values: Set<UInt64> = []
    var expected = 0.0
    var late: Failure?
    var missing: Failure?
    var open: (String, [Int])?
    for index in partners {
      if let key = tests.key(field, one.events[index]) { values.insert(key) }
    }
    for index in matches(reference, event, in: one) {
      let other = one.events[index]
      if let count, let number = tests.number(count, other) { expected = max(expected, number.raw) }
      guard let key = tests.key(field, other) else { continue }
      values.insert(key)
      var found: ConditionVerdict?
      for candidate in partners where tests.key(field, one.events[candidate]) == key {
        switch orderer.order(one.events[candidate], judged) {
        case .before: found = .holds
        case .disputed: found = found ?? .open("clock-skew", [candidate])
        case .unplaced: found = found ?? .open("no-timestamp", [candidate])
        case .after(let gap):
          let failure = Failure(isLate: true, gap: gap, witnesses: [index, candidate])
          if case .holds? = found { break }
          if case .fails(let known)? = found, known.gap ?? .max <= gap { break }
          if case .open? = found { break }
          found = .fails(failure)
        }
        if case .holds? = found { break }
      }
      switch found {
      case .holds?: break
      case .fails(let failure)?: late = late ?? failure
      case .open(let reason, let witnesses)?: open = open ?? (reason, witnesses)
      case nil: missing = missing ?? Failure(witnesses: [index])
      }
    }
    if let late { return .fails(late) }
    if let missing { return .fails(missing) }
    if let open { return .open(open.0, open.1) }
    if Double(values.count) < expected { return .fails(Failure()) }
    return .holds
  }

  private mutating func sum(
    _ field: PlannedField, _ reference: PlannedReference, _ groups: [PlannedField],
    _ target: PlannedField, _ tolerance: Double, _ since: PlannedReference?, _ event: Int,
    in one: LogCase
  ) -> ConditionVerdict {
    guard let stated = tests.number(target, one.events[event]) else { return .holds }
    var found = matches(reference, event, in: one)
    if let since {
      let starts = matches(since, event, in: one).filter { start in
        isBefore(start, event, in: one)
      }
      found.removeAll { index in
        starts.contains { start in
          isBefore(index, start, in: one)
            && groups.dropFirst().allSatisfy { isAlike($0, index, start, in: one) }
        }
      }
    }
    if found.isEmpty { return .holds }
    var worst: Double?
    for group in groups.isEmpty ? [PlannedField.nowhere] : groups {
      var sums: [UInt64?: Double] = [:]
      for index in found {
        guard let weight = tests.number(field, one.events[index]), weight.isUnits == stated.isUnits
        else { return .holds }
        sums[tests.key(group, one.events[index]), default: 0] += weight.value
      }
      let wrong = sums.values.filter { ($0 - stated.value).magnitude > tolerance }
      if wrong.isEmpty { return .holds }
      worst = worst ?? wrong.min()
    }
    let figures = [
      "expected": ConditionEvaluator.decimal(stated.value),
      "actual": ConditionEvaluator.decimal(worst ?? 0),
    ]
    return .fails(Failure(witnesses: found, figures: figures))
  }

  private func isBefore(_ left: Int, _ right: Int, in one: LogCase) -> Bool {
    if case .before = orderer.order(one.events[left], one.events[right]) { return true }
    return false
  }

  /// Equal values, or one of them says nothing.
  private func isAlike(_ field: PlannedField, _ left: Int, _ right: Int, in one: LogCase) -> Bool {
    guard let first = tests.key(field, one.events[left]),
      let second = tests.key(field, one.events[right])
    else { return true }
    return first == second
  }

  /// At most four digits after the point.
  static func decimal(_ value: Double) -> String {
    let rounded = (value * 10_000).rounded() / 10_000
    return Int(exactly: rounded).map(String.init) ?? String(rounded)
  }

  private mutating func complete(
    _ references: [PlannedReference], _ event: Int, in one: LogCase
  ) -> ConditionVerdict {
    var lines: [Int] = []
    for reference in references {
      let found = matches(reference, event, in: one)
      if found.isEmpty { return .fails(Failure()) }
      lines += found.map { Int(tests.store.events[one.events[$0].index].line) }
    }
    guard let first = lines.min(), let last = lines.max() else { return .holds }
    let isDamaged = damage.contains { $0.overlaps(first...last) }
    return isDamaged ? .fails(Failure()) : .holds
  }

  /// The first use under a certificate event: one that names it, else one of its bytes that does not come before.
  func firstUse(of event: Int, _ use: Int, in one: LogCase) -> Int? {
    let proof = one.events[event]
    var first: Int?
    func offer(_ index: Int) {
      if let first, !one.events[index].isFirst(before: one.events[first]) { return }
      first = index
    }
    let named = CaseMembers(of: one, use, by: .certificate, proof.certificate)
    for index in named where index != event { offer(index) }
    for index in CaseMembers(of: one, use, by: .output, proof.output) where index != event {
      if one.events[index].certificate != Event.nobody { continue }
      if case .after = orderer.order(proof, one.events[index]) { continue }
      offer(index)
    }
    return first
  }

  /// The events that make a condition hold, for the evidence of its opposite.
  mutating func witnesses(
    _ condition: PlannedCondition, _ event: Int, in one: LogCase
  ) -> [Int] {
    switch condition {
    case .exists(let reference): return Array(matches(reference, event, in: one).prefix(1))
    case .earlier(let reference):
      for index in matches(reference, event, in: one) {
        if case .before = orderer.order(one.events[index], one.events[event]) { return [index] }
      }
      return []
    case .later(let reference, _):
      for index in matches(reference, event, in: one) {
        if case .after = orderer.order(one.events[index], one.events[event]) { return [index] }
      }
      return []
    case .all(let parts), .any(let parts):
      return parts.flatMap { witnesses($0, event, in: one) }
    case .not, .test, .absentSince, .distinct, .each, .sum, .complete: return []
    }
  }
}
