import Expressions
import SourceText

/// Tasks that run tasks: choices, parallel branches, loops, pauses.
extension KestraFlow {
  mutating func lowerKind(
    of task: KestraTask, from ends: [LooseEnd], _ frame: inout Frame
  ) -> [LooseEnd] {
    guard task.isOf("flow") || task.isOf("flows") else {
      return lowerAction(task, from: ends, &frame)
    }
    switch task.kind {
    case "If": return lowerIf(task, from: ends, &frame)
    case "Switch": return lowerSwitch(task, from: ends, &frame)
    case "Parallel": return lowerParallel(task, from: ends, &frame)
    case "Dag": return lowerDag(task, from: ends, &frame)
    case "ForEachItem": return lowerForEachItem(task, from: ends, &frame)
    case "ForEach", "EachSequential", "EachParallel":
      return lowerEach(task, from: ends, &frame)
    case "LoopUntil", "WaitFor": return lowerLoop(task, from: ends, &frame)
    case "Pause": return lowerPause(task, from: ends, &frame)
    case "Sleep", "Wait": return [LooseEnd(add(task, frame, kind: .delay, from: ends))]
    case "Sequential", "WorkingDirectory", "Worker", "AllowFailure":
      let head = add(task, frame, kind: .control, from: ends)
      return lower(task["tasks"]?.items ?? [], from: [LooseEnd(head)], &frame)
    default: return lowerAction(task, from: ends, &frame)
    }
  }

  // MARK: Choices

  private mutating func lowerIf(
    _ task: KestraTask, from ends: [LooseEnd], _ frame: inout Frame
  ) -> [LooseEnd] {
    let place = task["condition"] ?? task.place
    let decision = Step.Decision(
      task["condition"].map(frame.text.condition) ?? .unknown([]), at: location(place))
    let branch = add(task, frame, kind: .branch, decisions: [decision], from: ends)
    let yes = LooseEnd(branch, guards: [.init(0, true)])
    let no = LooseEnd(branch, guards: [.init(0, false)])
    return lower(task["then"]?.items ?? [], from: [yes], &frame)
      + lower(task["else"]?.items ?? [], from: [no], &frame)
  }

  private mutating func lowerSwitch(
    _ task: KestraTask, from ends: [LooseEnd], _ frame: inout Frame
  ) -> [LooseEnd] {
    let cases = task["cases"]?.entries ?? []
    let node = task["value"]
    let place = location(node ?? task.place)
    let value = Value.text(frame.text.value(node), null: "")
    let decisions = cases.map { item in
      Step.Decision(
        .test(
          Test(
            value, .equal, [.literal(item.key.text ?? "")], semantics: .strict, at: place)),
        at: place)
    }
    let branch = add(task, frame, kind: .branch, decisions: decisions, from: ends)
    var after: [LooseEnd] = []
    for (index, item) in cases.enumerated() {
      let end = LooseEnd(branch, guards: [.init(index, true)])
      after += lower(item.value.items, from: [end], &frame)
    }
    let none = LooseEnd(branch, guards: decisions.indices.map { .init($0, false) })
    return after + lower(task["defaults"]?.items ?? [], from: [none], &frame)
  }

  // MARK: Side by side

  private mutating func lowerParallel(
    _ task: KestraTask, from ends: [LooseEnd], _ frame: inout Frame
  ) -> [LooseEnd] {
    let fork = add(task, frame, kind: .control, from: ends)
    var branches: [[LooseEnd]] = []
    for node in task["tasks"]?.items ?? [] {
      branches.append(lower(nested: node, of: task, from: [LooseEnd(fork)], &frame))
    }
    return join(branches, of: task, frame, fork: fork)
  }

  /// Behind all branches; nowhere where one of them never ends well.
  private mutating func join(
    _ branches: [[LooseEnd]], of task: KestraTask, _ frame: Frame, fork: Int
  ) -> [LooseEnd] {
    if branches.isEmpty { return [LooseEnd(fork)] }
    if branches.contains(where: \.isEmpty) { return [] }
    let join = add(task, frame, kind: .control, part: "join", from: [])
    builder.update(join) { $0.joinsAll = true }
    for (index, ends) in branches.enumerated() {
      // A branch may end in several steps; the join counts branches.
      if ends.count == 1 {
        builder.connect(ends, to: join)
      } else {
        let end = add(task, frame, kind: .control, part: "join.\(index)", from: ends)
        builder.connect(end, to: join)
      }
    }
    return [LooseEnd(join)]
  }

