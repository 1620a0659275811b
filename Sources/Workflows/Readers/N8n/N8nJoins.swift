/// Whether a Merge node waits for all of its inputs, or gets its items through one of them at a time.
struct N8nJoins {
  let names: N8nNames
  let export: N8nExport

  /// How far back two inputs are compared; further than that they count as exclusive, which proves less.
  private static let horizon = 400

  /// What lies behind an input: the outputs by which each node is left, and where it all started.
  private struct Past {
    var outputs: [Int: Set<Int>] = [:]
    var starts: Set<Int> = []
  }

  func waits(at merge: Int) -> Bool {
    let incoming = names.incoming[merge]
    let inputs = Set(incoming.map(\.input)).sorted()
    guard inputs.count > 1 else { return false }
    var pasts: [Past] = []
    for input in inputs.prefix(16) {
      guard let past = past(of: incoming.filter { $0.input == input }, before: merge) else {
        return false
      }
      pasts.append(past)
    }
    for (index, first) in pasts.enumerated() {
      for second in pasts[(index + 1)...] where areExclusive(first, second) { return false }
    }
    return true
  }

  private func past(of links: [N8nExport.Link], before merge: Int) -> Past? {
    var past = Past()
    var open = links
    var seen: Set<Int> = []
    while let link = open.popLast() {
      past.outputs[link.from, default: []].insert(link.output)
      guard link.from != merge, seen.insert(link.from).inserted else { continue }
      if seen.count > Self.horizon { return nil }
      let before = names.incoming[link.from]
      if before.isEmpty { past.starts.insert(link.from) }
      open += before
    }
    return past
  }

  private func areExclusive(_ first: Past, _ second: Past) -> Bool {
    if first.starts.isDisjoint(with: second.starts) { return true }
    for (node, outputs) in first.outputs {
      guard let others = second.outputs[node], outputs.isDisjoint(with: others) else { continue }
      return true
    }
    return false
  }
}
