import SourceText

/// A node of a Dify graph.
struct DifyNode {
  var id: String
  /// `llm`, `if-else`, `http-request`.
  var kind: String
  var title: String
  var data: Node
  /// The iteration or loop it stands in.
  var parent: String?
  /// Where its title is written, else the node.
  var place: Node
}

/// A Dify app: its nodes, and the ways between them.
struct DifyApp {
  /// A way from a handle of a node to another node, by index.
  struct Link {
    var from: Int
    var handle: String
    var to: Int
  }

  let root: Node
  let name: String
  private(set) var nodes: [DifyNode] = []
  private(set) var index: [String: Int] = [:]
  private(set) var links: [Link] = []
  /// Edges that name a node which is not there.
  private(set) var lostEnds: [(from: Int?, text: String, place: Node)] = []

  init(_ root: Node) {
    self.root = root
    name = root["app"]?["name"]?.text ?? ""
    let graph = root["workflow"]?["graph"]
    for item in graph?["nodes"]?.items ?? [] {
      guard let id = item["id"]?.text, let data = item["data"], let kind = data["type"]?.text,
        !kind.isEmpty
      else { continue }
      let title = data["title"]?.text ?? ""
      let parent =
        item["parentId"] ?? item["parent_node_id"] ?? data["iteration_id"] ?? data["loop_id"]
      nodes.append(
        DifyNode(
          id: id, kind: kind, title: title.isEmpty ? kind : title, data: data,
          parent: parent?.text.flatMap { $0.isEmpty ? nil : $0 },
          place: title.isEmpty ? data["type"] ?? item : data["title"] ?? item))
      if index[id] == nil { index[id] = nodes.count - 1 }
    }
    for edge in graph?["edges"]?.items ?? [] {
      guard let source = edge["source"], let target = edge["target"], let from = source.text,
        let to = target.text
      else { continue }
      guard let fromIndex = index[from] else {
        lostEnds.append((nil, from, source))
        continue
      }
      guard let toIndex = index[to] else {
        lostEnds.append((fromIndex, to, target))
        continue
      }
      links.append(
        Link(from: fromIndex, handle: edge["sourceHandle"]?.text ?? "source", to: toIndex))
    }
  }
}
