import Expressions
import SourceText

/// Activities that run another process: its nodes in their place, where the process can be found.
extension BPMNLowering {
  private static let files = DefinitionFiles(
    ["bpmn", "bpmn2", "xml"], containing: "BPMN/20100524/MODEL")

  mutating func callActivity(_ node: BPMNNode) -> Placed {
    let call = BPMNProcessCall(node, task: BPMNTask(node, in: definitions, text: text), text: text)
    let inner = call.given.union(call.takesAll ? workers.written : [])
    let found = context.called(
      call.target, in: Self.files,
      find: { root, _ in BPMNReader.process(call.target, in: root) },
      read: { found, context in
        var lowering = BPMNLowering(found.process, in: found.definitions, context)
        lowering.given = inner
        return lowering.lower(BPMNScope(found.process))
      })
    switch found {
    case .success(let workflow): return take(workflow, node, call)
    case .failure(let reason):
      let place = location(node.place)
      let name = call.target.isEmpty ? node.title : call.target
      let step = add(
        node, .action,
        call: Call(kind: "flow", name: name, arguments: call.arguments, location: place))
      builder.update(step) { $0.assignments = call.outputs }
      if !call.target.isEmpty {
        gaps.append(.init(message: reason.message(for: name), location: place, step: step))
      }
      return Placed(
        head: step, ends: [LooseEnd(step)], failures: [LooseEnd(step, .failure)], waits: [step])
    }
  }

  private mutating func take(
    _ workflow: Workflow, _ node: BPMNNode, _ call: BPMNProcessCall
  ) -> Placed {
    let head = add(node, .control)
    let place = location(node.place)
    let route = builder.steps[head].route
    let taken = TakenWorkflow(
      workflow, at: route, result: Variable(route + ".result"), into: &builder)
    gaps += taken.gaps
    builder.connect(head, to: taken.entry)
    func inner(_ name: String) -> Variable? { taken.variables[BPMNText.variable(name)] }
    var inputs: [Step.Assignment] = call.arguments.compactMap { argument in
      inner(argument.name).map { .init($0, value: argument.value, at: argument.location) }
    }
    if call.takesAll {
      let own = Set(taken.written)
      for (outer, variable) in taken.variables.sorted(by: { $0.key.name < $1.key.name })
      where outer.name.hasPrefix("process:") {
        let name = String(outer.name.dropFirst("process:".count))
        guard !call.given.contains(name), !own.contains(outer) || workers.written.contains(name)
        else { continue }
        inputs.append(.init(variable, value: .reference(Reference(outer, at: place)), at: place))
      }
    }
    builder.update(head) { $0.assignments = inputs }
    let waits = taken.steps.filter { index in
      let step = builder.steps[index]
      return step.call != nil || step.kind == .delay || step.kind == .approval
    }
    guard !taken.ends.isEmpty else {
      return Placed(head: head, ends: [], failures: taken.failures, waits: waits)
    }
    let exit = add(node, .control, part: "done")
    builder.connect(taken.ends, to: exit)
    let results = ValueSubstitution(result: { path in
      guard case .field(let name)? = path.first, let variable = inner(name) else {
        return .unknown([])
      }
      return .reference(Reference(variable, path: Array(path.dropFirst()), at: place))
    })
    var outputs = call.outputs
    for index in outputs.indices { outputs[index].value = results(outputs[index].value) }
    if call.givesAll {
      for variable in taken.written where variable.name.hasPrefix("process:") {
        guard let made = taken.variables[variable] else { continue }
        outputs.append(.init(variable, value: .reference(Reference(made, at: place)), at: place))
      }
    }
    builder.update(exit) { $0.assignments = outputs }
    return Placed(head: head, ends: [LooseEnd(exit)], failures: taken.failures, waits: waits)
  }
}

/// What an activity that runs a process hands over, and what it takes back.
private struct BPMNProcessCall {
  /// The process's identifier.
  let target: String
  private(set) var arguments: [Call.Argument]
  /// What is written when the process is done; results are its variables by name.
  private(set) var outputs: [Step.Assignment]
  /// Whether the process sees every variable of the one that runs it.
  private(set) var takesAll = false
  /// Whether all of the process's variables become those of the one that runs it.
  private(set) var givesAll = false

  var given: Set<String> { Set(arguments.map(\.name)) }

  init(_ node: BPMNNode, task: BPMNTask, text: BPMNText) {
    let element = node.element
    let extensions = element.child("extensionElements")
    let zeebe = extensions?.child("calledElement")
    target =
      (element.attribute("calledElement") ?? zeebe?.attribute("processId"))?.text ?? ""
    arguments = task.arguments
    let associated = task.associatedOutputs
    outputs = task.outputs
    if !associated.isEmpty {
      outputs = associated.map { source, target in
        .init(
          BPMNText.variable(target.text ?? ""), value: .result([.field(source)]),
          at: text.location(target.range))
      }
    }
    if let zeebe {
      takesAll = zeebe.attribute("propagateAllParentVariables")?.text != "false"
      let isMapped = extensions?.child("ioMapping")?.children(named: "output").isEmpty == false
      let written = zeebe.attribute("propagateAllChildVariables")?.text
      givesAll = written.map { $0 == "true" } ?? !isMapped
    }
    if element.extended("inheritVariables")?.text == "true" { takesAll = true }
    for mapping in extensions?.children ?? [] where mapping.name == "in" || mapping.name == "out" {
      read(mapping, text)
    }
  }

  private mutating func read(_ mapping: XMLElement, _ text: BPMNText) {
    let isInput = mapping.name == "in"
    if mapping.attribute("variables")?.text == "all" {
      if isInput { takesAll = true } else { givesAll = true }
      return
    }
    let source = mapping.attribute("source") ?? mapping.attribute("sourceExpression")
    guard let source, let name = source.text, let target = mapping.attribute("target")?.text
    else { return }
    let place = text.location(source.range)
    let isName = mapping.attribute("source") != nil
    if isInput {
      let value =
        isName ? .reference(Reference(BPMNText.variable(name), at: place)) : text.juel(source)
      arguments.append(Call.Argument(target, value, at: place))
    } else {
      outputs.append(
        Step.Assignment(
          BPMNText.variable(target), value: .result(isName ? [.field(name)] : []), at: place))
    }
  }
}

extension BPMNReader {
  /// The process of an identifier, with what its file's processes share.
  static func process(
    _ id: String, in root: Node
  ) -> (process: XMLElement, definitions: BPMNDefinitions)? {
    guard recognises(root, path: ""), let definitions = XMLElement(root),
      let process = definitions.children(named: "process").first(where: {
        $0.attribute("id")?.text == id
      }), !BPMNScope(process).nodes.isEmpty
    else { return nil }
    return (process, BPMNDefinitions(definitions))
  }
}
