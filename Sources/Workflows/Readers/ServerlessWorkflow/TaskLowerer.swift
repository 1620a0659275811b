import Expressions
import SourceText

/// Lowers the tasks of a DSL 1.0 workflow into the graph.
///
/// After the DSL reference: a task's output is the next one's input; `input.from`, `output.as` and `export.as` say
/// otherwise. A nested block has a document of its own, so that a block that fails leaves the outer one as it was.
struct TaskLowerer: DefinitionLowering {
  let root: Node
  let context: ReadingContext
  var graph: GraphBuilder
  var problems: [SourceProblem] = []
  var gaps: [Workflow.Gap] = []
  /// Ways out of the workflow by `then: end`.
  var finished: [Way] = []

  var path: String { context.file.path }

  static let document = Variable("$context")
  /// What is known of the workflow as a whole: `input` is what it was given.
  static let workflow = Variable("$workflow")

  /// A way out of a task.
  struct Way {
    var end: LooseEnd
    /// Where the task itself sends the flow; `nil` for the next task.
    var then: Node?
    /// The variable that holds the output.
    var data: Variable
    /// Whether the task made its output, instead of handing on what it was given.
    var isMade: Bool
    /// What holds the output alone, where `data` may still be what the task was given: a loop without any round.
    var alone: Variable?
  }

  /// What the tasks of one block have in common.
  struct Scope {
    /// Stands before every task's name in its route.
    var route: String
    /// The document that goes from task to task.
    var data: Variable
    /// Loop variables and caught errors.
    var locals: [String: Variable] = [:]
    var catchers: [Catcher] = []
    var retry: Step.Retry?
    /// Whether a time limit around the block can end any of its tasks.
    var isTimed = false
  }

  struct Catcher {
    var step: Int
    var takesFailures: Bool
    var takesTimeouts: Bool
    var isFiltered: Bool
  }

  /// A task where it stands.
  struct Place {
    var name: String
    var route: String
    var body: Node
    var location: SourceLocation
    var scope: Scope
    var depth: Int
    /// What the task is given, where `input.from` makes it something else than the block's document.
    var input: Value?
  }

  static func lower(_ root: Node, in context: ReadingContext) -> WorkflowReading {
    var lowerer = TaskLowerer(
      root: root, context: context, graph: GraphBuilder(in: context))
    return lowerer.lower()
  }

  private mutating func lower() -> WorkflowReading {
    let document = root["document"]
    let name = document?["name"]?.text ?? path
    let scope = Scope(route: "do", data: Variable("$"))
    let start = graph.add(
      Step(
        name: name, route: "do", kind: .control,
        location: location(document?["name"] ?? document ?? root)))
    // The document begins as what the workflow is given, which stays readable under its own name.
    let from = root["input"]?["from"]
    let place = from.map(location) ?? graph.steps[start].location
    let given = Value.reference(
      Reference(Self.workflow, path: [.field("input")], at: place))
    let first = Step.Assignment(
      scope.data,
      value: from.map { expressions(in: scope, input: given).shaped($0) } ?? given, at: place)
    graph.update(start) { $0.assignments.append(first) }
    guard let tasks = root["do"] else {
      report("the workflow has no `do`", at: (document ?? root).range)
      return WorkflowReading(problems: problems)
    }
    let entry = Way(end: LooseEnd(start), data: scope.data, isMade: false)
    let ways = lowerBlock(tasks, in: scope, from: [entry], depth: 0) + finished
    let (returns, ends) = returns(of: ways, in: scope)
    LoopExits.mark(&graph)
    SettledTexts.resolve(in: &graph)
    var workflow = Workflow(
      engine: ServerlessWorkflowReader.engine, name: name, path: path, steps: graph.steps,
      edges: graph.edges, entry: start, returns: returns, triggers: triggers, gaps: gaps)
    workflow.ends = ends
    return WorkflowReading(workflows: [workflow], problems: problems)
  }

  private mutating func returns(
    of ways: [Way], in scope: Scope
  ) -> ([Workflow.Return], [Workflow.End]) {
    guard let output = root["output"]?["as"] else {
      let returns = ways.filter(\.isMade).map { way in
        let place = graph.steps[way.end.step].location
        return Workflow.Return(
          step: way.end.step, value: .reference(Reference(way.alone ?? way.data, at: place)),
          name: "",
          location: place)
      }
      // Whoever runs it is given the document, whether or not the last task made it.
      let ends = ways.map { way in
        let place = graph.steps[way.end.step].location
        return Workflow.End(way.end, result: .reference(Reference(way.data, at: place)))
      }
      return (returns, ends)
    }
    // Ends that hold their document in another variable meet in the workflow's own.
    let last = graph.add(
      Step(name: "output", route: "output", kind: .control, location: location(output)))
    for way in ways { join(way, to: last, in: scope.data) }
    let value = expressions(in: scope).shaped(output)
    let returned = Workflow.Return(
      step: last, value: value, name: "", location: location(output))
    return ([returned], [Workflow.End(LooseEnd(last))])
  }

