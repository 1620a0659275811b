import Analysis
import EventLogs
import Findings
import Rules
import Testing

/// What a log says of an output whose beginning it does not have.
@Suite struct LogBeginningTests {
  private static func line(
    _ milliseconds: Int, _ name: String, _ output: String, _ rest: String = ""
  )
    -> String
  {
    #"{"ts":\#(1_767_225_600_000 + milliseconds),"event":"\#(name)","output_hash":"\#(output)"\#(rest)}"#
  }

  /// A minute of outputs that take two seconds each to their certificates, with a few lines of somebody else's output.
  private static func log(_ own: [(Int, String)]) -> [UInt8] {
    var lines = own
    for number in 0..<120 {
      let (output, begin) = ("o\(number)", number * 500)
      lines.append((begin, line(begin, "generate.responded", output)))
      lines.append(
        (begin + 2000, line(begin + 2000, "cert.issued", output, #","cert_hash":"c\#(number)""#)))
      lines.append(
        (begin + 2100, line(begin + 2100, "action.executed", output, #","action":"send""#)))
    }
    lines.sort { ($0.0, $0.1) < ($1.0, $1.1) }
    return lines.flatMap { Array($0.1.utf8) + [0x0A] }
  }

  private static func use(_ time: Int) -> (Int, String) {
    (time, line(time, "branch.executed", "x", #","branch":"way""#))
  }

  private static let certificate = (
    5000, line(5000, "cert.issued", "x", #","cert_hash":"cx""#)
  )

  private static func said(of own: [(Int, String)], blockSize: Int) throws -> [String] {
    let book = try GeneratedLog.rules()
    var options = LogOptions(maximumSkew: 0)
    options.blockSize = blockSize
    let judge = LogJudge(rules: book.rules, protocols: book.protocols, options: options)
    let log = LogSource(path: "log.ndjson", input: .bytes(log(own)))
    return judge.judge(log).findings.filter { $0.rule == "MIRA201" }.map { finding in
      "\(finding.evidence?.verdict.rawValue ?? "") \(finding.cause ?? "")"
    }
  }

  @Test(arguments: [
    // The certificate may have come before the first line.
    ([use(1000)], ["inconclusive log-starts-later"]),
    // It came later: it was not there before.
    ([use(1000), certificate], ["violated late-certificate"]),
    // The output's beginning is in the log, and so would be its certificate.
    (
      [(500, line(500, "generate.responded", "x")), use(1000)], ["violated never-certified"]
    ),
    // No certificate of this log took so long.
    ([use(30_000)], ["violated never-certified"]),
  ])
  func `near the first line a certificate may be missing, and nowhere else`(
    own: [(Int, String)], said: [String]
  ) throws {
    // In one block, and in many that are read apart.
    #expect(try Self.said(of: own, blockSize: 1 << 20) == said)
    #expect(try Self.said(of: own, blockSize: 1 << 11) == said)
  }
}
