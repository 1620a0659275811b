import Expressions
import SourceText

/// Lowers one step or task: its condition, its arguments, the template it calls, its hooks.
struct ArgoTask {
  let task: ArgoTasks.Task
  let template: ArgoTemplate
  /// What the steps and tasks put out that surely ran before, as far as that is seen at once.
  let earlier: Set<Variable>
  /// Whether another task's condition looks at how this one has ended.
  let isStatusAsked: Bool

  func lower(
    _ outer: ArgoScope, wantsFailure: Bool, from entry: [LooseEnd], in draft: inout ArgoDraft
  ) -> TaskEnds {
    var scope = outer
    let loop = loop(in: outer, &draft)
    scope.item = loop.item
    var ends = TaskEnds()
    var start = entry
    if let node = task.node["when"] {
      let condition = ArgoText(scope: scope).condition(of: node, in: &draft)
      let location = scope.location(node.range)
      let branch = draft.add(
        Step(
          name: task.call.name, route: task.call.route, kind: .branch,
          decisions: [Step.Decision(condition, at: location)], location: location), from: start)
      start = [LooseEnd(branch, guards: [Edge.Guard(0, true)])]
      if condition != .constant(true) {
        ends.skipped = draft.add(
          control, from: [LooseEnd(branch, guards: [Edge.Guard(0, false)])])
      }
    }
    if let list = loop.list, !list.hasElementsForSure {
      // Over an empty list the task counts as skipped.
      let fork = draft.add(control, from: start)
      if ends.skipped == nil { ends.skipped = draft.add(control, from: []) }
      if let skipped = ends.skipped {
        draft.build { $0.connect(fork, past: list, to: skipped) }
      }
      start = [LooseEnd(fork)]
    }
    let first = draft.builder.steps.count
    let hasHandler = task.node["onExit"] != nil || task.node["hooks"]?["exit"] != nil
    var exits = run(scope, wantsFailure: wantsFailure || hasHandler, from: start, in: &draft)
    if hasHandler { exits = runHandlers(after: exits, scope, in: &draft) }
    ends.succeeded = end(exits.success, since: first, in: &draft)
    if draft.builder.steps.count == first {
      // It does nothing that matters and never succeeds; still it is there.
      _ = draft.add(control, from: start)
    }
    if wantsFailure, !exits.failure.isEmpty {
      ends.failed = draft.add(control, from: exits.failure)
    }
    if let end = ends.succeeded { runHooks(from: end, scope, in: &draft) }
    if isStatusAsked { ends.noteOutcomes(of: task.call.route, as: control, in: &draft) }
    return ends
  }

  /// The step at which a way ends: the last one itself where nothing has to be merged.
  private func end(_ ends: [LooseEnd], since start: Int, in draft: inout ArgoDraft) -> Int? {
    guard let first = ends.first else { return nil }
    if ends.count == 1, first.outcome == .success, first.guards.isEmpty, first.step >= start {
      return first.step
    }
    return draft.add(control, from: ends)
  }

  private var control: Step {
    Step(
      name: task.call.name, route: task.call.route, kind: .control, location: task.call.location)
  }

  /// What the loop is at, and what it goes over where that may turn out to be nothing.
  private func loop(
    in scope: ArgoScope, _ draft: inout ArgoDraft
  ) -> (item: Value?, list: Value?) {
    let text = ArgoText(scope: scope)
    if let items = task.node["withItems"] {
      let values = items.items.map { text.value(of: $0, in: &draft) }
      if !values.isEmpty { return (Value.either(of: values), nil) }
      let value = text.value(of: items, in: &draft)
      return (value, value)
    }
    if let list = task.node["withParam"] {
      let value = text.value(of: list, in: &draft)
      if case .reference = value { return (.selection(value, [.some]), value) }
      return (value.selecting([.some]), value)
    }
    guard let sequence = task.node["withSequence"] else { return (scope.item, nil) }
    // From one number to another there is always one.
    let count = sequence["count"]?.text
    let isCertain = count.map { Int($0).map { $0 > 0 } ?? false } ?? true
    return (.unknown([]), isCertain ? nil : .unknown([]))
  }

  // MARK: The call

