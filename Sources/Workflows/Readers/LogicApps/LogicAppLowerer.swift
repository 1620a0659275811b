import Expressions
import SourceText

/// Lowers a workflow definition into the graph.
///
/// Actions run as soon as `runAfter` allows: it names what must have ended before, and how. What an action does not
/// wait for runs beside it.
struct LogicAppLowerer: DefinitionLowering {
  let definition: LogicAppsReader.Definition
  let context: ReadingContext
  var graph: GraphBuilder
  var problems: [SourceProblem] = []
  var gaps: [Workflow.Gap] = []
  var returns: [Workflow.Return] = []
  /// Where the workflow answers whoever started it.
  var answers: [LooseEnd] = []
  /// The workflow's parameters that are known before it runs.
  var constants: [String: Value] = [:]
  /// What holds the outputs of the definition's actions.
  var named: Set<Variable> = []

  /// How an action can end.
  enum Status: String {
    case succeeded, failed, timedOut = "timedout", skipped

    init?(_ node: Node) {
      guard let text = node.text else { return nil }
      self.init(rawValue: text.lowercased())
    }
  }

  /// An action that has been lowered.
  struct Lowered {
    var head: Int
    var succeeded: [LooseEnd]
    var failed: [LooseEnd] = []
    var timedOut: [LooseEnd] = []
  }

  /// What the actions of one level have in common.
  struct Scope {
    var route: String
    /// The loops round them, by folded name, with the element each looks at.
    var items: [String: Value] = [:]
    /// What `item()` is.
    var item: Value?
    var depth = 0
  }

  /// An action where it stands.
  struct Place {
    var name: String
    var route: String
    var body: Node
    var location: SourceLocation
    var scope: Scope

    var inputs: Node? { body["inputs"] }
  }

  var path: String { context.file.path }

  static func lower(
    _ definition: LogicAppsReader.Definition, in context: ReadingContext
  ) -> WorkflowReading {
    var lowerer = LogicAppLowerer(definition: definition, in: context)
    return lowerer.lower()
  }

  private init(definition: LogicAppsReader.Definition, in context: ReadingContext) {
    self.definition = definition
    self.context = context
    graph = GraphBuilder(in: context)
  }

  private mutating func lower() -> WorkflowReading {
    let root = definition.node
    let actions = root["actions"] ?? root
    for entry in root["parameters"]?.entries ?? [] {
      guard let name = entry.key.text else { continue }
      let set = definition.parameters?[name]?["value"] ?? entry.value["defaultValue"]
      if let text = set?.text { constants[name] = .literal(text) }
    }
    let triggers = root["triggers"]?.entries ?? []
    let trigger = triggers.first
    let start = graph.add(
      Step(
        name: trigger?.key.text ?? "start", route: "triggers", kind: .control,
        location: location(trigger?.key ?? actions)))
    _ = lowerActions(actions, in: Scope(route: "actions"), from: [LooseEnd(start)])
    removeSkips()
    LoopExits.mark(&graph)
    SettledTexts.resolve(in: &graph)
    var workflow = Workflow(
      engine: LogicAppsReader.engine, name: definition.name.isEmpty ? path : definition.name,
      path: path, steps: graph.steps, edges: graph.edges, entry: 0, returns: returns,
      triggers: triggers.compactMap { entry in
        entry.value["type"].map { .init(name: $0.text ?? "", location: location($0)) }
      }, gaps: gaps)
    // Whoever runs the workflow goes on as soon as it answers.
    workflow.ends = answers.map { Workflow.End($0) }
    workflow.danglingReferences = MissingSteps.find(in: graph.steps, known: named) { variable in
      guard variable.name.hasPrefix("outputs:") else { return nil }
      return String(variable.name.dropFirst("outputs:".count))
    }
    return WorkflowReading(workflows: [workflow], problems: problems)
  }

  /// Where nothing waits for it, that an action is skipped is nothing to tell.
  private mutating func removeSkips() {
    let places = graph.removeEnds { [Self.skipPart, Self.skipPart + 1].contains($0.part) }
    for index in returns.indices { returns[index].step = places[returns[index].step] }
    for index in answers.indices { answers[index].step = places[answers[index].step] }
  }

  /// The part of an action that stands for its being skipped after a failure; one more: for another reason.
  private static let skipPart = 22

  /// Expressions name actions with `_` for a space, and in any case.
  static func folded(_ name: String) -> String {
    String(decoding: name.utf8.map { $0 == 0x20 ? UInt8(ascii: "_") : $0 }, as: UTF8.self)
      .lowercased()
  }

  // MARK: Order