  /// Connects a way to a step where the document is expected in `data`.
  mutating func join(_ way: Way, to step: Int, in data: Variable) {
    guard way.data != data else {
      graph.connect([way.end], to: step)
      return
    }
    let place = graph.steps[way.end.step]
    let move = graph.add(
      Step(
        name: place.name, route: place.route, part: place.part + 1, kind: .control,
        location: place.location))
    let value = Value.reference(Reference(way.data, at: place.location))
    graph.update(move) { $0.assignments.append(.init(data, value: value, at: place.location)) }
    graph.connect([way.end], to: move)
    graph.connect(move, to: step)
  }

  private var triggers: [Workflow.Trigger] {
    (root["schedule"]?.entries ?? []).compactMap { entry in
      entry.key.text.map { .init(name: $0, location: location(entry.key)) }
    }
  }

  // MARK: Blocks

  /// Lowers a list of tasks; gives back where the block completes.
  mutating func lowerBlock(_ list: Node, in scope: Scope, from entry: [Way], depth: Int) -> [Way] {
    guard depth < Limits.nesting / 2 else {
      note("the tasks nest too deep", at: list.range)
      return entry
    }
    let entries = tasks(of: list)
    guard !entries.isEmpty else { return entry }
    var heads: [String: Int] = [:]
    var lowered: [(head: Int, ways: [Way])] = []
    for (key, body) in entries {
      let name = key.text ?? ""
      let place = Place(
        name: name, route: "\(scope.route).\(name)", body: body, location: location(key),
        scope: scope, depth: depth)
      let task = lowerTask(place)
      if heads[name] == nil { heads[name] = task.head }
      lowered.append(task)
    }
    for way in entry { join(way, to: lowered[0].head, in: scope.data) }
    var ends: [Way] = []
    for (index, task) in lowered.enumerated() {
      let next = index + 1 < lowered.count ? lowered[index + 1].head : nil
      for way in task.ways {
        switch way.then?.text {
        case nil, "continue":
          if let next { join(way, to: next, in: scope.data) } else { ends.append(way.onward) }
        case "exit": ends.append(way.onward)
        case "end": finished.append(way.onward)
        case let name?:
          if let target = heads[name] {
            join(way, to: target, in: scope.data)
          } else {
            let nearest = NearestName.of(name, among: heads.keys.sorted())
            report(
              "there is no task `\(name)` in this block",
              hint: nearest.map { "did you mean `\($0)`?" } ?? "",
              at: way.then?.range ?? list.range)
          }
        }
      }
    }
    return ends
  }

  /// The tasks of a block: a list of maps with one key each; early drafts wrote one map.
  func tasks(of list: Node) -> [(key: Node, body: Node)] {
    if !list.entries.isEmpty { return list.entries.map { ($0.key, $0.value) } }
    return list.items.flatMap { item in item.entries.prefix(1).map { ($0.key, $0.value) } }
  }

  /// Lowers one task with its condition.
  private mutating func lowerTask(_ place: Place) -> (head: Int, ways: [Way]) {
    guard let condition = place.body["if"] else { return lowerWork(place) }
    let decision = Step.Decision(
      expressions(in: place.scope).condition(condition), at: location(condition))
    let branch = graph.add(
      Step(
        name: place.name, route: place.route, kind: .branch, decisions: [decision],
        location: location(condition)))
    var inner = place
    inner.route += ".run"
    let work = lowerWork(inner)
    graph.connect(branch, to: work.head, when: [.init(0, true)])
    let skipped = Way(
      end: LooseEnd(branch, guards: [.init(0, false)]), data: place.scope.data, isMade: false)
    return (branch, work.ways + [skipped])
  }

