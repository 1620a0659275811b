/// A suppression, for one of the rules that it names, and what it does.
public struct Acceptance: Sendable, Hashable {
  /// Whether it does anything.
  public enum State: String, Sendable, Hashable {
    /// It hides at least one finding.
    case used
    /// It hides nothing.
    case unused
    /// Its rule is off, so that nobody knows.
    case inactive
    /// No rule has this ID.
    case unknownRule = "unknown-rule"
  }

  /// Where it stands: in the file, or in the configuration.
  public var source: SuppressedFinding.Source
  /// Where exactly.
  public var location: Location
  /// The rule's ID; as written where there is no such rule.
  public var rule: String
  /// The files that it speaks of, as a pattern; only in the configuration, `nil` for all.
  public var path: String?
  /// The steps that it speaks of, as a glob; only in the configuration, `nil` for all.
  public var step: String?
  /// Why the findings are accepted.
  public var reason: String
  /// How many findings it hides.
  public var findings: Int
  /// Whether it does anything.
  public var state: State

  /// Makes an acceptance.
  public init(
    source: SuppressedFinding.Source, location: Location, rule: String, path: String? = nil,
    step: String? = nil, reason: String, findings: Int, state: State
  ) {
    self.source = source
    self.location = location
    self.rule = rule
    self.path = path
    self.step = step
    self.reason = reason
    self.findings = findings
    self.state = state
  }
}
