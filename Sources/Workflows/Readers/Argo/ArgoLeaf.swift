import Expressions
import SourceText

/// Lowers a template that does one thing: a program, a request, a wait, a change of a resource.
struct ArgoLeaf {
  let scope: ArgoScope
  let call: ArgoCall

  private var node: Node { scope.template.node }

  func lower(from entry: [LooseEnd], in draft: inout ArgoDraft) -> ScriptExits {
    let first = draft.builder.steps.count
    let exits = body(from: entry, in: &draft)
    if let retry = retry(in: &draft) {
      for index in draft.builder.steps.indices[first...]
      where draft.builder.steps[index].call != nil && draft.builder.steps[index].retry == nil {
        draft.build { $0.update(index) { $0.retry = retry } }
      }
    }
    return exits
  }

  private func body(from entry: [LooseEnd], in draft: inout ArgoDraft) -> ScriptExits {
    if let http = node["http"] { return request(http, from: entry, in: &draft) }
    if let suspend = node["suspend"] { return wait(suspend, from: entry, in: &draft) }
    if let script = node["script"] {
      return program(script, from: entry, in: &draft)
    }
    if let container = node["container"] { return program(container, from: entry, in: &draft) }
    if let set = node["containerSet"] { return programs(set, from: entry, in: &draft) }
    if let resource = node["resource"] { return change(resource, from: entry, in: &draft) }
    if let data = node["data"] { return transform(data, from: entry, in: &draft) }
    if let plugin = node["plugin"] { return plug(plugin, from: entry, in: &draft) }
    // The way to name another template before version 2.5.
    if let place = node["template"] ?? node["templateRef"]?["template"], let name = place.text {
      let call = Call(kind: "uses", name: name, location: scope.location(place.range))
      let index = draft.add(step(call, at: place.range), from: entry)
      return ScriptExits(success: [LooseEnd(index)], failure: [LooseEnd(index, .failure)])
    }
    draft.report(
      "the template `\(scope.template.name)` does nothing",
      hint: "a template needs one of `container`, `script`, `steps`, `dag`, `http`, `suspend`, "
        + "`resource`, `data`, `plugin`, `containerSet`",
      at: scope.location((node["name"] ?? node).range))
    return ScriptExits(success: entry, failure: [])
  }

  private func step(
    _ call: Call?, _ kind: Step.Kind = .action, at range: ByteRange
  ) -> Step {
    Step(
      name: self.call.name, route: self.call.route, kind: kind, call: call,
      location: scope.location(range))
  }

  private var result: [PathComponent] { [.field("outputs"), .field("result")] }

  private func retry(in draft: inout ArgoDraft) -> Step.Retry? {
    guard let strategy = node["retryStrategy"] else { return nil }
    var on: [String] = []
    if strategy["retryPolicy"]?.text == "OnTransientError" { on = ["transient error"] }
    return Step.Retry(
      attempts: strategy["limit"]?.text.flatMap { Int($0) }, on: on,
      location: scope.location(strategy.range))
  }

  // MARK: Programs

  /// The variable that holds what a program of the template finds, or leaves, in a file.
  static func file(_ path: String, _ scope: ArgoScope) -> Variable {
    context(name: "", route: "", scope).file(path)
  }

  private static func context(
    name: String, route: String, _ scope: ArgoScope
  ) -> ScriptContext {
    var context = ScriptContext(
      path: scope.template.file.path, stepName: name, route: route,
      variableScope: scope.prefix, fileScope: scope.prefix)
    let node = scope.template.node
    let container = node["script"] ?? node["container"]
    if let directory = container?["workingDir"]?.text, directory.hasPrefix("/") {
      context.workingDirectory = directory.hasSuffix("/") ? directory : directory + "/"
    }
    // What lies on a volume is seen by every template that mounts it.
    for mount in container?["volumeMounts"]?.items ?? [] {
      guard var path = mount["mountPath"]?.text, let name = mount["name"]?.text else { continue }
      while path.hasSuffix("/") { path.removeLast() }
      let inner = mount["subPath"]?.text.map { "\(name)/\($0)" } ?? name
      context.sharedFolders[path] = ScriptContext.SharedFolder(scope: "volume/", mount: inner)
    }
    return context
  }

  private func program(
    _ container: Node, from entry: [LooseEnd], in draft: inout ArgoDraft
  ) -> ScriptExits {
    let start = receiveArtifacts(from: entry, in: &draft)
    return run(container, named: call.name, from: start, in: &draft)
  }

