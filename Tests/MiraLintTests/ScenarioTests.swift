import Foundation
import TestSupport
import Testing

/// Runs the built command in an empty directory with the files of a scenario, and compares all that it says.
///
/// A scenario is one text: `==== file NAME ====` for each file, `==== command ====` with shell lines, then what
/// must come: `==== stdout ====`, `==== stderr ====`, `==== status ====`. `MIRA_LINT_RECORD=1` rewrites those three.
@Suite("Scenarios")
struct ScenarioTests {
  private static let folder = Checkout.root + "testdata/scenarios/"

  static let names = ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? [])
    .filter { $0.hasSuffix(".scenario") && (verifies || $0 != "verify.scenario") }.sorted()

  #if Certificates
    private static let verifies = true
  #else
    private static let verifies = false
  #endif

  @Test func `there are scenarios`() { #expect(!Self.names.isEmpty) }

  @Test(arguments: names)
  func `the command does as written`(_ name: String) throws {
    let text = try String(contentsOfFile: Self.folder + name, encoding: .utf8)
    let scenario = Scenario(text)
    let result = try CommandRun(scenario.command, files: scenario.files)
    GoldenFile.expect(scenario.text(with: result), equals: "scenarios/\(name)")
  }
}

/// A scenario taken apart.
struct Scenario {
  private(set) var files: [(name: String, text: String)] = []
  private(set) var command = ""
  private var head = ""

  init(_ text: String) {
    var section = ""
    var body = ""
    func close(_ scenario: inout Scenario) {
      if section.hasPrefix("file ") {
        scenario.files.append((String(section.dropFirst(5)), body))
      } else if section == "command" {
        scenario.command = body
      }
      body = ""
    }
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      if line.hasPrefix("==== "), line.hasSuffix(" ====") {
        close(&self)
        section = String(line.dropFirst(5).dropLast(5))
        if section == "stdout" { break }
      } else {
        body += line + "\n"
      }
      head += line + "\n"
    }
  }

  func text(with result: CommandRun) -> String {
    head + "==== stdout ====\n\(result.output)==== stderr ====\n\(result.complaints)"
      + "==== status ====\n\(result.status)\n"
  }
}

/// One run of shell lines in a directory of its own, with `mira-lint` on the path.
struct CommandRun {
  let status: Int32
  let output: String
  let complaints: String

  init(_ command: String, files: [(name: String, text: String)]) throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    let work = folder.appending(path: "work")
    try FileManager.default.createDirectory(at: work, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    for (name, text) in files {
      let file = work.appending(path: name)
      try FileManager.default.createDirectory(
        at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(text.utf8).write(to: file)
    }
    let streams = [folder.appending(path: "stdout"), folder.appending(path: "stderr")]
    for stream in streams { try Data().write(to: stream) }
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/sh")
    process.arguments = ["-c", command]
    process.currentDirectoryURL = work
    let binaries = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()
    process.environment = ["PATH": "\(binaries.path()):/usr/bin:/bin", "LC_ALL": "C.UTF-8"]
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = try FileHandle(forWritingTo: streams[0])
    process.standardError = try FileHandle(forWritingTo: streams[1])
    try process.run()
    process.waitUntilExit()
    status = process.terminationStatus
    output = try String(contentsOf: streams[0], encoding: .utf8)
    complaints = try String(contentsOf: streams[1], encoding: .utf8)
  }
}
