import Expressions
import SourceText

/// Lowers a whole workflow: the template where it begins, and what runs when it ends.
struct ArgoWorkflowLowering {
  let definition: ArgoDefinition

  /// Lowers the template and gives what the workflow hands to its caller.
  mutating func lower(
    _ template: ArgoTemplate, isWhole: Bool, from entry: [LooseEnd], in draft: inout ArgoDraft
  ) -> [Workflow.Return] {
    let base = draft.library.workflowTemplate
    var globals = base.map(workflowParameters) ?? [:]
    globals.merge(workflowParameters(of: definition)) { $1 }
    let own = endHandlers(of: definition)
    let handlers = !isWhole ? [] : own.isEmpty ? base.map(endHandlers) ?? [] : own
    let call = ArgoCall(
      name: template.name, route: "templates.\(template.name)",
      variable: Variable("\(template.name)/"), prefix: "\(template.name)/",
      location: template.location((template.node["name"] ?? template.node).range))
    // The entry point's inputs may take the workflow's arguments of the same name.
    var inputs = ArgoInputs(of: template, prefix: call.prefix)
    if isWhole { inputs.parameters.merge(globals) { own, _ in own } }
    inputs.globals = globals
    var lowering = ArgoTemplateLowering(wantsFailure: !handlers.isEmpty)
    let exits = lowering.lower(template, call, inputs, from: entry, in: &draft)
    for handler in handlers { run(handler, after: exits, globals, in: &draft) }
    return returns(of: template, call, exits, isWhole: isWhole, in: &draft)
  }

  private func workflowParameters(of definition: ArgoDefinition) -> [String: Value] {
    var values: [String: Value] = [:]
    for parameter in definition.spec["arguments"]?["parameters"]?.items ?? [] {
      guard let name = parameter["name"]?.text, let value = parameter["value"]?.text else {
        continue
      }
      values[name] = .literal(value)
    }
    return values
  }

  // MARK: The end

  /// A template that runs when the workflow has ended.
  private struct EndHandler {
    var name: String
    var node: Node
    var file: SourceFile
    var condition: Node?
  }

  private func endHandlers(of definition: ArgoDefinition) -> [EndHandler] {
    var handlers: [EndHandler] = []
    if let node = definition.spec["onExit"], let name = node.text {
      handlers.append(EndHandler(name: name, node: node, file: definition.file))
    }
    for hook in definition.spec["hooks"]?.entries ?? [] {
      // What runs while the workflow runs says nothing of its end; both look at what is there then.
      guard let node = hook.value["template"], let name = node.text else { continue }
      handlers.append(
        EndHandler(
          name: name, node: node, file: definition.file, condition: hook.value["expression"]))
    }
    return handlers
  }

  /// The handler sees how the workflow ended: it is lowered once for either way.
  private func run(
    _ handler: EndHandler, after exits: ScriptExits, _ globals: [String: Value],
    in draft: inout ArgoDraft
  ) {
    guard let template = draft.library.named(handler.name) else {
      draft.report(
        "there is no template `\(handler.name)` here",
        at: SourceLocation(path: handler.file.path, range: handler.node.range))
      return
    }
    for hasFailed in [false, true] {
      var ends = hasFailed ? exits.failure : exits.success
      if ends.isEmpty { continue }
      var inputs = ArgoInputs(of: template, prefix: "exit/")
      inputs.globals = globals
      inputs.hasFailed = hasFailed
      if let node = handler.condition {
        let text = ArgoText(scope: inputs.scope(of: template, prefix: "exit/"))
        let bytes = Array((node.text ?? "").utf8)
        let condition = text.expressionCondition(
          bytes, ByteRange(0, bytes.count), at: node, &draft)
        if condition == .constant(false) { continue }
        let location = SourceLocation(path: handler.file.path, range: node.range)
        let branch = draft.add(
          Step(
            name: handler.name, route: "spec.hooks.\(handler.name)", kind: .branch,
            decisions: [Step.Decision(condition, at: location)], location: location), from: ends)
        ends = [LooseEnd(branch, guards: [Edge.Guard(0, true)])]
      }
      let call = ArgoCall(
        name: handler.name, route: "templates.\(handler.name)",
        variable: Variable("exit.\(handler.name)"), prefix: "exit.\(handler.name)/",
        location: SourceLocation(path: handler.file.path, range: handler.node.range))
      var lowering = ArgoTemplateLowering(wantsFailure: false)
      _ = lowering.lower(template, call, inputs, from: ends, in: &draft)
    }
  }

  // MARK: What is handed back

  /// A template that puts together what its steps put out selects it for whoever calls it; a leaf only states where
  /// its own results lie.
  private func returns(
    of template: ArgoTemplate, _ call: ArgoCall, _ exits: ScriptExits, isWhole: Bool,
    in draft: inout ArgoDraft
  ) -> [Workflow.Return] {
    guard definition.kind.hasSuffix("WorkflowTemplate"), !template.calls.isEmpty,
      let outputs = template.node["outputs"]?["parameters"]?.items, !outputs.isEmpty,
      !exits.success.isEmpty
    else { return [] }
    let end = draft.add(
      Step(
        name: template.name, route: call.route, kind: .control, location: call.location),
      from: exits.success)
    return outputs.compactMap { output -> Workflow.Return? in
      guard let name = output["name"]?.text else { return nil }
      let location = template.location((output["valueFrom"] ?? output).range)
      let value = Value.reference(
        Reference(
          call.variable, path: [.field("outputs"), .field("parameters"), .field(name)],
          at: location))
      return Workflow.Return(step: end, value: value, name: name, location: location)
    }
  }
}

/// A call of a template: what it is named by, and where its outputs go.
struct ArgoCall {
  var name: String
  var route: String
  /// Holds what the call puts out.
  var variable: Variable
  /// Makes the variables inside unique.
  var prefix: String
  /// Where the call stands.
  var location: SourceLocation
}

/// What a template is called with.
struct ArgoInputs {
  var parameters: [String: Value] = [:]
  var sources: [String: ScriptContext.Substitution.Source] = [:]
  var artifacts: [String: Value] = [:]
  var globals: [String: Value] = [:]
  var hasFailed: Bool?

  /// The defaults that a template gives its own inputs.
  init(of template: ArgoTemplate, prefix: String) {
    for parameter in template.node["inputs"]?["parameters"]?.items ?? [] {
      guard let name = parameter["name"]?.text,
        let value = parameter["value"] ?? parameter["default"], let text = value.text,
        !text.holds("{{")
      else { continue }
      parameters[name] = .literal(text)
    }
    for artifact in template.node["inputs"]?["artifacts"]?.items ?? [] {
      guard let name = artifact["name"]?.text, let data = artifact["raw"]?["data"]?.text else {
        continue
      }
      artifacts[name] = .literal(data)
    }
  }

  func scope(of template: ArgoTemplate, prefix: String) -> ArgoScope {
    var scope = ArgoScope(template: template, prefix: prefix)
    scope.parameters = parameters
    scope.sources = sources
    scope.artifacts = artifacts
    scope.workflowParameters = globals
    scope.hasFailed = hasFailed
    return scope
  }
}
