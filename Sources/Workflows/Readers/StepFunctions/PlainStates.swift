import Expressions
import SourceText

/// States that call nothing: Pass, Wait, Succeed, Fail.
extension StateMachineLowerer {
  mutating func lowerPass(_ place: StatePlace, into frame: inout Frame) {
    let output = output(place, clauses: place.body, result: passResult(place))
    let step = add(place, kind: .action, assignments: output.assignments)
    frame.entries[place.name] = step
    leave(place, [LooseEnd(step)], into: &frame, ending: output.ending)
  }

  /// What a Pass state makes; `nil` where it only lets its input through.
  private mutating func passResult(_ place: StatePlace) -> Value? {
    guard place.language == .jsonPath else { return nil }
    if let result = place.body["Result"] {
      // Nothing in a result is computed: a key that ends in `.$` is just a key.
      return literal(result)
    }
    let input = effectiveInput(place)
    if let parameters = place.body["Parameters"] {
      let scope = place.scope.expressions(at: place.location).with(input: input)
      return template(parameters, in: scope, .jsonPath)
    }
    return place.body["InputPath"] ?? place.body["ResultPath"] == nil ? nil : input
  }

  private func literal(_ node: Node) -> Value {
    if let text = CloudFormationText.text(of: node) { return .literal(text) }
    switch node.resolved.content {
    case .mapping:
      return .record(
        node.entries.compactMap { entry in
          entry.key.text.map { Value.Field($0, literal(entry.value)) }
        })
    case .sequence(let items):
      return .list(items.map(literal))
    case .scalar, .alias:
      return node.isNull ? .null : .literal(substituted(node.text ?? ""))
    }
  }

  mutating func lowerWait(_ place: StatePlace, into frame: inout Frame) {
    let output = output(place, clauses: place.body, result: filteredInput(place))
    let step = add(place, kind: .delay, assignments: output.assignments)
    frame.entries[place.name] = step
    leave(place, [LooseEnd(step)], into: &frame, ending: output.ending)
  }

  mutating func lowerSucceed(_ place: StatePlace, into frame: inout Frame) {
    let output = output(place, clauses: place.body, result: filteredInput(place))
    let step = add(place, kind: .control, assignments: output.assignments)
    frame.entries[place.name] = step
    leave(place, [LooseEnd(step)], into: &frame, ending: output.ending)
  }

  mutating func lowerFail(_ place: StatePlace, into frame: inout Frame) {
    let step = add(place, kind: .control)
    frame.entries[place.name] = step
    for catcher in place.scope.catchers {
      graph.connect(step, to: catcher.step, on: .failure)
    }
  }

  /// The input of a state without result: it is written only where `InputPath` changes it.
  func isFiltered(_ place: StatePlace) -> Bool {
    guard place.language == .jsonPath, let path = place.body["InputPath"] else { return false }
    return path.text != "$"
  }

  mutating func filteredInput(_ place: StatePlace) -> Value? {
    isFiltered(place) ? effectiveInput(place) : nil
  }
}
