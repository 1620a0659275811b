package import SourceText

/// Reads Google Cloud Workflows: `main` with its subworkflows, or a bare list of steps.
package enum GoogleWorkflowsReader: WorkflowReader {
  package static let engine = "google-workflows"

  package static func recognises(_ root: Node, path: String) -> Bool {
    if let main = root["main"] {
      guard case .mapping = root.resolved.content else { return false }
      return isBlock(main["steps"] ?? main)
    }
    return isBlock(root)
  }

  package static func read(_ root: Node, in context: ReadingContext) -> WorkflowReading {
    GoogleWorkflowLowerer.lower(root, in: context)
  }

  /// What a step may do.
  static let work: Set<String> = [
    "assign", "call", "switch", "for", "parallel", "try", "raise", "return", "steps", "next",
  ]

  /// A list of maps with one key each, the values of which are steps.
  private static func isBlock(_ node: Node) -> Bool {
    let items = node.items
    guard !items.isEmpty else { return false }
    let steps = items.filter { item in
      let entries = item.entries
      guard entries.count == 1, case .mapping(let body) = entries[0].value.resolved.content else {
        return false
      }
      return body.contains { $0.key.text.map(work.contains) ?? false }
    }
    // A misspelt step is no reason to pass the workflow over.
    return steps.count == items.count || (items.count > 2 && steps.count >= items.count - 1)
  }
}
