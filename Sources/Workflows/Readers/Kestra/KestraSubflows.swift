import Expressions
import SourceText

/// Tasks that run another flow: its tasks in their place, where the flow can be found.
extension KestraFlow {
  private static let files = DefinitionFiles(["yml", "yaml"], containing: "namespace")

  mutating func lowerSubflow(
    _ task: KestraTask, from ends: [LooseEnd], _ frame: inout Frame
  ) -> [LooseEnd] {
    let id = task["flowId"]?.text ?? ""
    switch flow(id, in: task["namespace"]?.text) {
    case .success(let flow): return take(flow, task, from: ends, &frame)
    case .failure(let reason):
      let place = location(task["flowId"] ?? task.place)
      let name = (task["namespace"]?.text ?? root["namespace"]?.text ?? "") + "/" + id
      let call = Call(
        kind: "flow", name: name, arguments: arguments(of: task, frame.text), location: place)
      guard task["wait"]?.text != "false" else {
        // The flow runs on for itself, and hands nothing back.
        let head = add(task, frame, kind: .control, part: "start", from: ends)
        write(.record([.init("executionId", .unknown([]))]), of: task, at: head)
        let step = add(task, frame, kind: .action, call: call, from: [LooseEnd(head)])
        gaps.append(.init(message: reason.message(for: name), location: place, step: step))
        return [LooseEnd(head)]
      }
      let step = add(task, frame, kind: .action, call: call, from: ends)
      write(
        .record([.init("outputs", .result([])), .init("executionId", .unknown([]))]), of: task,
        at: step)
      gaps.append(.init(message: reason.message(for: name), location: place, step: step))
      if task["transmitFailed"]?.text == "false" {
        return [LooseEnd(step), LooseEnd(step, .failure)]
      }
      frame.failures.append(LooseEnd(step, .failure))
      return [LooseEnd(step)]
    }
  }

  /// The flow of a name, in the namespace of this one where none is written.
  private func flow(_ id: String, in namespace: String?) -> Result<Workflow, UntakenDefinition> {
    let written = namespace ?? root["namespace"]?.text ?? ""
    return context.called(
      id, in: Self.files,
      find: { root, _ -> Node? in
        guard root["id"]?.text == id, KestraReader.recognises(root, path: "") else { return nil }
        // A computed namespace may be this one.
        let isComputed = written.utf8.contains(UInt8(ascii: "{"))
        return isComputed || root["namespace"]?.text == written ? root : nil
      },
      read: { root, context in
        var flow = KestraFlow(root, in: context)
        return flow.lower()
      })
  }

  private mutating func take(
    _ flow: Workflow, _ task: KestraTask, from ends: [LooseEnd], _ frame: inout Frame
  ) -> [LooseEnd] {
    let head = add(task, frame, kind: .control, from: ends)
    let place = location(task.place)
    let result = Variable("subflow:\(task.route)\(frame.copy)")
    let taken = TakenWorkflow(
      flow, at: task.route + frame.copy, result: result,
      sharing: { $0.name.hasPrefix("kv:") }, into: &builder)
    gaps += taken.gaps
    taskVariables.formUnion(taken.stepOutputs)
    if let inputs = taken.variables[Variable("inputs")] {
      let given = task["inputs"].map { frame.text.value($0) } ?? .record([])
      builder.update(head) { $0.assignments.append(.init(inputs, value: given, at: place)) }
    }
    builder.connect(head, to: taken.entry)
    guard task["wait"]?.text != "false" else {
      // The flow runs on for itself, and hands nothing back.
      write(.record([.init("executionId", .unknown([]))]), of: task, at: head)
      return [LooseEnd(head)]
    }
    var after = taken.ends
    if task["transmitFailed"]?.text == "false" {
      after += taken.failures
    } else {
      frame.failures += taken.failures
    }
    guard !after.isEmpty else { return [] }
    let exit = add(task, frame, kind: .control, part: "end", from: after)
    write(
      .record([
        .init("outputs", .reference(Reference(result, at: place))),
        .init("executionId", .unknown([])),
      ]), of: task, at: exit)
    return [LooseEnd(exit)]
  }

  /// A flow that runs once for each batch of a file.
  mutating func lowerForEachItem(
    _ task: KestraTask, from ends: [LooseEnd], _ frame: inout Frame
  ) -> [LooseEnd] {
    let head = add(task, frame, kind: .control, part: "items", from: ends)
    let loop = Variable("each:" + task.id)
    let place = location(task["items"] ?? task.place)
    let items = frame.text.value(task["items"]).selecting([.element])
    builder.update(head) { $0.assignments.append(.init(loop, value: items, at: place)) }
    let outer = frame.text
    frame.text.loops.append(loop)
    let after = lowerSubflow(task, from: [LooseEnd(head)], &frame)
    frame.text = outer
    let exit = add(task, frame, kind: .control, part: "merge", from: after)
    builder.connect(after, toNextElementAt: head)
    // A file without lines: the flow never runs.
    builder.connect(head, to: exit)
    // What all runs gave stands in one file, under a task of the engine's own.
    let gathered = Variable(KestraText.variable(of: task.id).name + "_merge")
    taskVariables.insert(gathered)
    let outputs = Reference(
      KestraText.variable(of: task.id), path: [.field("outputs")], at: place)
    builder.update(exit) {
      $0.assignments.append(
        .init(gathered, path: [.field("subflowOutputs")], value: .reference(outputs), at: place))
    }
    return [LooseEnd(exit)]
  }
}
