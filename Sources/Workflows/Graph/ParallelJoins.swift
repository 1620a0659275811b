/// Whether ways that meet at a node can have been taken together, in an engine that draws no join.
struct ParallelJoins {
  /// A way into a node: the node it comes from, and through which of its exits.
  struct Way: Hashable {
    var from: Int
    var exit: Int
  }

  /// The ways into each node.
  let incoming: [[Way]]

  /// How far back two ways are compared; further than that they count as exclusive, which proves less.
  private static let horizon = 400
  /// Most groups of ways compared with each other.
  private static let mostGroups = 16

  /// What lies behind a way: the exits by which each node is left, and where it all started.
  private struct Past {
    var exits: [Int: Set<Int>] = [:]
    var starts: Set<Int> = []
  }

  /// Whether a node waits for all of these groups of ways into it: no two of them exclude each other.
  func waits(at node: Int, for groups: [[Way]]) -> Bool {
    guard groups.count > 1, groups.count <= Self.mostGroups else { return false }
    var pasts: [Past] = []
    for group in groups {
      guard let past = past(of: group, before: node) else { return false }
      pasts.append(past)
    }
    for (index, first) in pasts.enumerated() {
      for second in pasts[(index + 1)...] where areExclusive(first, second) { return false }
    }
    return true
  }

  private func past(of ways: [Way], before node: Int) -> Past? {
    var past = Past()
    var open = ways
    var seen: Set<Int> = []
    while let way = open.popLast() {
      past.exits[way.from, default: []].insert(way.exit)
      guard way.from != node, seen.insert(way.from).inserted else { continue }
      if seen.count > Self.horizon { return nil }
      let before = incoming[way.from]
      if before.isEmpty { past.starts.insert(way.from) }
      open += before
    }
    return past
  }

  private func areExclusive(_ first: Past, _ second: Past) -> Bool {
    if first.starts.isDisjoint(with: second.starts) { return true }
    for (node, exits) in first.exits {
      guard let others = second.exits[node], exits.isDisjoint(with: others) else { continue }
      return true
    }
    return false
  }
}
