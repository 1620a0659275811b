package import Expressions
package import SourceText

/// What a gate before a step has to ask for.
package struct GateRequest: Sendable {
  /// The step that must run only where the proof is there.
  package var step: Step
  /// Where the proof can be read on the way to the step, the surest place first.
  package var places: [ProofPlace]
  /// Routes of the steps that succeed only where the proof is there: waits, and checks that fail without it.
  package var successes: [Success]
  /// The step runs again and again: it may be there to look for the proof.
  package var isRepeated: Bool
  /// It stands in a loop over a list, where the next element waits for it.
  package var isInLoop: Bool

  package init(
    step: Step, places: [ProofPlace], successes: [Success] = [], isRepeated: Bool = false,
    isInLoop: Bool = false
  ) {
    self.successes = successes
    self.step = step
    self.places = places
    self.isRepeated = isRepeated
    self.isInLoop = isInLoop
  }
}

/// A step whose success is a proof.
package struct Success: Sendable, Hashable {
  package var route: String
  /// What expressions call it; empty where nothing does.
  package var identifier: String
  package var name: String

  package init(route: String, identifier: String, name: String) {
    self.name = name
    self.route = route
    self.identifier = identifier
  }
}

/// Where a proof stands once it exists.
package struct ProofPlace: Sendable {
  package var variable: Variable
  /// Down to the proof itself.
  package var path: [PathComponent]
  /// The call whose whole answer the proof's field is looked for in; `nil` where the author's own words say how the
  /// answer is wrapped.
  package var answer: Call?
  /// Whether something has waited for the proof by then, or may have.
  package var canArrive: Bool

  package init(
    variable: Variable, path: [PathComponent], answer: Call? = nil, canArrive: Bool
  ) {
    self.variable = variable
    self.path = path
    self.answer = answer
    self.canArrive = canArrive
  }

  /// The path as the engine hands the answer on, given what it wraps answers in.
  func path(wrapped envelope: (Call) -> [PathComponent]) -> [PathComponent] {
    guard let answer, let field = path.last else { return path }
    return path.dropLast() + envelope(answer) + [field]
  }
}

/// A change of a definition that puts a gate before a step.
package struct Gate: Sendable {
  /// What it asks for, as the engine writes it: `steps.mira.outputs.cert != ''`.
  package var condition: String
  /// Whether something has waited for the proof by then, or may have.
  package var canArrive: Bool
  /// In file order, without overlaps.
  package var edits: [TextEdit]

  init(_ condition: String, canArrive: Bool, edits: [TextEdit]) {
    self.condition = condition
    self.canArrive = canArrive
    self.edits = edits.sorted { $0.range.start < $1.range.start }
  }
}

/// One stretch of a file that is replaced.
package struct TextEdit: Sendable, Hashable {
  package var range: ByteRange
  package var text: String

  package init(_ range: ByteRange, _ text: String) {
    self.range = range
    self.text = text
  }
}

/// Writes gates in one engine's syntax.
///
/// What it proposes is tried: a proposal that does not prove anything, or harms anything, is dropped by whoever asked.
package protocol GateWriter: Sendable {
  /// The gates that the syntax allows, the best first.
  static func gates(
    for request: GateRequest, in document: Node, of file: SourceFile
  ) -> [Gate]
}

/// The engines in whose definitions gates can be written.
package enum GateWriters {
  /// The engines' names.
  package static let engines = [
    GitHubActionsReader.engine, StepFunctionsReader.engine, ArgoReader.engine, N8nReader.engine,
  ]

  package static func writer(for engine: String) -> (any GateWriter.Type)? {
    switch engine {
    case GitHubActionsReader.engine: GitHubGateWriter.self
    case StepFunctionsReader.engine: StepFunctionsGateWriter.self
    case N8nReader.engine: N8nGateWriter.self
    case ArgoReader.engine: ArgoGateWriter.self
    default: nil
    }
  }
}
