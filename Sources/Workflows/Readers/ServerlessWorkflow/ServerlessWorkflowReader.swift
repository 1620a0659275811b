package import SourceText

/// Reads CNCF Serverless Workflow definitions: tasks (DSL 1.0) and states (specification 0.8).
package enum ServerlessWorkflowReader: WorkflowReader {
  package static let engine = "serverless-workflow"

  package static func recognises(_ root: Node, path: String) -> Bool {
    isTaskDefinition(root) || isStateDefinition(root)
  }

  package static func expects(path: String) -> Bool {
    [".sw.json", ".sw.yaml", ".sw.yml"].contains { path.hasSuffix($0) }
  }

  package static func read(_ root: Node, in context: ReadingContext) -> WorkflowReading {
    isTaskDefinition(root)
      ? TaskLowerer.lower(root, in: context)
      : StateLowerer.lower(root, in: context)
  }

  /// DSL 1.0: `document` says which DSL, beside the tasks.
  static func isTaskDefinition(_ root: Node) -> Bool {
    guard let document = root["document"], document["dsl"]?.text != nil else { return false }
    return root["do"] != nil || document["namespace"] != nil
  }

  /// Specification 0.8 and before: a list of states, each of a known type.
  static func isStateDefinition(_ root: Node) -> Bool {
    guard let states = root["states"]?.items, !states.isEmpty,
      root["id"] != nil || root["key"] != nil || root["specVersion"] != nil
    else { return false }
    let known = states.filter { state in
      state["name"]?.text != nil
        && (state["type"]?.text.map { StateLowerer.Kind(rawValue: $0) != nil } ?? false)
    }
    // One state may be misspelt; a list of other things that have types is something else.
    return known.count * 2 > states.count
  }
}
