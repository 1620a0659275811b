import Expressions
import SourceText

/// A document of Tekton.
struct TektonDefinition {
  let root: Node
  let file: SourceFile
  let kind: String
  let name: String
  let spec: Node

  private static let kinds: Set<String> = [
    "Task", "ClusterTask", "Pipeline", "PipelineRun", "TaskRun", "StepAction",
  ]

  init(_ root: Node, file: SourceFile) {
    self.root = root
    self.file = file
    kind = root["kind"]?.text ?? ""
    let metadata = root["metadata"]
    name = metadata?["name"]?.text ?? metadata?["generateName"]?.text ?? file.path
    spec = root["spec"] ?? Node(.mapping([]), range: root.range)
  }

  static func isDefinition(_ root: Node) -> Bool {
    guard let version = root["apiVersion"]?.text, let kind = root["kind"]?.text else {
      return false
    }
    if version.hasPrefix("tekton.dev/"), kinds.contains(kind) { return root["spec"] != nil }
    return container(root)?.contains(where: isDefinition) == true
  }

  /// What a list, or the template of a trigger, holds.
  private static func container(_ root: Node) -> [Node]? {
    switch root["kind"]?.text {
    case "List" where root["apiVersion"]?.text == "v1": root["items"]?.items
    case "TriggerTemplate":
      (root["spec"]?["resourcetemplates"] ?? root["spec"]?["resourceTemplates"])?.items
    default: nil
    }
  }

  /// The definitions of a list, or the document itself.
  static func items(of root: Node) -> [Node] {
    container(root)?.filter(isDefinition) ?? [root]
  }

  func location(_ range: ByteRange) -> SourceLocation {
    SourceLocation(path: file.path, range: range)
  }
}

/// The definitions that a document can refer to: those of its file, and those around.
final class TektonLibrary {
  let definition: TektonDefinition
  let context: ReadingContext
  private lazy var siblings: [TektonDefinition] = context.documents
    .filter(TektonDefinition.isDefinition).flatMap(TektonDefinition.items)
    .map { TektonDefinition($0, file: context.file) }
  private lazy var surroundings: [TektonDefinition] = context.surroundings().flatMap { source in
    source.tree.documents.filter(TektonDefinition.isDefinition).flatMap(TektonDefinition.items)
      .map { TektonDefinition($0, file: source.file) }
  }
  private var known: [String: TektonDefinition?] = [:]

  init(_ definition: TektonDefinition, in context: ReadingContext) {
    self.definition = definition
    self.context = context
  }

  /// The definition of one of these kinds that a reference names, `nil` where it is not in sight.
  func definition(of reference: Node, kinds: Set<String>) -> TektonDefinition? {
    // Another interface's task, or one that is fetched from elsewhere.
    if let version = reference["apiVersion"]?.text, !version.hasPrefix("tekton.dev/") {
      return nil
    }
    guard reference["resolver"] == nil || reference["resolver"]?.text == "cluster",
      reference["bundle"] == nil
    else { return nil }
    let name = Self.name(of: reference)
    let key = kinds.sorted().joined(separator: "+") + "/" + name
    if let found = known[key] { return found }
    func fits(_ candidate: TektonDefinition) -> Bool {
      candidate.name == name && kinds.contains(candidate.kind)
    }
    let found = siblings.first(where: fits) ?? surroundings.first(where: fits)
    known[key] = .some(found)
    return found
  }

  /// What a reference is called by, however it is resolved.
  static func name(of reference: Node) -> String {
    if let version = reference["apiVersion"]?.text, !version.hasPrefix("tekton.dev/") {
      let kind = reference["kind"]?.text ?? ""
      return [kind, reference["name"]?.text].compactMap { $0 }.joined(separator: "/")
    }
    if let name = reference["name"]?.text { return name }
    var values: [String: String] = [:]
    for param in reference["params"]?.items ?? reference["resource"]?.items ?? [] {
      if let name = param["name"]?.text { values[name] = param["value"]?.text }
    }
    if let name = values["name"] { return name }
    let path = values["pathInRepo"] ?? values["url"] ?? values["bundle"] ?? ""
    let last = path.parts(by: "/").last.map(String.init) ?? ""
    return last.parts(by: ".").first.map(String.init)
      ?? reference["resolver"]?.text ?? "task"
  }
}

/// A pipeline while its definition is being lowered.
struct TektonDraft: GraphDrafting {
  var draft: GraphDraft
  let library: TektonLibrary
  /// The pipelines that are being lowered, outermost first.
  var including: [String] = []

  init(_ library: TektonLibrary) {
    self.library = library
    draft = GraphDraft(path: library.definition.file.path, in: library.context)
  }
}
