import Expressions
import SourceText

/// Lowers the steps or the tasks that a template is made of.
struct ArgoTasks {
  let template: ArgoTemplate
  let call: ArgoCall
  let wantsFailure: Bool
  /// The conditions that look at how a task has ended.
  private let statusConditions: [String]

  init(template: ArgoTemplate, call: ArgoCall, wantsFailure: Bool) {
    self.template = template
    self.call = call
    self.wantsFailure = wantsFailure
    var tasks = template.node["dag"]?["tasks"]?.items ?? []
    for group in template.node["steps"]?.items ?? [] { tasks += [group] + group.items }
    statusConditions = tasks.compactMap { $0["when"]?.text }.filter { $0.holds("status") }
  }

  /// A step or task as it is written.
  struct Task {
    var node: Node
    var name: String
    var call: ArgoCall
    /// A failure does not keep what waits for it from running.
    var continuesOnFailure: Bool
  }

  func lower(
    _ scope: inout ArgoScope, from entry: [LooseEnd], in draft: inout ArgoDraft
  ) -> ScriptExits {
    if let steps = template.node["steps"] {
      return lowerGroups(groups(steps), &scope, from: entry, in: &draft)
    }
    return lowerGraph(&scope, from: entry, in: &draft)
  }

  private func isStatusAsked(of task: Task) -> Bool {
    statusConditions.contains { $0.holds(task.name) }
  }

  private func task(_ node: Node, _ kind: String, _ index: Int) -> Task {
    let name = node["name"]?.text ?? "\(kind)\(index)"
    let given = node["name"]?.text ?? node["template"]?.text
    let continuesOn = node["continueOn"]
    return Task(
      node: node, name: name,
      call: ArgoCall(
        name: given ?? name, route: "\(call.route).\(kind).\(name)",
        variable: Variable("\(call.prefix)steps.\(name)"), prefix: "\(call.prefix)\(name)/",
        location: template.location((node["name"] ?? node["template"] ?? node).range)),
      continuesOnFailure: continuesOn?["failed"]?.text == "true"
        || continuesOn?["error"]?.text == "true")
  }

  private func note(_ tasks: [Task], in scope: inout ArgoScope, _ draft: ArgoDraft) {
    for task in tasks {
      scope.siblings[task.name] = ArgoScope.Sibling(
        variable: task.call.variable, route: task.call.route,
        outputs: declaredOutputs(of: task, draft))
    }
  }

  private func declaredOutputs(of task: Task, _ draft: ArgoDraft) -> Set<String>? {
    guard
      case .success(let called) = draft.library.template(calledBy: task.node, from: template),
      // A plugin may put out more, and one of the same name elsewhere may be another.
      called.node["plugin"] == nil, called.file.path == draft.library.definition.file.path
    else { return nil }
    return Set(
      (called.node["outputs"]?["parameters"]?.items ?? []).compactMap { $0["name"]?.text })
  }

  // MARK: Steps

  /// The groups of steps: one after the other, the steps of one beside each other.
  private func groups(_ steps: Node) -> [[Task]] {
    var index = 0
    return steps.items.map { group in
      let nodes: [Node] =
        if case .mapping = group.resolved.content {
          group["steps"]?.items ?? [group]
        } else {
          group.items
        }
      return nodes.map { node in
        index += 1
        return task(node, "steps", index - 1)
      }
    }
  }