  private func run(
    _ scope: ArgoScope, wantsFailure: Bool, from entry: [LooseEnd], in draft: inout ArgoDraft
  ) -> ScriptExits {
    switch draft.library.template(calledBy: task.node, from: template) {
    case .success(let called):
      if let frame = draft.frames.lastIndex(where: { $0.identity == called.identity }) {
        return callAgain(frame, from: entry, in: &draft)
      }
      let (inputs, start) = bind(called, scope, from: entry, in: &draft)
      var lowering = ArgoTemplateLowering(wantsFailure: wantsFailure)
      return lowering.lower(called, task.call, inputs, from: start, in: &draft)
    case .failure(.here(let name)):
      draft.report(
        "there is no template `\(name)` here",
        at: scope.location((task.node["template"] ?? task.node).range))
      return callUnknown(name, scope, from: entry, in: &draft)
    case .failure(.elsewhere(let name)):
      draft.report(
        gap: "the template `\(name)` is not in sight",
        at: scope.location((task.node["templateRef"] ?? task.node).range))
      return callUnknown(name, scope, from: entry, in: &draft)
    case .failure(.none):
      return callUnknown(task.node["template"]?.text ?? task.name, scope, from: entry, in: &draft)
    }
  }

  /// A template that calls itself is a loop; what comes after the call comes after the template's end.
  private func callAgain(
    _ frame: Int, from entry: [LooseEnd], in draft: inout ArgoDraft
  ) -> ScriptExits {
    let step = draft.add(control, from: entry)
    let start = draft.frames[frame].entry
    draft.build { $0.connect(step, to: start) }
    let outputs = Value.reference(
      Reference(draft.frames[frame].variable, path: [.field("outputs")], at: task.call.location))
    var back = control
    back.assignments = [
      Step.Assignment(
        task.call.variable, path: [.field("outputs")], value: outputs, at: task.call.location)
    ]
    let place = draft.add(back, from: [])
    draft.frames[frame].returns.append(place)
    return ScriptExits(success: [LooseEnd(place)], failure: [])
  }

  private func callUnknown(
    _ name: String, _ scope: ArgoScope, from entry: [LooseEnd], in draft: inout ArgoDraft
  ) -> ScriptExits {
    let place = task.node["templateRef"]?["template"] ?? task.node["template"] ?? task.node
    let location = scope.location(place.range)
    let text = ArgoText(scope: scope)
    var arguments: [Call.Argument] = []
    for kind in ["parameters", "artifacts"] {
      for argument in task.node["arguments"]?[kind]?.items ?? [] {
        guard let name = argument["name"]?.text, let value = argument["value"] ?? argument["from"]
        else { continue }
        arguments.append(
          Call.Argument(
            "\(kind).\(name)", text.value(of: value, in: &draft), at: scope.location(value.range)))
      }
    }
    let step = draft.add(
      Step(
        name: task.call.name, route: task.call.route,
        call: Call(kind: "uses", name: name, arguments: arguments, location: location),
        assignments: [
          Step.Assignment(
            task.call.variable, path: [.field("outputs"), .field("parameters")],
            value: .result([]), at: location),
          Step.Assignment(
            task.call.variable, path: [.field("outputs"), .field("artifacts")],
            value: .result([]), at: location),
          Step.Assignment(
            task.call.variable, path: [.field("outputs"), .field("result")], value: .result([]),
            at: location),
        ], location: location), from: entry)
    draft.noteOutputs(task.call.variable)
    return ScriptExits(success: [LooseEnd(step)], failure: [LooseEnd(step, .failure)])
  }

  // MARK: Arguments

