import Findings
import Foundation
import MiraLint
import TestSupport
import Testing

/// The page about rules over workflows: what it shows does what it says.
@Suite struct WorkflowRulePageTests {
  private static let workflow = """
    on: push
    jobs:
      answer:
        runs-on: ubuntu-latest
        steps:
          - id: mira
            uses: mira-network/verified-generate@v1
            with: { prompt: Summarise }
          - uses: our-org/send-letter@v1
            with: { text: "${{ steps.mira.outputs.output }}" }
          - run: redis-cli SET "answer:$Q" "${{ steps.mira.outputs.output }}"
    """

  @Test func `each rule of the page finds what it is for`() async throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let page = try String(contentsOfFile: Checkout.root + "docs/workflow-rules.md", encoding: .utf8)
    let documents = page.components(separatedBy: "```yaml\n").dropFirst()
      .compactMap { $0.components(separatedBy: "```").first }
    #expect(documents.count == 4)
    try documents.joined(separator: "---\n").write(
      to: folder.appending(path: "rules.yml"), atomically: true, encoding: .utf8)
    try Self.workflow.write(
      to: folder.appending(path: "ci.yml"), atomically: true, encoding: .utf8)
    var settings = Settings(workingDirectory: folder.path())
    settings.repositoryRoot = folder.path()
    settings.rulePaths = [folder.appending(path: "rules.yml").path()]
    settings.selected = ["HOUSE"]
    let findings = try await Linter(settings).check(["ci.yml"]).findings.map {
      "\($0.location.line) \($0.rule): \($0.message)"
    }
    #expect(
      findings == [
        "7 HOUSE103: `mira` asks again for every push",
        "10 HOUSE101: `our-org/send-letter@v1` sends a letter with the answer of `mira` "
          + "before anything has checked for a certificate",
        "11 HOUSE102: `redis-cli SET \"answer:$Q\" \"${{ steps.mi…` keeps the answer for ever",
      ])
  }
}
