package import Expressions

/// A workflow as a graph of small steps: what calls what, in which order, on which condition, with which data.
///
/// Scripts are lowered into the same graph: each command is a step, `if`, `&&` and `exit` are edges.
package struct Workflow: Sendable {
  /// The engine's name: `github-actions`, `step-functions`, `n8n`, `mira-flow`.
  package var engine: String
  /// Engines whose calls this one makes, too.
  package var relatedEngines: [String] = []
  /// The workflow's own name, or its path.
  package var name: String
  /// The path of the file it is defined in.
  package var path: String
  package var steps: [Step]
  package var edges: [Edge]
  /// Where control enters.
  package var entry: Int
  /// What the workflow hands to its caller: an output clause, the last state's output, a respond node.
  package var returns: [Return]
  /// Where it ends well, in engines whose workflows run others as a part of themselves.
  package var ends: [End] = []
  /// What starts the workflow: event names and schedules as written.
  package var triggers: [Trigger]
  /// Variables that only one step fills, and that hold nothing before it has run: a read that no order puts after
  /// that step is a mistake.
  package var stepOutputs: Set<Variable> = []
  /// References that name no existing step, output or input of this workflow.
  package var danglingReferences: [DanglingReference]
  /// Where the definition could not be understood and the graph is incomplete: lowers the confidence.
  package var gaps: [Gap]

  package init(
    engine: String, name: String, path: String, steps: [Step] = [], edges: [Edge] = [],
    entry: Int = 0, returns: [Return] = [], triggers: [Trigger] = [],
    danglingReferences: [DanglingReference] = [], gaps: [Gap] = []
  ) {
    self.engine = engine
    self.name = name
    self.path = path
    self.steps = steps
    self.edges = edges
    self.entry = entry
    self.returns = returns
    self.triggers = triggers
    self.danglingReferences = danglingReferences
    self.gaps = gaps
  }

  package struct Return: Sendable {
    /// The step at whose end the value is returned.
    package var step: Int
    package var value: Value
    /// The output's name, empty for the whole.
    package var name: String
    package var location: SourceLocation
    package init(step: Int, value: Value, name: String, location: SourceLocation) {
      self.step = step
      self.value = value
      self.name = name
      self.location = location
    }
  }

  package struct End: Sendable {
    package var way: LooseEnd
    /// What whoever ran the workflow is given at this end; `nil` for what is returned at its step.
    package var result: Value?
    package init(_ way: LooseEnd, result: Value? = nil) {
      self.way = way
      self.result = result
    }
  }

  package struct Trigger: Sendable {
    package var name: String
    package var location: SourceLocation
    package init(name: String, location: SourceLocation) {
      self.name = name
      self.location = location
    }
  }

  package struct DanglingReference: Sendable {
    /// The step that reads.
    package var step: Int
    /// The reference as written.
    package var text: String
    /// What is missing: the step, or the output of an existing step.
    package var missing: Missing
    package var location: SourceLocation
    package init(step: Int, text: String, missing: Missing, location: SourceLocation) {
      self.step = step
      self.text = text
      self.missing = missing
      self.location = location
    }
    package enum Missing: Sendable { case step, field }
  }

  package struct Gap: Sendable {
    package var message: String
    package var location: SourceLocation
    /// The step whose call cannot be looked into: no gap where a document says what it does.
    package var step: Int?
    package init(message: String, location: SourceLocation, step: Int? = nil) {
      self.message = message
      self.location = location
      self.step = step
    }
  }
}

