import Findings
import Reports
import Rules

/// Findings of every kind, which every format is tested on.
enum SyntheticFindings {
  static let workflow = ".github/workflows/answer.yml"
  static let action = "actions/publish it/action.yml"
  static let log = "logs/run.ndjson"

  static let sources: [String: [Int: String]] = [
    workflow: [
      12: "        run: curl -sf https://api.example/v1/generate -d @prompt.json > answer.json",
      15: "        if: steps.ask.outputs.status == '200'",
      16: "\t# 検証済み: not a comment for machines",
      31:
        "          body: ${{ steps.ask.outputs.answer }} and a tail that is long enough to be cut off by a "
        + "terminal which is not as wide as the line, whatever happens to stand in it",
    ],
    action: [4: "    gh release create \"$TAG\" --notes \"$ANSWER\" # 検証済み ✓"],
    log: [
      7: #"{"ts":"2026-01-01T00:00:01Z","event":"action.executed","action":"refund"}"#,
      9: #"{"ts":"2026-01-01T00:00:02Z","event":"badge.shown","label":"verified"}"#,
    ],
  ]

  static func place(_ path: String, _ line: Int, _ columns: Range<Int>) -> Location {
    Location(
      path: path, line: line, column: columns.lowerBound, endLine: line,
      endColumn: columns.upperBound, startByte: line * 100, endByte: line * 100 + columns.count)
  }

  static var findings: [Finding] {
    var findings = [handoff, badge, unreadable, late, inconclusive].sorted(
      by: FindingOrder.precedes)
    Fingerprint.assign(to: &findings) { $0 }
    return findings
  }

  static var outcome: CheckOutcome {
    var accepted = handoff
    accepted.location = place(workflow, 15, 13..<46)
    accepted.flow = []
    accepted.fingerprint = "00000000000000000000000000000000:1"
    var excerpts: [String: Excerpt] = [:]
    for (path, lines) in sources {
      excerpts[path] = Excerpt(
        repositoryPath: path, lines: lines,
        lineHashes: Dictionary(uniqueKeysWithValues: lines.keys.map { ($0, "abc\($0):1") }))
    }
    var outcome = CheckOutcome(
      findings: findings,
      suppressed: [
        SuppressedFinding(accepted, reason: "reviewed on paper", source: .inline)
      ],
      excerpts: excerpts,
      summary: Summary(of: findings, suppressed: 1, definitions: 2, logs: 1))
    outcome.workflows = [drawnWorkflow]
    outcome.timelines = [timeline]
    return outcome
  }

  static let rules: [Rule] = [
    rule("X101", "early-handoff", .error, "An answer goes out before its proof exists."),
    rule("X102", "early-badge", .warning, "A badge claims what nobody proved."),
    rule("X103", "never-found", .note, "A rule that finds nothing here."),
    rule("X900", "unreadable", .error, "A file that cannot be read whole."),
  ]

  static let context = ReportContext(
    tool: Tool(name: "mira-lint", version: "0.0.0", address: "https://example.org/mira-lint"),
    rules: rules)

  private static func rule(
    _ id: String, _ name: String, _ severity: Level, _ summary: String
  ) -> Rule {
    var rule = Rule()
    rule.id = id
    rule.name = name
    rule.severity = severity
    rule.summary = summary
    rule.why = "Because the first answer is provisional.\n\nNothing proves it yet."
    rule.remedies = ["default": "wait for the proof", "github-actions": "gate on `cert`"]
    rule.references = ["https://example.org/why"]
    rule.origin = "built-in"
    rule.check = id == "X900" ? .linter(.unreadableInput) : .workflow(.secret)
    return rule
  }

  private static var handoff: Finding {
    var finding = Finding(
      rule: "X101", name: "early-handoff", cause: "completion-gate", severity: .error,
      message: "`Comment` posts the answer of `Ask` after a check of completion only",
      location: place(workflow, 31, 17..<48),
      flow: [
        FlowStep(
          role: .generated, message: "the answer of `Ask` is generated here",
          location: place(workflow, 12, 14..<84)),
        FlowStep(
          role: .gate, message: "only completion is checked here",
          location: place(workflow, 15, 13..<46)),
        FlowStep(
          role: .consumed, message: "`Comment` posts it to the pull request",
          location: place(workflow, 31, 17..<48)),
      ],
      remedy:
        "post it only when the certificate is there:\n  if: steps.ask.outputs.cert_hash != ''",
      route: "jobs.answer.steps[3]", subject: "${{ steps.ask.outputs.answer }}")
    finding.observed = Observation(
      count: 14, worstExposureMilliseconds: 1842, first: place(log, 7, 1..<80),
      firstTime: "2026-01-01T00:00:01Z")
    finding.drawnPath = drawnPath
    return finding
  }

  private static var badge: Finding {
    Finding(
      rule: "X102", name: "early-badge", cause: "no-gate", severity: .warning, confidence: .medium,
      message:
        "`Publish` calls the answer of `Ask` verified, and nothing on the way there looked at "
        + "its certificate",
      location: place(action, 4, 32..<54),
      flow: [
        FlowStep(
          role: .generated, message: "generated", location: place(workflow, 12, 14..<84)),
        FlowStep(role: .passed, message: "", location: place(workflow, 16, 4..<8)),
        FlowStep(
          role: .consumed, message: "claimed \u{1b}[31mhere", location: place(action, 4, 32..<54)),
      ],
      route: "runs.steps[0]", subject: "--notes \"$ANSWER\"")
  }

  private static var unreadable: Finding {
    Finding(
      rule: "X900", name: "unreadable", severity: .error,
      message: "the file cannot be read: Permission denied",
      location: place("locked dir/ü.yml", 1, 1..<1))
  }

  private static var late: Finding {
    var finding = Finding(
      rule: "X101", name: "early-handoff", cause: "late-certificate", severity: .error,
      message: "action `refund` ran 1842 ms before the certificate of `sha256:e009`",
      location: place(log, 7, 1..<75),
      evidence: Evidence(
        verdict: .violated, reason: "late-certificate", exposureMilliseconds: 1842.25,
        output: "sha256:e009", certificate: "c1",
        events: [
          Evidence.Event(line: 3, time: "2026-01-01T00:00:00Z", name: "generate.responded"),
          Evidence.Event(line: 7, time: "2026-01-01T00:00:01Z", name: "action.executed"),
          Evidence.Event(line: 12, time: nil, name: "cert.issued"),
        ]),
      route: "action.executed refund", subject: "refund")
    finding.evidence?.timeline = 0
    return finding
  }

  private static var inconclusive: Finding {
    Finding(
      rule: "X102", name: "early-badge", severity: .warning, confidence: .low,
      message: "badge `verified` may have been shown before the certificate",
      location: place(log, 9, 1..<70),
      evidence: Evidence(
        verdict: .inconclusive, reason: "clock-skew",
        events: [Evidence.Event(line: 9, time: "2026-01-01T00:00:02Z", name: "badge.shown")]),
      route: "badge.shown verified", subject: "verified")
  }
}
