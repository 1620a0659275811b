import Analysis
import EventLogs
import Findings
import Foundation
import Rules
import Testing

/// Lines that look like earlier ones are read by their looks: the answer is that of a reader who looks at each of them anew,
/// which is how a pipe is read.
@Suite struct LineShapeTests {
  @Test func `a log says the same whether its lines are known by their looks or not`() throws {
    let book = try GeneratedLog.rules()
    let judges = [1 << 19, 700].map { size in
      var options = LogOptions(maximumSkew: 0)
      options.horizon = 36_000_000_000_000
      options.blockSize = size
      return LogJudge(rules: book.rules, protocols: book.protocols, options: options)
    }
    for seed in 0..<60 {
      var log = LookAlikes(seed: UInt64(seed))
      let bytes = log.bytes()
      let judge = judges[seed % 3 == 0 ? 1 : 0]
      let known = judge.judge(LogSource(path: "log.ndjson", input: .bytes(bytes)))
      let nothing = try FileHandle(forReadingFrom: URL(fileURLWithPath: "/dev/null"))
      let anew = judge.judge(
        LogSource(
          path: "log.ndjson", input: .pipe(head: bytes, rest: nothing.fileDescriptor)),
        as: "ndjson")
      let (found, expected) = (Self.words(known), Self.words(anew))
      let differences =
        found.filter { !expected.contains($0) }
        + expected.filter { !found.contains($0) }.map { "not " + $0 }
      #expect(differences == [], "seed \(seed)")
      #expect(known.statistics.unknownNames == anew.statistics.unknownNames, "seed \(seed)")
      #expect(known.statistics.events == anew.statistics.events, "seed \(seed)")
      #expect(known.statistics.untimed == anew.statistics.untimed, "seed \(seed)")
      #expect(known.statistics.redelivered == anew.statistics.redelivered, "seed \(seed)")
      #expect(known.problems.map(\.lines) == anew.problems.map(\.lines), "seed \(seed)")
    }
  }

  private static func words(_ judgement: LogJudgement) -> [String] {
    let findings = judgement.findings.map { finding in
      [
        "\(finding.location.line)", finding.rule, finding.cause ?? "",
        finding.evidence?.verdict.rawValue ?? "",
        "\(finding.evidence?.exposureMilliseconds ?? -1)", finding.evidence?.output ?? "",
      ].joined(separator: " ")
    }
    let totals = judgement.ledger.totals
    let uses = (totals.rules + totals.services + totals.steps).map { "\($0.name) \($0.uses)" }
    return findings.sorted() + uses.sorted()
  }
}

/// A log of a few kinds of lines, each kind with the same keys in the same order, whose values are anything.
private struct LookAlikes {
  private var random: Congruence

  init(seed: UInt64) { random = Congruence(state: seed &* 104_729 &+ 11) }

  mutating func bytes() -> [UInt8] {
    var bytes: [UInt8] = []
    // Long before, so that nothing is missing because the log begins later.
    var lines = [
      #"{"ts":"2025-12-31T23:30:00Z","event":"cert.issued","output_hash":"x","cert_hash":"x"}"#
    ]
    for second in 0..<(40 + random.next(below: 80)) {
      let output = random.next(below: 12)
      if random.next(below: 15) == 0, let again = lines.last {
        lines.append(again)
      } else {
        lines.append(line(second, output))
      }
    }
    for line in lines {
      bytes += random.next(below: 10) == 0 ? damaged(line) : Array(line.utf8)
      bytes += random.next(below: 6) == 0 ? [0x0D, 0x0A] : [0x0A]
    }
    if random.next(below: 3) == 0 { bytes.removeLast(1 + random.next(below: 30)) }
    return bytes
  }

  /// As long as it was, so that it looks most like others.
  private mutating func damaged(_ line: String) -> [UInt8] {
    var bytes = Array(line.utf8)
    let others = Array("\"\\\t\u{1}x7-,:}{ !./é".utf8)
    bytes[random.next(below: bytes.count)] = others[random.next(below: others.count)]
    return bytes
  }

