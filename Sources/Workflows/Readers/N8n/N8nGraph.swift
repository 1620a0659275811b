import Expressions
import SourceText

/// Lowers one export: a step for each node, an edge for each link, a decision for each routing node.
struct N8nGraph {
  let export: N8nExport
  let context: ReadingContext
  let names: N8nNames
  var builder: GraphBuilder
  var returns: [Workflow.Return] = []
  var gaps: [Workflow.Gap] = []
  /// The step where each node starts, and where control leaves it when all went well or not.
  var heads: [Int?]
  var successes: [[LooseEnd]]
  var failures: [[LooseEnd]]
  /// For routing nodes: the guards under which each output is taken, several where several ways lead there.
  var routes: [[Int: [[Edge.Guard]]]?]
  let outgoing: [[N8nExport.Link]]
  /// For each node the sub-nodes that serve it, with the type of the link.
  let served: [[(node: Int, type: String)]]
  let isServing: [Bool]
  /// How many tools have been offered, and how deep agents stand among the tools of agents.
  var tools = (count: 0, depth: 0)
  /// Where a node goes on through its first output although no item is left for it.
  private var empties: [Int: Int] = [:]
  /// Where control comes back to a node that goes through its items batch by batch.
  private var returnings: [Int: Int] = [:]
  /// What only steps of the workflows fill that this one runs.
  var takenOutputs: Set<Variable> = []

  init(_ export: N8nExport, in context: ReadingContext) {
    self.export = export
    self.context = context
    builder = GraphBuilder(in: context)
    let count = export.nodes.count
    var incoming: [[N8nExport.Link]] = Array(repeating: [], count: count)
    var outgoing = incoming
    var served: [[(node: Int, type: String)]] = Array(repeating: [], count: count)
    var serves = Array(repeating: false, count: count)
    for link in export.links {
      if link.type == "main" {
        outgoing[link.from].append(link)
        incoming[link.to].append(link)
      } else {
        served[link.to].append((link.from, link.type))
        serves[link.from] = true
      }
    }
    self.outgoing = outgoing
    self.served = served
    self.isServing = (0..<count).map { serves[$0] && incoming[$0].isEmpty && outgoing[$0].isEmpty }
    self.heads = Array(repeating: nil, count: count)
    self.successes = Array(repeating: [], count: count)
    self.failures = successes
    self.routes = Array(repeating: nil, count: count)
    let errorOutputs = export.nodes.map { node -> Int? in
      node.node["onError"]?.text == "continueErrorOutput" ? N8nRouting.outputs(of: node) : nil
    }
    self.names = N8nNames(
      export: export, file: context.file, incoming: incoming, errorOutput: errorOutputs)
    let joins = N8nJoins(names: names)
    names.carried = Set(
      export.nodes.indices.filter { index in
        let sources = Set(incoming[index].map(\.from))
        return sources.count > 1 && sources.count <= Self.mostCarried
          && !(export.nodes[index].kind == "merge" && joins.waits(at: index))
      })
  }

  /// More ways to a node than these are not told apart.
  private static let mostCarried = 16

  func location(_ node: Node) -> SourceLocation { names.location(node) }

  /// The graph; of a workflow that another one runs, only what comes after the trigger for that.
  mutating func lower(asCalled isCalled: Bool = false) -> Workflow {
    let name = export.root["name"]?.text ?? ""
    let place = export.root["name"] ?? export.root["nodes"] ?? export.root
    let entry = builder.add(
      Step(
        name: name.isEmpty ? export.path : name, route: "workflow", kind: .control,
        location: location(place)))
    for index in export.nodes.indices where !isServing[index] { lower(index) }
    connect(entry: entry, asCalled: isCalled)
    let ends = lastEnds()
    returnLast(ends)
    for lost in export.lostEnds {
      let from = lost.from.flatMap { heads[$0] } ?? entry
      names.dangling.append(
        .init(step: from, text: lost.text, missing: .step, location: location(lost.place)))
    }
    var triggers: [Workflow.Trigger] = []
    for node in export.nodes where N8nRouting.isTrigger(node) && !node.isDisabled {
      triggers.append(.init(name: node.type, location: location(node.place)))
    }
    var workflow = Workflow(
      engine: N8nReader.engine, name: name.isEmpty ? export.path : name, path: export.path,
      steps: builder.steps, edges: builder.edges, entry: entry, returns: returns,
      triggers: triggers, danglingReferences: names.dangling, gaps: gaps)
    // A node's output is empty until the node has run in the same execution.
    workflow.stepOutputs = Set(
      export.nodes.indices.filter { heads[$0] != nil }.map(names.variable(of:))
    ).union(takenOutputs)
    workflow.ends = ends.flatMap { last in
      last.ends.map { Workflow.End($0, result: last.value) }
    }
    return workflow
  }

