import SourceText
import TestSupport
import Testing
import Workflows

/// Definitions that are damaged, large, or not written for this checkout.
struct ServiceRobustnessTests {
  typealias Engine = ServiceFiles.Engine

  private static func examples(_ engine: Engine) -> [String] {
    TestDefinition.paths(below: Checkout.root + "testdata/rules", engine.endings)
  }

  private static func isSound(_ workflow: Workflow) -> Bool {
    let steps = workflow.steps.indices
    return workflow.edges.allSatisfy { edge in
      steps.contains(edge.from) && steps.contains(edge.to)
        && edge.guards.allSatisfy {
          workflow.steps[edge.from].decisions.indices.contains($0.decision)
        }
    } && workflow.returns.allSatisfy { steps.contains($0.step) }
  }

  @Test(arguments: ServiceFiles.engines)
  func `every example is read without a complaint`(engine: Engine) throws {
    let examples = Self.examples(engine)
    #expect(examples.count > 25)
    for path in examples {
      let reading = try #require(
        TestDefinition.read(TestDefinition.bytes(path), path: path, engine: engine.name), "\(path)")
      #expect(!reading.workflows.isEmpty && reading.problems.isEmpty, "\(path)")
    }
  }

  @Test(
    .enabled(if: TestDefinition.hasCorpus, "the public corpus does not lie beside this checkout"),
    arguments: ServiceFiles.engines)
  func `every public definition is read without a complaint`(engine: Engine) {
    var read = 0
    for folder in engine.folders {
      let files = TestDefinition.paths(
        below: Checkout.shared + "corpus/" + folder, [".yaml", ".yml", ".json"])
      for path in files {
        let found = TestDefinition.read(TestDefinition.bytes(path), path: path, engine: engine.name)
        guard let found else {
          // The schema of a task is no definition.
          #expect(path.hasSuffix("/schemas/Task.json"), "\(path)")
          continue
        }
        read += 1
        #expect(found.problems.map(\.message).isEmpty, "\(path)")
        #expect(!found.workflows.isEmpty, "\(path)")
        for workflow in found.workflows {
          #expect(Self.isSound(workflow) && workflow.steps.count > 1, "\(path)")
          #expect(workflow.danglingReferences.isEmpty, "\(path)")
        }
      }
    }
    #expect(read >= 20)
  }

  @Test(
    .enabled(if: TestDefinition.hasCorpus, "the public corpus does not lie beside this checkout"),
    arguments: ServiceFiles.engines)
  func `other files are not recognised`(engine: Engine) {
    let own = engine.folders.map { "/corpus/\($0)/" }
    let others = TestDefinition.paths(
      below: Checkout.shared + "corpus", [".yaml", ".yml", ".json"]
    ).filter { path in !own.contains { path.contains($0) } }
    #expect(others.count > 100)
    for path in others {
      let found = TestDefinition.read(TestDefinition.bytes(path), path: path, engine: engine.name)
      #expect(found == nil, "\(path)")
    }
  }

  @Test(arguments: ServiceFiles.engines)
  func `damaged definitions give a graph or nothing`(engine: Engine) throws {
    let examples = Self.examples(engine)
    try #require(!examples.isEmpty)
    var random = SeededGenerator(seed: 20_261_122)
    for round in 0..<200 {
      let path = examples[round % examples.count]
      var bytes = TestDefinition.bytes(path)
      for _ in 0..<Int.random(in: 1...4, using: &random) { Self.mutation.damage(&bytes, &random) }
      let reading = TestDefinition.read(bytes, path: path, engine: engine.name)
      for workflow in reading?.workflows ?? [] {
        #expect(Self.isSound(workflow), "\(path), round \(round)")
      }
      for problem in reading?.problems ?? [] {
        #expect(problem.range.end <= bytes.count, "\(path), round \(round)")
      }
    }
  }

  private static let mutation = Mutation(
    marks: "{}[]()\"'`\\$,:;=!?@|&\n- ", longest: 60, bytes: 0x20...0x7E)

  /// A definition in which every step reads what the one before gave, and every fourth decides.
  private static func large(_ engine: String, _ count: Int) -> (text: String, path: String) {
    switch engine {
    case "serverless-workflow":
      var text = "document: {dsl: 1.0.0, namespace: n, name: large, version: 1.0.0}\ndo:\n"
      for index in 0..<count {
        text +=
          index % 4 == 3
          ? "  - t\(index): {switch: [{a: {when: .x == \(index), then: t\(index / 2)}}]}\n"
          : "  - t\(index): {call: http, with: {method: get, endpoint: 'https://a/{id}'}, "
            + "export: {as: '$context + {t\(index): .x}'}}\n"
      }
      return (text, "large.yaml")
    case "google-workflows":
      var text = "main:\n  steps:\n"
      for index in 0..<count {
        text +=
          index % 4 == 3
          ? "    - s\(index): {switch: [{condition: '${r\(index - 1).body.x == 1}', next: s\(index / 2)}]}\n"
          : "    - s\(index): {call: http.get, args: {url: '${\"https://a/\" + r\(max(0, index - 1)).body.id}'}, result: r\(index)}\n"
      }
      return (text, "large.yaml")
    case "logic-apps":
      var actions: [String] = []
      for index in 0..<count {
        let before =
          index == 0 ? "{}" : "{\"a\(index - 1)\": [\"Succeeded\", \"Failed\", \"Skipped\"]}"
        actions.append(
          "\"a\(index)\": {\"type\": \"Http\", \"inputs\": {\"method\": \"GET\", "
            + "\"uri\": \"https://a/@{body('a\(max(0, index - 1))')?['x']}\"}, \"runAfter\": \(before)}"
        )
      }
      return (
        "{\"definition\": {\"$schema\": \"workflowdefinition.json#\", \"triggers\": {}, "
          + "\"actions\": {\(actions.joined(separator: ",\n"))}}}", "large.json"
      )
    default:
      var tasks: [String] = []
      for index in 0..<count {
        let reference = "${t\(max(0, index - 1)).output.x}"
        tasks.append(
          index % 4 == 3
            ? "{\"name\": \"t\(index)\", \"taskReferenceName\": \"t\(index)\", \"type\": \"SWITCH\", "
              + "\"evaluatorType\": \"graaljs\", \"expression\": \"$.x > 1 ? 'a' : 'b'\", "
              + "\"inputParameters\": {\"x\": \"\(reference)\"}, \"decisionCases\": {\"a\": []}}"
            : "{\"name\": \"t\(index)\", \"taskReferenceName\": \"t\(index)\", \"type\": \"SIMPLE\", "
              + "\"inputParameters\": {\"x\": \"\(reference)\"}}")
      }
      return ("{\"name\": \"large\", \"tasks\": [\(tasks.joined(separator: ",\n"))]}", "large.json")
    }
  }

  @Test(arguments: ServiceFiles.engines)
  func `the time for a definition grows with its size`(engine: Engine) throws {
    func seconds(_ count: Int) throws -> Double {
      let (text, path) = Self.large(engine.name, count)
      let bytes = Array(text.utf8)
      return try CPUTime.least {
        let reading = try #require(TestDefinition.read(bytes, path: path, engine: engine.name))
        #expect(reading.workflows[0].steps.count >= count)
      } / .seconds(1)
    }
    let small = try seconds(400)
    let large = try seconds(2000)
    #expect(large < small * 5 * 3 + 0.5, "\(small) and \(large) seconds")
  }
}
