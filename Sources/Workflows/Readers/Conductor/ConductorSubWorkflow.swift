import Expressions
import SourceText

/// Tasks that run another workflow: its tasks in their place, where its definition can be found.
extension ConductorLowerer {
  private static let files = DefinitionFiles(
    ["json", "yml", "yaml"], containing: "taskReferenceName")

  mutating func lowerWorkflow(_ place: Place) -> Lowered {
    let parameters = place.body["subWorkflowParam"]
    let written = parameters?["name"] ?? place.parameters?["subWorkflowName"]
    let found = workflow(
      named: written, version: parameters?["version"], inline: parameters?["workflowDefinition"])
    switch found {
    case .failure(let reason):
      let made = lowerCall(place, call("flow", written?.text ?? "", place), output: .result([]))
      miss(written, reason, at: made.head, place)
      return made
    case .success(let workflow):
      return take(workflow, place, given: place.parameters, waits: true)
    }
  }

  /// Another workflow that runs on for itself.
  mutating func lowerStart(_ place: Place) -> Lowered {
    let start = place.parameters?["startWorkflow"]
    switch workflow(
      named: start?["name"], version: start?["version"], inline: start?["workflowDef"])
    {
    case .failure(let reason):
      let name = start?["name"]?.text ?? ""
      let made = lowerCall(
        place, call("node", "START_WORKFLOW " + name, place), output: .result([]))
      miss(start?["name"], reason, at: made.head, place)
      return made
    case .success(let workflow):
      return take(workflow, place, given: start?["input"], waits: false)
    }
  }

  private func workflow(
    named written: Node?, version: Node?, inline: Node?
  ) -> Result<Workflow, UntakenDefinition> {
    let name = written?.text ?? ""
    return context.called(
      name, in: Self.files,
      find: { root, _ -> Node? in
        if let inline, !inline.entries.isEmpty { return inline }
        let known = ConductorReader.definitions(in: root).filter { $0["name"]?.text == name }
        return known.first { version != nil && $0["version"]?.text == version?.text } ?? known.last
      }, read: { ConductorLowerer.lower($0, in: $1).workflows.first })
  }

  private mutating func miss(
    _ written: Node?, _ reason: UntakenDefinition, at step: Int, _ place: Place
  ) {
    guard let name = written?.text, !name.isEmpty else { return }
    gaps.append(
      .init(
        message: reason.message(for: name),
        location: written.map(text.location) ?? place.location, step: step))
  }

  private mutating func take(
    _ workflow: Workflow, _ place: Place, given: Node?, waits: Bool
  ) -> Lowered {
    let head = add(place, kind: .control, output: .null)
    let taken = TakenWorkflow(workflow, at: place.route, result: place.output, into: &graph)
    gaps += taken.gaps
    if let input = taken.variables[ConductorText.input] {
      let given = given.map(text.tree.value) ?? .record([])
      graph.update(head) {
        $0.assignments.append(.init(input, value: given, at: place.location))
      }
    }
    graph.connect(head, to: taken.entry)
    guard waits else { return (head, [LooseEnd(head)]) }
    let isOptional = place.body["optional"]?.text == "true"
    return (head, taken.ends + (isOptional ? taken.failures : []))
  }
}
