import Expressions
import SourceText

/// What single tasks do.
extension ConductorLowerer {
  typealias Lowered = (head: Int, ends: [LooseEnd])

  mutating func lowerTask(_ type: String, _ place: Place) -> Lowered {
    switch type {
    case "SWITCH", "DECISION": return lowerSwitch(type, place)
    case "DO_WHILE": return lowerLoop(place)
    case "HTTP": return lowerCall(place, request(place), output: Self.answer)
    case "HTTP_POLL": return lowerPoll(place)
    case "WAIT":
      let isTimed = ["duration", "until", "timeout"].contains { place.parameters?[$0] != nil }
      return plain(place, kind: isTimed ? .delay : .approval, output: .unknown([]))
    case "HUMAN", "YIELD", "WAIT_FOR_WEBHOOK", "PULL_WORKFLOW_MESSAGES":
      return lowerApproval(type, place)
    case "TERMINATE": return lowerTerminate(place)
    case "SET_VARIABLE": return lowerVariables(place)
    case "INLINE", "LAMBDA":
      let script = place.parameters?["expression"] ?? place.parameters?["scriptExpression"]
      let value = script.map { text.completion(of: $0, parameters: place.parameters) }
      return plain(
        place, kind: .action, output: .record([.init("result", value ?? .unknown([]))]))
    case "JSON_JQ_TRANSFORM": return lowerTransform(place)
    case "NOOP": return plain(place, kind: .control, output: nil)
    case "FORK_JOIN_DYNAMIC":
      if place.parameters?["forkTaskType"] != nil || place.parameters?["forkTaskName"] != nil {
        return lowerForkOfOne(place)
      }
      isDynamic = true
      note("the tasks of `\(place.name)` come into being in the run", at: place.location.range)
      return lowerCall(place, call("node", type, place), output: .result([]))
    case "DYNAMIC": return lowerDynamic(place)
    case "SUB_WORKFLOW":
      return lowerWorkflow(place)
    case "START_WORKFLOW": return lowerStart(place)
    case "EVENT":
      return lowerCall(
        place, call("event", "emit " + (place.body["sink"]?.text ?? ""), place),
        output: .result([]))
    case "SIMPLE", "USER_DEFINED":
      let name = place.body["name"]?.text ?? place.name
      return lowerCall(place, call("function", name, place), output: .result([]))
    default: return lowerCall(place, call("node", type, place), output: .result([]))
    }
  }

  private mutating func plain(
    _ place: Place, kind: Step.Kind, output: Value?
  ) -> Lowered {
    let step = add(place, kind: kind, output: output)
    return (step, [LooseEnd(step)])
  }

  // MARK: Calls

  func call(_ kind: String, _ name: String, _ place: Place) -> Call {
    let target = place.body["type"] ?? place.body["name"]
    return Call(
      kind: kind, name: name, arguments: arguments(place),
      location: target.map(text.location) ?? place.location)
  }

  private func arguments(_ place: Place) -> [Call.Argument] {
    guard let parameters = place.parameters else { return [] }
    // The request's own fields are what documents know.
    let request = parameters["http_request"]
    guard let request, request.text == nil else { return text.tree.arguments("", parameters) }
    return text.tree.arguments("", request)
  }

  mutating func lowerCall(
    _ place: Place, _ call: Call, output: Value
  ) -> Lowered {
    let step = add(place, kind: .action, call: call, output: output)
    var ends = [LooseEnd(step)]
    // The workflow goes on without an optional task.
    if place.body["optional"]?.text == "true" || place.body["permissive"]?.text == "true" {
      ends.append(LooseEnd(step, .failure))
    }
    return (step, ends)
  }

  private static var answer: Value {
    .record([
      .init(
        "response",
        .record([
          .init("body", .result([])), .init("statusCode", .result([.field("statusCode")])),
          .init("headers", .result([.field("headers")])),
        ]))
    ])
  }

  private func request(_ place: Place) -> Call {
    var call = call("http", "http", place)
    let request = place.parameters?["http_request"] ?? place.parameters
    call.http = Call.HTTPRequest(
      method: request?["method"]?.text?.uppercased() ?? "GET",
      url: (request?["uri"] ?? request?["url"]).map(text.value) ?? .unknown([]),
      body: request?["body"].map(text.tree.value), failsOnErrorStatus: true)
    return call
  }

  /// Asks again and again until its condition holds.
  private mutating func lowerPoll(_ place: Place) -> Lowered {
    let asked = lowerCall(place, request(place), output: Self.answer)
    let request = place.parameters?["http_request"] ?? place.parameters
    guard let script = request?["terminationCondition"] ?? place.parameters?["terminationCondition"]
    else { return asked }
    let location = text.location(script)
    let value = text.poll(script, place)
    let branch = add(place, part: 1, kind: .branch)
    _ = graph.decide(.init(.truth(of: value, at: location), at: location), at: branch)
    let pause = add(place, part: 2, kind: .delay)
    graph.connect([LooseEnd(asked.head)], to: branch)
    graph.connect(branch, to: pause, when: [.init(0, false)])
    graph.connect(pause, to: asked.head)
    let failures = asked.ends.filter { $0.outcome == .failure }
    return (asked.head, [LooseEnd(branch, guards: [.init(0, true)])] + failures)
  }