  private func run(
    _ container: Node, named name: String, from entry: [LooseEnd], in draft: inout ArgoDraft
  ) -> ScriptExits {
    let text = ArgoText(scope: scope)
    var context = Self.context(name: name, route: call.route, scope)
    context.environment = environment(container, in: &draft)
    // What it prints is its result, where anybody reads that.
    if draft.readsResults {
      context.standardOutput = Variable("\(scope.prefix)result")
    }
    // Evaluated first: the program asks for them while the draft is being changed.
    let words = (container["command"]?.items ?? []) + (container["args"]?.items ?? [])
    var insertions: [Int: [ScriptContext.Substitution]] = [:]
    for node in words + [container["source"], container["image"]].compactMap({ $0 }) {
      insertions[node.range.start] = text.insertions(in: node, draft: &draft)
    }
    let source = container["source"]
    let program = ContainerProgram(
      image: container["image"], script: source,
      interpreter: source == nil
        ? [] : (container["command"]?.items ?? []).compactMap(\.text),
      command: source == nil ? container["command"]?.items ?? [] : [],
      arguments: container["args"]?.items ?? [], place: container, outputs: declaredFiles,
      insertions: { [insertions] in insertions[$0.range.start] ?? [] })
    let first = draft.builder.steps.count
    var exits = draft.build { program.lower(in: context, into: &$0, from: entry) }
    for gap in exits.gaps { draft.report(gap: gap.message, at: gap.location) }
    if let output = context.standardOutput, !exits.success.isEmpty,
      draft.builder.steps[first...].contains(where: {
        $0.assignments.contains { $0.variable == output }
      })
    {
      var end = step(nil, .control, at: container.range)
      end.assignments = [
        Step.Assignment(
          call.variable, path: result,
          value: .reference(Reference(output, at: scope.location(container.range))),
          at: scope.location(container.range))
      ]
      exits.success = [LooseEnd(draft.add(end, from: exits.success))]
    }
    return exits
  }

  private func programs(
    _ set: Node, from entry: [LooseEnd], in draft: inout ArgoDraft
  ) -> ScriptExits {
    var ends = receiveArtifacts(from: entry, in: &draft)
    var failure: [LooseEnd] = []
    let containers = set["containers"]?.items ?? []
    let indices = Dictionary(
      containers.enumerated().map { ($1["name"]?.text ?? "", $0) },
      uniquingKeysWith: { first, _ in first })
    let waits = containers.map { container in
      (container["dependencies"]?.items ?? []).compactMap { $0.text.flatMap { indices[$0] } }
    }
    // They share one pod; those that need not wait are read in the order in which they stand.
    for index in TaskSequence.ordered(waits).order {
      let container = containers[index]
      let exits = run(
        container, named: container["name"]?.text ?? call.name, from: ends, in: &draft)
      ends = exits.success
      failure += exits.failure
    }
    return ScriptExits(success: ends, failure: failure)
  }

  /// The files that the template's outputs are read from.
  private var declaredFiles: [(path: String, name: String)] {
    let outputs = node["outputs"]
    let parameters = (outputs?["parameters"]?.items ?? []).compactMap { output in
      output["name"]?.text.flatMap { name in
        output["valueFrom"]?["path"]?.text.map { (path: $0, name: name) }
      }
    }
    let artifacts = (outputs?["artifacts"]?.items ?? []).compactMap { output in
      output["name"]?.text.flatMap { name in output["path"]?.text.map { (path: $0, name: name) } }
    }
    return parameters + artifacts
  }

  /// Artifacts lie in files before the program starts.
  private func receiveArtifacts(
    from entry: [LooseEnd], in draft: inout ArgoDraft
  ) -> [LooseEnd] {
    var assignments: [Step.Assignment] = []
    for artifact in node["inputs"]?["artifacts"]?.items ?? [] {
      guard let name = artifact["name"]?.text, let path = artifact["path"],
        let file = path.text, let value = scope.artifacts[name]
      else { continue }
      let location = scope.location(path.range)
      let own = Self.file(file, scope)
      if case .reference(let reference) = value, reference.path.count == 3,
        case .field(let artifact) = reference.path[2],
        let inner = draft.artifactFiles["\(reference.variable.name)#\(artifact)"], !inner.isEmpty
      {
        let start = own.name.hasSuffix("/") ? own.name : own.name + "/"
        for name in inner {
          assignments.append(
            Step.Assignment(
              Variable(start + name),
              value: ArgoScope.moved(value, to: location).selecting([.field(name)]), at: location))
        }
        continue
      }
      assignments.append(
        Step.Assignment(own, value: ArgoScope.moved(value, to: location), at: location))
    }
    guard !assignments.isEmpty else { return entry }
    var step = step(nil, .control, at: assignments[0].location.range)
    step.assignments = assignments
    return [LooseEnd(draft.add(step, from: entry))]
  }

