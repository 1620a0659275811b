import Foundation
import TestSupport
import Testing
import Workflows

/// Public definitions whose ways a person has read off the file.
struct GraphOutlineTests {
  struct Definition: CustomTestStringConvertible, Sendable {
    var engine: String
    var path: String
    var outline: [String]
    var testDescription: String { path.split(separator: "/").last.map(String.init) ?? path }
  }

  static let definitions = [
    Definition(
      engine: "bpmn",
      path: "bpmn/camunda__camunda-bpm-examples/spring-boot-starter/external-task-client/"
        + "loan-granting-spring-boot-webapp/src/main/resources/bpmn/loan-granting.bpmn",
      outline: [
        "Granting Loans -> StartEvent_1", "StartEvent_1 -> Check credit score",
        "Check credit score -> Decide if a loan is granted",
        "StartEvent_01840xx -> ExclusiveGateway_12xhuxz",
        "ExclusiveGateway_12xhuxz -> Grant loan ?0",
        "ExclusiveGateway_12xhuxz -> Reject loan request !0 ?1",
        "Grant loan -> EndEvent_1alwvtl", "Reject loan request -> EndEvent_0zj88y0",
        "Decide if a loan is granted -> EndEvent_0q9wl5o",
      ]),
    Definition(
      engine: "kestra",
      path: "kestra/kestra-io__kestra/core/src/test/resources/flows/valids/pause.yaml",
      outline: [
        "pause -> pause", "pause -> subtask", "subtask -> last", "subtask -> failed-echo failure",
      ]),
    Definition(
      engine: "dify", path: "dify/svcvit__Awesome-Dify-Workflow/DSL/SEO Slug Generator.yml",
      outline: ["SEO Slug Generator -> Start", "Start -> LLM", "LLM -> End"]),
  ]

  @Test(
    .enabled(if: TestDefinition.hasCorpus, "the public corpus does not lie beside this checkout"),
    arguments: definitions)
  func `the graph has the ways of the file`(definition: Definition) throws {
    let path = Checkout.shared + "corpus/" + definition.path
    let reading = try #require(
      TestDefinition.read(TestDefinition.bytes(path), path: path, engine: definition.engine))
    let workflow = try #require(reading.workflows.first)
    let outline = GraphFiles.outline(workflow)
    for edge in definition.outline { #expect(outline.contains(edge), "\(edge) in \(outline)") }
  }
}
