import Expressions
import SourceText

/// Lowers a `uses` step: a call, or the steps of a composite action of the same repository.
struct GitHubUsesLowering {
  let step: GitHubStep
  /// What the step sees, its own environment included.
  let scope: GitHubScope
  let ownEnvironment: [String: Value]
  let target: String
  /// The condition on which the step runs, for its second phase.
  let condition: GitHubCondition?
  let wantsFailure: Bool
  private(set) var posts: [GitHubPostPhase] = []

  init(
    step: GitHubStep, scope: GitHubScope, ownEnvironment: [String: Value], target: String,
    condition: GitHubCondition?, wantsFailure: Bool
  ) {
    self.step = step
    self.scope = scope
    self.ownEnvironment = ownEnvironment
    self.target = target
    self.condition = condition
    self.wantsFailure = wantsFailure
  }

  mutating func lower(
    from entry: [LooseEnd], in draft: inout GitHubDraft
  ) -> GitHubStepsLowering.Run {
    if let path = GitHubLocalPath(target) {
      return lowerLocal(path, from: entry, in: &draft)
    }
    let action = target.lowercased().parts(by: "@").first ?? ""
    if action == "actions/github-script", let script = step.node["with"]?["script"] {
      let lowering = GitHubScriptLowering(step: step, scope: scope, script: script)
      return lowering.lower(from: entry, in: &draft)
    }
    return lowerCall(declared: nil, from: entry, in: &draft)
  }

  // MARK: Calls

  private mutating func lowerCall(
    declared: [String: String]?, from entry: [LooseEnd], in draft: inout GitHubDraft
  ) -> GitHubStepsLowering.Run {
    let location = step.location(in: scope)
    let isImage = target.hasPrefix("docker://")
    var entry = entry
    if isImage, !target.holds("${{"),
      let image = ContainerImage(.literal(String(target.dropFirst(9))), at: location)
    {
      entry = [LooseEnd(draft.add(image.step(named: step.name, route: step.route), from: entry))]
    }
    var call = Call(
      kind: isImage ? "image" : "uses",
      name: isImage ? String(target.dropFirst("docker://".count)) : target,
      arguments: arguments(in: &draft), location: location)
    let result = Step.Assignment(
      step.variable, path: [.field("outputs")], value: .result([]), at: location)
    let artifacts = GitHubArtifacts(step: step, scope: scope, target: target)
    let copies = artifacts.copies(in: &draft)
    if let taken = artifacts.taken(in: draft) {
      call.arguments.append(Call.Argument("artifact", taken, at: location))
    }
    let node = draft.add(
      step.lowered(call: call, assignments: [result] + copies, at: location), from: entry)
    call.phase = .post
    posts.append(
      GitHubPostPhase(
        step: step.lowered(part: 1, call: call, at: location), condition: condition,
        inputs: step.node["with"]?.entries ?? [],
        // The names alone: with all that the step saw, every further step would copy what is known so far.
        scope: GitHubScope(file: scope.file, prefix: scope.prefix, jobPrefix: scope.jobPrefix)))
    return GitHubStepsLowering.Run(
      success: [LooseEnd(node)], failure: [LooseEnd(node, .failure)], declaredOutputs: declared)
  }

  private func arguments(in draft: inout GitHubDraft) -> [Call.Argument] {
    var arguments: [Call.Argument] = []
    if let with = step.node["with"] {
      collect(with, "with", depth: 0, into: &arguments, &draft)
    }
    for entry in step.node["env"]?.entries ?? [] {
      guard let name = entry.key.text, let value = ownEnvironment[name] else { continue }
      arguments.append(Call.Argument("env.\(name)", value, at: scope.location(entry.value.range)))
    }
    return arguments
  }

