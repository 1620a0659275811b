import Expressions
import SourceText

/// Lowers a pipeline: its tasks in the order that their references and `runAfter` say, and those that run last.
struct TektonPipeline {
  let body: Node
  let name: String
  let route: String
  let scope: TektonScope
  let location: SourceLocation

  /// How the pipeline ended, and what it hands out.
  struct Ends {
    var success: [LooseEnd] = []
    var failure: [LooseEnd] = []
    var returns: [Workflow.Return] = []
    var results: [(name: String, value: Value, location: SourceLocation)] = []
  }

  private var join: Step {
    Step(name: name, route: "\(route)spec", kind: .control, location: location)
  }

  func lower(
    from entry: [LooseEnd], wantsFailure: Bool, in draft: inout TektonDraft
  ) -> Ends {
    var tasks = (body["tasks"]?.items ?? []).enumerated().map { task($1, "tasks", $0) }
    let last = (body["finally"]?.items ?? []).enumerated().map { task($1, "finally", $0) }
    let conditions = (tasks + last).compactMap { $0.node["when"] }.flatMap(\.items)
      .compactMap { ($0["input"] ?? $0["cel"])?.text }
    let asked = conditions.reduce(into: Set<Substring>()) { $0.formUnion(Self.tasksAsked(in: $1)) }
    for index in tasks.indices {
      tasks[index].isStatusAsked = asked.contains(tasks[index].name[...])
    }
    if tasks.isEmpty {
      draft.report("the pipeline has no tasks", at: scope.location(body.range))
    }
    var scope = scope
    for task in tasks + last {
      scope.tasks[task.name] = TektonScope.Task(
        variable: task.variable, route: task.route, results: results(of: task, draft))
    }
    var ends = lowerGraph(
      tasks, scope, from: entry, wantsFailure: wantsFailure || !last.isEmpty, in: &draft)
    if !last.isEmpty {
      let failure = ends.failure
      ends.success = run(last, scope, hasFailed: false, after: ends.success, in: &draft)
      let after = run(last, scope, hasFailed: true, after: failure, in: &draft)
      // Whatever ran last, the pipeline has failed.
      ends.failure = after
    }
    let text = TektonText(scope: scope)
    let results = (body["results"]?.items ?? []).compactMap {
      result -> (name: String, value: Value, location: SourceLocation)? in
      guard let name = result["name"]?.text, let node = result["value"] else { return nil }
      return (name, text.value(of: node, in: &draft), scope.location(node.range))
    }
    if !results.isEmpty, !ends.success.isEmpty {
      let end = draft.add(join, from: ends.success)
      ends.success = [LooseEnd(end)]
      ends.results = results
      ends.returns = results.map {
        Workflow.Return(step: end, value: $0.value, name: $0.name, location: $0.location)
      }
    }
    return ends
  }

  /// The tasks whose status a condition asks for, as `tasks.NAME.status`.
  private static func tasksAsked(in condition: String) -> [Substring] {
    let (head, tail) = ("tasks.", ".status")
    var names: [Substring] = []
    var next = condition.after(first: head)
    while let part = next {
      next = part.after(first: head)
      let end = next.map { part.utf8.index($0.startIndex, offsetBy: -head.utf8.count) }
      let own = part[..<(end ?? part.endIndex)]
      if let behind = own.after(first: tail) {
        names.append(own[..<own.utf8.index(behind.startIndex, offsetBy: -tail.utf8.count)])
      }
    }
    return names
  }

  private func task(_ node: Node, _ kind: String, _ index: Int) -> TektonPipelineTask {
    let name = node["name"]?.text ?? "\(kind)\(index)"
    return TektonPipelineTask(
      node: node, name: name, route: "\(route)\(kind).\(name)",
      variable: Variable("\(scope.prefix)tasks.\(name)"), prefix: "\(scope.prefix)\(name)/",
      location: scope.location((node["name"] ?? node).range))
  }

  private func results(of task: TektonPipelineTask, _ draft: TektonDraft) -> Set<String>? {
    let body: Node?
    if let spec = task.node["taskSpec"] {
      // A task of another interface embedded by its specification.
      if spec["apiVersion"] != nil { return nil }
      body = spec
    } else if let reference = task.node["taskRef"] {
      let found = draft.library.definition(of: reference, kinds: ["Task", "ClusterTask"])
      // One of the same name in another file may be another version.
      body = found?.file.path == scope.file.path ? found?.spec : nil
    } else {
      return nil
    }
    guard let body else { return nil }
    return Set((body["results"]?.items ?? []).compactMap { $0["name"]?.text })
  }

