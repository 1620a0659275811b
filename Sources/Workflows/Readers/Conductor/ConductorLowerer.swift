import Expressions
import SourceText

/// Lowers a Conductor workflow into the graph: lists of tasks, one after the other.
struct ConductorLowerer: DefinitionLowering {
  let root: Node
  let context: ReadingContext
  let text: ConductorText
  var graph: GraphBuilder
  var problems: [SourceProblem] = []
  var gaps: [Workflow.Gap] = []
  var returns: [Workflow.Return] = []
  /// Where tasks end the whole workflow well.
  var terminated: [LooseEnd] = []
  /// Where each task of a fork ends, for the join that waits for it.
  var taskEnds: [String: [LooseEnd]] = [:]
  /// Whether tasks come into being that the definition does not name.
  var isDynamic = false

  /// A task where it stands.
  struct Place {
    var name: String
    var route: String
    var body: Node
    var location: SourceLocation
    var depth: Int

    var parameters: Node? { body["inputParameters"] }
    var output: Variable { ConductorText.output(of: name) }
  }

  var path: String { context.file.path }

  static func lower(_ root: Node, in context: ReadingContext) -> WorkflowReading {
    var lowerer = ConductorLowerer(root: root, in: context)
    return lowerer.lower()
  }

  private init(root: Node, in context: ReadingContext) {
    self.root = root
    self.context = context
    graph = GraphBuilder(in: context)
    text = ConductorText(path: context.file.path, isAsked: graph.isWhole)
  }

  private mutating func lower() -> WorkflowReading {
    let name = root["name"]?.text ?? path
    let start = graph.add(
      Step(
        name: name, route: "tasks", kind: .control,
        location: text.location(root["name"] ?? root)))
    for entry in root["inputTemplate"]?.entries ?? [] {
      guard let key = entry.key.text else { continue }
      // What the workflow is given stands before what its template says.
      let place = text.location(entry.value)
      let given = Reference(ConductorText.input, path: [.field(key)], at: place)
      let assignment = Step.Assignment(
        ConductorText.input, path: [.field(key)],
        value: .fallback(.reference(given), text.tree.value(entry.value)), at: place)
      graph.update(start) { $0.assignments.append(assignment) }
    }
    for entry in root["variables"]?.entries ?? [] {
      guard let key = entry.key.text else { continue }
      let assignment = Step.Assignment(
        ConductorText.variables, path: [.field(key)], value: text.tree.value(entry.value),
        at: text.location(entry.value))
      graph.update(start) { $0.assignments.append(assignment) }
    }
    let tasks = root["tasks"]?.items ?? []
    let ends = lowerList(tasks, from: [LooseEnd(start)], depth: 0)
    let last = give(ends, last: tasks.last)
    LoopExits.mark(&graph)
    SettledTexts.resolve(in: &graph)
    var workflow = Workflow(
      engine: ConductorReader.engine, name: name, path: path, steps: graph.steps,
      edges: graph.edges, entry: start, returns: returns, gaps: gaps)
    workflow.ends = (last + terminated).map { Workflow.End($0) }
    let outputs = Set(
      graph.steps.filter { $0.route != "tasks" }.map {
        ConductorText.output(of: $0.name)
      })
    if !isDynamic {
      workflow.danglingReferences = MissingSteps.find(in: graph.steps, known: outputs) { variable in
        guard variable.name.hasPrefix("output:") else { return nil }
        return String(variable.name.dropFirst("output:".count))
      }
    }
    return WorkflowReading(workflows: [workflow], problems: problems)
  }

  /// What the workflow gives: its output parameters, else what its last task gives; and where it then is.
  private mutating func give(_ ends: [LooseEnd], last: Node?) -> [LooseEnd] {
    guard !ends.isEmpty else { return [] }
    if let parameters = root["outputParameters"], !parameters.entries.isEmpty {
      let step = graph.add(
        Step(
          name: "outputParameters", route: "outputParameters", kind: .control,
          location: text.location(parameters)))
      graph.connect(ends, to: step)
      for entry in parameters.entries {
        returns.append(
          .init(
            step: step, value: text.tree.value(entry.value), name: entry.key.text ?? "",
            location: text.location(entry.value)))
      }
      return [LooseEnd(step)]
    }
    guard let last, let name = last["taskReferenceName"]?.text,
      !Self.control.contains(last["type"]?.text ?? "")
    else { return ends }
    for end in ends where graph.steps[end.step].name == name {
      let place = graph.steps[end.step].location
      returns.append(
        .init(
          step: end.step,
          value: .reference(Reference(ConductorText.output(of: name), at: place)), name: "",
          location: place))
    }
    return ends
  }

