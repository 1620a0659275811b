import Findings
import Foundation
import Reports
import TestSupport
import Testing

@Suite("Reports that services read")
struct ServiceFormatTests {
  @Test(
    .enabled(if: JSONSchemaValidator.isAvailable, "needs Python's jsonschema"),
    arguments: [
      (ReportFormat.gitlab, ServiceSchemas.gitlab), (.rdjson, ServiceSchemas.rdjson),
      (.sonarqube, ServiceSchemas.sonarqube),
    ])
  func `a report is valid, and so is an empty one`(_ format: ReportFormat, _ schema: String) throws
  {
    for outcome in [SyntheticFindings.outcome, CheckOutcome()] {
      let bytes = format.render(outcome, in: SyntheticFindings.context)
      #expect(try JSONSchemaValidator.complaints(about: bytes, schema: schema) == "")
    }
  }

  @Test(
    .enabled(if: Python.has("junitparser"), "needs Python's junitparser"))
  func `JUnit's counts are what a reader of it counts`() throws {
    let script = """
      import sys, junitparser
      report = junitparser.JUnitXml.fromfile(sys.argv[1])
      told = (report.tests, report.failures, sum(s.skipped for s in report))
      report.update_statistics()
      counted = (report.tests, report.failures, sum(s.skipped for s in report))
      print(told == counted, *counted, *[c.name for s in report for c in s])
      """
    let report = ReportFormat.junit.render(
      SyntheticFindings.outcome, in: SyntheticFindings.context)
    let words = try Python.output(of: script, reading: report)
    #expect(words.hasPrefix("True 5 4 1 "), "\(words)")
    let clean = ReportFormat.junit.render(.init(), in: SyntheticFindings.context)
    #expect(try Python.output(of: script, reading: clean).hasPrefix("True 1 0 0 no findings"))
  }

  @Test func `reviewdog's columns count bytes, SonarQube's UTF-16`() throws {
    let location = Location(
      path: "a.yml", line: 1, column: 3, endLine: 1, endColumn: 5, startByte: 0, endByte: 0)
    let finding = Finding(
      rule: "X101", name: "n", severity: .error, message: "m", location: location)
    let excerpt = Excerpt(repositoryPath: "a.yml", lines: [1: "é👩xü"])
    let outcome = CheckOutcome(findings: [finding], excerpts: ["a.yml": excerpt])
    let rdjson = String(
      decoding: ReportFormat.rdjson.render(outcome, in: SyntheticFindings.context), as: UTF8.self)
    #expect(rdjson.contains("\"column\": 7\n") && rdjson.contains("\"column\": 10\n"))
    let sonarqube = String(
      decoding: ReportFormat.sonarqube.render(outcome, in: SyntheticFindings.context),
      as: UTF8.self)
    #expect(sonarqube.contains("\"startColumn\": 3,") && sonarqube.contains("\"endColumn\": 5\n"))
  }

  @Test func `reviewdog is suggested what one change mends, and nothing that needs two`() throws {
    let place = Location(
      path: "a.yml", line: 1, column: 3, endLine: 1, endColumn: 3, startByte: 0, endByte: 0)
    let edit = Fix.Edit(location: place, replacement: "if: x\n  ")
    for edits in [[edit], [edit, edit]] {
      var finding = Finding(
        rule: "X101", name: "n", severity: .error, message: "m", location: place)
      finding.fix = Fix(message: "m", edits: edits)
      let excerpt = Excerpt(repositoryPath: "a.yml", lines: [1: "é x"])
      let outcome = CheckOutcome(findings: [finding], excerpts: ["a.yml": excerpt])
      let report = ReportFormat.rdjson.render(outcome, in: SyntheticFindings.context)
      let text = String(decoding: report, as: UTF8.self)
      #expect(text.contains("\"text\": \"if: x\\n  \"") == (edits.count == 1))
      if JSONSchemaValidator.isAvailable {
        let schema = ServiceSchemas.rdjson
        #expect(try JSONSchemaValidator.complaints(about: report, schema: schema) == "")
      }
    }
  }

  @Test func `GitHub gets ten annotations of a kind, the worst first, and the count`() {
    let place = SyntheticFindings.place("a.yml", 1, 1..<2)
    let severities =
      Array(repeating: Severity.note, count: 12) + Array(repeating: .error, count: 11) + [.warning]
    let findings = severities.enumerated().map { index, severity in
      Finding(
        rule: "X101", name: "n", severity: severity, message: "number \(index)", location: place)
    }
    let report = ReportFormat.github.render(
      CheckOutcome(findings: findings), in: SyntheticFindings.context)
    let lines = String(decoding: report, as: UTF8.self).split(separator: "\n")
    let kinds = lines.map { $0.dropFirst(2).prefix { $0.isLetter } }
    #expect(kinds.prefix(10).allSatisfy { $0 == "error" })
    #expect(kinds.count { $0 == "error" } == 10)
    #expect(kinds.count { $0 == "warning" } == 1)
    #expect(kinds.count { $0 == "notice" } == 10)
    let last = lines.last.map(String.init) ?? ""
    #expect(last.hasPrefix("::notice title=mira-lint::1 error, 3 notes more: "))
  }

  @Test func `Markdown fits a comment and links to lines`() {
    var findings: [Finding] = []
    for number in 1...2_000 {
      let place = SyntheticFindings.place("flow \(number % 7).yml", number, 1..<2)
      findings.append(
        Finding(
          rule: "X101", name: "n", severity: .error, message: "number \(number)", location: place))
    }
    findings.sort(by: FindingOrder.precedes)
    var context = SyntheticFindings.context
    context.links = SourceLinks { name in
      ["GITHUB_SERVER_URL": "https://github.com", "GITHUB_REPOSITORY": "a/b", "GITHUB_SHA": "c0"][
        name]
    }
    let report = ReportFormat.markdown.render(CheckOutcome(findings: findings), in: context)
    let text = String(decoding: report, as: UTF8.self)
    #expect(report.count < 65_536)
    #expect(text.contains("](https://github.com/a/b/blob/c0/flow%200.yml#L7)"))
    #expect(text.contains(" findings more: this report has no room"))
  }
}

/// The `python3` of this machine.
enum Python {
  static func has(_ module: String) -> Bool {
    (try? run(["-c", "import \(module)"]))?.status == 0
  }

  /// What a script prints that gets the path of a file with the bytes.
  static func output(of script: String, reading bytes: [UInt8]) throws -> String {
    let file = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try Data(bytes).write(to: file)
    defer { try? FileManager.default.removeItem(at: file) }
    return try run(["-c", script, file.path()]).output
  }

  static func run(_ arguments: [String]) throws -> (status: Int32, output: String) {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["python3"] + arguments
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardError = FileHandle.nullDevice
    try process.run()
    let output = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    return (process.terminationStatus, output)
  }
}
