import Expressions
import SourceText

/// A flow of stages: each starts when the stages it depends on have ended, and at once where it names none.
struct CompoundFlow {
  private let root: Node
  private let path: String
  private var builder = GraphBuilder()
  private var problems: [SourceProblem] = []
  private var dangling: [Workflow.DanglingReference] = []
  private var indices: [String: Int] = [:]
  /// Stages whose output a stage uses, by the using stage's step.
  private var uses: [Int: [Int]] = [:]
  private var dependencies: [(stage: String, on: [String])] = []
  private var declaredInputs: Set<String>?
  private var text: MiraFlowText

  init(root: Node, path: String) {
    self.root = root
    self.path = path
    self.text = MiraFlowText(path: path, stages: [])
    if let inputs = root["inputs"], case .mapping = inputs.resolved.content {
      declaredInputs = Set(inputs.entries.compactMap(\.key.text))
    }
  }

  func read(_ workflow: Node) -> WorkflowReading {
    var flow = self
    return flow.lower(workflow)
  }

  private mutating func lower(_ workflow: Node) -> WorkflowReading {
    // A duplicate key replaces the stage before it.
    var stages: [(name: String, key: Node, node: Node)] = []
    for entry in workflow.entries {
      guard let name = entry.key.text, case .mapping = entry.value.resolved.content else {
        continue
      }
      stages.removeAll { $0.name == name }
      stages.append((name, entry.key, entry.value))
    }
    text = MiraFlowText(path: path, stages: Set(stages.map(\.name)))
    let name = MiraFlowReader.name(of: root, path: path)
    let entry = builder.add(
      Step(name: name, route: "workflow", kind: .control, location: location(workflow)))
    for stage in stages {
      indices[stage.name] = builder.add(
        Step(name: stage.name, route: "workflow." + stage.name, location: location(stage.key)))
    }
    for stage in stages { describe(stage.name, stage.node) }
    for stage in stages { connect(stage.name, stage.node, entry: entry) }
    reportCycles(stages.map { ($0.name, $0.key) })
    let returns = output(entry: entry)
    var read = Workflow(
      engine: MiraFlowReader.engine, name: name, path: path, steps: builder.steps,
      edges: builder.edges, entry: entry, returns: returns, danglingReferences: dangling)
    read.stepOutputs = Set(stages.map { Variable("stage:" + $0.name) })
    return WorkflowReading(workflows: [read], problems: problems)
  }

  private func location(_ node: Node) -> SourceLocation {
    SourceLocation(path: path, range: node.range)
  }

  // MARK: Stages

  private mutating func describe(_ name: String, _ stage: Node) {
    guard let index = indices[name] else { return }
    var arguments: [Call.Argument] = []
    var inputs: [String: Value] = [:]
    for entry in stage["inputs"]?.entries ?? [] {
      guard let key = entry.key.text else { continue }
      let value = wired(entry.value, step: index)
      inputs[key] = value
      arguments.append(Call.Argument("inputs." + key, value, at: location(entry.value)))
    }
    if let prompt = stage["prompt"], prompt.text != nil {
      arguments.append(
        Call.Argument("prompt", text.prompt(prompt, inputs: inputs), at: location(prompt)))
    }
    for key in ["dataset.source", "action", "task"] {
      let parts = key.parts(by: ".").map(String.init)
      let node = parts.count == 2 ? stage[parts[0]]?[parts[1]] : stage[key]
      if let node, node.text != nil {
        arguments.append(Call.Argument(key, wired(node, step: index), at: location(node)))
      }
    }
    let call = call(of: stage, arguments)
    let result = Step.Assignment(
      Variable("stage:" + name), path: [.field("output")], value: .result([]),
      at: call.location)
    builder.update(index) { step in
      step.call = call
      step.assignments = [result]
    }
  }

  private func call(of stage: Node, _ arguments: [Call.Argument]) -> Call {
    let type = stage["type"]?.text
    if type == "elemental" || type == nil, let flow = stage["flow_name"], let name = flow.text {
      return Call(kind: "flow", name: name, arguments: arguments, location: location(flow))
    }
    if type == "custom" || type == nil || type == "elemental", let model = stage["model"] {
      return Call(
        kind: "model", name: MiraFlowText.modelName(model), arguments: arguments,
        location: location(model))
    }
    let place = stage["action"] ?? stage["type"] ?? stage
    return Call(
      kind: "action", name: stage["action"]?.text ?? type ?? "stage", arguments: arguments,
      location: location(place))
  }

  private mutating func wired(_ node: Node, step: Int) -> Value {
    switch node.resolved.content {
    case .sequence(let items): return .list(items.map { wired($0, step: step) })
    case .mapping:
      return .record(
        node.entries.compactMap { entry in
          entry.key.text.map { .init($0, wired(entry.value, step: step)) }
        })
    case .scalar, .alias: break
    }
    let (value, wires) = text.wired(node)
    for wire in wires { check(wire, step: step) }
    return value
  }

