import Expressions
import SourceText

/// The state of one JavaScript body while its statements become steps and edges.
struct JavaScriptBody {
  let context: JavaScriptContext
  var builder: GraphBuilder
  /// Where control stands: the ends that the next step is connected to.
  var ends: [LooseEnd]
  var returned: [LooseEnd] = []
  /// Where an error goes: out of the script, or to the innermost `catch`.
  var failed: [LooseEnd] = []
  var gaps: [Workflow.Gap] = []
  var translator: JavaScriptTranslator
  var loops: [Loop] = []
  /// Functions that the script defines, to be read where they are called.
  var functions: [String: JavaScriptFunction] = [:]
  /// Names that hold a client (`new X()`, `require()`): their methods do something.
  var clients: [String: String] = [:]
  /// Objects of the script's own classes, and what fields hold.
  var objects = JavaScriptObjects()
  /// What a name was bound to and got added since, where that can be seen.
  var shapes: [String: Value] = [:]
  /// Where `return` writes to, and how; changes inside a function that is read in place.
  var frames: [Frame]
  /// How many calls of the script's own functions were read in place.
  var inlined = 0
  /// What says at the script's end that its step has failed, and where that was last written.
  private var failure: (mark: Variable, range: ByteRange)?
  private var host: Int?
  private var parts = 0
  private var declared: [String: Int] = [:]
  private var temporaries = 0

  struct Loop {
    var leaves: [LooseEnd] = []
    var continues: [LooseEnd] = []
    /// A way out from the middle: then running out of attempts is giving up.
    var isLeft = false
    /// Names that are counted up or down inside.
    var counters: Set<String>
  }

  struct Frame {
    var result: Variable?
    var unwrap: (Value) -> Value
    var returned: [LooseEnd] = []
    var value: Value?
  }

  /// Most steps that one script may become; what follows is a gap.
  private static let mostSteps = 600
  /// Deepest calls of the script's own functions that are read in place.
  static let deepestCalls = 4

  init(
    context: JavaScriptContext, builder: GraphBuilder, entry: [LooseEnd],
    locate: @escaping (ByteRange) -> SourceLocation
  ) {
    self.context = context
    self.builder = builder
    self.ends = entry
    self.parts = context.firstPart
    self.frames = [Frame(result: context.result, unwrap: context.unwrap)]
    var scope = JavaScriptScope(resolve: context.resolve, locate: locate)
    if context.language != .javaScript { scope.semantics = .python }
    if context.language == .powerShell { scope.nullText = "" }
    scope.substitutions = context.substitutions.map { ($0.range, $0.value) }
    self.translator = JavaScriptTranslator(scope: scope)
  }

  mutating func run(_ statements: [JavaScriptStatement], text: [UInt8]) {
    self.text = text
    lower(statements)
    returned += frames[0].returned
    if let failure { endFailed(failure) }
  }

  // MARK: Failing at the end

  /// The script goes on, and when it is over its step has failed.
  mutating func failAtEnd(_ range: ByteRange) {
    guard !ends.isEmpty else { return }
    let mark = failure?.mark ?? temporary()
    failure = (mark, range)
    assign(Step.Assignment(mark, value: .literal("true"), at: locate(range)), at: range)
  }

  private mutating func endFailed(_ failure: (mark: Variable, range: ByteRange)) {
    ends += returned
    returned = []
    if ends.isEmpty { return }
    leavePlace()
    let place = locate(failure.range)
    let test = Test(
      .reference(Reference(failure.mark, at: place)), .equal, [.literal("true")],
      semantics: .strict, at: place)
    let (holds, fails) = branch(on: .test(test), at: failure.range)
    ends = holds
    fail(at: failure.range)
    ends = fails
  }

  private(set) var text: [UInt8] = []

  func locate(_ range: ByteRange) -> SourceLocation { translator.scope.locate(range) }

  // MARK: Steps

  var isExhausted: Bool { parts - context.firstPart >= Self.mostSteps }

  /// Adds a step behind the present ends.
  mutating func add(
    kind: Step.Kind, call: Call? = nil, decisions: [Step.Decision] = [], at range: ByteRange
  ) -> Int {
    let step = builder.add(
      Step(
        name: context.stepName, route: context.route, part: parts, kind: kind, call: call,
        decisions: decisions, location: locate(range)))
    parts += 1
    if isExhausted, parts == context.firstPart + Self.mostSteps {
      gaps.append(.init(message: "the script is too long to follow", location: locate(range)))
    }
    builder.connect(ends, to: step)
    ends = [LooseEnd(step)]
    host = kind == .action ? step : nil
    return step
  }

  /// Writes data at the present place: on the step before where it is only passed through here.
  mutating func assign(_ assignment: Step.Assignment, at range: ByteRange) {
    guard !ends.isEmpty else { return }
    var step = host
    if step == nil || ends.count != 1 || ends[0].step != step || !ends[0].guards.isEmpty {
      step = add(kind: .action, at: range)
    }
    if let step { builder.update(step) { $0.assignments.append(assignment) } }
  }

  mutating func leavePlace() { host = nil }

  /// The script breaks off here: a failure, for whatever handles it.
  mutating func fail(at range: ByteRange) {
    guard !ends.isEmpty else { return }
    let step = add(kind: .control, at: range)
    failed.append(LooseEnd(step, .failure))
    ends = []
  }

  /// A branch: the ends where the condition holds, and where it does not.
  mutating func branch(
    on condition: Condition, at range: ByteRange
  ) -> (holds: [LooseEnd], fails: [LooseEnd]) {
    let step = add(
      kind: .branch, decisions: [Step.Decision(condition, at: locate(range))], at: range)
    return (
      [LooseEnd(step, guards: [Edge.Guard(0, true)])],
      [LooseEnd(step, guards: [Edge.Guard(0, false)])]
    )
  }

  // MARK: Names

  /// A variable for a name declared here; a second declaration of the name is another variable.
  mutating func declare(_ name: String) -> Variable {
    let count = declared[name, default: 0]
    declared[name] = count + 1
    return Variable(context.variableScope + "js:" + name + (count == 0 ? "" : "#\(count)"))
  }

  mutating func temporary() -> Variable {
    temporaries += 1
    return Variable(context.variableScope + "js:#\(temporaries)")
  }

  /// Binds a name to a new variable with this value.
  mutating func bind(
    _ pattern: JavaScriptPattern, to value: Value, condition: Condition? = nil,
    at range: ByteRange
  ) {
    for (name, part) in pattern.parts(of: value) {
      let variable = declare(name)
      let location = locate(range)
      assign(Step.Assignment(variable, value: part, at: location), at: range)
      translator.scope.locals[name] = .init(
        .reference(Reference(variable, at: location)), condition: condition)
      shapes[name] = part
    }
  }

  /// What a value looks like, through the names that were bound to it.
  func shape(_ expression: JavaScriptExpression, _ value: Value) -> Value {
    if case .identifier(let name) = expression.form, let shape = shapes[name] {
      switch shape {
      case .record, .list, .converted(Value.merging, _): return shape
      default: return value
      }
    }
    return value
  }
}
