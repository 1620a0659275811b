/// The loops of an export: its strongly connected nodes (Tarjan's algorithm, without recursion).
struct N8nRegions {
  private var region: [Int]
  private var size: [Int: Int] = [:]

  init(count: Int, links: [[N8nExport.Link]]) {
    region = Array(repeating: -1, count: count)
    var order = Array(repeating: -1, count: count)
    var lowest = order
    var stack: [Int] = []
    var isOnStack = Array(repeating: false, count: count)
    var next = 0
    var regions = 0
    for start in 0..<count where order[start] < 0 {
      var work: [(node: Int, link: Int)] = [(start, 0)]
      while let (node, link) = work.last {
        if link == 0 {
          order[node] = next
          lowest[node] = next
          next += 1
          stack.append(node)
          isOnStack[node] = true
        }
        if link < links[node].count {
          work[work.count - 1].link += 1
          let target = links[node][link].to
          if order[target] < 0 {
            work.append((target, 0))
          } else if isOnStack[target] {
            lowest[node] = min(lowest[node], order[target])
          }
          continue
        }
        work.removeLast()
        if let parent = work.last { lowest[parent.node] = min(lowest[parent.node], lowest[node]) }
        guard lowest[node] == order[node] else { continue }
        while let member = stack.popLast() {
          isOnStack[member] = false
          region[member] = regions
          size[regions, default: 0] += 1
          if member == node { break }
        }
        regions += 1
      }
    }
  }

  /// Whether the link leads from a loop into the same loop.
  func stays(_ link: N8nExport.Link) -> Bool { region[link.from] == region[link.to] }

  /// Whether the link leads out of a loop.
  func leaves(_ link: N8nExport.Link) -> Bool {
    region[link.from] != region[link.to] && size[region[link.from], default: 0] > 1
  }
}