  /// Gives the template's inputs their values: a computed one is evaluated once, where the caller stands.
  private func bind(
    _ called: ArgoTemplate, _ scope: ArgoScope, from entry: [LooseEnd], in draft: inout ArgoDraft
  ) -> (ArgoInputs, [LooseEnd]) {
    var inputs = ArgoInputs(of: called, prefix: task.call.prefix)
    inputs.globals = scope.workflowParameters
    inputs.hasFailed = scope.hasFailed
    let text = ArgoText(scope: scope)
    var assignments: [Step.Assignment] = []
    let siblings = "\(scope.prefix)steps."
    func bound(_ value: Value, _ kind: String, _ name: String, at node: Node) -> Value {
      switch value {
      case .literal, .null: return value
      // A program is put together as a text before anything runs.
      case .template
      where kind == "parameters" && !value.isLarge && called.isProgram(parameter: name):
        return value
      // One that may not be there yet is read where the task stands, to be seen.
      case .reference(let reference)
      where earlier.contains(reference.variable)
        || !reference.variable.name.hasPrefix(siblings):
        return value
      default:
        let variable = Variable("\(task.call.prefix)inputs.\(kind).\(name)")
        let location = scope.location(node.range)
        assignments.append(Step.Assignment(variable, value: value, at: location))
        return .reference(Reference(variable, at: location))
      }
    }
    for parameter in task.node["arguments"]?["parameters"]?.items ?? [] {
      guard let name = parameter["name"]?.text, let node = parameter["value"] else { continue }
      let value = text.value(of: node, in: &draft)
      inputs.parameters[name] = bound(value, "parameters", name, at: node)
      if called.file.path == scope.template.file.path, called.isProgram(parameter: name) {
        inputs.sources[name] = .init(node, text.insertions(in: node, draft: &draft))
      }
    }
    for artifact in task.node["arguments"]?["artifacts"]?.items ?? [] {
      guard let name = artifact["name"]?.text else { continue }
      if let node = artifact["from"] ?? artifact["raw"]?["data"] {
        let value = text.value(of: node, in: &draft)
        inputs.artifacts[name] = bound(value, "artifacts", name, at: node)
      }
    }
    guard let first = assignments.first else { return (inputs, entry) }
    var step = control
    step.assignments = assignments
    step.location = first.location
    return (inputs, [LooseEnd(draft.add(step, from: entry))])
  }

  // MARK: Hooks

  /// What runs beside the flow when an expression over the task's state holds: nothing waits for it.
  private func runHooks(from end: Int, _ scope: ArgoScope, in draft: inout ArgoDraft) {
    for hook in task.node["hooks"]?.entries ?? [] where hook.key.text != "exit" {
      guard let name = hook.value["template"]?.text, let handler = draft.library.named(name)
      else { continue }
      var start = [LooseEnd(end)]
      let location = scope.location((hook.value["expression"] ?? hook.value).range)
      let route = "\(task.call.route).hooks.\(hook.key.text ?? "")"
      if let expression = hook.value["expression"], let text = expression.text {
        let bytes = Array(text.utf8)
        let condition = ArgoText(scope: scope).expressionCondition(
          bytes, ByteRange(0, bytes.count), at: expression, &draft)
        let branch = draft.add(
          Step(
            name: name, route: route, kind: .branch,
            decisions: [Step.Decision(condition, at: location)], location: location),
          from: start)
        start = [LooseEnd(branch, guards: [Edge.Guard(0, true)])]
      }
      let call = ArgoCall(
        name: name, route: route, variable: Variable("\(task.call.prefix)\(route)"),
        prefix: "\(task.call.prefix)hooks/", location: location)
      _ = lower(handler, call, given: hook.value, scope, from: start, in: &draft)
    }
  }

  private func lower(
    _ handler: ArgoTemplate, _ call: ArgoCall, given: Node?, _ scope: ArgoScope,
    from entry: [LooseEnd], in draft: inout ArgoDraft
  ) -> ScriptExits {
    var inputs = ArgoInputs(of: handler, prefix: call.prefix)
    inputs.globals = scope.workflowParameters
    let text = ArgoText(scope: scope)
    for parameter in given?["arguments"]?["parameters"]?.items ?? [] {
      guard let name = parameter["name"]?.text, let node = parameter["value"] else { continue }
      inputs.parameters[name] = text.value(of: node, in: &draft)
    }
    var lowering = ArgoTemplateLowering(wantsFailure: false)
    return lowering.lower(handler, call, inputs, from: entry, in: &draft)
  }

  /// What runs when the task has ended, before anything that waits for it.
  private func runHandlers(
    after exits: ScriptExits, _ scope: ArgoScope, in draft: inout ArgoDraft
  ) -> ScriptExits {
    let hook = task.node["hooks"]?["exit"]
    guard let name = task.node["onExit"]?.text ?? hook?["template"]?.text,
      let handler = draft.library.named(name)
    else { return exits }
    func run(_ ends: [LooseEnd], hasFailed: Bool) -> [LooseEnd] {
      if ends.isEmpty { return [] }
      let call = ArgoCall(
        name: name, route: "\(task.call.route).onExit",
        variable: Variable("\(task.call.prefix)exit"), prefix: "\(task.call.prefix)exit/",
        location: scope.location((task.node["onExit"] ?? hook ?? task.node).range))
      let after = lower(handler, call, given: hook, scope, from: ends, in: &draft)
      return after.success
    }
    return ScriptExits(
      success: run(exits.success, hasFailed: false), failure: run(exits.failure, hasFailed: true))
  }
}
