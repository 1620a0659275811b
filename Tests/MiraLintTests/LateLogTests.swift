import Findings
import Foundation
import MiraLint
import TestSupport
import Testing

/// Logs whose first event stands behind what is looked at of every file.
@Suite struct LateLogTests {
  private static let events = """
    {"ts":"2026-03-04T09:00:00Z","event":"generate.responded","output_hash":"h","status":"provisional"}
    {"ts":"2026-03-04T09:00:01Z","event":"action.executed","output_hash":"h","action":"refund"}

    """
  private static let silence = String(
    repeating: #"{"ts":"2026-03-04T08:00:00Z","level":"info","msg":"GET /health 200"}"# + "\n",
    count: 1500)
  private static let console =
    silence.replacingOccurrences(of: "{", with: "INFO {")
    + events.replacingOccurrences(of: "{", with: "INFO {")

  /// What is found in a file of a folder, by its rules and lines.
  private static func findings(
    in text: String, named name: String, isWalked: Bool = false
  ) async throws -> [String] {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try Data(text.utf8).write(to: folder.appending(path: name))
    let settings = Settings(workingDirectory: folder.path())
    let outcome = try await Linter(settings).check([isWalked ? "." : name])
    return outcome.findings.map { "\($0.rule) \($0.location.line)" }
  }

  @Test(arguments: ["late.ndjson", "late.log", "late"])
  func `events behind many lines without any are judged in a file that was named`(
    name: String
  ) async throws {
    let found = try await Self.findings(in: Self.silence + Self.events, named: name)
    #expect(found == ["MIRA204 1502"])
  }

  @Test func `in a folder the name says that a file is worth a longer look`() async throws {
    let log = Self.silence + Self.events
    #expect(try await Self.findings(in: log, named: "a.jsonl", isWalked: true) == ["MIRA204 1502"])
    #expect(try await Self.findings(in: log, named: "a.txt", isWalked: true) == [])
  }

  @Test func `a console's first event may come late`() async throws {
    #expect(try await Self.findings(in: Self.console, named: "app.log") == ["MIRA204 1502"])
  }

  @Test func `a first event that is longer than the first look is one`() async throws {
    let prompt = String(repeating: "why ", count: 20_000)
    let events = Self.events.replacingOccurrences(
      of: #""status""#, with: #""prompt":"\#(prompt)","status""#)
    #expect(try await Self.findings(in: events, named: "run.json") == ["MIRA204 2"])
  }

  @Test func `bytes of nothing before a log are damage, and the log is judged`() async throws {
    let log = String(repeating: "\0", count: 70_000) + Self.events
    #expect(try await Self.findings(in: log, named: "run.log") == ["MIRA001 1", "MIRA204 2"])
  }

  @Test(arguments: [false, true])
  func `an execution is one, however large the workflow before its data is`(
    isWalked: Bool
  ) async throws {
    let example = "testdata/logs/n8n-execution/bad-cache-before-certificate.json"
    let text = try String(contentsOfFile: Checkout.root + example, encoding: .utf8)
    let notes = String(repeating: "note ", count: 20_000)
    let large = text.replacingOccurrences(
      of: #""workflowData": {"#, with: #""workflowData": {"notes": "\#(notes)","#)
    let found = try await Self.findings(in: large, named: "run.json", isWalked: isWalked)
    #expect(found == ["MIRA201 172", "MIRA202 208", "MIRA203 243", "MIRA204 243"])
  }
}
