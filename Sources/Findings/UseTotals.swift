/// How often outputs were used in the logs of a run, how often too early, and for how long.
public struct UseTotals: Sendable, Hashable {
  /// By rule: the events that the rule judges; ordered by ID.
  public var rules: [Row] = []
  /// By the service that used the output; ordered by name, events that name none first.
  public var services: [Row] = []
  /// By the workflow's step that used it, as `workflow/step`; only events that name one.
  public var steps: [Row] = []

  /// Nothing was used.
  public init() {}

  /// The uses of one service, step or rule.
  public struct Row: Sendable, Hashable {
    /// The service, the step or the rule's ID; empty for events that name no service.
    public var name: String
    /// How many events were judged.
    public var uses: Int
    /// How many of them break the rule; of a service or step, how many came before their proof.
    public var violations: Int
    /// How long the violating ones came too early; `nil` where none has a measured exposure.
    public var exposure: Exposure?

    /// Counts uses.
    public init(name: String, uses: Int, violations: Int, exposure: Exposure? = nil) {
      self.name = name
      self.uses = uses
      self.violations = violations
      self.exposure = exposure
    }
  }

  /// How long uses came too early, over those whose certificate came in the end.
  public struct Exposure: Sendable, Hashable {
    /// How many were measured.
    public var count: Int
    /// In milliseconds: half of them are at most so long.
    public var medianMilliseconds: Double
    /// In milliseconds: 95 of 100 are at most so long.
    public var percentile95Milliseconds: Double
    /// The longest, in milliseconds.
    public var maximumMilliseconds: Double
    /// How finely they are known, in milliseconds: the coarsest time decides.
    public var precisionMilliseconds: Double
    /// The output with the longest exposure.
    public var worstOutput: String?
    /// Where it was used.
    public var worstPath: String
    /// The line of that use, from 1.
    public var worstLine: Int

    /// Sums up exposures.
    public init(
      count: Int, medianMilliseconds: Double, percentile95Milliseconds: Double,
      maximumMilliseconds: Double, precisionMilliseconds: Double, worstOutput: String?,
      worstPath: String, worstLine: Int
    ) {
      self.count = count
      self.medianMilliseconds = medianMilliseconds
      self.percentile95Milliseconds = percentile95Milliseconds
      self.maximumMilliseconds = maximumMilliseconds
      self.precisionMilliseconds = precisionMilliseconds
      self.worstOutput = worstOutput
      self.worstPath = worstPath
      self.worstLine = worstLine
    }
  }
}
