import Expressions
import SourceText

/// Tasks that run blocks of tasks: do, for, fork, try.
extension TaskLowerer {
  /// The scope of a block inside a task.
  func nested(_ place: Place, _ word: String) -> Scope {
    var scope = place.scope
    scope.route = "\(place.route).\(word)"
    scope.data = Variable("\(scope.route).$")
    if place.body["timeout"] != nil { scope.isTimed = true }
    return scope
  }

  /// The step that a block is entered by: it hands the task's input to the block's document.
  private mutating func enter(_ place: Place, _ scopes: [Scope]) -> Int {
    let given = place.input ?? .reference(Reference(place.scope.data, at: place.location))
    return add(
      place, kind: .control,
      assignments: scopes.map { .init($0.data, value: given, at: place.location) })
  }

  /// The step that a block is left by, which makes the block's document the task's output.
  private mutating func leave(
    _ place: Place, _ ends: [Way], from scope: Scope, part: Int = 1
  ) -> [Way] {
    guard !ends.isEmpty else { return [] }
    let result = Value.reference(Reference(scope.data, at: place.location))
    let output = assignments(place, raw: result)
    let step = add(place, part: part, kind: .control, assignments: output.list)
    for end in ends { join(end, to: step, in: scope.data) }
    let isShaped = place.body["output"] != nil
    var after = way(step, place, isMade: ends.contains(where: \.isMade) || isShaped)
    if ends.count == 1, !isShaped { after.alone = ends[0].alone }
    return [after]
  }

  private func entry(_ step: Int, _ scope: Scope) -> [Way] {
    [Way(end: LooseEnd(step), data: scope.data, isMade: false)]
  }

  mutating func lowerDo(_ place: Place) -> (head: Int, ways: [Way]) {
    let scope = nested(place, "do")
    let head = enter(place, [scope])
    let ends = lowerBlock(
      place.body["do"] ?? place.body, in: scope, from: entry(head, scope), depth: place.depth + 1)
    return (head, leave(place, ends, from: scope))
  }

  mutating func lowerFor(_ place: Place) -> (head: Int, ways: [Way]) {
    let loop = place.body["for"] ?? place.body
    var scope = nested(place, "do")
    let start = enter(place, [scope])
    let list = loop["in"].map(expressions(at: place).expression)
    let each = loop["each"]?.text ?? "item"
    let element = Variable("\(scope.route).$\(each)")
    let index = loop["at"]?.text ?? "index"
    scope.locals[each] = element
    scope.locals[index] = Variable("\(scope.route).$\(index)")
    let head = add(place, part: 1, kind: place.body["while"] == nil ? .control : .branch)
    graph.connect(start, to: head)
    if let list {
      let value = list.selecting([.element])
      graph.update(head) {
        $0.assignments.append(.init(element, value: value, at: place.location))
      }
    }
    var guards: [Edge.Guard] = []
    var leaving: [LooseEnd] = []
    if let condition = place.body["while"] {
      let decision = graph.decide(
        .init(expressions(in: scope).condition(condition), at: location(condition)), at: head)
      guards = [.init(decision, true)]
      leaving.append(LooseEnd(head, guards: [.init(decision, false)]))
      // A list that only counts rounds runs out where what was waited for never came.
      if list != nil {
        let isCount = list?.references.isEmpty ?? true
        leaving.append(LooseEnd(head, isCount ? .timeout : .success))
      }
    }
    let body = add(place, part: 2, kind: .control)
    graph.connect(head, to: body, when: guards)
    let ends = lowerBlock(
      place.body["do"] ?? place.body, in: scope, from: entry(body, scope), depth: place.depth + 1)
    let rounds = Variable("\(place.route).rounds")
    var lastRound = head
    if !ends.isEmpty {
      let round = add(place, part: 3, kind: .control)
      lastRound = round
      for end in ends { join(end, to: round, in: scope.data) }
      let made = Step.Assignment(
        rounds, value: .reference(Reference(scope.data, at: place.location)), at: place.location)
      graph.update(round) { $0.assignments.append(made) }
      // A list that only counts rounds has the same subject in each.
      if list.map({ !$0.references.isEmpty }) ?? false {
        graph.connect([LooseEnd(round)], toNextElementAt: head)
      } else {
        graph.connect(round, to: head)
      }
    }
    if place.body["while"] == nil {
      // The last round, or no element at all.
      let exit = add(place, part: 5, kind: .control)
      if !ends.isEmpty { graph.connect(lastRound, to: exit) }
      graph.connect(head, past: list, to: exit)
      leaving.append(LooseEnd(exit))
    }
    let ways = leaving.map {
      Way(end: $0, data: scope.data, isMade: ends.contains(where: \.isMade))
    }
    var after = leave(place, ways, from: scope, part: 4)
    if place.body["output"] == nil {
      for index in after.indices { after[index].alone = rounds }
    }
    return (start, after)
  }

