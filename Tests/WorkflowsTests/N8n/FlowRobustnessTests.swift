import Foundation
import TestSupport
import Testing
import Workflows

/// Exports and flows that are damaged, large, or not written for this checkout.
struct FlowRobustnessTests {
  private static let examples =
    FlowFiles.files(
      below: Checkout.root + "testdata/rules", [".n8n.json", ".mira-flow.yml"])

  private static let isCorpusThere = FileManager.default.fileExists(
    atPath: Checkout.shared + "corpus")

  @Test func `every example is read without a complaint`() throws {
    #expect(Self.examples.count > 40)
    for path in Self.examples {
      let reading = try #require(FlowFiles.read(FlowFiles.bytes(of: path), path: path))
      #expect(reading.workflows.count == 1 && reading.problems.isEmpty, "\(path)")
      #expect(!reading.workflows.contains { !$0.gaps.isEmpty }, "\(path)")
    }
  }

  @Test(
    .enabled(if: isCorpusThere, "the public corpus does not lie beside this checkout"),
    arguments: ["n8n", "mira-flows"])
  func `every public definition is read`(folder: String) {
    var read = 0
    for path in FlowFiles.files(
      below: Checkout.shared + "corpus/" + folder, [".json", ".yml", ".yaml"])
    {
      guard let reading = FlowFiles.read(FlowFiles.bytes(of: path), path: path) else { continue }
      read += 1
      for workflow in reading.workflows {
        let steps = workflow.steps.indices
        #expect(
          workflow.edges.allSatisfy { steps.contains($0.from) && steps.contains($0.to) }, "\(path)")
      }
    }
    #expect(read > 4)
  }

  @Test(.enabled(if: isCorpusThere, "the public corpus does not lie beside this checkout"))
  func `look-alikes are not recognised`() {
    for path in FlowFiles.files(
      below: Checkout.shared + "corpus/lookalikes", [".json", ".yml", ".yaml"])
    {
      let isRecognised = FlowFiles.read(FlowFiles.bytes(of: path), path: path) != nil
      #expect(!isRecognised, "\(path)")
    }
  }

  @Test(arguments: [".n8n.json", ".mira-flow.yml"])
  func `damaged definitions give a graph or nothing`(suffix: String) throws {
    let examples = Self.examples.filter { $0.hasSuffix(suffix) }
    try #require(!examples.isEmpty)
    var random = SeededGenerator(seed: 20_261_121)
    for round in 0..<200 {
      let path = examples[round % examples.count]
      var bytes = FlowFiles.bytes(of: path)
      for _ in 0..<Int.random(in: 1...4, using: &random) {
        Self.mutation.damage(&bytes, &random)
      }
      for workflow in FlowFiles.read(bytes, path: path)?.workflows ?? [] {
        let steps = workflow.steps.indices
        #expect(
          workflow.edges.allSatisfy { edge in
            steps.contains(edge.from) && steps.contains(edge.to)
              && edge.guards.allSatisfy {
                workflow.steps[edge.from].decisions.indices.contains($0.decision)
              }
          }, "\(path), round \(round)")
      }
    }
  }

  private static let mutation = Mutation(marks: "{}[]()\"'`\\$,:;=!?")

  @Test func `the time for an export grows with its size`() throws {
    func seconds(_ count: Int) throws -> Double {
      let nodes = (0..<count).map { index in
        (
          name: "N\(index)",
          rest: index % 5 == 0
            ? #""type": "n8n-nodes-base.merge", "typeVersion": 3"#
            : #""type": "n8n-nodes-base.set", "typeVersion": 3.4, "parameters": {"assignments": {"assignments": [{"name": "a", "value": "={{ $json.b }}"}]}}"#
        )
      }
      let connections = (0..<count - 1).map { index in
        "\"N\(index)\": {\"main\": [[{\"node\": \"N\(index + 1)\", \"index\": 0},"
          + " {\"node\": \"N\(min(count - 1, index + 5 - index % 5))\", \"index\": 1}]]}"
      }
      let text = FlowFiles.export(nodes, connections.joined(separator: ","))
      return try CPUTime.least {
        let reading = try #require(FlowFiles.read(text, path: "large.json"))
        let nodes = reading.workflows[0].steps.filter { $0.part == 0 }
        #expect(nodes.count == count + 1)
      } / .seconds(1)
    }
    let small = try seconds(1000)
    let large = try seconds(5000)
    #expect(large < small * 5 * 4 + 0.5)
  }
}
