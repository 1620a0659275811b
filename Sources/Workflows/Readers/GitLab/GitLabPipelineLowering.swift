import Expressions
import SourceText

/// Lowers the jobs of a pipeline, in the order of stages and needs.
struct GitLabPipelineLowering {
  private var configuration: GitLabConfiguration
  private let route: String
  private let prefix: String
  /// The variables that the pipeline is started with.
  private let given: [String: Value]
  private var jobs: [GitLabJob] = []
  private var indices: [String: Int] = [:]
  private var stages: [String] = []
  private var ends: [String: TaskEnds] = [:]
  /// The jobs whose dotenv files set variables, with their names.
  private var dotenvJobs: [(job: GitLabJob, names: [String])] = []
  private var sharedFolders: [String: ScriptContext.SharedFolder]

  /// Jobs of the pipeline that starts this one hand on what lies in the folders.
  init(
    _ configuration: GitLabConfiguration, route: String, prefix: String, given: [String: Value],
    sharedFolders: [String: ScriptContext.SharedFolder] = [:]
  ) {
    self.configuration = configuration
    self.sharedFolders = sharedFolders
    self.route = route
    self.prefix = prefix
    self.given = given
  }

  /// What only the jobs' dotenv files fill.
  var dotenvVariables: Set<Variable> { Set(dotenvJobs.map(\.job.dotenv)) }

  /// Lowers everything and gives the way out on which all of it has ended, where somebody goes on there.
  mutating func lower(
    from entry: [LooseEnd], wantsEnd: Bool, in draft: inout GitLabDraft
  ) -> [LooseEnd] {
    collectJobs()
    for gap in configuration.gaps { draft.report(gap) }
    if !jobs.contains(where: \.takesFromOtherPipelines) { sharedFolders = [:] }
    for path in jobs.flatMap(\.keptPaths) {
      sharedFolders[Self.folder(path)] = ScriptContext.SharedFolder(scope: "\(prefix)workspace/")
    }
    let order = self.order(in: &draft)
    for problem in configuration.problems { draft.report(problem, in: configurationPath) }
    var barriers = GitLabBarriers(stages: stages, entry: entry, jobs: jobs)
    let anyRunsAfterFailure = jobs.contains { Self.whens(of: $0).failure }
    for index in order {
      let job = jobs[index]
      let start = entrance(of: job, &barriers, in: &draft)
      var lowering = GitLabJobLowering(
        job: job, variables: variables(of: job), sharedFolders: sharedFolders,
        wantsFailure: job.allowsFailure || anyRunsAfterFailure)
      let own = lowering.lower(from: start, in: &draft)
      if !lowering.dotenvNames.isEmpty { dotenvJobs.append((job, lowering.dotenvNames)) }
      ends[job.name] = own
      barriers.note(job, own)
    }
    if !wantsEnd { return [] }
    return barriers.finish(
      Step(
        name: configurationPath, route: "\(route)pipeline", kind: .control,
        location: configuration.root.location), in: &draft)
  }

  private var configurationPath: String { configuration.root.source.file.path }

  private mutating func collectJobs() {
    for name in configuration.jobNames {
      guard let tree = configuration.job(name), tree["when"]?.text != "never" else { continue }
      let hasBody = ["script", "trigger", "run", "pages", "release"].contains { tree[$0] != nil }
      guard hasBody else { continue }
      indices[name] = jobs.count
      jobs.append(
        GitLabJob(
          name, tree, key: configuration.place(of: name), route: "\(route)jobs.",
          prefix: prefix))
    }
    let written = configuration.root["stages"] ?? configuration.root["types"]
    let usual = ["build", "test", "deploy"]
    stages = written?.texts ?? usual
    // A stage that nothing declares is the including file's business: the jobs stand in its order, most likely.
    if written == nil,
      jobs.contains(where: { !usual.contains($0.stage) && !$0.stage.hasPrefix(".") })
    {
      stages = []
    }
    for job in jobs where !stages.contains(job.stage) && !job.stage.hasPrefix(".") {
      stages.append(job.stage)
    }
    stages = [".pre"] + stages.filter { $0 != ".pre" && $0 != ".post" } + [".post"]
  }

