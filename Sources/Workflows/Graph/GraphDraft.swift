import Expressions
import SourceText

/// A workflow while its definition is being lowered: the graph so far, and what could not be read.
struct GraphDraft {
  fileprivate(set) var builder: GraphBuilder
  fileprivate(set) var problems: [SourceProblem] = []
  fileprivate(set) var danglingReferences: [Workflow.DanglingReference] = []
  fileprivate(set) var gaps: [Workflow.Gap] = []
  fileprivate(set) var stepOutputs: Set<Variable> = []
  /// The document being read: problems in others are told when those are read themselves.
  let path: String
  fileprivate var expansions = 0
  fileprivate var missing: [MissingRead] = []
  fileprivate var seenMissing: Set<SourceLocation> = []
  fileprivate var seenProblems: Set<ByteRange> = []

  /// Definitions that call each other twice grow with every level: real workflows expand to some hundreds.
  fileprivate static let mostExpansions = 20_000
  fileprivate static let mostGaps = 200

  init(path: String, in context: ReadingContext) {
    self.path = path
    builder = GraphBuilder(in: context)
  }
}

/// A read of something that does not exist.
struct MissingRead {
  var text: String
  var missing: Workflow.DanglingReference.Missing
  var location: SourceLocation
}

/// What an engine's lowering keeps besides the draft that all have.
protocol GraphDrafting {
  var draft: GraphDraft { get set }
}

extension GraphDrafting {
  var builder: GraphBuilder { draft.builder }
  var problems: [SourceProblem] { draft.problems }
  var danglingReferences: [Workflow.DanglingReference] { draft.danglingReferences }
  var gaps: [Workflow.Gap] { draft.gaps }
  var stepOutputs: Set<Variable> { draft.stepOutputs }

  /// Adds a step that is entered from `entry`; reads that name nothing since the last step belong to it.
  mutating func add(_ step: consuming Step, from entry: [LooseEnd] = []) -> Int {
    let index = draft.builder.add(step)
    draft.builder.connect(entry, to: index)
    attach(to: index)
    return index
  }

  mutating func build<Result>(_ change: (inout GraphBuilder) -> Result) -> Result {
    let first = draft.builder.steps.count
    let result = change(&draft.builder)
    if draft.builder.steps.count > first { attach(to: first) }
    return result
  }

  private mutating func attach(to step: Int) {
    draft.danglingReferences += draft.missing.map { read in
      .init(step: step, text: read.text, missing: read.missing, location: read.location)
    }
    draft.missing = []
  }

  mutating func noteOutputs(_ variable: Variable) { draft.stepOutputs.insert(variable) }

  /// Whether one more definition may be put in.
  mutating func mayExpand() -> Bool {
    draft.expansions += 1
    return draft.expansions <= GraphDraft.mostExpansions
  }

  mutating func report(_ message: String, hint: String = "", at location: SourceLocation) {
    let problem = SourceProblem(
      severity: .warning, message: message, hint: hint, range: location.range)
    report(problem, in: location.path)
  }

  /// Reports a problem of a document once: a step that stands twice in the graph is read twice.
  mutating func report(_ problem: SourceProblem, in path: String) {
    guard path == draft.path, draft.seenProblems.insert(problem.range).inserted else { return }
    draft.problems.append(problem)
  }

  mutating func report(gap: String, at location: SourceLocation) {
    if draft.gaps.count > GraphDraft.mostGaps
      || draft.gaps.contains(where: { $0.location == location })
    {
      return
    }
    draft.gaps.append(Workflow.Gap(message: gap, location: location))
  }

  mutating func report(_ read: MissingRead) {
    if draft.seenMissing.insert(read.location).inserted { draft.missing.append(read) }
  }
}
