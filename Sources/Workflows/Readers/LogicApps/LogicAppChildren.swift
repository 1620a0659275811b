import Expressions
import SourceText

/// Actions that run another workflow: its actions in their place, where its definition can be found.
extension LogicAppLowerer {
  private static let files = DefinitionFiles(["json"], containing: "\"actions\"")

  mutating func lowerWorkflow(_ type: String, _ place: Place) -> Lowered {
    let called = ConnectorCall(type: type, place: place, text: text(place.scope), path: path).call
    let name = called.name
    let found = context.called(
      name, in: Self.files,
      find: { root, file in
        LogicAppsReader.definitions(in: root, depth: 0).first { $0.isCalled(name, in: file) }
      }, read: { LogicAppLowerer.lower($0, in: $1).workflows.first })
    switch found {
    case .success(let workflow): return take(workflow, place)
    case .failure(let reason):
      let made = lowerCall(type, place)
      if !name.isEmpty {
        gaps.append(
          .init(message: reason.message(for: name), location: called.location, step: made.head))
      }
      return made
    }
  }

  private mutating func take(_ workflow: Workflow, _ place: Place) -> Lowered {
    let head = add(place, kind: .control)
    let result = Variable("\(place.route).result")
    let taken = TakenWorkflow(workflow, at: place.route, result: result, into: &graph)
    gaps += taken.gaps
    if let trigger = taken.variables[Self.trigger] {
      let given = place.inputs.map(text(place.scope).tree.value) ?? .record([])
      graph.update(head) {
        $0.assignments.append(.init(trigger, value: given, at: place.location))
      }
    }
    graph.connect(head, to: taken.entry)
    let answer = Value.record([
      .init("body", .reference(Reference(result, at: place.location))),
      .init("statusCode", .unknown([])), .init("headers", .unknown([])),
    ])
    let last = add(
      place, part: 1, kind: .control, assignments: [outputs(place, answer)])
    guard !taken.ends.isEmpty else {
      // A workflow that never answers is started, and nobody waits for it.
      graph.connect(head, to: last)
      return Lowered(head: head, succeeded: [LooseEnd(last)])
    }
    graph.connect(taken.ends, to: last)
    return Lowered(
      head: head, succeeded: [LooseEnd(last)], failed: taken.failures, timedOut: taken.failures)
  }
}

extension LogicAppsReader.Definition {
  /// Whether it is meant by a name: that of its resource; for a file without one that of its folder, or, in an
  /// export, the identifier that the file is named by.
  fileprivate func isCalled(_ wanted: String, in file: SourceFile) -> Bool {
    func folded(_ text: some StringProtocol) -> String { text.lowercased() }
    let wanted = folded(wanted)
    if !name.isEmpty, folded(ConnectorCall.resource(name)) == wanted { return true }
    let parts = file.path.parts(by: "/")
    guard let last = parts.last else { return false }
    if folded(last) == "workflow.json" {
      return parts.count > 1 && folded(parts[parts.count - 2]) == wanted
    }
    let isIdentifier = wanted.utf8.count == 36 && wanted.parts(by: "-").count == 5
    return isIdentifier && folded(last).contains(wanted)
  }
}