  // MARK: Nodes

  mutating func lower(_ index: Int) {
    let node = export.nodes[index]
    let at = location(node.place)
    let step = builder.add(
      Step(
        name: node.name, route: "nodes." + node.name, kind: .control, joinsAll: false,
        retry: retry(of: node), location: at))
    heads[index] = step
    successes[index] = [LooseEnd(step)]
    let passes = Step.Assignment(
      names.variable(of: index), value: names.input(of: index, at: at), at: at)
    guard !node.isDisabled else {
      // A node that is switched off hands its items on.
      builder.update(step) { $0.assignments = [passes] }
      return
    }
    let text = N8nText(names: names, node: index, step: step)
    switch node.kind {
    case "if", "filter", "switch":
      let routing = N8nRouting(
        node: node, conditions: N8nConditions(text: text, path: export.path))
      let (decisions, ways) = routing.decide()
      builder.update(step) { step in
        step.kind = .branch
        step.decisions = decisions
        step.assignments = [passes]
      }
      routes[index] = ways
      addEmpty(index, node, step: step, decisions: decisions.count, ways)
    case "noOp", "merge", "splitInBatches", "limit", "sort", "removeDuplicates", "itemLists",
      "executionData", "dateTime", "renameKeys":
      builder.update(step) { $0.assignments = [passes] }
    case "set":
      let assignments = N8nFields(node: node, text: text, names: names, index: index)
        .assignments(passing: passes)
      builder.update(step) { step in
        step.kind = .action
        step.assignments = assignments
      }
    case "splitOut", "aggregate":
      let assignment = reshaped(node, passes)
      builder.update(step) { $0.assignments = [assignment] }
    case "code", "function", "functionItem", "aiTransform":
      lowerCode(index, node, step: step, passes: passes, text: text)
    case "executeWorkflow", "toolWorkflow":
      lowerWorkflow(index, node, step: step, passes: passes, text: text)
    default:
      let last = lowerTools(of: index, node, from: step)
      describe(
        index, node, step: last, passes: passes,
        text: N8nText(names: names, node: index, step: last))
      if last != step {
        let retry = retry(of: node)
        builder.update(last) { $0.retry = retry }
        successes[index] = [LooseEnd(last)]
        failures[index] = [LooseEnd(last, .failure)]
      }
    }
    if failures[index].isEmpty, builder.steps[step].call != nil {
      failures[index] = [LooseEnd(step, .failure)]
    }
    recover(index, node, passes)
  }

  /// A node that "always outputs data" hands on one empty item where none goes out on its first output.
  private mutating func addEmpty(
    _ index: Int, _ node: N8nNode, step: Int, decisions: Int, _ ways: [Int: [[Edge.Guard]]]
  ) {
    guard node.isTrue("alwaysOutputData") else { return }
    var ways = ways.sorted { $0.key < $1.key }.filter { $0.key != 0 }.flatMap(\.value)
    if !ways.contains(where: { $0.count == decisions && $0.allSatisfy { !$0.holds } }) {
      ways.append((0..<decisions).map { Edge.Guard($0, false) })
    }
    let at = location(node.place)
    let empty = builder.add(
      Step(
        name: node.name, route: "nodes." + node.name, part: 1, kind: .control,
        assignments: [Step.Assignment(names.variable(of: index), value: .record([]), at: at)],
        location: at))
    for guards in ways {
      builder.connect([LooseEnd(step, guards: guards)], to: empty)
    }
    empties[index] = empty
  }

  /// A node that "continues" hands on the item that it failed with.
  private mutating func recover(_ index: Int, _ node: N8nNode, _ passes: Step.Assignment) {
    guard onError(node) == "continueRegularOutput", !failures[index].isEmpty else { return }
    // The engine does this, not the node's own code.
    let step = builder.add(
      Step(
        name: node.name, route: "nodes." + node.name + ".onError", kind: .control,
        assignments: [passes], location: passes.location))
    builder.connect(failures[index], to: step)
    failures[index] = [LooseEnd(step)]
  }

