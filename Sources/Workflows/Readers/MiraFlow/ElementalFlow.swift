import Expressions
import SourceText

/// A flow of one model and one prompt.
struct ElementalFlow {
  let root: Node
  let path: String

  func read() -> WorkflowReading {
    let name = MiraFlowReader.name(of: root, path: path)
    let model = root["model"] ?? root
    let output = Variable("flow")
    var inputs: [String: Value] = [:]
    let text = MiraFlowText(path: path, stages: [])
    for entry in root["inputs"]?.entries ?? [] {
      guard let key = entry.key.text else { continue }
      inputs[key] = .reference(
        Reference(Variable("inputs"), path: [.field(key)], at: location(entry.key)))
    }
    var arguments: [Call.Argument] = []
    if let prompt = root["prompt"] {
      arguments.append(
        Call.Argument("prompt", text.prompt(prompt, inputs: inputs), at: location(prompt)))
    }
    if let source = root["dataset"]?["source"], let value = source.text {
      arguments.append(Call.Argument("dataset.source", .literal(value), at: location(source)))
    }
    let step = Step(
      name: name, route: "model",
      call: Call(
        kind: "model", name: MiraFlowText.modelName(model), arguments: arguments,
        location: location(model)),
      assignments: [
        Step.Assignment(output, path: [.field("output")], value: .result([]), at: location(model))
      ],
      location: location(model))
    let result = Reference(output, path: [.field("output")], at: location(model))
    return WorkflowReading(workflows: [
      Workflow(
        engine: MiraFlowReader.engine, name: name, path: path, steps: [step],
        returns: [.init(step: 0, value: .reference(result), name: "", location: location(model))])
    ])
  }

  private func location(_ node: Node) -> SourceLocation {
    SourceLocation(path: path, range: node.range)
  }
}
