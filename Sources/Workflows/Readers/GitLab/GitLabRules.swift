import Expressions
import SourceText

/// Lowers what decides whether a job runs, and whether a person starts it.
struct GitLabRules {
  let job: GitLabJob
  let variables: GitLabVariables

  struct Entrance {
    var runs: [LooseEnd] = []
    /// The job is not in the pipeline.
    var skipped: [LooseEnd] = []
    /// Nobody started the job, and nothing waits for it.
    var notPlayed: [LooseEnd] = []
  }

  func lower(from entry: [LooseEnd], in draft: inout GitLabDraft) -> Entrance {
    guard let rules = job.tree["rules"], !rules.items.isEmpty else {
      return lowerPlain(from: entry, in: &draft)
    }
    var entrance = Entrance()
    var open = entry
    for rule in rules.items {
      if open.isEmpty { break }
      var matched = open
      if let condition = condition(of: rule) {
        let location = (rule["if"] ?? rule).location
        let branch = draft.add(
          Step(
            name: job.name, route: "\(job.route).rules", kind: .branch,
            decisions: [Step.Decision(condition, at: location)], location: location), from: open)
        matched = [LooseEnd(branch, guards: [Edge.Guard(0, true)])]
        open = [LooseEnd(branch, guards: [Edge.Guard(0, false)])]
      } else {
        open = []
      }
      start(
        matched, rule["when"]?.text ?? job.when,
        mayBeLeft: rule["allow_failure"]?.text == "true" || job.allowsFailure,
        rule["when"] ?? rule, &entrance, in: &draft)
    }
    entrance.skipped += open
    return entrance
  }

  /// `nil` where the rule always matches.
  private func condition(of rule: GitLabTree) -> Condition? {
    var parts: [Condition] = []
    if let test = rule["if"] { parts.append(variables.condition(of: test)) }
    if rule["changes"] != nil || rule["exists"] != nil { parts.append(.unknown([])) }
    if parts.isEmpty { return nil }
    return parts.count == 1 ? parts[0] : .all(parts)
  }

  private func lowerPlain(
    from entry: [LooseEnd], in draft: inout GitLabDraft
  ) -> Entrance {
    var entrance = Entrance()
    var open = entry
    if let only = job.tree["only"] ?? job.tree["except"] {
      let branch = draft.add(
        Step(
          name: job.name, route: "\(job.route).rules", kind: .branch,
          decisions: [Step.Decision(legacyCondition, at: only.location)],
          location: only.location), from: open)
      open = [LooseEnd(branch, guards: [Edge.Guard(0, true)])]
      entrance.skipped = [LooseEnd(branch, guards: [Edge.Guard(0, false)])]
    }
    let allows = job.tree["allow_failure"]
    start(
      open, job.when, mayBeLeft: allows?.text != "false", job.tree["when"] ?? job.tree, &entrance,
      in: &draft)
    return entrance
  }

  /// Branches, tags and the pipeline's source are not followed; expressions over variables are.
  private var legacyCondition: Condition {
    var parts: [Condition] = []
    for (key, isNegated) in [("only", false), ("except", true)] {
      guard let tree = job.tree[key] else { continue }
      let tests = tree["variables"]?.items ?? []
      let condition: Condition =
        tests.isEmpty ? .unknown([]) : .any(tests.map(variables.condition))
      parts.append(isNegated ? .not(condition) : condition)
    }
    return parts.count == 1 ? parts[0] : .all(parts)
  }

  private func start(
    _ ends: [LooseEnd], _ when: String, mayBeLeft: Bool, _ place: GitLabTree,
    _ entrance: inout Entrance, in draft: inout GitLabDraft
  ) {
    switch when {
    case "never": entrance.skipped += ends
    case "manual":
      let approval = draft.add(
        Step(name: job.name, route: job.route, kind: .approval, location: place.location),
        from: ends)
      entrance.runs.append(LooseEnd(approval))
      if mayBeLeft { entrance.notPlayed += ends }
    case "delayed":
      let delay = draft.add(
        Step(
          name: job.name, route: job.route, kind: .delay,
          location: (job.tree["start_in"] ?? place).location), from: ends)
      entrance.runs.append(LooseEnd(delay))
    default: entrance.runs += ends
    }
  }
}
