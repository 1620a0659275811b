import Expressions
import SourceText

/// Finds reads of outputs that no task of the flow has.
struct KestraReferences {
  private var tasks: Set<String> = []
  /// Tasks that stand in another file could have any name.
  private var isComplete = true

  init(_ root: Node) { collect(root, depth: 0) }

  private mutating func collect(_ node: Node, depth: Int) {
    guard depth < Limits.nesting else { return }
    if let id = node["id"]?.text, let type = node["type"]?.text {
      tasks.insert(id)
      // The engine splits, runs and merges in tasks of its own.
      if type.hasSuffix(".ForEachItem") {
        tasks.formUnion(["split", "items", "merge"].map { "\(id)_\($0)" })
      }
      if type.hasSuffix(".flow.Template") || type.hasSuffix(".flows.Template") {
        isComplete = false
      }
    }
    for entry in node.entries { collect(entry.value, depth: depth + 1) }
    for item in node.items { collect(item, depth: depth + 1) }
  }

  func find(in steps: [Step], into dangling: inout [Workflow.DanglingReference]) {
    guard isComplete else { return }
    var seen: Set<SourceLocation> = []
    for (index, step) in steps.enumerated() {
      var references = step.decisions.flatMap(\.condition.references)
      references += step.assignments.flatMap(\.value.references)
      references += step.call?.arguments.flatMap(\.value.references) ?? []
      for reference in references {
        guard let name = KestraText.task(of: reference.variable), !tasks.contains(name),
          seen.insert(reference.location).inserted
        else { continue }
        dangling.append(
          .init(
            step: index, text: "outputs.\(name)", missing: .step, location: reference.location))
      }
    }
  }
}
