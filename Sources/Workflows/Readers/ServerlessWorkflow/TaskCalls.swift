import Expressions
import SourceText

/// Tasks that call: services, functions, events.
extension TaskLowerer {
  mutating func lowerCall(_ place: Place) -> (head: Int, ways: [Way]) {
    let node = place.body["call"] ?? place.body
    let expressions = expressions(at: place)
    guard let name = node.text else {
      report("the call of `\(place.name)` has no name", at: node.range)
      return lowerPlain(place, kind: .control)
    }
    let call = call(name, at: node, with: place.body["with"], expressions, depth: 0)
    return lowerCall(place, call.call, result: call.result)
  }

  /// A step that calls, with what becomes of its errors.
  mutating func lowerCall(
    _ place: Place, _ call: Call, result: Value
  ) -> (head: Int, ways: [Way]) {
    let output = assignments(place, raw: result)
    let step = add(place, kind: .action, call: call, assignments: output.list)
    fail(step, place)
    return (step, [way(step, place, isMade: output.isMade)])
  }

  private func call(
    _ name: String, at node: Node, with: Node?, _ expressions: RuntimeExpression, depth: Int
  ) -> (call: Call, result: Value) {
    let tree = expressions.tree
    let arguments = with.map { tree.arguments("with", $0) } ?? []
    var call = Call(
      kind: "function", name: name, arguments: arguments, location: location(node))
    switch name {
    case "http":
      guard let with else { break }
      call.kind = "http"
      call.arguments = tree.arguments("", with)
      call.http = request(with, expressions)
      return (call, response(with["output"]?.text))
    case "grpc":
      let service = with?["service"]?["name"]?.text ?? ""
      call.name = [service, with?["method"]?.text ?? ""].filter { !$0.isEmpty }
        .joined(separator: ".")
    case "openapi":
      call.name = "\(resource(with?["document"]))#\(with?["operationId"]?.text ?? "")"
      if let operation = OpenAPIOperation(call.name, beside: context) {
        let given = with?["parameters"]
        let known = given.map(tree.value)
        call.http = Call.HTTPRequest(
          method: operation.method,
          url: RuntimeExpression(
            path: path, input: { known ?? expressions.input($0) },
            variables: expressions.variables
          ).address(operation.url, at: location(node)),
          body: known.map { $0.selecting([.field("body")]) }.flatMap { $0 == .null ? known : $0 },
          failsOnErrorStatus: true)
      }
      return (call, response(with?["output"]?.text))
    case "asyncapi":
      let operation = with?["operation"]?.text ?? with?["operationRef"]?.text
      let name = "\(resource(with?["document"]))#\(operation ?? with?["channel"]?.text ?? "")"
      call.kind = "event"
      call.name = (with?["subscription"] == nil ? "emit " : "listen ") + name
    case "mcp":
      call.name = "mcp.\(with?["parameters"]?["name"]?.text ?? with?["method"]?.text ?? "")"
    case "a2a": call.name = "a2a.\(with?["method"]?.text ?? "")"
    default:
      guard depth < 8, let function = root["use"]?["functions"]?[name],
        let target = function["call"], let targetName = target.text
      else { break }
      // The function's own expressions see what it is given.
      let given = with.map(tree.value)
      let inner = RuntimeExpression(
        path: path, input: { given ?? expressions.input($0) }, variables: expressions.variables)
      var resolved = self.call(
        targetName, at: target, with: function["with"], inner, depth: depth + 1)
      resolved.call.location = location(node)
      resolved.call.arguments += arguments
      return resolved
    }
    return (call, .result([]))
  }

  /// Where an external document lies: `endpoint` as text or as `uri`.
  private func resource(_ node: Node?) -> String {
    guard let endpoint = node?["endpoint"] ?? node else { return "" }
    return endpoint.text ?? endpoint["uri"]?.text ?? ""
  }

  private func request(_ with: Node, _ expressions: RuntimeExpression) -> Call.HTTPRequest {
    let endpoint = with["endpoint"]
    let address = endpoint?["uri"] ?? endpoint
    return Call.HTTPRequest(
      method: with["method"]?.text?.uppercased() ?? "GET",
      url: address.map(expressions.address) ?? .unknown([]),
      body: with["body"].map(expressions.tree.value), failsOnErrorStatus: true)
  }

  /// What an HTTP call gives: the body, or (`output: response`) all of the answer.
  private func response(_ format: String?) -> Value {
    guard format == "response" else { return .result([]) }
    return .record([
      .init("content", .result([])), .init("statusCode", .result([.field("statusCode")])),
      .init("headers", .result([.field("headers")])),
    ])
  }

  // MARK: Events

  mutating func lowerEmit(_ place: Place) -> (head: Int, ways: [Way]) {
    let node = place.body["emit"] ?? place.body
    let event = node["event"]?["with"] ?? node["event"] ?? node
    let tree = expressions(at: place).tree
    let call = Call(
      kind: "event", name: "emit " + (event["type"]?.text ?? ""),
      arguments: tree.arguments("event", event), location: location(event["type"] ?? node))
    let output = assignments(place, raw: nil)
    let step = add(place, kind: .action, call: call, assignments: output.list)
    return (step, [way(step, place, isMade: output.isMade)])
  }