  // MARK: Order

  private func lowerGraph(
    _ tasks: [TektonPipelineTask], _ scope: TektonScope, from entry: [LooseEnd],
    wantsFailure: Bool, in draft: inout TektonDraft
  ) -> Ends {
    let indices = Dictionary(
      tasks.enumerated().map { ($1.name, $0) }, uniquingKeysWith: { first, _ in first })
    var continuing: Set<String> = []
    for task in tasks where task.continuesOnError { continuing.insert(task.name) }
    var requirements: [TaskRequirement?] = []
    for task in tasks {
      requirements.append(requirement(of: task, indices, continuing, in: &draft))
    }
    let waits = requirements.map { $0?.tasks.compactMap { indices[$0] } ?? [] }
    let (order, circular) = TaskSequence.ordered(waits)
    for index in circular {
      draft.report(
        "the task waits for itself through what it reads and runs after",
        at: tasks[index].location)
    }
    var ends: [String: TaskEnds] = [:]
    var failure: [LooseEnd] = []
    for index in order {
      let task = tasks[index]
      var start = entry
      var omitted: [LooseEnd] = []
      var step = join
      step.name = task.name
      step.route = task.route
      step.location = task.location
      if let requirement = requirements[index] {
        let entrances = draft.build {
          TaskEntrances(
            requirement, among: ends, wantsOmitted: true, builder: &$0, join: step)
        }
        start = entrances.runs
        // A failure stops the pipeline: what waits for it is not merely left out.
        omitted = entrances.isOmitted.filter { $0.outcome != .failure }
      }
      var own = TaskEnds()
      if !start.isEmpty {
        own = task.lower(
          scope, from: start, wantsFailure: wantsFailure || task.continuesOnError, in: &draft)
      }
      if !omitted.isEmpty { own.omitted = draft.add(step, from: omitted) }
      ends[task.name] = own
      if !task.continuesOnError { failure += own.ends([.failed]) }
    }
    let waited = Set(waits.flatMap { $0 })
    let ways = order.filter { !waited.contains($0) }.compactMap { index -> [LooseEnd]? in
      var kinds: Set<TaskEnds.Kind> = [.succeeded, .skipped, .omitted]
      if tasks[index].continuesOnError { kinds.insert(.failed) }
      return ends[tasks[index].name]?.ends(kinds)
    }
    let success =
      ways.isEmpty ? entry : draft.build { TaskEntrances.joined(ways, &$0, join) }
    return Ends(success: success, failure: failure)
  }

  private func requirement(
    of task: TektonPipelineTask, _ indices: [String: Int], _ continuing: Set<String>,
    in draft: inout TektonDraft
  ) -> TaskRequirement? {
    var kinds: [String: Set<TaskEnds.Kind>] = [:]
    var order: [String] = []
    func wait(for name: String, _ allowed: Set<TaskEnds.Kind>) {
      var allowed = allowed
      if continuing.contains(name) { allowed.insert(.failed) }
      if let before = kinds[name] {
        kinds[name] = before.intersection(allowed)
      } else {
        kinds[name] = allowed
        order.append(name)
      }
    }
    for node in task.node["runAfter"]?.items ?? [] {
      guard let name = node.text else { continue }
      guard indices[name] != nil else {
        draft.report("there is no task `\(name)` here", at: scope.location(node.range))
        continue
      }
      // What is skipped by its own condition does not stop those that only run after it.
      wait(for: name, [.succeeded, .skipped])
    }
    for name in task.reads where indices[name] != nil && name != task.name {
      wait(for: name, [.succeeded])
    }
    if order.isEmpty { return nil }
    return .all(order.map { .ended($0, kinds[$0] ?? [.succeeded]) })
  }

  // MARK: The end

  /// The tasks that run last, beside each other; lowered for a success and for a failure.
  private func run(
    _ tasks: [TektonPipelineTask], _ scope: TektonScope, hasFailed: Bool, after ends: [LooseEnd],
    in draft: inout TektonDraft
  ) -> [LooseEnd] {
    if ends.isEmpty { return [] }
    var scope = scope
    scope.hasFailed = hasFailed
    let start = draft.add(join, from: ends)
    let ways = tasks.compactMap { task -> [LooseEnd]? in
      let own = task.lower(scope, from: [LooseEnd(start)], wantsFailure: false, in: &draft)
      let ways = own.ends([.succeeded, .skipped, .omitted])
      return ways.isEmpty ? nil : ways
    }
    return ways.isEmpty ? [] : draft.build { TaskEntrances.joined(ways, &$0, join) }
  }
}
