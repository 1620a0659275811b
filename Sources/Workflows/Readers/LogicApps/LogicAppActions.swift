import Expressions
import SourceText

/// What single actions do.
extension LogicAppLowerer {
  mutating func lowerAction(_ place: Place) -> Lowered {
    guard let type = place.body["type"]?.text else {
      report(
        "the action `\(place.name)` has no `type`", severity: .warning, at: place.location.range)
      note("the action `\(place.name)` could not be read", at: place.location.range)
      return plain(place, kind: .control)
    }
    switch type.lowercased() {
    case "scope": return lowerScope(place)
    case "if": return lowerIf(place)
    case "switch": return lowerSwitch(place)
    case "foreach": return lowerForeach(place)
    case "until": return lowerUntil(place)
    case "wait": return plain(place, kind: .delay)
    case "terminate":
      return Lowered(head: add(place, kind: .control), succeeded: [])
    case "response": return lowerResponse(place)
    case "compose", "parsejson", "select", "query", "join", "table": return lowerData(type, place)
    case "initializevariable", "setvariable", "incrementvariable", "decrementvariable",
      "appendtostringvariable", "appendtoarrayvariable":
      return lowerVariable(type.lowercased(), place)
    case "javascriptcode": return lowerCode(place)
    case "workflow", "invokeworkflow": return lowerWorkflow(type, place)
    case "agent":
      if let tools = place.body["tools"] {
        note("what the tools of `\(place.name)` do, and when, is up to the agent", at: tools.range)
      }
      return lowerCall(type, place)
    default: return lowerCall(type, place)
    }
  }

  private mutating func plain(_ place: Place, kind: Step.Kind) -> Lowered {
    let step = add(place, kind: kind)
    return Lowered(head: step, succeeded: [LooseEnd(step)])
  }

  /// The assignment of what an action gives.
  func outputs(_ place: Place, _ value: Value) -> Step.Assignment {
    .init(Self.outputs(of: place.name), value: value, at: place.location)
  }

  // MARK: Data

  private mutating func lowerData(_ type: String, _ place: Place) -> Lowered {
    let tree = text(place.scope).tree
    let inputs = place.inputs
    func given(_ key: String) -> Value { inputs?[key].map(tree.value) ?? .unknown([]) }
    let value: Value
    switch type.lowercased() {
    case "compose":
      // Its output is read as a whole, and, in later versions, as a body too.
      value = inputs.map(tree.value) ?? .null
    case "parsejson": value = .record([.init("body", given("content"))])
    case "query":
      var scope = place.scope
      let element = given("from").selecting([.every])
      scope.item = element
      // What is left are the elements for which the condition holds.
      let kept = inputs?["where"].map { node in
        Value.list([.conditional(text(scope).condition(node), element, .null)])
      }
      value = .record([.init("body", kept ?? given("from"))])
    case "select":
      var scope = place.scope
      scope.item = given("from").selecting([.every])
      let made = inputs?["select"].map(text(scope).tree.value) ?? .unknown([])
      value = .record([.init("body", .list([made]))])
    case "join": value = .record([.init("body", .text(given("from"), null: ""))])
    default: value = .record([.init("body", .converted(type.lowercased(), given("from")))])
    }
    let step = add(place, kind: .action, assignments: [outputs(place, value)])
    return Lowered(head: step, succeeded: [LooseEnd(step)], failed: [LooseEnd(step, .failure)])
  }

  private mutating func lowerVariable(_ type: String, _ place: Place) -> Lowered {
    let tree = text(place.scope).tree
    let declared = place.inputs?["variables"]?.items ?? place.inputs.map { [$0] } ?? []
    var assignments: [Step.Assignment] = []
    for item in declared {
      guard let name = item["name"]?.text else { continue }
      let variable = Variable("variable:\(name)")
      let at = location(item["value"] ?? item)
      let value = item["value"].map(tree.value)
      let old = Value.reference(Reference(variable, at: at))
      let new: Value =
        switch type {
        case "incrementvariable": .converted("+", .list([old, value ?? .literal("1")]))
        case "decrementvariable": .converted("-", .list([old, value ?? .literal("1")]))
        case "appendtostringvariable": .template([old, value ?? .null])
        case "appendtoarrayvariable": .list([old, value ?? .null])
        default: value ?? .null
        }
      assignments.append(.init(variable, value: new, at: at))
    }
    let step = add(place, kind: .action, assignments: assignments)
    return Lowered(head: step, succeeded: [LooseEnd(step)])
  }

