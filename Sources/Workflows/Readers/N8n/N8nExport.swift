import SourceText

/// A node of an n8n export; handed around as one reference, since every pass goes through all of them.
final class N8nNode {
  let name: String
  fileprivate(set) var type: String {
    didSet { kind = Self.kind(of: type) }
  }
  /// The type without its package: `n8n-nodes-base.if` is `if`.
  private(set) var kind: String
  let version: Double
  /// The whole node.
  let node: Node
  let parameters: Node?
  let isDisabled: Bool

  init(
    name: String, type: String, version: Double, node: Node, parameters: Node?, isDisabled: Bool
  ) {
    self.name = name
    self.type = type
    kind = Self.kind(of: type)
    self.version = version
    self.node = node
    self.parameters = parameters
    self.isDisabled = isDisabled
  }

  private static func kind(of type: String) -> String { String(type.lastPart(by: ".")) }

  /// Where the node's name is written.
  var place: Node { node["name"] ?? node }

  func parameter(_ path: String...) -> Node? {
    var node = parameters
    for key in path { node = node?[key] }
    return node
  }

  /// A parameter's text as written; a number or boolean, too.
  func text(_ path: String...) -> String? {
    var node = parameters
    for key in path { node = node?[key] }
    guard let node, !node.isNull else { return nil }
    return node.text
  }

  func isTrue(_ key: String) -> Bool { node[key]?.text == "true" }
}

/// An n8n export: its nodes, and the links between them.
struct N8nExport {
  /// A way from an output of a node to an input of another, by index.
  struct Link {
    var from: Int
    var output: Int
    var to: Int
    var input: Int
    /// `main`, or `ai_tool` and the like.
    var type: String
  }

  /// An end of a connection that names no node.
  struct LostEnd {
    var from: Int?
    var text: String
    var place: Node
  }

  let path: String
  let root: Node
  private(set) var nodes: [N8nNode] = []
  private(set) var index: [String: Int] = [:]
  private(set) var links: [Link] = []
  private(set) var lostEnds: [LostEnd] = []

  init(_ root: Node, path: String) {
    self.root = root
    self.path = path
    var byIdentifier: [String: Int] = [:]
    for item in root["nodes"]?.items ?? [] {
      guard let type = item["type"]?.text, let name = item["name"]?.text ?? item["id"]?.text,
        !type.hasSuffix(".stickyNote")
      else { continue }
      nodes.append(
        N8nNode(
          name: name, type: type, version: Double(item["typeVersion"]?.text ?? "1") ?? 1,
          node: item, parameters: item["parameters"], isDisabled: item["disabled"]?.text == "true"))
      if index[name] == nil { index[name] = nodes.count - 1 }
      if let identifier = item["id"]?.text { byIdentifier[identifier] = nodes.count - 1 }
    }
    for source in root["connections"]?.entries ?? [] {
      guard let name = source.key.text else { continue }
      // Damaged exports use identifiers where names belong.
      let from = index[name] ?? byIdentifier[name]
      if from == nil, !source.value.entries.isEmpty {
        lostEnds.append(LostEnd(from: nil, text: name, place: source.key))
      }
      for type in source.value.entries {
        for (output, targets) in type.value.items.enumerated() {
          for target in targets.items {
            guard let node = target["node"], let targetName = node.text else { continue }
            guard let from else { continue }
            guard let to = index[targetName] ?? byIdentifier[targetName] else {
              lostEnds.append(LostEnd(from: from, text: targetName, place: node))
              continue
            }
            links.append(
              Link(
                from: from, output: output, to: to,
                input: Int(target["index"]?.text ?? "0") ?? 0, type: type.key.text ?? "main"))
          }
        }
      }
    }
    linkOwnRuns()
    nameTools()
  }

  /// A node that serves an agent as its tool has a type of its own for that: `n8n-nodes-base.gmailTool` is `gmail`.
  private mutating func nameTools() {
    for link in links where link.type == "ai_tool" {
      let type = nodes[link.from].type
      guard type.hasSuffix("Tool"), !type.hasPrefix("@n8n/n8n-nodes-langchain.") else { continue }
      nodes[link.from].type = String(type.dropLast("Tool".count))
    }
  }

  /// A workflow that runs itself goes on at its trigger for that.
  private mutating func linkOwnRuns() {
    guard let trigger = nodes.firstIndex(where: { N8nGraph.isForCalls($0) && !$0.isDisabled })
    else { return }
    for (from, node) in nodes.enumerated()
    where node.kind == "executeWorkflow" && N8nTarget(node).isOwn(of: self) {
      links.append(Link(from: from, output: 0, to: trigger, input: 0, type: "main"))
    }
  }
}
