import Expressions
package import SourceText

/// Writes gates as an IF node on the way to a node; items without the proof go no further.
package enum N8nGateWriter: GateWriter {
  package static func gates(
    for request: GateRequest, in document: Node, of file: SourceFile
  ) -> [Gate] {
    // In a loop the next element would wait for an item that never comes back.
    guard !request.isInLoop, request.step.location.path == file.path,
      let site = N8nGateSite(document, holding: request.step, in: file)
    else { return [] }
    return request.places.flatMap { place -> [Gate] in
      site.ways.compactMap { ways in
        guard let read = site.expression(of: place, from: ways),
          let edits = site.edits(reading: read, on: ways)
        else { return nil }
        return Gate("`\(read)` is not empty", canArrive: place.canArrive, edits: edits)
      }
    }
  }
}

/// A node, and the connections that lead to it.
private struct N8nGateSite {
  private let file: SourceFile
  private let nodes: Node
  private let connections: Node
  private let node: Node
  private let name: String
  private let incoming: [Way]

  /// A connection's end.
  struct Way {
    var source: String
    var target: Node
    var index: Int
  }

  init?(_ document: Node, holding step: Step, in file: SourceFile) {
    self.file = file
    var export: Node?
    for candidate in N8nReader.exports(in: document)
    where candidate.range.contains(step.location.range) { export = candidate }
    guard let export, let nodes = export["nodes"], let connections = export["connections"],
      let node = nodes.items.first(where: { $0.range.contains(step.location.range) }),
      let name = node["name"]?.text,
      nodes.items.count(where: { $0["name"]?.text == name }) == 1,
      node["type"]?.text?.hasSuffix(".merge") == false, connections.isWritten,
      case .mapping = connections.content
    else { return nil }
    self.nodes = nodes
    self.connections = connections
    self.node = node
    self.name = name
    var incoming: [Way] = []
    for source in connections.entries {
      for type in source.value.entries where type.key.text == "main" {
        for targets in type.value.items {
          for target in targets.items where target["node"]?.text == name {
            incoming.append(
              Way(
                source: source.key.text ?? "", target: target,
                index: Int(target["index"]?.text ?? "0") ?? 0))
          }
        }
      }
    }
    self.incoming = incoming
  }

  /// Which connections to lead over the gate: each alone, then all.
  var ways: [[Way]] {
    guard incoming.allSatisfy({ $0.index == 0 }) else { return [] }
    return incoming.count > 1 ? incoming.map { [$0] } + [incoming] : incoming.map { [$0] }
  }

  func expression(of place: ProofPlace, from ways: [Way]) -> String? {
    guard let source = place.variable.name.suffix(after: "node:"), !source.contains("/input"),
      nodes.items.contains(where: { $0["name"]?.text == source })
    else { return nil }
    return N8nProofText.text(place, from: ways.allSatisfy { $0.source == source } ? source : nil)
  }

  // MARK: What is written

  func edits(reading expression: String, on ways: [Way]) -> [TextEdit]? {
    let gate = unusedName("Certificate for \(name)?")
    let insertion = NodeInsertion(file: file)
    guard let added = insertion.edit(item(gate, expression), before: node, in: nodes),
      let first = connections.entries.first,
      let connected = insertion.edit(
        [
          (
            gate,
            .record([
              (
                "main",
                .list([
                  .list([
                    .record([
                      ("node", .text(name)), ("type", .text("main")), ("index", .number("0")),
                    ])
                  ])
                ])
              )
            ])
          )
        ], before: first, in: connections)
    else { return nil }
    var edits = [added, connected]
    for way in ways {
      guard let target = way.target["node"], target.isWritten,
        case .scalar(let scalar) = target.content,
        let text = InsertedText.scalar(gate, as: scalar.style, isJSON: true)
      else { return nil }
      edits.append(TextEdit(target.range, text))
    }
    return edits
  }

