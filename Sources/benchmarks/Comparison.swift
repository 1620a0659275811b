/// Several commands, run in turns so that whatever else the machine does meets all of them alike.
struct Comparison {
  /// Per command, in the order given.
  let costs: [[Cost]]

  /// Runs every command once to warm the caches, and then `rounds` times; `nil` where one cannot be started or crashes.
  init?(_ commands: [ChildProcess], rounds: Int) {
    var costs = [[Cost]](repeating: [], count: commands.count)
    for round in 0...rounds {
      for (index, command) in commands.enumerated() {
        guard let cost = command.run(), cost.status < 126 else { return nil }
        if round > 0 { costs[index].append(cost) }
      }
    }
    self.costs = costs
  }

  /// The least wall time of a command: noise only ever adds.
  func wall(_ command: Int) -> Double {
    costs[command].map(\.wallMilliseconds).min() ?? 0
  }

  /// The least CPU time of a command.
  func cpu(_ command: Int) -> Double {
    costs[command].map(\.cpuMilliseconds).min() ?? 0
  }

  func peak(_ command: Int) -> Double {
    costs[command].map(\.peakMebibytes).max() ?? 0
  }
}