  private mutating func lowerResponse(_ place: Place) -> Lowered {
    let tree = text(place.scope).tree
    let arguments = place.inputs.map { tree.arguments("", $0) } ?? []
    let call = Call(
      kind: "node", name: "Response", arguments: arguments, location: place.location)
    let step = add(place, kind: .action, call: call)
    answers.append(LooseEnd(step))
    if let body = place.inputs?["body"] {
      returns.append(
        .init(step: step, value: tree.value(body), name: "", location: location(body)))
    }
    return Lowered(head: step, succeeded: [LooseEnd(step)])
  }

  private mutating func lowerCode(_ place: Place) -> Lowered {
    guard let code = place.inputs?["code"], code.text != nil else {
      return plain(place, kind: .action)
    }
    let head = add(place, kind: .control)
    let result = Variable("\(place.route).result")
    let context = JavaScriptContext(
      path: path, stepName: place.name, route: place.route + ".code",
      variableScope: place.route + "/", result: result,
      resolve: { name, links, location in
        guard name == "workflowContext" else { return nil }
        if links.first?.field == "trigger" {
          let used = links.dropFirst().first?.field == "outputs" ? 2 : 1
          return JavaScriptResolution(
            .reference(Reference(Self.trigger, at: location)), used: used)
        }
        guard links.first?.field == "actions", links.count > 1, let action = links[1].field else {
          return nil
        }
        let used = links.count > 2 && links[2].field == "outputs" ? 3 : 2
        return JavaScriptResolution(
          .reference(Reference(Self.outputs(of: action), at: location)), used: used)
      })
    let exits = JavaScriptLowering.lower(
      script: code, in: context, into: &graph, from: [LooseEnd(head)])
    gaps += exits.gaps
    let value = Value.reference(Reference(result, at: location(code)))
    let last = add(
      place, part: 1, kind: .control,
      assignments: [outputs(place, .record([.init("body", value)]))])
    graph.connect(exits.success, to: last)
    return Lowered(head: head, succeeded: [LooseEnd(last)], failed: exits.failure)
  }

  // MARK: Calls

  mutating func lowerCall(_ type: String, _ place: Place) -> Lowered {
    let connector = ConnectorCall(type: type, place: place, text: text(place.scope), path: path)
    let call = connector.call
    var kind = Step.Kind.action
    if connector.waits { kind = .approval }
    let answer = Value.record([
      .init("body", .result([])), .init("statusCode", .result([.field("statusCode")])),
      .init("headers", .result([.field("headers")])),
    ])
    let step = add(place, kind: kind, call: call, assignments: [outputs(place, answer)])
    let retries = retry(place)
    graph.update(step) { $0.retry = retries }
    let isTimed = connector.waits || place.body["limit"]?["timeout"] != nil
    return Lowered(
      head: step, succeeded: [LooseEnd(step)], failed: [LooseEnd(step, .failure)],
      timedOut: isTimed ? [LooseEnd(step, .timeout)] : [LooseEnd(step, .failure)])
  }

  private func retry(_ place: Place) -> Step.Retry? {
    let written = place.inputs?["retryPolicy"] ?? place.body["retryPolicy"]
    guard let written, let type = written["type"]?.text, type.lowercased() != "none" else {
      return nil
    }
    return Step.Retry(
      attempts: written["count"]?.text.flatMap { Int($0) }, on: ["408", "429", "5xx"],
      location: location(written))
  }
}
