import Expressions
import SourceText

/// States that run machines of their own: Parallel and Map.
extension StateMachineLowerer {
  mutating func lowerParallel(_ place: StatePlace, into frame: inout Frame, depth: Int) {
    let input = effectiveInput(place)
    let scope = place.scope.expressions(at: place.location).with(input: input)
    let name = place.language == .jsonata ? "Arguments" : "Parameters"
    let given = place.body[name].map { template($0, in: scope, place.language) } ?? input
    let fork = add(place, kind: .control)
    frame.entries[place.name] = fork
    let catchers = catchers(of: place, into: &frame)
    var results: [Value] = []
    var ends: [Int] = []
    var endsAll = true
    for (index, branch) in (place.body["Branches"]?.items ?? []).enumerated() {
      let route = "\(place.route).Branches[\(index)]"
      let inner = nested(branch, in: place, at: route, catchers: catchers, item: nil)
      graph.update(fork) { step in
        step.assignments.append(Step.Assignment(inner.document, value: given, at: place.location))
      }
      let machine = lower(branch, in: inner, depth: depth + 1)
      results.append(.reference(Reference(inner.document, at: place.location)))
      // A branch may end in several states; the join counts branches.
      let end = graph.add(
        Step(
          name: place.name, route: route, part: 1, kind: .control, location: place.location))
      if let entry = machine.entry {
        graph.connect(fork, to: entry)
        graph.connect(machine.ends, to: end)
        if machine.ends.isEmpty { endsAll = false }
      } else {
        graph.connect(fork, to: end)
      }
      ends.append(end)
    }
    let output = output(place, clauses: place.body, result: .list(results))
    let join = add(
      place, part: 1, kind: .control, assignments: output.assignments, joinsAll: true)
    // Where one branch never ends well, the state never succeeds.
    if endsAll {
      if ends.isEmpty { graph.connect(fork, to: join) }
      for end in ends { graph.connect(end, to: join) }
    }
    leave(place, [LooseEnd(join)], into: &frame, ending: output.ending)
  }

  mutating func lowerMap(_ place: StatePlace, into frame: inout Frame, depth: Int) {
    let processor = place.body["ItemProcessor"] ?? place.body["Iterator"]
    let word = place.body["ItemProcessor"] == nil ? "Iterator" : "ItemProcessor"
    let route = "\(place.route).\(word)"
    let items = item(place)
    let fork = add(place, kind: .control)
    frame.entries[place.name] = fork
    var catchers = catchers(of: place, into: &frame)
    let result = mapResult(place, route)
    let output = output(place, clauses: place.body, result: result.value)
    let join = add(
      place, part: 1, kind: .control, call: result.call, assignments: output.assignments)
    fail(join, to: result.call == nil ? [] : catchers)
    var tolerated: Int?
    if toleratesFailure(place) {
      let step = add(place, part: 3, kind: .control)
      graph.connect(step, to: join)
      catchers.append(StateMachineScope.Catcher(step: step, outcome: .failure))
      tolerated = step
    }
    if let processor {
      let inner = nested(processor, in: place, at: route, catchers: catchers, item: items.value)
      graph.update(fork) { step in
        step.assignments.append(
          Step.Assignment(inner.document, value: items.given, at: place.location))
      }
      // No item at all: the processor is passed by, and nothing that it was to be given comes back.
      let none = add(
        place, part: 2, kind: .control,
        assignments: [Step.Assignment(inner.document, value: .null, at: place.location)])
      graph.connect(fork, past: items.all, to: none)
      graph.connect(none, to: join)
      if let tolerated {
        // What has failed gives nothing back of what it was given either.
        graph.update(tolerated) { step in
          step.assignments.append(
            Step.Assignment(inner.document, value: .null, at: place.location))
        }
      }
      let machine = lower(processor, in: inner, depth: depth + 1)
      if let entry = machine.entry { graph.connect(fork, to: entry) }
      graph.connect(machine.ends, to: join)
    } else {
      graph.connect(fork, to: join)
      note("the Map `\(place.name)` has no processor", at: place.location.range)
    }
    leave(place, [LooseEnd(join)], into: &frame, ending: output.ending)
  }

  private func nested(
    _ machine: Node, in place: StatePlace, at route: String,
    catchers: [StateMachineScope.Catcher], item: Value?
  ) -> StateMachineScope {
    var scope = StateMachineScope(
      route: "\(route).", language: QueryLanguage(machine["QueryLanguage"]) ?? place.scope.language,
      catchers: catchers, variables: place.scope.variables,
      mapItem: item ?? place.scope.mapItem)
    scope.declareVariables(of: machine)
    return scope
  }

  /// One item of a Map, and what the processor is given for it.
  private mutating func item(_ place: StatePlace) -> (all: Value, value: Value, given: Value) {
    let input = effectiveInput(place)
    var scope = place.scope.expressions(at: place.location).with(input: input)
    let items: Value
    if place.body["ItemReader"] != nil {
      // The items come from a file in a store.
      items = .unknown([])
    } else if let node = place.body["Items"] {
      items = template(node, in: scope, .jsonata)
    } else if let node = place.body["ItemsPath"] {
      items = pathValue(node, in: scope)
    } else {
      items = input
    }
    let item = items.selecting([.element])
    scope.mapItem = item
    let selector = place.body["ItemSelector"] ?? place.body["Parameters"]
    var given = selector.map { template($0, in: scope, place.language) } ?? item
    if let batcher = place.body["ItemBatcher"] {
      var fields = [Value.Field("Items", .list([given]))]
      if let batch = batcher["BatchInput"] {
        fields.append(Value.Field("BatchInput", template(batch, in: scope, place.language)))
      }
      given = .record(fields)
    }
    return (items, item, given)
  }

  /// A Map's result: the outputs of its items, or, where a writer stores them, what the writer answers.
  private mutating func mapResult(
    _ place: StatePlace, _ route: String
  ) -> (value: Value, call: Call?) {
    let outputs = Value.list([
      .reference(Reference(Variable("\(route).$"), at: place.location))
    ])
    guard let writer = place.body["ResultWriter"], let resource = writer["Resource"],
      let name = resource.text
    else { return (outputs, nil) }
    let scope = place.scope.expressions(at: place.location)
    var arguments: [Call.Argument] = []
    for key in ["Parameters", "Arguments"] {
      if let node = writer[key] {
        arguments += self.arguments("ResultWriter.\(key)", node, in: scope, place.language)
      }
    }
    arguments.append(Call.Argument("ResultWriter.Results", outputs, at: location(resource.range)))
    let call = Call(
      kind: "resource", name: substituted(name), arguments: arguments,
      location: location(resource.range))
    return (.result([]), call)
  }

  private func toleratesFailure(_ place: StatePlace) -> Bool {
    let bounds = [
      "ToleratedFailurePercentage", "ToleratedFailureCount", "ToleratedFailurePercentagePath",
      "ToleratedFailureCountPath",
    ]
    return bounds.contains { bound in
      place.body[bound].map { $0.text != "0" } ?? false
    }
  }
}
