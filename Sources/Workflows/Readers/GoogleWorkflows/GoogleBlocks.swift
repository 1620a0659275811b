import Expressions
import SourceText

/// Steps that decide, repeat, or run others side by side.
extension GoogleWorkflowLowerer {
  mutating func lowerSwitch(_ place: Place, _ frame: inout Frame) -> Exits {
    let step = add(place, kind: .branch)
    var exits = Exits(head: step)
    var guards: [Edge.Guard] = []
    let text = text(place.scope, frame)
    var isExhaustive = false
    for (index, item) in (place.body["switch"]?.items ?? []).enumerated() {
      guard let node = item["condition"] else {
        report("the case has no `condition`", severity: .warning, at: item.range)
        continue
      }
      let condition = text.condition(node)
      var end = LooseEnd(step, guards: guards)
      if case .constant(true) = condition {
        isExhaustive = true
      } else {
        let decision = graph.decide(.init(condition, at: location(node)), at: step)
        end.guards.append(.init(decision, true))
        guards.append(.init(decision, false))
      }
      lowerCase(item, index, place, from: end, &exits, &frame)
      if isExhaustive { break }
    }
    if !isExhaustive { exits.ends.append(LooseEnd(step, guards: guards)) }
    return exits
  }

  private mutating func lowerCase(
    _ item: Node, _ index: Int, _ place: Place, from end: LooseEnd, _ exits: inout Exits,
    _ frame: inout Frame
  ) {
    var inner = place
    inner.route += ".switch[\(index)]"
    inner.body = item
    var ends = [end]
    if item["call"] != nil {
      let made = lowerCall(inner, &frame)
      graph.connect([end], to: made.head)
      ends = made.ends
    } else if let steps = item["steps"] {
      var scope = place.scope
      scope.route = inner.route + ".steps"
      scope.depth += 1
      let block = lowerBlock(steps, in: scope, from: [end], &frame)
      exits.breaks += block.breaks
      exits.continues += block.continues
      ends = block.ends
    } else if item["assign"] != nil || item["return"] != nil || item["raise"] != nil {
      let head = add(inner, kind: item["assign"] == nil ? .control : .action)
      graph.connect([end], to: head)
      if let assign = item["assign"] { self.assign(assign, inner, head, frame) }
      let made = self.end(inner, item, Exits(head: head, ends: [LooseEnd(head)]), &frame)
      ends = made.ends
    }
    if let next = item["next"] {
      go(ends, to: next, &exits, &frame)
    } else {
      exits.ends += ends
    }
  }

  mutating func lowerFor(_ place: Place, _ loop: Node, _ frame: inout Frame) -> Exits {
    let start = add(place, kind: .control)
    let head = add(place, part: 1, kind: .control)
    graph.connect(start, to: head)
    var scope = place.scope
    scope.route = place.route + ".for"
    scope.depth += 1
    let list = loop["in"].map(text(place.scope, frame).tree.value)
    if let name = loop["value"]?.text {
      let element = Variable("\(place.route)/\(name)")
      scope.locals[name] = element
      let assignment = Step.Assignment(
        element, value: list?.selecting([.element]) ?? .unknown([]), at: place.location)
      graph.update(head) { $0.assignments.append(assignment) }
    }
    if let name = loop["index"]?.text { scope.locals[name] = Variable("\(place.route)/\(name)") }
    let body = add(place, part: 2, kind: .control)
    graph.connect(head, to: body)
    let block = lowerBlock(loop["steps"] ?? loop, in: scope, from: [LooseEnd(body)], &frame)
    let last = add(place, part: 3, kind: .control)
    // A loop over numbers that is left from inside only counts attempts: running out of them is giving up.
    let outcome: Edge.Outcome =
      loop["range"] != nil && !block.breaks.isEmpty ? .timeout : .success
    let rounds = block.ends + block.continues
    if !rounds.isEmpty {
      let round = add(place, part: 4, kind: .control)
      graph.connect(rounds, to: round)
      if loop["in"] == nil {
        graph.connect(round, to: head)
      } else {
        graph.connect([LooseEnd(round)], toNextElementAt: head)
      }
      graph.connect(round, to: last, on: outcome)
    }
    if !Self.countsUp(loop["range"]) {
      graph.connect(head, past: list, to: last, on: outcome)
    }
    graph.connect(block.breaks, to: last)
    return Exits(head: start, ends: [LooseEnd(last)])
  }

