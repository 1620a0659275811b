import Expressions
import SourceText

/// States that decide, wait, or run actions more than once.
extension StateLowerer {
  mutating func lowerSwitch(_ place: Place, from: [LooseEnd]) -> Lowered {
    let conditions = place.body["dataConditions"]?.items ?? []
    let awaited = place.body["eventConditions"]?.items ?? []
    let expressions = expressions(place)
    let step: Int
    var guards: [Edge.Guard] = []
    if conditions.isEmpty, !awaited.isEmpty {
      // The first event decides; its data is merged before the flow goes on.
      step = add(place, part: 1, kind: .approval, call: listen(awaited, place))
      for condition in awaited {
        var branch = place
        branch.route += ".\(condition["name"]?.text ?? condition["eventRef"]?.text ?? "event")"
        let taken = add(branch, part: 2, kind: .control)
        graph.connect(step, to: taken)
        keepEvent(condition["eventDataFilter"], place, taken, value: .unknown([]))
        go(condition, branch, [LooseEnd(taken)])
      }
    } else {
      step = add(place, part: 1, kind: .branch)
      for condition in conditions {
        guard let test = condition["condition"] else {
          report("the condition has no `condition`", severity: .warning, at: condition.range)
          continue
        }
        let decision = graph.decide(
          .init(expressions.condition(test), at: location(test)), at: step)
        go(condition, place, [LooseEnd(step, guards: guards + [.init(decision, true)])])
        guards.append(.init(decision, false))
      }
    }
    graph.connect(from, to: step)
    if let otherwise = place.body["defaultCondition"] ?? place.body["default"] {
      let isTimeout = conditions.isEmpty
      go(otherwise, place, [LooseEnd(step, isTimeout ? .timeout : .success, guards: guards)])
    }
    return Lowered(head: step, ends: [])
  }

  private mutating func go(_ condition: Node, _ place: Place, _ ends: [LooseEnd]) {
    if let transition = condition["transition"] {
      follow(transition, place, ends)
    } else {
      finish(condition["end"] ?? condition, place, ends)
    }
  }

  private func listen(_ references: [Node], _ place: Place) -> Call {
    let names = references.flatMap { item in
      [item["eventRef"]?.text].compactMap { $0 }
        + (item["eventRefs"]?.items.compactMap(\.text) ?? [])
    }
    let types = names.map { events[$0]?["type"]?.text ?? $0 }
    return Call(
      kind: "event", name: "listen " + types.joined(separator: ", "),
      location: location(references.first?["eventRef"] ?? references.first ?? place.body))
  }

  /// Merges an event's data into the state data.
  private mutating func keepEvent(
    _ filter: Node?, _ place: Place, _ step: Int, value: Value = .result([])
  ) {
    guard filter?["useData"]?.text != "false" else { return }
    var value = value
    if let data = filter?["data"] { value = expressions(place, input: value).expression(data) }
    store(value, at: filter?["toStateData"], place, step)
  }

  /// An event state waits for each (or any) of its events and runs the actions that go with it.
  mutating func lowerEvent(_ place: Place, from: [LooseEnd]) -> Lowered {
    let groups = place.body["onEvents"]?.items ?? []
    let isExclusive = place.body["exclusive"]?.text != "false"
    let head = add(place, part: 1, kind: .control)
    graph.connect(from, to: head)
    var ends: [Int] = []
    for (index, group) in groups.enumerated() {
      var inner = place
      inner.route += ".onEvents[\(index)]"
      inner.location = location(group["eventRefs"] ?? group)
      let wait = add(inner, part: 0, kind: .approval, call: listen([group], inner))
      graph.connect(head, to: wait)
      keepEvent(group["eventDataFilter"], place, wait)
      fail(wait, place)
      let run = lowerSequence(group["actions"]?.items ?? [], inner, from: [LooseEnd(wait)])
      let end = add(inner, part: 9, kind: .control)
      graph.connect(run.ends, to: end)
      ends.append(end)
    }
    let join = add(place, part: 70, kind: .control, joinsAll: !isExclusive)
    if ends.isEmpty { graph.connect(head, to: join) }
    for end in ends { graph.connect(end, to: join) }
    return Lowered(head: head, ends: [LooseEnd(join)])
  }