  private func collect(
    _ node: Node, _ name: String, depth: Int, into arguments: inout [Call.Argument],
    _ draft: inout GitHubDraft
  ) {
    guard depth < Limits.nesting else { return }
    switch node.resolved.content {
    case .mapping:
      for entry in node.entries {
        collect(
          entry.value, "\(name).\(entry.key.text ?? "")", depth: depth + 1, into: &arguments,
          &draft)
      }
    case .sequence(let items):
      for (index, item) in items.enumerated() {
        collect(item, "\(name).\(index)", depth: depth + 1, into: &arguments, &draft)
      }
    case .scalar, .alias:
      var value = GitHubText(scope: scope).value(of: node, in: &draft)
      if let content = GitHubFiles(scope.files).content(named: value, as: name, at: node, in: scope)
      {
        // What is in it, and how it is called.
        arguments.append(
          Call.Argument("\(name).named", value, at: scope.location(node.range)))
        value = content
      }
      arguments.append(Call.Argument(name, value, at: scope.location(node.range)))
    }
  }

  // MARK: Actions of the same repository

  private mutating func lowerLocal(
    _ path: GitHubLocalPath, from entry: [LooseEnd], in draft: inout GitHubDraft
  ) -> GitHubStepsLowering.Run {
    let location = step.location(in: scope)
    let files = ["action.yml", "action.yaml"].map { path.path(of: $0) }
    let included = draft.include(files) { GitHubDefinition.stepCount(of: $0) }
    switch included {
    case .failure(let failure):
      draft.report(gap: failure.message(for: target), at: location)
      return lowerCall(declared: nil, from: entry, in: &draft)
    case .success(let (file, root)):
      defer { draft.endInclusion() }
      let declared = GitHubDefinition.spellings(of: root["outputs"])
      guard GitHubDefinition.isComposite(root) else {
        return lowerCall(declared: declared, from: entry, in: &draft)
      }
      return lowerComposite(
        root, in: file, at: path.path(of: ""), declared: declared, from: entry, draft: &draft)
    }
  }

  private mutating func lowerComposite(
    _ root: Node, in file: SourceFile, at directory: String, declared: [String: String],
    from entry: [LooseEnd], draft: inout GitHubDraft
  ) -> GitHubStepsLowering.Run {
    var inner = GitHubScope(
      file: file, prefix: "\(step.variable.name)/", jobPrefix: scope.jobPrefix)
    inner.actionDirectory = directory
    inner.environment = scope.environment
    inner.writtenEnvironment = scope.writtenEnvironment
    inner.files = scope.files
    let inputs = GitHubInputs(declared: root["inputs"], given: step.node["with"])
    let (values, start) = inputs.bind(
      in: scope, inner: inner, name: step.name, route: step.route, from: entry, draft: &draft)
    inner.inputs = values
    var rails = GitHubRails()
    rails.add(start, to: GitHubRail())
    var lowering = GitHubStepsLowering(
      scope: inner, route: step.route, entry: rails, wantsFailure: wantsFailure,
      outerCondition: condition)
    lowering.lower(root["runs"]?["steps"]?.items ?? [], in: &draft)
    posts += lowering.posts
    var success: [LooseEnd] = []
    var failure: [LooseEnd] = []
    for (rail, ends) in lowering.rails.open {
      if rail.hasFailed { failure += ends } else { success += ends }
    }
    if !success.isEmpty {
      success = [LooseEnd(end(root, lowering.scope, from: success, draft: &draft))]
    }
    return GitHubStepsLowering.Run(
      success: success, failure: failure, declaredOutputs: declared)
  }

  /// The action's end, where its outputs get their values.
  private func end(
    _ root: Node, _ inner: GitHubScope, from entry: [LooseEnd], draft: inout GitHubDraft
  ) -> Int {
    var assignments: [Step.Assignment] = []
    for entry in root["outputs"]?.entries ?? [] {
      guard let name = entry.key.text, let value = entry.value["value"] else { continue }
      assignments.append(
        Step.Assignment(
          step.variable, path: [.field("outputs"), .field(name)],
          value: GitHubText(scope: inner).value(of: value, in: &draft),
          at: inner.location(value.range)))
    }
    return draft.add(
      step.lowered(
        kind: .control, assignments: assignments, at: step.location(in: scope)), from: entry)
  }
}

extension GitHubDraft.InclusionFailure {
  /// Why a file of the repository is not followed, in words.
  func message(for target: String) -> String {
    switch self {
    case .missing: "`\(target)` is not in this repository"
    case .cycle: "`\(target)` includes itself"
    case .tooMany: "`\(target)` is included too deeply to follow"
    }
  }
}
