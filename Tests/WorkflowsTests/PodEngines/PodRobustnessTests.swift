import Foundation
import SourceText
import TestSupport
import Testing
import Workflows

/// Definitions that are damaged, large, or not written for this checkout.
struct PodRobustnessTests {
  static let engines: [(engine: String, folder: String, ending: String)] = [
    ("argo-workflows", "argo-workflows", ".argo-workflows.yaml"),
    ("gitlab-ci", "gitlab-ci", ".gitlab-ci.yml"),
    ("tekton", "tekton", ".tekton.yaml"),
  ]

  private static func examples(_ ending: String) -> [String] {
    TestDefinition.paths(below: Checkout.root + "testdata/rules", [ending])
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

  @Test(arguments: engines)
  func `every example is read without a complaint`(
    engine: String, folder: String, ending: String
  ) throws {
    let examples = Self.examples(ending)
    #expect(examples.count > 15)
    for path in examples {
      let reading = try #require(
        TestDefinition.read(TestDefinition.bytes(path), path: path, engine: engine), "\(path)")
      #expect(!reading.workflows.isEmpty && reading.problems.isEmpty, "\(path)")
    }
  }

  /// What is really wrong in the public files, read by a person.
  static let known: [String: [String]] = [
    "malformed-cronworkflow.yaml": ["the CronWorkflow has no templates"],
    "workflow-template-invalid-entrypoint.yaml": ["the template `whalesay` does nothing"],
  ]

  @Test(
    .enabled(if: TestDefinition.hasCorpus, "the public corpus does not lie beside this checkout"),
    arguments: engines)
  func `every public definition is read, and only real mistakes are told`(
    engine: String, folder: String, ending: String
  ) {
    var read = 0
    for path in TestDefinition.paths(below: Checkout.shared + "corpus/" + folder) {
      guard
        let reading = TestDefinition.read(TestDefinition.bytes(path), path: path, engine: engine)
      else {
        continue
      }
      read += 1
      let expected = Self.known.first { path.hasSuffix("/" + $0.key) }?.value ?? []
      #expect(reading.problems.map(\.message) == expected, "\(path)")
      for workflow in reading.workflows {
        #expect(Self.isSound(workflow) && !workflow.steps.isEmpty, "\(path)")
      }
    }
    #expect(read > 25)
  }

  @Test(
    .enabled(if: TestDefinition.hasCorpus, "the public corpus does not lie beside this checkout"),
    arguments: engines)
  func `other files are not recognised`(engine: String, folder: String, ending: String) {
    let others = TestDefinition.paths(
      below: Checkout.shared + "corpus", [".yaml", ".yml", ".json"]
    )
    .filter { !$0.contains("/corpus/\(folder)/") }
    #expect(others.count > 100)
    for path in others {
      let isRecognised =
        TestDefinition.read(TestDefinition.bytes(path), path: path, engine: engine) != nil
      #expect(!isRecognised, "\(path)")
    }
  }

  @Test(arguments: engines)
  func `damaged definitions give a graph or nothing`(
    engine: String, folder: String, ending: String
  ) throws {
    let examples = Self.examples(ending)
    try #require(!examples.isEmpty)
    var random = SeededGenerator(seed: 20_261_121)
    for round in 0..<200 {
      let path = examples[round % examples.count]
      var bytes = TestDefinition.bytes(path)
      for _ in 0..<Int.random(in: 1...4, using: &random) { Self.mutation.damage(&bytes, &random) }
      for workflow in TestDefinition.read(bytes, path: path, engine: engine)?.workflows ?? [] {
        #expect(Self.isSound(workflow), "\(path), round \(round)")
      }
    }
  }

  private static let mutation = Mutation(marks: "{}[]()\"'`\\$,:;=!?|&\n- ")

  /// A definition in which every task waits for two others and reads what one of them puts out.
  private static func large(_ engine: String, _ count: Int) -> String {
    var text: String
    switch engine {
    case "gitlab-ci":
      text = """
        default:
          before_script: [apk add jq]
        t0:
          script: [echo 1 > a.txt]

        """
      for index in 1..<count {
        text += """
          t\(index):
            needs: [t\(index - 1), t\(index / 2)]
            rules:
              - if: $A == "\(index % 40)"
            script:
              - curl -sf https://example.com/$A -o a\(index).json
              - echo "B\(index)=$(jq -r .a a\(index).json)" >> b.env
            artifacts: {paths: [a\(index).json], reports: {dotenv: b.env}}

          """
      }
    case "tekton":
      text = """
        apiVersion: tekton.dev/v1
        kind: Pipeline
        metadata: {name: large}
        spec:
          tasks:
            - name: t0
              taskSpec:
                results: [{name: b}]
                steps: [{name: s, image: alpine, script: gh api x > $(results.b.path)}]

        """
      for index in 1..<count {
        text += """
              - name: t\(index)
                runAfter: [t\(index / 2)]
                params: [{name: a, value: "$(tasks.t\(index - 1).results.b)"}]
                when: [{input: "$(tasks.t\(index - 1).results.b)", operator: notin, values: [""]}]
                taskSpec:
                  params: [{name: a}]
                  results: [{name: b}]
                  steps: [{name: s, image: alpine, script: gh api "$(params.a)" > $(results.b.path)}]

          """
      }
    default:
      text = """
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {name: large}
        spec:
          entrypoint: main
          templates:
            - name: leaf
              inputs: {parameters: [{name: a}]}
              container: {image: alpine, command: [gh, pr, comment, "{{inputs.parameters.a}}"]}
              outputs: {parameters: [{name: b, valueFrom: {path: /tmp/b}}]}
            - name: main
              dag:
                tasks:
                  - {name: t0, template: leaf}

        """
      for index in 1..<count {
        let value = "{{tasks.t\(index - 1).outputs.parameters.b}}"
        text += """
                    - name: t\(index)
                      template: leaf
                      depends: t\(index - 1) && t\(index / 2)
                      arguments: {parameters: [{name: a, value: "\(value)"}]}

          """
      }
    }
    return text
  }

  @Test(arguments: engines)
  func `the time for a graph of tasks grows with its size`(
    engine: String, folder: String, ending: String
  ) throws {
    func seconds(_ count: Int) throws -> Double {
      let text = Array(Self.large(engine, count).utf8)
      return try CPUTime.least {
        let reading = try #require(TestDefinition.read(text, path: "large.yml", engine: engine))
        #expect(reading.workflows[0].steps.count >= count)
      } / .seconds(1)
    }
    let small = try seconds(400)
    let large = try seconds(2000)
    #expect(large < small * 5 * 3 + 0.5, "\(small) and \(large) seconds")
  }
}