  private func onError(_ node: N8nNode) -> String {
    node.node["onError"]?.text
      ?? (node.isTrue("continueOnFail") ? "continueRegularOutput" : "stopWorkflow")
  }

  private func retry(of node: N8nNode) -> Step.Retry? {
    guard node.isTrue("retryOnFail"), let place = node.node["retryOnFail"] else { return nil }
    // `maxTries` counts the first one; n8n's default is 3.
    let tries = Int(node.node["maxTries"]?.text ?? "3") ?? 3
    return Step.Retry(attempts: max(0, tries - 1), on: [], location: location(place))
  }

  /// One item for each element of a list, or one item of all.
  private func reshaped(_ node: N8nNode, _ passes: Step.Assignment) -> Step.Assignment {
    var assignment = passes
    if node.kind == "splitOut", let field = node.text("fieldToSplitOut") {
      let path = field.parts(by: ".").map { PathComponent.field(String($0)) }
      let element = passes.value.selecting(path + [.every])
      let last = field.parts(by: ".").last.map(String.init) ?? field
      // Objects become items; anything else becomes a field of the same name.
      assignment.value = .either([element, .record([.init(last, element)])])
    } else if node.kind == "aggregate" {
      let whole = node.text("destinationFieldName") ?? "data"
      var fields: [Value.Field] = []
      for item in node.parameter("fieldsToAggregate", "fieldToAggregate")?.items ?? [] {
        guard let field = item["fieldToAggregate"]?.text else { continue }
        let path = field.parts(by: ".").map { PathComponent.field(String($0)) }
        let renamed = item["outputFieldName"]?.text ?? ""
        let name = renamed.isEmpty ? String(field.parts(by: ".").last ?? "") : renamed
        fields.append(.init(name, .list([passes.value.selecting(path)])))
      }
      if fields.isEmpty { fields = [.init(whole, .list([passes.value]))] }
      assignment.value = .record(fields)
    }
    return assignment
  }

  /// A node that does something: its parameters are the call's arguments.
  mutating func describe(
    _ index: Int, _ node: N8nNode, step: Int, passes: Step.Assignment, text: N8nText
  ) {
    let at = location(node.place)
    var call = Call(
      kind: "node", name: node.type,
      arguments: N8nArguments(export: export, names: names, served: served)
        .arguments(of: index, step: step),
      location: at)
    // What an agent writes is made of what its tools gave it.
    for tool in offered(to: index) {
      let place = location(export.nodes[tool].place)
      let given = Value.reference(Reference(names.variable(of: tool), at: place))
      call.arguments.append(Call.Argument("ai_tool.result", given, at: place))
    }
    var output: Value = .result([])
    var kind = Step.Kind.action
    switch node.kind {
    case "httpRequest", "toolHttpRequest":
      let request = N8nRequest(node: node, text: text)
      call.http = request.http
      output = request.output
    case "wait":
      let resume = node.text("resume") ?? "timeInterval"
      kind = resume == "webhook" || resume == "form" ? .approval : .delay
      output = passes.value
    case "respondToWebhook":
      output = passes.value
      if let body = N8nRequest.answer(of: node, text: text, input: passes.value) {
        let place = node.parameter("responseBody") ?? node.place
        returns.append(.init(step: step, value: body, name: "", location: location(place)))
      }
    default:
      if node.text("operation") == "sendAndWait" { kind = .approval }
      if N8nRouting.isTrigger(node) {
        let given = Value.reference(Reference(Variable("input"), at: at))
        // A workflow that runs itself comes in here, too.
        output = names.incoming[index].isEmpty ? given : .either([given, passes.value])
      }
    }
    let assignment = Step.Assignment(names.variable(of: index), value: output, at: at)
    builder.update(step) { step in
      step.kind = kind
      step.call = call
      step.assignments = [assignment]
    }
  }

