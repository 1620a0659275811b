import Expressions
import SourceText

/// A task as a pipeline names it.
struct TektonPipelineTask {
  var node: Node
  var name: String
  var route: String
  /// Holds its results.
  var variable: Variable
  var prefix: String
  var location: SourceLocation
  /// Whether the condition of another task looks at how this one has ended.
  var isStatusAsked = false

  /// Whether the pipeline goes on when the task has failed.
  var continuesOnError: Bool { node["onError"]?.text == "continue" }

  /// The names of the tasks whose results it reads, in order.
  var reads: [String] {
    var names: [String] = []
    var seen: Set<String> = []
    for key in ["params", "when", "matrix", "conditions", "resources"] {
      if let node = node[key] { Self.collect(node, &names, &seen) }
    }
    return names
  }

  private static func collect(
    _ node: Node, _ names: inout [String], _ seen: inout Set<String>, depth: Int = 0
  ) {
    guard depth < Limits.nesting else { return }
    switch node.resolved.content {
    case .mapping:
      for entry in node.entries {
        // The output of a task of long ago.
        if entry.key.text == "from" {
          for name in entry.value.items.compactMap(\.text) where seen.insert(name).inserted {
            names.append(name)
          }
        }
        collect(entry.value, &names, &seen, depth: depth + 1)
      }
    case .sequence(let items):
      for item in items { collect(item, &names, &seen, depth: depth + 1) }
    case .alias: break
    case .scalar(let scalar):
      guard scalar.text.holds("$(tasks.") else { return }
      for tag in TektonText.tags(in: Array(scalar.text.utf8))
      where tag.path.count > 3 && tag.path[0] == .field("tasks")
        && tag.path[2] == .field("results")
      {
        if case .field(let name) = tag.path[1], seen.insert(name).inserted { names.append(name) }
      }
    }
  }

  private var control: Step {
    Step(name: name, route: route, kind: .control, location: location)
  }

  func lower(
    _ outer: TektonScope, from entry: [LooseEnd], wantsFailure: Bool, in draft: inout TektonDraft
  ) -> TaskEnds {
    var ends = TaskEnds()
    var start = entry
    if let (condition, place) = condition(outer, in: &draft) {
      if condition == .constant(false) {
        ends.skipped = draft.add(control, from: start)
        return ends
      }
      let location = outer.location(place.range)
      let branch = draft.add(
        Step(
          name: name, route: route, kind: .branch,
          decisions: [Step.Decision(condition, at: location)], location: location), from: start)
      start = [LooseEnd(branch, guards: [Edge.Guard(0, true)])]
      if condition != .constant(true) {
        ends.skipped = draft.add(
          control, from: [LooseEnd(branch, guards: [Edge.Guard(0, false)])])
      }
    }
    let first = draft.builder.steps.count
    let exits = run(outer, from: start, wantsFailure: wantsFailure, in: &draft)
    retry(from: first, outer, in: &draft)
    draft.noteOutputs(variable)
    ends.succeeded = end(exits.success, since: first, in: &draft)
    if draft.builder.steps.count == first {
      // It does nothing that matters and never succeeds; still it is there.
      _ = draft.add(control, from: start)
    }
    if wantsFailure, !exits.failure.isEmpty {
      ends.failed = draft.add(control, from: exits.failure)
    }
    if isStatusAsked { ends.noteOutcomes(of: route, as: control, in: &draft) }
    return ends
  }

  /// The step at which the task ends: the last one itself where nothing has to be merged.
  private func end(_ ends: [LooseEnd], since start: Int, in draft: inout TektonDraft) -> Int? {
    guard let first = ends.first else { return nil }
    if ends.count == 1, first.outcome == .success, first.guards.isEmpty, first.step >= start {
      return first.step
    }
    return draft.add(control, from: ends)
  }

  private func condition(
    _ scope: TektonScope, in draft: inout TektonDraft
  ) -> (Condition, Node)? {
    if let when = node["when"] ?? node["whenExpressions"], !when.items.isEmpty {
      let text = TektonText(scope: scope)
      let conditions = when.items.map { text.condition(of: $0, in: &draft) }
      if conditions.contains(.constant(false)) { return (.constant(false), when) }
      let open = conditions.filter { $0 != .constant(true) }
      if open.isEmpty { return (.constant(true), when) }
      // The place of one condition alone is narrower.
      let place = when.items.count == 1 ? when.items[0] : when
      return (open.count == 1 ? open[0] : .all(open), place)
    }
    if let conditions = node["conditions"], !conditions.items.isEmpty {
      return (.unknown([]), conditions)
    }
    return nil
  }

