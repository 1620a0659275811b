/// Executions of n8n: as its interface gives them, with their data, and as its database keeps them (`flatted`).
///
/// Which node ran when with which items; the workflow that ran stands beside it.
/// https://docs.n8n.io/api/api-reference/#tag/execution
package enum N8nExecution: LogReader {
  package static let format = "n8n-execution"
  package static let isUnmistakable = true
  package static let envelope = EventSchema.Envelope()

  package static let marks = ["runData", "resultData", "resultData\\"]
  package static let beginsAnyhow = true

  package static func recognizes(_ head: Span<UInt8>) -> Bool {
    // A text that goes on behind the first bytes is in no value of theirs.
    LogHead.contains("\\\"resultData\\\"", in: head)
      || HeadValues.contain(in: head) { root in
        executions(root).contains { execution in
          let data = execution.isList ? execution : execution["data"] ?? execution
          return data.elements.first?["resultData"].map { $0.isObject || $0.text != nil } ?? false
        }
      }
  }

  package static func read(_ input: inout LogInput, into feed: inout LogFeed) {
    var executions = 0
    DocumentFeed.read(&input, into: &feed) { part, feed in
      for execution in Self.executions(part.document.root) {
        executions += 1
        if let run = run(execution, part, number: executions) { feed.take(run) }
      }
    }
  }

  private static func executions(_ root: JSONItem) -> [JSONItem] {
    // The interface of its own pages puts an answer's one execution where another has the data.
    if let inner = root["data"], inner.isObject, inner["data"] != nil { return [inner] }
    if root["resultData"] != nil || root["data"]?.isObject == true || root["data"]?.text != nil {
      return [root]
    }
    if let list = root.first("data", "results"), list.isList { return list.items }
    guard root.isList else { return [root] }
    // A flatted document is a list whose texts are places in it.
    return root.items.first?["resultData"]?.text != nil ? [root] : root.items
  }

  private static func run(
    _ execution: JSONItem, _ part: DocumentFeed.Part, number: Int
  ) -> RecordedRun? {
    let data = execution.isList ? execution : execution["data"] ?? execution
    let content = data.isList ? Flatted.unfolded(data) : data.unwrapped.flatMap(Flatted.plain)
    guard let content, let runs = content["resultData"]?["runData"], runs.isObject else {
      return nil
    }
    let workflow = execution["workflowData"]?.unwrapped
    var run = RecordedRun(
      engine: "n8n", workflow: workflow?["name"]?.text ?? "",
      identifier: execution["id"]?.scalar ?? "execution \(number)")
    let whole = part.place(of: execution)
    // Places are known only where the data stands in the file as it is.
    let isInFile = content.document === part.document
    var nodes: [String: JSONItem] = [:]
    for node in workflow?["nodes"]?.items ?? [] {
      if let name = node["name"]?.text { nodes[name] = node }
    }
    var found: [Turn] = []
    for node in runs.members {
      let name = node.key
      for (index, turn) in node.items.enumerated() where !turn.isPartial {
        found.append(
          Turn(
            node: name, index: index, item: turn,
            order: turn["executionIndex"]?.scalar.flatMap { Int($0) },
            start: turn["startTime"]?.scalar.flatMap { Double($0) } ?? 0,
            place: isInFile ? part.place(of: turn) : whole))
      }
    }
    found.sort { left, right in
      if let left = left.order, let right = right.order { return left < right }
      return left.start < right.start
    }
    for (number, turn) in found.enumerated() {
      run.steps += steps(
        turn, after: run.steps.count * 2, nodes[turn.node], runs, found[(number + 1)...])
    }
    return run
  }

  /// One run of a node.
  private struct Turn {
    var node: String
    var index: Int
    var item: JSONItem
    var order: Int?
    var start: Double
    var place: RecordPlace

    var source: (node: String, run: Int, output: Int)? {
      guard let source = item["source"]?.items.first, let node = source["previousNode"]?.text else {
        return nil
      }
      return (
        node, source["previousNodeRun"]?.scalar.flatMap { Int($0) } ?? 0,
        source["previousNodeOutput"]?.scalar.flatMap { Int($0) } ?? 0
      )
    }
  }

  /// So many items of a run are told apart.
  private static let mostItems = 4096

  /// A node runs once for each item that comes in.
  private static func steps(
    _ turn: Turn, after sequence: Int, _ node: JSONItem?, _ runs: JSONItem,
    _ later: ArraySlice<Turn>
  ) -> [RecordedStep] {
    let inputs =
      turn.source.map { source in
        items(of: runs.member(named: source.node), run: source.run, output: source.output)
      } ?? []
    let next = later.filter { $0.source?.node == turn.node && $0.source?.run == turn.index }
    let results = results(of: turn, for: inputs.count)
    return (0..<max(1, min(inputs.count, mostItems))).map { item in
      let found = results[item] ?? []
      let taken =
        inputs.count > 1
        ? found.first.flatMap { one in next.first { $0.source?.output == one.output } }
        : next.first
      return step(
        turn, sequence + item * 2, node, input: inputs.indices.contains(item) ? inputs[item] : nil,
        result: list(found.compactMap { $0.item["json"] }), taken: taken?.node)
    }
  }

  /// What a run gave for each of so many items, with the number of the output that it left through.
  private static func results(
    of turn: Turn, for count: Int
  ) -> [Int: [(output: Int, item: JSONItem)]] {
    var results: [Int: [(output: Int, item: JSONItem)]] = [:]
    for (output, items) in (turn.item["data"]?["main"]?.items ?? []).enumerated() {
      for (place, item) in items.items.enumerated() {
        let paired = item["pairedItem"]?.elements.first
        let origin = (paired?["item"] ?? paired)?.scalar.flatMap { Int($0) } ?? place
        results[max(0, min(origin, count - 1)), default: []].append((output, item))
      }
    }
    return results
  }

  /// One value by itself, several as a list.
  private static func list(_ items: [JSONItem]) -> JSONItem? {
    if items.count < 2 { return items.first }
    let elements = items.map(\.source).joined(separator: [0x2C])
    return JSONDocument([0x5B] + elements + [0x5D])?.root
  }

  private static func step(
    _ turn: Turn, _ sequence: Int, _ node: JSONItem?, input: JSONItem?, result: JSONItem?,
    taken: String?
  ) -> RecordedStep {
    let type = node?["type"]?.text ?? ""
    let start = turn.item["startTime"].map { Array($0.source) }
    let begin = RecordedStep.Moment(sequence: sequence, time: start, place: turn.place)
    var kind = RecordedStep.Kind.call(kind: "node", name: type)
    if ["n8n-nodes-base.if", "n8n-nodes-base.switch", "n8n-nodes-base.filter"].contains(type) {
      kind = .decision(taken: taken ?? "")
    } else if type.hasSuffix("Trigger") || type == "n8n-nodes-base.webhook" {
      kind = .message
    }
    var step = RecordedStep(name: turn.node, kind: kind, begin: begin)
    step.argumentPrefix = "parameters"
    if case .decision = kind {
      // A decision may read any part of what came in.
      step.arguments = input
    } else {
      step.arguments = N8nParameters(node: node?["parameters"], input: input).resolved
    }
    if type == "n8n-nodes-base.httpRequest", let address = step.arguments?["url"]?.text {
      step.request = RecordedStep.Request(
        method: step.arguments?.first("method", "requestMethod")?.text ?? "GET", address: address,
        body: step.arguments?.first("jsonBody", "body", "bodyParameters")?.unwrapped)
    }
    if turn.item["error"] == nil || turn.item["error"]?.isNull == true {
      step.result = result
      var end = begin
      end.sequence += 1
      if let begun = turn.item["startTime"]?.scalar.flatMap({ Int64($0) }),
        let took = turn.item["executionTime"]?.scalar.flatMap({ Int64($0) })
      {
        let (sum, overflow) = begun.addingReportingOverflow(took)
        if !overflow { end.time = Array(String(sum).utf8) }
      }
      step.end = end
    }
    return step
  }

  private static func items(of node: JSONItem?, run: Int, output: Int) -> [JSONItem] {
    guard let turns = node?.items, turns.indices.contains(run),
      let outputs = turns[run]["data"]?["main"]?.items, outputs.indices.contains(output)
    else { return [] }
    return outputs[output].items.compactMap { $0["json"] }
  }
}

