/// A workflow as the linter read it, ready to be drawn.
package struct WorkflowPicture: Sendable {
  package var engine: String
  package var name: String
  package var path: String
  package var steps: [Step]
  package var edges: [Edge]
  /// Where the definition could not be understood.
  package var gaps: [String]

  package init(
    engine: String, name: String, path: String, steps: [Step], edges: [Edge], gaps: [String]
  ) {
    self.engine = engine
    self.name = name
    self.path = path
    self.steps = steps
    self.edges = edges
    self.gaps = gaps
  }

  /// A node of the graph; edges name it by its index.
  package struct Step: Sendable {
    package var name: String
    package var route: String
    /// `action`, `branch`, `delay`, `approval` or `control`.
    package var kind: String
    /// What it calls, `nil` for plain control.
    package var call: String?
    /// The conditions that its author wrote, as they stand in the file.
    package var decisions: [String]
    /// What it is to a protocol or an integration: `generate`, `cache-write`.
    package var roles: [String]
    /// What is known of each output when control arrives here.
    package var proofs: [Proof]
    /// From 1.
    package var line: Int

    package init(
      name: String, route: String, kind: String, call: String?, decisions: [String],
      roles: [String] = [], proofs: [Proof] = [], line: Int
    ) {
      self.name = name
      self.route = route
      self.kind = kind
      self.call = call
      self.decisions = decisions
      self.roles = roles
      self.proofs = proofs
      self.line = line
    }
  }

  /// What is known of an output at a step.
  package struct Proof: Sendable {
    /// The name of the step that made the output.
    package var output: String
    package var isProven: Bool
    /// What was checked in place of the proof; `nil` where nothing was.
    package var cause: String?

    package init(output: String, isProven: Bool, cause: String?) {
      self.output = output
      self.isProven = isProven
      self.cause = cause
    }
  }

  /// A way that control can take.
  package struct Edge: Sendable {
    package var from: Int
    package var to: Int
    /// `success`, `failure` or `timeout`.
    package var outcome: String
    /// Which decisions of the step it leaves must hold, or must not.
    package var guards: [(decision: Int, holds: Bool)]

    package init(from: Int, to: Int, outcome: String, guards: [(decision: Int, holds: Bool)]) {
      self.from = from
      self.to = to
      self.outcome = outcome
      self.guards = guards
    }
  }
}
