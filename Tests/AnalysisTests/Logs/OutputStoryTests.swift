import Analysis
import EventLogs
import Findings
import Rules
import Testing

/// What a log tells of an output that was used too early.
@Suite struct OutputStoryTests {
  /// One output goes into a cache, another request reads it there and acts; a retry brings a second output.
  private static let spread = """
    {"ts":"2026-03-02T09:00:00.000Z","event":"generate.requested","request_id":"r1","service":"gateway","prompt_hash":"p"}
    {"ts":"2026-03-02T09:00:00.180Z","event":"generate.responded","request_id":"r1","service":"api","output_hash":"a1"}
    {"ts":"2026-03-02T09:00:00.300Z","event":"cache.written","request_id":"r1","service":"app","key":"k1","output_hash":"a1"}
    {"ts":"2026-03-02T09:00:00.400Z","event":"validator.voted","request_id":"r1","service":"v","output_hash":"a1","validator":"v1","vote":"valid"}
    {"ts":"2026-03-02T09:00:00.500Z","event":"validator.voted","request_id":"r1","service":"v","output_hash":"a1","validator":"v2","vote":"invalid"}
    {"ts":"2026-03-02T09:00:01.000Z","event":"cache.read","request_id":"r2","service":"app","key":"k1","output_hash":"a1"}
    {"ts":"2026-03-02T09:00:01.300Z","event":"action.executed","request_id":"r2","service":"agent","action":"mail"}
    {"ts":"2026-03-02T09:00:01.400Z","event":"generate.requested","request_id":"r3","service":"gateway","prompt_hash":"p","supersedes":"r1"}
    {"ts":"2026-03-02T09:00:01.600Z","event":"generate.responded","request_id":"r3","service":"api","output_hash":"b2"}
    {"ts":"2026-03-02T09:00:01.700Z","event":"action.executed","request_id":"r3","service":"agent","action":"publish","output_hash":"b2"}
    {"ts":"2026-03-02T09:00:02.180Z","event":"cert.issued","request_id":"r1","service":"consensus","output_hash":"a1","cert_hash":"c1","quorum_weight":0.9}
    {"ts":"2026-03-02T09:00:05.000Z","event":"output.served","request_id":"r1","service":"app","output_hash":"a1"}

    """

  private func judgement(_ text: String) throws -> LogJudgement {
    let book = try GeneratedLog.rules()
    let judge = LogJudge(rules: book.rules, protocols: book.protocols)
    return judge.judge(LogSource(path: "log.ndjson", input: .bytes(Array(text.utf8))))
  }

  @Test func `each output at fault has one story, and its findings point at it`() throws {
    let judgement = try judgement(Self.spread)
    #expect(judgement.timelines.map(\.output).sorted() == ["a1", "b2"])
    for finding in judgement.findings where finding.evidence?.verdict == .violated {
      let place = try #require(finding.evidence?.timeline)
      #expect(judgement.timelines[place].output == finding.evidence?.output)
    }
  }

