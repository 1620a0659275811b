/// Whether a Merge node waits for all of its inputs, or gets its items through one of them at a time.
struct N8nJoins {
  private let names: N8nNames
  private let joins: ParallelJoins

  init(names: N8nNames) {
    self.names = names
    joins = ParallelJoins(
      incoming: names.incoming.map { links in
        links.map { ParallelJoins.Way(from: $0.from, exit: $0.output) }
      })
  }

  func waits(at merge: Int) -> Bool {
    let incoming = names.incoming[merge]
    let inputs = Set(incoming.map(\.input)).sorted()
    let groups = inputs.prefix(16).map { input in
      incoming.filter { $0.input == input }
        .map { ParallelJoins.Way(from: $0.from, exit: $0.output) }
    }
    return joins.waits(at: merge, for: groups)
  }
}
