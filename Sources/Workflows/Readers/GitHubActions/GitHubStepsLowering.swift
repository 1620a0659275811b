import Expressions
import SourceText

/// Lowers the steps of a job or of a composite action.
struct GitHubStepsLowering {
  private(set) var scope: GitHubScope
  private(set) var rails: GitHubRails
  /// What the second phase of the steps will do at the job's end, in the order of the steps.
  private(set) var posts: [GitHubPostPhase] = []
  private let route: String
  private let defaultShell: String?
  private let isWindows: Bool
  /// Whether anything runs after a failure of these steps.
  private let wantsFailure: Bool
  /// The condition under which all of these steps run, for their second phase.
  private let outerCondition: GitHubCondition?

  init(
    scope: GitHubScope, route: String, entry: GitHubRails, wantsFailure: Bool,
    defaultShell: String? = nil, isWindows: Bool = false, outerCondition: GitHubCondition? = nil
  ) {
    self.scope = scope
    self.route = route
    self.rails = entry
    self.wantsFailure = wantsFailure
    self.defaultShell = defaultShell
    self.isWindows = isWindows
    self.outerCondition = outerCondition
  }

  mutating func lower(_ nodes: [Node], in draft: inout GitHubDraft) {
    let steps = nodes.enumerated().map { index, node in
      GitHubStep(node, index: index, of: route, prefix: scope.prefix)
    }
    scope.declaredSteps.formUnion(steps.compactMap { $0.id?.lowercased() })
    let uses = OutcomeUses(steps, scope: scope, draft: draft)
    let lastAfterFailure = steps.lastIndex { uses.asksForStatus.contains($0.route) } ?? -1
    for (index, step) in steps.enumerated() {
      lower(
        step, isTracked: (uses.last[step.route] ?? -1) > index,
        keepsFailure: wantsFailure || index < lastAfterFailure, in: &draft)
      let finished = uses.routes(lastUsedAt: index)
      if !finished.isEmpty {
        rails.simplify { rail in for route in finished { rail.outcomes[route] = nil } }
      }
      if rails.open.count > Self.mostRails { rails.simplify { $0.outcomes = [:] } }
    }
  }

  /// Runs what `body` adds on every way that is open without a failure.
  mutating func onSuccess(
    in draft: inout GitHubDraft,
    _ body: (inout GitHubDraft, GitHubRail, [LooseEnd]) -> [LooseEnd]
  ) {
    for (rail, _) in rails.open where !rail.hasFailed {
      let ends = rails.take(rail)
      if !ends.isEmpty { rails.add(body(&draft, rail, ends), to: rail) }
    }
  }

  /// A job whose conditions tell more cases apart than this is merged: three steps asked for by outcome fit.
  private static let mostRails = 32

  private mutating func lower(
    _ step: GitHubStep, isTracked: Bool, keepsFailure: Bool, in draft: inout GitHubDraft
  ) {
    let condition = step.node["if"].map { GitHubText(scope: scope).condition(of: $0, in: &draft) }
    var hasRun = false
    var declared: [String: String]?
    let first = draft.builder.steps.count
    for (rail, ends, verdict) in enter(step, under: condition, isTracked: isTracked) {
      var entry = ends
      var open: Int?
      if let condition {
        let branch = draft.add(
          step.lowered(
            kind: .branch, decisions: [Step.Decision(verdict.condition, at: condition.location)],
            at: condition.location), from: entry)
        entry = [LooseEnd(branch, guards: [Edge.Guard(0, true)])]
        if verdict.condition.hasWrittenOutcome { open = branch }
        if verdict.isKnown == nil {
          let skipped = rail.skipping(step.route, isTracked: isTracked)
          rails.add([LooseEnd(branch, guards: [Edge.Guard(0, false)])], to: skipped)
        }
      }
      var run = run(
        step, under: condition, isFirst: !hasRun && !rail.hasFailed, from: entry,
        wantsFailure: keepsFailure || step.continuesOnError != .never, in: &draft)
      if let open, !run.success.isEmpty {
        // An `if` is about its own step: what comes next does not depend on it.
        var end = step.lowered(kind: .control, at: step.location(in: scope))
        end.closes = open
        run.success = [LooseEnd(draft.add(end, from: run.success))]
      }
      declared = run.declaredOutputs
      if let written = run.writtenScripts { scope.writtenScripts = written }
      if !rail.hasFailed { hasRun = true }
      settle(step, run, rail, isTracked: isTracked, keepsFailure: keepsFailure, in: &draft)
    }
    if let id = step.id {
      scope.steps[id.lowercased()] = GitHubStepOutputs(
        route: step.route, variable: step.variable, declared: declared,
        written: Self.outputs(of: step, in: draft.builder.steps[first...]),
        continuesOnError: step.continuesOnError != .never)
    }
  }

