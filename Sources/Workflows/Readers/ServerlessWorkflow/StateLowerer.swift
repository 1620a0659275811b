import Expressions
import SourceText

/// Lowers the states of a specification 0.8 workflow into the graph.
///
/// The state data is one JSON document. An action's result is merged into it, or written where its filter says; a
/// state's own filter reshapes it on the way in and out.
struct StateLowerer: DefinitionLowering {
  let root: Node
  let context: ReadingContext
  var graph: GraphBuilder
  var problems: [SourceProblem] = []
  var gaps: [Workflow.Gap] = []
  var returns: [Workflow.Return] = []
  /// Where the workflow ends well.
  var finished: [LooseEnd] = []
  var functions: [String: Node] = [:]
  var events: [String: Node] = [:]
  var errors: [String: String] = [:]
  var retries: [String: Node] = [:]
  private var links: [(end: LooseEnd, target: Node)] = []

  enum Kind: String, CaseIterable {
    case operation, event, `switch`, sleep, delay, parallel, inject, foreach, callback, subflow
  }

  static let data = Variable("$")

  /// A state where it stands.
  struct Place {
    var name: String
    var route: String
    var body: Node
    var location: SourceLocation
    /// The document that the state works on.
    var data: Variable
    /// Loop variables.
    var locals: [String: Variable] = [:]
    var catchers: [Catcher] = []
    var isTimed = false
  }

  struct Catcher {
    var step: Int
    var takesFailures: Bool
    var takesTimeouts: Bool
    var isFiltered: Bool
  }

  var path: String { context.file.path }

  static func lower(_ root: Node, in context: ReadingContext) -> WorkflowReading {
    var lowerer = StateLowerer(root: root, context: context, graph: GraphBuilder(in: context))
    return lowerer.lower()
  }

  private mutating func lower() -> WorkflowReading {
    functions = definitions("functions", by: "name")
    events = definitions("events", by: "name")
    retries = definitions("retries", by: "name")
    errors = definitions("errors", by: "name").compactMapValues { $0["code"]?.text }
    let name = root["name"]?.text ?? root["id"]?.text ?? root["key"]?.text ?? path
    var entries: [String: Int] = [:]
    var first: Int?
    for state in root["states"]?.items ?? [] {
      guard let nameNode = state["name"], let stateName = nameNode.text else {
        report("a state has no `name`", at: state.range)
        continue
      }
      let place = Place(
        name: stateName, route: "states.\(stateName)", body: state, location: location(nameNode),
        data: Self.data, isTimed: state["timeouts"] != nil)
      let head = lowerState(place)
      if entries[stateName] == nil { entries[stateName] = head }
      if first == nil { first = head }
    }
    for link in links {
      guard let target = link.target.text else { continue }
      if let step = entries[target] {
        graph.connect([link.end], to: step)
      } else {
        let nearest = NearestName.of(target, among: entries.keys.sorted())
        report(
          "there is no state `\(target)` here",
          hint: nearest.map { "did you mean `\($0)`?" } ?? "", at: link.target.range)
      }
    }
    let start = root["start"]
    let startName = start?.text ?? start?["stateName"]?.text
    guard let entry = startName.flatMap({ entries[$0] }) ?? first else {
      return WorkflowReading(problems: problems)
    }
    if let startName, entries[startName] == nil, let start {
      let nearest = NearestName.of(startName, among: entries.keys.sorted())
      report(
        "there is no state `\(startName)` here",
        hint: nearest.map { "did you mean `\($0)`?" } ?? "", at: start.range)
    }
    LoopExits.mark(&graph)
    SettledTexts.resolve(in: &graph)
    let triggers = start?["schedule"].map {
      [Workflow.Trigger(name: "schedule", location: location($0))]
    }
    var workflow = Workflow(
      engine: ServerlessWorkflowReader.engine, name: name, path: path, steps: graph.steps,
      edges: graph.edges, entry: entry, returns: returns, triggers: triggers ?? [], gaps: gaps)
    workflow.ends = finished.map { end in
      let place = graph.steps[end.step].location
      return Workflow.End(end, result: .reference(Reference(Self.data, at: place)))
    }
    return WorkflowReading(workflows: [workflow], problems: problems)
  }

  /// Named definitions: a list, or the path of a file that holds it.
  private mutating func definitions(_ key: String, by name: String) -> [String: Node] {
    guard var node = root[key] else { return [:] }
    if let place = node.text, !node.isNull {
      guard let file = context.neighbour(of: place)?.tree.documents.first else {
        note("the \(key) stand in `\(place)`, which is not here", at: node.range)
        return [:]
      }
      node = file[key] ?? file
    }
    var found: [String: Node] = [:]
    for item in node.items {
      if let text = item[name]?.text { found[text] = item }
    }
    return found
  }