  private mutating func lowerWork(_ place: Place) -> (head: Int, ways: [Way]) {
    var place = place
    if let from = place.body["input"]?["from"] {
      place.input = expressions(in: place.scope).shaped(from)
    }
    let body = place.body
    if body["call"] != nil { return lowerCall(place) }
    if body["run"] != nil { return lowerRun(place) }
    if body["set"] != nil { return lowerSet(place) }
    if body["switch"] != nil { return lowerSwitch(place) }
    if body["for"] != nil { return lowerFor(place) }
    if body["fork"] != nil { return lowerFork(place) }
    if body["try"] != nil { return lowerTry(place) }
    if body["raise"] != nil { return lowerRaise(place) }
    if body["wait"] != nil { return lowerPlain(place, kind: .delay) }
    if body["listen"] != nil { return lowerListen(place) }
    if body["emit"] != nil { return lowerEmit(place) }
    if body["do"] != nil { return lowerDo(place) }
    let nearest = body.entries.compactMap(\.key.text).lazy
      .compactMap { NearestName.of($0, among: Self.work) }.first
    report(
      "the task `\(place.name)` does nothing that is known",
      hint: nearest.map { "did you mean `\($0)`?" } ?? "", severity: .warning,
      at: place.location.range)
    note("the task `\(place.name)` could not be read", at: place.location.range)
    return lowerPlain(place, kind: .control)
  }

  /// The keys that say what a task does.
  private static let work = [
    "call", "run", "set", "switch", "for", "fork", "try", "raise", "wait", "listen", "emit", "do",
  ]

  // MARK: Data

  /// What the task's own expressions see.
  func expressions(at place: Place) -> RuntimeExpression {
    expressions(in: place.scope, input: place.input)
  }

  func expressions(in scope: Scope, input: Value? = nil) -> RuntimeExpression {
    let data = scope.data
    let locals = scope.locals
    return RuntimeExpression(
      path: path, input: { input ?? .reference(Reference(data, at: $0)) },
      variables: { place in
        var variables = locals.mapValues { Value.reference(Reference($0, at: place)) }
        variables["context"] = .reference(Reference(Self.document, at: place))
        variables["input"] = input ?? .reference(Reference(data, at: place))
        for name in ["workflow", "task", "runtime", "secrets", "authorization"] {
          variables[name] = .reference(Reference(Variable("$" + name), at: place))
        }
        return variables
      })
  }

  /// What a task leaves behind, given what it made; `nil` where it hands on its input.
  func assignments(_ place: Place, raw: Value?) -> (list: [Step.Assignment], isMade: Bool) {
    var output = raw ?? place.input
    var written = place.location
    if let node = place.body["output"]?["as"] {
      written = location(node)
      let made = raw ?? place.input ?? .reference(Reference(place.scope.data, at: written))
      output = over(made, place).shaped(node)
    }
    var list: [Step.Assignment] = []
    if let node = place.body["export"]?["as"] {
      let made = output ?? .reference(Reference(place.scope.data, at: location(node)))
      list.append(.init(Self.document, value: over(made, place).shaped(node), at: location(node)))
    }
    if let output { list.append(.init(place.scope.data, value: output, at: written)) }
    return (list, output != nil && (raw != nil || place.body["output"] != nil))
  }

  /// Expressions on what the task has made.
  private func over(_ made: Value, _ place: Place) -> RuntimeExpression {
    let outer = expressions(at: place)
    return RuntimeExpression(
      path: path, input: { _ in made },
      variables: { location in
        var variables = outer.variables(location)
        variables["output"] = made
        return variables
      })
  }

  /// Adds a task's step with what it writes.
  mutating func add(
    _ place: Place, part: Int = 0, kind: Step.Kind, call: Call? = nil,
    assignments: [Step.Assignment] = [], decisions: [Step.Decision] = [], joinsAll: Bool = false
  ) -> Int {
    let step = graph.add(
      Step(
        name: place.name, route: place.route, part: part, kind: kind, joinsAll: joinsAll,
        call: call, assignments: assignments, decisions: decisions, location: place.location))
    if call != nil, let retry = place.scope.retry { graph.update(step) { $0.retry = retry } }
    return step
  }

  func way(_ step: Int, _ place: Place, isMade: Bool, guards: [Edge.Guard] = []) -> Way {
    Way(
      end: LooseEnd(step, guards: guards), then: place.body["then"], data: place.scope.data,
      isMade: isMade)
  }
}

extension TaskLowerer.Way {
  /// The way where its own directive has been followed.
  fileprivate var onward: TaskLowerer.Way {
    var way = self
    way.then = nil
    return way
  }
}

extension RuntimeExpression {
  /// `input.from`, `output.as`, `export.as`: an expression, or an object with expressions in it.
  func shaped(_ node: Node) -> Value {
    node.text == nil ? tree.value(node) : expression(node)
  }
}