  /// Whether a range surely has a number in it.
  private static func countsUp(_ range: Node?) -> Bool {
    let bounds = range?.items.compactMap { $0.text.flatMap(Double.init) } ?? []
    return bounds.count == 2 && bounds[0] <= bounds[1]
  }

  mutating func lowerParallel(_ place: Place, _ frame: inout Frame) -> Exits {
    let node = place.body["parallel"] ?? place.body
    if let loop = node["for"] { return lowerFor(place, loop, &frame) }
    let shared = Set(node["shared"]?.items.compactMap(\.text) ?? [])
    let fork = add(place, kind: .control)
    let join = add(place, part: 1, kind: .control, joinsAll: true)
    let branches = node["branches"]?.items ?? []
    if branches.isEmpty { graph.connect(fork, to: join) }
    let goesOn = node["exception_policy"]?.text == "continueAll"
    for branch in branches {
      guard let entry = branch.entries.first, let name = entry.key.text else { continue }
      var scope = place.scope
      scope.route = "\(place.route).\(name)"
      scope.depth += 1
      func mark(_ part: Int) -> Step {
        Step(
          name: name, route: scope.route, part: part, kind: .control,
          location: location(entry.key))
      }
      let start = graph.add(mark(0))
      let end = graph.add(mark(1))
      if goesOn { scope.catcher = end }
      // A result that is not shared belongs to the branch.
      for local in Self.results(of: entry.value) where !shared.contains(local) {
        scope.locals[local] = Variable("\(scope.route)/\(local)")
      }
      graph.connect(fork, to: start)
      let block = lowerBlock(
        entry.value["steps"] ?? entry.value, in: scope, from: [LooseEnd(start)], &frame)
      graph.connect(block.ends, to: end)
      graph.connect(end, to: join)
    }
    return Exits(head: fork, ends: [LooseEnd(join)])
  }

  /// The names that the steps of a branch give to results.
  private static func results(of branch: Node) -> [String] {
    (branch["steps"]?.items ?? []).compactMap { $0.entries.first?.value["result"]?.text }
  }

  mutating func lowerTry(_ place: Place, _ frame: inout Frame) -> Exits {
    let body = place.body
    var scope = place.scope
    scope.depth += 1
    scope.route = place.route + ".try"
    scope.retry = retry(body["retry"]) ?? scope.retry
    var exits = Exits(head: 0)
    if let except = body["except"] {
      var caught = place
      caught.location = location(except)
      caught.route += ".except"
      let step = add(caught, kind: .control)
      scope.catcher = step
      var inner = place.scope
      inner.route = caught.route
      inner.depth += 1
      if let name = except["as"]?.text {
        let error = Variable("\(caught.route)/\(name)")
        inner.locals[name] = error
        let assignment = Step.Assignment(error, value: .unknown([]), at: caught.location)
        graph.update(step) { $0.assignments.append(assignment) }
      }
      let block = lowerBlock(
        except["steps"] ?? except, in: inner, from: [LooseEnd(step)], &frame)
      exits.ends += block.ends
      exits.breaks += block.breaks
      exits.continues += block.continues
    }
    let tried = body["try"] ?? body
    if tried["call"] != nil {
      var inner = place
      inner.scope = scope
      inner.body = tried
      let made = lowerCall(inner, &frame)
      exits.head = made.head
      exits.ends += made.ends
    } else {
      exits.head = add(place, part: 1, kind: .control)
      let block = lowerBlock(
        tried["steps"] ?? tried, in: scope, from: [LooseEnd(exits.head)], &frame)
      exits.ends += block.ends
      exits.breaks += block.breaks
      exits.continues += block.continues
    }
    return exits
  }

  private func retry(_ node: Node?) -> Step.Retry? {
    guard let node else { return nil }
    let attempts = node["max_retries"]?.text.flatMap { Int($0) }
    let predicate = node["predicate"]?.text ?? node.text ?? ""
    // The library's own predicates repeat on errors of the connection and on these codes.
    let on =
      if predicate.holds("http.default_retry_non_idempotent")
        || predicate.holds("http.default_retry_predicate_non_idempotent")
      {
        ["429", "503"]
      } else if predicate.holds("http.default_retry") {
        ["429", "502", "503", "504"]
      } else {
        [predicate].filter { !$0.isEmpty }
      }
    return Step.Retry(
      attempts: attempts ?? (node.text == nil ? nil : 5), on: on, location: location(node))
  }
}
