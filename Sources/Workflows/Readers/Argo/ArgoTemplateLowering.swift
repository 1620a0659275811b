import Expressions
import SourceText

/// Lowers one call of a template.
struct ArgoTemplateLowering {
  /// Whether anything runs after the call has failed.
  let wantsFailure: Bool

  mutating func lower(
    _ template: ArgoTemplate, _ call: ArgoCall, _ inputs: ArgoInputs, from entry: [LooseEnd],
    in draft: inout ArgoDraft
  ) -> ScriptExits {
    let node = template.node
    var scope = inputs.scope(of: template, prefix: call.prefix)
    scope.own = call.variable
    guard draft.mayNest() else {
      draft.report(gap: "`\(call.name)` expands too far to be followed", at: call.location)
      return opaque(call, from: entry, in: &draft)
    }
    var exits: ScriptExits
    if node["steps"] != nil || node["dag"] != nil {
      exits = lowerTasks(template, call, &scope, from: entry, in: &draft)
    } else {
      let leaf = ArgoLeaf(scope: scope, call: call)
      let first = draft.builder.steps.count
      exits = leaf.lower(from: entry, in: &draft)
      exits = finish(exits, call, scope, since: first, in: &draft)
    }
    return exits
  }

  private func opaque(
    _ call: ArgoCall, from entry: [LooseEnd], in draft: inout ArgoDraft
  ) -> ScriptExits {
    let step = draft.add(
      Step(name: call.name, route: call.route, location: call.location), from: entry)
    return ScriptExits(success: [LooseEnd(step)], failure: [LooseEnd(step, .failure)])
  }

  // MARK: Steps and tasks

  private func lowerTasks(
    _ template: ArgoTemplate, _ call: ArgoCall, _ scope: inout ArgoScope, from entry: [LooseEnd],
    in draft: inout ArgoDraft
  ) -> ScriptExits {
    let start = draft.add(
      Step(name: call.name, route: call.route, kind: .control, location: call.location),
      from: entry)
    draft.frames.append(
      ArgoDraft.Frame(identity: template.identity, entry: start, variable: call.variable))
    let tasks = ArgoTasks(template: template, call: call, wantsFailure: wantsFailure)
    var exits = tasks.lower(&scope, from: [LooseEnd(start)], in: &draft)
    exits = finish(exits, call, scope, in: &draft)
    // What calls the template from within goes on where the template ends.
    let frame = draft.frames.removeLast()
    for place in frame.returns {
      for end in exits.success {
        draft.build { $0.connect(end.step, to: place, on: end.outcome, when: end.guards) }
      }
    }
    return exits
  }

  // MARK: Outputs

  /// The end of the call, where its outputs get their values, and the cache that keeps them.
  private func finish(
    _ exits: ScriptExits, _ call: ArgoCall, _ scope: ArgoScope, since first: Int? = nil,
    in draft: inout ArgoDraft
  ) -> ScriptExits {
    var outputs = ArgoOutputs(scope: scope, variable: call.variable)
    if let first, scope.template.node["outputs"]?["artifacts"] != nil {
      outputs.written = Set(
        draft.builder.steps[first...].flatMap { $0.assignments.map(\.variable.name) })
    }
    let assignments = outputs.assignments(in: &draft)
    var exits = exits
    if exits.success.isEmpty { return exits }
    draft.noteOutputs(call.variable)
    if !assignments.isEmpty {
      let end = draft.add(
        Step(
          name: call.name, route: call.route, kind: .control, assignments: assignments,
          location: call.location), from: exits.success)
      exits.success = [LooseEnd(end)]
    }
    for store in ArgoStores(scope: scope, call: call, outputs: assignments).calls(in: &draft) {
      let step = draft.add(store, from: exits.success)
      exits.success = [LooseEnd(step)]
    }
    return exits
  }
}

/// What a template puts out.
struct ArgoOutputs {
  let scope: ArgoScope
  let variable: Variable
  /// The variables that the program of the template has written.
  var written: Set<String> = []

  init(scope: ArgoScope, variable: Variable) {
    self.scope = scope
    self.variable = variable
  }

  func assignments(in draft: inout ArgoDraft) -> [Step.Assignment] {
    let outputs = scope.template.node["outputs"]
    var assignments: [Step.Assignment] = []
    for parameter in outputs?["parameters"]?.items ?? [] {
      guard let name = parameter["name"]?.text else { continue }
      let source = parameter["valueFrom"] ?? parameter["value"] ?? parameter
      guard let value = value(of: parameter, in: &draft) else { continue }
      assign(value, to: ["outputs", "parameters", name], at: source, &assignments)
      if let global = parameter["globalName"]?.text {
        assignments.append(
          Step.Assignment(
            Variable("workflow"),
            path: [.field("outputs"), .field("parameters"), .field(global)], value: value,
            at: scope.location(source.range)))
      }
    }
    for artifact in outputs?["artifacts"]?.items ?? [] {
      guard let name = artifact["name"]?.text else { continue }
      let text = ArgoText(scope: scope)
      if let source = artifact["from"] {
        assign(
          text.value(of: source, in: &draft), to: ["outputs", "artifacts", name], at: source,
          &assignments)
      } else if let source = artifact["fromExpression"] {
        let bytes = Array((source.text ?? "").utf8)
        let value = text.expression(bytes, ByteRange(0, bytes.count), at: source, &draft)
        assign(
          value ?? .unknown([]), to: ["outputs", "artifacts", name], at: source, &assignments)
      } else if let source = artifact["path"], let path = source.text, isProgram {
        let own = ArgoLeaf.file(path, scope)
        let inner = written.contains(own.name) ? [] : files(below: own)
        for file in inner {
          assign(
            .reference(
              Reference(Variable("\(own.name)/\(file)"), at: scope.location(source.range))),
            to: ["outputs", "artifacts", name, file], at: source, &assignments)
        }
        draft.artifactFiles["\(variable.name)#\(name)"] = inner
        if !inner.isEmpty { continue }
        assign(
          .reference(Reference(own, at: scope.location(source.range))),
          to: ["outputs", "artifacts", name], at: source, &assignments)
      }
    }
    return assignments
  }

