import Expressions

/// Agents: each of their tools may run before they answer.
extension N8nGraph {
  /// More tools than these, and deeper ones, are not followed: each node may serve many agents.
  private static let (mostTools, mostDepth) = (256, 4)

  /// The nodes that an agent may call.
  func offered(to index: Int) -> [Int] {
    served[index].lazy.filter { $0.type == "ai_tool" }.map(\.node)
      .filter { isServing[$0] && !export.nodes[$0].isDisabled }
  }

  /// The calls that an agent may make, behind `step`.
  ///
  /// - Returns: the step in which it answers; `step` itself where it has no tools.
  mutating func lowerTools(of index: Int, _ node: N8nNode, from step: Int) -> Int {
    guard tools.depth < Self.mostDepth else { return step }
    tools.depth += 1
    defer { tools.depth -= 1 }
    var last = step
    for tool in offered(to: index) where tools.count < Self.mostTools {
      tools.count += 1
      lower(tool)
      guard let head = heads[tool] else { continue }
      builder.connect(last, to: head)
      // It may also leave the tool alone, and it is told when the tool fails.
      let next = builder.add(
        Step(
          name: node.name, route: "nodes." + node.name, part: 1, kind: .control,
          location: location(node.place)))
      builder.connect(last, to: next)
      builder.connect(successes[tool] + failures[tool], to: next)
      last = next
    }
    return last
  }
}
