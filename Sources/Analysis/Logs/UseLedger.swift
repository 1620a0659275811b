import EventLogs
package import Findings

/// What is counted while cases are judged: by number, so that a clean event costs an addition.
struct UseCounts: Sendable {
  /// By selection: events that belong to it.
  var subjects = Array(repeating: 0, count: UseCounts.selections)
  /// Uses by producer.
  var services: [UInt32: Int] = [:]
  /// Uses by workflow and step.
  var steps: [StepKey: Int] = [:]

  struct StepKey: Hashable, Sendable {
    var workflow: UInt32
    var step: UInt32
  }

  /// As many as have a bit.
  static let selections = 64
}

/// How often outputs were used, and how early, by rule, service and step; those of several logs can be merged.
package struct UseLedger: Sendable {
  package var rules: [String: Entry] = [:]
  package var services: [String: Entry] = [:]
  package var steps: [String: Entry] = [:]

  package init() {}

  /// The uses of one rule, service or step.
  package struct Entry: Sendable {
    package var uses = 0
    package var violations = 0
    /// In nanoseconds.
    package var exposures: [Int64] = []
    /// The coarsest of the times, in decimal digits after the second.
    package var digits = 9
    package var worst: Worst?
  }

  /// The use with the longest exposure.
  package struct Worst: Sendable {
    package var exposure: Int64
    package var output: String?
    package var path: String
    package var line: Int

    /// Longer first; of equal ones the first in the log.
    func isWorse(than other: Worst) -> Bool {
      (other.exposure, path, line) < (exposure, other.path, other.line)
    }
  }

  /// Adds what another log shows.
  package mutating func merge(_ other: UseLedger) {
    rules.merge(other.rules, uniquingKeysWith: Entry.merged)
    services.merge(other.services, uniquingKeysWith: Entry.merged)
    steps.merge(other.steps, uniquingKeysWith: Entry.merged)
  }

  /// Takes back uses that were counted too early.
  mutating func takeBack(_ other: UseLedger) {
    for (rule, entry) in other.rules { rules[rule, default: Entry()].uses -= entry.uses }
    for (name, entry) in other.services { services[name, default: Entry()].uses -= entry.uses }
    for (name, entry) in other.steps { steps[name, default: Entry()].uses -= entry.uses }
  }

  /// The totals that reports show.
  package var totals: UseTotals {
    var totals = UseTotals()
    totals.rules = Self.rows(rules)
    totals.services = Self.rows(services)
    totals.steps = Self.rows(steps)
    return totals
  }

  private static func rows(_ entries: [String: Entry]) -> [UseTotals.Row] {
    entries.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }.compactMap { entry in
      if entry.value.uses == 0 && entry.value.violations == 0 { return nil }
      return UseTotals.Row(
        name: entry.key, uses: entry.value.uses, violations: entry.value.violations,
        exposure: entry.value.exposure)
    }
  }
}

extension UseLedger.Entry {
  fileprivate static func merged(_ left: Self, _ right: Self) -> Self {
    var merged = left
    merged.merge(right)
    return merged
  }

  mutating func merge(_ other: Self) {
    uses += other.uses
    violations += other.violations
    exposures += other.exposures
    digits = min(digits, other.digits)
    if let worst = other.worst, self.worst.map({ worst.isWorse(than: $0) }) ?? true {
      self.worst = worst
    }
  }

  /// Percentiles by nearest rank.
  fileprivate var exposure: UseTotals.Exposure? {
    guard let worst else { return nil }
    let sorted = exposures.sorted()
    func rank(_ share: Double) -> Double {
      let rank = Int((Double(sorted.count) * share).rounded(.up))
      return Double(sorted[max(0, min(sorted.count, rank) - 1)]) / 1e6
    }
    var precision = 1000.0
    for _ in 0..<digits { precision /= 10 }
    return UseTotals.Exposure(
      count: sorted.count, medianMilliseconds: rank(0.5), percentile95Milliseconds: rank(0.95),
      maximumMilliseconds: Double(worst.exposure) / 1e6, precisionMilliseconds: precision,
      worstOutput: worst.output, worstPath: worst.path, worstLine: worst.line)
  }
}
