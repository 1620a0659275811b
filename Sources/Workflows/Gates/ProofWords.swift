import Expressions
import SourceText

/// How a gate that asks for a proof reads in an engine, as far as the graph alone tells: for remedies that can be pasted.
package struct ProofWords: Sendable, Hashable {
  /// The proof as an expression of the engine reads it at the step.
  package var value: String
  /// The gate, in backticks, with its note.
  package var gate: String
  /// What must be there before; empty, or begins with a comma.
  package var note = ""

  /// `nil` where the engine's gates have no words of their own.
  ///
  /// - Parameters:
  ///   - request: where the proof can be read.
  ///   - source: the step that makes the answer.
  ///   - field: the proof's name.
  ///   - engine: the engine's name.
  package init?(of request: GateRequest, from source: Step, field: String, engine: String) {
    let words: ProofWords? =
      switch engine {
      case GitHubActionsReader.engine:
        GitHubProofWords(request: request, source: source, field: field).words
      case StepFunctionsReader.engine: Self.choice(request, source, field)
      case N8nReader.engine: Self.branch(request, source, field)
      case ArgoReader.engine: Self.when(request, source, field)
      default: nil
      }
    guard let words else { return nil }
    self = words
    if request.places.contains(where: { !$0.canArrive }) {
      gate += "; nothing here waits for the certificate yet, and the first answer has none"
    }
  }

  /// The words for a step called `ask` that answers, and one called `publish` that acts.
  package static func example(of engine: String, field: String) -> ProofWords? {
    let place = SourceLocation(path: "", range: ByteRange(0, 0))
    func words(
      _ routes: (ask: String, publish: String), _ variable: String, _ path: [String]
    ) -> ProofWords? {
      var ask = Step(name: "ask", route: routes.ask, location: place)
      ask.identifier = "ask"
      let publish = Step(name: "publish", route: routes.publish, location: place)
      let proof = ProofPlace(
        variable: Variable(variable), path: (path + [field]).map { .field($0) }, canArrive: true)
      return ProofWords(
        of: GateRequest(step: publish, places: [proof]), from: ask, field: field, engine: engine)
    }
    return switch engine {
    case GitHubActionsReader.engine:
      words(("jobs.a.steps[0]", "jobs.a.steps[1]"), "jobs.a/steps.ask", ["outputs"])
    case StepFunctionsReader.engine: words(("States.ask", "States.publish"), "$", ["ask"])
    case N8nReader.engine: words(("nodes.ask", "nodes.publish"), "node:ask", [])
    case ArgoReader.engine:
      words(
        ("templates.main.steps.ask", "templates.main.steps.publish"), "main/steps.ask",
        ["outputs", "parameters"])
    default: nil
    }
  }

  init(value: String, gate: String, note: String = "") {
    self.value = value
    self.gate = gate + note
    self.note = note
  }

  /// Where a new step belongs: before the one that acts, or after the one that only hands its answer on.
  private static func place(_ request: GateRequest, _ source: Step) -> String {
    let isOwn = request.step.route == source.route
    return "\(isOwn ? "after" : "before") `\(request.step.name)`"
  }

  private static func choice(
    _ request: GateRequest, _ source: Step, _ field: String
  ) -> ProofWords {
    let texts = StateProofText(step: request.step)
    let test = request.places.lazy.compactMap(texts.test).first
    let value = test?.text ?? "\(texts.input).\(field)"
    var rule = test?.rule ?? texts.presence(of: value)
    if request.step.route != source.route { rule.append(("Next", .text(request.step.name))) }
    return ProofWords(
      value: value,
      gate: "a Choice \(place(request, source)) with the rule "
        + "`\(InsertedText.record(rule).json(nil))`")
  }

  private static func branch(
    _ request: GateRequest, _ source: Step, _ field: String
  ) -> ProofWords {
    let texts = request.places.lazy.filter { !$0.variable.name.contains("/") }
      .compactMap { N8nProofText.text($0, from: nil) }
    let value = texts.first ?? "$json.\(field)"
    return ProofWords(
      value: value,
      gate: "an IF \(place(request, source)) with the condition that `{{ \(value) }}` is not empty")
  }

  private static func when(
    _ request: GateRequest, _ source: Step, _ field: String
  ) -> ProofWords {
    let kind = request.step.route.holds(".dag.") ? "tasks" : "steps"
    for place in request.places {
      guard let name = place.variable.name.parts(by: "/").last,
        let sibling = String(name).suffix(after: "steps.")
      else { continue }
      let parts = place.path.compactMap { if case .field(let name) = $0 { name } else { nil } }
      guard parts.count == place.path.count, parts.count > 1, parts[0] == "outputs" else {
        continue
      }
      if parts[1] == "result", parts.count > 2 {
        let path = parts.dropFirst(2).joined(separator: ".")
        let value = "jsonpath(\(kind)['\(sibling)'].outputs.result, '$.\(path)')"
        return ProofWords(value: "{{=\(value)}}", gate: "`when: \"{{=\(value) != nil}}\"`")
      }
      guard parts[1] == "result" || (parts[1] == "parameters" && parts.count == 3) else {
        continue
      }
      let value = "{{\(kind).\(sibling).\(parts.joined(separator: "."))}}"
      return ProofWords(value: value, gate: "`when: \"'\(value)' != ''\"`")
    }
    let value = "{{\(kind).\(source.name).outputs.parameters.\(field)}}"
    return ProofWords(
      value: value, gate: "`when: \"'\(value)' != ''\"`",
      note: ", once the template of `\(source.name)` puts it out: "
        + "`{ name: \(field), valueFrom: { path: /tmp/\(field) } }`")
  }
}

