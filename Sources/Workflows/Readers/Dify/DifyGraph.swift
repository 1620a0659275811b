import Expressions
import SourceText

/// Lowers one app: a step for each node, an edge for each link, a decision for each routing node.
struct DifyGraph {
  let app: DifyApp
  let path: String
  let names: DifyNames
  var builder = GraphBuilder()
  var returns: [Workflow.Return] = []
  var gaps: [Workflow.Gap] = []
  /// The step where each node starts, and where control leaves it when all went well or not.
  var heads: [Int?]
  var successes: [[LooseEnd]]
  var failures: [[LooseEnd]]
  /// For routing nodes: the guards under which each handle is taken.
  var routes: [[String: [Edge.Guard]]?]
  /// The step behind the body of an iteration or loop.
  var exits: [Int: Int] = [:]
  let outgoing: [[DifyApp.Link]]
  let incoming: [[DifyApp.Link]]

  /// The handle of the way that a failed node takes.
  static let failureHandle = "fail-branch"

  init(_ app: DifyApp, path: String) {
    self.app = app
    self.path = path
    names = DifyNames(app, path: path)
    let count = app.nodes.count
    var incoming: [[DifyApp.Link]] = Array(repeating: [], count: count)
    var outgoing = incoming
    for link in app.links {
      outgoing[link.from].append(link)
      incoming[link.to].append(link)
    }
    self.incoming = incoming
    self.outgoing = outgoing
    heads = Array(repeating: nil, count: count)
    successes = Array(repeating: [], count: count)
    failures = successes
    routes = Array(repeating: nil, count: count)
  }

  func location(_ node: Node) -> SourceLocation { names.location(node) }

  mutating func lower() -> Workflow {
    let place = app.root["app"]?["name"] ?? app.root["workflow"] ?? app.root
    let name = app.name.isEmpty ? path : app.name
    let entry = builder.add(
      Step(name: name, route: "workflow", kind: .control, location: location(place)))
    for index in app.nodes.indices { lower(index) }
    connect(entry: entry)
    var dangling = names.dangling
    for lost in app.lostEnds {
      let from = lost.from.flatMap { heads[$0] } ?? entry
      dangling.append(
        .init(step: from, text: lost.text, missing: .step, location: location(lost.place)))
    }
    var triggers: [Workflow.Trigger] = []
    for node in app.nodes where node.kind == "start" || node.kind.hasPrefix("trigger") {
      triggers.append(.init(name: node.kind, location: location(node.place)))
    }
    var workflow = Workflow(
      engine: DifyReader.engine, name: name, path: path, steps: builder.steps,
      edges: builder.edges, entry: entry, returns: returns, triggers: triggers,
      danglingReferences: dangling, gaps: gaps)
    workflow.stepOutputs = Set(
      app.nodes.filter { !["start", "iteration", "loop"].contains($0.kind) }
        .map { DifyNames.variable(of: $0.id) })
    return workflow
  }

  // MARK: Nodes

  private mutating func lower(_ index: Int) {
    let node = app.nodes[index]
    let at = location(node.place)
    let step = builder.add(
      Step(
        name: node.title, route: "nodes." + node.id, kind: .control, retry: retry(of: node),
        location: at))
    builder.update(step) { $0.identifier = node.id }
    heads[index] = step
    successes[index] = [LooseEnd(step)]
    switch node.kind {
    case "if-else": decide(index, node, step)
    case "question-classifier": classify(index, node, step)
    case "iteration": iterate(index, node, step)
    case "loop": declareLoop(index, node, step)
    case "start", "trigger-webhook", "trigger-schedule", "trigger-plugin":
      let input = Value.reference(Reference(Variable("input"), at: at))
      write(input, of: node, at: step)
    case "iteration-start", "loop-start", "loop-end": break
    case "template-transform", "variable-aggregator", "list-operator", "document-extractor":
      write(reshaped(node, step), of: node, at: step)
      builder.update(step) { $0.kind = .action }
    case "assigner", "variable-assigner": assign(node, step)
    case "code": lowerCode(index, node, step)
    case "end": end(node, step)
    default: describe(node, step)
    }
    if failures[index].isEmpty, builder.steps[step].call != nil {
      failures[index] = [LooseEnd(step, .failure)]
    }
    recover(index, node)
  }

  /// What the node hands on.
  mutating func write(_ value: Value, of node: DifyNode, at step: Int) {
    let assignment = Step.Assignment(
      DifyNames.variable(of: node.id), value: value, at: location(node.place))
    builder.update(step) { $0.assignments.append(assignment) }
  }

  private func retry(of node: DifyNode) -> Step.Retry? {
    guard let retry = node.data["retry_config"], retry["retry_enabled"]?.text == "true" else {
      return nil
    }
    return Step.Retry(
      attempts: Int(retry["max_retries"]?.text ?? ""), on: [],
      location: location(retry["max_retries"] ?? retry))
  }