  private mutating func lowerCode(
    _ index: Int, _ node: N8nNode, step: Int, passes: Step.Assignment, text: N8nText
  ) {
    let isJavaScript = node.text("language").map { $0.hasPrefix("javaScript") } ?? true
    let isPython = !isJavaScript && node.text("language")?.hasPrefix("python") == true
    let codeKey = isPython ? "pythonCode" : "jsCode"
    let key = node.kind == "code" || node.kind == "aiTransform" ? codeKey : "functionCode"
    guard isJavaScript || isPython, let script = node.parameter(key), script.text != nil else {
      describe(index, node, step: step, passes: passes, text: text)
      // Another language is not read: it may hand on whatever it was given.
      let place = location(node.parameters ?? node.place)
      builder.update(step) { step in
        step.call?.arguments.append(Call.Argument("input", passes.value, at: place))
      }
      return
    }
    let at = passes.location
    let input = Variable("node:" + node.name + "/input")
    builder.update(step) { step in
      step.kind = .action
      step.assignments = [Step.Assignment(input, value: passes.value, at: at)]
    }
    let names = names
    var context = JavaScriptContext(
      path: export.path, stepName: node.name, route: "nodes." + node.name,
      variableScope: "node:" + node.name + "/", result: names.variable(of: index),
      resolve: { root, links, location in
        // Python has no `$`: there the engine's names begin with `_`.
        let name = isPython && root.hasPrefix("_") ? "$" + root.dropFirst() : root
        return names.resolve(name, links, location, node: index, step: step, input: input)
      },
      unwrap: Self.item)
    if isPython { context.language = .python }
    let exits = JavaScriptLowering.lower(
      script: script, in: context, into: &builder, from: [LooseEnd(step)])
    successes[index] = exits.success
    failures[index] = exits.failure
    gaps += exits.gaps
  }

  /// The item in what a Code node returns: `[{json: …}]`, `{json: …}`, or the bare object.
  private static func item(_ value: Value) -> Value {
    switch value {
    case .list(let elements): return Value.either(of: elements.map(item))
    case .record(let fields):
      return fields.last { $0.name == "json" }?.value ?? value
    case .either(let values): return Value.either(of: values.map(item))
    case .conditional(let condition, let first, let second):
      return .conditional(condition, item(first), item(second))
    default: return value
    }
  }

  // MARK: Links

  private mutating func connect(entry: Int, asCalled isCalled: Bool) {
    let regions = N8nRegions(count: export.nodes.count, links: outgoing)
    var isEntered = false
    let isMeant = isCalled && export.nodes.contains { Self.isForCalls($0) && !$0.isDisabled }
    for (index, node) in export.nodes.enumerated() {
      guard let head = heads[index], N8nRouting.isTrigger(node), !node.isDisabled,
        !isMeant || Self.isForCalls(node)
      else { continue }
      builder.connect(entry, to: head)
      isEntered = true
    }
    if !isEntered {
      // A part of a workflow (a copied selection) starts wherever nothing leads.
      for index in export.nodes.indices {
        guard let head = heads[index], names.incoming[index].isEmpty else { continue }
        builder.connect(entry, to: head)
        isEntered = true
      }
    }
    if !isEntered, let first = heads.compactMap({ $0 }).first { builder.connect(entry, to: first) }
    for index in export.nodes.indices { addReturning(to: index, regions) }
    for (index, node) in export.nodes.enumerated() {
      var seen: Set<[Int]> = []
      for link in outgoing[index] where seen.insert([link.output, link.to, link.input]).inserted {
        guard let head = heads[link.to] else { continue }
        var ways = ends(of: index, node, output: link.output).map { end in
          let givesUp =
            end.outcome == .success && regions.leaves(link) && givesUp(index, end.guards)
          return LooseEnd(end.step, givesUp ? .timeout : end.outcome, guards: end.guards)
        }
        if names.carried.contains(link.to) { ways = carry(link, to: head, from: ways) }
        guard takesNext(link.to), regions.stays(link) else {
          builder.connect(ways, to: head)
          continue
        }
        if let returning = returnings[link.to] {
          builder.connect(ways, to: returning)
        } else {
          builder.connect(ways, toNextElementAt: head)
        }
      }
    }
    let joins = N8nJoins(names: names)
    for (index, node) in export.nodes.enumerated() where node.kind == "merge" && !node.isDisabled {
      guard let head = heads[index] else { continue }
      if joins.waits(at: index) {
        builder.update(head) { $0.joinsAll = true }
      }
    }
  }

  /// Brings a link's items to a node that is come to on several ways: each has its own.
  private mutating func carry(
    _ link: N8nExport.Link, to head: Int, from ways: [LooseEnd]
  ) -> [LooseEnd] {
    guard !ways.isEmpty else { return [] }
    let target = builder.steps[head]
    var step = Step(
      name: target.name, route: target.route, part: 100 + link.from, kind: .control,
      location: target.location)
    step.assignments = [
      Step.Assignment(
        names.given(to: link.to), value: names.items(on: link, at: target.location),
        at: target.location)
    ]
    let carrier = builder.add(step)
    builder.connect(ways, to: carrier)
    return [LooseEnd(carrier)]
  }

