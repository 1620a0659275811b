import Expressions
import SourceText

/// Lowers a workflow and the subworkflows that it calls into one graph.
///
/// A subworkflow is read in place at each call, with variables of its own, up to a bound; past it the call stands for
/// itself.
struct GoogleWorkflowLowerer {
  let path: String
  var graph: GraphBuilder
  var problems: [SourceProblem] = []
  var gaps: [Workflow.Gap] = []
  var returns: [Workflow.Return] = []
  var subworkflows: [String: Node] = [:]
  /// Subworkflows being read, the outermost first.
  var open: [String] = []

  /// Most steps of a graph before subworkflows are no longer read in place.
  private static let mostSteps = 3_000
  private static let deepestCalls = 6

  private init(in context: ReadingContext) {
    path = context.file.path
    graph = GraphBuilder(in: context)
  }

  /// What the steps of one workflow, or of one call of a subworkflow, have in common.
  struct Frame {
    /// Stands before every name of a variable.
    var prefix: String
    /// Where `return` writes to; `nil` in the workflow itself.
    var result: Variable?
    var returned: [LooseEnd] = []
    /// The first step of each named step.
    var heads: [String: Int] = [:]
    var jumps: [(end: LooseEnd, target: Node)] = []
  }

  /// What nested blocks see.
  struct Scope {
    var route: String
    /// Where errors go; `nil` for out of the workflow.
    var catcher: Int?
    var retry: Step.Retry?
    /// Variables that a branch or a loop has for itself.
    var locals: [String: Variable] = [:]
    var depth = 0
  }

  /// A step where it stands.
  struct Place {
    var name: String
    var route: String
    var body: Node
    var location: SourceLocation
    var scope: Scope
  }

  /// What a step leaves: ways on, and ways out of the loop round it.
  struct Exits {
    var head: Int
    var ends: [LooseEnd] = []
    var breaks: [LooseEnd] = []
    var continues: [LooseEnd] = []
  }

  static func lower(_ root: Node, in context: ReadingContext) -> WorkflowReading {
    var lowerer = GoogleWorkflowLowerer(in: context)
    return lowerer.lower(root)
  }

  private mutating func lower(_ root: Node) -> WorkflowReading {
    let main = root["main"] ?? root
    for entry in root.entries {
      if let name = entry.key.text, name != "main" { subworkflows[name] = entry.value }
    }
    let place = root.entries.first { $0.key.text == "main" }?.key ?? root.items.first ?? root
    let start = graph.add(
      Step(name: "main", route: "main", kind: .control, location: location(place)))
    var frame = Frame(prefix: "")
    declare(main["params"], in: &frame, at: start, given: nil)
    let scope = Scope(route: root["main"] == nil ? "steps" : "main.steps")
    _ = lowerBlock(main["steps"] ?? main, in: scope, from: [LooseEnd(start)], &frame)
    connectJumps(&frame)
    LoopExits.mark(&graph)
    SettledTexts.resolve(in: &graph)
    let workflow = Workflow(
      engine: GoogleWorkflowsReader.engine, name: path, path: path, steps: graph.steps,
      edges: graph.edges, entry: start, returns: returns, gaps: gaps)
    return WorkflowReading(workflows: [workflow], problems: problems)
  }

  /// Gives parameters their values, the default ones where nothing is given.
  private mutating func declare(
    _ parameters: Node?, in frame: inout Frame, at step: Int, given: [String: Value]?
  ) {
    for item in parameters?.items ?? [] {
      let name = item.text ?? item.entries.first?.key.text ?? ""
      let fallback = item.entries.first.map { Value.literal($0.value.text ?? "") }
      guard let value = given?[name] ?? fallback else { continue }
      let assignment = Step.Assignment(
        Variable(frame.prefix + name), value: value, at: location(item))
      graph.update(step) { $0.assignments.append(assignment) }
    }
  }

  private mutating func connectJumps(_ frame: inout Frame) {
    for jump in frame.jumps {
      guard let name = jump.target.text else { continue }
      if let step = frame.heads[name] {
        graph.connect([jump.end], to: step)
      } else {
        let nearest = NearestName.of(name, among: frame.heads.keys.sorted())
        report(
          "there is no step `\(name)` here",
          hint: nearest.map { "did you mean `\($0)`?" } ?? "", at: jump.target.range)
      }
    }
  }