  /// Tasks whose output only says which way the flow went.
  private static let control: Set<String> = [
    "SWITCH", "DECISION", "FORK_JOIN", "FORK", "JOIN", "EXCLUSIVE_JOIN", "DO_WHILE", "WAIT", "NOOP",
    "SET_VARIABLE", "TERMINATE",
  ]

  // MARK: Lists

  mutating func lowerList(_ tasks: [Node], from entry: [LooseEnd], depth: Int) -> [LooseEnd] {
    var ends = entry
    /// The last tasks of the fork before, until a join takes them.
    var forked: [[LooseEnd]] = []
    for task in tasks {
      let nameNode = task["taskReferenceName"] ?? task["name"]
      guard let nameNode, let name = nameNode.text else {
        report("a task has no `taskReferenceName`", severity: .warning, at: task.range)
        continue
      }
      let place = Place(
        name: name, route: "tasks.\(name)", body: task, location: text.location(nameNode),
        depth: depth)
      guard depth < Limits.nesting / 2 else {
        note("the tasks nest too deep", at: task.range)
        return ends
      }
      switch task["type"]?.text ?? "SIMPLE" {
      case "FORK_JOIN", "FORK":
        let fork = lowerFork(place)
        graph.connect(ends, to: fork.head)
        forked = fork.branches
        ends = [LooseEnd(fork.head)]
      case "JOIN", "EXCLUSIVE_JOIN":
        ends = lowerJoin(place, forked, from: ends)
        forked = []
      case let type:
        let made = lowerTask(type, place)
        graph.connect(ends, to: made.head)
        ends = made.ends
      }
      taskEnds[name] = ends
    }
    return ends
  }

  private mutating func lowerFork(_ place: Place) -> (head: Int, branches: [[LooseEnd]]) {
    let head = add(place, kind: .control)
    let branches = (place.body["forkTasks"]?.items ?? []).map { branch in
      lowerList(branch.items, from: [LooseEnd(head)], depth: place.depth + 1)
    }
    return (head, branches)
  }

  /// Waits for the tasks that `joinOn` names; without it, for all branches of the fork before.
  private mutating func lowerJoin(
    _ place: Place, _ forked: [[LooseEnd]], from ends: [LooseEnd]
  ) -> [LooseEnd] {
    let names = place.body["joinOn"]?.items.compactMap(\.text) ?? []
    let isExclusive = place.body["type"]?.text == "EXCLUSIVE_JOIN"
    let named = names.compactMap { taskEnds[$0] }
    let awaited = named.isEmpty ? forked : named
    let join = add(place, part: 1, kind: .control, joinsAll: !isExclusive && !awaited.isEmpty)
    if awaited.isEmpty { graph.connect(ends, to: join) }
    for (index, ends) in awaited.enumerated() {
      guard ends.count != 1 else {
        graph.connect(ends, to: join)
        continue
      }
      // A branch may end in several tasks, and counts once.
      let gather = add(place, part: 2 + index, kind: .control)
      graph.connect(ends, to: gather)
      graph.connect(gather, to: join)
    }
    // What the branches gave, by task.
    let fields = names.map { name in
      Value.Field(
        name, .reference(Reference(ConductorText.output(of: name), at: place.location)))
    }
    let assignment = Step.Assignment(place.output, value: .record(fields), at: place.location)
    graph.update(join) { $0.assignments.append(assignment) }
    return [LooseEnd(join)]
  }

  // MARK: Building

  mutating func add(
    _ place: Place, part: Int = 0, kind: Step.Kind, call: Call? = nil, joinsAll: Bool = false,
    output: Value? = nil
  ) -> Int {
    var step = Step(
      name: place.name, route: place.route, part: part, kind: kind, joinsAll: joinsAll,
      call: call, location: place.location)
    if let output {
      step.assignments.append(.init(place.output, value: output, at: place.location))
    }
    if call != nil { step.retry = retry(place) }
    return graph.add(step)
  }

  private func retry(_ place: Place) -> Step.Retry? {
    guard let count = place.body["retryCount"] ?? place.body["taskDefinition"]?["retryCount"],
      let attempts = count.text.flatMap({ Int($0) }), attempts > 0
    else { return nil }
    return Step.Retry(attempts: attempts, on: [], location: text.location(count))
  }
}
