import Expressions
import SourceText

/// What the actions of a state call, and where their results go.
extension StateLowerer {
  /// The actions of a state, one after the other or side by side.
  mutating func lowerActions(_ place: Place, from: [LooseEnd], key: String = "actions") -> Lowered {
    let actions = place.body[key]?.items ?? []
    let isParallel = place.body["actionMode"]?.text == "parallel" && actions.count > 1
    let head = add(place, part: 1, kind: .control)
    graph.connect(from, to: head)
    guard isParallel else {
      let run = lowerSequence(actions, place, from: [LooseEnd(head)])
      return Lowered(head: head, ends: run.ends, made: run.made)
    }
    var last: [Int] = []
    var made: [Variable] = []
    for (index, action) in actions.enumerated() {
      let run = lowerAction(action, index, place, from: [LooseEnd(head)])
      made += run.made
      var branch = place
      branch.route += ".actions[\(index)]"
      let end = add(branch, part: 9, kind: .control)
      graph.connect(run.ends, to: end)
      last.append(end)
    }
    let join = add(place, part: 70, kind: .control, joinsAll: true)
    for end in last { graph.connect(end, to: join) }
    return Lowered(head: head, ends: [LooseEnd(join)], made: made)
  }

  mutating func lowerSequence(
    _ actions: [Node], _ place: Place, from: [LooseEnd]
  ) -> (ends: [LooseEnd], made: [Variable]) {
    var ends = from
    var made: [Variable] = []
    for (index, action) in actions.enumerated() {
      let run = lowerAction(action, index, place, from: ends)
      ends = run.ends
      made += run.made
    }
    return (ends, made)
  }

  private mutating func lowerAction(
    _ action: Node, _ index: Int, _ state: Place, from: [LooseEnd]
  ) -> (ends: [LooseEnd], made: [Variable]) {
    var place = state
    place.route += ".actions[\(index)]"
    if let name = action["name"] {
      place.name = name.text ?? state.name
      place.location = location(name)
    } else if let target = action["functionRef"]?["refName"] ?? action["functionRef"] {
      place.location = location(target)
    }
    let filter = action["actionDataFilter"]
    let input = filter?["fromStateData"].map { self.expressions(state).expression($0) }
    let expressions = self.expressions(place, input: input)
    var ends = from
    if action["sleep"]?["before"] != nil { ends = sleep(place, part: 0, ends) }
    var skipped: [LooseEnd] = []
    if let condition = action["condition"] {
      let branch = add(place, part: 1, kind: .branch)
      _ = graph.decide(
        .init(expressions.condition(condition), at: location(condition)), at: branch)
      graph.connect(ends, to: branch)
      ends = [LooseEnd(branch, guards: [.init(0, true)])]
      skipped = [LooseEnd(branch, guards: [.init(0, false)])]
    }
    if let flow = action["subFlowRef"] {
      let run = lowerWorkflow(flow, place, input: input, from: ends)
      ends = run.ends
      var kept: [Variable] = []
      if let result = run.taken {
        let step = add(place, part: 4, kind: .control)
        graph.connect(ends, to: step)
        kept = keep(result, filter, place, step)
        ends = [LooseEnd(step)]
      } else if let step = ends.first?.step {
        let retries = retry(action)
        if graph.steps[step].call != nil { graph.update(step) { $0.retry = retries } }
        kept = keep(run.result, filter, place, step)
      }
      if action["sleep"]?["after"] != nil { ends = sleep(place, part: 3, ends) }
      return (ends + skipped, kept)
    }
    let called = call(of: action, expressions)
    let waits = called.call?.kind == "event" && called.result != nil
    let step = add(place, part: 2, kind: waits ? .approval : .action, call: called.call)
    graph.connect(ends, to: step)
    let retries = retry(action)
    graph.update(step) { $0.retry = retries }
    fail(step, place)
    let kept = keep(called.result, filter, place, step)
    ends = [LooseEnd(step)]
    if action["sleep"]?["after"] != nil { ends = sleep(place, part: 3, ends) }
    return (ends + skipped, kept)
  }

  private mutating func sleep(_ place: Place, part: Int, _ ends: [LooseEnd]) -> [LooseEnd] {
    let step = add(place, part: part, kind: .delay)
    graph.connect(ends, to: step)
    return [LooseEnd(step)]
  }

  /// Puts an action's result into the state data: merged, or where the filter says; gives back what holds it alone.
  private mutating func keep(
    _ result: Value?, _ filter: Node?, _ place: Place, _ step: Int
  ) -> [Variable] {
    guard let result, filter?["useResults"]?.text != "false" else { return [] }
    var value = result
    if let results = filter?["results"] {
      value = expressions(place, input: result).expression(results)
    }
    let alone = Variable("\(place.route).result")
    write(value, to: alone, at: place.location, step)
    store(value, at: filter?["toStateData"], place, step)
    return [alone]
  }

  /// Writes into the state data; `place` is a path in it, or `nil` to merge.
  mutating func store(_ value: Value, at target: Node?, _ place: Place, _ step: Int) {
    guard let target, let text = target.text else {
      write(
        merged(value, into: place.data, at: place.location), to: place.data, at: place.location,
        step)
      return
    }
    let names = Self.fields(text)
    write(
      value, to: place.data, path: names.map { .field($0) }, at: location(target), step)
  }

  /// The fields of a plain path: `.a.b`, `${ .a.b }`, `a`.
  static func fields(_ text: String) -> [String] {
    var text = text[...]
    if text.hasPrefix("${"), text.hasSuffix("}") { text = text.dropFirst(2).dropLast() }
    return text.split { " .[]\"'\n\t".contains($0) }.map(String.init)
  }

