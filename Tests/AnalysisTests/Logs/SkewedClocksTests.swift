import Analysis
import EventLogs
import Findings
import Rules
import Testing

/// Orders that the clocks of two producers leave open.
@Suite struct SkewedClocksTests {
  private static func line(
    _ milliseconds: Int, _ service: String, _ name: String, _ output: String, _ rest: String = ""
  ) -> String {
    #"{"ts":\#(1_767_225_600_000 + milliseconds),"service":"\#(service)","event":"\#(name)","#
      + #""output_hash":"\#(output)"\#(rest)}"# + "\n"
  }

  private static func said(_ rule: String, of lines: [String], skew: Int) throws -> [String] {
    let book = try GeneratedLog.rules()
    var options = LogOptions(maximumSkew: Int64(skew) * 1_000_000)
    options.blockSize = 4096
    let judge = LogJudge(rules: book.rules, protocols: book.protocols, options: options)
    let log = LogSource(path: "log.ndjson", input: .bytes(Array(lines.joined().utf8)))
    return judge.judge(log).findings.filter { $0.rule == rule }.map { finding in
      "\(finding.location.line) \(finding.evidence?.verdict.rawValue ?? "") \(finding.cause ?? "")"
    }
  }

  /// The output's own certificate is the newest by the lines, and stands behind its use by the clocks: it is not superseded.
  @Test(arguments: [
    (250, ["5 inconclusive clock-skew"]),
    // No clock is so far off: the use came before its certificate.
    (10, ["5 violated late-certificate"]),
  ])
  func `a certificate that perhaps came after the use is no older one`(
    skew: Int, said: [String]
  ) throws {
    let prompt = #","prompt_hash":"p""#
    let lines = [
      Self.line(0, "api", "generate.responded", "a", prompt),
      Self.line(100, "api", "generate.responded", "b", prompt),
      Self.line(3474, "consensus", "cert.issued", "b", #","cert_hash":"mira1b""#),
      Self.line(4100, "consensus", "cert.issued", "a", #","cert_hash":"mira1a""#),
      Self.line(3849, "desk", "badge.shown", "a", #","label":"verified","cert_hash":"mira1a""#),
    ]
    #expect(try Self.said("MIRA208", of: lines, skew: skew) == [])
    #expect(try Self.said("MIRA203", of: lines, skew: skew) == said)
  }

  /// A revocation before a renewal that perhaps came before the use.
  @Test func `a revocation is not held against what was perhaps certified again`() throws {
    let lines = [
      Self.line(0, "api", "generate.responded", "a"),
      Self.line(1000, "consensus", "cert.issued", "a", #","cert_hash":"mira1a""#),
      Self.line(2000, "consensus", "cert.revoked", "a", #","cert_hash":"mira1a""#),
      Self.line(3200, "consensus", "cert.issued", "a", #","cert_hash":"mira1a""#),
      Self.line(3000, "desk", "action.executed", "a", #","action":"mail","cert_hash":"mira1a""#),
    ]
    #expect(try Self.said("MIRA209", of: lines, skew: 250) == ["5 inconclusive clock-skew"])
    #expect(try Self.said("MIRA209", of: lines, skew: 10) == ["5 violated revoked"])
  }

  /// A use that stands before its certificate, and so does its time.
  private static let early = [
    line(2900, "api", "generate.responded", "a"),
    line(3000, "desk", "branch.executed", "a", #","branch":"publish""#),
    line(3100, "consensus", "cert.issued", "a", #","cert_hash":"mira1a""#),
  ]

  /// As in `early`, with a line between that may show when the certificate's came.
  @Test(arguments: [
    // The line came late by its own producer's clock: it says no more than the times do.
    (3500, 250, ["2 inconclusive clock-skew"]),
    // No clock is so far off.
    (3500, 10, ["2 violated late-certificate"]),
    // It did not come late.
    (3050, 250, ["2 violated late-certificate"]),
  ])
  func `a line that came late does not bear out what the times say`(
    other: Int, skew: Int, said: [String]
  ) throws {
    var lines = Self.early
    lines.insert(
      Self.line(other, "consensus", "cert.issued", "b", #","cert_hash":"mira1b""#), at: 2)
    #expect(try Self.said("MIRA201", of: lines, skew: skew) == said)
  }

  /// Lines of other outputs that fill several stretches.
  private static func crowd(_ service: String, _ name: String) -> [String] {
    (0..<2_000).map { line($0, service, name, "o\($0)", #","cert_hash":"mira1\#($0)""#) }
  }

  /// The stretch in which a line came late need not be that of the line that shows it.
  @Test func `a line is late by what stands far before it`() throws {
    let first = Self.line(3500, "consensus", "cert.issued", "b", #","cert_hash":"mira1b""#)
    let lines = [first] + Self.crowd("gateway", "generate.requested") + Self.early
    #expect(try Self.said("MIRA201", of: lines, skew: 250) == ["2003 inconclusive clock-skew"])
  }

  /// A single wrong time makes no latecomers of all that follow.
  @Test func `a producer's line is not late for a time that was wrong`() throws {
    let first = Self.line(9_000_000, "consensus", "cert.issued", "b", #","cert_hash":"mira1b""#)
    let lines = [first] + Self.crowd("consensus", "cert.issued") + Self.early
    #expect(try Self.said("MIRA201", of: lines, skew: 250) == ["2003 violated late-certificate"])
  }
}
