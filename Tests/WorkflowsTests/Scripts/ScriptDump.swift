import Expressions
import SourceText

@testable import Workflows

/// A lowered graph as short text: one line a step, its ways out behind it.
struct ScriptDump {
  let builder: GraphBuilder
  let exits: ScriptExits

  var text: String {
    builder.steps.indices.map(line).joined(separator: "\n")
  }

  private func line(_ index: Int) -> String {
    let step = builder.steps[index]
    var words = ["\(index)"]
    if let call = step.call {
      words.append(name(of: call))
    } else {
      words.append("\(step.kind)")
    }
    if let retry = step.retry {
      words.append("retry(\(retry.attempts.map(String.init) ?? "?"))")
    }
    words += step.assignments.map(Self.text)
    words += step.decisions.enumerated().map { "?\($0)(\(Self.text($1.condition)))" }
    var ways = builder.edges.filter { $0.from == index }.map { edge in
      Self.way(edge.outcome, edge.guards) + "\(edge.to)"
    }
    ways += exits.success.filter { $0.step == index }.map { Self.way($0.outcome, $0.guards) + "ok" }
    ways += exits.failure.filter { $0.step == index }.map {
      Self.way($0.outcome, $0.guards) + "bad"
    }
    return words.joined(separator: " ") + " -> " + ways.joined(separator: ", ")
  }

  private func name(of call: Call) -> String {
    guard let http = call.http else {
      let arguments = call.arguments.map { "\($0.name)=\(Self.text($0.value))" }
      return "[" + ([call.name] + arguments).joined(separator: " ") + "]"
    }
    var words = [call.name, http.method, Self.text(http.url)]
    if let body = http.body { words.append(Self.text(body)) }
    if http.failsOnErrorStatus { words.append("fails") }
    return "[" + words.joined(separator: " ") + "]"
  }

  private static func way(_ outcome: Edge.Outcome, _ guards: [Edge.Guard]) -> String {
    var text = ""
    switch outcome {
    case .success: break
    case .failure: text += "failed "
    case .timeout: text += "timeout "
    }
    for item in guards { text += "\(item.holds ? "" : "!")\(item.decision) " }
    return text
  }

  private static func text(_ assignment: Step.Assignment) -> String {
    let path = text(assignment.path)
    return text(assignment.variable) + path + (assignment.appends ? "+=" : ":=")
      + text(assignment.value)
  }

  private static func text(_ variable: Variable) -> String {
    for scope in ["step/", "job/file:", "job/"] where variable.name.hasPrefix(scope) {
      return variable.name.dropFirst(scope.count).description
    }
    return variable.name
  }

  static func text(_ path: [PathComponent]) -> String {
    path.map { component in
      switch component {
      case .field(let name): ".\(name)"
      case .index(let index): "[\(index)]"
      case .every: "[*]"
      case .element: "[@]"
      case .some: "[?]"
      }
    }.joined()
  }

  static func text(_ value: Value) -> String {
    switch value {
    case .literal(let text): return "'\(text.replacing("\n", with: "⏎"))'"
    case .null: return "null"
    case .reference(let reference): return "$" + text(reference.variable) + text(reference.path)
    case .result(let path): return "result" + text(path)
    case .record(let fields):
      return "{" + fields.map { "\($0.name): \(text($0.value))" }.joined(separator: ", ") + "}"
    case .list(let values): return "[" + values.map(text).joined(separator: ", ") + "]"
    case .template(let parts): return "`" + parts.map(text).joined(separator: "+") + "`"
    case .selection(let inner, let path): return "(\(text(inner)))" + text(path)
    case .text(let inner, let null): return "text(\(text(inner)), \"\(null)\")"
    case .fallback(let first, let second): return "(\(text(first)) // \(text(second)))"
    case .conditional(_, let first, _) where value.standIn != nil:
      return "(\(text(first)) || \(text(value.standIn ?? .null)))"
    case .conditional(let condition, let first, let second):
      return "(\(text(condition)) ? \(text(first)) : \(text(second)))"
    case .either(let values): return "either(" + values.map(text).joined(separator: ", ") + ")"
    case .length(let inner): return "#\(text(inner))"
    case .converted(let how, let inner): return "\(how)<\(text(inner))>"
    case .unknown(let references):
      return "?" + references.map { text(.reference($0)) }.joined(separator: ",")
    }
  }

