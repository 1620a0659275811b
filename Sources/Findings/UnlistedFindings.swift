/// Findings of a log that are counted and not listed, as there are too many.
public struct UnlistedFindings: Sendable, Hashable {
  /// Violations, by severity.
  public private(set) var violations: [Severity: Int] = [:]
  /// What the log leaves open.
  public private(set) var inconclusive = 0

  /// None.
  public init() {}

  /// All of them.
  public var count: Int { violations.values.reduce(inconclusive, +) }

  /// Counts a finding.
  public mutating func add(_ severity: Severity, isInconclusive: Bool) {
    if isInconclusive { inconclusive += 1 } else { violations[severity, default: 0] += 1 }
  }

  /// Adds what was counted elsewhere.
  public mutating func merge(_ other: UnlistedFindings) {
    violations.merge(other.violations, uniquingKeysWith: +)
    inconclusive += other.inconclusive
  }

  /// Whether there is a violation of this severity or a worse one.
  public func hasViolation(of least: Severity) -> Bool { violations.keys.contains { $0 >= least } }
}
