import Analysis
import EventLogs
import Findings
import Foundation
import Rules
import Testing

/// Logs that can be read only once.
@Suite struct PipedLogTests {
  /// Lines are read in blocks, the objects of a list one by one.
  @Test(arguments: [("", "\n", "\n"), ("[", ", ", "]")])
  func `what comes compressed through a pipe is judged to its end, as a file is`(
    start: String, between: String, end: String
  ) throws {
    // Such notes hardly get smaller: far more than what is looked at to tell the format, or fits into a pipe.
    var events: [String] = []
    var random = Congruence(state: 7)
    for second in 0..<2_000 {
      let note = (0..<120).map { _ in String(random.next(below: 1 << 40), radix: 36) }.joined()
      events.append(
        "{\"ts\":\(1_767_225_600 + second),\"event\":\"branch.executed\","
          + "\"output_hash\":\"o\(second)\",\"note\":\"\(note)\"}")
    }
    let log = start + events.joined(separator: between) + end
    let folder = FileManager.default.temporaryDirectory
    let file = folder.appending(path: "mira-lint-\(UUID().uuidString).ndjson")
    try Data(log.utf8).write(to: file)
    defer { try? FileManager.default.removeItem(at: file) }
    let book = try GeneratedLog.rules()
    let judge = LogJudge(
      rules: book.rules, protocols: book.protocols, options: LogOptions(maximumSkew: 0))
    let plain = judge.judge(LogSource(path: "log", input: .file(file.path)))

    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["gzip", "-c", file.path]
    let pipe = Pipe()
    process.standardOutput = pipe
    try process.run()
    let piped = judge.judge(
      LogSource(path: "log", input: .descriptor(pipe.fileHandleForReading.fileDescriptor)))
    process.waitUntilExit()

    #expect(piped.problems.map(\.message) == [])
    #expect(piped.statistics.events == 2_000)
    #expect(plain.statistics.violated > 0)
    #expect(piped.statistics.violated == plain.statistics.violated)
    #expect(piped.findings.map(\.message) == plain.findings.map(\.message))
    #expect(piped.findings.map(\.location) == plain.findings.map(\.location))
  }
}