  private func lowerGroups(
    _ groups: [[Task]], _ scope: inout ArgoScope, from entry: [LooseEnd],
    in draft: inout ArgoDraft
  ) -> ScriptExits {
    note(groups.flatMap(\.self), in: &scope, draft)
    var ends = entry
    var failure: [LooseEnd] = []
    var earlier: Set<Variable> = []
    for group in groups {
      defer { earlier.formUnion(group.map(\.call.variable)) }
      var ways: [[LooseEnd]] = []
      for task in group {
        let lowering = ArgoTask(
          task: task, template: template, earlier: earlier,
          isStatusAsked: isStatusAsked(of: task))
        let outcome = lowering.lower(
          scope, wantsFailure: wantsFailure || task.continuesOnFailure, from: ends, in: &draft)
        var kinds: Set<TaskEnds.Kind> = [.succeeded, .skipped]
        if task.continuesOnFailure { kinds.insert(.failed) }
        ways.append(outcome.ends(kinds))
        if !task.continuesOnFailure { failure += outcome.ends([.failed]) }
      }
      if ways.isEmpty { continue }
      ends = draft.build { TaskEntrances.joined(ways, &$0, joinStep) }
    }
    return ScriptExits(success: ends, failure: failure)
  }

  private var joinStep: Step {
    Step(name: call.name, route: call.route, kind: .control, location: call.location)
  }

  // MARK: Tasks

  private func lowerGraph(
    _ scope: inout ArgoScope, from entry: [LooseEnd], in draft: inout ArgoDraft
  ) -> ScriptExits {
    let nodes = template.node["dag"]?["tasks"]?.items ?? []
    let tasks = nodes.enumerated().map { task($1, "dag", $0) }
    note(tasks, in: &scope, draft)
    let indices = Dictionary(
      tasks.enumerated().map { ($1.name, $0) }, uniquingKeysWith: { first, _ in first })
    let continuing = Set(tasks.filter(\.continuesOnFailure).map(\.name))
    let requirements = tasks.map { task in
      ArgoDepends(task.node, continuing: continuing, location: template.location)
        .requirement(among: indices, in: &draft)
    }
    let waits = requirements.map { $0?.tasks.compactMap { indices[$0] } ?? [] }
    let (order, circular) = TaskSequence.ordered(waits)
    for index in circular {
      let node = tasks[index].node["depends"] ?? tasks[index].node["dependencies"]
      draft.report(
        "the task waits for itself through what it depends on",
        at: template.location((node ?? tasks[index].node).range))
    }
    var asked: [String: Set<TaskEnds.Kind>] = [:]
    for requirement in requirements {
      requirement?.asked { task, kinds in asked[task, default: []].formUnion(kinds) }
    }
    var ends: [String: TaskEnds] = [:]
    var failure: [LooseEnd] = []
    for index in order {
      let task = tasks[index]
      var start = entry
      var omitted: [LooseEnd] = []
      if let requirement = requirements[index] {
        let entrances = draft.build {
          TaskEntrances(
            requirement, among: ends, wantsOmitted: true, builder: &$0, join: joinStep(of: task))
        }
        start = entrances.runs
        omitted = entrances.isOmitted
      }
      let asksForFailure = asked[task.name]?.contains(.failed) == true
      var own = TaskEnds()
      if !start.isEmpty {
        let earlier = Set(waits[index].map { tasks[$0].call.variable })
        own = ArgoTask(
          task: task, template: template, earlier: earlier,
          isStatusAsked: isStatusAsked(of: task)
        ).lower(
          scope, wantsFailure: wantsFailure || asksForFailure || task.continuesOnFailure,
          from: start, in: &draft)
      }
      if !omitted.isEmpty {
        own.omitted = draft.add(joinStep(of: task), from: omitted)
      }
      ends[task.name] = own
      if !asksForFailure, !task.continuesOnFailure { failure += own.ends([.failed]) }
    }
    // The last tasks decide how the whole ended; a failure that another task answers to is none.
    let waited = Set(waits.flatMap { $0 })
    let last = order.filter { !waited.contains($0) }
    let ways = last.compactMap { index -> [LooseEnd]? in
      let task = tasks[index]
      var kinds: Set<TaskEnds.Kind> = [.succeeded, .skipped, .omitted]
      if task.continuesOnFailure { kinds.insert(.failed) }
      return ends[task.name]?.ends(kinds)
    }
    if ways.isEmpty { return ScriptExits(success: entry, failure: failure) }
    let success = draft.build { TaskEntrances.joined(ways, &$0, joinStep) }
    return ScriptExits(success: success, failure: failure)
  }