  private mutating func line(_ second: Int, _ output: Int) -> String {
    let hash = text("sha256:0\(output)", or: "sha256:00\(output)")
    let request = text("r\(output)", or: "r-\(output)")
    let time = self.time(second)
    let service = value("app")
    switch random.next(below: 9) {
    case 0:
      return
        #"{"ts":\#(time),"event":"generate.responded","request_id":\#(request),"service":\#(service),"data":{"status":"provisional","output_hash":\#(hash),"http":\#(number())}}"#
    case 1:
      return
        #"{"ts":\#(time),"event":"cert.issued","request_id":\#(request),"service":\#(service),"data":{"cert_hash":\#(value("c\(output)")),"output_hash":\#(hash),"quorum_weight":\#(number())}}"#
    case 2, 3:
      return
        #"{"ts":\#(time),"event":"action.executed","request_id":\#(request),"service":\#(service),"workflow":"w","step":\#(value("send")),"data":{"action":\#(value("mail")),"output_hash":\#(hash)}}"#
    case 4:
      return
        #"{"event":"badge.shown","label":\#(value("verified")),"output_hash":\#(hash),"ts":\#(time),"cert_hash":\#(value("c\(output)"))}"#
    case 5:
      return
        #"{ "event" : "cache.written" , "key" : \#(value("out:sha256:0\(output)")) , "output_hash" : \#(hash) , "ts" : \#(time) }"#
    case 6: return #"{"ts":\#(time),"event":"heart\#(random.next(below: 3))","n":\#(number())}"#
    case 7:
      return
        #"{"event":"validator.voted","ts":\#(time),"more":{"event":"x","deep":{"a":\#(number())}},"output_hash":\#(hash),"vote":\#(value("valid")),"weight":\#(number())}"#
    default:
      let whole =
        #"{"ts":\#(time),"event":"cert.issued","output_hash":\#(hash),"output_hash":\#(hash)}"#
      switch random.next(below: 5) {
      case 0: return String(whole.dropLast(1 + random.next(below: 20)))
      case 1: return whole + whole
      case 2: return whole + "  "
      case 3: return "Killed"
      default: return whole
      }
    }
  }

  private mutating func text(_ usual: String, or other: String) -> String {
    switch random.next(below: 14) {
    case 0: return "\"\""
    case 1: return "null"
    case 2: return "\"\\u0073" + usual.dropFirst() + "\""
    case 3: return "\"" + other + "\""
    default: return "\"" + usual + "\""
    }
  }

  private mutating func value(_ usual: String) -> String {
    switch random.next(below: 14) {
    case 0: return "null"
    case 1: return "\"\""
    case 2: return "\"\(usual)\\n\""
    case 3: return "\"\(usual)\tx\""
    case 4: return "\(random.next(below: 100))"
    case 5: return "true"
    case 6: return "\"ü\(usual)\""
    case 7: return "[\"\(usual)\",1]"
    default: return "\"\(usual)\""
    }
  }

  private mutating func number() -> String {
    let all = [
      "0", "1", "0.6667", "0.66", "-0.5", "1e3", "200", "67", "0.1140", "NaN", "null", "\"0.7\"",
      "123456789012345678901", "0.12345678901234567", "00.5", "1.", "-", "true",
    ]
    return all[random.next(below: all.count)]
  }

  private mutating func time(_ second: Int) -> String {
    let milliseconds = 1_767_225_600_000 + second * 700 + random.next(below: 900)
    switch random.next(below: 12) {
    case 0: return "null"
    case 1: return "\"soon\""
    case 2: return "\(milliseconds)"
    default:
      let whole = milliseconds / 1000 - 1_767_225_600
      func two(_ number: Int) -> Substring { String(100 + number).dropFirst() }
      return
        "\"2026-01-01T00:\(two(whole / 60)):\(two(whole % 60)).\(String(1000 + milliseconds % 1000).dropFirst())Z\""
    }
  }
}
