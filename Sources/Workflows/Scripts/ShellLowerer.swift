import Expressions
import SourceText

/// Walks a script and builds its part of the graph.
struct ShellLowerer {
  let context: ScriptContext
  /// The text that the commands under way stand in.
  var source: ShellSource
  var builder: GraphBuilder

  /// Where control stands.
  var current: [LooseEnd]
  var scopes: [ShellScope] = [ShellScope(kind: .script)]
  var loops: [ShellLoop] = []
  /// What the variables of the loops around go over, where that is written down.
  var loopedWords: [String: [String]] = [:]
  var sinks: [ShellSink] = [.terminal]
  var captures: [[Value]] = []
  /// What standard input holds.
  var input: Value?
  var exitsOnError: Bool
  var pipesFail: Bool
  /// Greater than 0 where a failing command does not end the script.
  var conditionDepth = 0

  var functions: [String: ShellFunction] = [:]
  var inlined = 0
  /// Libraries by their path.
  var libraries: [String: ShellSource] = [:]
  var libraryDepth = 0
  var surveyed = 0
  var nesting = 0
  /// How often each variable is written in the script.
  var writes: [String: Int] = [:]
  /// Whether a variable holds nothing but `true` or `false`, which are commands.
  var isBoolean: [String: Bool] = [:]
  /// Variables with one value, known before the run.
  var constants: [String: Value] = [:]
  /// Values of variables and files that are written once: to see a request's body.
  var definitions: [Variable: Value] = [:]
  /// A variable that holds a body with a status after it (`curl -w`), and its two parts.
  var statusTails: [Variable: (body: Value, status: Value)] = [:]
  /// Variables that hold the exit status of an earlier command.
  var statusVariables: [String: Condition] = [:]
  var outputLines: [String: OutputLines] = [:]
  var backgroundEnds: [LooseEnd] = []
  /// Names of files that the script writes.
  var knownFiles: Set<String> = []
  var fileWrites: Set<Variable> = []
  /// The status of the last `$(…)` in the value under evaluation.
  var lastSubstitution: ShellOutcome?
  /// The two parts of what the last `curl -w` printed.
  var pendingTail: (body: Value, status: Value)?
  var writtenScripts: [Variable: WrittenScript]
  var traps = ShellTraps()
  /// How the script has ended, for what runs then.
  var endStatus: Condition?
  /// What a command that runs another one puts in the place of its marker.
  var handedMarker: (text: String, value: Value)?
  /// The ends of the command before, while nothing has been built on them: for `$?`.
  var lastOutcome: ShellOutcome?

  /// What was not understood.
  var gaps: [Workflow.Gap] = []
  /// The here-document that standard input holds.
  var inputDocument: ShellWord?
  var programs = 0
  var part = 0
  private var hasPrinted = false
  private var temporaries = 0
  var lastStep: Int?

  init(
    text: String, context: ScriptContext, builder: GraphBuilder, entry: [LooseEnd],
    locate: @escaping (ByteRange) -> ByteRange
  ) {
    self.context = context
    self.builder = builder
    source = ShellSource(
      text, path: context.path, name: context.scriptName, substitutions: context.substitutions,
      locate: locate)
    current = entry
    exitsOnError = context.exitsOnError
    pipesFail = context.pipesFail
    scopes[0].positional = context.positional
    input = context.standardInput
    part = context.firstPart
    writtenScripts = context.writtenScripts
  }

  mutating func lower() -> ScriptExits {
    survey(source.script)
    copyEnvironment()
    let outcome = settle(runList(source.script.commands))
    var exits = runTraps(
      behind: ScriptExits(
        success: scopes[0].success + outcome.success,
        failure: scopes[0].failure + outcome.failure + outcome.quiet))
    exits.gaps = gaps
    exits.writtenScripts = writtenScripts
    return exits
  }

  /// A variable that the script writes starts with what the environment says.
  private mutating func copyEnvironment() {
    for (name, value) in context.environment.sorted(by: { $0.key < $1.key })
    where writes[name] != nil {
      assign(variable(name), value, at: ByteRange(0, 0))
    }
  }

  // MARK: Places

  func location(_ range: ByteRange) -> SourceLocation {
    SourceLocation(path: source.path, range: source.locate(range))
  }

  func source(_ range: ByteRange) -> String {
    let bytes = source.bytes
    return String(
      decoding: bytes[max(0, range.start)..<min(max(range.start, range.end), bytes.count)],
      as: UTF8.self)
  }

  func variable(_ name: String) -> Variable { Variable(context.variableScope + name) }

  func file(_ name: String) -> Variable { context.file(name) }

