import Expressions
package import SourceText

/// Reads tasks and pipelines of Tekton, and their runs.
package enum TektonReader: WorkflowReader {
  package static let engine = "tekton"

  package static func recognises(_ root: Node, path: String) -> Bool {
    TektonDefinition.isDefinition(root)
  }

  package static func read(_ root: Node, in context: ReadingContext) -> WorkflowReading {
    var reading = WorkflowReading()
    for root in TektonDefinition.items(of: root) {
      let definition = TektonDefinition(root, file: context.file)
      var draft = TektonDraft(TektonLibrary(definition, in: context))
      var workflow = Workflow(engine: engine, name: definition.name, path: context.file.path)
      workflow.returns = lower(definition, in: &draft)
      workflow.steps = draft.builder.steps
      workflow.edges = draft.builder.edges
      workflow.stepOutputs = draft.stepOutputs
      workflow.danglingReferences = draft.danglingReferences
      workflow.gaps = draft.gaps
      reading.workflows.append(workflow)
      reading.problems += draft.problems
    }
    return reading
  }

  private static func lower(
    _ definition: TektonDefinition, in draft: inout TektonDraft
  ) -> [Workflow.Return] {
    let spec = definition.spec
    let location = definition.location((definition.root["kind"] ?? definition.root).range)
    let start = draft.add(
      Step(name: definition.name, route: "spec", kind: .control, location: location), from: [])
    let entry = [LooseEnd(start)]
    switch definition.kind {
    case "Pipeline", "PipelineRun":
      let body = definition.kind == "Pipeline" ? spec : spec["pipelineSpec"]
      guard let body else {
        callReference(spec["pipelineRef"], definition, from: entry, in: &draft)
        return []
      }
      var scope = TektonScope(file: definition.file, prefix: "")
      scope.declare(body["params"])
      scope.give(spec["params"], in: &draft)
      let pipeline = TektonPipeline(
        body: body, name: definition.name, route: "", scope: scope, location: location)
      let ends = pipeline.lower(from: entry, wantsFailure: false, in: &draft)
      return ends.returns
    case "StepAction":
      var scope = TektonScope(file: definition.file, prefix: "step/")
      scope.declare(spec["params"])
      let task = TektonTask(
        body: spec, name: definition.name, route: "spec", scope: scope, location: location,
        steps: [spec])
      _ = task.lower(from: entry, wantsFailure: false, in: &draft)
      return []
    default:
      let body = definition.kind == "TaskRun" ? spec["taskSpec"] : spec
      guard let body else {
        callReference(spec["taskRef"], definition, from: entry, in: &draft)
        return []
      }
      var scope = TektonScope(file: definition.file, prefix: "task/")
      scope.declare(body["params"] ?? body["inputs"]?["params"])
      scope.give(spec["params"], in: &draft)
      let task = TektonTask(
        body: body, name: definition.name, route: "spec", scope: scope, location: location,
        steps: body["steps"]?.items ?? [])
      _ = task.lower(from: entry, wantsFailure: false, in: &draft)
      return []
    }
  }

  /// A run of something that is read where it is defined.
  private static func callReference(
    _ reference: Node?, _ definition: TektonDefinition, from entry: [LooseEnd],
    in draft: inout TektonDraft
  ) {
    guard let reference else {
      draft.report(
        "the \(definition.kind) runs nothing",
        hint: "give it a reference to a definition, or the definition itself",
        at: definition.location((definition.root["spec"] ?? definition.root).range))
      return
    }
    let name = TektonLibrary.name(of: reference)
    let location = definition.location(reference.range)
    let text = TektonText(scope: TektonScope(file: definition.file, prefix: ""))
    let arguments = (definition.spec["params"]?.items ?? []).compactMap { param in
      param["name"]?.text.flatMap { name in
        param["value"].map {
          Call.Argument(
            "params.\(name)", text.value(of: $0, in: &draft), at: definition.location($0.range))
        }
      }
    }
    _ = draft.add(
      Step(
        name: name, route: "spec",
        call: Call(kind: "uses", name: name, arguments: arguments, location: location),
        location: location), from: entry)
  }
}