  // MARK: Blocks

  mutating func lowerBlock(
    _ list: Node, in scope: Scope, from entry: [LooseEnd], _ frame: inout Frame
  ) -> Exits {
    var exits = Exits(head: entry.first?.step ?? 0, ends: entry)
    guard scope.depth < Limits.nesting / 2 else {
      note("the steps nest too deep", at: list.range)
      return exits
    }
    for item in list.items {
      guard let entry = item.entries.first, let name = entry.key.text else {
        report("a step has no name", severity: .warning, at: item.range)
        continue
      }
      let place = Place(
        name: name, route: "\(scope.route).\(name)", body: entry.value,
        location: location(entry.key), scope: scope)
      let step = lowerStep(place, &frame)
      graph.connect(exits.ends, to: step.head)
      if frame.heads[name] == nil { frame.heads[name] = step.head }
      exits.breaks += step.breaks
      exits.continues += step.continues
      exits.ends = step.ends
      if let next = entry.value["next"] {
        exits.ends = []
        go(step.ends, to: next, &exits, &frame)
      }
    }
    return exits
  }

  /// Sends ends to where a `next` says.
  mutating func go(
    _ ends: [LooseEnd], to target: Node, _ exits: inout Exits, _ frame: inout Frame
  ) {
    switch target.text {
    case "end": finish(ends, value: nil, at: location(target), &frame)
    case "break": exits.breaks += ends
    case "continue": exits.continues += ends
    default: for end in ends { frame.jumps.append((end, target)) }
    }
  }

  /// Ends the workflow, or the subworkflow, with what it returns.
  mutating func finish(
    _ ends: [LooseEnd], value: Value?, at location: SourceLocation, _ frame: inout Frame
  ) {
    if frame.result != nil {
      frame.returned += ends
    } else if let value {
      for end in ends {
        returns.append(.init(step: end.step, value: value, name: "", location: location))
      }
    }
  }

  private mutating func lowerStep(_ place: Place, _ frame: inout Frame) -> Exits {
    let body = place.body
    if body["call"] != nil { return lowerCall(place, &frame) }
    if body["switch"] != nil { return lowerSwitch(place, &frame) }
    if body["for"] != nil { return lowerFor(place, body["for"] ?? body, &frame) }
    if body["parallel"] != nil { return lowerParallel(place, &frame) }
    if body["try"] != nil { return lowerTry(place, &frame) }
    if let steps = body["steps"] {
      let head = add(place, kind: .control)
      var scope = place.scope
      scope.route = place.route + ".steps"
      scope.depth += 1
      var exits = lowerBlock(steps, in: scope, from: [LooseEnd(head)], &frame)
      exits.head = head
      return exits
    }
    let head = add(place, kind: body["assign"] == nil ? .control : .action)
    if let assign = body["assign"] { self.assign(assign, place, head, frame) }
    return end(place, body, Exits(head: head, ends: [LooseEnd(head)]), &frame)
  }

  /// `return` and `raise`, which may stand with whatever else a step or a case does.
  mutating func end(
    _ place: Place, _ body: Node, _ exits: Exits, _ frame: inout Frame
  ) -> Exits {
    var exits = exits
    if let node = body["return"] {
      let value = text(place.scope, frame).tree.value(node)
      if let result = frame.result, let last = exits.ends.first?.step {
        let assignment = Step.Assignment(result, value: value, at: location(node))
        graph.update(last) { $0.assignments.append(assignment) }
      }
      finish(exits.ends, value: value, at: location(node), &frame)
      exits.ends = []
    } else if body["raise"] != nil {
      if let catcher = place.scope.catcher {
        for end in exits.ends {
          graph.connect(end.step, to: catcher, on: .failure, when: end.guards)
        }
      }
      exits.ends = []
    }
    return exits
  }

  // MARK: Data

