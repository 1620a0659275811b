import Expressions
import SourceText

/// Lowers a state machine into the graph: states, what they call, and the path of the state document.
struct StateMachineLowerer {
  let source: StateMachineSource
  var graph = GraphBuilder()
  var problems: [SourceProblem] = []
  var returns: [Workflow.Return] = []
  var gaps: [Workflow.Gap] = []

  static func lower(_ source: StateMachineSource) -> WorkflowReading {
    var lowerer = StateMachineLowerer(source: source)
    var scope = StateMachineScope(
      language: QueryLanguage(source.root["QueryLanguage"]) ?? .jsonPath)
    scope.declareVariables(of: source.root)
    let machine = lowerer.lower(source.root, in: scope, depth: 0)
    guard let entry = machine.entry else {
      return WorkflowReading(problems: lowerer.problems)
    }
    var workflow = Workflow(
      engine: StepFunctionsReader.engine, name: source.name, path: source.path,
      steps: lowerer.graph.steps, edges: lowerer.graph.edges, entry: entry,
      returns: lowerer.returns, triggers: source.triggers, gaps: lowerer.gaps)
    workflow.ends = machine.ends.map { end in
      let place = lowerer.graph.steps[end.step].location
      return .init(end, result: .reference(Reference(scope.document, at: place)))
    }
    return WorkflowReading(workflows: [workflow], problems: lowerer.problems)
  }

  /// What a lowered machine needs to be joined to its surroundings.
  struct Machine {
    /// The first state's step; `nil` where the machine has none.
    var entry: Int?
    /// Where the machine ends well.
    var ends: [LooseEnd] = []
  }

  /// A machine while its states are lowered.
  struct Frame {
    var entries: [String: Int] = [:]
    var links: [Link] = []
    var ends: [LooseEnd] = []
  }

  /// A way to a state that is named, and may not exist.
  struct Link {
    var end: LooseEnd
    var target: Node
    /// The state that the way leaves.
    var origin: String
    /// The Choice rule that decides for it; the number of rules for `Default`; `nil` elsewhere.
    var rule: Int?
  }

  mutating func lower(_ machine: Node, in scope: StateMachineScope, depth: Int) -> Machine {
    guard depth < Limits.nesting else {
      note("the state machines nest too deep", at: machine.range)
      return Machine()
    }
    var frame = Frame()
    let states = machine["States"]?.entries ?? []
    for state in states {
      guard let name = state.key.text else { continue }
      let place = StatePlace(
        name: name, route: "\(scope.route)States.\(name)", body: state.value,
        language: QueryLanguage(state.value["QueryLanguage"]) ?? scope.language,
        location: location(state.key.range), scope: scope)
      lower(place, into: &frame, depth: depth)
    }
    connect(frame, of: states)
    guard let start = machine["StartAt"] else {
      report("the state machine has no `StartAt`", at: machine.range)
      return Machine(entry: states.first?.key.text.flatMap { frame.entries[$0] }, ends: frame.ends)
    }
    let entry = step(named: start, in: frame)
    return Machine(
      entry: entry ?? states.first?.key.text.flatMap { frame.entries[$0] }, ends: frame.ends)
  }

  private mutating func lower(_ place: StatePlace, into frame: inout Frame, depth: Int) {
    guard let typeNode = place.body["Type"], let typeName = typeNode.text else {
      report("the state `\(place.name)` has no `Type`", at: place.location.range)
      return lowerUnknown(place, into: &frame)
    }
    guard let type = StateType(rawValue: typeName) else {
      let nearest = NearestName.of(typeName, among: StateType.allCases.map(\.rawValue))
      report(
        "there is no state type `\(typeName)`",
        hint: nearest.map { "did you mean `\($0)`?" } ?? "", at: typeNode.range)
      return lowerUnknown(place, into: &frame)
    }
    switch type {
    case .task: lowerTask(place, into: &frame)
    case .pass: lowerPass(place, into: &frame)
    case .choice: lowerChoice(place, into: &frame)
    case .wait: lowerWait(place, into: &frame)
    case .succeed: lowerSucceed(place, into: &frame)
    case .fail: lowerFail(place, into: &frame)
    case .parallel: lowerParallel(place, into: &frame, depth: depth)
    case .map: lowerMap(place, into: &frame, depth: depth)
    }
  }