  /// Waits for what another system says.
  mutating func lowerListen(_ place: Place) -> (head: Int, ways: [Way]) {
    let node = place.body["listen"] ?? place.body
    let target = node["to"] ?? node
    let any = target["any"]?.items ?? []
    let filters = (target["one"].map { [$0] } ?? []) + any + (target["all"]?.items ?? [])
    // Consumed events come as a list.
    let output = assignments(place, raw: .list([.result([])]))
    var (head, step, listening) = (0, 0, [Int]())
    if any.count > 1 {
      (head, step, listening) = lowerAny(of: any, place)
    } else {
      step = add(
        place, kind: .approval, call: call(listeningTo: filters, place),
        assignments: output.list)
      fail(step, place)
      (head, listening) = (step, [step])
    }
    guard let each = node["foreach"] ?? place.body["foreach"], let body = each["do"] else {
      return (head, [way(step, place, isMade: output.isMade)])
    }
    var scope = nested(place, "foreach")
    let item = Variable("\(scope.route).$\(each["item"]?.text ?? "item")")
    scope.locals[each["item"]?.text ?? "item"] = item
    let consumed = Step.Assignment(item, value: .result([]), at: place.location)
    for step in listening { graph.update(step) { $0.assignments.append(consumed) } }
    let ends = lowerBlock(
      body, in: scope,
      from: [Way(end: LooseEnd(step), data: place.scope.data, isMade: false)],
      depth: place.depth + 1)
    let leave = add(place, part: any.count + 2, kind: .control)
    for end in ends { join(end, to: leave, in: scope.data) }
    return (head, [way(leave, place, isMade: false)])
  }

  private func call(listeningTo filters: [Node], _ place: Place) -> Call {
    let node = place.body["listen"] ?? place.body
    let types = filters.compactMap { $0["with"]?["type"]?.text }
    return Call(
      kind: "event", name: "listen " + types.joined(separator: ", "),
      arguments: expressions(at: place).tree.arguments("listen", node),
      location: location(filters.first?["with"]?["type"] ?? node["to"] ?? node))
  }

  /// One event of several is enough: which of them it was is not known, and each brings its own way.
  private mutating func lowerAny(
    of filters: [Node], _ place: Place
  ) -> (head: Int, last: Int, listening: [Int]) {
    let isWhole = (place.body["listen"] ?? place.body)["read"]?.text ?? "data" != "data"
    let head = add(place, kind: .branch)
    let last = add(place, part: filters.count + 1, kind: .control)
    var guards: [Edge.Guard] = []
    var listening: [Int] = []
    for (index, filter) in filters.enumerated() {
      var event = Value.result([])
      if isWhole, let type = filter["with"]?["type"]?.text {
        event = .record([
          .init("type", .literal(type)), .init("data", .result([.field("data")])),
        ])
      }
      let step = add(
        place, part: index + 1, kind: .approval, call: call(listeningTo: [filter], place),
        assignments: assignments(place, raw: .list([event])).list)
      fail(step, place)
      var way = guards
      if index < filters.count - 1 {
        let decision = graph.decide(Step.Decision(.unknown([]), at: location(filter)), at: head)
        way.append(.init(decision, true))
        guards.append(.init(decision, false))
      }
      graph.connect([LooseEnd(head, guards: way)], to: step)
      graph.connect(step, to: last)
      listening.append(step)
    }
    return (head, last, listening)
  }

  // MARK: Plain tasks

  /// A task that only hands on what it was given.
  mutating func lowerPlain(_ place: Place, kind: Step.Kind) -> (head: Int, ways: [Way]) {
    let output = assignments(place, raw: nil)
    let step = add(place, kind: kind, assignments: output.list)
    return (step, [way(step, place, isMade: output.isMade)])
  }

  mutating func lowerSet(_ place: Place) -> (head: Int, ways: [Way]) {
    let value = place.body["set"].map(expressions(at: place).shaped) ?? .unknown([])
    let output = assignments(place, raw: value)
    let step = add(place, kind: .action, assignments: output.list)
    return (step, [way(step, place, isMade: true)])
  }

  mutating func lowerSwitch(_ place: Place) -> (head: Int, ways: [Way]) {
    let expressions = expressions(at: place)
    let output = assignments(place, raw: nil)
    let step = add(place, kind: .branch)
    var ways: [Way] = []
    var guards: [Edge.Guard] = []
    var isExhaustive = false
    let cases = place.body["switch"].map(tasks) ?? []
    for (_, body) in cases {
      let then = body["then"] ?? place.body["then"]
      var way = way(step, place, isMade: false, guards: guards)
      way.then = then
      if let when = body["when"] {
        let decision = graph.decide(
          Step.Decision(expressions.condition(when), at: location(when)), at: step)
        way.end.guards.append(.init(decision, true))
        guards.append(.init(decision, false))
        ways.append(way)
      } else {
        ways.append(way)
        isExhaustive = true
        break
      }
    }
    if !isExhaustive { ways.append(way(step, place, isMade: false, guards: guards)) }
    guard !output.list.isEmpty else { return (step, ways) }
    // What the switch writes, it writes before it goes on, and after it has decided.
    return (
      step,
      ways.enumerated().map { index, way in
        let write = add(place, part: index + 1, kind: .control, assignments: output.list)
        graph.connect([way.end], to: write)
        var onward = way
        onward.end = LooseEnd(write)
        onward.isMade = output.isMade
        return onward
      }
    )
  }
}
