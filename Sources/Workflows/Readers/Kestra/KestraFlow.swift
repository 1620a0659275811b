import Expressions
import SourceText

/// Lowers one flow: tasks in order, failures to `errors`, and whatever happened to `finally`.
struct KestraFlow {
  let root: Node
  let context: ReadingContext
  var builder: GraphBuilder
  var gaps: [Workflow.Gap] = []
  /// Tasks of the flow whose outputs can be read.
  var taskVariables: Set<Variable> = []
  private let defaults: [(type: String, values: Node)]
  /// How deep tasks stand in tasks.
  private var depth = 0

  /// What a run of tasks is in the middle of.
  struct Frame {
    var text: KestraText
    var route: String
    /// Where control is after a failure that nothing around has handled.
    var failures: [LooseEnd] = []
    /// Which copy of the tasks this is, where failures run them once more.
    var copy = ""

    init(_ text: KestraText, route: String) {
      self.text = text
      self.route = route
    }
  }

  var path: String { context.file.path }

  init(_ root: Node, in context: ReadingContext) {
    self.root = root
    self.context = context
    builder = GraphBuilder(in: context)
    var defaults: [(type: String, values: Node)] = []
    for key in ["pluginDefaults", "taskDefaults"] {
      for item in root[key]?.items ?? [] {
        if let type = item["type"]?.text, let values = item["values"] {
          defaults.append((type, values))
        }
      }
    }
    self.defaults = defaults
  }

  func location(_ node: Node) -> SourceLocation { SourceLocation(path: path, range: node.range) }

  mutating func lower() -> Workflow {
    let name = root["id"]?.text ?? path
    let entry = builder.add(
      Step(
        name: name, route: "flow", kind: .control, location: location(root["id"] ?? root)))
    let text = KestraText(
      path: path, variables: root["variables"], repeated: KestraReferences.repeated(in: root))
    var frame = Frame(text, route: "tasks")
    var ends = lower(root["tasks"]?.items ?? [], from: [LooseEnd(entry)], &frame)
    let lost = handle(failuresOf: &frame, in: root)
    ends = finish(ends, lost, in: root, &frame)
    var returns: [Workflow.Return] = []
    let outputs = root["outputs"]?.items ?? []
    if !outputs.isEmpty, !ends.isEmpty {
      let last = builder.add(
        Step(
          name: "outputs", route: "outputs", kind: .control,
          location: location(root["outputs"] ?? root)))
      builder.connect(ends, to: last)
      ends = [LooseEnd(last)]
      for output in outputs {
        let value = output["value"] ?? output
        returns.append(
          .init(
            step: last, value: frame.text.value(output["value"]),
            name: output["id"]?.text ?? "", location: location(value)))
      }
    }
    let triggers = (root["triggers"]?.items ?? []).compactMap { trigger in
      trigger["type"].flatMap { type in
        type.text.map { Workflow.Trigger(name: $0, location: location(type)) }
      }
    }
    var dangling: [Workflow.DanglingReference] = []
    KestraReferences(root).find(in: builder.steps, into: &dangling)
    var workflow = Workflow(
      engine: KestraReader.engine, name: name, path: path, steps: builder.steps,
      edges: builder.edges, entry: entry, returns: returns, triggers: triggers,
      danglingReferences: dangling, gaps: gaps)
    workflow.stepOutputs = taskVariables
    workflow.ends = ends.map { Workflow.End($0) }
    return workflow
  }

  // MARK: Runs of tasks

  /// Lowers tasks one after the other.
  mutating func lower(
    _ tasks: [Node], from ends: [LooseEnd], _ frame: inout Frame
  ) -> [LooseEnd] {
    var ends = ends
    for node in tasks {
      guard !ends.isEmpty else { break }
      ends = lower(KestraTask(node, route: frame.route, defaults: defaults), from: ends, &frame)
    }
    return ends
  }

  /// Tasks that run where something around them has failed; nothing is repaired by that.
  mutating func handle(failuresOf frame: inout Frame, in node: Node) -> [LooseEnd] {
    let failures = frame.failures
    frame.failures = []
    guard let errors = node["errors"]?.items, !errors.isEmpty, !failures.isEmpty else {
      return failures
    }
    var inner = Frame(frame.text, route: "errors")
    return lower(errors, from: failures, &inner) + inner.failures
  }

