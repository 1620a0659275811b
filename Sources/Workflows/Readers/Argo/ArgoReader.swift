import Expressions
package import SourceText

/// Reads workflows and workflow templates of Argo Workflows.
package enum ArgoReader: WorkflowReader {
  package static let engine = "argo-workflows"

  package static func recognises(_ root: Node, path: String) -> Bool {
    ArgoDefinition.isWorkflow(root)
  }

  package static func read(_ root: Node, in context: ReadingContext) -> WorkflowReading {
    var reading = WorkflowReading()
    for root in ArgoDefinition.items(of: root) {
      let definition = ArgoDefinition(root, file: context.file)
      let library = ArgoLibrary(definition, in: context)
      let entries = entries(of: definition, library)
      if entries.isEmpty {
        let (workflow, problem) = readReference(definition)
        reading.workflows += workflow.map { [$0] } ?? []
        reading.problems += problem.map { [$0] } ?? []
      }
      for entry in entries {
        var draft = ArgoDraft(library)
        let workflow = lower(entry, of: definition, in: &draft)
        reading.workflows.append(workflow)
        reading.problems += draft.problems
      }
    }
    return reading
  }

  /// Where the lowering of one graph begins.
  private struct Entry {
    var template: ArgoTemplate
    /// The whole workflow, with what happens at its end; else a template that only others call.
    var isWhole: Bool
  }

  private static func entries(of definition: ArgoDefinition, _ library: ArgoLibrary) -> [Entry] {
    var entries: [Entry] = []
    var called: Set<String> = []
    if let main = library.entryPoint {
      entries.append(Entry(template: main, isWhole: true))
      called = library.reachable(from: [main.name] + library.hookNames)
    }
    // A template that nothing in its own document calls is there for others.
    let rest = definition.templates.filter { !called.contains($0.name) }
    let inner = Set(rest.flatMap { library.callees(of: $0) })
    for template in rest where !inner.contains(template.name) {
      entries.append(Entry(template: template, isWhole: false))
    }
    return entries
  }

  /// A definition without templates: it runs one that is elsewhere, or nothing.
  private static func readReference(
    _ definition: ArgoDefinition
  ) -> (Workflow?, SourceProblem?) {
    guard let reference = definition.spec["workflowTemplateRef"]?["name"], let name = reference.text
    else {
      let problem = SourceProblem(
        severity: .warning, message: "the \(definition.kind) has no templates",
        hint: "give it `templates` and an `entrypoint`, or a `workflowTemplateRef`",
        range: (definition.root["spec"] ?? definition.root).range)
      return (nil, problem)
    }
    let location = SourceLocation(path: definition.file.path, range: reference.range)
    var workflow = Workflow(engine: engine, name: definition.name, path: definition.file.path)
    let call = Call(kind: "uses", name: name, location: location)
    workflow.steps = [
      Step(name: name, route: "spec.workflowTemplateRef", call: call, location: location)
    ]
    workflow.gaps = [
      Workflow.Gap(message: "the template `\(name)` is not in sight", location: location)
    ]
    workflow.triggers = definition.triggers
    return (workflow, nil)
  }

  private static func lower(
    _ entry: Entry, of definition: ArgoDefinition, in draft: inout ArgoDraft
  ) -> Workflow {
    let file = definition.file
    let name = entry.isWhole ? definition.name : "\(definition.name)/\(entry.template.name)"
    var workflow = Workflow(engine: engine, name: name, path: file.path)
    let location = SourceLocation(
      path: file.path,
      range: (definition.spec["entrypoint"] ?? definition.root["kind"] ?? definition.root).range)
    let start = draft.add(
      Step(name: name, route: "spec", kind: .control, location: location), from: [])
    var lowering = ArgoWorkflowLowering(definition: definition)
    workflow.returns = lowering.lower(
      entry.template, isWhole: entry.isWhole, from: [LooseEnd(start)], in: &draft)
    workflow.steps = draft.builder.steps
    workflow.edges = draft.builder.edges
    workflow.stepOutputs = draft.stepOutputs
    workflow.danglingReferences = draft.danglingReferences
    workflow.gaps = draft.gaps
    workflow.triggers = definition.triggers
    return workflow
  }
}