/// A node's parameters with the values of the simplest expressions: what the item that came in holds.
private struct N8nParameters {
  let node: JSONItem?
  let input: JSONItem?

  var resolved: JSONItem? {
    guard let node else { return input }
    var bytes: [UInt8] = []
    var reads = false
    write(node, to: &bytes, &reads)
    // A node without expressions works on the whole item.
    guard !reads, let input, let own = JSONDocument(bytes)?.root, own.isObject else {
      return JSONDocument(bytes)?.root
    }
    var object = CanonicalObject()
    object.addMembers(of: own)
    object.add("item", json: input.source)
    object.close()
    return JSONDocument(object.bytes)?.root
  }

  private func write(_ item: JSONItem, to bytes: inout [UInt8], _ reads: inout Bool) {
    switch item.kind {
    case .object:
      bytes.append(0x7B)
      for (index, member) in item.members.enumerated() {
        if index > 0 { bytes.append(0x2C) }
        bytes += CanonicalObject.quoted(member.key) + [0x3A]
        write(member, to: &bytes, &reads)
      }
      bytes.append(0x7D)
    case .list:
      bytes.append(0x5B)
      for (index, element) in item.items.enumerated() {
        if index > 0 { bytes.append(0x2C) }
        write(element, to: &bytes, &reads)
      }
      bytes.append(0x5D)
    case .text:
      guard let text = item.text, text.hasPrefix("="), text.contains("{{") else {
        bytes += item.source
        return
      }
      reads = true
      bytes += CanonicalObject.quoted(expanded(String(text.dropFirst())))
    case .null, .yes, .no, .number: bytes += item.source
    }
  }

