import Expressions
import SourceText

/// Lowers the jobs of a workflow, in an order that `needs` allows.
struct GitHubJobsLowering {
  private let root: Node
  private let file: SourceFile
  private let inputs: [String: Value]?
  private let entry: [LooseEnd]
  /// Whether the caller of the workflow asks how it ended.
  private let wantsEveryEnd: Bool
  private let jobs: [GitHubJob]
  /// Routes of the jobs that need no other.
  private let firsts: Set<String>
  private var environment: [String: Value] = [:]
  private var ends: [String: GitHubJobEnds] = [:]
  private(set) var outputs: [String: GitHubJobOutputs] = [:]

  init(
    root: Node, file: SourceFile, route: String, prefix: String, inputs: [String: Value]?,
    entry: [LooseEnd], wantsEveryEnd: Bool
  ) {
    self.root = root
    self.file = file
    self.inputs = inputs
    self.entry = entry
    self.wantsEveryEnd = wantsEveryEnd
    jobs = (root["jobs"]?.entries ?? []).map {
      GitHubJob(id: $0.key, node: $0.value, file: file, route: route, prefix: prefix)
    }
    firsts = Set(jobs.filter(\.needs.isEmpty).map(\.route))
  }

  mutating func lower(in draft: inout GitHubDraft) {
    let scope = scope(prefix: "", jobPrefix: "")
    for entry in root["env"]?.entries ?? [] {
      guard let name = entry.key.text else { continue }
      environment[name] = GitHubText(scope: scope).value(of: entry.value, in: &draft)
    }
    let asked = statusAskers(draft)
    for job in GitHubJobOrder.ordered(jobs, file: file, in: &draft) {
      let key = job.id.lowercased()
      let interest = Interest(
        hasDependents: wantsEveryEnd || asked.needed.contains(key),
        wantsEveryEnd: wantsEveryEnd || asked.neededByStatus.contains(key))
      lower(job, interest, in: &draft)
    }
  }

  /// Whether anything asks how a job ended.
  struct Interest {
    var hasDependents: Bool
    var wantsEveryEnd: Bool
  }

  /// How all the jobs together ended, each in any way that lets the whole succeed.
  func successes(in draft: inout GitHubDraft) -> [LooseEnd] {
    var joined: [LooseEnd] = []
    for job in jobs {
      guard let ends = ends[job.id.lowercased()] else { continue }
      let ways = [ends.clean, ends.tainted, ends.skipped].compactMap { $0 }
      guard let first = ways.first else { continue }
      var end = first
      if ways.count > 1 {
        let merge = Step(name: job.name, route: job.route, kind: .control, location: job.location)
        end = draft.add(merge, from: ways.map { LooseEnd($0) })
      }
      joined.append(LooseEnd(end))
    }
    return joined
  }

  /// Where the job whose outputs the variable holds has ended with everything done.
  func cleanEnd(ofOutputs variable: String) -> Int? {
    jobs.first { $0.route == variable }.flatMap { ends[$0.id.lowercased()]?.clean }
  }

  var failures: [LooseEnd] {
    jobs.compactMap { ends[$0.id.lowercased()]?.failed.map { LooseEnd($0) } }
  }

  /// What the workflow's outputs can see.
  func outputScope() -> GitHubScope {
    var scope = scope(prefix: "", jobPrefix: "")
    scope.jobs = outputs
    return scope
  }

  /// The routes of the jobs that a job needs, where nothing but these decides whether it runs.
  private func follows(_ id: String) -> [String]? {
    guard let job = jobs.first(where: { $0.id.lowercased() == id }), job.node["if"] == nil else {
      return nil
    }
    let routes = job.needs.map { outputs[$0]?.route }
    return routes.contains(nil) ? nil : routes.compactMap(\.self)
  }

  private func scope(prefix: String, jobPrefix: String) -> GitHubScope {
    var scope = GitHubScope(file: file, prefix: prefix, jobPrefix: jobPrefix)
    scope.inputs = inputs
    scope.environment = environment
    return scope
  }