  private func environment(
    _ container: Node, in draft: inout ArgoDraft
  ) -> [String: Value] {
    let text = ArgoText(scope: scope)
    var values: [String: Value] = [:]
    for entry in container["env"]?.items ?? [] {
      guard let name = entry["name"]?.text, let value = entry["value"] else { continue }
      values[name] = text.value(of: value, in: &draft)
    }
    return values
  }

  // MARK: Requests

  private func request(
    _ http: Node, from entry: [LooseEnd], in draft: inout ArgoDraft
  ) -> ScriptExits {
    let text = ArgoText(scope: scope)
    let place = (http["url"] ?? http).range
    let location = scope.location(place)
    func value(_ key: String) -> Value? { http[key].map { text.value(of: $0, in: &draft) } }
    let url = value("url") ?? .unknown([])
    let method = http["method"]?.text?.uppercased() ?? "GET"
    var arguments: [Call.Argument] = []
    if let node = http["url"] {
      arguments.append(Call.Argument("url", url, at: scope.location(node.range)))
    }
    for header in http["headers"]?.items ?? [] {
      guard let name = header["name"]?.text, let node = header["value"] else { continue }
      arguments.append(
        Call.Argument(
          "headers.\(name)", text.value(of: node, in: &draft), at: scope.location(node.range)))
    }
    var body = value("body")
    if let written = body { body = JSONTemplate.parse(written) ?? written }
    if let node = http["body"], let body {
      arguments.append(Call.Argument("body", body, at: scope.location(node.range)))
    }
    let success = http["successCondition"]
    let response = Variable("\(scope.prefix)response")
    var action = step(
      Call(
        kind: "http", name: "http", arguments: arguments,
        http: Call.HTTPRequest(
          method: method, url: url, body: body, failsOnErrorStatus: success == nil),
        location: location), at: place)
    action.assignments = [
      Step.Assignment(call.variable, path: result, value: .result([]), at: location)
    ]
    if success != nil {
      action.assignments += [
        Step.Assignment(
          response, path: [.field("body")], value: .result([]), at: location),
        Step.Assignment(
          response, path: [.field("statusCode")], value: .result([.field("status_code")]),
          at: location),
      ]
    }
    draft.noteOutputs(call.variable)
    let request = draft.add(action, from: entry)
    guard let success else {
      return ScriptExits(success: [LooseEnd(request)], failure: [LooseEnd(request, .failure)])
    }
    return check(success, of: request, response, in: &draft)
  }

  /// The author says when the request has succeeded.
  private func check(
    _ success: Node, of request: Int, _ response: Variable, in draft: inout ArgoDraft
  ) -> ScriptExits {
    let bytes = Array((success.text ?? "").utf8)
    let location = scope.location(success.range)
    let interpreter = InfixInterpreter(
      semantics: .strict,
      locate: { [scope] in scope.location(success.fileRange(ofText: $0)) },
      resolve: { [scope] name, path, location in
        if name == "response" {
          return (.reference(Reference(response, path: path, at: location)), path.count)
        }
        return scope.resolve(name, path, location).map { ($0.resolution.value, $0.used) }
      })
    let parsed = InfixParser.parse(bytes, in: ByteRange(0, bytes.count), dialect: .expr)
    let condition = parsed.map(interpreter.condition) ?? .unknown([])
    var branch = step(nil, .branch, at: success.range)
    branch.decisions = [Step.Decision(condition, at: location)]
    let index = draft.add(branch, from: [LooseEnd(request)])
    return ScriptExits(
      success: [LooseEnd(index, guards: [Edge.Guard(0, true)])],
      failure: [
        LooseEnd(request, .failure), LooseEnd(index, guards: [Edge.Guard(0, false)]),
      ])
  }

  // MARK: Waits

  /// With a duration the flow goes on by itself; without one, or where somebody supplies values, a person lets it.
  private func wait(
    _ suspend: Node, from entry: [LooseEnd], in draft: inout ArgoDraft
  ) -> ScriptExits {
    let supplied = (node["outputs"]?["parameters"]?.items ?? []).contains {
      $0["valueFrom"]?["supplied"] != nil
    }
    let isDelay = suspend["duration"] != nil && !supplied
    let range = (suspend["duration"] ?? node["name"] ?? suspend).range
    let index = draft.add(step(nil, isDelay ? .delay : .approval, at: range), from: entry)
    return ScriptExits(success: [LooseEnd(index)], failure: [])
  }

  // MARK: Resources, data, plugins

