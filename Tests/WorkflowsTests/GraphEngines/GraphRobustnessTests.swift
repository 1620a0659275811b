import Foundation
import SourceText
import TestSupport
import Testing
import Workflows

/// Definitions that are damaged, large, or not written for this checkout.
struct GraphRobustnessTests {
  struct Engine: CustomTestStringConvertible, Sendable {
    var name: String
    var folder: String
    /// What its examples are called.
    var ending: String
    var fileEndings: [String]
    var testDescription: String { name }
  }

  static let engines = [
    Engine(name: "dify", folder: "dify", ending: ".dify.yml", fileEndings: [".yml"]),
    Engine(
      name: "kestra", folder: "kestra", ending: ".kestra.yml", fileEndings: [".yml", ".yaml"]),
    Engine(name: "bpmn", folder: "bpmn", ending: ".bpmn", fileEndings: [".bpmn", ".bpmn2"]),
    Engine(
      name: "github-agentic", folder: "github-agentic-md", ending: ".agentic.md",
      fileEndings: [".md"]),
  ]

  private static func examples(_ engine: Engine) -> [String] {
    TestDefinition.paths(below: Checkout.root + "testdata/rules", [engine.ending])
  }

  @Test(arguments: engines)
  func `every example is read without a complaint`(engine: Engine) throws {
    let examples = Self.examples(engine)
    #expect(examples.count > 10)
    for path in examples {
      let reading = try #require(
        TestDefinition.read(TestDefinition.bytes(path), path: path, engine: engine.name), "\(path)")
      #expect(reading.workflows.count == 1 && reading.problems.isEmpty, "\(path)")
      #expect(reading.workflows.allSatisfy(GraphFiles.isSound), "\(path)")
      // Files are read one by one here: a workflow that another one runs is not there.
      let gaps = reading.workflows.flatMap(\.gaps).filter { !$0.message.hasSuffix("not in sight") }
      #expect(gaps.isEmpty, "\(path)")
    }
  }

  /// A task that an example of the documentation leaves out.
  private static let absent = ["outputs.upload"]

  @Test(
    .enabled(if: TestDefinition.hasCorpus, "the public corpus does not lie beside this checkout"),
    arguments: engines)
  func `every public definition is read`(engine: Engine) {
    let paths = TestDefinition.paths(
      below: Checkout.shared + "corpus/" + engine.folder, engine.fileEndings)
    #expect(paths.count >= 10)
    for path in paths {
      let reading = TestDefinition.read(TestDefinition.bytes(path), path: path, engine: engine.name)
      #expect(reading?.workflows.isEmpty == false, "\(path)")
      for workflow in reading?.workflows ?? [] {
        #expect(GraphFiles.isSound(workflow) && workflow.steps.count > 1, "\(path)")
        let missing = workflow.danglingReferences.map(\.text).filter { !Self.absent.contains($0) }
        #expect(missing.isEmpty, "\(path)")
      }
    }
  }

  @Test(
    .enabled(if: TestDefinition.hasCorpus, "the public corpus does not lie beside this checkout"),
    arguments: engines)
  func `other files are not recognised`(engine: Engine) {
    let folders =
      engine.name == "bpmn" ? ["event-logs-xes"] : ["lookalikes", "tekton", "mira-flows"]
    let others = folders.flatMap {
      TestDefinition.paths(
        below: Checkout.shared + "corpus/" + $0, [".yaml", ".yml", ".xml", ".xes", ".md"])
    }
    for path in others {
      let reading = TestDefinition.read(TestDefinition.bytes(path), path: path, engine: engine.name)
      #expect(reading == nil, "\(path)")
    }
  }

  @Test(arguments: engines)
  func `damaged definitions give a graph or nothing`(engine: Engine) throws {
    let examples = Self.examples(engine)
    try #require(!examples.isEmpty)
    var random = SeededGenerator(seed: 20_261_121)
    for round in 0..<200 {
      let path = examples[round % examples.count]
      var bytes = TestDefinition.bytes(path)
      for _ in 0..<Int.random(in: 1...4, using: &random) { Self.mutation.damage(&bytes, &random) }
      let reading = TestDefinition.read(bytes, path: path, engine: engine.name)
      for workflow in reading?.workflows ?? [] {
        #expect(GraphFiles.isSound(workflow), "\(path), round \(round)")
      }
    }
  }

  private static let mutation = Mutation(marks: "{}[]()\"'`\\$,:;=!?|&\n- <>/%#")

  // MARK: Growth

  /// A definition in which every task reads what the one before it gave, behind a condition.
  private static func large(_ engine: Engine, _ count: Int) -> String {
    switch engine.name {
    case "dify": largeDify(count)
    case "kestra": largeKestra(count)
    case "bpmn": largeBPMN(count)
    default: largeAgentic(count)
    }
  }

  private static func largeDify(_ count: Int) -> String {
    var nodes = ""
    var edges = ""
    for index in 1..<count {
      nodes += """
            - id: '\(index)'
              data:
                type: \(index % 2 == 0 ? "llm" : "if-else")
                title: N\(index)
                prompt_template: [{ text: 'x {{#\(index - 1).text#}}' }]
                cases:
                - case_id: 'true'
                  conditions:
                  - { comparison_operator: contains, value: a, variable_selector: ['\(index - 1)', text] }

        """
      edges += "    - { source: '\(index - 1)', sourceHandle: 'true', target: '\(index)' }\n"
      edges += "    - { source: '\(index / 2)', sourceHandle: source, target: '\(index)' }\n"
    }
    return """
      app: { mode: workflow, name: large }
      kind: app
      workflow:
        graph:
          nodes:
          - { id: '0', data: { type: start, title: Start } }
      \(nodes)
          edges:
      \(edges)
      """
  }

  private static func largeKestra(_ count: Int) -> String {
    var text = "id: large\nnamespace: a.b\ntasks:\n"
    for index in 1..<count {
      text += """
        - id: t\(index)
          type: io.kestra.plugin.core.http.Request
          uri: https://example.com/{{ outputs.t\(index - 1).body | jq('.a') | first }}
          runIf: "{{ json(outputs.t\(index - 1).body).b == 'x' }}"

        """
    }
    return text + "errors:\n- {id: t0, type: io.kestra.plugin.core.log.Log, message: no}\n"
  }

  private static func largeBPMN(_ count: Int) -> String {
    var text = ""
    for index in 1..<count {
      text += """
        <b:sequenceFlow id="f\(index)" sourceRef="t\(index - 1)" targetRef="t\(index)">
          <b:conditionExpression>${v\(index - 1) != null &amp;&amp; a > \(index)}</b:conditionExpression>
        </b:sequenceFlow>
        <b:serviceTask id="t\(index)" name="T\(index)" c:type="external" c:topic="x\(index)"/>

        """
    }
    return """
      <b:definitions xmlns:b="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:c="http://camunda.org/schema/1.0/bpmn">
      <b:process id="p"><b:startEvent id="t0"/>
      \(text)</b:process></b:definitions>
      """
  }

  private static func largeAgentic(_ count: Int) -> String {
    var text = "---\non: push\nengine: claude\nsteps:\n"
    for index in 1..<count {
      text +=
        "- id: s\(index)\n  run: echo \"a=${{ steps.s\(index - 1).outputs.a }}\" >> \"$GITHUB_OUTPUT\"\n"
    }
    return text + "safe-outputs:\n  add-comment:\n---\n"
      + String(repeating: "words\n", count: count)
  }

  @Test(arguments: engines)
  func `the time grows with the size of the definition`(engine: Engine) throws {
    func time(_ count: Int) throws -> Duration {
      let bytes = Array(Self.large(engine, count).utf8)
      var best = Duration.seconds(1000)
      for _ in 0..<3 {
        let time = CPUTime.measure {
          _ = TestDefinition.read(bytes, path: "large" + engine.ending, engine: engine.name)
        }
        best = min(best, time)
      }
      return best
    }
    let small = try time(200)
    let large = try time(1600)
    // Eight times the size; quadratic reading would take sixty-four times as long.
    #expect(large < small * 24, "\(small) \(large)")
  }
}
