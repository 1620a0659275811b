import EventLogs
import Rules

/// Sums of a field by several groupings.
struct SumParts {
  /// By grouping: the sums of its groups.
  var sums: [[Double]] = []
  var found: [Int] = []
  /// Whether the numbers are units; `nil` where one of them is no number or they are mixed.
  var isUnits: Bool?
}

/// Conditions on what numbers add up to.
extension ConditionEvaluator {
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
    let earlier = starts.filter { orderer.isBefore($0, event, in: one) }
    let later = starts.filter { orderer.isBefore(event, $0, in: one) }
    return matches(sum.of, event, in: one).filter { index in
      func isOwn(_ start: Int) -> Bool { fields.allSatisfy { isAlike($0, index, start, in: one) } }
      return !earlier.contains { orderer.isBefore(index, $0, in: one) && isOwn($0) }
        && !later.contains { orderer.isBefore($0, index, in: one) && isOwn($0) }
    }
  }

  /// Equal values, or one of them says nothing.
  private func isAlike(_ field: PlannedField, _ left: Int, _ right: Int, in one: LogCase) -> Bool {
    guard let first = tests.key(field, one.events[left]),
      let second = tests.key(field, one.events[right])
    else { return true }
    return first == second
  }
}
