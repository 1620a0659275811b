package import SourceText

/// Reads Kestra's flows: an identifier, a namespace, and tasks that run in order unless one of them says otherwise.
package enum KestraReader: WorkflowReader {
  package static let engine = "kestra"

  package static func recognises(_ root: Node, path: String) -> Bool {
    guard root["id"]?.text != nil, root["namespace"]?.text != nil, let tasks = root["tasks"] else {
      return false
    }
    let items = tasks.items
    // A type of a plugin is a class of Java; anything else with tasks is another program's file.
    return items.contains { $0["type"]?.text?.contains(".") == true }
  }

  /// Of tasks that run other flows: what else stands in a flow is no problem by itself.
  private static let includes = [BytePattern(Array("flowId".utf8))]

  package static func read(_ root: Node, in context: ReadingContext) -> WorkflowReading {
    if context.passesOver(unlessItHas: includes) {
      let workflow = Workflow(
        engine: engine, name: root["id"]?.text ?? "", path: context.file.path)
      return WorkflowReading(workflows: [workflow])
    }
    var lowering = KestraFlow(root, in: context)
    return WorkflowReading(workflows: [lowering.lower()])
  }
}