  /// Which jobs are needed at all, and which by a job that asks for the status itself.
  private func statusAskers(
    _ draft: GitHubDraft
  ) -> (needed: Set<String>, neededByStatus: Set<String>) {
    var needed: Set<String> = []
    var neededByStatus: Set<String> = []
    for job in jobs {
      needed.formUnion(job.needs)
      if GitHubStatusSearch.asks(job.node["if"]) { neededByStatus.formUnion(job.needs) }
    }
    return (needed, neededByStatus)
  }

  private mutating func lower(
    _ job: GitHubJob, _ interest: Interest, in draft: inout GitHubDraft
  ) {
    var scope = scope(prefix: job.prefix, jobPrefix: job.prefix)
    for need in job.needs { scope.needs[need] = outputs[need] }
    let matrix = GitHubMatrix(job.node["strategy"]?["matrix"], scope: scope, draft: &draft)
    scope.matrix = matrix.values
    scope.computedMatrix = matrix.computed
    for entry in job.node["env"]?.entries ?? [] {
      guard let name = entry.key.text else { continue }
      scope.environment[name] = GitHubText(scope: scope).value(of: entry.value, in: &draft)
    }
    let condition = job.node["if"].map { GitHubText(scope: scope).condition(of: $0, in: &draft) }
    let stepRoutes = GitHubStatusSearch.askedRoutes(
      job.node["steps"]?.items ?? [], scope: scope, draft: draft)
    let needed = job.needs.compactMap { need -> GitHubNeeds.Needed? in
      guard let ends = ends[need], let outputs = outputs[need] else { return nil }
      return GitHubNeeds.Needed(
        route: outputs.route, ends: ends, isFirst: firsts.contains(outputs.route),
        follows: follows(need))
    }
    var jobRoutes = condition?.condition.outcomeRoutes ?? []
    // `failure()` alone asks for every needed job's result.
    if condition?.condition.asksForFailure == true { jobRoutes.formUnion(needed.map(\.route)) }
    let needs = GitHubNeeds(
      job: job, needed: needed, condition: condition, asked: jobRoutes.union(stepRoutes),
      entry: entry, wantsSkipped: interest.wantsEveryEnd,
      conditionOnly: jobRoutes.subtracting(stepRoutes))
    var entrances = needs.lower(in: &draft)
    if !interest.hasDependents { entrances.rails.simplify { $0.isTainted = false } }
    let target = job.node["uses"]?.text
    let body: GitHubJobBody
    if let target {
      let call = GitHubWorkflowCall(job: job, scope: scope, target: target)
      body = call.lower(
        entrances.rails, wantsFailure: interest.wantsEveryEnd, in: &draft)
    } else {
      let steps = GitHubJobSteps(job: job, scope: scope, root: root)
      body = steps.lower(entrances.rails, wantsFailure: interest.wantsEveryEnd, in: &draft)
    }
    var finished = GitHubJobEnds()
    finished.clean = end(job, body.clean, body, &draft)
    finished.tainted = end(job, body.tainted, body, &draft)
    if interest.wantsEveryEnd {
      finished.failed = end(job, body.failed, body, &draft)
      finished.skipped = end(job, entrances.skipped, nil, &draft)
    }
    ends[job.id.lowercased()] = finished
    outputs[job.id.lowercased()] = GitHubJobOutputs(
      route: job.route, variable: job.variable, declared: body.declaredOutputs)
  }

  /// The end of a job, where its outputs get their values.
  private func end(
    _ job: GitHubJob, _ ends: [LooseEnd], _ body: GitHubJobBody?, _ draft: inout GitHubDraft
  ) -> Int? {
    if ends.isEmpty { return nil }
    return draft.add(
      Step(
        name: job.name, route: job.route, kind: .control, assignments: body?.outputs ?? [],
        location: job.location), from: ends)
  }
}

/// A job's lowered body: its ways out, and its outputs.
struct GitHubJobBody {
  var clean: [LooseEnd] = []
  var tainted: [LooseEnd] = []
  var failed: [LooseEnd] = []
  var outputs: [Step.Assignment] = []
  var declaredOutputs: [String: String]?
}
