import Analysis
import EventLogs
import Findings
import Foundation
import Rules
import Testing

/// One pass in blocks, screened, on several threads or from states: the answer is that of a plain look at everything.
@Suite struct LogSessionTests {
  private static func judge(_ change: (inout LogOptions) -> Void = { _ in }) throws -> LogJudge {
    let book = try GeneratedLog.rules()
    var options = LogOptions(maximumSkew: 0)
    change(&options)
    return LogJudge(rules: book.rules, protocols: book.protocols, options: options)
  }

  /// Everything that a finding says, but for columns and the spelling of times, which a state does not keep.
  private static func words(_ findings: [Finding]) -> [String] {
    findings.map { finding in
      let evidence = finding.evidence
      return [
        "\(finding.location.path):\(finding.location.line)", finding.rule, finding.cause ?? "",
        evidence?.verdict.rawValue ?? "", "\(evidence?.exposureMilliseconds ?? -1)",
        evidence?.output ?? "", finding.message,
      ].joined(separator: " ")
    }.sorted()
  }

  private static func source(_ bytes: [UInt8], _ path: String = "log.ndjson") -> LogSource {
    LogSource(path: path, input: .bytes(bytes))
  }

  @Test func `uses before their certificates are found in logs of any spelling`() throws {
    let judge = try Self.judge()
    for seed in 0..<150 {
      var log = RandomLog(seed: UInt64(seed), lateness: seed % 3 == 0 ? 3000 : 0)
      let judgement = judge.judge(Self.source(log.bytes()))
      var found: [Int: Int?] = [:]
      for finding in judgement.findings
      where ["MIRA201", "MIRA202", "MIRA204"].contains(finding.rule) {
        let exposure = finding.evidence?.exposureMilliseconds.map { Int(($0 * 100).rounded()) }
        found[finding.location.line] = .some(exposure)
      }
      // One finding for each rule, sink and output: the first use stands for the others.
      for (line, exposure) in found {
        #expect(log.early[line] == .some(exposure), "seed \(seed), line \(line)")
      }
      let hasEarly = !log.early.isEmpty
      #expect(found.isEmpty == !hasEarly, "seed \(seed)")
      #expect(judgement.problems.isEmpty, "seed \(seed)")
    }
  }

  /// Clocks that agree, that differ by a bound set by hand, and by one that is estimated.
  @Test(arguments: [(0, Int64(0)), (400, 300_000_000), (400, nil)])
  func `screening, the size of blocks and early settling change nothing`(
    skew: Int, bound: Int64?
  ) throws {
    func judge(_ change: (inout LogOptions) -> Void = { _ in }) throws -> LogJudge {
      try Self.judge {
        $0.maximumSkew = bound
        change(&$0)
      }
    }
    let plain = try judge { $0.isScreening = false }
    let variants = try [
      judge(), judge { $0.blockSize = 100 }, judge { $0.blockSize = 4096 },
      judge { $0.quiet = 0 },
      judge {
        $0.mostRecords = 1
        $0.blockSize = 300
      },
    ]
    for seed in 0..<(skew > 0 ? 6 : 20) {
      var log = RandomLog(
        seed: UInt64(seed), outputs: skew > 0 ? 60 : 12, lateness: seed % 2 == 0 ? 3000 : 0,
        skew: skew)
      let bytes = log.bytes()
      let expected = Self.words(plain.judge(Self.source(bytes)).findings)
      for (number, variant) in variants.enumerated() {
        let found = Self.words(variant.judge(Self.source(bytes)).findings)
        #expect(found == expected, "seed \(seed), variant \(number)")
      }
    }
  }

  @Test func `threads change nothing`() async throws {
    let judge = try Self.judge { $0.blockSize = 500 }
    for seed in 0..<20 {
      var log = RandomLog(seed: UInt64(seed), outputs: 60)
      let bytes = log.bytes()
      let expected = Self.words(judge.judge(Self.source(bytes)).findings)
      for jobs in [2, 5] {
        let found = await judge.judge([Self.source(bytes)], jobs: jobs)
        #expect(Self.words(found[0].findings) == expected)
      }
    }
  }

