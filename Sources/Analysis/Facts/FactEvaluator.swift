import Findings
import Rules

/// Decides conditions over the records of one case.
struct FactEvaluator {
  let facts: FactCase
  let tester: FactTester

  enum Verdict {
    case holds
    case fails(FactRecord? = nil, figures: [String: String] = [:])
    case unknown(String)

    var holds: Bool {
      if case .holds = self { true } else { false }
    }
  }

  /// Whether a check speaks of the record; what is not known counts as not holding.
  func isMeant(_ record: FactRecord, by check: FactCheck) -> Bool {
    if let test = check.on.test, tester.passes(test, record, judged: record) != .yes {
      return false
    }
    return check.given.allSatisfy { verdict($0, record).holds }
      && !check.unless.contains { verdict($0, record).holds }
  }

  /// `nil` where the requirement holds, or where it is not known and the rule keeps silent about it.
  func judge(_ requirement: FactRequirement, _ record: FactRecord) -> FactJudgement? {
    switch verdict(requirement.condition, record) {
    case .holds: return nil
    case .unknown(let reason):
      return requirement.unknown.map {
        FactJudgement(outcome: $0, verdict: .inconclusive, reason: reason)
      }
    case .fails(let witness, let figures):
      let better = requirement.instead.first { verdict($0.condition, record).holds }
      let outcome = better?.outcome ?? requirement.otherwise
      return FactJudgement(
        outcome: outcome, verdict: outcome.isUndecided ? .inconclusive : .violated,
        witness: witness, figures: figures)
    }
  }

  private func verdict(_ condition: EventCondition, _ record: FactRecord) -> Verdict {
    switch condition {
    case .all(let parts):
      var open: Verdict?
      for part in parts {
        let verdict = verdict(part, record)
        if case .fails = verdict { return verdict }
        if case .unknown = verdict { open = open ?? verdict }
      }
      return open ?? .holds
    case .any(let parts):
      var last = Verdict.fails()
      var open: Verdict?
      for part in parts {
        let verdict = verdict(part, record)
        switch verdict {
        case .holds: return .holds
        case .unknown: open = open ?? verdict
        case .fails: last = verdict
        }
      }
      return open ?? last
    case .not(let part):
      switch verdict(part, record) {
      case .holds: return .fails()
      case .fails: return .holds
      case .unknown(let reason): return .unknown(reason)
      }
    case .test(let test):
      switch tester.passes(test, record, judged: record) {
      case .yes, .undecided: return .holds
      case .no: return .fails(record)
      case .unknown(let reason): return .unknown(reason)
      }
    case .exists(let reference):
      let others = others(reference, record)
      if !others.sure.isEmpty { return .holds }
      return others.reason.map { .unknown($0) } ?? .fails()
    case .count(let bound): return count(bound, record)
    case .distinct(let bound):
      return count(
        CountBound(of: bound.of, distinct: bound.field, atMost: .literal(Double(bound.atMost))),
        record)
    case .earlier, .later, .latest, .between, .absentSince, .each, .sum, .complete:
      // The reading of the document has refused it.
      return .holds
    }
  }

  /// The records that a reference means, and why some are perhaps meant.
  private func others(
    _ reference: EventReference, _ judged: FactRecord
  ) -> (sure: [FactRecord], possible: [FactRecord], reason: String?) {
    var sure: [FactRecord] = []
    var possible: [FactRecord] = []
    var reason: String?
    for record in facts.records where reference.events.names.contains(record.kind) {
      let answers = [reference.events.test, reference.test].compactMap(\.self).map {
        tester.passes($0, record, judged: judged)
      }
      if answers.contains(.no) || answers.contains(.undecided) { continue }
      possible.append(record)
      if answers.allSatisfy({ $0 == .yes }) { sure.append(record) }
      for case .unknown(let words) in answers { reason = reason ?? words }
    }
    return (sure, possible, reason)
  }

  private func count(_ bound: CountBound, _ judged: FactRecord) -> Verdict {
    let others = others(bound.of, judged)
    let sure = groups(others.sure, bound)
    let possible = groups(others.possible, bound)
    var figures: [String: String] = [:]
    var isOpen = false
    if let least = number(bound.atLeast, judged) {
      for (group, most) in possible where Double(sure[group] ?? 0) < least {
        if Double(most) < least {
          figures = Self.figures(actual: most, expected: least)
          return .fails(others.sure.first, figures: figures)
        }
        isOpen = true
      }
      if possible.isEmpty, least > 0 {
        return .fails(nil, figures: Self.figures(actual: 0, expected: least))
      }
    }
    if let most = number(bound.atMost, judged) {
      for (group, count) in possible where Double(count) > most {
        if let certain = sure[group], Double(certain) > most {
          figures = Self.figures(actual: certain, expected: most)
          return .fails(others.sure.last, figures: figures)
        }
        isOpen = true
      }
    }
    return isOpen ? .unknown(others.reason ?? "it is not known") : .holds
  }

  /// How many there are in each group; one group of all where none is asked for.
  private func groups(_ records: [FactRecord], _ bound: CountBound) -> [FactValue: Int] {
    var values: [FactValue: Set<FactValue>] = [:]
    var counts: [FactValue: Int] = [:]
    for record in records {
      let group = bound.per.flatMap { record[$0] } ?? .null
      if let name = bound.distinct, let value = record[name] {
        guard values[group, default: []].insert(value).inserted else { continue }
      }
      counts[group, default: 0] += 1
    }
    return counts
  }

  private func number(_ number: CountBound.Number?, _ judged: FactRecord) -> Double? {
    switch number {
    case .literal(let value)?: return value
    case .event(let name)?:
      if case .number(let value)? = judged[name] { return value }
      return nil
    case .stated(let names, in: let reference)?:
      let values = others(reference, judged).sure.flatMap { record in
        names.compactMap { name -> Double? in
          if case .number(let value)? = record[name] { value } else { nil }
        }
      }
      return values.max()
    case nil: return nil
    }
  }

  private static func figures(actual: Int, expected: Double) -> [String: String] {
    [
      "count": String(actual), "actual": String(actual),
      "expected": FactValue.number(expected).words,
    ]
  }
}