/// A node of the graph.
package struct Step: Sendable {
  /// The user's own name for the step this node belongs to (`Publish answer`, a state's name).
  package var name: String
  /// What expressions of the engine call the step (a GitHub step's `id`); empty where that is its name, or nothing.
  package var identifier = ""
  /// The expression language of the step, where its engine has several.
  package var language: String?
  /// The symbolic route, the same after lines move: `jobs.answer.steps[2]`, `States.Publish`.
  package var route: String
  /// Which part of the user's step this is, from 0; a script has one per command, and the image that it runs
  /// in stands before them.
  package var part: Int
  package var kind: Kind
  /// Waits for all of its predecessors (AND-join) instead of any (XOR-join).
  package var joinsAll: Bool
  /// What the step calls, `nil` for plain control.
  package var call: Call?
  /// Data written when the step succeeds, in order.
  package var assignments: [Assignment]
  /// Conditions that the author wrote here; edges refer to them by index.
  package var decisions: [Decision]
  /// The step whose decisions guard nothing from here on, though no other way meets here: on the ways that they close
  /// the engine does not come here at all.
  package var closes: Int?
  /// How the engine repeats the step on failure, `nil` for not at all.
  package var retry: Retry?
  package var location: SourceLocation

  package init(
    name: String, route: String, part: Int = 0, kind: Kind = .action, joinsAll: Bool = false,
    call: Call? = nil, assignments: [Assignment] = [], decisions: [Decision] = [],
    retry: Retry? = nil, location: SourceLocation
  ) {
    self.name = name
    self.route = route
    self.part = part
    self.kind = kind
    self.joinsAll = joinsAll
    self.call = call
    self.assignments = assignments
    self.decisions = decisions
    self.retry = retry
    self.location = location
  }

  package enum Kind: Sendable {
    /// Does something: a call, an assignment.
    case action
    /// Only decides: its out-edges carry guards.
    case branch
    /// Only time passes (`sleep`, Wait).
    case delay
    /// A person or another system must answer before the flow goes on (environment reviewers, task token).
    case approval
    /// Glue: entry, join, end of a job.
    case control
  }

  package struct Assignment: Sendable {
    package var variable: Variable
    /// The part written; empty replaces the whole.
    package var path: [PathComponent]
    package var value: Value
    /// Adds to what is there instead of replacing it (`>>`).
    package var appends: Bool
    package var location: SourceLocation
    package init(
      _ variable: Variable, path: [PathComponent] = [], value: Value, appends: Bool = false,
      at location: SourceLocation
    ) {
      self.variable = variable
      self.path = path
      self.value = value
      self.appends = appends
      self.location = location
    }
  }

  package struct Decision: Sendable {
    package var condition: Condition
    package var location: SourceLocation
    package init(_ condition: Condition, at location: SourceLocation) {
      self.condition = condition
      self.location = location
    }
  }

  package struct Retry: Sendable {
    /// Most attempts after the first, `nil` where unlimited or unknown.
    package var attempts: Int?
    /// The errors or status codes it repeats on, as written; empty means any.
    package var on: [String]
    package var location: SourceLocation
    package init(attempts: Int?, on: [String], location: SourceLocation) {
      self.attempts = attempts
      self.on = on
      self.location = location
    }
  }
}

/// What a step calls, in terms that protocol and integration documents can match.
package struct Call: Sendable {
  /// The kind of name: `uses`, `node`, `resource`, `image`, `container`, `command`, `flow`, `function`, `event`, `http`.
  package var kind: String
  /// The name itself: `actions/cache@v4`, `arn:aws:states:::dynamodb:putItem`, `gh`.
  package var name: String
  /// Arguments by dotted path as the engine writes them (`with.key`, `parameters.url`).
  ///
  /// For a command, options as `--body` or `-d` and the positional ones as `0`, `1` and so on.
  package var arguments: [Argument]
  /// The request, where the reader knows the call to be HTTP.
  package var http: HTTPRequest?
  /// The container image that a command runs in, where the engine starts it without a shell.
  package var image: String?
  /// The step runs a second time after the job's other steps (`uses` with a post phase).
  package var phase: Phase
  package var location: SourceLocation

  package init(
    kind: String, name: String, arguments: [Argument] = [], http: HTTPRequest? = nil,
    phase: Phase = .main, location: SourceLocation
  ) {
    self.kind = kind
    self.name = name
    self.arguments = arguments
    self.http = http
    self.phase = phase
    self.location = location
  }

  package enum Phase: Sendable { case main, post }

  package struct Argument: Sendable {
    package var name: String
    package var value: Value
    package var location: SourceLocation
    package init(_ name: String, _ value: Value, at location: SourceLocation) {
      self.name = name
      self.value = value
      self.location = location
    }
  }

  package struct HTTPRequest: Sendable {
    /// Upper case; `GET` where none is written.
    package var method: String
    package var url: Value
    /// The body: a record where its fields can be seen, else text.
    package var body: Value?
    /// Whether a status of 400 or more fails the step (`curl -f`; most nodes).
    package var failsOnErrorStatus: Bool
    /// The part of a result that says whether the status is none of an error's, by this name in every reader.
    package static let success = "ok"
    package init(method: String, url: Value, body: Value?, failsOnErrorStatus: Bool) {
      self.method = method
      self.url = url
      self.body = body
      self.failsOnErrorStatus = failsOnErrorStatus
    }
  }
}

/// A way that control can take.
package struct Edge: Sendable {
  package var from: Int
  package var to: Int
  package var outcome: Outcome
  /// Whether the engine keeps to it.
  ///
  /// A mere use of another step's data does not make an engine wait for it; such an edge shows where the data comes
  /// from.
  package var isOrder = true
  /// The way back to the head of a loop over a list: the next round has another element for its subject, so it is no
  /// second attempt at the first.
  package var isNextElement = false
  /// A list that has no element where this way is taken: what it holds elsewhere is not there on it.
  package var emptyList: Reference?
  /// The edge is taken when each named decision of `from` has this result.
  package var guards: [Guard]

  package init(_ from: Int, _ to: Int, _ outcome: Outcome = .success, guards: [Guard] = []) {
    self.from = from
    self.to = to
    self.outcome = outcome
    self.guards = guards
  }

  package enum Outcome: Sendable {
    case success
    /// Taken when the step fails.
    case failure
    /// The wait gave up (a timeout, the last attempt of a polling loop).
    case timeout
  }

  package struct Guard: Sendable {
    /// Index into the decisions of the edge's `from`.
    package var decision: Int
    package var holds: Bool
    package init(_ decision: Int, _ holds: Bool) {
      self.decision = decision
      self.holds = holds
    }
  }
}