  /// A node without items does not run: what a loop is done with has come back to it before.
  private mutating func addReturning(to index: Int, _ regions: N8nRegions) {
    let node = export.nodes[index]
    let links = names.incoming[index]
    guard let head = heads[index], takesNext(index), N8nRouting.outputs(of: node) == 2,
      links.contains(where: regions.stays)
    else { return }
    var step = builder.steps[head]
    step.part += 1
    let returning = builder.add(step)
    builder.connect([LooseEnd(returning)], toNextElementAt: head)
    returnings[index] = returning
  }

  /// Whether coming back to the node means the next item; one that starts over each time only counts.
  private func takesNext(_ index: Int) -> Bool {
    let node = export.nodes[index]
    return node.kind == "splitInBatches" && !node.isDisabled
      && ["false", nil].contains(node.text("options", "reset"))
  }

  /// Where control leaves a node through one of its outputs.
  private func ends(of index: Int, _ node: N8nNode, output: Int) -> [LooseEnd] {
    if node.isDisabled { return output == 0 ? successes[index] : [] }
    let onError = onError(node)
    if onError == "continueErrorOutput", output >= N8nRouting.outputs(of: node) {
      return failures[index]
    }
    var ends = successes[index]
    if let returning = returnings[index], output == (node.version < 3 ? 1 : 0) {
      ends = [LooseEnd(returning)]
    }
    if let ways = routes[index], let step = heads[index] {
      ends = (ways[output] ?? []).map { LooseEnd(step, guards: $0) }
      if output == 0, let empty = empties[index] { ends.append(LooseEnd(empty)) }
    }
    if onError == "continueRegularOutput", output == 0 { ends += failures[index] }
    return ends
  }

  /// Whether the way out of a loop is taken because attempts ran out: its condition only counts.
  private func givesUp(_ index: Int, _ guards: [Edge.Guard]) -> Bool {
    guard let step = heads[index], let last = guards.last else { return false }
    let decisions = builder.steps[step].decisions
    guard decisions.indices.contains(last.decision) else { return false }
    return N8nRouting.counts(decisions[last.decision].condition)
  }

  // MARK: Answers

  /// The nodes that nothing comes after, where control leaves each of them, and what it has given then.
  private mutating func lastEnds() -> [(place: SourceLocation, ends: [LooseEnd], value: Value)] {
    var last: [(place: SourceLocation, ends: [LooseEnd], value: Value)] = []
    for (index, node) in export.nodes.enumerated() {
      guard let head = heads[index], outgoing[index].isEmpty, !node.isDisabled,
        !N8nRouting.isTrigger(node), node.kind != "stopAndError", !names.incoming[index].isEmpty
      else { continue }
      let place = location(node.place)
      var ends = ends(of: index, node, output: 0)
      if routes[index] != nil {
        // What a filter lets through is what comes behind its decision.
        let behind = builder.add(
          Step(
            name: node.name, route: "nodes." + node.name + ".last", part: 1, kind: .control,
            location: place))
        builder.connect(ends, to: behind)
        ends = [LooseEnd(behind)]
      } else if ends.isEmpty, builder.steps[head].call != nil {
        ends = [LooseEnd(head)]
      }
      last.append((place, ends, .reference(Reference(names.variable(of: index), at: place))))
    }
    return last
  }

  /// A trigger that answers with the last node's data makes every last node an answer.
  private mutating func returnLast(
    _ last: [(place: SourceLocation, ends: [LooseEnd], value: Value)]
  ) {
    let answersLast = export.nodes.contains { node in
      guard !node.isDisabled else { return false }
      switch node.kind {
      case "webhook", "formTrigger": return node.text("responseMode") == "lastNode"
      case "chatTrigger":
        let mode = node.text("options", "responseMode") ?? node.text("responseMode")
        return mode == nil || mode == "lastNode"
      default: return Self.isForCalls(node)
      }
    }
    guard answersLast else { return }
    for (place, ends, value) in last {
      // A body of several steps answers where it ends.
      for step in Set(ends.filter { $0.outcome == .success }.map(\.step)).sorted() {
        returns.append(.init(step: step, value: value, name: "", location: place))
      }
    }
  }

  /// Whether the node is where other workflows come in.
  static func isForCalls(_ node: N8nNode) -> Bool { node.kind == "executeWorkflowTrigger" }
}
