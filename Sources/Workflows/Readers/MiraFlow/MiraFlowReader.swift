package import SourceText

/// Reads Mira flows: elemental ones (one model and a prompt) and compound ones (stages that depend on each other).
///
/// Format: docs.mira.network/flows/core-concepts.
package enum MiraFlowReader: WorkflowReader {
  package static let engine = "mira-flow"
  package static let runsModels = true

  package static func recognises(_ root: Node, path: String) -> Bool {
    guard case .mapping? = root["metadata"]?.resolved.content, root["apiVersion"] == nil,
      root["kind"] == nil
    else { return false }
    if let model = root["model"], isModel(model), root["prompt"]?.text != nil { return true }
    guard let workflow = root["workflow"], case .mapping = workflow.resolved.content else {
      return false
    }
    return workflow.entries.contains { isStage($0.value) }
  }

  package static func read(_ root: Node, in context: ReadingContext) -> WorkflowReading {
    if let workflow = root["workflow"], case .mapping = workflow.resolved.content {
      return CompoundFlow(root: root, path: context.file.path).read(workflow)
    }
    return ElementalFlow(root: root, path: context.file.path).read()
  }

  private static func isModel(_ model: Node) -> Bool {
    model["provider"]?.text != nil || model["name"]?.text != nil
  }

  private static func isStage(_ stage: Node) -> Bool {
    guard case .mapping = stage.resolved.content else { return false }
    if stage["flow_name"]?.text != nil { return true }
    if let model = stage["model"], isModel(model) { return true }
    let hasType = stage["type"]?.text.map { ["elemental", "custom", "composio"].contains($0) }
    let hasWiring = stage["inputs"] != nil || stage["prompt"] != nil || stage["depends_on"] != nil
    return hasType ?? false ? true : stage["type"]?.text != nil && hasWiring
  }

  /// The flow's own name, or its path.
  static func name(of root: Node, path: String) -> String {
    let name = root["metadata"]?["name"]?.text ?? ""
    return name.isEmpty ? path : name
  }
}
