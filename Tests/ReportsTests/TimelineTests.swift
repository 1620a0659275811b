import Findings
import Reports
import TestSupport
import Testing

/// How reports tell the story of an output.
@Suite("Timelines in reports")
struct TimelineTests {
  @Test(arguments: [ReportFormat.text, .json])
  func `a story is told once, with its chain`(_ format: ReportFormat) {
    let bytes = format.render(Self.outcome, in: SyntheticFindings.context)
    GoldenFile.expect(
      String(decoding: bytes, as: UTF8.self), equals: "reports/timeline.\(format.rawValue)")
  }

  @Test(.enabled(if: JSONSchemaValidator.isAvailable, "needs Python's jsonschema"))
  func `stories and totals are valid against the schema that we print`() throws {
    let bytes = ReportFormat.json.render(Self.outcome, in: SyntheticFindings.context)
    #expect(try JSONSchemaValidator.complaints(about: bytes, schema: FindingsSchema.text) == "")
  }

  @Test func `totals are tables with the worst row first`() {
    let text = StatisticsTable.text(Self.outcome, rules: SyntheticFindings.rules)
    GoldenFile.expect(text, equals: "reports/timeline-statistics.text")
  }

  @Test func `what was forgotten is told, and how much of it for want of room`() {
    var outcome = CheckOutcome()
    var log = LogSummary(path: "run.ndjson")
    log.forgotten = 5
    outcome.logs = [log]
    let words = "5 outputs were judged and forgotten before the log ended"
    #expect(StatisticsTable.text(outcome, rules: []).contains(words + "\n"))
    outcome.logs[0].evicted = 2
    #expect(StatisticsTable.text(outcome, rules: []).contains(words + ", 2 of them for want"))
  }

  @Test func `findings that are not listed are counted in the last sentence`() {
    var summary = Summary()
    summary.errors = 2
    summary.logs = 1
    summary.unlisted = 7
    #expect(SummaryLine.text(summary) == "Found 2 errors (7 more are not listed) in 1 log.")
  }

  private static let log = "logs/it's a run.ndjson"

  private static var outcome: CheckOutcome {
    var findings = [finding(7, 2000), finding(9, nil)]
    Fingerprint.assign(to: &findings) { $0 }
    var outcome = CheckOutcome(
      findings: findings, summary: Summary(of: findings, suppressed: 0, definitions: 0, logs: 1))
    outcome.timelines = [timeline]
    var totals = UseTotals()
    let exposure = UseTotals.Exposure(
      count: 2, medianMilliseconds: 1000, percentile95Milliseconds: 2000,
      maximumMilliseconds: 2000, precisionMilliseconds: 1000, worstOutput: "sha256:e009",
      worstPath: log, worstLine: 7)
    totals.rules = [UseTotals.Row(name: "X101", uses: 5, violations: 2, exposure: exposure)]
    totals.services = [
      UseTotals.Row(name: "", uses: 3, violations: 0),
      UseTotals.Row(name: "app\u{1b}", uses: 4, violations: 2, exposure: exposure),
    ]
    totals.steps = [UseTotals.Row(name: "refunds/pay", uses: 1, violations: 1)]
    outcome.totals = totals
    return outcome
  }

  private static func finding(_ line: Int, _ exposure: Double?) -> Finding {
    var evidence = Evidence(
      verdict: .violated, reason: "late-certificate", exposureMilliseconds: exposure,
      output: "sha256:e009", certificate: "c1",
      events: [
        Evidence.Event(line: line, time: "2026-01-01T00:00:01Z", name: "action.executed"),
        Evidence.Event(line: 12, time: "2026-01-01T00:00:03Z", name: "cert.issued"),
      ])
    evidence.precisionMilliseconds = 1000
    evidence.sharedIdentity = "output_hash sha256:e009"
    evidence.timeline = 0
    return Finding(
      rule: "X101", name: "early-handoff", cause: "late-certificate", severity: .error,
      message: "action `refund` ran before the certificate of `sha256:e009`",
      location: SyntheticFindings.place(log, line, 1..<75), evidence: evidence)
  }

  private static var timeline: Timeline {
    func moment(_ kind: Moment.Kind, _ name: String, _ line: Int, _ offset: Double) -> Moment {
      Moment(
        kind: kind, name: name, path: log, line: line, time: "2026-01-01T00:00:0\(line % 10)Z",
        offsetMilliseconds: offset, precisionMilliseconds: 1000, producer: "app")
    }
    var votes = moment(.votes, "validator.voted", 4, 1000)
    votes.count = 3
    votes.lastLine = 11
    votes.lastOffsetMilliseconds = 2000
    votes.tally = [
      Moment.Tally(value: "valid", count: 2), Moment.Tally(value: "invalid", count: 1),
    ]
    votes.producer = nil
    var use = moment(.use, "cache.written", 7, 1000)
    use.sink = "k1"
    use.isEarly = true
    var read = moment(.reuse, "cache.read", 8, 2000)
    read.sink = "k1"
    var timeless = moment(.use, "action.executed", 9, 2000)
    timeless.sink = "refund"
    timeless.time = nil
    timeless.offsetMilliseconds = nil
    timeless.isEarly = true
    let chain = Chain(
      firstOutput: "sha256:a111",
      links: [
        Chain.Link(moment: use, output: "sha256:e009", via: .output, shared: "sha256:e009"),
        Chain.Link(moment: read, output: "sha256:e009", via: .key, shared: "k1", source: 0),
        Chain.Link(moment: timeless, output: "sha256:e009", via: .request, shared: "r2", source: 1),
      ],
      omittedLinks: 2, liveMilliseconds: 2000, precisionMilliseconds: 1000, end: .certificate)
    return Timeline(
      output: "sha256:e009", certificate: "c1",
      moments: [
        moment(.request, "generate.requested", 2, -1000),
        moment(.response, "generate.responded", 3, 0), votes, use, read, timeless,
        moment(.certificate, "cert.issued", 12, 3000),
        moment(.revocation, "cert.revoked", 40, 300_000),
      ],
      omittedMoments: 4, exposureMilliseconds: 2000, precisionMilliseconds: 1000, chain: chain)
  }
}