  /// What an action waits for.
  private struct Wait {
    var name: String
    var statuses: Set<Status>
  }

  /// Lowers a map of actions; gives back how the whole of it can end.
  mutating func lowerActions(_ actions: Node, in scope: Scope, from entry: [LooseEnd]) -> Lowered {
    let head = entry.first?.step ?? 0
    guard scope.depth < Limits.nesting else {
      note("the actions nest too deep", at: actions.range)
      return Lowered(head: head, succeeded: entry)
    }
    var level = Level()
    for action in actions.entries {
      guard let name = action.key.text else { continue }
      let folded = Self.folded(name)
      guard level.lowered[folded] == nil else { continue }
      let place = Place(
        name: name, route: "\(scope.route).\(name)", body: action.value,
        location: location(action.key), scope: scope)
      level.order.append(folded)
      named.insert(Self.outputs(of: name))
      level.lowered[folded] = lowerAction(place)
      level.places[folded] = place
    }
    guard !level.order.isEmpty else { return Lowered(head: head, succeeded: entry) }
    for name in level.order { waits(of: name, in: &level) }
    for name in level.order { connect(name, in: &level, from: entry) }
    // Nothing runs after the outermost actions.
    guard scope.depth > 0 else { return Lowered(head: head, succeeded: []) }
    return ends(of: &level, head: head)
  }

  /// The actions of one map while they are connected.
  private struct Level {
    var order: [String] = []
    var lowered: [String: Lowered] = [:]
    var places: [String: Place] = [:]
    var waits: [String: [Wait]] = [:]
    /// Actions that something waits for.
    var awaited: Set<String> = []
    /// Where an action is skipped because something before it failed, or for another reason.
    var skippedAfterFailure: [String: Int] = [:]
    var skippedOtherwise: [String: Int] = [:]
    /// Skipped actions that are being looked at: `runAfter` may be circular.
    var open: Set<String> = []
  }

  private mutating func waits(of name: String, in level: inout Level) {
    guard let place = level.places[name] else { return }
    for entry in place.body["runAfter"]?.entries ?? [] {
      guard let written = entry.key.text else { continue }
      let before = Self.folded(written)
      guard level.lowered[before] != nil else {
        let nearest = NearestName.of(written, among: level.places.values.map(\.name).sorted())
        report(
          "there is no action `\(written)` beside `\(place.name)`",
          hint: nearest.map { "did you mean `\($0)`?" } ?? "", at: entry.key.range)
        continue
      }
      let statuses = Set(entry.value.items.compactMap { Status($0) })
      level.waits[name, default: []].append(
        Wait(name: before, statuses: statuses.isEmpty ? [.succeeded] : statuses))
      level.awaited.insert(before)
    }
  }

  private mutating func connect(_ name: String, in level: inout Level, from entry: [LooseEnd]) {
    guard let head = level.lowered[name]?.head, let place = level.places[name] else { return }
    let waits = level.waits[name] ?? []
    if waits.isEmpty {
      graph.connect(entry, to: head)
      return
    }
    guard waits.count > 1 else {
      graph.connect(ends(of: waits[0], in: &level), to: head)
      return
    }
    // All of them: each counts once, however it ended.
    let join = graph.add(
      Step(
        name: place.name, route: place.route, part: 20, kind: .control, joinsAll: true,
        location: place.location))
    for wait in waits { gather(ends(of: wait, in: &level), to: join, place) }
    graph.connect(join, to: head)
  }

  /// Connects several ways as one.
  private mutating func gather(_ ends: [LooseEnd], to join: Int, _ place: Place) {
    guard ends.count != 1 else {
      graph.connect(ends, to: join)
      return
    }
    let step = graph.add(
      Step(
        name: place.name, route: place.route, part: 21, kind: .control, location: place.location))
    graph.connect(ends, to: step)
    graph.connect(step, to: join)
  }

  /// The ways on which an action has ended as another waits for.
  private mutating func ends(of wait: Wait, in level: inout Level) -> [LooseEnd] {
    guard let before = level.lowered[wait.name] else { return [] }
    var ends: [LooseEnd] = []
    if wait.statuses.contains(.succeeded) { ends += before.succeeded }
    if wait.statuses.contains(.failed) { ends += before.failed }
    if wait.statuses.contains(.timedOut) {
      // Where nothing bounds an action's time, running out of it is one more failure.
      ends += before.timedOut.filter { end in
        !ends.contains { $0.step == end.step && $0.outcome == end.outcome }
      }
    }
    if wait.statuses.contains(.skipped) {
      ends += skipped(wait.name, afterFailure: true, in: &level)
      ends += skipped(wait.name, afterFailure: false, in: &level)
    }
    return ends
  }

