import SourceText
import TestSupport
import Testing
import Workflows

struct MiraFlowReaderTests {
  private static func flow(_ workflow: String, output: String) -> String {
    """
    version: "0.1.0"
    metadata:
      flow_type: compound
      name: test
    inputs:
      question: {type: string}
    workflow:
    \(workflow)
    output:
      value:
    \(output)
    """
  }

  @Test func `stages run after what they depend on`() {
    let text = Self.flow(
      """
        answer:
          type: elemental
          flow_name: a/generate/1.0.0
          inputs: {prompt: "${inputs.question}"}
        check:
          type: custom
          depends_on: [answer]
          inputs: {text: "${answer.output.text}"}
          model: {provider: openai, name: gpt-4o}
          prompt: "Check this: {text}"
      """, output: "    - ${check.output}")
    #expect(
      FlowFiles.dump(text, path: "flow.yaml") == #"""
        0 control `test` workflow
           -> 1
        1 action `answer` workflow.answer
           call flow a/generate/1.0.0
             inputs.prompt = inputs.question
           stage:answer.output := result
           -> 2
        2 action `check` workflow.check
           call model openai/gpt-4o
             inputs.text = stage:answer.output.text
             prompt = template("Check this: ", stage:answer.output.text)
           stage:check.output := result
           -> 3
        3 control all `output` output
        return at 2: stage:check.output
        """#)
  }

  @Test(arguments: [
    ("    - ${answer.output.text}\n    - ${check.output}", [1, 3]),
    ("    - ${answer.output.text}\n    - ${check.output.cert_hash}", [3, 3]),
    ("    - ${answer.output.text} ${check.output}", [3]),
    ("    text: ${answer.output}", [1]),
  ])
  func `a whole stage that is returned is a result of its own`(output: String, steps: [Int]) throws
  {
    let text = Self.flow(
      """
        answer: {type: elemental, flow_name: a/generate}
        check: {type: elemental, flow_name: a/check, depends_on: [answer]}
      """, output: output)
    let workflow = try #require(FlowFiles.read(text, path: "flow.yaml")?.workflows.first)
    #expect(workflow.returns.map(\.step) == steps)
  }

  @Test(arguments: [
    ("${answer.output}", 0), ("${answer.outputs}", 0), ("${gone.output}", 1),
    ("${answer.result}", 1), ("${inputs.question}", 0), ("${inputs.other}", 1), ("$5 {x}", 0),
  ])
  func `a wire that leads nowhere is dangling`(wire: String, count: Int) throws {
    let text = Self.flow(
      """
        answer: {type: elemental, flow_name: a/generate}
        next: {type: elemental, flow_name: a/next, depends_on: [answer], inputs: {x: "\(wire)"}}
      """, output: "    - ${next.output}")
    let workflow = try #require(FlowFiles.read(text, path: "flow.yaml")?.workflows.first)
    #expect(workflow.danglingReferences.count == count)
  }

  @Test func `stages that wait for each other are named`() throws {
    let text = Self.flow(
      """
        a: {type: elemental, flow_name: a/a, depends_on: [b]}
        b: {type: elemental, flow_name: a/b, depends_on: [a]}
        c: {type: elemental, flow_name: a/c, depends_on: [b]}
      """, output: "    - ${c.output}")
    let reading = try #require(FlowFiles.read(text, path: "flow.yaml"))
    #expect(
      reading.problems.map(\.message) == [
        "stage 'a' depends on itself and never starts",
        "stage 'b' depends on itself and never starts",
      ])
  }

  @Test(arguments: [
    "apiVersion: v1\nkind: Workflow\nmetadata: {name: x}\nworkflow: {a: {type: custom}}",
    "metadata: {name: x}\nworkflow: build", "metadata: {name: x}\nprompt: hello",
    "workflow: {a: {flow_name: a/b}}", "- a", "",
  ])
  func `other documents are left alone`(text: String) {
    #expect(FlowFiles.read(text, path: "x.yml") == nil)
  }
}
