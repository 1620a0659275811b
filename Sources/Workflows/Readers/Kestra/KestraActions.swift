import Expressions
import SourceText

/// Tasks that do something.
extension KestraFlow {
  /// Properties that say how a task runs, not what it does.
  private static let unread: Set<String> = [
    "id", "type", "description", "tasks", "then", "else", "cases", "defaults", "errors", "finally",
    "runIf", "retry", "timeout", "disabled", "allowFailure", "workerGroup", "logLevel",
    "taskRunner",
    "containerImage", "docker", "provider", "labels", "taskCache",
  ]

  /// Most arguments of one task.
  private static let mostArguments = 500

  mutating func lowerAction(
    _ task: KestraTask, from ends: [LooseEnd], _ frame: inout Frame
  ) -> [LooseEnd] {
    if task.isOf("scripts"), let after = lowerScript(task, from: ends, &frame) { return after }
    switch task.type.parts(by: ".").suffix(2).joined(separator: ".") {
    case "execution.Fail": return lowerFail(task, from: ends, &frame)
    case "execution.Assert": return lowerAssert(task, from: ends, &frame)
    case "debug.Return", "debugs.Return":
      let step = add(task, frame, kind: .action, from: ends)
      write(
        .record([.init("value", frame.text.value(task["format"]))]), of: task, at: step)
      return [LooseEnd(step)]
    case "output.OutputValues":
      let step = add(task, frame, kind: .action, from: ends)
      write(.record([.init("values", frame.text.value(task["values"]))]), of: task, at: step)
      return [LooseEnd(step)]
    case "execution.Exit":
      let step = add(task, frame, kind: .control, from: ends)
      if ["FAILED", "KILLED", "CANCELLED"].contains(task["state"]?.text ?? "KILLED") {
        frame.failures.append(LooseEnd(step, .failure))
      }
      return []
    case "flow.Subflow", "flows.Flow", "flow.Flow":
      return lowerSubflow(task, from: ends, &frame)
    default: return describe(task, from: ends, &frame)
    }
  }

  // MARK: Calls

  private mutating func describe(
    _ task: KestraTask, from ends: [LooseEnd], _ frame: inout Frame
  ) -> [LooseEnd] {
    let place = location(task.place)
    var call = Call(
      kind: "node", name: task.type, arguments: arguments(of: task, frame.text), location: place)
    var output = Value.result([])
    var assignments: [Step.Assignment] = []
    switch task.type.parts(by: ".").suffix(2).joined(separator: ".") {
    case "http.Request", "http.Download", "http.SseRequest":
      call.http = request(task, frame.text)
      output = .record([
        .init("body", .result([])), .init("uri", .result([])),
        .init("code", .result([.field("status_code")])),
        .init("headers", .result([.field("headers")])),
      ])
    case "kv.Set":
      if let key = task["key"]?.text, !key.utf8.contains(UInt8(ascii: "{")) {
        assignments.append(
          .init(Variable("kv:" + key), value: frame.text.value(task["value"]), at: place))
      }
    case "kv.Get":
      output = .record([.init("value", .result([]))])
      if let key = task["key"]?.text, !key.utf8.contains(UInt8(ascii: "{")) {
        output = .record([
          .init("value", .reference(Reference(Variable("kv:" + key), at: place)))
        ])
      }
    default: break
    }
    let step = add(task, frame, kind: .action, call: call, from: ends)
    builder.update(step) { $0.assignments += assignments }
    write(output, of: task, at: step)
    frame.failures.append(LooseEnd(step, .failure))
    return [LooseEnd(step)]
  }

  func arguments(of task: KestraTask, _ text: KestraText) -> [Call.Argument] {
    var arguments: [Call.Argument] = []
    for (key, value) in task.properties where !Self.unread.contains(key) {
      add(value, key, text, into: &arguments)
    }
    return arguments
  }

  private func add(
    _ node: Node, _ name: String, _ text: KestraText, into arguments: inout [Call.Argument]
  ) {
    guard arguments.count < Self.mostArguments else { return }
    switch node.resolved.content {
    case .mapping:
      for entry in node.entries {
        if let key = entry.key.text { add(entry.value, name + "." + key, text, into: &arguments) }
      }
    case .sequence(let items):
      for (index, item) in items.enumerated() {
        add(item, name + ".\(index)", text, into: &arguments)
      }
    case .scalar:
      guard !node.isNull else { return }
      arguments.append(Call.Argument(name, text.value(node), at: location(node)))
    case .alias: break
    }
  }

  private func request(_ task: KestraTask, _ text: KestraText) -> Call.HTTPRequest {
    let body: Value?
    if let form = task["formData"] {
      body = text.value(form)
    } else if let node = task["body"] {
      let value = text.value(node)
      body = JSONTemplate.parse(value) ?? value
    } else {
      body = nil
    }
    let allows = task["options"]?["allowFailed"] ?? task["allowFailed"]
    return Call.HTTPRequest(
      method: (task["method"]?.text ?? "GET").uppercased(), url: text.value(task["uri"]),
      body: body, failsOnErrorStatus: allows?.text != "true")
  }

  // MARK: Checks

  /// A task that fails always, or where its condition holds.
  private mutating func lowerFail(
    _ task: KestraTask, from ends: [LooseEnd], _ frame: inout Frame
  ) -> [LooseEnd] {
    guard let condition = task["condition"] else {
      let step = add(task, frame, kind: .control, from: ends)
      frame.failures.append(LooseEnd(step, .failure))
      return []
    }
    let decision = Step.Decision(frame.text.condition(condition), at: location(condition))
    let branch = add(task, frame, kind: .branch, decisions: [decision], from: ends)
    let fail = add(
      task, frame, kind: .control, part: "fail",
      from: [LooseEnd(branch, guards: [.init(0, true)])])
    frame.failures.append(LooseEnd(fail, .failure))
    return [LooseEnd(branch, guards: [.init(0, false)])]
  }

