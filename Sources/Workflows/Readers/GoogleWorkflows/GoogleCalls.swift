import Expressions
import SourceText

/// Steps that call: HTTP, connectors, the standard library, subworkflows.
extension GoogleWorkflowLowerer {
  mutating func lowerCall(_ place: Place, _ frame: inout Frame) -> Exits {
    let body = place.body
    let name = body["call"]?.text ?? ""
    let text = text(place.scope, frame)
    var written: Step.Assignment?
    if let node = body["result"], let target = node.text.flatMap(Self.target) {
      written = Step.Assignment(
        variable(target.name, place.scope, frame), path: target.path, value: .null,
        at: location(node))
    }
    func assigned(_ value: Value) -> [Step.Assignment] {
      guard var written else { return [] }
      written.value = value
      return [written]
    }
    if canOpen(name) {
      var given: [String: Value] = [:]
      for entry in body["args"]?.entries ?? [] {
        if let key = entry.key.text { given[key] = text.tree.value(entry.value) }
      }
      let returned = Variable("\(place.route)/return")
      var exits = lowerSubworkflow(name, place, given: given, result: returned)
      let last = add(place, part: 1, kind: .control)
      graph.connect(exits.ends, to: last)
      let assignments = assigned(.reference(Reference(returned, at: place.location)))
      graph.update(last) { $0.assignments = assignments }
      exits.ends = exits.ends.isEmpty ? [] : [LooseEnd(last)]
      return end(place, body, exits, &frame)
    }
    let arguments = body["args"].map { text.tree.arguments("", $0) } ?? []
    var call = Call(
      kind: subworkflows[name] == nil ? "function" : "flow", name: name, arguments: arguments,
      location: body["call"].map(location) ?? place.location)
    var kind = Step.Kind.action
    var made = Value.result([])
    switch name {
    case "sys.sleep", "sys.sleep_until": kind = .delay
    case "events.await_callback":
      kind = .approval
      made = .record([.init("http_request", .record([.init("body", .result([]))]))])
    case "http.get", "http.post", "http.put", "http.patch", "http.delete", "http.request":
      call.http = request(String(name.dropFirst(5)), body["args"], text)
      made = .record([
        .init("body", .result([])), .init("code", .result([.field("code")])),
        .init("headers", .result([.field("headers")])),
      ])
    default: break
    }
    let step = add(place, kind: kind, call: kind == .delay ? nil : call)
    let assignments = assigned(made)
    graph.update(step) { $0.assignments = assignments }
    if kind != .delay, let catcher = place.scope.catcher {
      graph.connect(step, to: catcher, on: .failure)
    }
    return end(place, body, Exits(head: step, ends: [LooseEnd(step)]), &frame)
  }

  private func request(_ method: String, _ args: Node?, _ text: GoogleText) -> Call.HTTPRequest {
    let written = method == "request" ? args?["method"]?.text ?? "GET" : method
    return Call.HTTPRequest(
      method: written.uppercased(), url: args?["url"].map(text.tree.value) ?? .unknown([]),
      body: args?["body"].map(text.tree.value), failsOnErrorStatus: true)
  }
}