  @Test func `a story tells request, response, votes, uses and certificate in milliseconds`() throws
  {
    let story = try #require(judgement(Self.spread).timelines.first { $0.output == "a1" })
    let told = story.moments.map { moment in
      "\(moment.kind) \(moment.name) \(moment.line) \(moment.offsetMilliseconds ?? -1)"
        + (moment.isEarly ? " early" : "")
        + moment.tally.map { " \($0.count) \($0.value)" }.joined()
    }
    #expect(
      told == [
        "request generate.requested 1 -180.0", "response generate.responded 2 0.0",
        "use cache.written 3 120.0 early", "votes validator.voted 4 220.0 1 valid 1 invalid",
        "reuse cache.read 6 820.0", "use action.executed 7 1120.0 early",
        "certificate cert.issued 11 2000.0", "reuse output.served 12 4820.0",
      ])
    #expect(story.certificate == "c1")
    #expect(story.exposureMilliseconds == 1880)
    #expect(!story.isExposureOpen)
    #expect(story.moments.map(\.producer).contains("consensus"))
  }

  @Test func `a chain goes through the key and the other request, and ends with the certificate`()
    throws
  {
    let chain = try #require(
      judgement(Self.spread).timelines.first { $0.output == "a1" }?.chain)
    let links = chain.links.map { link in
      "\(link.moment.name) \(link.via) \(link.shared ?? "-") \(link.source.map(String.init) ?? "-")"
    }
    #expect(
      links.prefix(3) == [
        "cache.written output a1 -", "cache.read key k1 0", "action.executed request r2 1",
      ])
    #expect(links.contains("generate.requested supersedes r1 -"))
    #expect(chain.end == .certificate)
    #expect(chain.liveMilliseconds == 1880)
    #expect(chain.firstOutput == "a1")
  }

  @Test func `the output that went first is told of every output of the prompt`() throws {
    let story = try #require(judgement(Self.spread).timelines.first { $0.output == "b2" })
    #expect(story.chain?.firstOutput == "a1")
    #expect(story.chain?.end == .logEnd)
    #expect(story.chain?.liveMilliseconds == 3300)
    #expect(story.isExposureOpen)
  }

  @Test func `whole seconds make no milliseconds`() throws {
    let text = """
      {"ts":1772442000,"event":"generate.responded","request_id":"r1","output_hash":"a1","workflow":"w","step":"s"}
      {"ts":1772442001,"event":"action.executed","request_id":"r1","output_hash":"a1","workflow":"w","step":"s","service":"x"}
      {"ts":1772442003.250,"event":"cert.issued","request_id":"r1","output_hash":"a1","cert_hash":"c"}

      """
    let judgement = try judgement(text)
    let finding = try #require(judgement.findings.first { $0.rule == "MIRA204" })
    #expect(finding.evidence?.precisionMilliseconds == 1000)
    #expect(finding.message.contains("2 s (±1 s) before its certificate"))
    #expect(finding.evidence?.sharedIdentity == "output_hash a1")
    let totals = judgement.ledger.totals
    #expect(totals.steps.map(\.name) == ["w/s"])
    #expect(totals.services.map(\.violations) == [1])
    #expect(totals.services.first?.exposure?.precisionMilliseconds == 1000)
  }

  @Test func `totals count every use, and percentiles only the late certificates`() throws {
    var text = ""
    for number in 0..<40 {
      let time = 1_772_442_000_000 + number * 10_000
      func line(_ offset: Int, _ name: String, _ rest: String) -> String {
        #"{"ts":\#(time + offset),"event":"\#(name)","request_id":"r\#(number)","service":"app","output_hash":"h\#(number)"\#(rest)}"#
          + "\n"
      }
      text += line(0, "generate.responded", "")
      // Every second use is early, by 10 to 200 ms.
      if number % 2 == 0 { text += line(500, "action.executed", "") }
      text += line(500 + (number / 2 + 1) * 10, "cert.issued", ",\"cert_hash\":\"c\(number)\"")
      if number % 2 == 1 { text += line(2000, "action.executed", "") }
    }
    let totals = try judgement(text).ledger.totals
    let app = try #require(totals.services.first)
    #expect(app.name == "app")
    #expect(app.uses == 40)
    #expect(app.violations == 20)
    #expect(app.exposure?.count == 20)
    #expect(app.exposure?.medianMilliseconds == 100)
    #expect(app.exposure?.percentile95Milliseconds == 190)
    #expect(app.exposure?.maximumMilliseconds == 200)
    #expect(app.exposure?.worstOutput == "h38")
    #expect(totals.rules.first { $0.name == "MIRA204" }?.uses == 40)
    // Two checks of it judge every use.
    #expect(totals.rules.first { $0.name == "MIRA208" }?.uses == 40)
  }
}
