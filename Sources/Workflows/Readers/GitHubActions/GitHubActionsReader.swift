import Expressions
package import SourceText

/// Reads workflows and composite actions of GitHub Actions, and of the engines that took over its syntax.
package enum GitHubActionsReader: WorkflowReader {
  package static let engine = "github-actions"
  package static let followsScriptFiles = true

  package static func recognises(_ root: Node, path: String) -> Bool {
    GitHubDefinition.isComposite(root) && root["runs"]?["steps"] != nil
      || GitHubDefinition.isWorkflow(root, path: path)
  }

  package static func expects(path: String) -> Bool {
    GitHubDefinition.isWorkflowPath(path)
  }

  package static func read(_ root: Node, in context: ReadingContext) -> WorkflowReading {
    var draft = GitHubDraft(context)
    var workflow = Workflow(
      engine: engine, name: root["name"]?.text ?? context.file.path, path: context.file.path)
    if GitHubDefinition.isComposite(root) {
      workflow.returns = lowerAction(root, context.file, name: workflow.name, in: &draft)
    } else {
      workflow.returns = lowerWorkflow(root, context.file, name: workflow.name, in: &draft)
      workflow.triggers = triggers(of: root, in: context.file)
    }
    workflow.steps = draft.builder.steps
    workflow.edges = draft.builder.edges
    workflow.stepOutputs = Set(
      workflow.steps.flatMap(\.assignments).filter { $0.path.first == .field("outputs") }
        .map(\.variable))
    workflow.danglingReferences = draft.danglingReferences
    workflow.gaps = draft.gaps
    return WorkflowReading(workflows: [workflow], problems: draft.problems)
  }

  private static func lowerWorkflow(
    _ root: Node, _ file: SourceFile, name: String, in draft: inout GitHubDraft
  ) -> [Workflow.Return] {
    let place = (root["on"] ?? root).range
    let entry = draft.add(
      Step(
        name: name, route: "on", kind: .control,
        location: SourceLocation(path: file.path, range: place)))
    let declared = root["on"]?["workflow_call"]?["outputs"]?.entries ?? []
    var lowering = GitHubJobsLowering(
      root: root, file: file, route: "", prefix: "", inputs: nil, entry: [LooseEnd(entry)],
      wantsEveryEnd: !declared.isEmpty)
    lowering.lower(in: &draft)
    let successes = declared.isEmpty ? [] : lowering.successes(in: &draft)
    if successes.isEmpty { return [] }
    let scope = lowering.outputScope()
    let values = values(of: declared, scope, in: &draft)
    let end = draft.add(
      Step(
        name: name, route: "on.workflow_call", kind: .control, joinsAll: successes.count > 1,
        location: SourceLocation(path: file.path, range: place)), from: successes)
    return values.map { name, value, location in
      // What one job alone puts out is as checked as it is at that job's end, whatever ran beside it.
      let jobs = Set(value.references.map(\.variable.name))
      let own = jobs.count == 1 ? jobs.first.flatMap(lowering.cleanEnd) : nil
      return Workflow.Return(step: own ?? end, value: value, name: name, location: location)
    }
  }

  private static func lowerAction(
    _ root: Node, _ file: SourceFile, name: String, in draft: inout GitHubDraft
  ) -> [Workflow.Return] {
    let location = SourceLocation(path: file.path, range: (root["runs"] ?? root).range)
    let entry = draft.add(Step(name: name, route: "runs", kind: .control, location: location))
    var rails = GitHubRails()
    rails.add([LooseEnd(entry)], to: GitHubRail())
    var scope = GitHubScope(file: file, prefix: "", jobPrefix: "")
    scope.actionDirectory = draft.directory
    var lowering = GitHubStepsLowering(
      scope: scope, route: "runs", entry: rails, wantsFailure: false)
    lowering.lower(root["runs"]?["steps"]?.items ?? [], in: &draft)
    lowering.onSuccess(in: &draft) { [posts = lowering.posts] draft, rail, ends in
      posts.reversed().reduce(ends) { $1.lower(&draft, on: rail, from: $0) }
    }
    let declared = root["outputs"]?.entries ?? []
    let ends = lowering.rails.open.filter { !$0.rail.hasFailed }.flatMap(\.ends)
    if declared.isEmpty || ends.isEmpty { return [] }
    let values = values(of: declared, lowering.scope, in: &draft)
    let end = draft.add(
      Step(name: name, route: "outputs", kind: .control, location: location), from: ends)
    return values.map { Workflow.Return(step: end, value: $0.1, name: $0.0, location: $0.2) }
  }

  private static func values(
    of outputs: [Node.Entry], _ scope: GitHubScope, in draft: inout GitHubDraft
  ) -> [(String, Value, SourceLocation)] {
    outputs.compactMap { entry in
      guard let name = entry.key.text, let value = entry.value["value"] else { return nil }
      return (
        name, GitHubText(scope: scope).value(of: value, in: &draft),
        scope.location(value.range)
      )
    }
  }

  private static func triggers(of root: Node, in file: SourceFile) -> [Workflow.Trigger] {
    guard let on = root["on"] else { return [] }
    let names: [Node] =
      on.text != nil ? [on] : on.items.isEmpty ? on.entries.map(\.key) : on.items
    return names.compactMap { node in
      node.text.map {
        Workflow.Trigger(name: $0, location: SourceLocation(path: file.path, range: node.range))
      }
    }
  }
}
