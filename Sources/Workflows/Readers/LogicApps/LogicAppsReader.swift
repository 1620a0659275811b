package import SourceText

/// Reads Azure Logic Apps and Power Automate: a definition alone, wrapped by an export, or inside of ARM templates.
package enum LogicAppsReader: WorkflowReader {
  package static let engine = "logic-apps"

  package static func recognises(_ root: Node, path: String) -> Bool {
    !definitions(in: root, depth: 0).isEmpty
  }

  package static func read(_ root: Node, in context: ReadingContext) -> WorkflowReading {
    var reading = WorkflowReading()
    for found in definitions(in: root, depth: 0) {
      let part = LogicAppLowerer.lower(found, in: context)
      reading.workflows += part.workflows
      reading.problems += part.problems
    }
    return reading
  }

  /// A definition with what stands round it.
  struct Definition {
    var node: Node
    /// The resource's name; empty where it has none.
    var name = ""
    /// What the surroundings set the workflow's parameters to.
    var parameters: Node?
    /// The parameters of the ARM template round it.
    var template: Node?
  }

  static func definitions(in root: Node, depth: Int) -> [Definition] {
    guard case .mapping = root.resolved.content, depth < 8 else { return [] }
    if isDefinition(root) { return [Definition(node: root)] }
    if let node = root["definition"], isDefinition(node) {
      return [
        Definition(node: node, name: root["name"]?.text ?? "", parameters: root["parameters"])
      ]
    }
    if let properties = root["properties"] {
      if let node = properties["definition"], isDefinition(node) {
        let name = properties["displayName"]?.text ?? root["name"]?.text ?? ""
        return [Definition(node: node, name: name, parameters: properties["parameters"])]
      }
      if let template = properties["template"] {
        return definitions(in: template, depth: depth + 1)
      }
    }
    guard let resources = root["resources"] else { return [] }
    let listed = resources.items + resources.entries.map(\.value)
    return listed.flatMap { resource -> [Definition] in
      definitions(in: resource, depth: depth + 1).map { found in
        var found = found
        found.template = found.template ?? root["parameters"]
        return found
      }
    }
  }

  /// The schema says so, or actions that are ordered by `runAfter`.
  private static func isDefinition(_ node: Node) -> Bool {
    guard let actions = node["actions"], case .mapping(let entries) = actions.resolved.content
    else { return false }
    if node["$schema"]?.text?.holds("workflowdefinition.json") == true { return true }
    return node["triggers"] != nil && !entries.isEmpty
      && entries.allSatisfy { $0.value["type"]?.text != nil }
      && entries.contains { $0.value["runAfter"] != nil }
  }
}