  // MARK: States

  /// Lowers a state and gives back the step that it begins with.
  private mutating func lowerState(_ place: Place) -> Int {
    var place = place
    let word = place.body["type"]?.text ?? ""
    let kind = Kind(rawValue: word)
    if kind == nil, let type = place.body["type"] {
      let nearest = NearestName.of(word, among: Kind.allCases.map(\.rawValue))
      report(
        "there is no state type `\(word)`", hint: nearest.map { "did you mean `\($0)`?" } ?? "",
        at: type.range)
    }
    place.catchers = catchers(of: place)
    var head: Int?
    var ends: [LooseEnd] = []
    if let filter = place.body["stateDataFilter"]?["input"] {
      let step = add(place, part: 0, kind: .control)
      write(expressions(place).expression(filter), to: place.data, at: location(filter), step)
      head = step
      ends = [LooseEnd(step)]
    }
    let lowered = lowerWork(kind, place, from: ends)
    if head == nil { head = lowered.head }
    leave(place, lowered.ends, made: lowered.made)
    return head ?? lowered.head
  }

  struct Lowered {
    var head: Int
    var ends: [LooseEnd]
    /// What holds the results that the state has put into its document.
    var made: [Variable] = []
  }

  private mutating func lowerWork(_ kind: Kind?, _ place: Place, from: [LooseEnd]) -> Lowered {
    switch kind {
    case .operation, .subflow:
      return lowerActions(place, from: from)
    case .event: return lowerEvent(place, from: from)
    case .switch: return lowerSwitch(place, from: from)
    case .sleep, .delay:
      let step = add(place, part: 1, kind: .delay)
      graph.connect(from, to: step)
      return Lowered(head: step, ends: [LooseEnd(step)])
    case .parallel: return lowerParallel(place, from: from)
    case .inject:
      let step = add(place, part: 1, kind: .action)
      graph.connect(from, to: step)
      if let data = place.body["data"] {
        let value = expressions(place).tree.value(data)
        let place = (variable: place.data, location: location(data))
        write(
          merged(value, into: place.variable, at: place.location), to: place.variable,
          at: place.location, step)
      }
      return Lowered(head: step, ends: [LooseEnd(step)])
    case .foreach: return lowerForeach(place, from: from)
    case .callback: return lowerCallback(place, from: from)
    case nil:
      note("the state `\(place.name)` could not be read", at: place.location.range)
      let step = add(place, part: 1, kind: .control)
      graph.connect(from, to: step)
      return Lowered(head: step, ends: [LooseEnd(step)])
    }
  }

  /// Goes on to where the state's transition says, past what its filter and its events do.
  mutating func leave(_ place: Place, _ ends: [LooseEnd], made: [Variable]) {
    var ends = ends
    var made = made
    if let filter = place.body["stateDataFilter"]?["output"], !ends.isEmpty {
      let step = add(place, part: 90, kind: .control)
      write(expressions(place).expression(filter), to: place.data, at: location(filter), step)
      graph.connect(ends, to: step)
      ends = [LooseEnd(step)]
      made = [place.data]
    }
    if let transition = place.body["transition"] {
      follow(transition, place, ends)
    } else if let end = place.body["end"], end.text != "false" {
      finish(end, place, ends, made: made)
    } else if place.body["type"]?.text != Kind.switch.rawValue {
      // A state without either is the last one.
      finish(place.body, place, ends, made: made)
    }
  }

  /// Goes on to the state that a transition names, after the events that it produces.
  mutating func follow(_ transition: Node, _ place: Place, _ ends: [LooseEnd]) {
    let target = transition["nextState"] ?? transition
    let ends = produce(transition["produceEvents"], place, ends)
    guard target.text != nil else {
      report("the transition names no state", at: transition.range)
      return
    }
    for end in ends { links.append((end, target)) }
  }

  /// Ends the workflow: it gives what its last state has made, and not all that the document still holds.
  mutating func finish(
    _ end: Node, _ place: Place, _ ends: [LooseEnd], made: [Variable] = []
  ) {
    let ends = produce(end["produceEvents"], place, ends)
    if let next = end["continueAs"] {
      var after = place
      after.route += ".continueAs"
      let run = lowerWorkflow(next, after, input: nil, from: ends)
      if let taken = run.taken {
        let whole = add(after, part: 95, kind: .control)
        write(taken, to: place.data, at: location(next), whole)
        graph.connect(run.ends, to: whole)
        finished.append(LooseEnd(whole))
      }
      return
    }
    finished += ends
    for end in ends {
      returns += made.map { variable in
        .init(
          step: end.step, value: .reference(Reference(variable, at: place.location)), name: "",
          location: place.location)
      }
    }
  }