  private func retry(from first: Int, _ scope: TektonScope, in draft: inout TektonDraft) {
    guard let retries = node["retries"], let attempts = retries.text.flatMap({ Int($0) }),
      attempts > 0
    else { return }
    let retry = Step.Retry(attempts: attempts, on: [], location: scope.location(retries.range))
    for index in draft.builder.steps.indices[first...]
    where draft.builder.steps[index].call != nil && draft.builder.steps[index].retry == nil {
      draft.build { $0.update(index) { $0.retry = retry } }
    }
  }

  // MARK: The task

  private func run(
    _ outer: TektonScope, from entry: [LooseEnd], wantsFailure: Bool, in draft: inout TektonDraft
  ) -> ScriptExits {
    guard draft.mayExpand() else {
      draft.report(gap: "`\(name)` expands too far to be followed", at: location)
      return callUnknown(name, at: node, outer, from: entry, in: &draft)
    }
    if let spec = node["taskSpec"], spec["apiVersion"] == nil {
      return lower(spec, outer.file, isEmbedded: true, outer, entry, wantsFailure, &draft)
    }
    if let spec = node["pipelineSpec"] {
      return lower(
        pipeline: spec, outer.file, isEmbedded: true, outer, entry, wantsFailure, &draft)
    }
    if let reference = node["pipelineRef"] {
      let name = TektonLibrary.name(of: reference)
      if let found = draft.library.definition(of: reference, kinds: ["Pipeline"]),
        !draft.including.contains(name), draft.including.count < 8
      {
        draft.including.append(name)
        defer { draft.including.removeLast() }
        return lower(
          pipeline: found.spec, found.file, isEmbedded: false, outer, entry, wantsFailure, &draft)
      }
      return callUnknown(name, at: reference, outer, from: entry, in: &draft)
    }
    if let reference = node["taskRef"] {
      if let found = draft.library.definition(of: reference, kinds: ["Task", "ClusterTask"]) {
        return lower(found.spec, found.file, isEmbedded: false, outer, entry, wantsFailure, &draft)
      }
      return callUnknown(
        TektonLibrary.name(of: reference), at: reference, outer, from: entry, in: &draft)
    }
    let kind = node["taskSpec"]?["kind"]?.text
    return callUnknown(kind ?? name, at: node["taskSpec"] ?? node, outer, from: entry, in: &draft)
  }

  private func callUnknown(
    _ called: String, at place: Node, _ outer: TektonScope, from entry: [LooseEnd],
    in draft: inout TektonDraft
  ) -> ScriptExits {
    let text = TektonText(scope: outer)
    var arguments: [Call.Argument] = []
    for param in (node["params"]?.items ?? []) + (node["matrix"]?["params"]?.items ?? []) {
      guard let name = param["name"]?.text, let value = param["value"] else { continue }
      arguments.append(
        Call.Argument(
          "params.\(name)", text.value(of: value, in: &draft), at: outer.location(value.range)))
    }
    let location = outer.location((place["name"] ?? place).range)
    let result = Step.Assignment(
      variable, path: [.field("results")], value: .result([]), at: location)
    let step = draft.add(
      Step(
        name: name, route: route,
        call: Call(kind: "uses", name: called, arguments: arguments, location: location),
        assignments: [result], location: location), from: entry)
    return ScriptExits(success: [LooseEnd(step)], failure: [LooseEnd(step, .failure)])
  }

