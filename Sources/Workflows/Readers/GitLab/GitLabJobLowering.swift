import Expressions
import SourceText

/// Lowers one job: its rules, its script, what the runner does after it.
struct GitLabJobLowering {
  let job: GitLabJob
  let variables: GitLabVariables
  let sharedFolders: [String: ScriptContext.SharedFolder]
  /// Whether anything runs after the job has failed.
  let wantsFailure: Bool
  /// The names of the variables that its dotenv files set.
  private(set) var dotenvNames: [String] = []

  init(
    job: GitLabJob, variables: GitLabVariables, sharedFolders: [String: ScriptContext.SharedFolder],
    wantsFailure: Bool
  ) {
    self.job = job
    self.variables = variables
    self.sharedFolders = sharedFolders
    self.wantsFailure = wantsFailure
  }

  mutating func lower(from entry: [LooseEnd], in draft: inout GitLabDraft) -> TaskEnds {
    var ends = TaskEnds()
    if entry.isEmpty { return ends }
    let rules = GitLabRules(job: job, variables: variables)
    let entrance = rules.lower(from: entry, in: &draft)
    if !entrance.skipped.isEmpty { ends.skipped = draft.add(control, from: entrance.skipped) }
    if !entrance.notPlayed.isEmpty {
      ends.omitted = draft.add(control, from: entrance.notPlayed)
    }
    if entrance.runs.isEmpty { return ends }
    var start = draft.add(control, from: entrance.runs)
    for image in images { start = draft.add(image, from: [LooseEnd(start)]) }
    let first = draft.builder.steps.count
    var exits =
      job.isTrigger
      ? GitLabTrigger(job: job, variables: variables, sharedFolders: sharedFolders).lower(
        from: [LooseEnd(start)], in: &draft)
      : run(from: [LooseEnd(start)], in: &draft)
    noteDotenv(in: draft.builder.steps[first...])
    retry(from: first, in: &draft)
    exits.success = keep(exits.success, from: first, in: &draft)
    ends.succeeded = end(exits.success, in: &draft)
    if wantsFailure, !exits.failure.isEmpty {
      ends.failed = draft.add(control, from: exits.failure)
    }
    return ends
  }

  private var control: Step {
    Step(name: job.name, route: job.route, kind: .control, location: job.location)
  }

  /// The images that the script runs in and beside, where their names are known.
  private var images: [Step] {
    let trees = [job.tree["image"]].compactMap(\.self) + (job.tree["services"]?.items ?? [])
    return trees.enumerated().compactMap { number, tree in
      let name = tree["name"] ?? tree
      return ContainerImage(variables.value(of: name), at: name.location)?
        .step(named: job.name, route: job.route, number: number)
    }
  }

  private func end(_ ends: [LooseEnd], in draft: inout GitLabDraft) -> Int? {
    guard let first = ends.first else { return nil }
    if ends.count == 1, first.outcome == .success, first.guards.isEmpty { return first.step }
    return draft.add(control, from: ends)
  }

  // MARK: Scripts

  private func run(from entry: [LooseEnd], in draft: inout GitLabDraft) -> ScriptExits {
    var text = ScriptText()
    for key in ["before_script", "script"] { append(job.tree[key], to: &text) }
    for step in job.tree["run"]?.items ?? [] { append(step["script"], to: &text) }
    var exits = ScriptExits(success: entry, failure: [])
    if !text.isEmpty {
      exits = ShellLowering.lower(
        text, in: context(job.route, draft.context), into: &draft.builder, from: entry)
      for gap in exits.gaps { draft.report(gap) }
    }
    guard let after = job.tree["after_script"] else { return exits }
    var last = ScriptText()
    append(after, to: &last)
    if last.isEmpty { return exits }
    // It runs in a shell of its own, whatever happened before, and its failure changes nothing.
    let failed = failing(exits.failure, in: &draft)
    for (ends, isFailure) in [(exits.success, false), (failed, true)] where !ends.isEmpty {
      var context = context("\(job.route).after_script", draft.context)
      context.environment["CI_JOB_STATUS"] = .literal(isFailure ? "failed" : "success")
      let outcome = ShellLowering.lower(last, in: context, into: &draft.builder, from: ends)
      let all = outcome.success + outcome.failure
      if isFailure { exits.failure = all } else { exits.success = all }
    }
    return exits
  }