  func text(_ scope: Scope, _ frame: Frame) -> GoogleText {
    let prefix = frame.prefix
    let locals = scope.locals
    return GoogleText(path: path, isAsked: graph.isWhole) { name, location in
      .reference(Reference(locals[name] ?? Variable(prefix + name), at: location))
    }
  }

  /// The variable that a name in an assignment or a `result` stands for.
  func variable(_ name: String, _ scope: Scope, _ frame: Frame) -> Variable {
    scope.locals[name] ?? Variable(frame.prefix + name)
  }

  mutating func assign(_ node: Node, _ place: Place, _ step: Int, _ frame: Frame) {
    let text = text(place.scope, frame)
    let pairs = node.entries.isEmpty ? node.items.flatMap(\.entries) : node.entries
    for pair in pairs {
      guard let target = pair.key.text, let (name, path) = Self.target(target) else { continue }
      let assignment = Step.Assignment(
        variable(name, place.scope, frame), path: path, value: text.tree.value(pair.value),
        at: location(pair.value))
      graph.update(step) { $0.assignments.append(assignment) }
    }
  }

  /// `a.b["c"][i]`: the variable, and the place in it.
  static func target(_ text: String) -> (name: String, path: [PathComponent])? {
    let bytes = Array(text.utf8)
    guard var expression = CallParser.parse(bytes, in: ByteRange(0, bytes.count), .google)
    else { return (text, []) }
    var path: [PathComponent] = []
    while true {
      switch expression.form {
      case .name(let name): return (name, path.reversed())
      case .member(let base, let name):
        path.append(.field(name))
        expression = base
      case .index(let base, let key):
        switch key.form {
        case .text(let name): path.append(.field(name))
        case .number(let digits): path.append(Int(digits).map(PathComponent.index) ?? .some)
        default: path.append(.some)
        }
        expression = base
      default: return nil
      }
    }
  }

  // MARK: Building

  mutating func add(
    _ place: Place, part: Int = 0, kind: Step.Kind, call: Call? = nil, joinsAll: Bool = false
  ) -> Int {
    let step = graph.add(
      Step(
        name: place.name, route: place.route, part: part, kind: kind, joinsAll: joinsAll,
        call: call, location: place.location))
    if call != nil, let retry = place.scope.retry { graph.update(step) { $0.retry = retry } }
    return step
  }

  /// Whether a call of the subworkflow can be read in place.
  func canOpen(_ name: String) -> Bool {
    subworkflows[name] != nil && !open.contains(name) && open.count < Self.deepestCalls
      && graph.steps.count < Self.mostSteps
  }

  /// Reads a subworkflow in place.
  mutating func lowerSubworkflow(
    _ name: String, _ place: Place, given: [String: Value], result: Variable
  ) -> Exits {
    guard let body = subworkflows[name] else { return Exits(head: 0) }
    open.append(name)
    defer { open.removeLast() }
    let start = add(place, kind: .control)
    var frame = Frame(prefix: "\(place.route)/", result: result)
    // Nothing is returned until something is.
    let nothing = Step.Assignment(result, value: .null, at: place.location)
    graph.update(start) { $0.assignments.append(nothing) }
    declare(body["params"], in: &frame, at: start, given: given)
    var scope = place.scope
    scope.route = "\(place.route).\(name)"
    scope.locals = [:]
    scope.depth += 1
    let block = lowerBlock(body["steps"] ?? body, in: scope, from: [LooseEnd(start)], &frame)
    connectJumps(&frame)
    return Exits(head: start, ends: block.ends + frame.returned)
  }

  // MARK: Words

  func location(_ node: Node) -> SourceLocation {
    SourceLocation(path: path, range: node.range)
  }

  mutating func report(
    _ message: String, hint: String = "", severity: SourceProblem.Severity = .error,
    at range: ByteRange
  ) {
    // A subworkflow is read once for each call.
    guard !problems.contains(where: { $0.range == range && $0.message == message }) else { return }
    problems.append(
      SourceProblem(severity: severity, message: message, hint: hint, range: range))
  }

  mutating func note(_ message: String, at range: ByteRange) {
    gaps.append(.init(message: message, location: SourceLocation(path: path, range: range)))
  }
}