  /// Tasks that run whatever happened: once after success, once after a failure.
  mutating func finish(
    _ ends: [LooseEnd], _ lost: [LooseEnd], in node: Node, _ frame: inout Frame
  ) -> [LooseEnd] {
    frame.failures += lost
    var ends = ends
    for key in ["finally", "afterExecution"] {
      guard let tasks = node[key]?.items, !tasks.isEmpty else { continue }
      var well = Frame(frame.text, route: key)
      ends = lower(tasks, from: ends, &well)
      var ill = Frame(frame.text, route: key)
      ill.copy = ".afterFailure"
      let failures = frame.failures
      frame.failures = lower(tasks, from: failures, &ill) + ill.failures + well.failures
    }
    return ends
  }

  // MARK: A task

  private mutating func lower(
    _ task: KestraTask, from ends: [LooseEnd], _ frame: inout Frame
  ) -> [LooseEnd] {
    guard !task.isTrue("disabled"), depth < Limits.nesting else { return ends }
    depth += 1
    defer { depth -= 1 }
    var ends = ends
    var skipped: [LooseEnd] = []
    if let runIf = task["runIf"] {
      let place = location(runIf)
      let branch = add(
        task, frame, kind: .branch, part: "runIf",
        decisions: [Step.Decision(frame.text.condition(runIf), at: place)], from: ends)
      ends = [LooseEnd(branch, guards: [.init(0, true)])]
      skipped = [LooseEnd(branch, guards: [.init(0, false)])]
    }
    var inner = Frame(frame.text, route: task.route)
    inner.copy = frame.copy
    var after = lowerKind(of: task, from: ends, &inner)
    if task["tasks"] != nil || task["then"] != nil {
      let lost = handle(failuresOf: &inner, in: task.node)
      after = finish(after, lost, in: task.node, &inner)
    }
    if task.isTrue("allowFailure") || task.kind == "AllowFailure" {
      after += recover(task, inner)
    } else {
      frame.failures += inner.failures
    }
    return after + skipped
  }

  /// The engine goes on after a failure.
  private mutating func recover(_ task: KestraTask, _ frame: Frame) -> [LooseEnd] {
    guard !frame.failures.isEmpty else { return [] }
    let step = builder.add(
      Step(
        name: task.id, route: task.route + ".allowFailure", kind: .control,
        location: location(task["allowFailure"] ?? task.place)))
    builder.connect(frame.failures, to: step)
    return [LooseEnd(step)]
  }

  /// Adds a step of a task behind `ends`.
  mutating func add(
    _ task: KestraTask, _ frame: Frame, kind: Step.Kind, part: String = "", call: Call? = nil,
    decisions: [Step.Decision] = [], from ends: [LooseEnd]
  ) -> Int {
    let route = task.route + frame.copy + (part.isEmpty ? "" : "." + part)
    let place = decisions.first?.location ?? location(task.place)
    let step = builder.add(
      Step(
        name: task.id, route: route, kind: kind, call: call, decisions: decisions,
        retry: part.isEmpty ? retry(of: task) : nil, location: place))
    builder.connect(ends, to: step)
    return step
  }

  private func retry(of task: KestraTask) -> Step.Retry? {
    guard let retry = task["retry"] else { return nil }
    let most = retry["maxAttempts"] ?? retry["maxAttempt"]
    return Step.Retry(
      attempts: most?.text.flatMap { Int($0) }.map { max(0, $0 - 1) }, on: [],
      location: location(most ?? retry))
  }

  /// Writes what a task gives.
  mutating func write(_ value: Value, of task: KestraTask, at step: Int) {
    let variable = KestraText.variable(of: task.id)
    taskVariables.insert(variable)
    let place = location(task.place)
    builder.update(step) { $0.assignments.append(.init(variable, value: value, at: place)) }
  }

  /// Tasks that stand somewhere else than `tasks`.
  mutating func lower(
    nested node: Node, of task: KestraTask, from ends: [LooseEnd], _ frame: inout Frame
  ) -> [LooseEnd] {
    lower(KestraTask(node, route: task.route, defaults: defaults), from: ends, &frame)
  }
}
