import Expressions
import SourceText

/// Lowers a task: its steps, one after the other, in one pod.
struct TektonTask {
  let body: Node
  let name: String
  let route: String
  let scope: TektonScope
  let location: SourceLocation
  let steps: [Node]
  /// Whether a pipeline runs it, so that its steps are known by its name.
  var isPipelineTask = false

  func lower(
    from entry: [LooseEnd], wantsFailure: Bool, in draft: inout TektonDraft
  ) -> ScriptExits {
    if steps.isEmpty {
      draft.report("the task has no steps", at: scope.location(body.range))
    }
    var ends = entry
    var failure: [LooseEnd] = []
    for (index, step) in steps.enumerated() {
      var (action, inner) = resolved(step, index, in: &draft)
      inner.files = context(of: action, inner, environment: [:])
      var skipped: [LooseEnd] = []
      if let when = step["when"], !when.items.isEmpty {
        let text = TektonText(scope: inner)
        let conditions = when.items.map { text.condition(of: $0, in: &draft) }
        let location = inner.location(when.range)
        let branch = draft.add(
          Step(
            name: stepName(step, index), route: stepRoute(step, index), kind: .branch,
            decisions: [
              Step.Decision(
                conditions.count == 1 ? conditions[0] : .all(conditions), at: location)
            ], location: location), from: ends)
        ends = [LooseEnd(branch, guards: [Edge.Guard(0, true)])]
        skipped = [LooseEnd(branch, guards: [Edge.Guard(0, false)])]
      }
      let continues = step["onError"]?.text == "continue"
      let exits = run(
        action, inner, name: stepName(step, index), route: stepRoute(step, index), from: ends,
        in: &draft)
      ends = exits.success + skipped
      if continues, let file = exitFile(of: step, inner) {
        ends = [noted("0", in: file, after: exits.success, "", index, &draft)] + skipped
        if !exits.failure.isEmpty {
          ends.append(noted("1", in: file, after: exits.failure, ".onError", index, &draft))
        }
      } else if continues {
        ends += goOn(after: exits.failure, stepName(step, index), stepRoute(step, index), &draft)
      } else {
        failure += exits.failure
      }
    }
    return ScriptExits(success: ends, failure: failure)
  }

  /// The file in which another step looks for how this one has ended.
  private func exitFile(of step: Node, _ scope: TektonScope) -> Variable? {
    guard let name = step["name"]?.text else { return nil }
    let isAsked = steps.contains { other in
      guard let script = other["script"]?.text else { return false }
      return script.holds("exitCode") && script.holds(name)
    }
    return isAsked ? scope.files?.file("/tekton/steps/step-\(name)/exitCode") : nil
  }

  private func noted(
    _ code: String, in file: Variable, after ends: [LooseEnd], _ part: String, _ index: Int,
    _ draft: inout TektonDraft
  ) -> LooseEnd {
    let step = Step(
      name: stepName(steps[index], index), route: stepRoute(steps[index], index) + part,
      kind: .control,
      assignments: [Step.Assignment(file, value: .literal(code), at: location)],
      location: location)
    return LooseEnd(draft.add(step, from: ends))
  }

  /// The engine goes on after a step that has failed.
  private func goOn(
    after ends: [LooseEnd], _ name: String, _ route: String, _ draft: inout TektonDraft
  ) -> [LooseEnd] {
    let decided = ends.filter { $0.outcome != .failure }
    if decided.isEmpty { return ends }
    let step = draft.add(
      Step(name: name, route: route, kind: .control, location: location), from: decided)
    return ends.filter { $0.outcome == .failure } + [LooseEnd(step, .failure)]
  }

  private func stepName(_ step: Node, _ index: Int) -> String {
    if isPipelineTask, steps.count == 1 { return name }
    return step["name"]?.text ?? (steps.count == 1 ? name : "\(name)[\(index)]")
  }

  private func stepRoute(_ step: Node, _ index: Int) -> String {
    "\(route).steps[\(index)]"
  }

  /// The step itself, or the action that it refers to, with what it sees.
  private func resolved(
    _ step: Node, _ index: Int, in draft: inout TektonDraft
  ) -> (Node, TektonScope) {
    var inner = scope
    inner.step = step["name"]?.text ?? "step-\(index)"
    guard let reference = step["ref"] else { return (step, inner) }
    guard let found = draft.library.definition(of: reference, kinds: ["StepAction"]) else {
      return (step, inner)
    }
    var action = TektonScope(file: found.file, prefix: "\(scope.prefix)\(inner.step ?? "")/")
    action.step = inner.step
    action.workspaces = scope.workspaces
    action.declare(found.spec["params"])
    let text = TektonText(scope: inner)
    for param in step["params"]?.items ?? [] {
      guard let name = param["name"]?.text, let value = param["value"] else { continue }
      action.params[name] = text.value(of: value, in: &draft)
      action.sources[name] = nil
    }
    return (found.spec, action)
  }

  // MARK: Programs

