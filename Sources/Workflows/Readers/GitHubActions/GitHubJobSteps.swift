import Expressions
import SourceText

/// Lowers the body of a job that has steps of its own.
struct GitHubJobSteps {
  let job: GitHubJob
  let scope: GitHubScope
  /// The workflow, for its defaults.
  let root: Node

  func lower(
    _ entry: GitHubRails, wantsFailure: Bool, in draft: inout GitHubDraft
  ) -> GitHubJobBody {
    let continuesOnError = job.node["continue-on-error"]?.text == "true"
    var rails = GitHubRails()
    var starts: [Int] = []
    for (rail, ends) in entry.open where !ends.isEmpty {
      var start = draft.add(
        Step(name: job.name, route: job.route, kind: .control, location: job.location),
        from: ends)
      starts.append(start)
      if let approval { start = draft.add(approval, from: [LooseEnd(start)]) }
      for image in containers { start = draft.add(image, from: [LooseEnd(start)]) }
      rails.add([LooseEnd(start)], to: rail)
    }
    var scope = scope
    scope.workingDirectory = defaults("working-directory")
    var lowering = GitHubStepsLowering(
      scope: scope, route: job.route, entry: rails,
      wantsFailure: wantsFailure || continuesOnError, defaultShell: defaults("shell"),
      isWindows: isWindows)
    lowering.lower(job.node["steps"]?.items ?? [], in: &draft)
    var posts = lowering.posts
    for index in posts.indices { posts[index].find(lowering.scope.files) }
    lowering.onSuccess(in: &draft) { draft, rail, ends in
      let posts = posts.span
      var ends = ends
      for index in posts.indices.reversed() {
        ends = posts[index].lower(&draft, on: rail, from: ends)
      }
      return ends
    }
    assignWrittenEnvironment(lowering.scope, at: starts, in: &draft)
    var body = GitHubJobBody()
    body.outputs = outputs(lowering.scope, in: &draft)
    body.declaredOutputs = GitHubDefinition.spellings(of: job.node["outputs"])
    for (rail, ends) in lowering.rails.open {
      // To the jobs that need it, a job that may fail has succeeded.
      switch (rail.hasFailed && !continuesOnError, rail.isTainted) {
      case (true, _): body.failed += ends
      case (false, true): body.tainted += ends
      case (false, false): body.clean += ends
      }
    }
    return body
  }

  private func outputs(
    _ scope: GitHubScope, in draft: inout GitHubDraft
  ) -> [Step.Assignment] {
    (job.node["outputs"]?.entries ?? []).compactMap { entry in
      guard let name = entry.key.text else { return nil }
      return Step.Assignment(
        job.variable, path: [.field("outputs"), .field(name)],
        value: GitHubText(scope: scope).value(of: entry.value, in: &draft),
        at: scope.location(entry.value.range))
    }
  }

  /// A variable that a step overwrites has its static value until then.
  private func assignWrittenEnvironment(
    _ scope: GitHubScope, at starts: [Int], in draft: inout GitHubDraft
  ) {
    for name in scope.writtenEnvironment.sorted() {
      guard let value = self.scope.environment[name] else { continue }
      let assignment = Step.Assignment(
        Variable("\(scope.jobPrefix)env.\(name)"), value: value, at: job.location)
      for start in starts { draft.update(start) { $0.assignments.append(assignment) } }
    }
  }

  /// A deployment environment may have reviewers who must approve; the one for Pages is made without.
  private var approval: Step? {
    guard let node = job.node["environment"] else { return nil }
    let name = node["name"] ?? node
    guard let text = name.text, !text.isEmpty, text != "github-pages" else { return nil }
    return Step(
      name: text, route: "\(job.route).environment", kind: .approval,
      location: scope.location(name.range))
  }

  /// The images that the steps run in and beside, where their names are known.
  private var containers: [Step] {
    let services = (job.node["services"]?.entries ?? []).map {
      (route: "services.\($0.key.text ?? "")", node: Optional($0.value))
    }
    return ([(route: "container", node: job.node["container"])] + services).compactMap { item in
      guard let image = item.node?["image"] ?? item.node, let text = image.text,
        !text.holds("${{")
      else { return nil }
      return ContainerImage(.literal(text), at: scope.location(image.range))?
        .step(route: "\(job.route).\(item.route)")
    }
  }

  private func defaults(_ key: String) -> String? {
    (job.node["defaults"]?["run"]?[key] ?? root["defaults"]?["run"]?[key])?.text
  }

  private var isWindows: Bool {
    job.node["runs-on"]?.text?.lowercased().hasPrefix("windows") == true
  }
}