  private mutating func lowerApproval(_ type: String, _ place: Place) -> Lowered {
    let step = add(place, kind: .approval, call: call("node", type, place), output: .result([]))
    return (step, [LooseEnd(step)])
  }

  /// Types of tasks that run no worker.
  private static let own: Set<String> = [
    "HTTP", "HTTP_POLL", "INLINE", "SUB_WORKFLOW", "START_WORKFLOW", "JSON_JQ_TRANSFORM", "EVENT",
    "HUMAN", "WAIT", "SET_VARIABLE", "NOOP",
  ]

  private mutating func lowerDynamic(_ place: Place) -> Lowered {
    let key = place.body["dynamicTaskNameParam"]?.text ?? "taskToExecute"
    let name = place.parameters?[key]
    // A name that is written down is that task; a system's own are told by their types.
    if let type = name?.text, Self.own.contains(type) { return lowerTask(type, place) }
    let value = name.map(text.tree.value) ?? .unknown([])
    let made = lowerCall(
      place, call("function", name?.text ?? "", place), output: .result([]))
    // What runs is decided by what the name turns out to be.
    if !value.references.isEmpty, let name {
      let location = text.location(name)
      gaps.append(
        .init(message: "what `\(place.name)` runs is known in the run only", location: location))
      let test = Test(value, .equal, [.unknown([])], semantics: .strict, at: location)
      _ = graph.decide(.init(.test(test), at: location), at: made.head)
    }
    return made
  }

  /// A fork of one kind of task, which runs once for each of the inputs.
  private mutating func lowerForkOfOne(_ place: Place) -> Lowered {
    let parameters = place.parameters
    let type =
      parameters?["forkTaskType"]?.text
      ?? (parameters?["forkTaskWorkflow"] == nil ? "SIMPLE" : "SUB_WORKFLOW")
    let inputs = parameters?["forkTaskInputs"]
    let head = add(place, kind: .control)
    let exit = add(place, part: 1, kind: .control)
    var rounds = inputs?.items ?? []
    if rounds.isEmpty, let inputs { rounds = [inputs] }
    for (index, input) in rounds.enumerated() {
      var entries: [Node.Entry] = []
      let key = { (name: String) in
        Node(.scalar(.init(style: .plain, text: name)), range: input.range)
      }
      if let name = parameters?["forkTaskName"] {
        entries.append(.init(key: key("name"), value: name))
      }
      entries.append(.init(key: key("inputParameters"), value: input))
      if let workflow = parameters?["forkTaskWorkflow"] {
        let named = Node(
          .mapping([.init(key: key("name"), value: workflow)]), range: workflow.range)
        entries.append(.init(key: key("subWorkflowParam"), value: named))
      }
      var round = place
      round.body = Node(.mapping(entries), range: input.range)
      round.route += ".forkTaskInputs[\(index)]"
      round.depth += 1
      let made = lowerTask(type, round)
      graph.connect(head, to: made.head)
      graph.connect(made.ends, to: exit)
    }
    let list = inputs.map(text.tree.value)
    graph.connect(head, past: list, to: exit)
    return (head, [LooseEnd(exit)])
  }

  // MARK: Data

  private mutating func lowerVariables(_ place: Place) -> Lowered {
    let step = add(place, kind: .action)
    for entry in place.parameters?.entries ?? [] {
      guard let key = entry.key.text else { continue }
      let assignment = Step.Assignment(
        ConductorText.variables, path: [.field(key)], value: text.tree.value(entry.value),
        at: text.location(entry.value))
      graph.update(step) { $0.assignments.append(assignment) }
    }
    return (step, [LooseEnd(step)])
  }

  private mutating func lowerTransform(_ place: Place) -> Lowered {
    var fields: [Value.Field] = []
    for entry in place.parameters?.entries ?? [] {
      guard let key = entry.key.text, key != "queryExpression" else { continue }
      fields.append(.init(key, text.tree.value(entry.value)))
    }
    let query = place.parameters?["queryExpression"]
    let program = JqProgram(
      query?.text ?? ".", input: .record(fields),
      location: query.map(text.location) ?? place.location)
    return plain(
      place, kind: .action,
      output: .record([
        .init("result", program.value), .init("resultList", .list([program.value])),
      ]))
  }

