import Expressions
import SourceText

/// A node's parameters as the arguments of its call, and those of the sub-nodes that serve it.
struct N8nArguments {
  let export: N8nExport
  let names: N8nNames
  let served: [[(node: Int, type: String)]]

  /// Most arguments of one node: whole documents stand in some parameters.
  private static let most = 1000

  func arguments(of index: Int, step: Int) -> [Call.Argument] {
    var arguments: [Call.Argument] = []
    let text = N8nText(names: names, node: index, step: step)
    add(export.nodes[index].parameters, "parameters", text, into: &arguments)
    addSubNodes(of: index, prefix: "", text: text, depth: 0, into: &arguments)
    return arguments
  }

  private func addSubNodes(
    of index: Int, prefix: String, text: N8nText, depth: Int,
    into arguments: inout [Call.Argument]
  ) {
    guard depth < 4 else { return }
    for (sub, type) in served[index] {
      let node = export.nodes[sub]
      guard !node.isDisabled else { continue }
      let name = prefix + type
      if let place = node.node["type"] {
        arguments.append(
          Call.Argument(name + ".type", .literal(node.type), at: names.location(place)))
      }
      add(node.parameters, name + ".parameters", text, into: &arguments)
      addSubNodes(of: sub, prefix: name + ".", text: text, depth: depth + 1, into: &arguments)
    }
  }

  private func add(
    _ node: Node?, _ name: String, _ text: N8nText, into arguments: inout [Call.Argument]
  ) {
    guard let node, arguments.count < Self.most else { return }
    switch node.resolved.content {
    case .mapping:
      for entry in node.entries {
        if let key = entry.key.text { add(entry.value, name + "." + key, text, into: &arguments) }
      }
    case .sequence(let items):
      for (index, item) in items.enumerated() {
        add(item, name + ".\(index)", text, into: &arguments)
      }
    case .scalar:
      let isJSON = name.hasSuffix(".jsonBody") || name.hasSuffix(".responseBody")
      let value = isJSON ? text.json(node) : text.value(node)
      arguments.append(Call.Argument(name, value, at: names.location(node)))
    case .alias: break
    }
  }
}
