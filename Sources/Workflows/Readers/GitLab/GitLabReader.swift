import Expressions
package import SourceText

/// Reads the configuration of GitLab pipelines.
package enum GitLabReader: WorkflowReader {
  package static let engine = "gitlab-ci"
  package static let followsScriptFiles = true

  package static func recognises(_ root: Node, path: String) -> Bool {
    GitLabDefinition.isConfiguration(root, path: path)
  }

  package static func expects(path: String) -> Bool {
    path.lastPart(by: "/") == ".gitlab-ci.yml"
  }

  package static func read(_ root: Node, in context: ReadingContext) -> WorkflowReading {
    let (_, header) = GitLabHeader.split(context.documents)
    let inputs = GitLabHeader.inputs(header, given: [:])
    let configuration = GitLabConfiguration(root, inputs: inputs, in: context)
    var draft = GitLabDraft(context)
    let location = SourceLocation(
      path: context.file.path, range: (root["stages"] ?? root.entries.first?.key ?? root).range)
    let name = configuration.root["workflow"]?["name"]?.text ?? context.file.path
    var workflow = Workflow(engine: engine, name: name, path: context.file.path)
    let start = draft.builder.add(
      Step(name: name, route: "pipeline", kind: .control, location: location))
    var lowering = GitLabPipelineLowering(configuration, route: "", prefix: "", given: [:])
    _ = lowering.lower(from: [LooseEnd(start)], wantsEnd: false, in: &draft)
    workflow.steps = draft.builder.steps
    workflow.edges = draft.builder.edges
    workflow.gaps = draft.gaps
    workflow.stepOutputs = lowering.dotenvVariables
    workflow.danglingReferences = []
    return WorkflowReading(workflows: [workflow], problems: draft.problems)
  }
}

/// A pipeline while its configuration is being lowered.
struct GitLabDraft {
  var builder: GraphBuilder
  private(set) var problems: [SourceProblem] = []
  private(set) var gaps: [Workflow.Gap] = []
  let context: ReadingContext
  /// The child pipelines being lowered, outermost first.
  var including: [String]
  private var children = 0

  init(_ context: ReadingContext) {
    self.context = context
    builder = GraphBuilder(in: context)
    including = [context.file.path]
  }

  mutating func add(_ step: Step, from entry: [LooseEnd]) -> Int {
    let index = builder.add(step)
    builder.connect(entry, to: index)
    return index
  }

  mutating func report(_ problem: SourceProblem, in path: String) {
    if path == context.file.path { problems.append(problem) }
  }

  mutating func report(_ gap: Workflow.Gap) {
    if gaps.count < 200, !gaps.contains(where: { $0.location == gap.location }) {
      gaps.append(gap)
    }
  }

  /// Whether one more child pipeline may be put in; the engine allows two levels.
  mutating func mayInclude(_ path: String) -> Bool {
    children += 1
    return children <= 50 && including.count <= 3 && !including.contains(path)
  }
}