  private func joinStep(of task: Task) -> Step {
    Step(
      name: task.call.name, route: task.call.route, kind: .control, location: task.call.location)
  }
}

/// What a task of a graph depends on.
struct ArgoDepends {
  let node: Node
  /// Tasks whose failure does not stop those that depend on them.
  let continuing: Set<String>
  let location: (ByteRange) -> SourceLocation

  init(
    _ node: Node, continuing: Set<String>, location: @escaping (ByteRange) -> SourceLocation
  ) {
    self.node = node
    self.continuing = continuing
    self.location = location
  }

  /// `nil` where it waits for nothing.
  func requirement(
    among tasks: [String: Int], in draft: inout ArgoDraft
  ) -> TaskRequirement? {
    if let depends = node["depends"], let text = depends.text {
      if text.allSatisfy(\.isWhitespace) { return nil }
      let bytes = Array(text.utf8)
      guard
        let parsed = InfixParser.parse(
          bytes, in: ByteRange(0, bytes.count), dialect: .govaluate),
        let requirement = translate(parsed, at: depends, tasks, &draft)
      else {
        draft.report("this `depends` cannot be read", at: location(depends.range))
        return nil
      }
      return requirement
    }
    let names = node["dependencies"]?.items ?? []
    let parts = names.compactMap { name -> TaskRequirement? in
      guard let text = name.text else { return nil }
      guard tasks[text] != nil else {
        draft.report("there is no task `\(text)` here", at: location(name.range))
        return nil
      }
      return .ended(text, done(text))
    }
    return parts.isEmpty ? nil : .all(parts)
  }

  private func done(_ task: String) -> Set<TaskEnds.Kind> {
    continuing.contains(task) ? [.succeeded, .skipped, .failed] : [.succeeded, .skipped]
  }

  private func translate(
    _ expression: InfixExpression, at node: Node, _ tasks: [String: Int],
    _ draft: inout ArgoDraft
  ) -> TaskRequirement? {
    switch expression.form {
    case .text(let parts, _):
      guard parts.count == 1, case .literal(let word) = parts[0] else { return nil }
      return atom(word, expression.range, at: node, tasks, &draft)
    case .chain("&&", let operands):
      let parts = operands.compactMap { translate($0, at: node, tasks, &draft) }
      return parts.count == operands.count ? .all(parts) : nil
    case .chain("||", let operands):
      let parts = operands.compactMap { translate($0, at: node, tasks, &draft) }
      return parts.count == operands.count ? .any(parts) : nil
    case .not(let operand):
      if case .text(let parts, _) = operand.form, case .literal(let word)? = parts.first,
        word.hasSuffix(".Failed") || word.hasSuffix(".Errored")
      {
        // Both are failures here: which of them it was is not told apart, so a denial of one excludes no end.
        return translate(operand, at: node, tasks, &draft).map { .any([$0, .not($0)]) }
      }
      return translate(operand, at: node, tasks, &draft).map { .not($0) }
    default: return nil
    }
  }

  private func atom(
    _ word: String, _ range: ByteRange, at node: Node, _ tasks: [String: Int],
    _ draft: inout ArgoDraft
  ) -> TaskRequirement? {
    var task = word
    var kinds = done(word)
    if let dot = word.lastIndex(of: ".") {
      task = String(word[..<dot])
      switch word[word.index(after: dot)...] {
      case "Succeeded", "AnySucceeded", "Daemoned": kinds = [.succeeded]
      case "Failed", "Errored", "AllFailed": kinds = [.failed]
      case "Skipped": kinds = [.skipped]
      case "Omitted": kinds = [.omitted]
      case "Completed": kinds = [.succeeded, .failed]
      default: return nil
      }
    }
    guard tasks[task] != nil else {
      draft.report("there is no task `\(task)` here", at: location(node.fileRange(ofText: range)))
      return .all([])
    }
    return .ended(task, kinds)
  }
}
