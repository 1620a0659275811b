import Expressions
import SourceText

/// Lowers one process: steps for its nodes, edges for its flows, sub-processes in place.
struct BPMNLowering {
  let process: XMLElement
  let definitions: BPMNDefinitions
  let context: ReadingContext
  var builder: GraphBuilder
  var gaps: [Workflow.Gap] = []
  var dangling: [Workflow.DanglingReference] = []
  var triggers: [Workflow.Trigger] = []
  var text: BPMNText
  let processID: String
  /// Names that something in the process writes: a script may use them.
  let workers: BPMNWorkers
  var freeVariables = BPMNFreeVariables()
  /// Names that whoever runs the process gives it.
  var given: Set<String> = []
  /// Where the process ends as a whole, whatever else is still on its way.
  var terminated: [LooseEnd] = []
  private var depth = 0

  /// How a lowered scope is entered and left.
  struct Region {
    var entries: [Int] = []
    var ends: [LooseEnd] = []
    /// Where control is after an error that nothing inside has caught.
    var failures: [LooseEnd] = []
    /// Where the transaction is called off.
    var cancels: [LooseEnd] = []
    /// Steps that take time: a timer around them may end them.
    var waits: [Int] = []
  }

  /// A node of the scope as it stands in the graph.
  struct Placed {
    var head: Int
    var ends: [LooseEnd]
    var failures: [LooseEnd] = []
    var cancels: [LooseEnd] = []
    var waits: [Int] = []
  }

  var path: String { context.file.path }

  init(_ process: XMLElement, in definitions: BPMNDefinitions, _ context: ReadingContext) {
    self.process = process
    self.definitions = definitions
    self.context = context
    builder = GraphBuilder(in: context)
    processID = process.attribute("id")?.text ?? "process"
    text = BPMNText(path: context.file.path)
    workers = BPMNWorkers(process)
  }

  func location(_ range: ByteRange) -> SourceLocation { SourceLocation(path: path, range: range) }

  mutating func lower(_ scope: BPMNScope) -> Workflow {
    let title = process.attribute("name")?.text ?? ""
    let place =
      process.attribute("name")?.range ?? process.attribute("id")?.range ?? process.place
    let name = title.isEmpty ? processID : title
    let entry = builder.add(
      Step(
        name: name, route: "process." + processID, kind: .control, location: location(place)))
    let region = lower(scope, around: entry)
    for start in region.entries { builder.connect(entry, to: start) }
    freeVariables.settle(&builder, entry: entry, except: given)
    var workflow = Workflow(
      engine: BPMNReader.engine, name: name, path: path, steps: builder.steps,
      edges: builder.edges, entry: entry, triggers: triggers, danglingReferences: dangling,
      gaps: gaps)
    workflow.ends = (region.ends + terminated).map { Workflow.End($0) }
    return workflow
  }

  // MARK: A scope

  /// Lowers the nodes of a scope; `around` is the step before it.
  mutating func lower(_ scope: BPMNScope, around: Int) -> Region {
    var region = Region()
    guard depth < 16 else {
      gaps.append(
        .init(message: "the sub-processes are nested too deep", location: location(process.place)))
      return region
    }
    depth += 1
    defer { depth -= 1 }
    var placed: [String: Placed] = [:]
    for node in scope.nodes {
      if node.kind == "boundaryEvent" || isEventSubProcess(node) { continue }
      placed[node.id] = place(node, in: scope)
    }
    for node in scope.nodes where node.kind == "boundaryEvent" {
      placed[node.id] = placeBoundary(node, in: scope, &placed)
    }
    for node in scope.nodes {
      guard let item = placed[node.id] else { continue }
      region.failures += item.failures
      if node.kind == "endEvent" { region.cancels += item.cancels }
      region.waits += item.waits
    }
    for node in scope.nodes where isEventSubProcess(node) {
      placeEventSubProcess(node, around: around, &region)
    }
    for node in scope.nodes {
      guard let item = placed[node.id] else { continue }
      connect(node, item, in: scope, placed, &region)
    }
    for lost in scope.lostEnds {
      dangling.append(
        .init(
          step: around, text: lost.text, missing: .step, location: location(lost.place.range)))
    }
    // A scope begins at its start events, else wherever nothing leads.
    let starts = scope.nodes.filter { $0.kind == "startEvent" }
    let first =
      starts.isEmpty
      ? scope.nodes.filter {
        scope.incoming[$0.id] == nil && $0.kind != "boundaryEvent" && !isEventSubProcess($0)
      } : starts
    region.entries = first.compactMap { placed[$0.id]?.head }
    if region.entries.isEmpty, let node = scope.nodes.first, let item = placed[node.id] {
      region.entries = [item.head]
    }
    return region
  }

