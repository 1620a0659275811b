import Findings
import Foundation
import MiraLint
import TestSupport
import Testing

/// The examples of log formats: a folder for each, files named `bad…` and `good…`.
@Suite("Log examples") struct LogExampleTests {
  private static let folder = Checkout.root + "testdata/logs/"

  private static let examples = {
    let paths = FileManager.default.enumerator(atPath: folder)?.compactMap { $0 as? String } ?? []
    return paths.filter { path in
      let name = path.split(separator: "/").last ?? ""
      return (name.hasPrefix("bad") || name.hasPrefix("good")) && !name.hasSuffix(".expect")
    }.sorted()
  }()

  @Test(arguments: examples) func `an example shows what it promises`(path: String) async throws {
    let directory = Self.folder + (path.split(separator: "/").first ?? "")
    var settings = Settings(workingDirectory: directory)
    let beside = try FileManager.default.contentsOfDirectory(atPath: directory)
    settings.protocolPaths = beside.filter { $0.hasSuffix(".yml") }.sorted()
    let file = String(path.split(separator: "/").last ?? "")
    let outcome = try await Linter(settings).check([file])
    let found = outcome.findings.map { finding in
      "\(finding.location.line) \(finding.rule)/\(finding.cause ?? "")"
    }
    let expected = try? String(contentsOfFile: directory + "/" + file + ".expect", encoding: .utf8)
    let lines = (expected ?? "").split(separator: "\n").map(String.init)
    #expect(found == lines)
    #expect(file.hasPrefix("bad") == !lines.isEmpty)
    #expect(outcome.summary.logs == 1)
  }

  @Test func `an engine's history and the definition that ran tell one finding`() async throws {
    let definition =
      Checkout.root + "testdata/stories/branch-before-consensus/bad/refund.asl.json"
    let history = Self.folder + "step-functions-history/bad-branch-before-certificate.json"
    let settings = Settings(workingDirectory: Checkout.root)
    let outcome = try await Linter(settings).check([definition, history])
    let observed = outcome.findings.filter { $0.observed?.count == 1 }
    #expect(observed.map(\.rule) == ["MIRA101", "MIRA106"])
    #expect(observed.first?.observed?.worstExposureMilliseconds == 1850)
  }

  @Test func `there are examples`() { #expect(Self.examples.count >= 10) }
}
