import Expressions

/// Where the ways out of a task begin, by how it ended; `nil` where it cannot end so, or nobody asks.
struct TaskEnds: Sendable {
  var succeeded: Int?
  var failed: Int?
  /// Its own condition did not hold.
  var skipped: Int?
  /// What it waits for did not end as it asks.
  var omitted: Int?

  enum Kind: CaseIterable, Sendable { case succeeded, failed, skipped, omitted }

  subscript(kind: Kind) -> Int? {
    get {
      switch kind {
      case .succeeded: succeeded
      case .failed: failed
      case .skipped: skipped
      case .omitted: omitted
      }
    }
    set {
      switch kind {
      case .succeeded: succeeded = newValue
      case .failed: failed = newValue
      case .skipped: skipped = newValue
      case .omitted: omitted = newValue
      }
    }
  }

  /// Ways that meet again can be told apart by how the task has ended; `control` is a step of the task's own.
  mutating func noteOutcomes(
    of route: String, as control: Step, in draft: inout some GraphDrafting
  ) {
    let outcomes: [(Kind, Condition.Outcome)] = [
      (.succeeded, .succeeded), (.failed, .failed), (.skipped, .skipped),
    ]
    for (kind, outcome) in outcomes {
      guard let end = end(kind) else { continue }
      var step = control
      // What the engine makes of a failure is not the task's own.
      if kind == .failed { step.route += ".failed" }
      step.assignments = [
        Step.Assignment(
          .outcome(of: route), value: .literal(outcome.noted), at: control.location)
      ]
      let noted = draft.add(step, from: [end])
      // What comes after a failure leaves by it.
      self[kind] = kind == .failed ? draft.add(control, from: [LooseEnd(noted)]) : noted
    }
  }

  /// The ends of these kinds, as ways out.
  func ends(_ kinds: Set<Kind>) -> [LooseEnd] {
    Kind.allCases.filter(kinds.contains).compactMap(end)
  }

  /// The end of a kind, as a way out: what goes on after a failure goes on by the engine's handling of it.
  func end(_ kind: Kind) -> LooseEnd? {
    self[kind].map { LooseEnd($0, kind == .failed ? .failure : .success) }
  }
}

/// How other tasks must have ended for a task to run.
indirect enum TaskRequirement: Sendable {
  case ended(String, Set<TaskEnds.Kind>)
  case all([TaskRequirement])
  case any([TaskRequirement])
  case not(TaskRequirement)

  /// The tasks it names, each once, in order.
  var tasks: [String] {
    var tasks: [String] = []
    var seen: Set<String> = []
    collect(&tasks, &seen)
    return tasks
  }

  private func collect(_ tasks: inout [String], _ seen: inout Set<String>) {
    switch self {
    case .ended(let task, _): if seen.insert(task).inserted { tasks.append(task) }
    case .all(let parts), .any(let parts): for part in parts { part.collect(&tasks, &seen) }
    case .not(let inner): inner.collect(&tasks, &seen)
    }
  }

  /// The kinds of end that each task is asked for by name.
  func asked(_ note: (String, Set<TaskEnds.Kind>) -> Void) {
    switch self {
    case .ended(let task, let kinds): note(task, kinds)
    case .all(let parts), .any(let parts): for part in parts { part.asked(note) }
    // A denial asks for every other end.
    case .not(let inner): inner.asked { task, _ in note(task, Set(TaskEnds.Kind.allCases)) }
    }
  }

  /// One set of kinds per task, where every task must have ended so and nothing else counts.
  var conjunction: [(task: String, kinds: Set<TaskEnds.Kind>)]? {
    var parts: [(task: String, kinds: Set<TaskEnds.Kind>)] = []
    guard collectConjunction(&parts) else { return nil }
    return Set(parts.map(\.task)).count == parts.count ? parts : nil
  }

  private func collectConjunction(
    _ parts: inout [(task: String, kinds: Set<TaskEnds.Kind>)]
  ) -> Bool {
    switch self {
    case .ended(let task, let kinds):
      parts.append((task, kinds))
      return true
    case .all(let inner): return inner.allSatisfy { $0.collectConjunction(&parts) }
    case .any(let inner):
      // `a.Succeeded || a.Skipped` is one set of kinds.
      guard case .ended(let task, var kinds)? = inner.first else { return false }
      for case .ended(let other, let more) in inner.dropFirst() where other == task {
        kinds.formUnion(more)
      }
      let isSame = inner.allSatisfy {
        if case .ended(task, _) = $0 { true } else { false }
      }
      if isSame { parts.append((task, kinds)) }
      return isSame
    case .not: return false
    }
  }

  func holds(_ ends: [String: TaskEnds.Kind]) -> Bool {
    switch self {
    case .ended(let task, let kinds): ends[task].map(kinds.contains) ?? false
    case .all(let parts): parts.allSatisfy { $0.holds(ends) }
    case .any(let parts): parts.contains { $0.holds(ends) }
    case .not(let inner): !inner.holds(ends)
    }
  }
}

