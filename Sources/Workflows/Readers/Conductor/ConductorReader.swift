package import SourceText

/// Reads workflow definitions of Netflix and Orkes Conductor.
package enum ConductorReader: WorkflowReader {
  package static let engine = "conductor"

  package static func recognises(_ root: Node, path: String) -> Bool {
    !definitions(in: root).isEmpty
  }

  package static func read(_ root: Node, in context: ReadingContext) -> WorkflowReading {
    var reading = WorkflowReading()
    for definition in definitions(in: root) {
      let part = ConductorLowerer.lower(definition, in: context)
      reading.workflows += part.workflows
      reading.problems += part.problems
    }
    return reading
  }

  /// The definitions in a document: itself, a list of them, or the one that a test or a run of it holds.
  static func definitions(in root: Node) -> [Node] {
    if isDefinition(root) { return [root] }
    for key in ["workflowDef", "workflowDefinition"] {
      if let inner = root[key], isDefinition(inner) { return [inner] }
    }
    return root.items.filter(isDefinition)
  }

  /// Whether there are tasks with reference names.
  ///
  /// The record of a run has tasks, too, but these name what they ran.
  private static func isDefinition(_ node: Node) -> Bool {
    guard node["name"]?.text != nil, let tasks = node["tasks"]?.items, !tasks.isEmpty else {
      return false
    }
    let named = tasks.filter { task in
      task["taskReferenceName"]?.text != nil
        && (task["name"]?.text != nil || task["type"]?.text != nil)
    }
    return named.count * 2 > tasks.count
  }
}
