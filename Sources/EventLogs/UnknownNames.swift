/// Names that nothing speaks of, with how often each was met.
package struct UnknownNames: Sendable {
  /// Names beyond these are counted together: a producer may make up a new one for each line.
  private static let most = 1000

  package private(set) var counts: [String: Int] = [:]
  /// How many had a name beyond those that are told apart.
  package private(set) var beyond = 0

  package init() {}

  package mutating func add(_ name: String, count: Int = 1) {
    if counts[name] == nil && counts.count >= UnknownNames.most {
      beyond += count
    } else {
      counts[name, default: 0] += count
    }
  }

  package mutating func add(_ others: UnknownNames) {
    for (name, count) in others.counts.sorted(by: { $0.key < $1.key }) { add(name, count: count) }
    beyond += others.beyond
  }

  package var total: Int { counts.values.reduce(beyond, +) }
}
