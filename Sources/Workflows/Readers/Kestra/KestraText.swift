import Expressions
import SourceText

/// Pebble expressions of a flow: what `outputs.x`, `inputs.x`, `vars.x`, `taskrun.value` and the functions mean.
struct KestraText {
  let path: String
  /// The flow's constants, as written.
  let variables: Node?
  /// Tasks that run once for each value of a list: their outputs stand under that value.
  let repeated: Set<String>
  /// The loops that this text stands in, the innermost last.
  var loops: [Variable] = []
  private var depth = 0
  private let constants = Constants()

  /// The flow's constants that have been read.
  private final class Constants {
    var values: [String: Value?] = [:]
  }

  init(path: String, variables: Node?, repeated: Set<String> = []) {
    self.path = path
    self.variables = variables
    self.repeated = repeated
  }

  /// What tasks give by themselves, and no value of a loop.
  private static let outputFields: Set<String> = [
    "body", "code", "headers", "uri", "uris", "vars", "value", "values", "outputFiles", "outputs",
  ]

  static func variable(of task: String) -> Variable { Variable("task:" + task) }

  /// The task whose outputs a variable holds.
  static func task(of variable: Variable) -> String? {
    variable.name.hasPrefix("task:") && !variable.name.utf8.contains(UInt8(ascii: "/"))
      ? String(variable.name.dropFirst("task:".count)) : nil
  }

  func location(_ node: Node) -> SourceLocation { SourceLocation(path: path, range: node.range) }

  private func translator(for scalar: Node) -> FormulaTranslator {
    let path = path
    var translator = FormulaTranslator(
      .pebble, locate: { SourceLocation(path: path, range: scalar.fileRange(ofText: $0)) },
      resolve: { name, place in resolve(name, place) },
      call: { name, subject, given, place in call(name, subject, given, place) })
    translator.refine = { reference in
      if reference.variable.name == "vars", case .field(let name)? = reference.path.first,
        reference.path.count == 1, let constant = constant(name)
      {
        return constant
      }
      let known = refined(reference)
      if case .field(let key)? = known.path.first, known.path.count == 1,
        let task = Self.task(of: known.variable), repeated.contains(task),
        !Self.outputFields.contains(key)
      {
        // `outputs.ask['a'].body`: one round of the loop.
        let rounds = Reference(known.variable, at: known.location)
        return .either([.reference(known), .reference(rounds)])
      }
      return .reference(known)
    }
    return translator
  }

  /// What a property holds: texts rendered, lists and maps as such.
  func value(_ node: Node?) -> Value {
    guard let node else { return .null }
    switch node.resolved.content {
    case .sequence(let items): return .list(items.map { value($0) })
    case .mapping:
      return .record(
        node.entries.compactMap { entry in
          entry.key.text.map { .init($0, value(entry.value)) }
        })
    case .alias: return .null
    case .scalar(let scalar):
      if node.isNull { return .null }
      return FormulaTemplate.value(Array(scalar.text.utf8), with: translator(for: node))
    }
  }

  func condition(_ node: Node) -> Condition {
    FormulaTemplate.condition(Array((node.text ?? "").utf8), with: translator(for: node))
  }

  /// What the engine puts into a script before it runs.
  func substitutions(in node: Node) -> [ScriptContext.Substitution] {
    guard let text = node.text, text.utf8.contains(UInt8(ascii: "{")) else { return [] }
    return FormulaTemplate.substitutions(Array(text.utf8), with: translator(for: node))
      .map { ScriptContext.Substitution(range: $0.range, value: $0.value) }
  }

  // MARK: Names

  private func resolve(_ name: String, _ place: SourceLocation) -> Value? {
    switch name {
    case "outputs", "inputs", "vars", "labels", "trigger", "flow", "execution", "envs", "globals",
      "task", "taskrun", "parents", "parent", "namespace", "kestra", "error", "errorLogs":
      return .reference(Reference(Variable(name), at: place))
    case "item":
      return loops.last.map { .reference(Reference($0, at: place)) } ?? .unknown([])
    default: return nil
    }
  }

  private func refined(_ reference: Reference) -> Reference {
    var reference = reference
    switch reference.variable.name {
    case "outputs":
      guard case .field(let task)? = reference.path.first else { return reference }
      reference.variable = Self.variable(of: task)
      reference.path.removeFirst()
    case "taskrun" where reference.path == [.field("value")] || reference.path == [.field("items")]:
      guard let loop = loops.last else { return reference }
      return Reference(loop, at: reference.location)
    case "parents", "parent":
      // `parents[0].taskrun.value`: the loop around the innermost one.
      guard reference.path.count >= 2,
        reference.path.suffix(2) == [.field("taskrun"), .field("value")]
      else { return reference }
      var outward = 1
      if case .index(let index)? = reference.path.first { outward = index + 1 }
      guard loops.count > outward else { return reference }
      return Reference(loops[loops.count - 1 - outward], at: reference.location)
    case let name where name.hasPrefix("task:"):
      // `outputs.ask[taskrun.value].body`: which round of the loop is meant.
      if reference.path == [.some] { reference.path = [] }
    default: break
    }
    return reference
  }

  private func call(
    _ name: String, _ subject: Value?, _ given: [Value], _ place: SourceLocation
  ) -> Value? {
    guard subject == nil else { return nil }
    switch name {
    case "kv":
      guard case .literal(let key)? = given.first else { return .unknown([]) }
      return .reference(Reference(Variable("kv:" + key), at: place))
    case "secret", "now", "uuid", "randomInt", "id", "errorLogs", "tasksWithState", "fileURI":
      return .unknown([])
    case "currentEachOutput": return given.first
    case "read": return given.first
    default: return nil
    }
  }

  /// The constant behind `vars.x`, rendered; `nil` where the flow has none of that name.
  func constant(_ name: String) -> Value? {
    if let known = constants.values[name] { return known }
    guard depth < 4, let node = variables?[name] else { return nil }
    var inner = self
    inner.depth += 1
    let value = inner.value(node)
    let constant = value.isLarge ? nil : value
    constants.values[name] = .some(constant)
    return constant
  }
}
