package import SourceText

/// Reads GitHub agentic workflows: Markdown whose front matter says when an agent runs and what it may write, and whose
/// text is the agent's prompt.
package enum AgenticReader: WorkflowReader {
  package static let engine = "github-agentic"
  package static let followsScriptFiles = true

  package static func recognises(_ root: Node, path: String) -> Bool {
    guard root.tag == FrontMatterReader.tag, let front = root["front-matter"] else { return false }
    guard let on = front["on"], !on.isNull else { return isComponent(front) }
    return ["engine", "safe-outputs", "tools", "permissions", "network"].contains {
      front[$0] != nil
    }
  }

  /// Whether the front matter is a part that other workflows import: steps, or what an agent may write.
  private static func isComponent(_ front: Node) -> Bool {
    if let outputs = front["safe-outputs"], !outputs.entries.isEmpty { return true }
    return front["steps"]?.items.contains { $0["run"] != nil || $0["uses"] != nil } == true
  }

  package static func expects(path: String) -> Bool {
    guard path.hasPrefix(".github/workflows/"), path.hasSuffix(".md") else { return false }
    let name = path.parts(by: "/").last ?? ""
    // `README.md` and its like are for people.
    return name.contains { $0.isLowercase } && name.first?.isUppercase != true
  }

  package static func read(_ root: Node, in context: ReadingContext) -> WorkflowReading {
    guard let front = root["front-matter"], let body = root["body"] else {
      return WorkflowReading()
    }
    let source = AgenticSource(front: front, body: body)
    var reading = GitHubActionsReader.read(source.asWorkflow, in: context)
    for index in reading.workflows.indices {
      reading.workflows[index].engine = engine
      reading.workflows[index].relatedEngines = [GitHubActionsReader.engine]
      source.complete(&reading.workflows[index])
    }
    return reading
  }
}