  func isEventSubProcess(_ node: BPMNNode) -> Bool {
    node.element.attribute("triggeredByEvent")?.text == "true"
  }

  /// Adds a step of a node.
  mutating func add(
    _ node: BPMNNode, _ kind: Step.Kind, part: String = "", call: Call? = nil,
    decisions: [Step.Decision] = []
  ) -> Int {
    var step = Step(
      name: node.title,
      route: "process.\(processID).\(node.id)" + (part.isEmpty ? "" : "." + part), kind: kind,
      call: call, decisions: decisions, location: location(node.place))
    step.identifier = node.id
    return builder.add(step)
  }

  // MARK: Flows

  private mutating func connect(
    _ node: BPMNNode, _ item: Placed, in scope: BPMNScope, _ placed: [String: Placed],
    _ region: inout Region
  ) {
    let flows = scope.outgoing[node.id] ?? []
    if flows.isEmpty {
      region.ends += item.ends
      return
    }
    let defaultFlow = node.element.attribute("default")?.text
    let isExclusive = node.kind == "exclusiveGateway" || node.kind == "complexGateway"
    let takesConditions = node.kind != "parallelGateway" && node.kind != "eventBasedGateway"
    let conditioned =
      takesConditions ? flows.filter { $0.condition != nil && $0.id != defaultFlow } : []
    guard !conditioned.isEmpty else {
      for flow in flows {
        guard let target = placed[flow.to] else { continue }
        for end in item.ends {
          builder.connect(
            end.step, to: target.head, on: outcome(end, of: node, to: flow.to, in: scope),
            when: end.guards)
        }
      }
      return
    }
    // Conditions are asked on a step of their own where the node does something first.
    var branch = item.head
    let isGateway = node.kind.hasSuffix("Gateway")
    if !isGateway || item.ends.count != 1 || item.ends[0].step != item.head {
      branch = add(node, .branch, part: "flows")
      builder.connect(item.ends, to: branch)
    }
    builder.update(branch) { $0.kind = .branch }
    var guards: [String: Edge.Guard] = [:]
    for flow in conditioned {
      guard let condition = flow.condition else { continue }
      let number = decide(condition, at: branch)
      guards[flow.id] = .init(number, true)
    }
    var failed: [Edge.Guard] = []
    for flow in flows {
      guard let target = placed[flow.to] else { continue }
      if let holds = guards[flow.id], flow.id != defaultFlow {
        builder.connect(branch, to: target.head, when: (isExclusive ? failed : []) + [holds])
        failed.append(.init(holds.decision, false))
      } else if flow.id == defaultFlow || isExclusive {
        // Taken where no other is.
        builder.connect(
          branch, to: target.head,
          when: conditioned.compactMap { guards[$0.id] }.map { .init($0.decision, false) })
      } else {
        builder.connect(branch, to: target.head)
      }
    }
  }

  private mutating func decide(_ condition: XMLElement, at step: Int) -> Int {
    let language = condition.attribute("language")?.text ?? ""
    let node = condition.text ?? condition.node
    let decided: Condition =
      condition.text == nil ? .unknown([]) : text.condition(node, language: language)
    return builder.decide(Step.Decision(decided, at: location(node.range)), at: step)
  }

  /// From an event-based gateway to a timer: what was waited for did not come.
  private func outcome(
    _ end: LooseEnd, of node: BPMNNode, to target: String, in scope: BPMNScope
  ) -> Edge.Outcome {
    guard node.kind == "eventBasedGateway",
      let next = scope.nodes.first(where: { $0.id == target }), next.event?.kind == "timer"
    else { return end.outcome }
    return .timeout
  }
}