  /// The path up to the first wildcard, as a folder.
  private static func folder(_ path: String) -> String {
    var path = path[...]
    for start in ["$CI_PROJECT_DIR/", "${CI_PROJECT_DIR}/", "./"] where path.hasPrefix(start) {
      path = path.dropFirst(start.count)
    }
    while path.hasSuffix("/") { path.removeLast() }
    guard let star = path.firstIndex(where: { $0 == "*" || $0 == "?" || $0 == "[" }) else {
      return String(path)
    }
    guard let slash = path[..<star].lastIndex(of: "/") else { return "" }
    return String(path[..<slash])
  }

  // MARK: Order

  private mutating func order(in draft: inout GitLabDraft) -> [Int] {
    let ranks = Dictionary(
      stages.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
    // Jobs of earlier stages come first; `needs` may put one of its own stage before it.
    let byStage = jobs.indices.sorted {
      (ranks[jobs[$0].stage] ?? 0, $0) < (ranks[jobs[$1].stage] ?? 0, $1)
    }
    var place = [Int](repeating: 0, count: jobs.count)
    for (position, index) in byStage.enumerated() { place[index] = position }
    let waits = byStage.map { index -> [Int] in
      (jobs[index].needs ?? []).compactMap { need in
        guard let needed = indices[need.job] else {
          report(need, draft: &draft)
          return nil
        }
        return place[needed]
      }
    }
    // Jobs without needs wait for whole stages: only the needs can be circular.
    let (_, circular) = TaskSequence.ordered(waits)
    for position in circular {
      let job = jobs[byStage[position]]
      draft.report(
        SourceProblem(
          severity: .warning, message: "the job waits for itself through its `needs`",
          range: (job.tree["needs"]?.node ?? job.tree.node).range), in: job.tree.source.file.path)
    }
    return Self.stable(byStage, waits)
  }

  /// The jobs stage by stage, each after those it needs.
  private static func stable(
    _ byStage: [Int], _ waits: [[Int]]
  ) -> [Int] {
    var done = [Bool](repeating: false, count: byStage.count)
    var order: [Int] = []
    var stack: [(position: Int, next: Int)] = []
    for start in byStage.indices where !done[start] {
      done[start] = true
      stack = [(start, 0)]
      while let (position, next) = stack.last {
        if next < waits[position].count {
          stack[stack.count - 1].next += 1
          let needed = waits[position][next]
          if !done[needed] {
            done[needed] = true
            stack.append((needed, 0))
          }
        } else {
          order.append(byStage[position])
          stack.removeLast()
        }
      }
    }
    return order
  }

  private func report(_ need: GitLabJob.Need, draft: inout GitLabDraft) {
    // An include that is not in sight may define it; one of a matrix is named with its values.
    guard !need.isOptional, configuration.isWhole, configuration.gaps.isEmpty,
      !need.job.contains("$"),
      !need.job.contains("["), need.location.path == draft.context.file.path
    else { return }
    if configuration.defines(need.job) { return }
    draft.report(
      SourceProblem(
        severity: .warning, message: "no job has the name `\(need.job)`",
        range: need.location.range),
      in: need.location.path)
  }

  static func runsAfterFailure(_ when: String) -> Bool { when == "always" || when == "on_failure" }

  // MARK: Entrances

  private func entrance(
    of job: GitLabJob, _ barriers: inout GitLabBarriers, in draft: inout GitLabDraft
  ) -> [LooseEnd] {
    let join = Step(
      name: job.name, route: job.route, kind: .control, location: job.location)
    let (runsAfterSuccess, runsAfterFailure) = Self.whens(of: job)
    var success: [LooseEnd]
    var failure: [LooseEnd]
    if let needs = job.needs {
      var ways: [[LooseEnd]] = []
      failure = []
      for need in needs {
        guard let own = ends[need.job], let index = indices[need.job] else { continue }
        // A needed job that is not in the pipeline is an error, unless it is optional.
        var kinds: Set<TaskEnds.Kind> = [.succeeded, .omitted]
        if need.isOptional, jobs[index].ruleText != job.ruleText { kinds.insert(.skipped) }
        if jobs[index].allowsFailure { kinds.insert(.failed) }
        ways.append(own.ends(kinds))
        if !jobs[index].allowsFailure { failure += own.ends([.failed]) }
      }
      success =
        ways.isEmpty
        ? barriers.entry : TaskEntrances.joined(ways, &draft.builder, join)
    } else {
      success = runsAfterSuccess ? barriers.waiting(for: job, join, in: &draft) : []
      failure = runsAfterFailure ? barriers.failures(before: job, join, in: &draft) : []
    }
    return (runsAfterSuccess ? success : []) + (runsAfterFailure ? failure : [])
  }

  /// Whether the job may run after success, and after a failure.
  private static func whens(of job: GitLabJob) -> (success: Bool, failure: Bool) {
    guard let rules = job.tree["rules"]?.items, !rules.isEmpty else {
      return (job.when != "on_failure", runsAfterFailure(job.when))
    }
    let whens = rules.map { $0["when"]?.text ?? job.when }.filter { $0 != "never" }
    return (
      whens.isEmpty || whens.contains { $0 != "on_failure" },
      whens.contains(where: runsAfterFailure)
    )
  }

  // MARK: Variables

  /// The largest pipeline that is asked which jobs read too early what others write.
  private static let (mostJobs, mostWriters) = (256, 16)

  private func variables(of job: GitLabJob) -> GitLabVariables {
    var variables = GitLabVariables(scope: prefix)
    variables.values = given
    variables.values["CI_PROJECT_DIR"] = .literal(".")
    variables.values["CI_SERVER_URL"] = .literal("https://gitlab.example")
    variables.values["CI_API_V4_URL"] = .literal("https://gitlab.example/api/v4")
    variables.values["CI_JOB_NAME"] = .literal(job.name)
    variables.values["CI_JOB_STAGE"] = .literal(job.stage)
    let inherit = job.tree["inherit"]?["variables"]
    if inherit?.text != "false", let globals = configuration.variables {
      if let names = inherit?.texts, !names.isEmpty, inherit?.text == nil {
        let kept = globals.entries.filter { names.contains($0.name) }
        variables.add(.map(kept, globals.node, globals.source))
      } else {
        variables.add(globals)
      }
    }
    // What the pipeline is started with is stronger than what its file says.
    variables.values.merge(given) { $1 }
    for (source, names) in dotenvSources(of: job) {
      for name in names { variables.fill(name, from: source.dotenv, at: job.location) }
    }
    // One that it does not wait for sets nothing here: whoever reads it reads too early. Each is looked for anew, so
    // that a pipeline of many is not asked.
    let isAsked = jobs.count <= Self.mostJobs && dotenvJobs.count <= Self.mostWriters
    let early = isAsked ? dotenvJobs : []
    for (source, names) in early where !isAwaited(source, by: job) {
      for name in names where variables.values[name] == nil {
        variables.fill(name, from: source.dotenv, at: job.location)
      }
    }
    variables.add(job.tree["variables"])
    for matrix in job.tree["parallel"]?["matrix"]?.items ?? [] {
      for entry in matrix.entries {
        let values = entry.value.items.isEmpty ? [entry.value] : entry.value.items
        variables.values[entry.name] = Value.either(of: values.map(variables.value))
      }
    }
    return variables
  }

  /// Whether the job runs after another one, directly or through others.
  private func isAwaited(_ other: GitLabJob, by job: GitLabJob) -> Bool {
    guard job.needs != nil else {
      return (stages.firstIndex(of: other.stage) ?? 0) < (stages.firstIndex(of: job.stage) ?? 0)
    }
    var waiting = [job.name]
    var seen: Set<String> = []
    while let name = waiting.popLast() {
      guard seen.insert(name).inserted, let index = indices[name] else { continue }
      if name == other.name { return true }
      guard let needs = jobs[index].needs else {
        // It waits for the stages before its own.
        let own = stages.firstIndex(of: jobs[index].stage) ?? 0
        waiting += jobs.filter { (stages.firstIndex(of: $0.stage) ?? 0) < own }.map(\.name)
        continue
      }
      waiting += needs.map(\.job)
    }
    return false
  }

  /// The jobs whose artifacts the job receives, as far as they set variables.
  private func dotenvSources(of job: GitLabJob) -> [(job: GitLabJob, names: [String])] {
    if dotenvJobs.isEmpty { return [] }
    if let dependencies = job.tree["dependencies"] {
      let names = Set(dependencies.texts)
      return dotenvJobs.filter { names.contains($0.job.name) }
    }
    if let needs = job.needs {
      let names = Set(needs.filter(\.takesArtifacts).map(\.job))
      return dotenvJobs.filter { names.contains($0.job.name) }
    }
    let own = stages.firstIndex(of: job.stage) ?? 0
    return dotenvJobs.filter { (stages.firstIndex(of: $0.job.stage) ?? 0) < own }
  }
}

/// Where whole stages have ended.
struct GitLabBarriers {
  private let stages: [String]
  let entry: [LooseEnd]
  private let ranks: [String: Int]
  /// The jobs of each stage that have been lowered.
  private var ended: [[(job: GitLabJob, ends: TaskEnds)]]
  /// The ends of the stages up to one, for the jobs that share rules.
  private var barriers: [String: [LooseEnd]] = [:]
  /// The failures of the stages up to one.
  private var failed: [Int: [LooseEnd]] = [:]
  /// The rules that several jobs share.
  private let sharedRules: Set<String>