/// Works out from how other tasks end in which cases a task runs.
struct TaskEntrances {
  /// The ways into the task.
  private(set) var runs: [LooseEnd] = []
  /// The ways on which it is left out.
  private(set) var isOmitted: [LooseEnd] = []

  /// More combinations of ends than this are not told apart.
  private static let mostCases = 64

  /// Finds them; `join` is a step that waits for several ends, or merges them.
  init(
    _ requirement: TaskRequirement, among ends: [String: TaskEnds], wantsOmitted: Bool,
    builder: inout GraphBuilder, join: Step
  ) {
    if let parts = requirement.conjunction {
      take(parts, ends, wantsOmitted, &builder, join)
    } else {
      enumerate(requirement, ends, &builder, join)
    }
  }

  private mutating func take(
    _ parts: [(task: String, kinds: Set<TaskEnds.Kind>)], _ ends: [String: TaskEnds],
    _ wantsOmitted: Bool, _ builder: inout GraphBuilder, _ join: Step
  ) {
    var ways: [[LooseEnd]] = []
    for (task, kinds) in parts {
      guard let own = ends[task] else { continue }
      ways.append(own.ends(kinds))
      if wantsOmitted {
        isOmitted += own.ends(Set(TaskEnds.Kind.allCases).subtracting(kinds))
      }
    }
    runs = Self.joined(ways, &builder, join)
  }

  private mutating func enumerate(
    _ requirement: TaskRequirement, _ ends: [String: TaskEnds], _ builder: inout GraphBuilder,
    _ join: Step
  ) {
    let tasks = requirement.tasks.filter { ends[$0] != nil }
    var cases: [[String: TaskEnds.Kind]] = [[:]]
    for task in tasks {
      let kinds = TaskEnds.Kind.allCases.filter { ends[task]?[$0] != nil }
      if kinds.isEmpty || cases.count * kinds.count > Self.mostCases { continue }
      cases = cases.flatMap { before in
        kinds.map { kind in
          var next = before
          next[task] = kind
          return next
        }
      }
    }
    for combination in cases {
      let ways = tasks.compactMap { task in
        combination[task].flatMap { ends[task]?.end($0) }.map { [$0] }
      }
      let joined = Self.joined(ways, &builder, join)
      if requirement.holds(combination) { runs += joined } else { isOmitted += joined }
    }
  }

  /// Waits for one way of each.
  static func joined(
    _ ways: [[LooseEnd]], _ builder: inout GraphBuilder, _ join: Step
  ) -> [LooseEnd] {
    if ways.contains(where: \.isEmpty) { return [] }
    if ways.count == 1 { return ways[0] }
    if ways.isEmpty { return [] }
    let all = ways.map { way -> LooseEnd in
      if way.count == 1 { return way[0] }
      var merge = join
      merge.joinsAll = false
      let step = builder.add(merge)
      builder.connect(way, to: step)
      return LooseEnd(step)
    }
    var step = join
    step.joinsAll = true
    let joined = builder.add(step)
    builder.connect(all, to: joined)
    return [LooseEnd(joined)]
  }
}