  @Test func `logs of several services are one recording, and so are their states`() throws {
    let folder = FileManager.default.temporaryDirectory.path + "/mira-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    for seed in 0..<10 {
      let log = RandomLog(seed: UInt64(seed), outputs: 30)
      let whole = try Self.judge().judge(Self.source(Self.text(log.lines)))
      let certificates = log.lines.map { Self.isCertificate($0) ? $0 : "" }
      let others = log.lines.map { Self.isCertificate($0) ? "" : $0 }
      let parts = [Self.text(certificates), Self.text(others)]
      let together = try Self.judge().judge(
        parts.enumerated().map { Self.source($1, "\($0).ndjson") })
      let expected = Self.words(whole.findings).map { Self.withoutPath($0) }.sorted()
      let found = Self.words(together.flatMap { $0.findings }).map { Self.withoutPath($0) }.sorted()
      #expect(found == expected)

      var states: [LogSource] = []
      for (number, part) in parts.enumerated() {
        let path = folder + "/\(number).state"
        let emitting = try Self.judge { $0.statePath = path }
        let emitted = emitting.judge(Self.source(part, "\(number).ndjson"))
        #expect(emitted.stateFailure == nil)
        states.append(LogSource(path: path, input: .file(path)))
      }
      let merged = Self.words(try Self.judge().judge(states).flatMap { $0.findings })
      let expectedOfStates = Self.words(together.flatMap { $0.findings })
      #expect(merged == expectedOfStates)
    }
  }

  @Test func `a log that was cut is one again, alone or as states`() throws {
    for seed in 0..<10 {
      let log = RandomLog(seed: UInt64(seed), outputs: 30, lateness: 500)
      let whole = try Self.judge().judge(Self.source(Self.text(log.lines)))
      let middle = log.lines.count / 2
      let first = log.lines.enumerated().map { $0 < middle ? $1 : "" }
      let second = log.lines.enumerated().map { $0 < middle ? "" : $1 }
      let together = try Self.judge().judge([
        Self.source(Self.text(first), "a"), Self.source(Self.text(second), "b"),
      ])
      let expected = Self.words(whole.findings).map { Self.withoutPath($0) }.sorted()
      let found = Self.words(together.flatMap { $0.findings }).map { Self.withoutPath($0) }
      #expect(found.sorted() == expected)
    }
  }

  private static func text(_ lines: [String]) -> [UInt8] {
    Array(lines.map { $0 + "\n" }.joined().utf8)
  }

  private static func isCertificate(_ line: String) -> Bool {
    let object = try? JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
    return object?["event"] as? String == "cert.issued"
  }

  private static func withoutPath(_ words: String) -> String {
    String(words.drop { $0 != ":" })
  }

  // MARK: - What is forgotten

  private static func line(
    _ name: String, _ output: Int, at seconds: Int, _ more: String = ""
  ) -> String {
    #"{"ts":\#(1_767_225_600 + seconds),"event":"\#(name)","request_id":"r\#(output)","#
      + #""output_hash":"o\#(output)"\#(more)}"#
  }

  /// Requests go on and on, so that the log's time passes.
  private static func traffic(_ seconds: Range<Int>, by step: Int = 10) -> [String] {
    stride(from: seconds.lowerBound, to: seconds.upperBound, by: step).flatMap { second in
      let number = 1_000_000 + second
      return [
        line("generate.responded", number, at: second),
        line("cert.issued", number, at: second + 1, #","cert_hash":"c\#(number)""#),
        line(
          "action.executed", number, at: second + 2, #","action":"a","cert_hash":"c\#(number)""#),
      ]
    }
  }

  @Test func `a late use of a forgotten output is undecided, never a violation`() throws {
    var lines = [
      Self.line("generate.responded", 1, at: 0),
      Self.line("cert.issued", 1, at: 1, #","cert_hash":"c1""#),
    ]
    lines += Self.traffic(10..<9000)
    lines.append(Self.line("action.executed", 1, at: 9000, #","action":"mail""#))
    let short = try Self.judge {
      $0.horizon = 600_000_000_000
      $0.blockSize = 10_000
    }
    let judgement = short.judge(Self.source(Self.text(lines)))
    #expect(judgement.statistics.forgotten > 500)
    let violated = judgement.findings.filter { $0.evidence?.verdict == .violated }
    #expect(violated.isEmpty)
    let causes = judgement.findings.compactMap { $0.cause }
    #expect(causes.contains("forgotten"))
    let long = try Self.judge { $0.horizon = 36_000_000_000_000 }
    let remembered = long.judge(Self.source(Self.text(lines))).findings
    #expect(remembered.isEmpty)
  }

  @Test func `more outputs than there is room for make no false finding`() throws {
    var lines: [String] = []
    for output in 0..<3000 {
      lines.append(Self.line("generate.responded", output, at: output / 100))
    }
    for output in 0..<3000 {
      lines.append(Self.line("cert.issued", output, at: 40, #","cert_hash":"c\#(output)""#))
    }
    for output in 0..<3000 {
      lines.append(
        Self.line("action.executed", output, at: 50, #","action":"a","cert_hash":"c\#(output)""#))
    }
    let judge = try Self.judge {
      $0.mostCases = 50
      $0.mostRecords = 100
      $0.blockSize = 2000
    }
    let judgement = judge.judge(Self.source(Self.text(lines)))
    #expect(judgement.statistics.evicted > 1000)
    let violated = judgement.findings.filter { $0.evidence?.verdict == .violated }
    #expect(violated.isEmpty)
  }

  @Test(arguments: ["9999999999", "253402300799000", "\"1970-01-01T00:00:01Z\""])
  func `one wrong time forgets nothing`(time: String) throws {
    var lines = Self.traffic(0..<600)
    lines.insert(#"{"ts":\#(time),"event":"cache.read","output_hash":"x","key":"k"}"#, at: 60)
    let judge = try Self.judge {
      $0.horizon = 300_000_000_000
      $0.blockSize = 500
    }
    let judgement = judge.judge(Self.source(Self.text(lines)))
    #expect(judgement.findings.isEmpty)
    #expect(judgement.statistics.forgotten < 60)
  }

  @Test func `findings beyond those that are listed are counted`() throws {
    var lines: [String] = []
    for output in 0..<100 {
      lines.append(Self.line("generate.responded", output, at: output))
      lines.append(Self.line("action.executed", output, at: output + 1, #","action":"a""#))
    }
    let judgement = try Self.judge { $0.mostFindings = 10 }.judge(Self.source(Self.text(lines)))
    #expect(judgement.findings.count == 10)
    #expect(judgement.statistics.unlisted.count == 90)
    #expect(judgement.statistics.unlisted.hasViolation(of: .error))
  }

  @Test func `a damaged or foreign state says so`() throws {
    let path = FileManager.default.temporaryDirectory.path + "/mira-\(UUID().uuidString).state"
    defer { try? FileManager.default.removeItem(atPath: path) }
    let emitting = try Self.judge { $0.statePath = path }
    _ = emitting.judge(Self.source(Self.text(Self.traffic(0..<500))))
    let state = try Array(Data(contentsOf: URL(fileURLWithPath: path)))
    var random = Congruence(state: 5)
    for _ in 0..<40 {
      var damaged = state
      if random.next(below: 2) == 0 {
        damaged.removeLast(1 + random.next(below: damaged.count - 30))
      } else {
        damaged[30 + random.next(below: damaged.count - 30)] ^= UInt8(1 + random.next(below: 255))
      }
      let judgement = try Self.judge().judge(Self.source(damaged))
      #expect(!judgement.problems.isEmpty || !judgement.recordedProblems.isEmpty)
    }
  }
}