  /// A task that fails unless every condition holds.
  private mutating func lowerAssert(
    _ task: KestraTask, from ends: [LooseEnd], _ frame: inout Frame
  ) -> [LooseEnd] {
    var ends = ends
    for (index, node) in (task["conditions"]?.items ?? []).enumerated() {
      let decision = Step.Decision(frame.text.condition(node), at: location(node))
      let branch = add(
        task, frame, kind: .branch, part: index == 0 ? "" : "conditions[\(index)]",
        decisions: [decision], from: ends)
      let fail = add(
        task, frame, kind: .control, part: "conditions[\(index)].fails",
        from: [LooseEnd(branch, guards: [.init(0, false)])])
      frame.failures.append(LooseEnd(fail, .failure))
      ends = [LooseEnd(branch, guards: [.init(0, true)])]
    }
    return ends
  }

  // MARK: Scripts

  /// A script in the shell, in Python or in JavaScript; `nil` for other languages.
  private mutating func lowerScript(
    _ task: KestraTask, from ends: [LooseEnd], _ frame: inout Frame
  ) -> [LooseEnd]? {
    let head: Int
    let exits: ScriptExits
    let isCommands = task["commands"] != nil
    if task.isOf("shell") || isCommands {
      var script = ScriptText()
      for key in ["beforeCommands", "commands", "script"] {
        guard let node = task[key] else { continue }
        for line in node.text == nil ? node.items : [node] {
          script.append(line, frame.text.substitutions(in: line))
          script.append("\n")
        }
      }
      guard !script.isEmpty else { return nil }
      head = add(task, frame, kind: .action, from: ends)
      provideFiles(to: task, frame, at: head)
      exits = ShellLowering.lower(
        script, in: shell(task, frame), into: &builder, from: [LooseEnd(head)])
    } else if task.isOf("python"), let script = task["script"], script.text != nil {
      head = add(task, frame, kind: .action, from: ends)
      provideFiles(to: task, frame, at: head)
      var context = shell(task, frame)
      let outputs = ScriptContext.SpecialFile.fields(
        of: KestraText.variable(of: task.id), path: [.field("vars")])
      context.outputFunctions = ["Kestra.outputs": outputs, "kestra.Kestra.outputs": outputs]
      context.substitutions = frame.text.substitutions(in: script)
      exits = ProgramLowering.lower(
        .python, script: script, in: context, into: &builder, from: [LooseEnd(head)])
    } else if task.isOf("node"), let script = task["script"], script.text != nil {
      head = add(task, frame, kind: .action, from: ends)
      exits = JavaScriptLowering.lower(
        script: script, in: javaScript(task, script, frame), into: &builder, from: [LooseEnd(head)])
    } else {
      return nil
    }
    gaps += exits.gaps
    frame.failures += exits.failure
    collectFiles(of: task, frame, behind: exits.success)
    return exits.success
  }

  private func scope(_ task: KestraTask) -> String { "task:" + task.id + "/" }

  private func shell(_ task: KestraTask, _ frame: Frame) -> ScriptContext {
    var environment: [String: Value] = [:]
    for entry in task["env"]?.entries ?? [] {
      if let key = entry.key.text { environment[key] = frame.text.value(entry.value) }
    }
    var context = ScriptContext(
      path: path, stepName: task.id, route: task.route + frame.copy, variableScope: scope(task),
      fileScope: scope(task), environment: environment)
    context.printedRecord = .init(
      prefix: "::", suffix: "::", field: "outputs", variable: KestraText.variable(of: task.id),
      path: [.field("vars")])
    return context
  }

  private func javaScript(
    _ task: KestraTask, _ script: Node, _ frame: Frame
  ) -> JavaScriptContext {
    let variable = KestraText.variable(of: task.id)
    return JavaScriptContext(
      path: path, stepName: task.id, route: task.route + frame.copy, variableScope: scope(task),
      substitutions: frame.text.substitutions(in: script),
      writes: { name, arguments, place in
        guard name == "Kestra.outputs", case .record(let fields)? = arguments.first else {
          return nil
        }
        return fields.map { field in
          Step.Assignment(
            variable, path: [.field("vars"), .field(field.name)], value: field.value, at: place)
        }
      })
  }

  /// Files that the engine writes before the script runs.
  private mutating func provideFiles(to task: KestraTask, _ frame: Frame, at step: Int) {
    for entry in task["inputFiles"]?.entries ?? [] {
      guard let name = entry.key.text else { continue }
      let assignment = Step.Assignment(
        Variable(scope(task) + "file:" + name), value: frame.text.value(entry.value),
        at: location(entry.value))
      builder.update(step) { $0.assignments.append(assignment) }
    }
  }

  /// Files that later tasks can read.
  private mutating func collectFiles(
    of task: KestraTask, _ frame: Frame, behind ends: [LooseEnd]
  ) {
    let variable = KestraText.variable(of: task.id)
    taskVariables.insert(variable)
    for node in task["outputFiles"]?.items ?? [] {
      guard let name = node.text else { continue }
      let place = location(node)
      let file = Reference(Variable(scope(task) + "file:" + name), at: place)
      for step in Set(ends.map(\.step)) {
        builder.update(step) { step in
          step.assignments.append(
            .init(
              variable, path: [.field("outputFiles"), .field(name)], value: .reference(file),
              at: place))
        }
      }
    }
  }
}
