import Expressions
import SourceText
import TestSupport
import Testing
import Workflows

@Suite(.enabled(if: StateMachineFiles.hasCorpus, "no corpus beside the checkout"))
struct StepFunctionsCorpusTests {
  /// What is really wrong in the public files, read by a person: templates whose
  /// states are filled in later, a function that does not exist, a file that is broken on purpose.
  static let known: [String: [String]] = [
    "agent-with-tools-flow-template.json": [
      "there is no state `Get DB Schema` here", "there is no state `Execute SQL Query` here",
      "there is no state `execute_python` here",
    ],
    "supervisor-agent-flow-template.json": [
      "the rule has no `Condition`", "the rule has no `Next`",
    ],
    "web-search-agent.json": Array(
      repeating: "there is no intrinsic function `States.Default`", count: 6),
    "states_bad_1.json": ["the state `Hello World` has no `Type`"],
  ]

  @Test(arguments: ["step-functions", "step-functions-cfn"])
  func `every public definition is read, and only real mistakes are told`(folder: String) throws {
    for path in StateMachineFiles.paths(below: folder) {
      let bytes = try #require(StateMachineFiles.bytes(path))
      let reading = try #require(
        StateMachineFiles.read(path: path, bytes) { name in
          StateMachineFiles.bytes(name).map { StateMachineFiles.tree(path: name, $0) }
        }, "\(path) is not recognised")
      let expected = Self.known.first { path.hasSuffix($0.key) }?.value ?? []
      #expect(reading.problems.map(\.message) == expected, "\(path)")
      for workflow in reading.workflows {
        #expect(!workflow.steps.isEmpty, "\(path)")
        for step in workflow.steps where workflow.path == path {
          #expect(step.location.range.end <= bytes.count)
        }
      }
    }
  }

  @Test func `look-alikes are not recognised`() throws {
    let others = StateMachineFiles.paths(below: "").filter { !$0.contains("step-functions") }
    #expect(!others.isEmpty)
    for path in others {
      guard let bytes = StateMachineFiles.bytes(path) else { continue }
      #expect(StateMachineFiles.read(path: path, bytes) == nil, "\(path)")
    }
  }
}
