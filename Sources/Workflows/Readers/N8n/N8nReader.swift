package import SourceText

/// Reads n8n exports: nodes, and connections between their outputs and inputs.
package enum N8nReader: WorkflowReader {
  package static let engine = "n8n"

  package static func recognises(_ root: Node, path: String) -> Bool { !exports(in: root).isEmpty }

  package static func read(_ root: Node, in context: ReadingContext) -> WorkflowReading {
    var reading = WorkflowReading()
    let exports = exports(in: root)
    let isPassedOver = context.passesOver(unlessItHas: includes)
    for export in exports {
      if isPassedOver {
        reading.workflows.append(
          Workflow(engine: engine, name: export["name"]?.text ?? "", path: context.file.path))
        continue
      }
      var graph = N8nGraph(N8nExport(export, path: context.file.path), in: context)
      reading.workflows.append(graph.lower())
    }
    return reading
  }

  /// Of the types of nodes that run other workflows: what else stands in an export is no problem by itself.
  private static let includes = ["executeWorkflow", "toolWorkflow"].map {
    BytePattern(Array($0.utf8))
  }

  /// The exports in a document: itself, wrapped as `workflow` or `data`, or a list of them.
  static func exports(in root: Node) -> [Node] {
    if isExport(root) { return [root] }
    for key in ["workflow", "workflowData", "data", "workflows"] {
      guard let inner = root[key] else { continue }
      if isExport(inner) { return [inner] }
      let listed = inner.items.filter(isExport)
      if !listed.isEmpty { return listed }
    }
    return root.items.flatMap { item -> [Node] in
      if isExport(item) { return [item] }
      if let inner = item["workflow"], isExport(inner) { return [inner] }
      return []
    }
  }

  private static func isExport(_ root: Node) -> Bool {
    guard let nodes = root["nodes"], let connections = root["connections"],
      case .sequence(let items) = nodes.resolved.content
    else { return false }
    // An empty map of connections is written as a list by some exporters.
    if case .scalar = connections.resolved.content { return false }
    return items.contains { node in
      guard let type = node["type"]?.text, type.contains("."), node["name"]?.text != nil else {
        return false
      }
      return type.holds("n8n-nodes") || node["typeVersion"] != nil
    }
  }
}