  /// The ways out on which the job has failed: a script's `exit 1` is a failure to the runner, too.
  private func failing(_ ends: [LooseEnd], in draft: inout GitLabDraft) -> [LooseEnd] {
    let decided = ends.filter { $0.outcome != .failure }
    if decided.isEmpty { return ends }
    let step = draft.add(control, from: decided)
    return ends.filter { $0.outcome == .failure } + [LooseEnd(step, .failure)]
  }

  /// Adds the lines of a script, each of them a command of its own.
  private func append(_ tree: GitLabTree?, to text: inout ScriptText, depth: Int = 0) {
    guard let tree, depth < 12 else { return }
    for item in tree.items { append(item, to: &text, depth: depth + 1) }
    guard case .scalar(let node, let source) = tree, let own = node.text else { return }
    let bytes = Array(own.utf8)
    let insertions = GitLabSource.interpolations(in: bytes).map { insertion in
      ScriptContext.Substitution(
        range: insertion.range,
        value: source.inputs[insertion.name].map { .literal($0) } ?? .unknown([]))
    }
    text.append(node, insertions)
    text.append("\n")
  }

  private func context(_ route: String, _ reading: ReadingContext) -> ScriptContext {
    var context = ScriptContext(
      path: job.tree["script"]?.source.file.path ?? job.tree.source.file.path,
      stepName: job.name, route: route, variableScope: job.prefix, fileScope: job.prefix)
    context.environment = variables.values
    context.exitsOnError = true
    context.pipesFail = true
    context.sharedFolders = sharedFolders
    context.otherScript = { reading.script(Self.normalised($0)) }
    for file in job.dotenvFiles {
      context.namedFiles[Self.normalised(file)] = .fields(of: job.dotenv, path: [])
    }
    return context
  }

  private static func normalised(_ path: String) -> String {
    var path = path[...]
    for start in ["$CI_PROJECT_DIR/", "${CI_PROJECT_DIR}/"] where path.hasPrefix(start) {
      path = path.dropFirst(start.count)
    }
    while path.hasPrefix("./") { path = path.dropFirst(2) }
    return String(path)
  }

  private mutating func noteDotenv(in steps: ArraySlice<Step>) {
    var seen: Set<String> = []
    for step in steps {
      for assignment in step.assignments where assignment.variable == job.dotenv {
        if case .field(let name)? = assignment.path.first, seen.insert(name).inserted {
          dotenvNames.append(name)
        }
      }
    }
  }

  private func retry(from first: Int, in draft: inout GitLabDraft) {
    guard let retry = job.tree["retry"] else { return }
    let attempts = (retry["max"]?.text ?? retry.text).flatMap { Int($0) }
    let on = retry["when"]?.texts ?? []
    guard attempts != 0 else { return }
    let isAny = on.isEmpty || on.contains("always") || on.contains("script_failure")
    for index in draft.builder.steps.indices[first...]
    where draft.builder.steps[index].call != nil && draft.builder.steps[index].retry == nil {
      draft.builder.update(index) {
        $0.retry = Step.Retry(attempts: attempts, on: isAny ? [] : on, location: retry.location)
      }
    }
  }

  // MARK: What is kept

  /// The caches, pages and releases that the runner makes of a job that has succeeded.
  private func keep(
    _ ends: [LooseEnd], from first: Int, in draft: inout GitLabDraft
  ) -> [LooseEnd] {
    if ends.isEmpty { return [] }
    let written = GitLabFiles(
      draft.builder.steps[first...], context: context(job.route, draft.context))
    var calls: [Call] = []
    for cache in job.caches where cache["policy"]?.text != "pull" {
      calls += self.cache(cache, written).map { [$0] } ?? []
    }
    if let pages = pages(written) { calls.append(pages) }
    if let release = release(written) { calls.append(release) }
    return calls.reduce(ends) { ends, call in
      [
        LooseEnd(
          draft.add(
            Step(name: job.name, route: job.route, call: call, location: call.location), from: ends)
        )
      ]
    }
  }