  /// A variable of the lowering's own.
  mutating func temporary() -> Variable {
    temporaries += 1
    return Variable(context.variableScope + "stdout#\(temporaries)")
  }

  // MARK: Steps

  /// Adds a step where control stands; control then stands behind it.
  mutating func add(
    _ kind: Step.Kind, call: Call? = nil, retry: Step.Retry? = nil, at range: ByteRange
  ) -> Int {
    let step = builder.add(
      Step(
        name: context.stepName, route: context.route, part: part, kind: kind, call: call,
        retry: retry, location: location(range)))
    part += 1
    builder.connect(current, to: step)
    current = [LooseEnd(step)]
    lastStep = step
    lastOutcome = nil
    return step
  }

  /// Whether control stands right behind the step built last, so that what comes next may still be part of it.
  private var openStep: Int? {
    guard current.count == 1, let end = current.first, end.step == lastStep,
      end.outcome == .success, end.guards.isEmpty
    else { return nil }
    return end.step
  }

  mutating func assign(
    _ variable: Variable, _ value: Value, at range: ByteRange, appends: Bool = false
  ) {
    guard !current.isEmpty else { return }
    let place = location(range)
    var step = openStep
    if let open = step,
      builder.steps[open].kind != .action || !builder.steps[open].decisions.isEmpty
    {
      step = nil
    }
    let target = step ?? add(.action, at: range)
    lastOutcome = nil
    var assigned = value
    // `X=$(curl …)`: the call's result needs no detour.
    if case .reference(let reference) = value, reference.path.isEmpty,
      let last = builder.steps[target].assignments.last, last.variable == reference.variable,
      case .result = last.value, last.variable.name.holds("stdout#")
    {
      assigned = last.value
      builder.update(target) { $0.assignments.removeLast() }
    }
    let assignment = Step.Assignment(variable, value: assigned, appends: appends, at: place)
    builder.update(target) { $0.assignments.append(assignment) }
  }

  mutating func assign(
    _ variable: Variable, path: [PathComponent], _ value: Value, at range: ByteRange
  ) {
    guard !current.isEmpty else { return }
    assign(variable, value, at: range)
    if let step = lastStep, !builder.steps[step].assignments.isEmpty {
      builder.update(step) { $0.assignments[$0.assignments.count - 1].path = path }
    }
  }

  /// Adds a call; its standard output goes where the sink says.
  mutating func add(
    call: Call, retry: Step.Retry? = nil, output: [PathComponent]? = [], at range: ByteRange
  ) -> ShellOutcome {
    guard !current.isEmpty else { return ShellOutcome(success: []) }
    let step = add(.action, call: call, retry: retry, at: range)
    if let output, isOutputKept {
      let held = temporary()
      let place = location(range)
      builder.update(step) {
        $0.assignments.append(Step.Assignment(held, value: .result(output), at: place))
      }
      emit(.reference(Reference(held, at: place)), at: range)
    }
    return ShellOutcome(success: current, failure: [LooseEnd(step, .failure)])
  }

  // MARK: Status

  /// Turns a condition into a branch with two ways out.
  mutating func settle(_ outcome: ShellOutcome, written: Bool = false) -> ShellOutcome {
    guard let condition = outcome.condition, let place = outcome.location else {
      return written ? markWritten(outcome) : outcome
    }
    var settled = outcome
    settled.condition = nil
    switch condition {
    case .constant(true): return settled
    case .constant(false):
      settled.failure += settled.success
      settled.success = []
      return settled
    default: break
    }
    guard !outcome.success.isEmpty else { return settled }
    current = outcome.success
    let branch: Int
    if let open = openStep, builder.steps[open].kind == .control {
      branch = open
      builder.update(open) { $0.kind = .branch }
    } else {
      branch = add(.branch, at: ByteRange(0, 0))
      builder.update(branch) { $0.location = place }
    }
    let decision = builder.decide(Step.Decision(condition, at: place), at: branch)
    settled.success = [LooseEnd(branch, guards: [Edge.Guard(decision, true)])]
    settled.failure.append(LooseEnd(branch, guards: [Edge.Guard(decision, false)]))
    current = settled.success
    return settled
  }

