import Analysis
import EventLogs
import Findings
import Foundation
import Rules
import SourceText
import TestSupport
import Testing

/// Logs made by the public generator, judged as its oracle judges them.
@Suite(.enabled(if: GeneratedLog.isAvailable, "genlog.py, truth.py or python3 is not here"))
struct GeneratedLogTests {
  @Test(arguments: [
    GeneratedLog(seed: 7), GeneratedLog(seed: 8),
    GeneratedLog(seed: 3, make: ["--disorder", "0.1"], ask: ["--bound-between", "0", "10"]),
    GeneratedLog(seed: 4, make: ["--dup", "0.05"]),
    GeneratedLog(seed: 5, make: ["--head-cut", "2000"], ask: ["--head-cut"]),
    GeneratedLog(seed: 6, make: ["--skew-ms", "250"], ask: ["--bound-ms", "250"], skew: 250),
    GeneratedLog(seed: 6, make: ["--skew-ms", "250"], ask: ["--bound-between", "0", "270"]),
    GeneratedLog(seed: 6, make: ["--skew-ms", "250"], ask: ["--bound-ms", "0"], skew: 0),
    GeneratedLog(seed: 9, make: ["--drop-ts", "0.02"]),
    GeneratedLog(seed: 10, make: ["--format", "ce"]),
    GeneratedLog(
      seed: 11, make: ["--disorder", "0.1", "--dup", "0.05", "--drop-ts", "0.01"],
      ask: ["--bound-between", "0", "10"]),
  ]) func `every verdict equals the oracle's`(log: GeneratedLog) throws {
    let folder = FileManager.default.temporaryDirectory.path + "/mira-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let path = folder + "/log.ndjson"
    _ = try GeneratedLog.python(
      "genlog.py",
      ["-n", "8000", "--seed", "\(log.seed)", "--rate", "0.08", "-o", path] + log.make)
    let oracle = try JSONDecoder().decode(
      Oracle.self, from: GeneratedLog.python("truth.py", [path] + log.ask))
    let book = try GeneratedLog.rules()
    let judge = LogJudge(
      rules: book.rules.filter { Oracle.rules.contains($0.id) }, protocols: book.protocols,
      options: LogOptions(maximumSkew: log.skew.map { Int64($0) * 1_000_000 }))
    let judgement = judge.judge(LogSource(path: "log.ndjson", input: .file(path)))
    #expect(judgement.problems == [])
    #expect(oracle.expected.count > 10)
    let found = judgement.findings.filter { $0.cause != "unsurfaced-certificate" }
    #expect(oracle.differences(from: found) == [])
  }

}

struct GeneratedLog: Sendable {
  var seed: Int
  var make: [String] = []
  var ask: [String] = []
  var skew: Int?

  static let tools = Checkout.shared + "tools/"

  static var isAvailable: Bool {
    FileManager.default.fileExists(atPath: tools + "genlog.py")
      && FileManager.default.fileExists(atPath: "/usr/bin/env")
      && (try? run(["python3", "--version"])) != nil
  }

  static func python(_ script: String, _ arguments: [String]) throws -> Data {
    try run(["python3", tools + script] + arguments)
  }

  private struct Failure: Error {}

  private static func run(_ arguments: [String]) throws -> Data {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = arguments
    let output = Pipe()
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    try process.run()
    let data = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    if process.terminationStatus != 0 { throw Failure() }
    return data
  }

  /// The documents of this checkout, and a rule beside them.
  static func rules(with rule: String? = nil) throws -> RuleBook {
    var files: [SourceFile] = []
    for folder in ["mira", "protocols"] {
      let directory = Checkout.root + "rules/" + folder
      for name in try FileManager.default.contentsOfDirectory(atPath: directory).sorted() {
        let bytes = try Data(contentsOf: URL(fileURLWithPath: directory + "/" + name))
        files.append(SourceFile(path: "rules/\(folder)/\(name)", bytes: Array(bytes)))
      }
    }
    if let rule { files.append(SourceFile(path: "rules/mira/team.yml", bytes: Array(rule.utf8))) }
    return RuleBook(builtIn: files)
  }
}

/// What the oracle says of a log.
struct Oracle: Decodable {
  var expected: [Expectation]
  var ambiguous_lines: [Int]

  struct Expectation: Decodable {
    var lines: [Int]
    var rule: String
    var cause: String
    var verdict: String
    var exposure_ms: Double?
  }

  static let rules = ["MIRA201", "MIRA202", "MIRA203", "MIRA204"]

  /// In words, what a list of findings has otherwise.
  func differences(from findings: [Finding]) -> [String] {
    var open: [String: Finding] = [:]
    for finding in findings { open["\(finding.location.line) \(finding.rule)"] = finding }
    var differences: [String] = []
    for one in expected {
      let key = one.lines.map { "\($0) \(one.rule)" }.first { open[$0] != nil }
      guard let key, let finding = open.removeValue(forKey: key) else {
        differences.append("missing: \(one)")
        continue
      }
      let exposure = finding.evidence?.exposureMilliseconds
      let isSame =
        finding.cause == one.cause && finding.evidence?.verdict.rawValue == one.verdict
        && (one.exposure_ms == nil || one.exposure_ms == exposure)
      if !isSame { differences.append("\(one) is \(finding.cause ?? "") \(exposure ?? -1)") }
    }
    for finding in open.values where !ambiguous_lines.contains(finding.location.line) {
      differences.append("unexpected: \(finding.location.line) \(finding.rule) \(finding.message)")
    }
    return differences
  }
}