  private func cache(_ cache: GitLabTree, _ written: GitLabFiles) -> Call? {
    let paths = cache["paths"]?.texts ?? []
    let contents = written.contents(matching: paths, at: cache["paths"]?.location ?? cache.location)
    guard !contents.isEmpty else { return nil }
    var arguments: [Call.Argument] = []
    let key = cache["key"]
    if let files = key?["files"] {
      let read = written.contents(matching: files.texts, at: files.location)
      arguments.append(Call.Argument("cache.key", .list(read), at: files.location))
    } else if let key, key.text != nil {
      arguments.append(Call.Argument("cache.key", variables.value(of: key), at: key.location))
    }
    arguments += contents.map {
      Call.Argument("cache.paths", $0, at: cache["paths"]?.location ?? cache.location)
    }
    return Call(kind: "uses", name: "cache", arguments: arguments, location: cache.location)
  }

  private func pages(_ written: GitLabFiles) -> Call? {
    let key = job.tree["pages"]
    guard key.map({ $0.text != "false" }) ?? (job.name == "pages" || job.name.hasSuffix(":pages"))
    else { return nil }
    let folder =
      key?["publish"]?.text ?? job.tree["publish"]?.text ?? key?["path_prefix"].map { _ in "public"
      }
      ?? "public"
    let contents = written.contents(matching: [folder], at: job.location)
    guard !contents.isEmpty else { return nil }
    return Call(
      kind: "uses", name: "pages",
      arguments: contents.map { Call.Argument("publish", $0, at: job.location) },
      location: job.location)
  }

  private func release(_ written: GitLabFiles) -> Call? {
    guard let release = job.tree["release"] else { return nil }
    var arguments: [Call.Argument] = []
    for entry in release.entries where entry.value.text != nil {
      var value = variables.value(of: entry.value)
      // The description may be the name of a file.
      if entry.name == "description", let path = entry.value.text,
        let content = written.content(of: path, at: entry.value.location)
      {
        value = content
      }
      arguments.append(
        Call.Argument("release.\(entry.name)", value, at: entry.value.location))
    }
    return Call(kind: "uses", name: "release", arguments: arguments, location: release.location)
  }
}

/// The files that a job has written or may read.
struct GitLabFiles {
  private let variables: [String: Variable]
  private let context: ScriptContext

  init(_ steps: ArraySlice<Step>, context: ScriptContext) {
    var variables: [String: Variable] = [:]
    for step in steps {
      for assignment in step.assignments {
        let name = assignment.variable.name
        guard let mark = Self.end(of: "file:", in: name) else { continue }
        variables[String(name[mark...])] = assignment.variable
      }
    }
    self.variables = variables
    self.context = context
  }

  private static func end(of mark: String, in name: String) -> String.Index? {
    var index = name.startIndex
    while index < name.endIndex {
      if name[index] == "f", name[index...].hasPrefix(mark) {
        return name.index(index, offsetBy: mark.count)
      }
      index = name.index(after: index)
    }
    return nil
  }

  /// What the files hold that the patterns name.
  func contents(matching patterns: [String], at location: SourceLocation) -> [Value] {
    let files = GitHubFiles(Set(variables.keys))
    var found: Set<String> = []
    for pattern in patterns {
      var pattern = pattern[...]
      for start in ["$CI_PROJECT_DIR/", "${CI_PROJECT_DIR}/"] where pattern.hasPrefix(start) {
        pattern = pattern.dropFirst(start.count)
      }
      found.formUnion(files.matching(String(pattern)))
    }
    return found.sorted().compactMap { name in
      variables[name].map { .reference(Reference($0, at: location)) }
    }
  }

  /// What a file holds that this job, or one before it, wrote.
  func content(of path: String, at location: SourceLocation) -> Value? {
    guard path.contains("."), !path.contains(" "), !path.contains("\n"), !path.contains("$") else {
      return nil
    }
    let name = GitHubFiles.normalised(path)
    return .reference(Reference(variables[name] ?? context.file(name), at: location))
  }
}
