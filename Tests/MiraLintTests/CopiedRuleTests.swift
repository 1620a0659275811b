import Findings
import Foundation
import MiraLint
import TestSupport
import Testing

/// Built-in rules have nothing that a user's own rules have not: a copy under another ID behaves the same.
@Suite("Copied rules")
struct CopiedRuleTests {
  private let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)

  /// Copies the rules and their examples, every ID in them renamed.
  private func copy() throws {
    let files = FileManager.default
    let rules = URL(fileURLWithPath: Checkout.root + "rules/mira")
    try files.createDirectory(at: folder, withIntermediateDirectories: true)
    for name in try files.contentsOfDirectory(atPath: rules.path()) where name.hasSuffix(".yml") {
      try rename(rules.appending(path: name), folder.appending(path: name))
    }
    let examples = URL(fileURLWithPath: Checkout.root + "testdata/rules")
    for name in try files.subpathsOfDirectory(atPath: examples.path()).sorted() {
      let target = folder.appending(path: "testdata/" + renamed(name))
      let values = try examples.appending(path: name).resourceValues(forKeys: [.isDirectoryKey])
      if values.isDirectory == true {
        try files.createDirectory(at: target, withIntermediateDirectories: true)
      } else {
        try rename(examples.appending(path: name), target)
      }
    }
  }

  private func rename(_ source: URL, _ target: URL) throws {
    let bytes = try Data(contentsOf: source)
    let text = String(data: bytes, encoding: .utf8).map { Data(renamed($0).utf8) }
    try (text ?? bytes).write(to: target)
  }

  private func renamed(_ text: String) -> String {
    text.replacingOccurrences(of: "MIRA", with: "OWNR")
  }

  private func findings(in examples: String, by selection: String) async throws -> [String] {
    var settings = Settings(workingDirectory: examples)
    settings.repositoryRoot = examples
    settings.rulePaths = [folder.path()]
    settings.selected = [selection]
    return try await Linter(settings).check([examples]).findings
      .filter { $0.rule.hasPrefix(selection) }
      .map { finding in
        let flow = finding.flow.map { "\($0.role) \($0.location.line) \($0.message)" }
        let place = "\(finding.location.path):\(finding.location.line):\(finding.location.column)"
        return renamed(
          "\(place) \(finding.rule)/\(finding.cause ?? "-") \(finding.severity) "
            + "\(finding.message) \(flow) \(finding.remedy ?? "-")")
      }
      .sorted()
  }

  @Test func `copied rules find the same in the same places`() async throws {
    try copy()
    defer { try? FileManager.default.removeItem(at: folder) }
    let builtIn = try await findings(in: Checkout.root + "testdata/rules", by: "MIRA")
    let copied = try await findings(in: folder.appending(path: "testdata").path(), by: "OWNR")
    #expect(!builtIn.isEmpty)
    #expect(copied == builtIn)
  }

  @Test func `copied rules pass the same examples`() async throws {
    try copy()
    defer { try? FileManager.default.removeItem(at: folder) }
    var settings = Settings(workingDirectory: Checkout.root)
    var runner = try ExampleRunner(settings)
    let builtIn = try await runner.run(ExampleFolder.find(nil, for: &settings))
    settings = Settings(workingDirectory: folder.path())
    let examples = ExampleFolder.find(".", for: &settings)
    runner = try ExampleRunner(settings)
    let copied = try await runner.run(examples)
    #expect(copied.passed == builtIn.passed)
    #expect(copied.failed == builtIn.failed)
  }
}