  private func item(_ gate: String, _ expression: String) -> InsertedText {
    .record([
      (
        "parameters",
        .record([
          (
            "conditions",
            .record([
              (
                "options",
                .record([
                  ("caseSensitive", .boolean(true)), ("leftValue", .text("")),
                  ("typeValidation", .text("strict")), ("version", .number("2")),
                ])
              ),
              (
                "conditions",
                .list([
                  .record([
                    ("id", .text(unusedIdentifier(gate + "?"))),
                    ("leftValue", .text("={{ \(expression) }}")),
                    ("rightValue", .text("")),
                    (
                      "operator",
                      .record([
                        ("type", .text("string")), ("operation", .text("notEmpty")),
                        ("singleValue", .boolean(true)),
                      ])
                    ),
                  ])
                ])
              ),
              ("combinator", .text("and")),
            ])
          ),
          ("options", .record([])),
        ])
      ),
      ("id", .text(unusedIdentifier(gate))),
      ("name", .text(gate)),
      ("type", .text("n8n-nodes-base.if")),
      ("typeVersion", .number("2.2")),
      ("position", .list(position.map { .number(String($0)) })),
    ])
  }

  /// Before the node, as n8n draws from left to right.
  private var position: [Int] {
    let place = node["position"]?.items.compactMap { $0.text.flatMap { Double($0) } } ?? []
    guard place.count == 2, place.allSatisfy({ abs($0) < 1e9 }) else { return [0, 0] }
    return [Int(place[0]) - 110, Int(place[1])]
  }

  private func unusedName(_ wanted: String) -> String {
    let taken = Set(nodes.items.compactMap { $0["name"]?.text })
    if !taken.contains(wanted) { return wanted }
    let numbered = (2...(taken.count + 2)).lazy.map { "\(wanted) \($0)" }
    return numbered.first { !taken.contains($0) } ?? wanted
  }

  /// An identifier in the form that n8n gives nodes, the same for the same node.
  private func unusedIdentifier(_ seed: String) -> String {
    let taken = Set(nodes.items.compactMap { $0["id"]?.text })
    var salt = 0
    while true {
      let digits =
        Self.hexadecimal(Self.hash("\(seed)\u{0}\(salt)"))
        + Self.hexadecimal(Self.hash("\(salt)\u{0}\(seed)"))
      let parts = [0..<8, 8..<12, 12..<16, 16..<20, 20..<32].map { range in
        String(Array(digits)[range])
      }
      let identifier = parts.joined(separator: "-")
      if !taken.contains(identifier) { return identifier }
      salt += 1
    }
  }

  /// FNV-1a over 64 bits.
  private static func hash(_ text: String) -> UInt64 {
    text.utf8.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
  }

  private static func hexadecimal(_ number: UInt64) -> String {
    let digits = String(number, radix: 16)
    return String(repeating: "0", count: 16 - digits.utf8.count) + digits
  }
}

/// How n8n's expressions read a proof.
enum N8nProofText {
  /// `direct` is the node whose item the expression is given; others are named.
  static func text(_ place: ProofPlace, from direct: String?) -> String? {
    guard let source = place.variable.name.suffix(after: "node:"), !source.contains("/input"),
      !source.contains("\\")
    else { return nil }
    var text = "$json"
    if source != direct {
      let escaped = source.split(separator: "'", omittingEmptySubsequences: false)
        .joined(separator: "\\'")
      text = "$('\(escaped)').item.json"
    }
    for (index, component) in place.path(wrapped: { _ in [] }).enumerated() {
      // What wraps the proof may be missing altogether.
      let optional = index > 0
      switch component {
      case .field(let name) where isName(name): text += (optional ? "?." : ".") + name
      case .field(let name):
        if name.contains("'") || name.contains("\\") || name.contains("}}") { return nil }
        text += (optional ? "?." : "") + "['\(name)']"
      case .index(let number): text += (optional ? "?." : "") + "[\(number)]"
      case .every, .element, .some: return nil
      }
    }
    return text
  }

  private static func isName(_ text: String) -> Bool {
    guard let first = text.utf8.first, !(0x30...0x39).contains(first) else { return false }
    return text.utf8.allSatisfy { byte in
      (0x61...0x7a).contains(byte | 0x20) || (0x30...0x39).contains(byte) || byte == 0x5f
    }
  }
}