  /// More sets of rules than this are not told apart.
  private static let mostRules = 16

  init(stages: [String], entry: [LooseEnd], jobs: [GitLabJob]) {
    self.stages = stages
    self.entry = entry
    var counts: [String: Int] = [:]
    for job in jobs where !job.ruleText.isEmpty { counts[job.ruleText, default: 0] += 1 }
    sharedRules = Set(
      counts.filter { $0.value > 1 }.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
        .prefix(Self.mostRules).map(\.key))
    ranks = Dictionary(
      stages.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
    ended = Array(repeating: [], count: stages.count)
  }

  mutating func note(_ job: GitLabJob, _ ends: TaskEnds) {
    if let rank = ranks[job.stage] { ended[rank].append((job, ends)) }
  }

  /// The ends of every job in the stages before a job's own.
  mutating func waiting(
    for job: GitLabJob, _ join: Step, in draft: inout GitLabDraft
  ) -> [LooseEnd] {
    let rules = sharedRules.contains(job.ruleText) ? job.ruleText : ""
    return waiting(before: ranks[job.stage] ?? 0, rules, join, in: &draft)
  }

  private mutating func waiting(
    before rank: Int, _ rules: String, _ join: Step, in draft: inout GitLabDraft
  ) -> [LooseEnd] {
    var ends = entry
    for stage in 0..<rank where !ended[stage].isEmpty {
      let key = "\(stage)\n\(rules)"
      if let known = barriers[key] {
        ends = known
        continue
      }
      var ways: [[LooseEnd]] = ended[stage].compactMap { job, own in
        var kinds: Set<TaskEnds.Kind> = [.succeeded, .omitted]
        // Jobs with the same rules are in the pipeline together.
        if job.ruleText != rules || rules.isEmpty { kinds.insert(.skipped) }
        if job.allowsFailure { kinds.insert(.failed) }
        let open = own.ends(kinds)
        // A job that only runs after a failure is not waited for.
        return open.isEmpty && job.when == "on_failure" ? nil : open
      }
      // Jobs that need only some others may end before their stage begins.
      let mayBeEarly = ended[stage].contains { $0.job.needs != nil }
      if mayBeEarly || ways.isEmpty { ways.append(ends) }
      var step = join
      step.name = stages[stage]
      step.route = "stages.\(stages[stage])"
      ends = TaskEntrances.joined(ways, &draft.builder, step)
      barriers[key] = ends
    }
    return ends
  }

  /// The way on which some job in the stages before a job's own has failed.
  mutating func failures(
    before job: GitLabJob, _ join: Step, in draft: inout GitLabDraft
  ) -> [LooseEnd] {
    var ends: [LooseEnd] = []
    for stage in 0..<(ranks[job.stage] ?? 0) {
      if let known = failed[stage] {
        ends = known
        continue
      }
      let own = ended[stage].filter { !$0.job.allowsFailure }.flatMap { $0.ends.ends([.failed]) }
      if own.isEmpty { continue }
      var step = join
      step.name = stages[stage]
      step.route = "stages.\(stages[stage])"
      ends = [LooseEnd(draft.add(step, from: ends + own), .failure)]
      failed[stage] = ends
    }
    return ends
  }

  /// The way on which all jobs have ended well.
  mutating func finish(_ join: Step, in draft: inout GitLabDraft) -> [LooseEnd] {
    waiting(before: stages.count, "", join, in: &draft)
  }
}
