import Expressions
import SourceText

/// Calls that leave the script, as steps.
extension JavaScriptBody {
  /// Adds the step of a call; the value is its result.
  mutating func call(
    _ name: String, _ arguments: [JavaScriptExpression], _ range: ByteRange
  ) -> Value {
    let name = resolvedName(name)
    let values = arguments.map { argument -> Value in
      let value = evaluate(argument)
      return shape(argument, value)
    }
    let location = locate(range)
    if let writes = context.writes(name, values, location) {
      for write in writes { assign(write, at: range) }
      return .unknown([])
    }
    let special = context.calls(name, values, location)
    if context.language != .javaScript,
      let command = special ?? PythonCommand.call(name, values, at: location)
    {
      return ended(add(kind: .action, call: command, at: range), .result([]), range)
    }
    if Self.delays.contains(name.lastName) {
      _ = add(kind: .delay, at: range)
      return .unknown([])
    }
    if name == "process.exit" {
      exit(with: values.first ?? .null, at: range)
      return .unknown([])
    }
    var described: [Call.Argument] = []
    for (index, argument) in arguments.enumerated() {
      describe(argument, values[index], named: "\(index)", isTopLevel: true, into: &described)
    }
    let request = JavaScriptRequest(name: name, arguments: values)
    let step = add(
      kind: .action,
      call: Call(
        kind: "function", name: name, arguments: described, http: request?.http, location: location),
      at: range)
    let value = ended(step, request?.result ?? .result([]), range)
    if name == "core.setFailed" { failAtEnd(range) }
    return value
  }

  /// Ends the program: with success where the status is 0 or nothing.
  private mutating func exit(with status: Value, at range: ByteRange) {
    switch status {
    case .null, .literal("0"), .literal("false"), .literal(""):
      frames[0].returned += ends
      ends = []
    case .literal, .template:
      fail(at: range)
    case .conditional(let condition, let first, let second):
      let (holds, fails) = branch(on: condition, at: range)
      for (way, value) in [(holds, first), (fails, second)] {
        leavePlace()
        ends = way
        exit(with: value, at: range)
      }
    default:
      // A computed status: 0 and nothing at all are success.
      let test = Test(
        status, .oneOf, [.literal("0"), .null], semantics: .strict, at: locate(range))
      let (holds, fails) = branch(on: .test(test), at: range)
      frames[0].returned += holds
      ends = fails
      fail(at: range)
    }
  }

  /// Keeps what a call gives back; its failure goes wherever failures go here.
  private mutating func ended(_ step: Int, _ result: Value, _ range: ByteRange) -> Value {
    failed.append(LooseEnd(step, .failure))
    let variable = temporary()
    let location = locate(range)
    assign(Step.Assignment(variable, value: result, at: location), at: range)
    return result.reading(variable, at: location)
  }

  /// Arguments by the keys of object literals; others by their position.
  private func describe(
    _ expression: JavaScriptExpression, _ value: Value, named name: String, isTopLevel: Bool,
    into arguments: inout [Call.Argument]
  ) {
    guard arguments.count < 200 else { return }
    let location = locate(expression.range)
    if case .converted(Value.merging, .list(let parts)) = value {
      // `{ ...context.repo, body }`: what is spread out, and the fields beside it.
      for part in parts {
        describe(expression, part, named: name, isTopLevel: isTopLevel, into: &arguments)
      }
      return
    }
    guard case .record(let fields) = value else {
      arguments.append(Call.Argument(name, value, at: location))
      return
    }
    var written: [String: JavaScriptExpression] = [:]
    if case .object(let properties) = expression.form {
      for property in properties { if let name = property.name { written[name] = property.value } }
    }
    for field in fields {
      let path = isTopLevel ? field.name : name + "." + field.name
      describe(
        written[field.name] ?? expression, field.value, named: path, isTopLevel: false,
        into: &arguments)
    }
  }

  /// A client's methods are called by what the client is.
  private func resolvedName(_ name: String) -> String {
    guard let (prefix, client) = client(in: name), name.count > prefix.count else { return name }
    let rest = name.dropFirst(prefix.count)
    return client.hasPrefix("github.getOctokit") ? "github" + rest : client + rest
  }

  static let delays: Set<String> = ["setTimeout", "sleep", "delay", "wait"]
}

extension String {
  fileprivate var lastName: String { split(separator: ".").last.map(String.init) ?? self }
}

extension Value {
  /// The value with each part of the call's result read from the variable that keeps it.
  fileprivate func reading(_ variable: Variable, at location: SourceLocation) -> Value {
    guard case .record(let fields) = self else {
      return .reference(Reference(variable, at: location))
    }
    return .record(
      fields.map {
        .init($0.name, .reference(Reference(variable, path: [.field($0.name)], at: location)))
      })
  }
}