  mutating func lowerCallback(_ place: Place, from: [LooseEnd]) -> Lowered {
    let action = place.body["action"].map { [$0] } ?? []
    let head = add(place, part: 1, kind: .control)
    graph.connect(from, to: head)
    let run = lowerSequence(action, place, from: [LooseEnd(head)])
    let wait = add(place, part: 50, kind: .approval, call: listen([place.body], place))
    graph.connect(run.ends, to: wait)
    fail(wait, place)
    keepEvent(place.body["eventDataFilter"], place, wait)
    return Lowered(head: head, ends: [LooseEnd(wait)])
  }

  mutating func lowerParallel(_ place: Place, from: [LooseEnd]) -> Lowered {
    let branches = place.body["branches"]?.items ?? []
    let fork = add(place, part: 1, kind: .control)
    graph.connect(from, to: fork)
    var ends: [Int] = []
    var results: [Value] = [.reference(Reference(place.data, at: place.location))]
    var made: [Variable] = []
    for (index, branch) in branches.enumerated() {
      var inner = place
      inner.route += ".branches[\(index)]"
      inner.data = Variable("\(inner.route).$")
      if let name = branch["name"] { inner.location = location(name) }
      let given = Value.reference(Reference(place.data, at: place.location))
      write(given, to: inner.data, at: place.location, fork)
      let actions =
        branch["actions"]?.items
        ?? branch["workflowId"].map { [Self.subflow($0)] }
        ?? []
      let run = lowerSequence(actions, inner, from: [LooseEnd(fork)])
      let end = add(inner, part: 9, kind: .control)
      graph.connect(run.ends, to: end)
      ends.append(end)
      made += run.made
      results.append(.reference(Reference(inner.data, at: place.location)))
    }
    let waitsForAll = place.body["completionType"]?.text != "atLeast"
    let join = add(place, part: 70, kind: .control, joinsAll: waitsForAll)
    write(
      .converted(Value.merging, .list(results)), to: place.data, at: place.location, join)
    if ends.isEmpty { graph.connect(fork, to: join) }
    for end in ends { graph.connect(end, to: join) }
    return Lowered(head: fork, ends: [LooseEnd(join)], made: made)
  }

  /// Drafts before 0.8 named a sub-workflow where an action stands now.
  private static func subflow(_ name: Node) -> Node {
    let key = Node(.scalar(.init(style: .plain, text: "subFlowRef")), range: name.range)
    return Node(.mapping([.init(key: key, value: name)]), range: name.range)
  }

  mutating func lowerForeach(_ place: Place, from: [LooseEnd]) -> Lowered {
    let head = add(place, part: 1, kind: .control)
    graph.connect(from, to: head)
    var inner = place
    let name = place.body["iterationParam"]?.text ?? "item"
    let element = Variable("\(place.route).$\(name)")
    inner.locals[name] = element
    let items = place.body["inputCollection"].map { list in
      let items = expressions(place).expression(list)
      write(items.selecting([.element]), to: element, at: location(list), head)
      return items
    }
    let actions =
      place.body["actions"]?.items
      ?? place.body["workflowId"].map { [Self.subflow($0)] }
      ?? []
    let body = add(place, part: 2, kind: .control)
    graph.connect(head, to: body)
    let run = lowerSequence(actions, inner, from: [LooseEnd(body)])
    graph.connect(run.ends, toNextElementAt: head)
    let last = add(place, part: 70, kind: .control)
    graph.connect(run.ends, to: last)
    graph.connect(head, past: items, to: last)
    if let collection = place.body["outputCollection"] {
      // What each round's actions gave; state data that was there before is none of it.
      let results = run.made.map { Value.reference(Reference($0, at: location(collection))) }
      store(.list([Value.either(of: results)]), at: collection, place, last)
    }
    return Lowered(head: head, ends: [LooseEnd(last)], made: run.made)
  }
}