  private mutating func produce(
    _ produced: Node?, _ place: Place, _ ends: [LooseEnd]
  ) -> [LooseEnd] {
    guard let produced, !ends.isEmpty else { return ends }
    var ends = ends
    for (index, item) in produced.items.enumerated() {
      let reference = item["eventRef"]?.text ?? ""
      let expressions = expressions(place)
      var arguments: [Call.Argument] = []
      if let data = item["data"] {
        let value = data.text == nil ? expressions.tree.value(data) : expressions.expression(data)
        arguments = ParameterTree.leaves("data", value, at: location(data))
      }
      let step = add(
        place, part: 80 + index, kind: .action,
        call: Call(
          kind: "event", name: "emit " + (events[reference]?["type"]?.text ?? reference),
          arguments: arguments, location: location(item["eventRef"] ?? item)))
      graph.connect(ends, to: step)
      ends = [LooseEnd(step)]
    }
    return ends
  }

  // MARK: Data

  func expressions(_ place: Place) -> RuntimeExpression {
    expressions(place, input: nil)
  }

  func expressions(_ place: Place, input: Value?) -> RuntimeExpression {
    let data = place.data
    let locals = place.locals
    return RuntimeExpression(
      path: path,
      input: { location in
        let document = Value.reference(Reference(data, at: location))
        // What a loop is looking at stands in the state data, too.
        let fields = locals.sorted { $0.key < $1.key }.map { name, variable in
          Value.Field(name, .reference(Reference(variable, at: location)))
        }
        if let input { return input }
        return fields.isEmpty
          ? document : .converted(Value.merging, .list([document, .record(fields)]))
      },
      variables: { location in
        var variables = locals.mapValues { Value.reference(Reference($0, at: location)) }
        for name in ["SECRET", "CONST", "WORKFLOW"] {
          variables[name] = .reference(Reference(Variable("$" + name), at: location))
        }
        if let constants = root["constants"], constants.text == nil {
          variables["CONST"] = ParameterTree(path: path, scalar: { .literal($0.text ?? "") })
            .value(constants)
        }
        return variables
      })
  }

  func merged(_ value: Value, into data: Variable, at location: SourceLocation) -> Value {
    .converted(Value.merging, .list([.reference(Reference(data, at: location)), value]))
  }

  mutating func write(
    _ value: Value, to variable: Variable, path: [PathComponent] = [], at location: SourceLocation,
    _ step: Int
  ) {
    graph.update(step) {
      $0.assignments.append(.init(variable, path: path, value: value, at: location))
    }
  }

  mutating func add(
    _ place: Place, part: Int, kind: Step.Kind, call: Call? = nil, joinsAll: Bool = false
  ) -> Int {
    graph.add(
      Step(
        name: place.name, route: place.route, part: part, kind: kind, joinsAll: joinsAll,
        call: call, location: place.location))
  }

  // MARK: Errors

  /// One step for each handler of the state's errors.
  private mutating func catchers(of place: Place) -> [Catcher] {
    var catchers: [Catcher] = []
    for (index, handler) in (place.body["onErrors"]?.items ?? []).enumerated() {
      var caught = place
      caught.route += ".onErrors[\(index)]"
      caught.location = location(handler)
      let names =
        [handler["errorRef"]?.text].compactMap { $0 }
        + (handler["errorRefs"]?.items.compactMap(\.text) ?? [])
      let codes = names.map { ($0 + " " + (errors[$0] ?? "")).lowercased() }
      let isTimeout =
        !codes.isEmpty && codes.allSatisfy { $0.holds("timeout") || $0.holds("timedout") }
      let step = add(caught, part: 0, kind: .control)
      catchers.append(
        Catcher(
          step: step, takesFailures: !isTimeout, takesTimeouts: isTimeout || names.isEmpty,
          isFiltered: !names.isEmpty))
      if let transition = handler["transition"] {
        follow(transition, caught, [LooseEnd(step)])
      } else if let end = handler["end"] {
        finish(end, caught, [LooseEnd(step)])
      }
    }
    return catchers
  }

  mutating func fail(_ step: Int, _ place: Place) {
    for catcher in place.catchers {
      if catcher.takesFailures { graph.connect(step, to: catcher.step, on: .failure) }
      if catcher.takesTimeouts, place.isTimed || !catcher.takesFailures {
        graph.connect(step, to: catcher.step, on: .timeout)
      }
      if !catcher.isFiltered { return }
    }
  }
}
