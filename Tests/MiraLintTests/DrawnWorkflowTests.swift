import Findings
import MiraLint
import TestSupport
import Testing

@Suite("Drawn workflows")
struct DrawnWorkflowTests {
  private func check(_ paths: [String], draws: Bool) async throws -> CheckOutcome {
    var settings = Settings(workingDirectory: Checkout.root)
    settings.drawsWorkflows = draws
    return try await Linter(settings).check(paths)
  }

  @Test func `every path of every example hangs together`() async throws {
    let outcome = try await check(["testdata/rules", "testdata/stories"], draws: true)
    var routes = 0
    for finding in outcome.findings {
      guard let path = finding.drawnPath else { continue }
      let drawing = outcome.workflows[path.workflow]
      let ends = [path.source, path.gate, path.sink].compactMap(\.self)
      #expect(ends.allSatisfy(drawing.steps.indices.contains))
      #expect(path.ways.allSatisfy(drawing.ways.indices.contains))
      let ways = path.ways.map { drawing.ways[$0] }
      guard let first = ways.first, let last = ways.last else { continue }
      routes += 1
      #expect(first.from == path.source, "\(finding.location.path): \(finding.message)")
      #expect(last.to == path.sink, "\(finding.location.path): \(finding.message)")
      for (one, next) in zip(ways, ways.dropFirst()) { #expect(one.to == next.from) }
    }
    #expect(routes > 100)
    for drawing in outcome.workflows {
      for way in drawing.ways {
        #expect(drawing.steps.indices.contains(way.from) && drawing.steps.indices.contains(way.to))
      }
    }
  }

  @Test func `drawing changes no finding`() async throws {
    let plain = try await check(["testdata/rules"], draws: false)
    let drawn = try await check(["testdata/rules"], draws: true)
    #expect(plain.findings.map(\.fingerprint) == drawn.findings.map(\.fingerprint))
    #expect(plain.findings.map(\.message) == drawn.findings.map(\.message))
    #expect(plain.workflows.isEmpty)
    #expect(plain.findings.allSatisfy { $0.drawnPath == nil })
  }

  @Test func `the way round a gate leads through the gate`() async throws {
    let folder = "testdata/rules/MIRA106/"
    for example in ["bad.error-output.n8n.json", "bad.polling.asl.yaml"] {
      let outcome = try await check([folder + example], draws: true)
      let finding = try #require(outcome.findings.first { $0.drawnPath?.gate != nil })
      let path = try #require(finding.drawnPath)
      let drawing = outcome.workflows[path.workflow]
      let gate = try #require(path.gate)
      #expect(drawing.steps[gate].isGate)
      let leaving = path.ways.map { drawing.ways[$0] }.first { $0.from == gate }
      #expect(leaving?.outcome != .success)
    }
  }
}
