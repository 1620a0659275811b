import Expressions
import SourceText

/// A workflow while its definition is being lowered: the graph so far, and what could not be read.
struct GitHubDraft {
  private(set) var builder = GraphBuilder()
  private(set) var problems: [SourceProblem] = []
  private(set) var danglingReferences: [Workflow.DanglingReference] = []
  private(set) var gaps: [Workflow.Gap] = []
  /// The document being read; problems in files that it includes are told when those are read themselves.
  let path: String
  /// The directory that the document lies in, from the repository's root and with its `/`.
  let directory: String
  /// A script of the repository by its path from the root.
  let script: @Sendable (String) -> SourceFile?
  let neighbour: @Sendable (String) -> (file: SourceFile, tree: SourceTree)?
  /// The files being included right now, outermost first.
  private(set) var including: [String]
  /// The files in each uploaded artifact, by the artifact's name.
  var artifacts: [String: Set<String>] = [:]
  private var includedSteps = 0
  private var missing: [MissingRead] = []
  private var seenMissing: Set<SourceLocation> = []
  private var seenProblems: Set<ByteRange> = []

  /// The engine allows ten levels of composite actions and of reusable workflows.
  private static let deepestInclusion = 10
  /// Two actions that use each other's steps twice grow with every level: real ones have a few dozen steps.
  private static let mostIncludedSteps = 5_000

  init(_ context: ReadingContext) {
    path = context.file.path
    let place = context.repositoryPath ?? path
    directory = place.lastIndex(of: "/").map { String(place[...$0]) } ?? ""
    neighbour = context.neighbour
    script = context.script
    including = [context.file.path]
  }

  /// Adds a step; reads that name nothing since the last step belong to it.
  mutating func add(_ step: Step) -> Int {
    let index = builder.add(step)
    for read in missing {
      danglingReferences.append(
        Workflow.DanglingReference(
          step: index, text: read.text, missing: read.missing, location: read.location))
    }
    missing = []
    return index
  }

  /// Adds a step that is entered from `entry`.
  mutating func add(_ step: Step, from entry: [LooseEnd]) -> Int {
    let index = add(step)
    builder.connect(entry, to: index)
    return index
  }

  /// Leads the ends back to a node that stands already.
  mutating func connect(_ ends: [LooseEnd], to node: Int) { builder.connect(ends, to: node) }

  mutating func lowerScript(
    _ script: Node, of step: GitHubStep, in context: ScriptContext, from entry: [LooseEnd]
  ) -> ScriptExits {
    let first = builder.steps.count
    let exits: ScriptExits
    if ScriptText.splices(context.substitutions, in: script.text ?? "") {
      var text = ScriptText()
      text.append(script, context.substitutions)
      exits = ShellLowering.lower(text, in: context, into: &builder, from: entry)
    } else {
      exits = ShellLowering.lower(script: script, in: context, into: &builder, from: entry)
    }
    finish(exits, of: step, from: first)
    return exits
  }

  mutating func lowerProgram(
    _ language: ScriptLanguage, _ script: Node, of step: GitHubStep, in context: ScriptContext,
    from entry: [LooseEnd]
  ) -> ScriptExits {
    let first = builder.steps.count
    let exits = ProgramLowering.lower(
      language, script: script, in: context, into: &builder, from: entry)
    finish(exits, of: step, from: first)
    return exits
  }

  mutating func lowerScript(
    _ script: Node, of step: GitHubStep, in context: JavaScriptContext, from entry: [LooseEnd]
  ) -> ScriptExits {
    let first = builder.steps.count
    let exits = JavaScriptLowering.lower(script: script, in: context, into: &builder, from: entry)
    finish(exits, of: step, from: first)
    return exits
  }

  private mutating func finish(_ exits: ScriptExits, of step: GitHubStep, from first: Int) {
    for gap in exits.gaps { report(gap: gap.message, at: gap.location) }
    for index in builder.steps.indices[first...] {
      builder.update(index) { $0.identifier = step.id ?? "" }
    }
    if builder.steps.count > first {
      for read in missing {
        danglingReferences.append(
          Workflow.DanglingReference(
            step: first, text: read.text, missing: read.missing, location: read.location))
      }
      missing = []
    }
  }

  mutating func update(_ step: Int, _ change: (inout Step) -> Void) {
    builder.update(step, change)
  }

  mutating func report(_ problem: SourceProblem, in path: String) {
    // A step that is copied for another way through the job is read again.
    guard path == self.path, seenProblems.insert(problem.range).inserted else { return }
    problems.append(problem)
  }

  mutating func report(gap: String, at location: SourceLocation) {
    if gaps.contains(where: { $0.location == location }) { return }
    gaps.append(Workflow.Gap(message: gap, location: location))
  }

  mutating func report(_ read: MissingRead) {
    if seenMissing.insert(read.location).inserted { missing.append(read) }
  }

  /// Opens a file of the same repository for inclusion, or says why not.
  mutating func include(
    _ candidates: [String], steps: (Node) -> Int
  ) -> Result<(file: SourceFile, root: Node), InclusionFailure> {
    for candidate in candidates {
      guard let (file, tree) = neighbour(candidate) else { continue }
      if including.contains(file.path) { return .failure(.cycle) }
      guard let root = tree.documents.first else { return .failure(.missing) }
      includedSteps += steps(root)
      if including.count > Self.deepestInclusion || includedSteps > Self.mostIncludedSteps {
        return .failure(.tooMany)
      }
      including.append(file.path)
      return .success((file, root))
    }
    return .failure(.missing)
  }

  mutating func endInclusion() { including.removeLast() }

  enum InclusionFailure: Error {
    case missing, cycle, tooMany
  }
}
