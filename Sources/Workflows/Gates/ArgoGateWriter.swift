import Expressions
package import SourceText

/// Writes gates as the `when` of a step or task.
package enum ArgoGateWriter: GateWriter {
  package static func gates(
    for request: GateRequest, in document: Node, of file: SourceFile
  ) -> [Gate] {
    ArgoGateSite.sites(in: document, on: request.step.route).flatMap { site -> [Gate] in
      let conditions =
        request.successes.flatMap { site.success(of: $0.route) }.map { ($0, true) }
        + request.places.flatMap { place in
          site.conditions(for: place).map { ($0, place.canArrive) }
        }
      return conditions.compactMap { condition, canArrive in
        guard let edits = site.edits(requiring: condition, EntryInsertion(file: file)) else {
          return nil
        }
        return Gate("`\(condition.alone)`", canArrive: canArrive, edits: edits)
      }
    }
  }
}

/// A condition in the two languages that a `when` can hold.
private struct ArgoCondition {
  /// With the values put into the text before it is read.
  var text: String?
  /// As an expression: `{{=…}}`.
  var expression: String

  /// Where nothing else is asked.
  var alone: String { text ?? "{{=\(expression)}}" }
}

/// A step or task that leads to the step in question, with its siblings.
private struct ArgoGateSite {
  private let task: Node
  private let siblings: Set<String>
  /// What its siblings are called: `steps` or `tasks`.
  private let kind: String

  /// The sites along a route, the innermost first.
  static func sites(in document: Node, on route: String) -> [ArgoGateSite] {
    var sites: [(depth: Int, site: ArgoGateSite)] = []
    let specification = document["spec"]
    let templates =
      specification?["templates"] ?? specification?["workflowSpec"]?["templates"]
      ?? specification?["workflowTemplate"]?["templates"]
    for template in templates?.items ?? [] {
      let groups = template["steps"]?.items ?? []
      let steps = groups.flatMap { group in
        group.items.isEmpty ? group["steps"]?.items ?? [group] : group.items
      }
      let tasks = template["dag"]?["tasks"]?.items ?? []
      for (nodes, key, kind) in [(steps, "steps", "steps"), (tasks, "dag", "tasks")] {
        let names = Set(nodes.compactMap { $0["name"]?.text })
        for node in nodes {
          guard let name = node["name"]?.text,
            let depth = depth(of: ".\(key).\(name)", in: route)
          else { continue }
          sites.append((depth, ArgoGateSite(task: node, siblings: names, kind: kind)))
        }
      }
    }
    return sites.sorted { $0.depth > $1.depth }.map(\.site)
  }

  /// How far into the route a part of it stands.
  private static func depth(of part: String, in route: String) -> Int? {
    let route = Array(route.utf8)
    let part = Array(part.utf8)
    guard route.count >= part.count else { return nil }
    for start in stride(from: route.count - part.count, through: 0, by: -1)
    where route[start..<(start + part.count)].elementsEqual(part) {
      let end = start + part.count
      if end == route.count || route[end] == UInt8(ascii: ".") { return start }
    }
    return nil
  }

  /// What holds where the proof is there, the shortest first.
  func conditions(for place: ProofPlace) -> [ArgoCondition] {
    guard let last = place.variable.name.parts(by: "/").last,
      let sibling = String(last).suffix(after: "steps."), siblings.contains(sibling),
      sibling.utf8.allSatisfy(Self.isPlain)
    else { return [] }
    let names = place.path.compactMap { if case .field(let name) = $0 { name } else { nil } }
    guard names.count == place.path.count, names.first == "outputs",
      names.allSatisfy({ $0.utf8.allSatisfy(Self.isPlain) }), names.count > 1
    else { return [] }
    if names[1] == "result", names.count > 2 {
      let path = names.dropFirst(2).joined(separator: ".")
      let read = "jsonpath(\(kind)['\(sibling)'].outputs.result, '$.\(path)')"
      return [ArgoCondition(expression: "\(read) != nil")]
    }
    guard names.count == 2 && names[1] == "result" || names.count == 3 && names[1] == "parameters"
    else { return [] }
    let text = "'{{\(kind).\(sibling).\(names.joined(separator: "."))}}'"
    let parameter = names.count == 3 ? "parameters['\(names[2])']" : "result"
    let read = "\(kind)['\(sibling)'].outputs.\(parameter)"
    return [
      ArgoCondition(text: "\(text) != ''", expression: "\(read) != ''"),
      ArgoCondition(
        text: "\(text) != '' && \(text) != 'null'",
        expression: "\(read) != '' && \(read) != 'null'"),
    ]
  }

  /// The condition that a sibling has succeeded.
  func success(of route: String) -> [ArgoCondition] {
    guard let sibling = siblings.first(where: { route.hasSuffix(".\($0)") }),
      sibling.utf8.allSatisfy(Self.isPlain), task["name"]?.text != sibling
    else { return [] }
    return [
      ArgoCondition(
        text: "'{{\(kind).\(sibling).status}}' == 'Succeeded'",
        expression: "\(kind)['\(sibling)'].status == 'Succeeded'")
    ]
  }

  private static func isPlain(_ byte: UInt8) -> Bool {
    (0x61...0x7a).contains(byte | 0x20) || (0x30...0x39).contains(byte) || byte == 0x5f
      || byte == 0x2d
  }

  func edits(requiring condition: ArgoCondition, _ insertion: EntryInsertion) -> [TextEdit]? {
    guard case .mapping(let entries) = task.content, task.anchor == nil else { return nil }
    let own = entries.filter { $0.key.text == "when" }
    if own.count == 1 { return composing(condition, with: own[0].value) }
    guard own.isEmpty, task["when"] == nil,
      let next = entries.first(where: { $0.key.text != "name" })
    else { return nil }
    let text = "when: \"\(condition.alone)\""
    return insertion.edit(text, before: next, in: task).map { [$0] }
  }

  private func composing(_ condition: ArgoCondition, with node: Node) -> [TextEdit]? {
    guard case .scalar(let scalar) = node.content, node.isWritten, node.tag == nil, !node.isNull
    else { return nil }
    let bytes = Array(scalar.text.utf8)
    var start = 0
    var end = bytes.count
    func trim() {
      while start < end, bytes[start] <= 0x20 { start += 1 }
      while end > start, bytes[end - 1] <= 0x20 { end -= 1 }
    }
    trim()
    var addition = " && \(condition.alone)"
    if scalar.text.holds("{{=") {
      // Only where the whole is one expression can another one stand beside it.
      guard bytes[start..<end].starts(with: Array("{{=".utf8)),
        bytes[start..<end].suffix(2).elementsEqual(Array("}}".utf8)),
        scalar.text.split(separator: "{{", omittingEmptySubsequences: false).count == 2
      else { return nil }
      start += 3
      end -= 2
      trim()
      addition = " && \(condition.expression)"
    }
    guard start < end else { return nil }
    if scalar.style == .singleQuoted {
      addition = addition.split(separator: "'", omittingEmptySubsequences: false)
        .joined(separator: "''")
    }
    // At the end, since a plain text cannot begin with a quote.
    let last = node.fileRange(ofText: ByteRange(end - 1, end)).end
    let inner = String(decoding: bytes[start..<end], as: UTF8.self)
    guard inner.holds("||") || inner.contains("?") else {
      return [TextEdit(ByteRange(last, last), addition)]
    }
    let first = node.fileRange(ofText: ByteRange(start, start + 1)).start
    return [
      TextEdit(ByteRange(first, first), "("), TextEdit(ByteRange(last, last), ")" + addition),
    ]
  }
}