  /// The author looks at a command's exit status: says so at the command.
  private mutating func markWritten(_ outcome: ShellOutcome) -> ShellOutcome {
    let ends = outcome.success + outcome.failure
    guard let step = ends.first?.step, outcome.quiet.isEmpty, builder.steps[step].call != nil,
      builder.steps[step].decisions.isEmpty,
      ends.allSatisfy({ $0.step == step && $0.guards.isEmpty }),
      ends.contains(where: { $0.outcome == .success }),
      ends.contains(where: { $0.outcome != .success })
    else { return outcome }
    let condition = Condition.outcome(.succeeded, of: [context.route], written: true)
    let decision = builder.decide(
      Step.Decision(condition, at: builder.steps[step].location), at: step)
    func marked(_ ends: [LooseEnd]) -> [LooseEnd] {
      ends.map { end in
        let holds = end.outcome == .success
        return LooseEnd(end.step, end.outcome, guards: [Edge.Guard(decision, holds)])
      }
    }
    let result = ShellOutcome(success: marked(outcome.success), failure: marked(outcome.failure))
    current = result.success
    return result
  }

  var aborts: Bool { exitsOnError && conditionDepth == 0 }

  /// Control leaves the script (or subshell) with a failure.
  mutating func abort(_ ends: [LooseEnd]) {
    guard !ends.isEmpty else { return }
    let index = scopes.lastIndex { !$0.isLeftByReturn } ?? 0
    scopes[index].failure += ends
  }

  // MARK: Output

  /// Writes `value` to standard output; a `line` ends with a line feed.
  mutating func emit(_ value: Value, line: Bool = true, at range: ByteRange) {
    switch sinks[sinks.count - 1] {
    case .discard: break
    case .terminal:
      obey(value, at: range)
      print(value, at: range)
    case .capture(let index):
      captures[index].append(value)
      if line { captures[index].append(.literal("\n")) }
    }
  }

  /// Whether anybody reads what is printed here.
  var isOutputKept: Bool {
    switch sinks[sinks.count - 1] {
    case .capture: true
    case .terminal: context.standardOutput != nil
    case .discard: false
    }
  }

  /// Adds a line to the output that the engine keeps.
  private mutating func print(_ value: Value, at range: ByteRange) {
    guard let output = context.standardOutput, !current.isEmpty else { return }
    let isFirst = !hasPrinted
    hasPrinted = true
    assign(output, value, at: range, appends: !isFirst)
  }

  /// Runs `body` with its standard output captured, and returns what it wrote.
  mutating func capturing(_ body: (inout ShellLowerer) -> ShellOutcome) -> (
    value: Value, outcome: ShellOutcome
  ) {
    captures.append([])
    sinks.append(.capture(captures.count - 1))
    let outcome = body(&self)
    sinks.removeLast()
    let pieces = captures.removeLast()
    return (Self.joined(pieces), outcome)
  }

  /// The pieces as one value; line feeds at the end are dropped, as `$(…)` does.
  static func joined(_ pieces: [Value]) -> Value {
    var pieces = pieces
    while case .literal(let text)? = pieces.last, text.utf8.allSatisfy({ $0 == 10 }) {
      pieces.removeLast()
    }
    var merged: [Value] = []
    for piece in pieces { piece.join(&merged) }
    switch merged.count {
    case 0: return .literal("")
    case 1: return merged[0]
    default: return .template(merged)
    }
  }
}

extension Value {
  /// The parts of a template, or the value alone.
  var templateParts: [Value] {
    if case .template(let parts) = self { return parts.flatMap(\.templateParts) }
    return [self]
  }

  /// Puts the value's parts behind others; literals that meet become one.
  func join(_ merged: inout [Value]) {
    switch self {
    case .template(let parts): for part in parts { part.join(&merged) }
    case .literal(let text):
      if case .literal(let before)? = merged.last {
        merged[merged.count - 1] = .literal(before + text)
      } else {
        merged.append(self)
      }
    default: merged.append(self)
    }
  }

  /// The text, where all of it is known.
  var knownText: String? {
    switch self {
    case .literal(let text): return text
    case .template(let parts):
      var text = ""
      for part in parts {
        guard let piece = part.knownText else { return nil }
        text += piece
      }
      return text
    default: return nil
    }
  }

  /// The literal text that the value starts with.
  var leadingText: String {
    switch self {
    case .literal(let text): return text
    case .template(let parts):
      var text = ""
      for part in parts {
        guard let piece = part.knownText else { return text + part.leadingText }
        text += piece
      }
      return text
    default: return ""
    }
  }

  /// The value without its first `count` bytes, which are literal.
  func droppingLeading(_ count: Int) -> Value {
    var remaining = count
    var rest: [Value] = []
    for part in templateParts {
      if remaining > 0, case .literal(let text) = part {
        let dropped = min(remaining, text.utf8.count)
        remaining -= dropped
        let tail = String(decoding: text.utf8.dropFirst(dropped), as: UTF8.self)
        if !tail.isEmpty { rest.append(.literal(tail)) }
      } else {
        rest.append(part)
      }
    }
    return rest.count == 1 ? rest[0] : rest.isEmpty ? .literal("") : .template(rest)
  }
}