  /// A node that fails goes on with the values it was given for that.
  private mutating func recover(_ index: Int, _ node: DifyNode) {
    guard node.data["error_strategy"]?.text == "default-value", !failures[index].isEmpty else {
      return
    }
    let fields = (node.data["default_value"]?.items ?? []).compactMap { item in
      item["key"]?.text.map { Value.Field($0, names.text(item["value"], step: 0)) }
    }
    let place = location(node.data["error_strategy"] ?? node.place)
    // The engine does this, not the node's own code.
    let step = builder.add(
      Step(
        name: node.title, route: "nodes." + node.id + ".default_value", kind: .control,
        assignments: [
          Step.Assignment(
            DifyNames.variable(of: node.id), value: .record(fields), at: place)
        ], location: place))
    builder.connect(failures[index], to: step)
    failures[index] = []
    successes[index].append(LooseEnd(step))
  }

  // MARK: Routing

  private mutating func decide(_ index: Int, _ node: DifyNode, _ step: Int) {
    let cases = DifyConditions(names: names, step: step).cases(of: node.data)
    var ways: [String: [Edge.Guard]] = [:]
    var before: [Edge.Guard] = []
    for (number, item) in cases.enumerated() {
      // The first case that holds wins.
      ways[item.handle] = before + [.init(number, true)]
      before.append(.init(number, false))
    }
    ways["false"] = before
    let decisions = cases.map { Step.Decision($0.condition, at: location($0.place)) }
    builder.update(step) { step in
      step.kind = .branch
      step.decisions = decisions
    }
    routes[index] = ways
  }

  /// A model sorts the text into a class.
  private mutating func classify(_ index: Int, _ node: DifyNode, _ step: Int) {
    let selector = node.data["query_variable_selector"]
    let query = names.value(ofSelector: selector, step: step)
    let place = location(selector ?? node.place)
    let classes = node.data["classes"]?.items ?? []
    var ways: [String: [Edge.Guard]] = [:]
    var decisions: [Step.Decision] = []
    for (number, item) in classes.prefix(64).enumerated() {
      decisions.append(Step.Decision(.unknown(query.references), at: place))
      ways[item["id"]?.text ?? String(number)] = [.init(number, true)]
    }
    builder.update(step) { step in
      step.kind = .branch
      step.decisions = decisions
    }
    routes[index] = ways
  }

  // MARK: Links

  private mutating func connect(entry: Int) {
    var children: [String: [Int]] = [:]
    for (index, node) in app.nodes.enumerated() {
      if let parent = node.parent, app.index[parent] != nil {
        children[parent, default: []].append(index)
      }
    }
    let hasStart = app.nodes.contains(where: Self.starts)
    for (index, node) in app.nodes.enumerated() {
      // A graph without a start begins wherever nothing leads.
      let isFirst = !hasStart && node.parent == nil && incoming[index].isEmpty
      guard isFirst || Self.starts(node) else { continue }
      if let head = heads[index] { builder.connect(entry, to: head) }
    }
    for (index, node) in app.nodes.enumerated() {
      var seen: Set<[String]> = []
      for link in outgoing[index] where seen.insert([link.handle, String(link.to)]).inserted {
        guard let head = heads[link.to] else { continue }
        builder.connect(ends(of: index, node, handle: link.handle), to: head)
      }
    }
    for (index, node) in app.nodes.enumerated()
    where node.kind == "iteration" || node.kind == "loop" {
      connectBody(index, node, children[node.id] ?? [])
    }
    join()
  }

  /// Nodes that wait for all of their parallel predecessors.
  private mutating func join() {
    var exits: [String: Int] = [:]
    let ways = incoming.map { links in
      links.map { link in
        let exit = exits[link.handle] ?? exits.count
        exits[link.handle] = exit
        // The plain exits of a node are taken together.
        return ParallelJoins.Way(
          from: link.from, exit: ["source", "success-branch"].contains(link.handle) ? -1 : exit)
      }
    }
    let joins = ParallelJoins(incoming: ways)
    for index in app.nodes.indices where ways[index].count > 1 {
      guard let head = heads[index] else { continue }
      if joins.waits(at: index, for: ways[index].map { [$0] }) {
        builder.update(head) { $0.joinsAll = true }
      }
    }
  }

  private static func starts(_ node: DifyNode) -> Bool {
    node.kind == "start" || node.kind.hasPrefix("trigger-")
  }

  /// Where control leaves a node through one of its handles.
  func ends(of index: Int, _ node: DifyNode, handle: String) -> [LooseEnd] {
    if handle == Self.failureHandle { return failures[index] }
    guard let ways = routes[index], let step = heads[index] else { return successes[index] }
    guard let guards = ways[handle] else { return [] }
    return [LooseEnd(step, guards: guards)]
  }
}
