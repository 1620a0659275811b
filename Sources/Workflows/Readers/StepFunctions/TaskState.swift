import Expressions
import SourceText

/// Task states: the call, its errors, and waiting for an answer from outside.
extension StateMachineLowerer {
  mutating func lowerTask(_ place: StatePlace, into frame: inout Frame) {
    let input = effectiveInput(place)
    let scope = place.scope.expressions(at: place.location).with(input: input)
    let resource = place.body["Resource"]
    let name = resource.flatMap(resourceName) ?? ""
    if lowerNested(name, place, input, in: scope, into: &frame) { return }
    let call = Call(
      kind: "resource", name: name, arguments: payload(place, input, in: scope),
      http: request(name, place, in: scope),
      location: location(resource?.range ?? place.location.range))
    let output = output(place, clauses: place.body, result: .result([]))
    let isOnlyStarted = isOnlyStarted(place, name)
    let step = add(
      place, kind: .action, call: call, assignments: isOnlyStarted ? [] : output.assignments)
    frame.entries[place.name] = step
    let retry = retry(place)
    graph.update(step) { $0.retry = retry }
    let catchers = catchers(of: place, into: &frame)
    fail(step, to: catchers)
    if isOnlyStarted {
      let start = add(place, part: 1, kind: .control, assignments: output.assignments)
      frame.entries[place.name] = start
      graph.connect(start, to: step)
      leave(place, [LooseEnd(start)], into: &frame, ending: output.ending)
      return
    }
    var last = step
    if name.hasSuffix(".waitForTaskToken") {
      // Whoever holds the token answers; the call's result is that answer.
      last = add(place, part: 1, kind: .approval)
      graph.connect(step, to: last)
      fail(last, to: catchers)
    }
    leave(place, [LooseEnd(last)], into: &frame, ending: output.ending)
  }

  /// Whether the call returns before the function has run: what it does happens beside what follows.
  private func isOnlyStarted(_ place: StatePlace, _ resource: String) -> Bool {
    let arguments = place.body[place.language == .jsonata ? "Arguments" : "Parameters"]
    return resource.hasSuffix(":states:::lambda:invoke")
      && arguments?["InvocationType"]?.text == "Event"
  }

  func resourceName(_ node: Node) -> String? {
    (CloudFormationText.text(of: node) ?? node.text).map(substituted)
  }

  /// What the call receives: its payload's leaves, or the whole input where no payload is written.
  private mutating func payload(
    _ place: StatePlace, _ input: Value, in scope: StatesScope
  ) -> [Call.Argument] {
    let name = place.language == .jsonata ? "Arguments" : "Parameters"
    if let node = place.body[name] { return arguments(name, node, in: scope, place.language) }
    return [Call.Argument(name, input, at: place.location)]
  }

  private mutating func request(
    _ resource: String, _ place: StatePlace, in scope: StatesScope
  ) -> Call.HTTPRequest? {
    let isGateway = resource.hasSuffix(":states:::apigateway:invoke")
    guard isGateway || resource.hasSuffix(":states:::http:invoke"),
      let node = place.body[place.language == .jsonata ? "Arguments" : "Parameters"]
    else { return nil }
    // The arguments have reported what is wrong with the expressions.
    let reported = problems.count
    let fields = template(node, in: scope, place.language)
    problems.removeSubrange(reported...)
    func field(_ name: String) -> Value? {
      let value = fields.selecting([.field(name)])
      return value == .null ? nil : value
    }
    var url = field("ApiEndpoint") ?? .unknown([])
    if isGateway {
      var parts: [Value] = [.literal("https://"), url]
      if let stage = field("Stage") { parts += [.literal("/"), stage] }
      if let path = field("Path") { parts.append(path) }
      url = .template(parts)
    }
    var method = "GET"
    if case .literal(let written)? = field("Method") { method = written.uppercased() }
    return Call.HTTPRequest(
      method: method, url: url, body: field("RequestBody"), failsOnErrorStatus: true)
  }

  // MARK: Errors

  /// One step per catcher, which writes the error where the catcher says; then the enclosing machine's catchers,
  /// unless these catch everything.
  mutating func catchers(
    of place: StatePlace, into frame: inout Frame
  ) -> [StateMachineScope.Catcher] {
    var catchers: [StateMachineScope.Catcher] = []
    var catchesAll = false
    for (index, entry) in (place.body["Catch"]?.items ?? []).enumerated() {
      let errors = entry["ErrorEquals"]?.items.compactMap(\.text) ?? []
      let next = entry["Next"]
      var caught = place
      caught.route += ".Catch[\(index)]"
      caught.location = location(next?.range ?? entry.range)
      let error = Value.record([
        Value.Field("Error", .unknown([])), Value.Field("Cause", .unknown([])),
      ])
      let output = output(caught, clauses: entry, result: nil, error: error)
      let step = add(caught, kind: .control, assignments: output.assignments)
      if let next {
        frame.links.append(Link(end: LooseEnd(step), target: next, origin: place.name))
      }
      let isTimeout =
        !errors.isEmpty
        && errors.allSatisfy { $0 == "States.Timeout" || $0 == "States.HeartbeatTimeout" }
      catchers.append(
        StateMachineScope.Catcher(step: step, outcome: isTimeout ? .timeout : .failure))
      if errors.contains("States.ALL") { catchesAll = true }
    }
    return catchesAll ? catchers : catchers + place.scope.catchers
  }

  mutating func fail(_ step: Int, to catchers: [StateMachineScope.Catcher]) {
    for catcher in catchers { graph.connect(step, to: catcher.step, on: catcher.outcome) }
  }

  /// All retriers together: the most attempts, and every error that any of them repeats on.
  func retry(_ place: StatePlace) -> Step.Retry? {
    guard let node = place.body["Retry"] else { return nil }
    var attempts: Int?
    var errors: [String] = []
    var isKnown = true
    for retrier in node.items {
      let written = retrier["MaxAttempts"]?.text
      // Three is the engine's default.
      let most = written == nil ? 3 : written.flatMap { Int($0) }
      if most == 0 { continue }
      if let most { attempts = max(attempts ?? 0, most) } else { isKnown = false }
      errors += retrier["ErrorEquals"]?.items.compactMap(\.text) ?? []
    }
    guard attempts != nil || !isKnown else { return nil }
    if errors.contains("States.ALL") { errors = [] }
    return Step.Retry(
      attempts: isKnown ? attempts : nil, on: errors, location: location(node.range))
  }
}