  private mutating func lowerTerminate(_ place: Place) -> Lowered {
    let step = add(place, kind: .control)
    let output = place.parameters?["workflowOutput"]
    if let output, place.parameters?["terminationStatus"]?.text == "COMPLETED" {
      let location = text.location(output)
      returns.append(
        .init(step: step, value: text.tree.value(output), name: "", location: location))
    }
    if place.parameters?["terminationStatus"]?.text == "COMPLETED" {
      terminated.append(LooseEnd(step))
    }
    return (step, [])
  }

  // MARK: Control

  private mutating func lowerSwitch(_ type: String, _ place: Place) -> Lowered {
    let step = add(place, kind: .branch)
    let subject = self.subject(type, place)
    var ends: [LooseEnd] = []
    var guards: [Edge.Guard] = []
    for entry in place.body["decisionCases"]?.entries ?? [] {
      let condition = Condition.equality(
        of: subject.value, with: entry.key.text ?? "", at: subject.location)
      let decision = graph.decide(.init(condition, at: subject.location), at: step)
      ends += lowerList(
        entry.value.items, from: [LooseEnd(step, guards: guards + [.init(decision, true)])],
        depth: place.depth + 1)
      guards.append(.init(decision, false))
    }
    ends += lowerList(
      place.body["defaultCase"]?.items ?? [], from: [LooseEnd(step, guards: guards)],
      depth: place.depth + 1)
    let assignment = Step.Assignment(
      place.output, value: .record([.init("evaluationResult", .list([subject.value]))]),
      at: place.location)
    graph.update(step) { $0.assignments.append(assignment) }
    return (step, ends)
  }

  /// What a switch looks at: a parameter, or what a script makes of the parameters.
  private func subject(_ type: String, _ place: Place) -> (value: Value, location: SourceLocation) {
    let body = place.body
    if type == "DECISION" {
      if let script = body["caseExpression"] {
        return (
          text.completion(of: script, parameters: place.parameters), text.location(script)
        )
      }
      let node = body["caseValueParam"]?.text.flatMap { place.parameters?[$0] }
      return (node.map(text.tree.value) ?? .unknown([]), node.map(text.location) ?? place.location)
    }
    guard let expression = body["expression"] else { return (.unknown([]), place.location) }
    if (body["evaluatorType"]?.text ?? "value-param") == "value-param" {
      let node = expression.text.flatMap { place.parameters?[$0] }
      return (
        node.map(text.tree.value) ?? .unknown([]), text.location(node ?? expression)
      )
    }
    let known = taskEnds
    return (
      text.completion(of: expression, parameters: place.parameters) { known[$0] != nil },
      text.location(expression)
    )
  }

  private mutating func lowerLoop(_ place: Place) -> Lowered {
    let location = place.location
    let head = add(place, kind: .control)
    // Every round is counted.
    let counter: [PathComponent] = [.field("iteration")]
    let count = Step.Assignment(
      place.output, path: counter,
      value: .converted(
        "+",
        .list([
          .reference(Reference(place.output, path: counter, at: location)), .literal("1"),
        ])), at: location)
    graph.update(head) { $0.assignments.append(count) }
    let ends = lowerList(
      place.body["loopOver"]?.items ?? [], from: [LooseEnd(head)], depth: place.depth + 1)
    let branch = add(place, part: 1, kind: .branch)
    graph.connect(ends, to: branch)
    guard let script = place.body["loopCondition"] else {
      return (head, [LooseEnd(branch)])
    }
    let value = text.completion(of: script, parameters: place.parameters, isTask: { _ in true })
    let at = text.location(script)
    _ = graph.decide(.init(.truth(of: value, at: at), at: at), at: branch)
    graph.connect(branch, to: head, when: [.init(0, true)])
    return (head, [LooseEnd(branch, guards: [.init(0, false)])])
  }
}

extension ConductorText {
  /// What decides that a polled request has been answered: `$.output` is the task's own.
  fileprivate func poll(_ script: Node, _ place: ConductorLowerer.Place) -> Value {
    let bytes = Array((script.text ?? "").utf8)
    let path = path
    let output = place.output
    let scope = JavaScriptScope(
      resolve: { name, links, location in
        guard name == "$", let field = links.first?.field else { return nil }
        let fields: [PathComponent] = field == "output" ? [] : [.field("response"), .field(field)]
        // `$.output.body` and `$.output.response.body` are the same.
        let next = links.dropFirst().first?.field
        if field == "output", next == "body" || next == "statusCode" {
          return JavaScriptResolution(
            .reference(Reference(output, path: [.field("response")], at: location)), used: 1)
        }
        return JavaScriptResolution(
          .reference(Reference(output, path: fields, at: location)), used: 1)
      },
      locate: { SourceLocation(path: path, range: script.fileRange(ofText: $0)) })
    return JavaScriptCompletion.value(of: bytes, in: ByteRange(0, bytes.count), scope: scope)
  }
}