  private func lower(
    _ spec: Node, _ file: SourceFile, isEmbedded: Bool, _ outer: TektonScope,
    _ entry: [LooseEnd], _ wantsFailure: Bool, _ draft: inout TektonDraft
  ) -> ScriptExits {
    var scope = TektonScope(file: file, prefix: prefix)
    // An embedded specification sees what is around it.
    if isEmbedded {
      scope.params = outer.params
      scope.tasks = outer.tasks
      scope.workspaces = outer.workspaces
    }
    scope.hasFailed = outer.hasFailed
    scope.declare(spec["params"] ?? spec["inputs"]?["params"])
    let start = bind(outer, into: &scope, from: entry, in: &draft)
    for workspace in node["workspaces"]?.items ?? [] {
      guard let own = workspace["name"]?.text else { continue }
      var bound = workspace["workspace"]?.text ?? own
      bound = outer.workspaces[bound] ?? bound
      if let inner = workspace["subPath"]?.text { bound += "/\(inner)" }
      scope.workspaces[own] = bound
    }
    let task = TektonTask(
      body: spec, name: name, route: route, scope: scope, location: location,
      steps: spec["steps"]?.items ?? [], isPipelineTask: true)
    var exits = task.lower(from: start, wantsFailure: wantsFailure, in: &draft)
    let results = task.results(of: variable, in: &draft)
    if !results.isEmpty, !exits.success.isEmpty {
      var step = control
      step.assignments = results
      exits.success = [LooseEnd(draft.add(step, from: exits.success))]
    }
    return exits
  }

  private func lower(
    pipeline spec: Node, _ file: SourceFile, isEmbedded: Bool, _ outer: TektonScope,
    _ entry: [LooseEnd], _ wantsFailure: Bool, _ draft: inout TektonDraft
  ) -> ScriptExits {
    var scope = TektonScope(file: file, prefix: prefix)
    if isEmbedded { scope.params = outer.params }
    scope.declare(spec["params"])
    let start = bind(outer, into: &scope, from: entry, in: &draft)
    let pipeline = TektonPipeline(
      body: spec, name: name, route: "\(route).", scope: scope, location: location)
    let ends = pipeline.lower(from: start, wantsFailure: wantsFailure, in: &draft)
    var exits = ScriptExits(success: ends.success, failure: ends.failure)
    if !ends.results.isEmpty, !exits.success.isEmpty {
      var step = control
      step.assignments = ends.results.map {
        Step.Assignment(
          variable, path: [.field("results"), .field($0.name)], value: $0.value, at: $0.location)
      }
      exits.success = [LooseEnd(draft.add(step, from: exits.success))]
    }
    return exits
  }

  /// Gives the task's parameters their values: a computed one is evaluated once, where the task stands.
  private func bind(
    _ outer: TektonScope, into scope: inout TektonScope, from entry: [LooseEnd],
    in draft: inout TektonDraft
  ) -> [LooseEnd] {
    let text = TektonText(scope: outer)
    var assignments: [Step.Assignment] = []
    func take(_ param: Node, isElement: Bool) {
      guard let name = param["name"]?.text, let node = param["value"] else { return }
      var value = text.value(of: node, in: &draft)
      if isElement {
        if case .list(let items) = value {
          value = Value.either(of: items)
        } else if case .reference(var reference) = value {
          if reference.path.last == .every { reference.path.removeLast() }
          value = .selection(.reference(reference), [.some])
        }
      }
      scope.params[name] = bound(value, name, at: outer.location(node.range), &assignments)
      scope.sources[name] =
        outer.file.path == scope.file.path && node.text != nil && !isElement
        ? .init(node, text.insertions(in: node, draft: &draft)) : nil
    }
    for param in node["params"]?.items ?? [] { take(param, isElement: false) }
    for param in node["matrix"]?["params"]?.items ?? [] { take(param, isElement: true) }
    for include in node["matrix"]?["include"]?.items ?? [] {
      for param in include["params"]?.items ?? [] { take(param, isElement: false) }
    }
    guard let first = assignments.first else { return entry }
    var step = control
    step.assignments = assignments
    step.location = first.location
    return [LooseEnd(draft.add(step, from: entry))]
  }

  private func bound(
    _ value: Value, _ name: String, at location: SourceLocation,
    _ assignments: inout [Step.Assignment]
  ) -> Value {
    switch value {
    case .literal, .null, .reference: return value
    case .list(let items):
      let bound = items.enumerated().map { index, item in
        self.bound(item, "\(name).\(index)", at: location, &assignments)
      }
      return .list(bound)
    case .record(let fields):
      return .record(
        fields.map {
          Value.Field(
            $0.name, bound($0.value, "\(name).\($0.name)", at: location, &assignments))
        })
    default:
      let variable = Variable("\(prefix)params.\(name)")
      assignments.append(Step.Assignment(variable, value: value, at: location))
      return .reference(Reference(variable, at: location))
    }
  }
}