  static func text(_ condition: Condition) -> String {
    switch condition {
    case .constant(let value): return "\(value)"
    case .all(let parts): return parts.map { "(\(text($0)))" }.joined(separator: " and ")
    case .any(let parts): return parts.map { "(\(text($0)))" }.joined(separator: " or ")
    case .not(let inner): return "not \(text(inner))"
    case .test(let test):
      let operands = test.operands.map { " " + text($0) }.joined()
      return "\(text(test.subject)) \(test.comparison)\(operands)"
    case .every(let list, let inner): return "every \(text(list)): \(text(inner))"
    case .some(let list, let inner): return "some \(text(list)): \(text(inner))"
    case .outcome(let outcome, _, let written): return "\(outcome)\(written ? "!" : "")"
    case .unknown(let references):
      return "unknown(" + references.map { text(.reference($0)) }.joined(separator: " ") + ")"
    }
  }
}

/// A script inside a workflow file, lowered.
struct LoweredScript {
  var dump: ScriptDump
  let file: SourceFile

  enum Reading {
    /// As a block of a workflow file.
    case inFile
    /// As a quoted scalar whose text is the script.
    case directly
  }

  init(
    _ script: String, reading: Reading = .inFile, exitsOnError: Bool = true,
    pipesFail: Bool = false,
    environment: [String: Value] = [:]
  ) {
    let indented = script.split(separator: "\n", omittingEmptySubsequences: false)
      .map { "  " + $0 }.joined(separator: "\n")
    file = SourceFile(path: "flow.yml", bytes: Array("run: |\n\(indented)\n".utf8))
    var builder = GraphBuilder()
    let start = builder.add(
      Step(
        name: "", route: "", kind: .control, location: SourceLocation(path: "", range: .init(0, 0)))
    )
    let scalar = Scalar(style: .plain, text: script)
    let node =
      reading == .directly
      ? Node(.scalar(scalar), range: ByteRange(0, script.utf8.count))
      : YAMLReader.read(file).documents.first?["run"]
    guard let node else {
      dump = ScriptDump(builder: builder, exits: ScriptExits(success: [], failure: []))
      return
    }
    let context = ScriptContext(
      path: "flow.yml", stepName: "Ask", route: "jobs.a.steps[0]", variableScope: "step/",
      fileScope: "job/", substitutions: Self.substitutions(in: node.text ?? ""),
      environment: environment,
      specialFiles: [
        "GITHUB_OUTPUT": .fields(of: Variable("out"), path: [.field("outputs")]),
        "GITHUB_ENV": .variables(prefix: "job/env:"),
        "GITHUB_STEP_SUMMARY": .call("GITHUB_STEP_SUMMARY"),
      ],
      printedCommands: [
        .init(prefix: "::set-output name=", separator: "::", file: "GITHUB_OUTPUT")
      ],
      exitsOnError: exitsOnError, pipesFail: pipesFail)
    let exits = ShellLowering.lower(
      script: node, in: context, into: &builder, from: [LooseEnd(start)])
    dump = ScriptDump(builder: builder, exits: exits)
  }

  private static func substitutions(in text: String) -> [ScriptContext.Substitution] {
    var found: [ScriptContext.Substitution] = []
    let bytes = Array(text.utf8)
    var start: Int?
    for index in bytes.indices.dropLast() {
      if bytes[index] == UInt8(ascii: "$"), bytes[index...].starts(with: "${{".utf8) {
        start = index
      }
      if let begin = start, bytes[index] == UInt8(ascii: "}"), bytes[index + 1] == UInt8(ascii: "}")
      {
        let inner = String(decoding: bytes[(begin + 3)..<index], as: UTF8.self)
        let place = SourceLocation(path: "flow.yml", range: ByteRange(begin, index + 2))
        found.append(
          .init(
            range: ByteRange(begin, index + 2),
            value: .reference(Reference(Variable(inner.filter { $0 != " " }), at: place))))
        start = nil
      }
    }
    return found
  }
}
