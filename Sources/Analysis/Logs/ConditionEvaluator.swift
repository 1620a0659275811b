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
    /// From the judged event to the awaited one that came too late.
    var gap: Int64?
    /// Likewise for an event that was to come within a time.
    var delay: Int64?
    var witnesses: [Int] = []
    /// What the failure is about, for the message: an expected and a found number, a count.
    var figures: [String: String] = [:]
  }
}

/// Evaluates conditions over the events of one case.
struct ConditionEvaluator {
  private(set) var orderer: EventOrderer
  let budget: Int64
  let certificate: Int
  /// The certificates of an event's bytes.
  let certificates: PlannedReference
  /// Lines of damaged regions, in order, by source.
  let damage: [[ClosedRange<Int>]]
  /// The latest time up to which the log is known: what should come after it may still come.
  var logEnd = Int64.max
  var tests: TestEvaluator
  var memory = CaseMemory()

  init(
    orderer: EventOrderer, budget: Int64, certificate: Int, damage: [[ClosedRange<Int>]],
    tests: TestEvaluator
  ) {
    self.orderer = orderer
    self.budget = budget
    self.certificate = certificate
    certificates = PlannedReference(number: -1, selection: certificate, by: .output)
    self.damage = damage
    self.tests = tests
  }

  /// A copy for which the line of an event that came late is no witness; it remembers nothing yet.
  var cautious: ConditionEvaluator {
    var one = self
    one.orderer.isCautious = true
    one.memory.forget()
    return one
  }

  /// Forgets what was found out about the last case.
  mutating func beginCase() {
    orderer.beginCase()
    memory.forget()
  }

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
      var judged = one.events[event]
      // A certificate that the event does not name is its output's.
      if judged.certificate == Event.nobody, test.searchesProof {
        judged.certificate = proof(of: event, in: one)
      }
      return tests.passes(test, judged, judged: judged) == false ? .fails(Failure()) : .holds
    case .belongs(let test):
      return tests.passes(test, one.events[event], judged: nil) == true
        ? .holds : .fails(Failure())
    case .exists(let reference):
      return exists(reference, event, in: one) ? .holds : .fails(Failure())
    case .earlier(let reference, let bound): return earlier(reference, bound, event, in: one)
    case .later(let reference, let bound, let from):
      return later(reference, bound, from, event, in: one)
    case .latest(let reference, let test): return latest(reference, test, event, in: one)
    case .between(let reference, let after, let before):
      return between(reference, after, before, event, in: one)
    case .absentSince(let reference, let since):
      return absent(reference, since, event, in: one)
    case .count(let bound): return count(bound, event, in: one)
    case .distinct(let bound, let number): return distinct(bound, number, event, in: one)
    case .each(let pairing): return each(pairing, event, in: one)
    case .sum(let sum): return self.sum(sum, event, in: one)
    case .complete(let references, let number):
      return complete(references, number, event, in: one)
    }
  }

  /// Whether a condition holds, where nobody asks what shows it.
  mutating func holds(_ condition: PlannedCondition, _ event: Int, in one: LogCase) -> Bool {
    decide(condition, event, in: one) == true
  }

  /// Whether a condition holds; `nil` where that is open.
  private mutating func decide(
    _ condition: PlannedCondition, _ event: Int, in one: LogCase
  ) -> Bool? {
    switch condition {
    case .all(let parts): return parts.allHold { decide($0, event, in: one) }
    case .any(let parts): return parts.anyHolds { decide($0, event, in: one) }
    case .not(let part): return decide(part, event, in: one).map { !$0 }
    case .belongs(let test): return tests.passes(test, one.events[event], judged: nil) == true
    case .exists(let reference): return exists(reference, event, in: one)
    default:
      switch evaluate(condition, event, in: one) {
      case .holds: return true
      case .fails: return false
      case .open: return nil
      }
    }
  }

  // MARK: - What shows it

  /// The first use under a certificate event: one that names it, else one of its bytes that does not come before.
  mutating func firstUse(of event: Int, _ use: Int, in one: LogCase) -> Int? {
    let judged = one.events[event]
    var first: Int?
    func offer(_ index: Int) {
      if let first, !one.events[index].isFirst(before: one.events[first]) { return }
      first = index
    }
    let named = CaseMembers(of: one, use, by: .certificate, judged.certificate)
    for index in named where index != event { offer(index) }
    for index in CaseMembers(of: one, use, by: .output, judged.output) where index != event {
      if one.events[index].certificate != Event.nobody { continue }
      if case .after = orderer.order(judged, one.events[index]) { continue }
      if judged.certificate != Event.nobody, proof(of: index, in: one) != judged.certificate {
        continue
      }
      offer(index)
    }
    return first
  }

  /// The events that make a condition hold, for the evidence of its opposite.
  mutating func witnesses(
    _ condition: PlannedCondition, _ event: Int, in one: LogCase
  ) -> [Int] {
    switch condition {
    case .exists(let reference), .between(let reference, _, _):
      return first(1, of: reference, event, in: one)
    case .earlier(let reference, _):
      let orderer = orderer
      return first(1, of: reference, event, in: one) { index in
        if case .before = orderer.order(one.events[index], one.events[event]) {
          true
        } else {
          false
        }
      }
    case .later(let reference, _, _):
      let orderer = orderer
      return first(1, of: reference, event, in: one) { index in
        if case .after = orderer.order(one.events[index], one.events[event]) { true } else { false }
      }
    case .latest(let reference, _):
      return latestBefore(reference, event, in: one).found.map { [$0] } ?? []
    case .count(let bound):
      return first(DistinctCount.mostWitnesses, of: bound.of, event, in: one).filter {
        if case .before = orderer.order(one.events[$0], one.events[event]) { return true }
        return false
      }
    case .all(let parts), .any(let parts):
      return parts.flatMap { witnesses($0, event, in: one) }
    case .not, .test, .belongs, .absentSince, .distinct, .each, .sum, .complete: return []
    }
  }

  /// At most four digits after the point.
  static func decimal(_ value: Double) -> String {
    let rounded = (value * 10_000).rounded() / 10_000
    return Int(exactly: rounded).map(String.init) ?? String(rounded)
  }
}