  /// The files that were written in a directory.
  private func files(below directory: Variable) -> [String] {
    let start = directory.name.hasSuffix("/") ? directory.name : directory.name + "/"
    return written.filter { $0.hasPrefix(start) }.map { String($0.dropFirst(start.count)) }.sorted()
  }

  private var isProgram: Bool {
    let node = scope.template.node
    return node["container"] != nil || node["script"] != nil || node["containerSet"] != nil
  }

  private func assign(
    _ value: Value, to path: [String], at node: Node, _ assignments: inout [Step.Assignment]
  ) {
    assignments.append(
      Step.Assignment(
        variable, path: path.map { .field($0) }, value: value, at: scope.location(node.range)))
  }

  private func value(of parameter: Node, in draft: inout ArgoDraft) -> Value? {
    let text = ArgoText(scope: scope)
    guard let from = parameter["valueFrom"] else {
      return parameter["value"].map { text.value(of: $0, in: &draft) }
    }
    var value: Value?
    if let source = from["parameter"] {
      value = text.value(of: source, in: &draft)
    } else if let source = from["expression"] {
      let bytes = Array((source.text ?? "").utf8)
      value = text.expression(bytes, ByteRange(0, bytes.count), at: source, &draft) ?? .unknown([])
    } else if let source = from["path"], let path = source.text {
      value = .reference(Reference(ArgoLeaf.file(path, scope), at: scope.location(source.range)))
    } else if let source = from["jsonPath"] ?? from["jqFilter"] {
      // Part of what a resource looks like after the action.
      value = .reference(
        Reference(
          variable, path: [.field("outputs"), .field("manifest")],
          at: scope.location(source.range)))
    } else if from["supplied"] != nil {
      value = .reference(
        Reference(variable, path: [.field("supplied")], at: scope.location(from.range)))
    }
    if let fallback = from["default"], let own = value {
      return .fallback(own, text.value(of: fallback, in: &draft))
    }
    return value
  }
}

/// What the engine itself keeps of a template's outputs beyond the workflow.
struct ArgoStores {
  let scope: ArgoScope
  let call: ArgoCall
  let outputs: [Step.Assignment]

  func calls(in draft: inout ArgoDraft) -> [Step] {
    var steps: [Step] = []
    if let memo = memoization(in: &draft) { steps.append(memo) }
    for artifact in scope.template.node["outputs"]?["artifacts"]?.items ?? [] {
      if let store = store(artifact, in: &draft) { steps.append(store) }
    }
    return steps
  }

  private func memoization(in draft: inout ArgoDraft) -> Step? {
    guard let memo = scope.template.node["memoize"], let key = memo["key"] else { return nil }
    let text = ArgoText(scope: scope)
    let location = scope.location(key.range)
    var arguments = [
      Call.Argument("memoize.key", text.value(of: key, in: &draft), at: location)
    ]
    if let age = memo["maxAge"], let value = age.text, !value.isEmpty {
      arguments.append(
        Call.Argument("memoize.maxAge", .literal(value), at: scope.location(age.range)))
    }
    arguments += kept.map { Call.Argument("outputs", $0, at: location) }
    return step(
      Call(kind: "function", name: "memoize", arguments: arguments, location: location))
  }

  /// The values put out, as they are read after the call.
  private var kept: [Value] {
    var values = outputs.filter { $0.variable == call.variable }.map { output in
      Value.reference(Reference(output.variable, path: output.path, at: output.location))
    }
    if values.isEmpty || scope.template.node["http"] != nil {
      values.append(
        .reference(
          Reference(
            call.variable, path: [.field("outputs"), .field("result")], at: call.location)))
    }
    return values
  }

  private static let places = [
    "s3", "gcs", "oss", "azure", "http", "artifactory", "hdfs", "git",
  ]

  /// An artifact that goes to a place of its own, the same for every run.
  private func store(_ artifact: Node, in draft: inout ArgoDraft) -> Step? {
    guard let name = artifact["name"]?.text,
      let kind = Self.places.first(where: { artifact[$0] != nil }), let place = artifact[kind],
      let key = place["key"] ?? place["url"] ?? place["blob"] ?? place["path"],
      let written = key.text, !written.holds("workflow.name"),
      !written.holds("workflow.uid"), !written.holds("pod.name"),
      let output = outputs.first(where: {
        $0.variable == call.variable
          && $0.path == [.field("outputs"), .field("artifacts"), .field(name)]
      })
    else { return nil }
    let text = ArgoText(scope: scope)
    let location = scope.location(key.range)
    return step(
      Call(
        kind: "function", name: "artifact.\(kind)",
        arguments: [
          Call.Argument("key", text.value(of: key, in: &draft), at: location),
          Call.Argument(
            "value",
            .reference(Reference(output.variable, path: output.path, at: output.location)),
            at: output.location),
        ], location: location))
  }

  private func step(_ call: Call) -> Step {
    Step(name: self.call.name, route: self.call.route, call: call, location: call.location)
  }
}
