import Findings
import Foundation
import MiraLint
import TestSupport
import Testing

private enum PublicCorpus {
  static let folder = Checkout.shared + "corpus/"
  static let isPresent = FileManager.default.fileExists(atPath: folder)
}

/// Checks public files: what they are recognised as, and that nothing false is said of them.
@Suite(
  "Public corpus", .enabled(if: PublicCorpus.isPresent, "the corpus is not beside the checkout"))
struct CorpusTests {
  private let linter: Linter

  init() throws {
    var settings = Settings(workingDirectory: PublicCorpus.folder)
    settings.jobs = 2
    linter = try Linter(settings)
  }

  private func check(_ path: String) async throws -> CheckOutcome {
    try await linter.check([path])
  }

  /// Files that a person agrees are broken: dangling states, rules without `Next`, functions that do not exist, a
  /// template that does nothing, a key written twice.
  private static let broken: Set<String> = [
    "argo-workflows/argoproj__argo-workflows/test/e2e/testdata/malformed/malformed-cronworkflow.yaml",
    "argo-workflows/argoproj__argo-workflows/workflow/controller/testdata/workflow-template-invalid-entrypoint.yaml",
    "gitlab-ci/firecow__gitlab-ci-local/tests/test-cases/duplicated-keys/.gitlab-ci.yml",
    "step-functions/guyernest__step-functions-agent/step-functions/agent-with-tools-flow-template.json",
    "step-functions/guyernest__step-functions-agent/step-functions/supervisor-agent-flow-template.json",
    "step-functions/guyernest__step-functions-agent/step-functions/web-search-agent.json",
    "step-functions/super-linter__super-linter/test/linters/states/states_bad_1.json",
  ]

  @Test func `nothing is said of public files but that broken ones are broken`() async throws {
    let findings = try await check(".").findings
    let others = findings.filter { $0.rule != "MIRA001" || !Self.broken.contains($0.location.path) }
    #expect(others.map { "\($0.location.path):\($0.location.line) \($0.message)" } == [])
    #expect(Set(findings.map(\.location.path)) == Self.broken)
  }

  @Test(arguments: [
    ("github-actions", 70), ("step-functions", 70), ("step-functions-cfn", 20), ("n8n", 41),
    ("mira-flows", 6), ("serverless-workflow-1.0", 40), ("serverless-workflow-0.8", 8),
    ("google-workflows", 40), ("conductor", 39), ("logic-apps", 20),
    ("argo-workflows", 45), ("tekton", 45), ("gitlab-ci", 35), ("kestra", 40), ("dify", 25),
    ("bpmn", 30), ("github-agentic-md", 10),
  ])
  func `every definition of an engine is recognised`(folder: String, count: Int) async throws {
    #expect(try await check(folder).summary.definitions == count)
  }

  @Test func `look-alikes stay silent`() async throws {
    #expect(try await check("lookalikes").findings.isEmpty)
  }

  @Test func `no file takes more than a second`() async throws {
    // A debug build on a busy machine is some ten times slower than what users run.
    let limit = Duration.seconds(8)
    let walk = FileManager.default.enumerator(atPath: PublicCorpus.folder)
    while let path = walk?.nextObject() as? String {
      guard ["yml", "yaml", "json", "json5"].contains((path as NSString).pathExtension) else {
        continue
      }
      let time = try await ContinuousClock().measure { _ = try await check(path) }
      #expect(time < limit, "\(path) took \(time)")
    }
  }
}
