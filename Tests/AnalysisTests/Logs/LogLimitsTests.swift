import Analysis
import EventLogs
import Findings
import Foundation
import Rules
import Testing

/// Logs at the bounds of what is taken; `MIRA_LINT_LARGE=1` runs them at full size.
@Suite struct LogLimitsTests {
  private static let isLarge = ProcessInfo.processInfo.environment["MIRA_LINT_LARGE"] != nil

  private static func judge(_ change: (inout LogOptions) -> Void = { _ in }) throws -> LogJudge {
    let book = try GeneratedLog.rules()
    var options = LogOptions(maximumSkew: 0)
    change(&options)
    return LogJudge(rules: book.rules, protocols: book.protocols, options: options)
  }

  private static func line(_ name: String, _ output: Int, _ rest: String = "") -> String {
    #"{"ts":\#(1_767_225_600_000 + output),"event":"\#(name)","output_hash":"o\#(output)"\#(rest)}"#
      + "\n"
  }

  /// A hundred megabytes at full size.
  @Test func `a line of many blocks is an event like any other, and so are those around it`() throws
  {
    let size = Self.isLarge ? 100_000_000 : 3_000_000
    var bytes = Array(Self.line("generate.responded", 1).utf8)
    bytes += Array(Self.line("action.executed", 1, #","action":"a""#).utf8)
    bytes += Array(#"{"blob":""#.utf8)
    bytes += repeatElement(0x78, count: size)
    bytes += Array(
      #"","ts":1767225600002,"event":"action.executed","output_hash":"o2","action":"b"}"#.utf8)
    bytes.append(0x0A)
    bytes += Array(Self.line("action.executed", 3, #","action":"c""#).utf8)
    let judge = try Self.judge { $0.blockSize = 1 << 16 }
    let judgement = judge.judge(LogSource(path: "log.ndjson", input: .bytes(bytes)))
    #expect(judgement.problems == [])
    #expect(judgement.statistics.events == 4)
    let lines = judgement.findings.filter { $0.rule == "MIRA204" }.map(\.location.line)
    #expect(lines == [2, 3, 4])
  }

  /// Ten million outputs at full size, in half a gigabyte.
  @Test func `outputs beyond those that there is room for cost no memory and no false finding`()
    throws
  {
    let count = Self.isLarge ? 10_000_000 : 30_000
    var bytes: [UInt8] = []
    for output in 0..<count {
      bytes += Array(
        #"{"ts":\#(1_767_225_600_000 + output),"event":"cert.issued","output_hash":"o\#(output)","cert_hash":"c\#(output)"}"#
          .utf8)
      bytes.append(0x0A)
    }
    bytes += Array(Self.line("action.executed", 5, #","action":"a","cert_hash":"c5""#).utf8)
    let judge = try Self.judge { $0.mostCases = count / 100 }
    let judgement = judge.judge(LogSource(path: "log.ndjson", input: .bytes(bytes)))
    #expect(judgement.statistics.events == count + 1)
    // Of a log of half a minute, what its last seconds hold is not quiet yet and waits for the end.
    #expect(judgement.statistics.evicted > count * 2 / 3)
    let violated = judgement.findings.filter { $0.evidence?.verdict == .violated }
    #expect(violated.isEmpty)
  }

  @Test(.enabled(if: isLarge, "needs MIRA_LINT_LARGE=1: a document of 65 MiB"))
  func `a document that is longer than what is held at once is told, and nothing else`() throws {
    var bytes = [UInt8](repeating: 0x78, count: 65 << 20)
    let start = Array(
      (#"{"events":[{"timestamp":"2026-03-04T22:51:40Z","type":"ExecutionStarted","id":1,"#
        + #""previousEventId":0,"executionStartedEventDetails":{"input":""#).utf8)
    bytes.replaceSubrange(0..<start.count, with: start)
    bytes.replaceSubrange((bytes.count - 6)..<bytes.count, with: Array(#""}}]}"#.utf8) + [0x0A])
    let judgement = try Self.judge().judge(LogSource(path: "run.json", input: .bytes(bytes)))
    #expect(judgement.problems.count == 1)
    #expect(judgement.problems.first?.message.hasPrefix("this document is longer than 64") == true)
    #expect(judgement.findings.isEmpty)
  }

  @Test func `a finding has its column however far into its line it stands`() throws {
    let note = #","note":"\#(String(repeating: "x", count: 30_000))""#
    let events = [
      Self.line("generate.responded", 1, note), Self.line("generate.responded", 2, note),
      Self.line("action.executed", 1, #","action":"a""#),
    ].map { $0.trimmingCharacters(in: .newlines) }
    let log = "[" + events.joined(separator: ",") + "]"
    let source = LogSource(path: "log.json", input: .bytes(Array(log.utf8)))
    let findings = try Self.judge().judge(source).findings
    #expect(findings.map(\.location.column) == [events[0].count + events[1].count + 4])
  }

  @Test func `a strict look says where a line is no JSON, and judges it all the same`() throws {
    let lines = [
      Self.line("generate.responded", 1), Self.line("action.executed", 1, #","action":"a","n":01"#),
      Self.line("action.executed", 2, #","action":"a""#),
    ]
    let source = LogSource(path: "log.ndjson", input: .bytes(Array(lines.joined().utf8)))
    let loose = try Self.judge().judge(source)
    #expect(loose.problems == [])
    let strict = try Self.judge { $0.isStrict = true }.judge(source)
    #expect(strict.problems.map(\.lines) == [2...2])
    #expect(strict.problems.map(\.column) == [lines[1].count - 2])
    #expect(strict.findings.map(\.location.line) == loose.findings.map(\.location.line))
  }
}