  private mutating func lowerDag(
    _ task: KestraTask, from ends: [LooseEnd], _ frame: inout Frame
  ) -> [LooseEnd] {
    let fork = add(task, frame, kind: .control, from: ends)
    let items = task["tasks"]?.items ?? []
    var done: [String: [LooseEnd]] = [:]
    var followed: Set<String> = []
    var waiting = items
    // In the order of what they depend on; what depends on itself never runs.
    while !waiting.isEmpty {
      let ready = waiting.filter { item in
        (item["dependsOn"]?.items ?? []).allSatisfy { done[$0.text ?? ""] != nil }
      }
      if ready.isEmpty {
        for item in waiting {
          gaps.append(
            .init(
              message: "the task waits for one that is not there, or for itself",
              location: location(item["dependsOn"] ?? item)))
        }
        break
      }
      for item in ready {
        guard let inner = item["task"], let id = inner["id"]?.text else { continue }
        let needed = (item["dependsOn"]?.items ?? []).compactMap(\.text)
        followed.formUnion(needed)
        var start = [LooseEnd(fork)]
        if needed.count == 1 {
          start = done[needed[0]] ?? []
        } else if needed.count > 1 {
          start = join(needed.map { done[$0] ?? [] }, of: task, frame, fork: fork)
        }
        done[id] = lower(nested: inner, of: task, from: start, &frame)
      }
      let names = Set(ready.map { $0["task"]?["id"]?.text })
      waiting.removeAll { names.contains($0["task"]?["id"]?.text) }
    }
    let last = done.keys.sorted().filter { !followed.contains($0) }.compactMap { done[$0] }
    return join(last, of: task, frame, fork: fork)
  }

  // MARK: Loops

  private mutating func lowerEach(
    _ task: KestraTask, from ends: [LooseEnd], _ frame: inout Frame
  ) -> [LooseEnd] {
    guard let tasks = task["tasks"]?.items else { return lowerAction(task, from: ends, &frame) }
    let head = add(task, frame, kind: .control, from: ends)
    let loop = Variable("each:" + task.id)
    let list = task["values"] ?? task["value"] ?? task["items"]
    let values = frame.text.value(list)
    let element = values.selecting([.element])
    let place = location(list ?? task.place)
    builder.update(head) { $0.assignments.append(.init(loop, value: element, at: place)) }
    let outer = frame.text
    frame.text.loops.append(loop)
    var after: [LooseEnd] = []
    if task.kind == "EachParallel" {
      for node in tasks { after += lower(nested: node, of: task, from: [LooseEnd(head)], &frame) }
    } else {
      after = lower(tasks, from: [LooseEnd(head)], &frame)
    }
    frame.text = outer
    let exit = add(task, frame, kind: .control, part: "end", from: after)
    builder.connect(after, toNextElementAt: head)
    // No value at all: the tasks are passed by.
    builder.connect(head, past: values, to: exit)
    return [LooseEnd(exit)]
  }

  private mutating func lowerLoop(
    _ task: KestraTask, from ends: [LooseEnd], _ frame: inout Frame
  ) -> [LooseEnd] {
    let head = add(task, frame, kind: .control, from: ends)
    let after = lower(task["tasks"]?.items ?? [], from: [LooseEnd(head)], &frame)
    guard !after.isEmpty else { return [] }
    let place = task["condition"] ?? task.place
    let decision = Step.Decision(
      task["condition"].map(frame.text.condition) ?? .unknown([]), at: location(place))
    let branch = add(
      task, frame, kind: .branch, part: "condition", decisions: [decision], from: after)
    builder.connect(branch, to: head, when: [.init(0, false)])
    let done = LooseEnd(branch, guards: [.init(0, true)])
    // Kestra's default is to go on after the last round.
    let late = LooseEnd(branch, .timeout, guards: [.init(0, false)])
    if task.isTrue("failOnMaxReached") || task.isTrue("failOnMaxIterations") {
      let fail = add(task, frame, kind: .control, part: "maxReached", from: [late])
      frame.failures.append(LooseEnd(fail, .failure))
      return [done]
    }
    return [done, late]
  }

  // MARK: Waiting

  /// A pause ends when a person resumes it, or when its time is over.
  private mutating func lowerPause(
    _ task: KestraTask, from ends: [LooseEnd], _ frame: inout Frame
  ) -> [LooseEnd] {
    let delay = task["delay"] ?? task["pauseDuration"]
    let isTimed = delay != nil && task["onResume"] == nil
    let step = add(task, frame, kind: isTimed ? .delay : .approval, from: ends)
    let place = location(task.place)
    let arguments = arguments(of: task, frame.text)
    builder.update(step) { step in
      step.call = Call(kind: "node", name: task.type, arguments: arguments, location: place)
    }
    if !isTimed {
      // What the person filled in.
      write(
        .record([.init("onResume", .unknown([]))]), of: task, at: step)
    }
    var after = [LooseEnd(step)]
    if !isTimed, delay != nil, !["FAIL", "CANCEL"].contains(task["behavior"]?.text ?? "") {
      // Nobody answered in time, and the flow goes on.
      after.append(LooseEnd(step, .timeout))
    }
    return lower(task["tasks"]?.items ?? [], from: after, &frame)
  }
}
