package import SourceText

/// Reads Dify's DSL: apps whose workflow is a graph of nodes; apps that are a prompt alone have no workflow.
package enum DifyReader: WorkflowReader {
  package static let engine = "dify"

  package static func recognises(_ root: Node, path: String) -> Bool {
    guard root["kind"]?.text == "app", root["app"]?["mode"]?.text != nil else { return false }
    return root["workflow"] != nil || root["model_config"] != nil
  }

  package static func read(_ root: Node, in context: ReadingContext) -> WorkflowReading {
    let app = DifyApp(root)
    guard !app.nodes.isEmpty else { return WorkflowReading() }
    if context.passesOver() {
      let workflow = Workflow(engine: engine, name: app.name, path: context.file.path)
      return WorkflowReading(workflows: [workflow])
    }
    var graph = DifyGraph(app, path: context.file.path)
    return WorkflowReading(workflows: [graph.lower()])
  }
}