  /// Keeps the flow through a state that cannot be understood.
  private mutating func lowerUnknown(_ place: StatePlace, into frame: inout Frame) {
    note("the state `\(place.name)` could not be read", at: place.location.range)
    let step = add(place, kind: .control)
    frame.entries[place.name] = step
    leave(place, [LooseEnd(step)], into: &frame, ending: .none)
  }

  // MARK: Building

  mutating func add(
    _ place: StatePlace, part: Int = 0, kind: Step.Kind, call: Call? = nil,
    assignments: [Step.Assignment] = [], joinsAll: Bool = false
  ) -> Int {
    var step = Step(
      name: place.name, route: place.route, part: part, kind: kind, joinsAll: joinsAll,
      call: call, assignments: assignments, location: place.location)
    step.language = place.language.rawValue
    return graph.add(step)
  }

  /// What a state hands to the caller where it ends the machine.
  enum Ending {
    case none
    case value(Value, at: SourceLocation)
  }

  /// Goes on to `Next`, or ends the machine.
  mutating func leave(
    _ place: StatePlace, _ ends: [LooseEnd], into frame: inout Frame, ending: Ending
  ) {
    if let next = place.body["Next"] {
      for end in ends { frame.links.append(Link(end: end, target: next, origin: place.name)) }
      return
    }
    frame.ends += ends
    if place.body["End"]?.boolean != true, place.body["Type"]?.text != StateType.succeed.rawValue {
      report(
        "the state `\(place.name)` has neither `Next` nor `End`",
        hint: "add `\"End\": true` if the machine ends here", at: place.location.range)
    }
    // The end of a branch or of a Map's item hands nothing to the caller.
    if place.scope.route.isEmpty, case .value(let value, let location) = ending {
      for end in ends {
        returns.append(Workflow.Return(step: end.step, value: value, name: "", location: location))
      }
    }
  }

  private mutating func connect(_ frame: Frame, of states: [Node.Entry]) {
    let loops = StateLoops(states, steps: graph.steps, entries: frame.entries)
    for link in frame.links {
      guard let target = step(named: link.target, in: frame) else { continue }
      var end = link.end
      if let rule = link.rule, let name = link.target.text,
        loops.givesUp(
          from: link.origin, to: name, rule: rule, decisions: graph.steps[end.step].decisions)
      {
        end.outcome = .timeout
      }
      graph.connect([end], to: target)
    }
  }

  private mutating func step(named target: Node, in frame: Frame) -> Int? {
    guard let name = target.text else { return nil }
    if let step = frame.entries[name] { return step }
    let nearest = NearestName.of(name, among: frame.entries.keys.sorted())
    report(
      "there is no state `\(name)` here",
      hint: nearest.map { "did you mean `\($0)`?" } ?? "", at: target.range)
    return nil
  }

  // MARK: Words

  func location(_ range: ByteRange) -> SourceLocation {
    SourceLocation(path: source.path, range: range)
  }

  mutating func report(
    _ message: String, hint: String = "", severity: SourceProblem.Severity = .error,
    at range: ByteRange
  ) {
    problems.append(
      SourceProblem(severity: severity, message: message, hint: hint, range: range))
  }

  mutating func report(_ problem: ExpressionProblem) {
    report(
      problem.message, hint: problem.hint, severity: .warning, at: problem.location.range)
  }

  mutating func note(_ message: String, at range: ByteRange) {
    gaps.append(Workflow.Gap(message: message, location: location(range)))
  }
}