  /// How the outputs are spelled that steps of the graph write; the engine reads them without case.
  private static func outputs(
    of step: GitHubStep, in steps: ArraySlice<Step>
  ) -> [String: String] {
    var spellings: [String: String] = [:]
    for node in steps {
      for assignment in node.assignments
      where assignment.path.count > 1 && assignment.variable == step.variable {
        if case .field(let name) = assignment.path[1] { spellings[name.lowercased()] = name }
      }
    }
    return spellings
  }

  /// The rails on which a step may run, taken off; the others go on past it.
  ///
  /// All are taken before the step is lowered: a failure of this step does not run it again.
  private mutating func enter(
    _ step: GitHubStep, under condition: GitHubCondition?, isTracked: Bool
  ) -> [(rail: GitHubRail, ends: [LooseEnd], verdict: GitHubVerdict)] {
    var entered: [(GitHubRail, [LooseEnd], GitHubVerdict)] = []
    var skipped: [(GitHubRail, [LooseEnd])] = []
    for rail in rails.open.map(\.rail) {
      var verdict = GitHubVerdict(isKnown: true, condition: .constant(true))
      if let condition { verdict = condition.condition.decided(rail.holds) }
      if condition?.hasStatusFunction != true, rail.hasFailed { verdict.isKnown = false }
      if verdict.isKnown != false {
        let ends = rails.take(rail)
        if !ends.isEmpty { entered.append((rail, ends, verdict)) }
      } else if isTracked {
        skipped.append((rail, rails.take(rail)))
      }
    }
    for (rail, ends) in skipped {
      rails.add(ends, to: rail.skipping(step.route, isTracked: true))
    }
    return entered
  }

  /// Sends the ways out of a step on to the rails where the engine goes on.
  private mutating func settle(
    _ step: GitHubStep, _ run: Run, _ rail: GitHubRail, isTracked: Bool, keepsFailure: Bool,
    in draft: inout GitHubDraft
  ) {
    var succeeded = rail
    var failed = rail
    if isTracked {
      succeeded.outcomes[step.route] = .succeeded
      failed.outcomes[step.route] = .failed
    }
    rails.add(run.success, to: succeeded)
    let isHandled = step.continuesOnError != .never || keepsFailure
    let failure = isHandled ? failing(step, run.failure, in: &draft) : run.failure
    if step.continuesOnError != .never { rails.add(failure, to: failed) }
    if step.continuesOnError != .always, keepsFailure {
      failed.hasFailed = true
      rails.add(failure, to: failed)
    }
  }

  /// The ways out on which the step has failed: a script's `exit 1` is a failure to the engine, too.
  private func failing(
    _ step: GitHubStep, _ ends: [LooseEnd], in draft: inout GitHubDraft
  ) -> [LooseEnd] {
    let decided = ends.filter { $0.outcome != .failure }
    if decided.isEmpty { return ends }
    let end = draft.add(
      step.lowered(kind: .control, at: step.location(in: scope)), from: decided)
    return ends.filter { $0.outcome == .failure } + [LooseEnd(end, .failure)]
  }

