import Expressions
import SourceText

/// Tasks that run another workflow: its tasks in their place, where its definition can be found.
extension ConductorLowerer {
  private static let files = DefinitionFiles(
    ["json", "yml", "yaml"], containing: "taskReferenceName")

  mutating func lowerWorkflow(_ place: Place) -> Lowered {
    let parameters = place.body["subWorkflowParam"]
    let written = parameters?["name"] ?? place.parameters?["subWorkflowName"]
    let name = written?.text ?? ""
    let version = parameters?["version"]?.text
    let found = context.called(
      name, in: Self.files,
      find: { root, _ -> Node? in
        if let inline = parameters?["workflowDefinition"], !inline.entries.isEmpty { return inline }
        let known = ConductorReader.definitions(in: root).filter { $0["name"]?.text == name }
        return known.first { version != nil && $0["version"]?.text == version } ?? known.last
      }, read: { ConductorLowerer.lower($0, in: $1).workflows.first })
    switch found {
    case .failure(let reason):
      let made = lowerCall(place, call("flow", name, place), output: .result([]))
      if !name.isEmpty {
        gaps.append(
          .init(
            message: reason.message(for: name),
            location: written.map(text.location) ?? place.location,
            step: made.head))
      }
      return made
    case .success(let workflow): return take(workflow, place)
    }
  }

  private mutating func take(_ workflow: Workflow, _ place: Place) -> Lowered {
    let head = add(place, kind: .control, output: .null)
    let taken = TakenWorkflow(workflow, at: place.route, result: place.output, into: &graph)
    gaps += taken.gaps
    if let input = taken.variables[ConductorText.input] {
      let given = place.parameters.map(text.tree.value) ?? .record([])
      graph.update(head) {
        $0.assignments.append(.init(input, value: given, at: place.location))
      }
    }
    graph.connect(head, to: taken.entry)
    let isOptional = place.body["optional"]?.text == "true"
    return (head, taken.ends + (isOptional ? taken.failures : []))
  }
}
