import Expressions
import SourceText

/// Task states that run another state machine: its states in their place, where its definition can be found.
extension StateMachineLowerer {
  private static let files = DefinitionFiles(
    ["json", "yml", "yaml", "asl", "json5"], containing: "State")

  /// Lowers the state as what it runs; `false` where that is not in sight.
  mutating func lowerNested(
    _ resource: String, _ place: StatePlace, _ input: Value, in scope: StatesScope,
    into frame: inout Frame
  ) -> Bool {
    guard let run = NestedExecution(resource),
      let payload = place.body[place.language == .jsonata ? "Arguments" : "Parameters"]
    else { return false }
    let written = payload["StateMachineArn"] ?? payload["StateMachineArn.$"]
    guard let written else { return false }
    switch machine(written) {
    case .failure(let reason):
      let name = Self.words(resourceName(written) ?? "")
      // The step comes next.
      gaps.append(
        .init(
          message: reason.message(for: name), location: location(written.range),
          step: graph.steps.count))
      return false
    case .success(let workflow):
      // The place's own arguments have reported what is wrong with the expressions.
      let given = template(payload, in: scope, place.language).selecting([.field("Input")])
      take(workflow, run, place, given: given, into: &frame)
      return true
    }
  }

  private func machine(_ node: Node) -> Result<Workflow, UntakenDefinition> {
    guard let context = source.context, let name = resourceName(node), !name.hasPrefix("{%"),
      !name.hasPrefix("$.")
    else { return .failure(.missing) }
    let read = { (machine: StateMachineSource, context: ReadingContext) -> Workflow? in
      var machine = machine
      machine.context = context
      return StateMachineLowerer.lower(machine).workflows.first
    }
    if let logical = Self.logicalName(name) {
      guard let template = source.template else { return .failure(.missing) }
      return context.called(
        logical, in: Self.files,
        find: { _, _ in
          CloudFormationTemplate(template, context).source(named: logical)?.source
        }, read: read)
    }
    let words = Self.words(name)
    return context.called(
      words, in: Self.files,
      find: { root, file in
        var found = context
        found.file = file
        if StepFunctionsReader.isStateMachine(root) {
          let stem = file.path.parts(by: "/").last?.parts(by: ".").first
          guard let stem, stem == words else { return nil }
          return StateMachineSource(root: root, path: file.path, name: file.path)
        }
        return CloudFormationTemplate(root, found).source(titled: words)?.source
      }, read: read)
  }

  /// The resource's name in `${Name}` and `${Name.Arn}`.
  private static func logicalName(_ text: String) -> String? {
    guard text.hasPrefix("${"), text.hasSuffix("}") else { return nil }
    let name = text.dropFirst(2).dropLast()
    return name.parts(by: ".").first.map(String.init)
  }

  /// The machine's own name in its identifier.
  private static func words(_ name: String) -> String {
    guard let mark = name.ranges(of: ":stateMachine:").first else {
      return logicalName(name) ?? name
    }
    return String(name[mark.upperBound...].parts(by: ":").first ?? "")
  }

  private mutating func take(
    _ workflow: Workflow, _ run: NestedExecution, _ place: StatePlace, given: Value,
    into frame: inout Frame
  ) {
    let head = add(place, kind: .control)
    frame.entries[place.name] = head
    let catchers = catchers(of: place, into: &frame)
    let result = Variable("\(place.route).result")
    let taken = TakenWorkflow(workflow, at: place.route, result: result, into: &graph)
    gaps += taken.gaps
    if let document = taken.variables[Variable("$")] {
      graph.update(head) {
        $0.assignments.append(.init(document, value: given, at: place.location))
      }
    }
    graph.connect(head, to: taken.entry)
    var answer: [Value.Field] = [
      .init("ExecutionArn", .unknown([])), .init("StartDate", .unknown([])),
    ]
    if run.waits {
      answer.append(.init("Status", .unknown([])))
      answer.append(.init("Output", .reference(Reference(result, at: place.location))))
    }
    let output = output(place, clauses: place.body, result: .record(answer))
    guard run.waits else {
      // The other machine runs on for itself, and hands nothing back.
      graph.update(head) { $0.assignments += output.assignments }
      leave(place, [LooseEnd(head)], into: &frame, ending: output.ending)
      return
    }
    var ends = taken.ends
    if run.failsWithIt {
      for failure in taken.failures {
        for catcher in catchers {
          graph.connect([LooseEnd(failure.step, catcher.outcome)], to: catcher.step)
        }
      }
    } else {
      ends += taken.failures
    }
    guard !ends.isEmpty else { return }
    let last = add(place, part: 1, kind: .control, assignments: output.assignments)
    graph.connect(ends, to: last)
    leave(place, [LooseEnd(last)], into: &frame, ending: output.ending)
  }
}

/// How a Task state runs another state machine.
private struct NestedExecution {
  /// Whether the state ends when the other machine does.
  let waits: Bool
  /// Whether the state fails when the other machine does.
  let failsWithIt: Bool

  init?(_ resource: String) {
    guard let service = resource.after(first: ":states:::") else { return nil }
    switch service {
    case "states:startExecution.sync", "states:startExecution.sync:2":
      (waits, failsWithIt) = (true, true)
    case "aws-sdk:sfn:startSyncExecution": (waits, failsWithIt) = (true, false)
    case "states:startExecution", "aws-sdk:sfn:startExecution":
      (waits, failsWithIt) = (false, false)
    default: return nil
    }
  }
}
