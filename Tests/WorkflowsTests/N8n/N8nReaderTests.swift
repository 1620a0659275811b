import TestSupport
import Testing
import Workflows

struct N8nReaderTests {
  private static let trigger = (
    name: "Start", rest: #""type": "n8n-nodes-base.manualTrigger", "typeVersion": 1"#
  )
  private static let get = (
    name: "Get",
    rest: #"""
    "type": "n8n-nodes-base.httpRequest", "typeVersion": 4.2,
    "parameters": {"url": "=https://a.example/{{ $json.id }}"}
    """#
  )

  private static func dump(
    _ nodes: [(name: String, rest: String)], _ connections: String
  ) -> String {
    FlowFiles.dump(FlowFiles.export([trigger, get] + nodes, connections), path: "flow.json")
  }

  private static let head = #"""
    0 control `Test` workflow
       -> 1
    1 action `Start` nodes.Start
       call node n8n-nodes-base.manualTrigger
       node:Start := input
       -> 2
    2 action `Get` nodes.Get
       call node n8n-nodes-base.httpRequest
         parameters.url = template("https://a.example/", text(node:Start.id, null: ""))
         GET template("https://a.example/", text(node:Start.id, null: ""))
       node:Get := result

    """#

  @Test func `an IF sends its items to one output or the other`() {
    let gate = (
      name: "Gate",
      rest: #"""
      "type": "n8n-nodes-base.if", "typeVersion": 2.2, "parameters": {"conditions": {
        "combinator": "and", "conditions": [{"leftValue": "={{ $json.cert }}", "rightValue": "",
          "operator": {"type": "string", "operation": "notEmpty", "singleValue": true}}]}}
      """#
    )
    let (yes, no) = (
      (name: "Yes", rest: #""type": "n8n-nodes-base.noOp""#),
      (name: "No", rest: #""type": "n8n-nodes-base.noOp", "disabled": true"#)
    )
    let connections =
      FlowFiles.chain("Start", "Get", "Gate")
      + #", "Gate": {"main": [[{"node": "Yes"}], [{"node": "No"}]]}"#
    #expect(
      Self.dump([gate, yes, no], connections) == Self.head + #"""
           -> 3
        3 branch `Gate` nodes.Gate
           node:Gate := node:Get
           ?0 not text(node:Get.cert, null: "") isEmpty
           -> 4 if ?0
           -> 5 if !0
        4 control `Yes` nodes.Yes
           node:Yes := node:Gate
        5 control `No` nodes.No
           node:No := node:Gate
        trigger n8n-nodes-base.manualTrigger
        """#)
  }

  @Test func `a Code node throws, and an error output takes what it was given`() {
    let code = (
      name: "Check",
      rest: #"""
      "type": "n8n-nodes-base.code", "typeVersion": 2, "onError": "continueErrorOutput",
      "parameters": {"jsCode": "const x = $input.first().json;\nif (!x.cert) throw new Error('no');\nreturn [{ json: { text: x.text } }];"}
      """#
    )
    let (next, failed) = (
      (name: "Next", rest: #""type": "n8n-nodes-base.noOp""#),
      (name: "Failed", rest: #""type": "n8n-nodes-base.noOp""#)
    )
    let connections =
      FlowFiles.chain("Start", "Get", "Check")
      + #", "Check": {"main": [[{"node": "Next"}], [{"node": "Failed"}]]}"#
    #expect(
      Self.dump([code, next, failed], connections) == Self.head + #"""
           -> 3
        3 action `Check` nodes.Check
           node:Check/input := node:Get
           -> 4
        4 action `Check` nodes.Check
           node:Check/js:x := node:Check/input
           -> 5
        5 branch `Check` nodes.Check/1
           ?0 not node:Check/js:x.cert isTrue~javaScript
           -> 6 if ?0
           -> 7 if !0
        6 control `Check` nodes.Check/2
           -> 9 failure
        7 action `Check` nodes.Check/3
           node:Check := {text: node:Check/js:x.text}
           -> 8
        8 control `Next` nodes.Next
           node:Next := node:Check
        9 control `Failed` nodes.Failed
           node:Failed := node:Get
        trigger n8n-nodes-base.manualTrigger
        """#)
  }

  @Test func `a node that continues hands on the item it failed with`() {
    let continuing = (
      name: "Wait",
      rest: #"""
      "type": "n8n-nodes-base.httpRequest", "continueOnFail": true, "retryOnFail": true,
      "parameters": {"url": "https://b.example"}
      """#
    )
    let next = (name: "Next", rest: #""type": "n8n-nodes-base.noOp""#)
    #expect(
      Self.dump([continuing, next], FlowFiles.chain("Start", "Get", "Wait", "Next"))
        == Self.head + #"""
             -> 3
          3 action `Wait` nodes.Wait
             call node n8n-nodes-base.httpRequest
               parameters.url = "https://b.example"
               GET "https://b.example"
             node:Wait := result
             retry 2 on []
             -> 4 failure
             -> 5
          4 control `Wait` nodes.Wait.onError
             node:Wait := node:Get
             -> 5
          5 control `Next` nodes.Next
             node:Next := node:Wait
          trigger n8n-nodes-base.manualTrigger
          """#)
  }

  @Test(arguments: [
    ("$('Gone').item.json.x", 1), ("$node[\"Gone\"].json.x", 1), ("$items('Gone')", 1),
    ("$('Get').item.json.x", 0), ("$node.Get.json.x", 0), ("$('Get').first().json.x", 0),
    ("$json.x", 0), ("$fromAI('x')", 0),
  ])
  func `a name that no node has is dangling`(expression: String, count: Int) throws {
    let escaped = expression.split(separator: "\"", omittingEmptySubsequences: false)
      .joined(separator: "\\\"")
    let set = (
      name: "Edit",
      rest: #"""
      "type": "n8n-nodes-base.set", "typeVersion": 3.4, "parameters": {"assignments": {
        "assignments": [{"name": "a", "value": "={{ \#(escaped) }}", "type": "string"}]}}
      """#
    )
    let text = FlowFiles.export(
      [Self.trigger, Self.get, set], FlowFiles.chain("Start", "Get", "Edit"))
    let workflow = try #require(FlowFiles.read(text, path: "flow.json")?.workflows.first)
    #expect(workflow.danglingReferences.count == count)
  }

  @Test(arguments: [
    #"{"nodes": [], "connections": {}}"#,
    #"{"nodes": [{"name": "a", "type": "custom"}], "connections": {}}"#,
    #"{"nodes": [{"id": 1, "data": {}}], "edges": []}"#,
    #"{"nodes": {"a": {"type": "n8n-nodes-base.if"}}, "connections": {}}"#,
    "[]", "null", "",
  ])
  func `other documents with nodes are left alone`(text: String) {
    #expect(FlowFiles.read(text, path: "x.json") == nil)
  }

  @Test func `the head of a loop over items is come back to with the next item`() throws {
    let loop = (name: "Loop", rest: #""type": "n8n-nodes-base.splitInBatches", "typeVersion": 3"#)
    let work = (name: "Work", rest: #""type": "n8n-nodes-base.noOp""#)
    let text = FlowFiles.export(
      [Self.trigger, loop, work],
      FlowFiles.chain("Start", "Loop")
        + #", "Loop": {"main": [[], [{"node": "Work"}]]}, "Work": {"main": [[{"node": "Loop"}]]}"#)
    let workflow = try #require(FlowFiles.read(text, path: "flow.json")?.workflows.first)
    // The step that items come back to is another one: only there the loop may be done.
    #expect(workflow.edges.filter(\.isNextElement).map(\.from) == [4])
  }
}
