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

  /// The tasks that stand inside of a loop over a list.
  static func repeated(in root: Node) -> Set<String> {
    var found: Set<String> = []
    func walk(_ node: Node, isRepeated: Bool, depth: Int) {
      guard depth < Limits.nesting else { return }
      let type = node["type"]?.text
      if isRepeated, type != nil, let id = node["id"]?.text { found.insert(id) }
      let kind = type?.split(separator: ".").last.map(String.init) ?? ""
      let repeats = isRepeated || ["ForEach", "EachSequential", "EachParallel"].contains(kind)
      for entry in node.entries { walk(entry.value, isRepeated: repeats, depth: depth + 1) }
      for item in node.items { walk(item, isRepeated: repeats, depth: depth + 1) }
    }
    for key in ["tasks", "errors", "finally", "afterExecution"] {
      if let tasks = root[key] { walk(tasks, isRepeated: false, depth: 0) }
    }
    return found
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
