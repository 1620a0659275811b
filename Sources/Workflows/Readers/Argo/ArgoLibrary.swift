import SourceText

/// The templates that a definition can call: its own, those of the other documents of its file, and those around.
final class ArgoLibrary {
  let definition: ArgoDefinition
  let context: ReadingContext
  private let own: [String: ArgoTemplate]
  private var referenced: [String: ArgoDefinition?] = [:]
  private lazy var siblings: [ArgoDefinition] = context.documents.flatMap(ArgoDefinition.items)
    .filter(ArgoDefinition.isWorkflow).map { ArgoDefinition($0, file: context.file) }
  private lazy var surroundings: [ArgoDefinition] = context.surroundings().flatMap { source in
    source.tree.documents.filter(ArgoDefinition.isWorkflow).flatMap(ArgoDefinition.items)
      .map { ArgoDefinition($0, file: source.file) }
  }

  init(_ definition: ArgoDefinition, in context: ReadingContext) {
    self.definition = definition
    self.context = context
    own = Dictionary(
      definition.templates.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
  }

  /// Why there is no template.
  enum Missing: Error {
    /// The document has none of this name.
    case here(String)
    /// The definition that should have it is not in sight.
    case elsewhere(String)
    case none
  }

  /// The template that a step or task calls.
  func template(calledBy node: Node, from caller: ArgoTemplate) -> Result<ArgoTemplate, Missing> {
    if let inline = node["inline"] {
      return .success(ArgoTemplate(inline, name: node["name"]?.text ?? "", file: caller.file))
    }
    if let name = node["template"]?.text {
      let isOwn =
        caller.file.path == definition.file.path
        && definition.root.range.contains(caller.node.range)
      let found =
        isOwn ? own[name] : home(of: caller)?.templates.first { $0.name == name }
      if let found { return .success(found) }
      return .failure(name.holds("{{") ? .none : .here(name))
    }
    if let reference = node["templateRef"], let name = reference["name"]?.text,
      let template = reference["template"]?.text
    {
      if let found = referred(name)?.templates.first(where: { $0.name == template }) {
        return .success(found)
      }
      return .failure(.elsewhere("\(name)/\(template)"))
    }
    return .failure(.none)
  }

  /// The template where the whole workflow begins.
  var entryPoint: ArgoTemplate? {
    if let name = definition.spec["entrypoint"]?.text, let template = own[name] {
      return template
    }
    guard let other = workflowTemplate else { return nil }
    let entry = definition.spec["entrypoint"]?.text ?? other.spec["entrypoint"]?.text
    return other.templates.first { $0.name == entry }
  }

  /// The definition that this one runs as a whole.
  var workflowTemplate: ArgoDefinition? {
    definition.spec["workflowTemplateRef"]?["name"]?.text.flatMap(referred)
  }

  /// The names of the templates that run when something ends.
  var hookNames: [String] {
    let hooks = definition.spec["hooks"]?.entries ?? []
    return [definition.spec["onExit"]?.text].compactMap { $0 }
      + hooks.compactMap { $0.value["template"]?.text }
  }

  func named(_ name: String) -> ArgoTemplate? {
    own[name] ?? workflowTemplate?.templates.first { $0.name == name }
  }

  /// The names of the document's own templates that a template calls.
  func callees(of template: ArgoTemplate) -> [String] {
    template.calls.flatMap { call -> [String] in
      var names = [call["template"]?.text, call["onExit"]?.text].compactMap { $0 }
      if let inline = call["inline"] {
        names += callees(of: ArgoTemplate(inline, name: "", file: template.file))
      }
      names += (call["hooks"]?.entries ?? []).compactMap { $0.value["template"]?.text }
      if let reference = call["templateRef"], reference["name"]?.text == definition.name {
        names += [reference["template"]?.text].compactMap { $0 }
      }
      return names
    }
  }

  /// Everything that is called from some templates.
  func reachable(from names: [String]) -> Set<String> {
    var found: Set<String> = []
    var waiting = names
    while let name = waiting.popLast() {
      guard found.insert(name).inserted, let template = own[name] else { continue }
      waiting += callees(of: template)
    }
    return found
  }

  private func home(of template: ArgoTemplate) -> ArgoDefinition? {
    if template.file.path == definition.file.path {
      return siblings.first { $0.root.range.contains(template.node.range) }
    }
    return surroundings.first {
      $0.file.path == template.file.path && $0.root.range.contains(template.node.range)
    }
  }

  private func referred(_ name: String) -> ArgoDefinition? {
    if let known = referenced[name] { return known }
    func fits(_ candidate: ArgoDefinition) -> Bool {
      candidate.name == name && candidate.kind.hasSuffix("WorkflowTemplate")
    }
    let found =
      fits(definition)
      ? definition : siblings.first(where: fits) ?? surroundings.first(where: fits)
    referenced[name] = .some(found)
    return found
  }
}
