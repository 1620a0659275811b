/// Runs of GitHub Actions: jobs and steps as the API, webhooks and `gh run view --json` give them.
///
/// They hold no outputs: what ran when, and whether it succeeded.
/// https://docs.github.com/en/rest/actions/workflow-jobs
package enum GitHubRun: LogReader {
  package static let format = "github-run"
  package static let isUnmistakable = true
  package static let envelope = EventSchema.Envelope()

  package static let marks = ["jobs", "workflow_job"]

  package static func recognizes(_ head: Span<UInt8>) -> Bool {
    HeadValues.contain(in: head) { root in
      root.elements.contains { root in
        jobs(of: root).contains { job in
          job["steps"] != nil && job["conclusion"] != nil
            && (job["started_at"] != nil || job["startedAt"] != nil)
        }
      }
    }
  }

  private static func jobs(of root: JSONItem) -> [JSONItem] {
    root["jobs"]?.items ?? root["workflow_job"].map { [$0] } ?? []
  }

  package static func read(_ input: inout LogInput, into feed: inout LogFeed) {
    DocumentFeed.read(&input, into: &feed) { part, feed in
      for root in part.document.root.elements {
        let jobs = jobs(of: root)
        for (_, group) in Dictionary(grouping: jobs, by: { runIdentifier($0, root) }).sorted(
          by: { $0.key < $1.key })
        {
          if let run = run(group, root, part) { feed.take(run) }
        }
      }
    }
  }

  private static func runIdentifier(_ job: JSONItem, _ root: JSONItem) -> String {
    job.first("run_id")?.scalar ?? root.first("databaseId", "run_id", "url")?.scalar ?? "run"
  }

  private static func run(
    _ jobs: [JSONItem], _ root: JSONItem, _ part: DocumentFeed.Part
  ) -> RecordedRun? {
    guard let first = jobs.first else { return nil }
    let workflow = first["workflow_name"]?.text ?? root.first("workflowName", "name")?.text ?? ""
    var run = RecordedRun(
      engine: "github-actions", workflow: workflow, identifier: runIdentifier(first, root))
    var found: [(start: String, step: RecordedStep)] = []
    for job in jobs {
      for step in job["steps"]?.items ?? [] where !step.isPartial {
        guard let name = step["name"]?.text else { continue }
        let start = step.first("started_at", "startedAt")
        let place = part.place(of: step)
        var recorded = RecordedStep(
          name: name, kind: kind(of: name),
          begin: RecordedStep.Moment(
            sequence: 0, time: start.map { Array($0.source) }, place: place))
        if step["conclusion"]?.text == "success" {
          recorded.end = RecordedStep.Moment(
            sequence: 0, time: step.first("completed_at", "completedAt").map { Array($0.source) },
            place: place)
        }
        found.append((start?.text ?? "", recorded))
      }
    }
    found.sort { $0.start < $1.start }
    for (index, one) in found.enumerated() {
      var step = one.step
      step.begin.sequence = index * 2
      step.end?.sequence = index * 2 + 1
      run.steps.append(step)
    }
    return run
  }

  /// A step without a name is called after what it runs.
  private static func kind(of name: String) -> RecordedStep.Kind {
    guard name.hasPrefix("Run ") else { return .control }
    let rest = name.dropFirst("Run ".count)
    let isAction =
      rest.contains("/") && rest.contains("@")
      && rest.allSatisfy { !$0.isWhitespace && $0 != "\"" && $0 != "$" }
    return isAction ? .call(kind: "uses", name: String(rest)) : .control
  }
}
