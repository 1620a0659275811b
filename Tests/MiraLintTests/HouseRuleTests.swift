import Findings
import Foundation
import MiraLint
import TestSupport
import Testing

/// The rules that the page about the language shows: a user's own, without Swift.
@Suite("Rules of the house")
struct HouseRuleTests {
  @Test func `an export without a second reviewer in the hour before is flagged`() async throws {
    let findings = try await findings(
      in: [
        event(0, "generate.responded", "req_1", #""output_hash":"h1""#),
        event(10, "approved", "req_1", #""output_hash":"h1","approved_by":"ann""#),
        event(20, "approved", "req_1", #""output_hash":"h1","approved_by":"ann""#),
        event(30, "output.exported", "req_1", #""output_hash":"h1""#),
        // The second reviewer comes, but the first one's word is an hour old by then.
        event(3_000, "approved", "req_1", #""output_hash":"h1","approved_by":"bob""#),
        event(3_100, "output.exported", "req_1", #""output_hash":"h1","key":"again""#),
        event(3_700, "output.exported", "req_1", #""output_hash":"h1","key":"late""#),
      ], by: "HOUSE201")
    #expect(
      findings == [
        "4 missing-reviewer h1 was exported by `app`: 1 of 2 reviewers had approved it in the hour before",
        "7 missing-reviewer h1 was exported by `app`: 1 of 2 reviewers had approved it in the hour before",
      ])
  }

  @Test func `two models for one prompt are flagged`() async throws {
    let findings = try await findings(
      in: [
        event(0, "generate.requested", "req_1", #""prompt_hash":"p1","model":"small""#),
        event(1, "generate.requested", "req_2", #""prompt_hash":"p1","model":"small""#),
        event(2, "generate.requested", "req_3", #""prompt_hash":"p2","model":"large""#),
        event(3, "generate.requested", "req_4", #""prompt_hash":"p1","model":"large""#),
      ], by: "HOUSE202")
    #expect(
      findings == ["4 two-models `large` was asked the same prompt after `small` (line 1)"])
  }

  @Test func `a price above its limit waits for the certificate`() async throws {
    let findings = try await findings(
      in: [
        event(0, "generate.responded", "req_1", #""output_hash":"h1""#),
        event(1, "action.executed", "req_1", #""action":"pay","price":90,"limit":100"#),
        event(2, "action.executed", "req_1", #""action":"buy","price":"1,200.50","limit":100"#),
        event(3, "cert.issued", "req_1", #""output_hash":"h1","cert_hash":"c1""#),
        event(4, "action.executed", "req_1", #""action":"sell","price":120,"limit":100"#),
      ], by: "HOUSE203")
    #expect(
      findings == [
        "3 late-certificate `buy` paid 1,200.50, above the limit of 100, 1.000 s before its certificate"
      ])
  }

  @Test func `events that share a field of one's own belong together`() async throws {
    let rule = """
      id: HOUSE204
      name: shipped-unpaid
      severity: error
      summary: An order was shipped before it was paid.
      events:
        on: order.shipped
        requires:
          that: { latest: { of: { events: order.paid, by: order_id }, says: { amount: { greater-or-equal: { event: total } } } } }
          otherwise: { cause: unpaid }
      message: "order {field.order_id} was shipped {other.field.amount}"
      why: Goods are gone.
      """
    let findings = try await findings(
      in: [
        event(0, "order.paid", "req_1", #""order_id":7,"amount":80"#),
        event(1, "order.shipped", "req_2", #""order_id":7,"total":80"#),
        event(2, "order.paid", "req_3", #""order_id":8,"amount":90"#),
        event(3, "order.paid", "req_4", #""order_id":8,"amount":20"#),
        event(4, "order.shipped", "req_5", #""order_id":8,"total":90"#),
      ], by: "HOUSE204", with: rule)
    #expect(findings == ["5 unpaid order 8 was shipped 20"])
  }

  @Test func `what must come earlier may go by a field of one's own`() async throws {
    let rule = """
      id: HOUSE207
      name: shipped-before-order
      severity: error
      summary: Goods were shipped before they were ordered.
      events:
        on: order.shipped
        requires:
          that: { earlier: { events: order.placed, by: order_id } }
          late: { cause: shipped-early, says: "{exposure}" }
          otherwise: { cause: never-ordered }
      message: "order {field.order_id} was shipped {cause}"
      why: Nobody may have wanted it.
      """
    let findings = try await findings(
      in: [
        event(0, "order.placed", "req_1", #""order_id":7"#),
        event(1, "order.shipped", "req_2", #""order_id":7"#),
        event(2, "order.shipped", "req_3", #""order_id":8"#),
        event(5, "order.placed", "req_4", #""order_id":8"#),
      ], by: "HOUSE207", with: rule)
    #expect(findings == ["3 shipped-early order 8 was shipped 3.000 s"])
  }

  @Test func `numbers that are no shares are compared as they are`() async throws {
    let rule = """
      id: HOUSE208
      name: too-dear
      severity: error
      summary: An order cost more than a quarter.
      events:
        on: order.placed
        requires:
          that: { test: { price: { less-or-equal: 0.25 } } }
          otherwise: { cause: too-dear }
      message: "{field.price}"
      why: Nobody pays more.
      """
    let findings = try await findings(
      in: [
        event(0, "order.placed", "req_1", #""price":0.25"#),
        event(1, "order.placed", "req_2", #""price":0.25009"#),
        event(2, "order.placed", "req_3", #""price":"1,000.5""#),
      ], by: "HOUSE208", with: rule)
    #expect(findings == ["2 too-dear 0.25009", "3 too-dear 1,000.5"])
  }

  @Test func `what a protocol lists under a meaning is one word to a rule`() async throws {
    let rule = """
      id: HOUSE209
      name: shipped-refused
      severity: error
      summary: What the desk had refused was shipped.
      events:
        on: order.shipped
        requires:
          that: { latest: { of: { events: desk.decided, by: request }, says: { vote: { means: approving } } } }
          otherwise: { cause: refused, says: "although the desk said {other.field.vote}" }
      message: "`{event}` came {cause}"
      why: Somebody said no.
      """
    let findings = try await findings(
      in: [
        event(0, "desk.decided", "req_1", #""vote":"Affirm""#),
        event(1, "order.shipped", "req_1", ""),
        event(2, "desk.decided", "req_2", #""vote":"reject""#),
        event(3, "order.shipped", "req_2", ""),
      ], by: "HOUSE209", with: rule)
    #expect(findings == ["4 refused `order.shipped` came although the desk said reject"])
  }

  @Test func `a deadline may run from another event, and a log may end before it`() async throws {
    let rule = """
      id: HOUSE205
      name: unanswered-alarm
      severity: error
      summary: An alarm was not answered in time.
      events:
        on: alarm.raised
        requires:
          that: { later: { events: alarm.answered, by: request, within: 10s, from: { events: fault.seen, by: request } } }
          late: { cause: late-answer, says: "{delay}" }
          otherwise: { cause: no-answer }
      message: "the alarm {cause}"
      why: Somebody waits.
      """
    let findings = try await findings(
      in: [
        event(0, "fault.seen", "req_1", ""), event(5, "alarm.raised", "req_1", ""),
        event(12, "alarm.answered", "req_1", ""), event(20, "alarm.raised", "req_2", ""),
        event(29, "alarm.answered", "req_2", ""), event(30, "alarm.raised", "req_3", ""),
        event(50, "alarm.raised", "req_4", ""), event(55, "fault.seen", "req_5", ""),
      ], by: "HOUSE205", with: rule)
    #expect(
      findings == [
        "2 late-answer the alarm 12.000 s", "6 no-answer the alarm",
        "7 log-ends-first the alarm is not decided: the log ends before its time is over",
      ])
  }

  @Test func `between and times of fields`() async throws {
    let rule = """
      id: HOUSE206
      name: expired
      severity: warning
      summary: A text was published under a licence that had expired.
      events:
        on: text.published
        given: { between: { of: licence.checked, after: licence.bought, before: text.reviewed } }
        requires:
          that: { not: { exists: { events: licence.bought, where: { expires: { before: event-time } } } } }
          otherwise: { cause: expired }
      message: "a licence of {field.request} expired {other.field.expires}"
      why: Licences end.
      """
    func story(_ request: String, _ order: [String], _ start: Int) -> [String] {
      order.enumerated().map { index, name in
        event(start + index, name, request, #""expires":"2026-03-02T09:00:04Z""#)
      }
    }
    let names = ["licence.bought", "licence.checked", "text.reviewed", "text.published"]
    let findings = try await findings(
      in: story("req_1", names, 0) + story("req_2", names, 10)
        + story(
          "req_3", ["licence.bought", "text.reviewed", "licence.checked", "text.published"], 20),
      by: "HOUSE206", with: rule)
    #expect(findings == ["8 expired a licence of req_2 expired 2026-03-02T09:00:04Z"])
  }

  @Test(arguments: [
    (
      "{ earlyer: certificate }",
      "rules.yml:8:13: error: events.requires.that: `earlyer` is not a key of a condition; did you mean `earlier`?"
    ),
    (
      "{ count: { of: use } }",
      "rules.yml:8:22: error: events.requires.that.count: a count needs one of the keys `at-least`, `at-most`"
    ),
    (
      "{ later: { events: use, within: one hour } }",
      "rules.yml:8:43: error: events.requires.that.later.within: expected a length of time such as `500ms`, `3s`, `1h`, or `round-budget`, found `one hour`"
    ),
    (
      "{ between: { of: use } }",
      "rules.yml:8:24: error: events.requires.that.between: an interval needs one of the keys `after`, `before`; without them it is `exists`"
    ),
    (
      "{ exists: { events: use, by: [output, request] } }",
      "rules.yml:8:40: error: events.requires.that.exists.by: events share one identity and one field at most; compare others under `where`: `{ request: { compared: same } }`"
    ),
  ])
  func `a mistake is located and explained`(_ condition: String, _ problem: String) async throws {
    let rule = """
      id: HOUSE207
      name: broken
      severity: error
      summary: A rule with a mistake.
      events:
        on: use
        requires:
          that: \(condition)
          otherwise: { cause: wrong }
      message: "`{sink}` is wrong"
      why: It shows a mistake.
      """
    do {
      _ = try await findings(in: [], by: "HOUSE207", with: rule)
      Issue.record("the mistake went unnoticed")
    } catch let LinterError.brokenDocuments(problems) {
      #expect(problems.map { $0.replacing(/^.*rules\.yml/, with: "rules.yml") } == [problem])
    }
  }

  private func event(
    _ second: Int, _ name: String, _ request: String, _ fields: String
  ) -> String {
    let time = 1_772_442_000 + second
    let data = fields.isEmpty ? "" : ",\"data\":{\(fields)}"
    return
      #"{"ts":\#(time).000,"event":"\#(name)","request_id":"\#(request)","service":"app"\#(data)}"#
  }

  /// Line, cause and message of what a rule of the page, or another one, finds.
  private func findings(
    in lines: [String], by rule: String, with document: String? = nil
  ) async throws -> [String] {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let page = try String(contentsOfFile: Checkout.root + "docs/rule-language.md", encoding: .utf8)
    let documents =
      page.components(separatedBy: "```yaml\n").dropFirst()
      .compactMap { $0.components(separatedBy: "```").first } + (document.map { [$0] } ?? [])
    #expect(documents.count >= 4)
    if let document {
      try document.write(to: folder.appending(path: "rules.yml"), atomically: true, encoding: .utf8)
    } else {
      try documents.joined(separator: "---\n").write(
        to: folder.appending(path: "rules.yml"), atomically: true, encoding: .utf8)
    }
    let log = folder.appending(path: "log.ndjson")
    try (lines.joined(separator: "\n") + "\n").write(to: log, atomically: true, encoding: .utf8)
    var settings = Settings(workingDirectory: folder.path())
    settings.repositoryRoot = folder.path()
    settings.rulePaths = [folder.appending(path: "rules.yml").path()]
    settings.selected = [rule]
    settings.assumedFormat = "log"
    return try await Linter(settings).check(["log.ndjson"]).findings.map { finding in
      "\(finding.location.line) \(finding.cause ?? "") \(finding.message)"
    }
  }
}