  /// `{{ $json.a.b }}` by its value; any other expression stays as it is written.
  private func expanded(_ text: String) -> String {
    var result = ""
    var rest = Substring(text)
    while let open = rest.firstRange(of: "{{"),
      let close = rest[open.upperBound...].firstRange(of: "}}")
    {
      result += rest[..<open.lowerBound]
      let expression = rest[open.upperBound..<close.lowerBound].filter { $0 != " " }
      result += value(expression) ?? String(rest[open.lowerBound..<close.upperBound])
      rest = rest[close.upperBound...]
    }
    return result + rest
  }

  private func value(_ expression: String) -> String? {
    var path = Substring(expression)
    if path.hasPrefix("JSON.stringify("), path.hasSuffix(")") {
      path = path.dropFirst("JSON.stringify(".count).dropLast()
    }
    guard path.hasPrefix("$json"), var item = input else { return nil }
    path = path.dropFirst("$json".count)
    let parts = path.split { ".[]\"'".contains($0) }
    for part in parts {
      guard let next = item.member(named: String(part)) else { return nil }
      item = next
    }
    return item.scalar ?? String(decoding: item.source, as: UTF8.self)
  }
}

extension Substring {
  fileprivate func firstRange(of text: String) -> Range<Index>? {
    var start = startIndex
    while start < endIndex {
      if self[start...].hasPrefix(text) {
        return start..<(index(start, offsetBy: text.count, limitedBy: endIndex) ?? endIndex)
      }
      start = index(after: start)
    }
    return nil
  }
}

/// The `flatted` form of JSON: a list in which every text inside an object or a list is the place of its value.
private enum Flatted {
  /// A bound on values that are meant many times.
  private static let largest = 16 << 20
  private static let deepest = 64

  /// An object as it is, a list unfolded.
  static func plain(_ item: JSONItem) -> JSONItem? { item.isList ? unfolded(item) : item }

  static func unfolded(_ list: JSONItem) -> JSONItem? {
    let values = list.items
    var bytes: [UInt8] = []
    guard let first = values.first else { return nil }
    write(first, values, 0, &bytes)
    return bytes.count > largest ? nil : JSONDocument(bytes)?.root
  }

  private static func write(
    _ item: JSONItem, _ values: [JSONItem], _ depth: Int, _ bytes: inout [UInt8]
  ) {
    if bytes.count > largest { return }
    switch item.kind {
    case .object:
      bytes.append(0x7B)
      for (index, member) in item.members.enumerated() {
        if index > 0 { bytes.append(0x2C) }
        bytes += CanonicalObject.quoted(member.key) + [0x3A]
        follow(member, values, depth, &bytes)
      }
      bytes.append(0x7D)
    case .list:
      bytes.append(0x5B)
      for (index, element) in item.items.enumerated() {
        if index > 0 { bytes.append(0x2C) }
        follow(element, values, depth, &bytes)
      }
      bytes.append(0x5D)
    case .null, .yes, .no, .number, .text: bytes += item.source
    }
  }

  private static func follow(
    _ item: JSONItem, _ values: [JSONItem], _ depth: Int, _ bytes: inout [UInt8]
  ) {
    guard item.kind == .text else { return write(item, values, depth, &bytes) }
    guard let place = item.text.flatMap({ Int($0) }), values.indices.contains(place),
      depth < deepest
    else {
      bytes += Array("null".utf8)
      return
    }
    write(values[place], values, depth + 1, &bytes)
  }
}
