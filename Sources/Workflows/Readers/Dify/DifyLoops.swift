import Expressions
import SourceText

/// Iterations over a list, and loops that end on a condition.
extension DifyGraph {
  /// The variable of an iteration holds its element while it runs, and what came out afterwards.
  mutating func iterate(_ index: Int, _ node: DifyNode, _ step: Int) {
    let list = names.value(ofSelector: node.data["iterator_selector"], step: step)
    let element = Value.record([
      .init("item", list.selecting([.element])), .init("index", .unknown([])),
    ])
    write(element, of: node, at: step)
    let exit = addExit(of: index, node)
    let output = names.value(ofSelector: node.data["output_selector"], step: exit)
    write(.record([.init("output", .list([output]))]), of: node, at: exit)
  }

  private mutating func addExit(of index: Int, _ node: DifyNode) -> Int {
    let exit = builder.add(
      Step(
        name: node.title, route: "nodes." + node.id, part: 1, kind: .control,
        location: location(node.place)))
    exits[index] = exit
    successes[index] = [LooseEnd(exit)]
    return exit
  }

  mutating func declareLoop(_ index: Int, _ node: DifyNode, _ step: Int) {
    var fields: [Value.Field] = []
    for item in node.data["loop_variables"]?.items ?? [] {
      guard let label = item["label"]?.text else { continue }
      let value =
        item["value_type"]?.text == "variable"
        ? names.value(ofSelector: item["value"], step: step)
        : names.text(item["value"], step: step)
      fields.append(.init(label, value))
    }
    write(.record(fields), of: node, at: step)
    _ = addExit(of: index, node)
  }

  /// Connects a container with what stands inside, and moves its own way out behind that.
  mutating func connectBody(_ index: Int, _ node: DifyNode, _ children: [Int]) {
    guard let head = heads[index] else { return }
    let starts = children.filter { child in
      ["iteration-start", "loop-start"].contains(app.nodes[child].kind)
        || app.nodes[child].id == node.data["start_node_id"]?.text
    }
    guard !starts.isEmpty else {
      if let exit = exits[index] { builder.connect(head, to: exit) }
      return
    }
    for child in starts { if let start = heads[child] { builder.connect(head, to: start) } }
    var ends: [LooseEnd] = []
    var leaves: [LooseEnd] = []
    for child in children {
      let inner = app.nodes[child]
      if inner.kind == "loop-end" {
        leaves += successes[child]
        continue
      }
      ends += openEnds(of: child, inner)
    }
    let exit = exits[index] ?? head
    if node.kind == "iteration" {
      builder.connect(ends, toNextElementAt: head)
      builder.connect(ends, to: exit)
      // No element at all: the body is passed by.
      let list = names.value(ofSelector: node.data["iterator_selector"], step: head)
      builder.connect(head, past: list, to: exit)
      return
    }
    connectRounds(node, head: head, exit: exit, ends: ends)
    builder.connect(leaves, to: exit)
  }

  /// The ways out of a node that lead nowhere inside its container.
  private func openEnds(of child: Int, _ node: DifyNode) -> [LooseEnd] {
    guard let ways = routes[child] else {
      return outgoing[child].contains { $0.handle != Self.failureHandle } ? [] : successes[child]
    }
    let taken = Set(outgoing[child].map(\.handle))
    return ways.keys.sorted().filter { !taken.contains($0) }
      .flatMap { ends(of: child, node, handle: $0) }
  }

  /// The end of a round: the condition to break, another round, or no more rounds.
  private mutating func connectRounds(
    _ node: DifyNode, head: Int, exit: Int, ends: [LooseEnd]
  ) {
    guard !ends.isEmpty else { return }
    let list = node.data["break_conditions"]
    guard let list, !list.items.isEmpty else {
      builder.connect(ends, to: head)
      builder.connect(ends, to: exit)
      return
    }
    let conditions = DifyConditions(names: names, step: head)
    let condition = conditions.all(list, node.data["logical_operator"])
    let place = location(conditions.place(of: list))
    let step = builder.add(
      Step(
        name: node.title, route: "nodes." + node.id + ".break_conditions", kind: .branch,
        decisions: [Step.Decision(condition, at: place)], location: place))
    builder.connect(ends, to: step)
    builder.connect(step, to: exit, when: [.init(0, true)])
    builder.connect(step, to: head, when: [.init(0, false)])
    // After the last round the flow goes on all the same.
    builder.connect(step, to: exit, on: .timeout, when: [.init(0, false)])
  }
}