  private func run(
    _ step: Node, _ scope: TektonScope, name: String, route: String, from entry: [LooseEnd],
    in draft: inout TektonDraft
  ) -> ScriptExits {
    if step["ref"] != nil { return call(step, scope, name, route, from: entry, in: &draft) }
    let text = TektonText(scope: scope)
    let template = body["stepTemplate"]
    func list(_ key: String) -> [Node] { (step[key] ?? template?[key])?.items ?? [] }
    var environment: [String: Value] = [:]
    for entry in (template?["env"]?.items ?? []) + (step["env"]?.items ?? []) {
      guard let name = entry["name"]?.text, let value = entry["value"] else { continue }
      environment[name] = text.value(of: value, in: &draft)
    }
    var context = context(of: step, scope, environment: environment)
    context.stepName = name
    context.route = route
    let image = step["image"] ?? template?["image"]
    let script = step["script"]
    let command = script == nil ? list("command") : []
    let arguments = list("args")
    var insertions: [Int: [ScriptContext.Substitution]] = [:]
    for node in command + arguments + [image, script].compactMap({ $0 }) {
      insertions[node.range.start] = text.insertions(in: node, draft: &draft)
    }
    let program = ContainerProgram(
      image: image, script: script, command: command, arguments: arguments, place: step,
      outputs: declaredFiles(of: step, scope, context),
      insertions: { [insertions] in
        insertions[$0.range.start] ?? []
      })
    let exits = draft.build { program.lower(in: context, into: &$0, from: entry) }
    for gap in exits.gaps { draft.report(gap: gap.message, at: gap.location) }
    return exits
  }

  /// A step action that is not in sight.
  private func call(
    _ step: Node, _ scope: TektonScope, _ name: String, _ route: String, from entry: [LooseEnd],
    in draft: inout TektonDraft
  ) -> ScriptExits {
    let reference = step["ref"] ?? step
    let text = TektonText(scope: scope)
    let arguments = (step["params"]?.items ?? []).compactMap { param in
      param["name"]?.text.flatMap { name in
        param["value"].map {
          Call.Argument(
            "params.\(name)", text.value(of: $0, in: &draft), at: scope.location($0.range))
        }
      }
    }
    let location = scope.location((reference["name"] ?? reference).range)
    let call = Call(
      kind: "uses", name: TektonLibrary.name(of: reference), arguments: arguments,
      location: location)
    let index = draft.add(
      Step(name: name, route: route, call: call, location: location), from: entry)
    return ScriptExits(success: [LooseEnd(index)], failure: [LooseEnd(index, .failure)])
  }

  private func context(
    of step: Node, _ scope: TektonScope, environment: [String: Value]
  ) -> ScriptContext {
    var context = ScriptContext(
      path: scope.file.path, stepName: name, route: route,
      variableScope: "\(scope.prefix)\(scope.step ?? "")/", fileScope: self.scope.prefix)
    context.environment = environment
    let directory = step["workingDir"]?.text ?? body["stepTemplate"]?["workingDir"]?.text
    if let directory, let path = folder(directory, scope) {
      context.workingDirectory = path.hasSuffix("/") ? path : path + "/"
    }
    // The other tasks of the pipeline see what lies in a workspace.
    context.sharedFolders["/workspace"] = ScriptContext.SharedFolder(
      scope: "workspaces/", mount: "")
    for (own, bound) in self.scope.workspaces {
      context.sharedFolders["/workspace/\(own)"] = ScriptContext.SharedFolder(
        scope: "workspaces/", mount: bound)
    }
    return context
  }

  /// A directory whose name is known before the run.
  private func folder(_ text: String, _ scope: TektonScope) -> String? {
    let bytes = Array(text.utf8)
    var path = ""
    var offset = 0
    for tag in TektonText.tags(in: bytes) {
      path += String(decoding: bytes[offset..<tag.range.start], as: UTF8.self)
      guard case .literal(let known) = scope.resolve(tag.path, location).value else { return nil }
      path += known
      offset = tag.range.end
    }
    path += String(decoding: bytes[offset...], as: UTF8.self)
    return path.hasPrefix("/") ? path : nil
  }

  // MARK: Results

  /// The results that a step says it writes.
  private func declaredFiles(
    of step: Node, _ scope: TektonScope, _ context: ScriptContext
  ) -> [(path: String, name: String)] {
    let text = scope.file.text(in: step.range)
    var files: [(path: String, name: String)] = []
    for result in body["results"]?.items ?? [] {
      guard let name = result["name"]?.text else { continue }
      if text.holds("results.\(name).path") || text.holds("/tekton/results/\(name)") {
        files.append((TektonScope.resultPath(name), name))
      }
    }
    for result in step["results"]?.items ?? [] {
      guard let name = result["name"]?.text else { continue }
      files.append((TektonScope.stepResultPath(name, of: scope.step ?? ""), name))
    }
    return files
  }

  /// What the results of the task are when its steps have run.
  func results(of variable: Variable, in draft: inout TektonDraft) -> [Step.Assignment] {
    var scope = scope
    let context = context(of: body, scope, environment: [:])
    scope.files = context
    let text = TektonText(scope: scope)
    return (body["results"]?.items ?? []).compactMap { result in
      guard let name = result["name"]?.text else { return nil }
      let place = scope.location(result.range)
      let value: Value =
        if let node = result["value"] {
          text.value(of: node, in: &draft)
        } else {
          .reference(Reference(context.file(TektonScope.resultPath(name)), at: place))
        }
      return Step.Assignment(
        variable, path: [.field("results"), .field(name)], value: value, at: place)
    }
  }
}