  /// What one step's execution left open.
  struct Run {
    var success: [LooseEnd]
    var failure: [LooseEnd]
    var declaredOutputs: [String: String]?
    /// The scripts that are written now, where the step is a script itself.
    var writtenScripts: [Variable: WrittenScript]?
  }

  private mutating func run(
    _ step: GitHubStep, under condition: GitHubCondition?, isFirst: Bool, from entry: [LooseEnd],
    wantsFailure: Bool, in draft: inout GitHubDraft
  ) -> Run {
    let first = draft.builder.steps.count
    var stepScope = scope
    let own = environment(of: step, in: &draft)
    for (name, value) in own {
      stepScope.environment[name] = value
      stepScope.writtenEnvironment.remove(name)
    }
    let run: Run
    if let retried = GitHubRetriedCommand(step) {
      run = retried.lower(in: stepScope, from: entry, in: &draft)
    } else if let target = step.node["uses"]?.text {
      let whole = condition?.after(outerCondition) ?? outerCondition
      var lowering = GitHubUsesLowering(
        step: step, scope: stepScope, ownEnvironment: own, target: target, condition: whole,
        wantsFailure: wantsFailure)
      run = lowering.lower(from: entry, in: &draft)
      if isFirst { posts += lowering.posts }
    } else if let script = step.node["run"] {
      let shell = GitHubShell(step.node["shell"]?.text ?? defaultShell, isWindows: isWindows)
      let lowering = GitHubRunLowering(step: step, scope: stepScope, script: script, shell: shell)
      run = lowering.lower(from: entry, in: &draft)
    } else {
      run = Run(success: entry, failure: [])
    }
    noteWrites(in: draft.builder.steps, from: first)
    return run
  }

  private func environment(
    of step: GitHubStep, in draft: inout GitHubDraft
  ) -> [String: Value] {
    var values: [String: Value] = [:]
    for entry in step.node["env"]?.entries ?? [] {
      guard let name = entry.key.text else { continue }
      values[name] = GitHubText(scope: scope).value(of: entry.value, in: &draft)
    }
    return values
  }

  /// Remembers which environment variables and files exist from here on.
  private mutating func noteWrites(in steps: [Step], from first: Int) {
    let variables = "\(scope.jobPrefix)env."
    let files = "\(scope.jobPrefix)file:"
    // A step is looked at where it stands: to take it in hand would count all its references.
    let steps = steps.span
    for step in first..<steps.count {
      let assignments = steps[step].assignments.span
      for index in assignments.indices {
        let name = assignments[index].variable.name
        if name.hasPrefix(variables) {
          scope.writtenEnvironment.insert(String(name.dropFirst(variables.count)))
        } else if name.hasPrefix(files) {
          scope.files.insert(String(name.dropFirst(files.count)))
        }
      }
    }
  }
}

/// Which steps' outcomes the conditions of a job ask for, and until when.
private struct OutcomeUses {
  /// Route to the index of the last step that asks.
  private(set) var last: [String: Int] = [:]
  /// Routes of the steps that may run after a failure.
  private(set) var asksForStatus: Set<String> = []
  private var finished: [Int: [String]] = [:]

  init(_ steps: [GitHubStep], scope: GitHubScope, draft: GitHubDraft) {
    var scope = scope
    // What is looked at here is read again, and reported, when it is lowered.
    var draft = draft
    for step in steps {
      guard let id = step.id else { continue }
      scope.steps[id.lowercased()] = GitHubStepOutputs(
        route: step.route, variable: step.variable, declared: nil,
        continuesOnError: step.continuesOnError != .never)
    }
    for (index, step) in steps.enumerated() {
      guard let node = step.node["if"], let text = node.text,
        text.contains("(") || text.contains(".")
      else { continue }
      let condition = GitHubText(scope: scope).condition(of: node, in: &draft)
      for route in condition.condition.outcomeRoutes { last[route] = index }
      if condition.hasStatusFunction { asksForStatus.insert(step.route) }
    }
    for (route, index) in last { finished[index, default: []].append(route) }
  }

  func routes(lastUsedAt index: Int) -> [String] { finished[index] ?? [] }
}
