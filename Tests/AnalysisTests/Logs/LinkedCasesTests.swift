import Analysis
import EventLogs
import Findings
import Rules
import Testing

/// Events of a few outputs that turn out to belong together, or come again after a long while.
@Suite struct LinkedCasesTests {
  @Test
  func `however early cases are looked at, findings and counts are those of a look at the end`()
    throws
  {
    let book = try GeneratedLog.rules()
    func judge(_ change: (inout LogOptions) -> Void) -> LogJudge {
      var options = LogOptions(maximumSkew: 0)
      options.horizon = 36_000_000_000_000
      change(&options)
      return LogJudge(rules: book.rules, protocols: book.protocols, options: options)
    }
    let plain = judge {
      $0.isScreening = false
      $0.quiet = .max / 4
    }
    let variants = [
      judge { _ in },
      judge { $0.blockSize = 150 },
      judge { $0.blockSize = 600 },
      judge {
        $0.blockSize = 150
        $0.quiet = 0
      },
      judge {
        $0.blockSize = 300
        $0.quiet = 1_000_000_000
      },
    ]
    for seed in 0..<60 {
      var log = LinkedLog(seed: UInt64(seed))
      let bytes = log.bytes()
      let expected = Self.words(plain.judge(Self.source(bytes)))
      for (number, variant) in variants.enumerated() {
        let found = Self.words(variant.judge(Self.source(bytes)))
        let differences =
          found.filter { !expected.contains($0) }
          + expected.filter { !found.contains($0) }.map { "not " + $0 }
        #expect(differences == [], "seed \(seed), variant \(number)")
      }
    }
  }

  private static func source(_ bytes: [UInt8]) -> LogSource {
    LogSource(path: "log.ndjson", input: .bytes(bytes))
  }

  private static func words(_ judgement: LogJudgement) -> [String] {
    let findings = judgement.findings.map { finding in
      "\(finding.location.line) \(finding.rule) \(finding.cause ?? "") "
        + "\(finding.evidence?.verdict.rawValue ?? "") "
        + "\(finding.evidence?.exposureMilliseconds ?? -1) \(finding.evidence?.output ?? "")"
    }
    let totals = judgement.ledger.totals
    let uses = (totals.rules + totals.services + totals.steps).map {
      "\($0.name) \($0.uses) \($0.violations)"
    }
    return findings.sorted() + uses.sorted() + ["\(judgement.statistics.redelivered)"]
  }
}

/// Sound and unsound outputs, whose events name now this of them, now that, with pauses in between.
private struct LinkedLog {
  private var random: Congruence

  init(seed: UInt64) { random = Congruence(state: seed &* 15_485_863 &+ 5) }

  mutating func bytes() -> [UInt8] {
    // Long before, so that nothing is missing because the log begins later.
    var time = 1_767_225_600_000
    var text =
      "{\"ts\":\(time - 2_000_000),\"event\":\"cert.issued\",\"output_hash\":\"x\",\"cert_hash\":\"x\"}\n"
    var last = ""
    for _ in 0..<(10 + random.next(below: 60)) {
      time +=
        random.next(below: 5) == 0
        ? 20_000 + random.next(below: 60_000) : 1 + random.next(below: 3000)
      let output = random.next(below: 5)
      var members = ["\"ts\":\(time)", "\"service\":\"s\(random.next(below: 2))\""]
      if random.next(below: 4) > 0 { members.append("\"output_hash\":\"o\(output)\"") }
      if random.next(below: 3) > 0 { members.append("\"request_id\":\"r\(request(of: output))\"") }
      if random.next(below: 5) == 0 { members.append("\"prompt_hash\":\"p\(output / 2)\"") }
      switch random.next(below: 8) {
      case 0: members.append("\"event\":\"generate.requested\"")
      case 1, 2: members.append("\"event\":\"generate.responded\"")
      case 3, 4:
        members.append("\"event\":\"cert.issued\",\"cert_hash\":\"c\(output)\"")
      case 5: members.append("\"event\":\"cache.written\",\"key\":\"k\(output)\"")
      default:
        members.append(
          "\"event\":\"action.executed\",\"action\":\"a\",\"workflow\":\"w\",\"step\":\"s\"")
      }
      let line = "{\(members.joined(separator: ","))}\n"
      text += line
      if random.next(below: 12) == 0 { text += random.next(below: 2) == 0 ? line : last }
      last = line
    }
    return Array(text.utf8)
  }

  private mutating func request(of output: Int) -> Int {
    random.next(below: 15) == 0 ? random.next(below: 5) : output
  }
}
