import Expressions
import SourceText

/// A document of Argo Workflows.
struct ArgoDefinition {
  let root: Node
  let file: SourceFile
  let spec: Node
  let name: String
  let kind: String
  let templates: [ArgoTemplate]

  private static let kinds: Set<String> = [
    "Workflow", "CronWorkflow", "WorkflowTemplate", "ClusterWorkflowTemplate",
  ]

  init(_ root: Node, file: SourceFile) {
    self.root = root
    self.file = file
    kind = root["kind"]?.text ?? ""
    let empty = Node(.mapping([]), range: root.range)
    let own = root["spec"] ?? empty
    let spec = kind == "CronWorkflow" ? own["workflowSpec"] ?? empty : own
    self.spec = spec
    let metadata = root["metadata"]
    name = metadata?["name"]?.text ?? metadata?["generateName"]?.text ?? file.path
    var seen: Set<String> = []
    templates = (spec["templates"]?.items ?? []).enumerated().compactMap { index, node in
      guard case .mapping = node.resolved.content else { return nil }
      let name = node["name"]?.text ?? "\(index)"
      return seen.insert(name).inserted ? ArgoTemplate(node, name: name, file: file) : nil
    }
  }

  /// Whether the document is one of this engine: other engines share its group of interfaces.
  static func isWorkflow(_ root: Node) -> Bool {
    guard let version = root["apiVersion"]?.text else { return false }
    if version.hasPrefix("argoproj.io/"), let kind = root["kind"]?.text, kinds.contains(kind) {
      return root["spec"] != nil
    }
    return version == "v1" && root["kind"]?.text == "List"
      && root["items"]?.items.first.map(isWorkflow) == true
  }

  /// The definitions of a list, or the document itself.
  static func items(of root: Node) -> [Node] {
    root["kind"]?.text == "List" ? (root["items"]?.items ?? []).filter(isWorkflow) : [root]
  }

  var triggers: [Workflow.Trigger] {
    guard kind == "CronWorkflow", let spec = root["spec"] else { return [] }
    let schedules = spec["schedules"]?.items ?? spec["schedule"].map { [$0] } ?? []
    return schedules.compactMap { node in
      node.text.map {
        Workflow.Trigger(name: $0, location: SourceLocation(path: file.path, range: node.range))
      }
    }
  }
}

/// A template as it is written.
struct ArgoTemplate {
  let node: Node
  let name: String
  let file: SourceFile

  init(_ node: Node, name: String, file: SourceFile) {
    self.node = node
    self.name = name
    self.file = file
  }

  /// What tells it from every other template.
  var identity: String { "\(file.path)#\(node.range.start)" }

  func location(_ range: ByteRange) -> SourceLocation {
    SourceLocation(path: file.path, range: range)
  }

  /// Whether what it runs is handed over in this parameter, whole.
  func isProgram(parameter name: String) -> Bool {
    let texts = [node["script"]?["source"]?.text, node["container"]?["args"]?.items.last?.text]
    let whole = "inputs.parameters.\(name)"
    return texts.contains { text in
      // Most are scripts, and need not be taken apart.
      guard let text, text.holds(whole) else { return false }
      let words = text.split { " {}\n".contains($0) }
      return words.count == 1 && words[0] == whole
    }
  }

  /// The steps or tasks that it is made of.
  var calls: [Node] {
    if let steps = node["steps"] {
      return steps.items.flatMap { group in
        if case .mapping = group.resolved.content { return [group] }
        return group["steps"]?.items ?? group.items
      }
    }
    return node["dag"]?["tasks"]?.items ?? []
  }
}
