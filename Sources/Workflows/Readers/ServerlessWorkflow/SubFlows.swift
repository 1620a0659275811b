import Expressions
import SourceText

/// Tasks that run another workflow (DSL 1.0): its tasks in their place, where its definition can be found.
extension TaskLowerer {
  private static let files = DefinitionFiles(["json", "yml", "yaml"], containing: "dsl")

  mutating func lowerWorkflow(_ place: Place, _ node: Node) -> (head: Int, ways: [Way]) {
    let expressions = expressions(at: place)
    let name = node["name"]?.text ?? ""
    let namespace = node["namespace"]?.text
    let version = node["version"]?.text
    let found = context.called(
      name, in: Self.files,
      find: { root, _ -> Node? in
        guard let document = root["document"], document["name"]?.text == name,
          ServerlessWorkflowReader.isTaskDefinition(root),
          namespace == nil || document["namespace"]?.text == namespace,
          version == nil || version == "latest" || document["version"]?.text == version
        else { return nil }
        return root
      }, read: { TaskLowerer.lower($0, in: $1).workflows.first })
    let whole = place.input ?? .reference(Reference(place.scope.data, at: place.location))
    switch found {
    case .failure(let reason):
      let title = [namespace, name].compactMap { $0 }.joined(separator: "/")
      let given =
        node["input"].map { expressions.tree.arguments("input", $0) }
        ?? ParameterTree.leaves("input", whole, at: place.location)
      let at = location(node["name"] ?? node)
      let call = Call(kind: "flow", name: title, arguments: given, location: at)
      let made = lowerCall(place, call, result: .result([]))
      gaps.append(.init(message: reason.message(for: title), location: at, step: made.head))
      return made
    case .success(let workflow):
      return take(workflow, place, given: node["input"].map(expressions.tree.value) ?? whole)
    }
  }

  private mutating func take(
    _ workflow: Workflow, _ place: Place, given: Value
  ) -> (head: Int, ways: [Way]) {
    let head = add(place, kind: .control)
    let result = Variable("\(place.route).result")
    let taken = TakenWorkflow(workflow, at: place.route, result: result, into: &graph)
    gaps += taken.gaps
    if let about = taken.variables[Self.workflow] {
      graph.update(head) {
        $0.assignments.append(
          .init(about, path: [.field("input")], value: given, at: place.location))
      }
    }
    graph.connect(head, to: taken.entry)
    fail(taken.failures, place)
    let output = assignments(place, raw: .reference(Reference(result, at: place.location)))
    guard !taken.ends.isEmpty else { return (head, []) }
    let last = add(place, part: 1, kind: .control, assignments: output.list)
    graph.connect(taken.ends, to: last)
    return (head, [way(last, place, isMade: output.isMade)])
  }
}

/// Actions that run another workflow (specification 0.8).
extension StateLowerer {
  private static let files = DefinitionFiles(["json", "yml", "yaml"], containing: "states")

  /// Where a workflow that an action runs has ended.
  struct SubFlow {
    var ends: [LooseEnd]
    /// What its graph leaves in its place; `nil` where it could not be taken in, or nobody waits for it.
    var taken: Value?
    /// What the call gives that stands for it otherwise; `nil` where nobody waits for it.
    var result: Value?
  }

  mutating func lowerWorkflow(
    _ reference: Node, _ place: Place, input: Value?, from: [LooseEnd]
  ) -> SubFlow {
    let nameNode = reference["workflowId"] ?? reference
    let name = nameNode.text ?? ""
    let version = reference["version"]?.text
    let isAwaited = reference["invoke"]?.text != "async"
    let at = location(nameNode)
    let given = expressions(place, input: input).input(at)
    let found = context.called(
      name, in: Self.files,
      find: { root, _ -> Node? in
        guard (root["id"] ?? root["key"])?.text == name,
          ServerlessWorkflowReader.isStateDefinition(root),
          version == nil || root["version"]?.text == version
        else { return nil }
        return root
      }, read: { StateLowerer.lower($0, in: $1).workflows.first })
    switch found {
    case .failure(let reason):
      let call = Call(
        kind: "flow", name: name, arguments: [.init("input", given, at: at)], location: at)
      let step = add(place, part: 2, kind: .action, call: call)
      graph.connect(from, to: step)
      fail(step, place)
      gaps.append(.init(message: reason.message(for: name), location: at, step: step))
      return isAwaited
        ? SubFlow(ends: [LooseEnd(step)], result: .result([])) : SubFlow(ends: from)
    case .success(let workflow):
      let head = add(place, part: 2, kind: .control)
      graph.connect(from, to: head)
      let result = Variable("\(place.route).subFlow")
      let taken = TakenWorkflow(workflow, at: place.route, result: result, into: &graph)
      gaps += taken.gaps
      if let data = taken.variables[Self.data] { write(given, to: data, at: at, head) }
      graph.connect(head, to: taken.entry)
      guard isAwaited else { return SubFlow(ends: [LooseEnd(head)]) }
      for failure in taken.failures { fail(failure.step, place) }
      return SubFlow(ends: taken.ends, taken: .reference(Reference(result, at: at)))
    }
  }
}
