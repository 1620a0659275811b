import Expressions
import SourceText

/// A workflow while its definition is being lowered, and the files of its repository that it includes.
struct GitHubDraft: GraphDrafting {
  var draft: GraphDraft
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

  /// The engine allows ten levels of composite actions and of reusable workflows.
  private static let deepestInclusion = 10
  /// Two actions that use each other's steps twice grow with every level: real ones have a few dozen steps.
  private static let mostIncludedSteps = 5_000

  init(_ context: ReadingContext) {
    draft = GraphDraft(path: context.file.path, in: context)
    let place = context.repositoryPath ?? context.file.path
    directory = place.lastIndex(of: "/").map { String(place[...$0]) } ?? ""
    neighbour = context.neighbour
    script = context.script
    including = [context.file.path]
  }

  /// Leads the ends back to a node that stands already.
  mutating func connect(_ ends: [LooseEnd], to node: Int) {
    build { $0.connect(ends, to: node) }
  }

  mutating func update(_ step: Int, _ change: (inout Step) -> Void) {
    build { $0.update(step, change) }
  }

  mutating func lowerScript(
    _ script: Node, of step: GitHubStep, in context: ScriptContext, from entry: [LooseEnd]
  ) -> ScriptExits {
    lower(step) { builder in
      guard ScriptText.splices(context.substitutions, in: script.text ?? "") else {
        return ShellLowering.lower(script: script, in: context, into: &builder, from: entry)
      }
      var text = ScriptText()
      text.append(script, context.substitutions)
      return ShellLowering.lower(text, in: context, into: &builder, from: entry)
    }
  }

  mutating func lowerProgram(
    _ language: ScriptLanguage, _ script: Node, of step: GitHubStep, in context: ScriptContext,
    from entry: [LooseEnd]
  ) -> ScriptExits {
    lower(step) {
      ProgramLowering.lower(language, script: script, in: context, into: &$0, from: entry)
    }
  }

  mutating func lowerScript(
    _ script: Node, of step: GitHubStep, in context: JavaScriptContext, from entry: [LooseEnd]
  ) -> ScriptExits {
    lower(step) { JavaScriptLowering.lower(script: script, in: context, into: &$0, from: entry) }
  }

  /// Lowers the script of a step; what it adds goes by the step's ID.
  private mutating func lower(
    _ step: GitHubStep, _ lowering: (inout GraphBuilder) -> ScriptExits
  ) -> ScriptExits {
    let first = builder.steps.count
    let exits = build(lowering)
    for gap in exits.gaps { report(gap: gap.message, at: gap.location) }
    for index in first..<builder.steps.count { update(index) { $0.identifier = step.id ?? "" } }
    return exits
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