  mutating func lowerFork(_ place: Place) -> (head: Int, ways: [Way]) {
    let fork = place.body["fork"] ?? place.body
    let competes = fork["compete"]?.text == "true"
    let branches = fork["branches"].map(tasks) ?? []
    let scopes = branches.map { key, _ in nested(place, "fork.\(key.text ?? "")") }
    let head = enter(place, scopes)
    var ends: [Int] = []
    var results: [Value] = []
    var isComplete = true
    for (branch, scope) in zip(branches, scopes) {
      let block = Node(
        .mapping([Node.Entry(key: branch.key, value: branch.body)]), range: branch.body.range)
      let ways = lowerBlock(block, in: scope, from: entry(head, scope), depth: place.depth + 1)
      results.append(.reference(Reference(scope.data, at: place.location)))
      if ways.isEmpty {
        isComplete = false
        continue
      }
      // A branch may end in several tasks; the join counts branches.
      var end = place
      end.route = scope.route
      let step = add(end, part: 1, kind: .control)
      for way in ways { join(way, to: step, in: scope.data) }
      ends.append(step)
    }
    guard !ends.isEmpty, competes || isComplete else {
      return (head, branches.isEmpty ? [way(head, place, isMade: false)] : [])
    }
    let output = assignments(
      place, raw: competes ? Value.either(of: results) : .list(results))
    let join = add(
      place, part: 1, kind: .control, assignments: output.list, joinsAll: !competes)
    for end in ends { graph.connect(end, to: join) }
    return (head, [way(join, place, isMade: true)])
  }

  // MARK: Errors

  mutating func lowerTry(_ place: Place) -> (head: Int, ways: [Way]) {
    let handler = place.body["catch"]
    var scope = nested(place, "try")
    let head = enter(place, [scope])
    var ways: [Way] = []
    if let handler {
      let caught = lowerCatch(handler, place)
      scope.catchers.insert(caught.catcher, at: 0)
      ways += caught.ways
      scope.retry = retry(handler) ?? scope.retry
    }
    let ends = lowerBlock(
      place.body["try"] ?? place.body, in: scope, from: entry(head, scope),
      depth: place.depth + 1)
    return (head, leave(place, ends, from: scope) + ways)
  }

  private mutating func lowerCatch(
    _ handler: Node, _ place: Place
  ) -> (catcher: Catcher, ways: [Way]) {
    let name = handler["as"]?.text ?? "error"
    var caught = place
    caught.route += ".catch"
    caught.location = location(handler)
    var scope = nested(caught, "do")
    scope.retry = place.scope.retry
    let error = Variable("\(caught.route).$\(name)")
    scope.locals[name] = error
    let given = place.input ?? .reference(Reference(place.scope.data, at: caught.location))
    let step = add(
      caught, kind: .control,
      assignments: [
        .init(error, value: .unknown([]), at: caught.location),
        .init(scope.data, value: given, at: caught.location),
      ])
    let type = handler["errors"]?["with"]?["type"]?.text ?? ""
    let isFiltered = handler["errors"]?["with"].map { !$0.entries.isEmpty } ?? false
    let isTimeout = type.hasSuffix("/timeout")
    let catcher = Catcher(
      step: step, takesFailures: !isTimeout, takesTimeouts: isTimeout || type.isEmpty,
      isFiltered: isFiltered || handler["when"] != nil || handler["exceptWhen"] != nil)
    var start = [LooseEnd(step)]
    for (word, holds) in [("when", true), ("exceptWhen", false)] {
      guard let condition = handler[word] else { continue }
      let decision = graph.decide(
        .init(expressions(in: scope).condition(condition), at: location(condition)), at: step)
      graph.update(step) { $0.kind = .branch }
      start = start.map { end in
        LooseEnd(end.step, guards: end.guards + [.init(decision, holds)])
      }
    }
    guard let body = handler["do"] else {
      // An error that is only retried goes on as an error in the end.
      if handler["retry"] != nil {
        failed(step, place)
        return (catcher, [])
      }
      let output = assignments(place, raw: nil)
      guard !output.list.isEmpty else {
        return (
          catcher,
          start.map {
            Way(end: $0, then: place.body["then"], data: place.scope.data, isMade: false)
          }
        )
      }
      let write = add(caught, part: 1, kind: .control, assignments: output.list)
      graph.connect(start, to: write)
      return (catcher, [way(write, place, isMade: output.isMade)])
    }
    let ends = lowerBlock(
      body, in: scope, from: start.map { Way(end: $0, data: scope.data, isMade: false) },
      depth: place.depth + 1)
    var after = place
    after.route = caught.route
    return (catcher, leave(after, ends, from: scope))
  }

  private func retry(_ handler: Node) -> Step.Retry? {
    guard let written = handler["retry"] else { return nil }
    let policy = written.text.flatMap { root["use"]?["retries"]?[$0] } ?? written
    let count = policy["limit"]?["attempt"]?["count"]?.text.flatMap { Int($0) }
    let filter = handler["errors"]?["with"]
    let errors = ["status", "type"].compactMap { filter?[$0]?.text }
    return Step.Retry(attempts: count, on: errors, location: location(written))
  }

  /// Connects a step that can fail to whatever handles its errors.
  mutating func fail(_ step: Int, _ place: Place) { fail([LooseEnd(step, .failure)], place) }

  mutating func fail(_ ends: [LooseEnd], _ place: Place) {
    let isTimed = place.scope.isTimed || place.body["timeout"] != nil
    for catcher in place.scope.catchers {
      if catcher.takesFailures { graph.connect(ends, to: catcher.step) }
      if isTimed, catcher.takesTimeouts {
        for end in ends { graph.connect(end.step, to: catcher.step, on: .timeout) }
      }
      if !catcher.isFiltered, catcher.takesFailures { return }
    }
  }

  /// Connects a step that always ends in an error.
  mutating func failed(_ step: Int, _ place: Place) {
    for catcher in place.scope.catchers {
      graph.connect(step, to: catcher.step, on: .failure)
      if !catcher.isFiltered, catcher.takesFailures { return }
    }
  }

  mutating func lowerRaise(_ place: Place) -> (head: Int, ways: [Way]) {
    let step = add(place, kind: .control)
    failed(step, place)
    return (step, [])
  }
}
