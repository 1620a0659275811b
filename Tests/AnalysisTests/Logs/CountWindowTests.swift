import Analysis
import EventLogs
import Findings
import Rules
import TestSupport
import Testing

/// Counts over an output with many events, against counting them one by one.
@Suite struct CountWindowTests {
  private struct Vote {
    var time: Int
    var validator: Int?
    var claim: Int
  }

  @Test(arguments: [nil, 20_000])
  func `counts by group and within a time are those of counting each event`(_ within: Int?) throws {
    var random = SeededGenerator(seed: 11)
    func pick(_ count: Int) -> Int { Int.random(in: 0..<count, using: &random) }
    var votes: [Vote] = []
    var expected: [Int] = []
    var text = ""
    for line in 1...900 {
      let time = line * 150
      if pick(2) == 0 {
        let vote = Vote(
          time: time, validator: pick(10) == 0 ? nil : pick(8),
          claim: pick(4))
        votes.append(vote)
        let validator = vote.validator.map { #","validator":"v\#($0)""# } ?? ""
        text += Self.line(time, "validator.voted", #","claim":"c\#(vote.claim)"\#(validator)"#)
        continue
      }
      text += Self.line(time, "action.executed", #","action":"a\#(line)""#)
      let near = votes.filter { vote in within.map { time - vote.time <= $0 } ?? true }
      let groups = Dictionary(grouping: near, by: \.claim).values.map { group in
        Set(group.compactMap(\.validator)).count + group.count { $0.validator == nil }
      }
      if (groups.min() ?? 0) < 4 || (groups.max() ?? 0) > 9 { expected.append(line) }
    }
    let found = try Self.findings(text, within: within.map { "within: \($0 / 1000)s, " } ?? "")
    #expect(found == expected)
    #expect(!expected.isEmpty)
  }

  private static func line(_ milliseconds: Int, _ name: String, _ rest: String) -> String {
    #"{"ts":\#(1_767_225_600_000 + milliseconds),"event":"\#(name)","output_hash":"o"\#(rest)}"#
      + "\n"
  }

  private static func findings(_ text: String, within: String) throws -> [Int] {
    let rule = """
      id: TEAM201
      name: count
      severity: warning
      summary: Counts.
      events:
        - on: action.executed
          requires:
            - that: { count: { of: validator.voted, distinct: validator, per: claim, \(within)at-least: 4, at-most: 9 } }
              otherwise: { cause: number }
      message: "{sink} {cause}"
      remedy: { default: "do it" }
      why: Because.
      """
    let book = try GeneratedLog.rules(with: rule)
    let judge = LogJudge(
      rules: book.rules.filter { $0.id == "TEAM201" }, protocols: book.protocols,
      options: LogOptions(maximumSkew: 0))
    let source = LogSource(path: "log.ndjson", input: .bytes(Array(text.utf8)))
    return judge.judge(source).findings.map(\.location.line)
  }
}
