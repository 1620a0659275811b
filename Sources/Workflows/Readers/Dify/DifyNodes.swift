import Expressions
import SourceText

/// What single nodes do.
extension DifyGraph {
  // MARK: Data

  /// Nodes that only put data into another shape.
  func reshaped(_ node: DifyNode, _ step: Int) -> Value {
    switch node.kind {
    case "template-transform": return .record([.init("output", names.rendered(node, step: step))])
    case "variable-aggregator": return aggregated(node, step)
    default:
      let selector = node.data["variable_selector"] ?? node.data["variable"]
      let input = names.value(ofSelector: selector, step: step)
      let text = Value.converted(node.kind, input)
      return .record([
        .init("text", text), .init("result", input), .init("first_record", input),
        .init("last_record", input),
      ])
    }
  }

  /// The first of several that has a value.
  private func aggregated(_ node: DifyNode, _ step: Int) -> Value {
    func first(of list: Node?) -> Value {
      Value.either(of: (list?.items ?? []).map { names.value(ofSelector: $0, step: step) })
    }
    let settings = node.data["advanced_settings"]
    guard settings?["group_enabled"]?.text == "true" else {
      return .record([.init("output", first(of: node.data["variables"]))])
    }
    return .record(
      (settings?["groups"]?.items ?? []).compactMap { group in
        group["group_name"]?.text.map {
          .init($0, .record([.init("output", first(of: group["variables"]))]))
        }
      })
  }

  /// Writes to variables of a loop, or to the conversation, which outlives the run.
  mutating func assign(_ node: DifyNode, _ step: Int) {
    let place = location(node.place)
    var arguments: [Call.Argument] = []
    var assignments: [Step.Assignment] = []
    for item in node.data["items"]?.items ?? [node.data] {
      let selector = item["variable_selector"] ?? item["assigned_variable_selector"]
      let target = (selector?.items ?? []).compactMap(\.text)
      guard let head = target.first, let name = target.last, target.count > 1 else { continue }
      let operation = item["operation"]?.text ?? item["write_mode"]?.text ?? ""
      let value: Value
      let source = item["value"] ?? item["input_variable_selector"]
      if operation == "clear" {
        value = .literal("")
      } else if item["input_type"]?.text == "variable" || item["input_variable_selector"] != nil {
        value = names.value(ofSelector: source, step: step)
      } else {
        value = names.text(source, step: step)
      }
      let at = source.map(location) ?? place
      let variable =
        app.index[head] == nil ? Variable(head) : DifyNames.variable(of: head)
      assignments.append(
        Step.Assignment(
          variable, path: target.dropFirst().map { .field($0) }, value: value,
          appends: ["append", "extend"].contains(operation), at: at))
      if head == "conversation" {
        arguments.append(Call.Argument("conversation." + name, value, at: at))
        if let selector {
          arguments.append(Call.Argument("name", .literal(name), at: location(selector)))
        }
      }
    }
    builder.update(step) { step in
      step.kind = .action
      step.assignments = assignments
      if !arguments.isEmpty {
        step.call = Call(kind: "node", name: "assigner", arguments: arguments, location: place)
      }
    }
  }

  /// What the app gives back.
  mutating func end(_ node: DifyNode, _ step: Int) {
    var arguments: [Call.Argument] = []
    for item in node.data["outputs"]?.items ?? [] {
      let selector = item["value_selector"]
      let value = names.value(ofSelector: selector, step: step)
      let at = location(selector ?? item)
      let name = item["variable"]?.text ?? ""
      arguments.append(Call.Argument("outputs." + name, value, at: at))
      returns.append(.init(step: step, value: value, name: name, location: at))
    }
    let call = Call(
      kind: "node", name: "end", arguments: arguments, location: location(node.place))
    builder.update(step) { step in
      step.kind = .action
      step.call = call
    }
  }

  // MARK: Calls

  /// Settings of a node that say nothing of what it does.
  private static let unread: Set<String> = [
    "title", "desc", "type", "selected", "paramSchemas", "output_schema", "isInIteration",
    "isInLoop", "iteration_id", "loop_id", "retry_config", "error_strategy", "default_value",
    "tool_description", "tool_label", "provider_id", "provider_name", "provider_type",
    "structured_output", "vision", "memory", "params", "dataset_ids", "single_retrieval_config",
    "multiple_retrieval_config", "is_team_authorization", "tool_node_version", "plugin_id",
  ]

