import Analysis
import EventLogs
import Findings
import Rules
import Testing

/// Logs in which nearly every event belongs to one case.
@Suite struct PopularIdentityTests {
  /// 20,000 events; looked through for each of them they would cost minutes.
  @Test(.timeLimit(.minutes(5)))
  func `many outputs of one prompt are judged in a time that grows with the log`() throws {
    var log = Log()
    for number in 0..<6_700 {
      let origin = ["request_id": "r\(number)", "prompt_hash": "p"]
      log.add("generate.responded", output: number, origin)
      log.add("action.executed", output: number, ["action": "mail", "prompt_hash": "p"])
      log.add("output.served", output: number, ["label": "draft"])
    }
    let findings = try log.findings()
    #expect(findings.filter { $0.rule == "MIRA204" }.count == 6_700)
    // The first output in use is no second one.
    #expect(findings.filter { $0.rule == "MIRA206" }.count == 6_699)
  }

  @Test(.timeLimit(.minutes(5)))
  func `many uses under one certificate are judged in a time that grows with the log`() throws {
    var log = Log()
    log.add("generate.responded", output: 1, ["request_id": "r", "prompt_hash": "p"])
    log.add("action.executed", output: 1, ["action": "early"])
    log.add("cert.issued", output: 1, ["cert_hash": "c", "quorum_weight": "0.9"])
    for number in 0..<10_000 {
      log.add("cache.read", output: 1, ["key": "k", "cert_hash": "c"])
      log.add("action.executed", output: 1, ["action": "a\(number)", "cert_hash": "c"])
    }
    log.add("cert.revoked", output: 1, ["cert_hash": "c"])
    log.add("action.executed", output: 1, ["action": "late", "cert_hash": "c"])
    let findings = try log.findings()
    #expect(findings.map(\.rule) == ["MIRA204", "MIRA209"])
  }

  /// As where somebody writes a word in its place.
  @Test(.timeLimit(.minutes(5)))
  func `a certificate of many outputs is judged in a time that grows with the log`() throws {
    var log = Log()
    for number in 0..<12_000 { log.add("cert.issued", output: number, ["cert_hash": "todo"]) }
    let findings = try log.findings()
    #expect(findings.filter { $0.rule == "MIRA213" }.count == 11_999)
  }

  /// The last seals say what counts: after all of them 2,000 claims stand, every second one refused.
  @Test(.timeLimit(.minutes(5)))
  func `the latest of many are counted in a time that grows with the log`() throws {
    var log = Log()
    log.add("generate.responded", output: 1, ["request_id": "r"])
    for number in 0..<4_000 {
      let verdict = number.isMultiple(of: 2) ? "FALSE" : "TRUE"
      log.add("claim.sealed", output: 1, ["claim": "c\(number % 2_000)", "verdict": verdict])
      log.add("output.copied", output: 1, ["action": "a\(number)"])
    }
    let rule = """
      id: HOUSE501
      name: many-disputes
      severity: warning
      summary: An output with many disputed claims was copied.
      events:
        on: output.copied
        requires:
          that: { count: { of: { events: claim.sealed, latest-by: claim, where: { verdict: "FALSE" } }, at-most: 800 } }
          otherwise: { cause: many, says: "{actual}" }
      message: "{field.action} {cause}"
      why: Some of it is wrong.
      """
    let findings = try log.findings(with: rule).filter { $0.rule == "HOUSE501" }
    // The seals of the second half are the latest ones.
    #expect(findings.first?.message == "a3600 801")
    #expect(findings.last?.message == "a3999 1000")
    #expect(findings.count == 400)
  }
}

/// Lines as a producer would write them, a few milliseconds apart.
private struct Log {
  private var text = ""
  private var milliseconds = 0

  mutating func add(_ name: String, output: Int, _ fields: [String: String]) {
    milliseconds += 3
    var members = fields.sorted { $0.key < $1.key }.map { "\"\($0.key)\":\"\($0.value)\"" }
    members.append("\"output_hash\":\"sha256:\(output)\"")
    members.append("\"ts\":\(1_767_225_600_000 + milliseconds)")
    text += "{\"event\":\"\(name)\",\(members.joined(separator: ","))}\n"
  }

  func findings(with rule: String? = nil) throws -> [Finding] {
    let book = try GeneratedLog.rules(with: rule)
    let judge = LogJudge(rules: book.rules, protocols: book.protocols)
    return judge.judge(LogSource(path: "log.ndjson", input: .bytes(Array(text.utf8)))).findings
  }
}
