import Expressions
import SourceText

/// Actions that hold other actions: conditions, switches, loops, scopes.
extension LogicAppLowerer {
  private func inner(_ place: Place, _ word: String) -> Scope {
    var scope = place.scope
    scope.route = "\(place.route).\(word)"
    scope.depth += 1
    return scope
  }

  mutating func lowerScope(_ place: Place) -> Lowered {
    let head = add(place, kind: .control)
    guard let actions = place.body["actions"] else {
      return Lowered(head: head, succeeded: [LooseEnd(head)])
    }
    var whole = lowerActions(actions, in: inner(place, "actions"), from: [LooseEnd(head)])
    whole.head = head
    return whole
  }

  mutating func lowerIf(_ place: Place) -> Lowered {
    let condition = place.body["expression"].map { text(place.scope).condition($0) }
    let step = add(place, kind: .branch)
    let at = place.body["expression"].map(location) ?? place.location
    _ = graph.decide(.init(condition ?? .unknown([]), at: at), at: step)
    var whole = Lowered(head: step, succeeded: [])
    for (actions, word, holds) in [
      (place.body["actions"], "actions", true),
      (place.body["else"]?["actions"], "else.actions", false),
    ] {
      let start = LooseEnd(step, guards: [.init(0, holds)])
      guard let actions, !actions.entries.isEmpty else {
        whole.succeeded.append(start)
        continue
      }
      merge(lowerActions(actions, in: inner(place, word), from: [start]), into: &whole)
    }
    return whole
  }

  private func merge(_ part: Lowered, into whole: inout Lowered) {
    whole.succeeded += part.succeeded
    whole.failed += part.failed
    whole.timedOut += part.timedOut
  }

  mutating func lowerSwitch(_ place: Place) -> Lowered {
    let expression = place.body["expression"]
    let subject = expression.map { text(place.scope).value($0) } ?? .unknown([])
    let at = expression.map(location) ?? place.location
    let step = add(place, kind: .branch)
    var whole = Lowered(head: step, succeeded: [])
    var guards: [Edge.Guard] = []
    for entry in place.body["cases"]?.entries ?? [] {
      let value = entry.value["case"].map { text(place.scope).value($0) } ?? .unknown([])
      let test = Condition.test(Test(subject, .equal, [value], semantics: .strict, at: at))
      let decision = graph.decide(.init(test, at: at), at: step)
      let start = LooseEnd(step, guards: guards + [.init(decision, true)])
      guards.append(.init(decision, false))
      let scope = inner(place, "cases.\(entry.key.text ?? "").actions")
      let actions = entry.value["actions"] ?? entry.value
      merge(lowerActions(actions, in: scope, from: [start]), into: &whole)
    }
    let start = LooseEnd(step, guards: guards)
    if let actions = place.body["default"]?["actions"], !actions.entries.isEmpty {
      merge(
        lowerActions(actions, in: inner(place, "default.actions"), from: [start]), into: &whole)
    } else {
      whole.succeeded.append(start)
    }
    return whole
  }

  mutating func lowerForeach(_ place: Place) -> Lowered {
    let head = add(place, kind: .control)
    let list = place.body["foreach"].map { text(place.scope).tree.value($0) } ?? .unknown([])
    let element = Variable("item:\(Self.folded(place.name))")
    let at = place.body["foreach"].map(location) ?? place.location
    graph.update(head) {
      $0.assignments.append(.init(element, value: list.selecting([.element]), at: at))
    }
    var scope = inner(place, "actions")
    let item = Value.reference(Reference(element, at: at))
    scope.items[Self.folded(place.name)] = item
    scope.item = item
    let body = add(place, part: 1, kind: .control)
    graph.connect(head, to: body)
    var whole = lowerActions(
      place.body["actions"] ?? Node(.mapping([]), range: place.body.range), in: scope,
      from: [LooseEnd(body)])
    graph.connect(whole.succeeded, toNextElementAt: head)
    let last = add(place, part: 2, kind: .control)
    graph.connect(whole.succeeded, to: last)
    graph.connect(head, past: list, to: last)
    whole.head = head
    whole.succeeded = [LooseEnd(last)]
    return whole
  }

  /// Until: the actions run, then the expression is asked; past the limit the flow goes on all the same.
  mutating func lowerUntil(_ place: Place) -> Lowered {
    let head = add(place, kind: .control)
    var whole = lowerActions(
      place.body["actions"] ?? Node(.mapping([]), range: place.body.range),
      in: inner(place, "actions"), from: [LooseEnd(head)])
    let expression = place.body["expression"]
    let condition = expression.map { text(place.scope).condition($0) } ?? .unknown([])
    let branch = add(place, part: 1, kind: .branch)
    _ = graph.decide(
      .init(condition, at: expression.map(location) ?? place.location), at: branch)
    graph.connect(whole.succeeded, to: branch)
    graph.connect(branch, to: head, when: [.init(0, false)])
    // The runtime bounds every loop: 60 rounds, one hour, unless the definition says otherwise.
    whole.head = head
    whole.succeeded = [
      LooseEnd(branch, guards: [.init(0, true)]),
      LooseEnd(branch, .timeout, guards: [.init(0, false)]),
    ]
    return whole
  }
}