  /// A node that does something: its settings are the call's arguments.
  mutating func describe(_ node: DifyNode, _ step: Int) {
    var arguments: [Call.Argument] = []
    for entry in node.data.entries {
      guard let key = entry.key.text, !Self.unread.contains(key) else { continue }
      add(entry.value, key, step, into: &arguments)
    }
    var call = Call(
      kind: "node", name: node.kind, arguments: arguments, location: location(node.place))
    var output = Value.result([])
    switch node.kind {
    case "http-request":
      call.http = request(node, step)
      // The answer's text; its status stands beside it.
      output = .record([
        .init("body", .result([])), .init("status_code", .result([.field("status_code")])),
        .init("headers", .result([.field("headers")])), .init("files", .unknown([])),
      ])
    case "tool":
      let provider = node.data["provider_id"]?.text ?? node.data["provider_name"]?.text ?? ""
      call.name = "tool/\(provider)/\(node.data["tool_name"]?.text ?? "")"
      // A tool's answer comes as text and as JSON.
      output = .record([
        .init("text", .result([])), .init("json", .list([.result([])])),
        .init("files", .unknown([])),
      ])
    case "llm", "agent": output = .record([.init("text", .result([]))])
    default: break
    }
    write(output, of: node, at: step)
    builder.update(step) { step in
      step.kind = node.kind == "human-input" ? .approval : .action
      step.call = call
    }
  }

  /// Most arguments of one node.
  private static let mostArguments = 500

  private func add(
    _ node: Node, _ name: String, _ step: Int, into arguments: inout [Call.Argument]
  ) {
    guard arguments.count < Self.mostArguments else { return }
    switch node.resolved.content {
    case .mapping:
      // `{type: mixed, value: …}`: how a tool's parameter is given.
      if let type = node["type"]?.text, let value = node["value"],
        ["mixed", "variable", "constant"].contains(type)
      {
        let given =
          type == "variable"
          ? names.value(ofSelector: value, step: step) : names.text(value, step: step)
        arguments.append(Call.Argument(name, given, at: location(value)))
        return
      }
      for entry in node.entries {
        if let key = entry.key.text { add(entry.value, name + "." + key, step, into: &arguments) }
      }
    case .sequence(let items):
      // A parameter extractor's `query` is a selector by another name.
      if name.hasSuffix("selector") || name == "query", !items.isEmpty,
        items.allSatisfy({ $0.text != nil })
      {
        arguments.append(
          Call.Argument(name, names.value(ofSelector: node, step: step), at: location(node)))
        return
      }
      for (index, item) in items.enumerated() {
        add(item, name + ".\(index)", step, into: &arguments)
      }
    case .scalar:
      guard !node.isNull else { return }
      arguments.append(Call.Argument(name, names.text(node, step: step), at: location(node)))
    case .alias: break
    }
  }

  private func request(_ node: DifyNode, _ step: Int) -> Call.HTTPRequest {
    let handlesErrors =
      node.data["error_strategy"]?.text.map { !$0.isEmpty && $0 != "none" } ?? false
    let retries = node.data["retry_config"]?["retry_enabled"]?.text == "true"
    return Call.HTTPRequest(
      method: (node.data["method"]?.text ?? "get").uppercased(),
      url: names.text(node.data["url"], step: step), body: body(node, step),
      // Without either, the node succeeds and tells the status.
      failsOnErrorStatus: handlesErrors || retries)
  }

  private func body(_ node: DifyNode, _ step: Int) -> Value? {
    guard let body = node.data["body"], let data = body["data"] else { return nil }
    let kind = body["type"]?.text ?? "none"
    if data.items.isEmpty {
      let text = names.text(data, step: step)
      return kind == "json" ? JSONTemplate.parse(text) ?? text : text
    }
    if kind == "json" || kind == "raw-text" {
      let text = names.text(data.items[0]["value"], step: step)
      return kind == "json" ? JSONTemplate.parse(text) ?? text : text
    }
    return .record(
      data.items.compactMap { item in
        item["key"]?.text.map { .init($0, names.text(item["value"], step: step)) }
      })
  }

  // MARK: Code

  /// Code is a function `main` of the node's variables.
  mutating func lowerCode(_ index: Int, _ node: DifyNode, _ step: Int) {
    builder.update(step) { $0.kind = .action }
    let language = node.data["code_language"]?.text ?? "python3"
    let isPython = language.hasPrefix("python")
    guard isPython || language == "javascript", let script = node.data["code"], script.text != nil
    else {
      describe(node, step)
      let given = names.arguments(of: node, step: step)
      let place = location(node.data["variables"] ?? node.place)
      builder.update(step) { step in
        for (name, value) in given.sorted(by: { $0.key < $1.key }) {
          step.call?.arguments.append(Call.Argument("variables." + name, value, at: place))
        }
      }
      return
    }
    var context = JavaScriptContext(
      path: path, stepName: node.title, route: "nodes." + node.id,
      variableScope: "node:" + node.id + "/", result: DifyNames.variable(of: node.id),
      entry: .init(function: "main", arguments: names.arguments(of: node, step: step)))
    if isPython { context.language = .python }
    let exits = JavaScriptLowering.lower(
      script: script, in: context, into: &builder, from: [LooseEnd(step)])
    successes[index] = exits.success
    failures[index] = exits.failure
    gaps += exits.gaps
  }
}
