/// A workflow as a report draws it: the user's own steps and the ways between them.
///
/// Made only for workflows with findings, and only when a report asks for it.
public struct DrawnWorkflow: Sendable, Hashable {
  /// The engine's name: `github-actions`, `step-functions`.
  public var engine: String
  /// The workflow's own name, or its path.
  public var name: String
  /// The file it is defined in, as reports show it.
  public var path: String
  /// In an order in which control can meet them.
  public var steps: [Step]
  /// The ways between them.
  public var ways: [Way]
  /// How many further steps are not drawn.
  public var omittedSteps: Int
  /// Where the definition could not be understood.
  public var gaps: [String]

  /// Makes a drawing.
  public init(
    engine: String, name: String, path: String, steps: [Step], ways: [Way], omittedSteps: Int = 0,
    gaps: [String] = []
  ) {
    self.engine = engine
    self.name = name
    self.path = path
    self.steps = steps
    self.ways = ways
    self.omittedSteps = omittedSteps
    self.gaps = gaps
  }

  /// A step of the user's, or a command in its script that matters by itself.
  public struct Step: Sendable, Hashable {
    /// What a step is by its nature.
    public enum Kind: String, Sendable, Hashable { case action, branch, delay, approval, control }
    /// The user's own name for it.
    public var name: String
    /// What it is by its nature.
    public var kind: Kind
    /// What it calls, or the condition it decides on; `nil` for plain control.
    public var detail: String?
    /// What it is to a protocol or an integration: `generate`, `cache-write`; ordered.
    public var roles: [String]
    /// Whether outputs exist when control arrives here, and if so, whether all of them are proven.
    public var isProven: Bool?
    /// Whether it lets control on one of its ways only with a proof.
    public var isGate: Bool
    /// Where it stands.
    public var location: Location

    /// Makes a step.
    public init(
      name: String, kind: Kind, detail: String? = nil, roles: [String] = [], isProven: Bool? = nil,
      isGate: Bool = false, location: Location
    ) {
      self.name = name
      self.kind = kind
      self.detail = detail
      self.roles = roles
      self.isProven = isProven
      self.isGate = isGate
      self.location = location
    }
  }

  /// A way that control can take from one step to another.
  public struct Way: Sendable, Hashable {
    /// How the step it leaves has ended.
    public enum Outcome: String, Sendable, Hashable { case success, failure, timeout }
    /// Index of the step it leaves.
    public var from: Int
    /// Index of the step it leads to.
    public var to: Int
    /// How the step it leaves has ended.
    public var outcome: Outcome
    /// The condition under which it is taken: `yes`, `no`, or the condition's words; `nil` for always.
    public var condition: String?

    /// Makes a way.
    public init(from: Int, to: Int, outcome: Outcome = .success, condition: String? = nil) {
      self.from = from
      self.to = to
      self.outcome = outcome
      self.condition = condition
    }
  }
}

/// What a finding points at in a drawn workflow.
public struct DrawnPath: Sendable, Hashable {
  /// Index into ``CheckOutcome/workflows``.
  public var workflow: Int
  /// Indices of the ways it takes, in order.
  public var ways: [Int]
  /// The step that makes the output, where there is one.
  public var source: Int?
  /// The step whose check is too weak, or is gone round.
  public var gate: Int?
  /// The step that uses the output.
  public var sink: Int

  /// Makes a path.
  public init(workflow: Int, ways: [Int], source: Int?, gate: Int?, sink: Int) {
    self.workflow = workflow
    self.ways = ways
    self.source = source
    self.gate = gate
    self.sink = sink
  }
}