  /// Notes a wire that leads nowhere.
  private mutating func check(_ wire: MiraFlowText.Wire, step: Int) {
    guard let first = wire.path.first, wire.path.count > 1 else { return }
    var missing: Workflow.DanglingReference.Missing?
    if first == "inputs" {
      if let declaredInputs, !declaredInputs.contains(wire.path[1]) { missing = .field }
    } else if indices[first] == nil {
      missing = .step
    } else if wire.path[1] != "output", wire.path[1] != "outputs" {
      missing = .field
    }
    if missing == nil, let used = indices[first], used != step {
      uses[step, default: []].append(used)
    }
    if let missing {
      dangling.append(
        .init(
          step: step, text: wire.text, missing: missing,
          location: SourceLocation(path: path, range: wire.range)))
    }
  }

  // MARK: Order

  private mutating func connect(_ name: String, _ stage: Node, entry: Int) {
    guard let index = indices[name] else { return }
    var named: [Node] = []
    if let list = stage["depends_on"] {
      // A single name is accepted as a list of one.
      named = list.text != nil && !list.isNull ? [list] : list.items
    }
    var on: [String] = []
    for node in named {
      guard let dependency = node.text else { continue }
      if let from = indices[dependency] {
        if !on.contains(dependency) {
          on.append(dependency)
          builder.connect(from, to: index)
        }
      } else {
        dangling.append(
          .init(step: index, text: dependency, missing: .step, location: location(node)))
      }
    }
    if on.isEmpty { builder.connect(entry, to: index) }
    var sources = Set(on.compactMap { indices[$0] })
    for used in uses[index] ?? [] where sources.insert(used).inserted {
      builder.connectData(used, to: index)
    }
    if sources.count > 1 || (on.isEmpty && !sources.isEmpty) {
      builder.update(index) { $0.joinsAll = true }
    }
    dependencies.append((name, on))
  }

  /// Stages that wait for each other never start.
  private mutating func reportCycles(_ stages: [(name: String, key: Node)]) {
    var waiting = Dictionary(dependencies.map { ($0.stage, Set($0.on)) }) { first, _ in first }
    var dependents: [String: [String]] = [:]
    for (stage, on) in dependencies {
      for name in on { dependents[name, default: []].append(stage) }
    }
    var ready = waiting.filter(\.value.isEmpty).map(\.key)
    while let stage = ready.popLast() {
      waiting[stage] = nil
      for dependent in dependents[stage] ?? [] {
        waiting[dependent]?.remove(stage)
        if waiting[dependent]?.isEmpty == true { ready.append(dependent) }
      }
    }
    // Only stages on a cycle are reported, not those that wait for one.
    for (name, key) in stages where waiting[name] != nil && reaches(name, from: name, in: waiting) {
      problems.append(
        SourceProblem(
          severity: .warning, message: "stage '\(name)' depends on itself and never starts",
          hint: "remove one `depends_on` of the cycle", range: key.range))
    }
  }

  private func reaches(_ target: String, from start: String, in waiting: [String: Set<String>])
    -> Bool
  {
    var seen: Set<String> = []
    var open = Array(waiting[start] ?? [])
    while let stage = open.popLast() {
      if stage == target { return true }
      if seen.insert(stage).inserted { open += waiting[stage] ?? [] }
    }
    return false
  }

  // MARK: Output

  private mutating func output(entry: Int) -> [Workflow.Return] {
    let node = root["output"]
    let last = builder.add(
      Step(
        name: "output", route: "output", kind: .control, joinsAll: true,
        location: location(node ?? root["workflow"] ?? root)))
    // The output waits for the stages it names; a stage that nobody names joins nothing.
    defer {
      let sources = Set(uses[last] ?? [])
      for source in sources.sorted() { builder.connect(source, to: last) }
      if sources.isEmpty { builder.connect(entry, to: last) }
    }
    guard let node else { return [] }
    let value = node["value"] ?? node
    var listed: [(name: String, node: Node)] = []
    switch value.resolved.content {
    case .sequence(let items): listed = items.filter { $0.text != nil }.map { ("", $0) }
    case .mapping:
      listed = value.entries.filter { $0.key.text != "type" }
        .map { ($0.key.text ?? "", $0.value) }
    case .scalar, .alias: if value.text != nil, !value.isNull { listed = [("", value)] }
    }
    let wires = listed.map { text.wired($0.node).wires }
    return listed.enumerated().map { index, item in
      let own = wires[index].count == 1 ? indices[wires[index][0].path.first ?? ""] : nil
      // A field of another stage (a hash) goes with the text; a whole stage is a result of its own.
      let isAccompanied = wires.indices.contains { other in
        other != index
          && wires[other].contains { wire in
            wire.path.count > 2 && indices[wire.path[0]].map { $0 != own } ?? false
          }
      }
      return .init(
        step: isAccompanied ? last : own ?? last, value: wired(item.node, step: last),
        name: item.name, location: location(item.node))
    }
  }
}