/// The words of GitHub Actions: an `if`, and what the step that asks must put out for it.
private struct GitHubProofWords {
  let request: GateRequest
  let source: Step
  let field: String

  var words: ProofWords {
    let sink = request.step.route
    if sink == source.route, request.step.part != source.part || source.call?.kind != "uses" {
      return inScript
    }
    let own = request.successes.filter { job(of: $0.route) == job(of: sink) }
    if let success = own.first(where: { !$0.identifier.isEmpty }) {
      return gate("steps.\(success.identifier).outcome == 'success'", reading: read ?? made)
    }
    if let read { return gate("\(read) != ''", reading: read) }
    if let success = own.first {
      return gate(
        "steps.gate.outcome == 'success'", reading: made,
        note: ", once `\(success.name)` has `id: gate`")
    }
    if let success = request.successes.first, let other = job(of: success.route) {
      return gate(
        "needs.\(other).result == 'success'", reading: made, note: ", with `\(other)` in `needs`")
    }
    return gate("\(made) != ''", reading: made, note: note)
  }

  private func gate(_ test: String, reading value: String, note: String = "") -> ProofWords {
    ProofWords(value: "${{ \(value) }}", gate: "`if: \(test)`", note: note)
  }

  /// Where the proof can be read as things are.
  private var read: String? {
    let own = job(of: request.step.route)
    for place in request.places {
      guard place.path.count == 2, place.path[0] == .field("outputs"),
        case .field(let output) = place.path[1]
      else { continue }
      let name = place.variable.name
      if let other = name.suffix(after: "jobs."), !other.contains("/") {
        if other != own { return "needs.\(other).outputs.\(output)" }
      } else if let place = name.lastPart(after: "steps."), !place.hasPrefix("#"),
        name == "steps.\(place)" || name == "jobs.\(own ?? "")/steps.\(place)"
      {
        return "steps.\(place).outputs.\(output)"
      }
    }
    return nil
  }

  /// Where it could be read.
  private var made: String {
    if let other = job(of: source.route), other != job(of: request.step.route) {
      return "needs.\(other).outputs.\(field)"
    }
    return "steps.\(identifier).outputs.\(field)"
  }

  private var identifier: String { source.identifier.isEmpty ? "answer" : source.identifier }

  /// What is missing for that.
  private var note: String {
    var parts: [String] = []
    if source.identifier.isEmpty { parts.append("the step that asks has `id: \(identifier)`") }
    if source.call?.kind != "uses" {
      let file = file ?? "answer.json"
      let script = parts.isEmpty ? "the script of `\(source.name)`" : "its script"
      parts.append(
        "\(script) ends with `echo \"\(field)=$(jq -r '.\(field) // empty' \(file))\" >> \"$GITHUB_OUTPUT\"`"
      )
    }
    if let other = job(of: source.route), other != job(of: request.step.route) {
      parts.append(
        "the job `\(other)` has the output `\(field): ${{ steps.\(identifier).outputs.\(field) }}`")
    }
    return parts.isEmpty ? "" : ", once " + parts.joined(separator: ", and ")
  }

  private var inScript: ProofWords {
    let isShell = source.call?.kind == "command"
    let value = file.map { "$(jq -r .\(field) \($0))" } ?? field
    guard isShell else {
      return ProofWords(
        value: value, gate: "let the script stop where `\(field)` is missing or null")
    }
    let test = file.map { "jq -e .\(field) \($0) > /dev/null || exit 1" }
    return ProofWords(
      value: value,
      gate: test.map { "`\($0)` before it in the script" }
        ?? "let the script stop where `\(field)` is missing or null")
  }

  /// The file that the answer is kept in.
  private var file: String? {
    request.places.lazy.compactMap { place in
      place.path.count == 1 ? place.variable.name.lastPart(after: "file:") : nil
    }.first { !$0.contains("$") && !$0.contains("`") }
  }

  private func job(of route: String) -> String? {
    route.suffix(after: "jobs.")?.parts(by: ".").first.map(String.init)
  }
}

extension String {
  /// What follows the last place of a text.
  fileprivate func lastPart(after text: String) -> String? {
    var result: String?
    var index = startIndex
    while index < endIndex {
      if self[index...].hasPrefix(text) {
        index = self.index(index, offsetBy: text.count)
        result = String(self[index...])
      } else {
        index = self.index(after: index)
      }
    }
    return result
  }
}
