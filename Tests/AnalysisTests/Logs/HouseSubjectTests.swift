import Analysis
import EventLogs
import Findings
import Rules
import Testing

/// Rules of a house over things that are no outputs.
@Suite struct HouseSubjectTests {
  private static let rule = """
    id: HOUSE403
    name: job-unfinished
    severity: warning
    summary: A job did not end in two minutes.
    events:
      on: job.started
      requires:
        that: { later: { events: [job.done, job.failed], by: job_id, within: 2m } }
        late: { cause: late, says: "ended {delay} after it began" }
        otherwise: { cause: lost, says: "never ended" }
    message: "job {field.job_id} {cause}"
    why: Nobody waits for ever.
    """

  private static func line(_ second: Int, _ name: String, _ job: String) -> String {
    #"{"ts":\#(1_767_225_600 + second),"event":"\#(name)","job_id":\#(job)}"# + "\n"
  }

  @Test func `each thing that a rule speaks of has its own finding`() throws {
    let book = try GeneratedLog.rules(with: Self.rule)
    let judge = LogJudge(rules: book.rules, protocols: book.protocols)
    let text = [
      Self.line(0, "job.started", #""1""#), Self.line(5, "job.started", #""2""#),
      Self.line(10, "job.done", #""1""#), Self.line(200, "job.failed", #""2""#),
      Self.line(210, "job.started", "3"), Self.line(220, "job.started", "3"),
      Self.line(400, "job.started", "4"), Self.line(450, "job.started", "5"),
      Self.line(460, "job.done", #""5""#),
    ].joined()
    let log = LogSource(path: "log.ndjson", input: .bytes(Array(text.utf8)))
    let findings = judge.judge(log).findings.filter { $0.rule == "HOUSE403" }
    #expect(
      findings.map { "\($0.location.line) \($0.cause ?? "")" } == [
        "2 late", "5 lost", "7 log-ends-first",
      ])
  }
}
