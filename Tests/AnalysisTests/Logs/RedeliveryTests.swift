import Analysis
import EventLogs
import Findings
import Foundation
import Rules
import Testing

/// What a broker does to a log does not change what the log says.
@Suite(.enabled(if: GeneratedLog.isAvailable, "genlog.py or python3 is not here"))
struct RedeliveryTests {
  @Test(arguments: [1, 2, 3])
  func `lines delivered again, however late, change no verdict`(seed: UInt64) throws {
    let log = try GeneratedLog.python(
      "genlog.py", ["-n", "4000", "--seed", "\(seed)", "--rate", "0.08", "-o", "/dev/stdout"])
    let lines = log.split(separator: 0x0A).map { String(decoding: $0, as: UTF8.self) }
    let expected = try Self.verdicts(of: lines)
    #expect(expected.count > 10)
    var repeated = lines
    var random = Congruence(state: seed)
    for _ in 0..<400 {
      let place = random.next(below: repeated.count)
      let later = place + 1 + random.next(below: repeated.count - place)
      repeated.insert(repeated[place], at: later)
    }
    #expect(try Self.verdicts(of: repeated) == expected)
  }

  /// The judged lines with what is said of them, whatever their numbers are.
  private static func verdicts(of lines: [String]) throws -> Set<String> {
    let book = try GeneratedLog.rules()
    let judge = LogJudge(rules: book.rules, protocols: book.protocols)
    let text = Array(lines.joined(separator: "\n").utf8)
    let judgement = judge.judge(LogSource(path: "log.ndjson", input: .bytes(text)))
    return Set(
      judgement.findings.map { finding in
        let exposure = finding.evidence?.exposureMilliseconds ?? -1
        let cause = "\(finding.rule) \(finding.cause ?? "") \(exposure)"
        return cause + " " + lines[finding.location.line - 1]
      })
  }
}