  private func change(
    _ resource: Node, from entry: [LooseEnd], in draft: inout ArgoDraft
  ) -> ScriptExits {
    let text = ArgoText(scope: scope)
    let action = resource["action"]?.text ?? "get"
    var arguments: [Call.Argument] = []
    var kind = ""
    if let manifest = resource["manifest"] {
      kind = Self.kind(in: manifest.text ?? "")
      arguments.append(Call.Argument("kind", .literal(kind), at: scope.location(manifest.range)))
      // What is put into the manifest is pointed at where it stands.
      let insertions = text.insertions(in: manifest, draft: &draft)
      arguments += insertions.map { insertion in
        Call.Argument(
          "manifest", insertion.value,
          at: scope.location(manifest.fileRange(ofText: insertion.range)))
      }
      if insertions.isEmpty {
        arguments.append(
          Call.Argument(
            "manifest", .literal(manifest.text ?? ""), at: scope.location(manifest.range)))
      }
    }
    for (index, flag) in (resource["flags"]?.items ?? []).enumerated() {
      arguments.append(
        Call.Argument(
          "flags.\(index)", text.value(of: flag, in: &draft), at: scope.location(flag.range)))
    }
    let place = (resource["action"] ?? resource).range
    var change = step(
      Call(
        kind: "resource", name: kind.isEmpty ? action : "\(action) \(kind)",
        arguments: arguments, location: scope.location(place)), at: place)
    change.assignments = [
      Step.Assignment(
        call.variable, path: [.field("outputs"), .field("manifest")], value: .result([]),
        at: scope.location(place))
    ]
    draft.noteOutputs(call.variable)
    let index = draft.add(change, from: entry)
    return ScriptExits(success: [LooseEnd(index)], failure: [LooseEnd(index, .failure)])
  }

  /// What kind of object a manifest describes.
  private static func kind(in manifest: String) -> String {
    for line in manifest.split(whereSeparator: \.isNewline) {
      let trimmed = line.drop { $0.isWhitespace || $0 == "{" || $0 == "\"" || $0 == "," }
      guard trimmed.hasPrefix("kind") else { continue }
      let rest = trimmed.dropFirst(4).drop { $0 == "\"" || $0.isWhitespace }
      guard rest.first == ":" else { continue }
      return String(
        rest.dropFirst().drop { $0.isWhitespace || $0 == "\"" }
          .prefix { $0.isLetter || $0.isNumber })
    }
    return ""
  }

  private func transform(
    _ data: Node, from entry: [LooseEnd], in draft: inout ArgoDraft
  ) -> ScriptExits {
    let call = Call(kind: "function", name: "data", location: scope.location(data.range))
    var action = step(call, at: data.range)
    action.assignments = [
      Step.Assignment(
        self.call.variable, path: result, value: .unknown([]), at: scope.location(data.range))
    ]
    let index = draft.add(action, from: entry)
    return ScriptExits(success: [LooseEnd(index)], failure: [LooseEnd(index, .failure)])
  }

  private func plug(
    _ plugin: Node, from entry: [LooseEnd], in draft: inout ArgoDraft
  ) -> ScriptExits {
    let text = ArgoText(scope: scope)
    let own = plugin.entries.first
    let name = own?.key.text ?? "plugin"
    var arguments: [Call.Argument] = []
    if let value = own?.value {
      flatten(value, "", text, &arguments, &draft)
    }
    let place = own?.key.range ?? plugin.range
    var action = step(
      Call(
        kind: "uses", name: "plugin/\(name)", arguments: arguments,
        location: scope.location(place)), at: place)
    action.assignments = [
      Step.Assignment(
        call.variable, path: [.field("outputs")], value: .result([]), at: scope.location(place))
    ]
    draft.noteOutputs(call.variable)
    let index = draft.add(action, from: entry)
    return ScriptExits(success: [LooseEnd(index)], failure: [LooseEnd(index, .failure)])
  }

  private func flatten(
    _ node: Node, _ path: String, _ text: ArgoText, _ arguments: inout [Call.Argument],
    _ draft: inout ArgoDraft, depth: Int = 0
  ) {
    guard depth < Limits.nesting else { return }
    if !node.entries.isEmpty {
      for entry in node.entries {
        let key = entry.key.text ?? ""
        flatten(
          entry.value, path.isEmpty ? key : "\(path).\(key)", text, &arguments, &draft,
          depth: depth + 1)
      }
    } else {
      arguments.append(
        Call.Argument(
          path.isEmpty ? "0" : path, text.value(of: node, in: &draft),
          at: scope.location(node.range)))
    }
  }
}