  private func retry(_ action: Node) -> Step.Retry? {
    guard let reference = action["retryRef"], let name = reference.text, let policy = retries[name]
    else { return nil }
    let errors = action["retryableErrors"]?.items.compactMap(\.text) ?? []
    return Step.Retry(
      attempts: policy["maxAttempts"]?.text.flatMap { Int($0) },
      on: errors.map { self.errors[$0] ?? $0 }, location: location(reference))
  }

  // MARK: Calls

  /// What an action calls, and what comes of it; the result is `nil` where there is none.
  func call(of action: Node, _ expressions: RuntimeExpression) -> (call: Call?, result: Value?) {
    if let event = action["eventRef"] {
      let trigger = event["triggerEventRef"] ?? event["produceEventRef"]
      let awaited = event["resultEventRef"] ?? event["consumeEventRef"]
      let names = [trigger, awaited].compactMap { $0?.text }.map { events[$0]?["type"]?.text ?? $0 }
      var arguments: [Call.Argument] = []
      if let data = event["data"] {
        arguments = ParameterTree.leaves("data", argument(data, expressions), at: location(data))
      }
      return (
        Call(
          kind: "event",
          name: (awaited == nil ? "emit " : "listen ") + (names.last ?? ""),
          arguments: arguments, location: location(event)),
        awaited == nil ? nil : .result([])
      )
    }
    guard let reference = action["functionRef"] else { return (nil, nil) }
    let name = reference["refName"] ?? reference
    guard let function = name.text.flatMap({ functions[$0] }) else {
      return (
        Call(
          kind: "function", name: name.text ?? "",
          arguments: arguments(reference, expressions), location: location(name)), .result([])
      )
    }
    let result = call(function, reference, at: name, expressions)
    guard reference["invoke"]?.text == "async" else { return result }
    return (result.call, nil)
  }

  private func call(
    _ function: Node, _ reference: Node, at name: Node, _ expressions: RuntimeExpression
  ) -> (call: Call?, result: Value?) {
    let operation = function["operation"]?.text ?? ""
    let arguments = arguments(reference, expressions)
    var call = Call(
      kind: "function", name: operation, arguments: arguments, location: location(name))
    switch function["type"]?.text ?? "rest" {
    case "expression":
      guard let node = function["operation"] else { return (nil, nil) }
      return (nil, expressions.expression(node))
    case "custom":
      // `rest:post:https://host/path`
      let parts = operation.split(separator: ":", maxSplits: 2).map(String.init)
      if parts.count == 3, parts[0] == "rest" {
        call.kind = "http"
        call.name = "http"
        call.http = Call.HTTPRequest(
          method: parts[1].uppercased(),
          url: address(parts[2], reference["arguments"], expressions),
          body: body(reference["arguments"], expressions), failsOnErrorStatus: true)
      }
    case "http":
      // `GET#https://host/path`
      let parts = operation.split(separator: "#", maxSplits: 1).map(String.init)
      call.kind = "http"
      call.name = "http"
      call.http = Call.HTTPRequest(
        method: parts.count == 2 ? parts[0].uppercased() : "GET",
        url: address(parts.last ?? "", reference["arguments"], expressions),
        body: body(reference["arguments"], expressions), failsOnErrorStatus: true)
    case "rest":
      if let request = OpenAPIOperation(operation, beside: context) {
        call.http = Call.HTTPRequest(
          method: request.method, url: address(request.url, reference["arguments"], expressions),
          body: body(reference["arguments"], expressions), failsOnErrorStatus: true)
      }
    default: break
    }
    return (call, .result([]))
  }

  /// The fields that become the request's body: all but those that go elsewhere.
  private func body(_ arguments: Node?, _ expressions: RuntimeExpression) -> Value? {
    guard let arguments else { return nil }
    if arguments.text != nil { return expressions.expression(arguments) }
    guard case .record(let fields) = argument(arguments, expressions) else { return nil }
    let given = fields.filter {
      !$0.name.hasPrefix("HEADER_") && !$0.name.hasPrefix("QUERY_") && $0.name != "headers"
    }
    // An explicit body is the whole of it.
    return given.first { $0.name == "body" }?.value ?? .record(given)
  }

  private func address(
    _ text: String, _ arguments: Node?, _ expressions: RuntimeExpression
  ) -> Value {
    let bytes = Array(text.utf8)
    let holes = TextHoles.find(in: bytes, opening: "{", quotes: "")
    let parts = TextHoles.parts(of: bytes, around: holes.map(\.whole)) { index in
      let code = holes[index].code
      let name = String(decoding: bytes[code.start..<code.end], as: UTF8.self)
      return arguments?[name].map { argument($0, expressions) } ?? .unknown([])
    }
    return parts.isEmpty ? .literal("") : parts.count == 1 ? parts[0] : .template(parts)
  }

  private func arguments(
    _ reference: Node, _ expressions: RuntimeExpression
  ) -> [Call.Argument] {
    guard let node = reference["arguments"] else { return [] }
    let tree = ParameterTree(path: path) { argument($0, expressions) }
    return tree.arguments("arguments", node)
  }

  /// An argument: an expression in `${ }` or bare jq that reads something; else a text.
  func argument(_ node: Node, _ expressions: RuntimeExpression) -> Value {
    guard let text = node.text else {
      return ParameterTree(path: path) { argument($0, expressions) }.value(node)
    }
    if text.holds("${") { return expressions.text(node) }
    let first = text.utf8.first { $0 > 32 }
    let isExpression =
      switch first {
      case UInt8(ascii: "."), UInt8(ascii: "$"), UInt8(ascii: "\""), UInt8(ascii: "("),
        UInt8(ascii: "{"):
        true
      default: false
      }
    return isExpression ? expressions.expression(node) : .literal(text)
  }
}