  /// The ways on which an action does not run: something before it ended in a way that it does not wait for.
  private mutating func skipped(
    _ name: String, afterFailure: Bool, in level: inout Level
  ) -> [LooseEnd] {
    if let step = afterFailure ? level.skippedAfterFailure[name] : level.skippedOtherwise[name] {
      return [LooseEnd(step)]
    }
    let mark = "\(name) \(afterFailure)"
    guard let place = level.places[name], level.open.insert(mark).inserted,
      level.open.count < 512
    else { return [] }
    defer { level.open.remove(mark) }
    var ends: [LooseEnd] = []
    for wait in level.waits[name] ?? [] {
      guard let before = level.lowered[wait.name] else { continue }
      if afterFailure {
        if !wait.statuses.contains(.failed) { ends += before.failed }
        if !wait.statuses.contains(.timedOut) {
          ends += before.timedOut.filter { $0.outcome == .timeout }
        }
      } else if !wait.statuses.contains(.succeeded) {
        ends += before.succeeded
      }
      if !wait.statuses.contains(.skipped) {
        ends += skipped(wait.name, afterFailure: afterFailure, in: &level)
      }
    }
    guard ends.count > 1 else { return ends }
    let step = graph.add(
      Step(
        name: place.name, route: place.route,
        part: afterFailure ? Self.skipPart : Self.skipPart + 1, kind: .control,
        location: place.location))
    graph.connect(ends, to: step)
    if afterFailure {
      level.skippedAfterFailure[name] = step
    } else {
      level.skippedOtherwise[name] = step
    }
    return [LooseEnd(step)]
  }

  /// How a level ends: well where each last action ended well, or was rightly skipped.
  private mutating func ends(of level: inout Level, head: Int) -> Lowered {
    let last = level.order.filter { !level.awaited.contains($0) }
    var whole = Lowered(head: head, succeeded: [])
    var ways: [[LooseEnd]] = []
    for name in last {
      guard let action = level.lowered[name] else { continue }
      ways.append(action.succeeded + skipped(name, afterFailure: false, in: &level))
      whole.failed += action.failed + skipped(name, afterFailure: true, in: &level)
      whole.timedOut += action.timedOut
    }
    if ways.count == 1 {
      whole.succeeded = ways[0]
    } else if !ways.contains(where: \.isEmpty), let first = last.first,
      let place = level.places[first]
    {
      let join = graph.add(
        Step(
          name: place.name, route: place.scope.route, part: 24, kind: .control, joinsAll: true,
          location: place.location))
      for ends in ways { gather(ends, to: join, place) }
      whole.succeeded = [LooseEnd(join)]
    }
    return whole
  }

  // MARK: Data

  /// The variable that holds what the workflow was started with.
  static let trigger = Variable("trigger")

  /// The variable that holds what an action gave.
  static func outputs(of name: String) -> Variable { Variable("outputs:\(folded(name))") }

  func text(_ scope: Scope) -> LogicAppText {
    let constants = constants
    return LogicAppText(
      path: path, isAsked: graph.isWhole,
      resolve: { name, arguments, place in
        let first = arguments.first ?? ""
        func read(_ variable: Variable, _ path: [PathComponent] = []) -> Value {
          .reference(Reference(variable, path: path, at: place))
        }
        switch name {
        case "outputs" where !first.isEmpty, "actionoutputs": return read(Self.outputs(of: first))
        case "body" where !first.isEmpty, "actionbody":
          return read(Self.outputs(of: first), [.field("body")])
        case "actions":
          return .record([.init("outputs", read(Self.outputs(of: first)))])
        case "result": return read(Self.outputs(of: first))
        case "triggerbody": return read(Self.trigger, [.field("body")])
        case "triggeroutputs": return read(Self.trigger)
        case "trigger": return .record([.init("outputs", read(Self.trigger))])
        case "variables": return read(Variable("variable:\(first)"))
        case "parameters": return constants[first] ?? read(Variable("parameter:\(first)"))
        case "items": return scope.items[Self.folded(first)]
        case "item" where arguments.isEmpty: return scope.item ?? .unknown([])
        default: return nil
        }
      }, template: definition.template)
  }

  // MARK: Building

  mutating func add(
    _ place: Place, part: Int = 0, kind: Step.Kind, call: Call? = nil,
    assignments: [Step.Assignment] = []
  ) -> Int {
    graph.add(
      Step(
        name: place.name, route: place.route, part: part, kind: kind, call: call,
        assignments: assignments, location: place.location))
  }
}
