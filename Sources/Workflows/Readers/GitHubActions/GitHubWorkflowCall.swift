import Expressions
import SourceText

/// Lowers a job that calls another workflow: the jobs of that workflow, where it is in the same repository.
struct GitHubWorkflowCall {
  let job: GitHubJob
  let scope: GitHubScope
  let target: String

  func lower(
    _ entry: GitHubRails, wantsFailure: Bool, in draft: inout GitHubDraft
  ) -> GitHubJobBody {
    var body = GitHubJobBody()
    for isTainted in [false, true] {
      let ends = entry.open.filter { $0.rail.isTainted == isTainted }.flatMap(\.ends)
      if ends.isEmpty { continue }
      let run = run(from: ends, wantsFailure: wantsFailure, in: &draft)
      if isTainted { body.tainted += run.success } else { body.clean += run.success }
      body.failed += run.failure
      body.declaredOutputs = run.declaredOutputs
    }
    return body
  }

  private func run(
    from entry: [LooseEnd], wantsFailure: Bool, in draft: inout GitHubDraft
  ) -> GitHubStepsLowering.Run {
    guard let path = GitHubLocalPath(target) else { return lowerRemote(from: entry, in: &draft) }
    switch draft.include([path.file], steps: { GitHubDefinition.stepCount(of: $0) }) {
    case .failure(let failure):
      draft.report(gap: failure.message(for: target), at: location)
      return lowerRemote(from: entry, in: &draft)
    case .success(let (file, root)):
      defer { draft.endInclusion() }
      return lowerLocal(root, file, from: entry, wantsFailure: wantsFailure, in: &draft)
    }
  }

  private var location: SourceLocation {
    scope.location((job.node["uses"] ?? job.node).range)
  }

  private func lowerRemote(
    from entry: [LooseEnd], in draft: inout GitHubDraft
  ) -> GitHubStepsLowering.Run {
    let arguments = (job.node["with"]?.entries ?? []).map { entry in
      Call.Argument(
        "with.\(entry.key.text ?? "")", GitHubText(scope: scope).value(of: entry.value, in: &draft),
        at: scope.location(entry.value.range))
    }
    let call = Call(kind: "uses", name: target, arguments: arguments, location: location)
    let result = Step.Assignment(
      job.variable, path: [.field("outputs")], value: .result([]), at: location)
    let node = draft.add(
      Step(
        name: job.name, route: job.route, call: call, assignments: [result], location: location),
      from: entry)
    return GitHubStepsLowering.Run(
      success: [LooseEnd(node)], failure: [LooseEnd(node, .failure)])
  }

  private func lowerLocal(
    _ root: Node, _ file: SourceFile, from entry: [LooseEnd], wantsFailure: Bool,
    in draft: inout GitHubDraft
  ) -> GitHubStepsLowering.Run {
    let interface = root["on"]?["workflow_call"]
    let inner = GitHubScope(file: file, prefix: job.prefix, jobPrefix: job.prefix)
    let inputs = GitHubInputs(declared: interface?["inputs"], given: job.node["with"])
    let (values, start) = inputs.bind(
      in: scope, inner: inner, name: job.name, route: job.route, from: entry, draft: &draft)
    var lowering = GitHubJobsLowering(
      root: root, file: file, route: "\(job.route).", prefix: job.prefix, inputs: values,
      entry: start, wantsEveryEnd: true)
    lowering.lower(in: &draft)
    var outputs: [Step.Assignment] = []
    let outputScope = lowering.outputScope()
    for entry in interface?["outputs"]?.entries ?? [] {
      guard let name = entry.key.text, let value = entry.value["value"] else { continue }
      outputs.append(
        Step.Assignment(
          job.variable, path: [.field("outputs"), .field(name)],
          value: GitHubText(scope: outputScope).value(of: value, in: &draft),
          at: outputScope.location(value.range)))
    }
    let successes = lowering.successes(in: &draft)
    var success: [LooseEnd] = []
    if !successes.isEmpty {
      let end = Step(
        name: job.name, route: job.route, kind: .control, joinsAll: successes.count > 1,
        assignments: outputs, location: location)
      success = [LooseEnd(draft.add(end, from: successes))]
    }
    return GitHubStepsLowering.Run(
      success: success, failure: wantsFailure ? lowering.failures : [],
      declaredOutputs: GitHubDefinition.spellings(of: interface?["outputs"]))
  }
}
