import Expressions
import SourceText

/// Nodes that run another workflow: its nodes in their place, where its export can be found.
extension N8nGraph {
  private static let files = DefinitionFiles(["json"], containing: "\"connections\"")

  mutating func lowerWorkflow(
    _ index: Int, _ node: N8nNode, step: Int, passes: Step.Assignment, text: N8nText
  ) {
    let target = N8nTarget(node)
    let waits = node.text("options", "waitForSubWorkflow") != "false"
    guard !target.isOwn(of: export) else {
      // The link to the trigger leads on; what comes after has the items that came in.
      builder.update(step) { $0.assignments = [passes] }
      return
    }
    switch workflow(target) {
    case .failure(let reason):
      describe(index, node, step: step, passes: passes, text: text)
      if !waits {
        builder.update(step) { $0.assignments = [passes] }
      }
      gaps.append(
        .init(
          message: reason.message(for: target.words), location: location(node.place), step: step))
    case .success(let workflow):
      take(workflow, index, node, step: step, passes: passes, text: text, waits: waits)
    }
  }

  private func workflow(_ target: N8nTarget) -> Result<Workflow, UntakenDefinition> {
    let read = { (export: Node, context: ReadingContext) -> Workflow? in
      var graph = N8nGraph(N8nExport(export, path: context.file.path), in: context)
      return graph.lower(asCalled: true)
    }
    if let (root, _) = target.inline?.read(path: export.path) {
      return context.called(
        target.words, in: Self.files,
        find: { _, _ in N8nReader.exports(in: root).first }, read: read)
    }
    var found = Result<Workflow, UntakenDefinition>.failure(.missing)
    for wanted in target.ways {
      found = context.called(
        target.words, in: Self.files,
        find: { root, file in N8nReader.exports(in: root).first { wanted($0, file) } }, read: read)
      if case .failure(.missing) = found { continue }
      break
    }
    return found
  }

  private mutating func take(
    _ workflow: Workflow, _ index: Int, _ node: N8nNode, step: Int, passes: Step.Assignment,
    text: N8nText, waits: Bool
  ) {
    let route = "nodes." + node.name
    let place = passes.location
    let result = Variable("workflow:" + node.name)
    let taken = TakenWorkflow(
      workflow, at: route, result: result, sharing: { $0.name == "$env" || $0.name == "$vars" },
      into: &builder)
    gaps += taken.gaps
    takenOutputs.formUnion(taken.stepOutputs)
    if let input = taken.variables[Variable("input")] {
      var given = passes.value
      if let written = node.parameter("workflowInputs", "value"), !written.entries.isEmpty {
        given = text.value(written)
      }
      builder.update(step) { $0.assignments.append(.init(input, value: given, at: place)) }
    }
    builder.connect(step, to: taken.entry)
    guard waits else {
      // The other workflow runs on for itself, and hands nothing back.
      builder.update(step) { $0.assignments.append(passes) }
      return
    }
    guard !taken.ends.isEmpty else {
      successes[index] = []
      failures[index] = taken.failures
      return
    }
    let exit = builder.add(
      Step(
        name: node.name, route: route, part: 1, kind: .control,
        assignments: [
          .init(
            names.variable(of: index), value: .reference(Reference(result, at: place)), at: place)
        ], location: place))
    builder.connect(taken.ends, to: exit)
    successes[index] = [LooseEnd(exit)]
    failures[index] = taken.failures
  }
}

/// Which workflow an Execute Workflow node runs.
struct N8nTarget {
  /// Finds the export that is meant in a file, the surest way first.
  private(set) var ways: [(Node, SourceFile) -> Bool] = []
  /// The definition, where it stands in the node itself.
  private(set) var inline: EmbeddedDefinition?
  /// What to call it.
  private(set) var words = ""
  private let identifier: String

  init(_ node: N8nNode) {
    let source = node.text("source") ?? "database"
    let written = node.parameter("workflowId")
    identifier = written?["value"]?.text ?? written?.text ?? ""
    switch source {
    case "parameter":
      words = node.name
      if let text = node.parameter("workflowJson"), text.text?.hasPrefix("=") == false {
        inline = EmbeddedDefinition(text)
      }
    case "localFile":
      words = node.text("workflowPath") ?? ""
      guard let file = words.parts(by: "/").last, !words.contains("{{") else { return }
      ways = [{ _, other in other.path.parts(by: "/").last == file }]
    case "database":
      let name = written?["cachedResultName"]?.text
      words = name ?? identifier
      if !identifier.isEmpty, !identifier.hasPrefix("=") {
        let identifier = identifier
        ways.append { export, _ in export["id"]?.text == identifier }
        // A list that was made by hand holds names where identifiers belong.
        ways.append { export, _ in export["name"]?.text == (name ?? identifier) }
      }
    default: words = node.text("workflowUrl") ?? ""
    }
  }

  /// Whether the workflow that the node stands in runs itself.
  func isOwn(of export: N8nExport) -> Bool {
    if let own = export.root["id"]?.text, !own.isEmpty, own == identifier { return true }
    guard identifier.hasPrefix("=") else { return false }
    return identifier.filter { !"={} ".contains($0) } == "$workflow.id"
  }
}
