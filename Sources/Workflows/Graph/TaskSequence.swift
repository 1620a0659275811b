/// Puts tasks into an order in which each comes after those it waits for.
enum TaskSequence {
  /// - Parameter waits: for each task, the indices of those it waits for.
  /// - Returns: the order, and the tasks that wait for themselves.
  static func ordered(_ waits: [[Int]]) -> (order: [Int], circular: [Int]) {
    var waiting = [Int](repeating: 0, count: waits.count)
    var dependents = [[Int]](repeating: [], count: waits.count)
    for (index, needed) in waits.enumerated() {
      for other in Set(needed) where waits.indices.contains(other) {
        waiting[index] += 1
        dependents[other].append(index)
      }
    }
    var order = waits.indices.filter { waiting[$0] == 0 }
    var next = 0
    while next < order.count {
      for dependent in dependents[order[next]] {
        waiting[dependent] -= 1
        if waiting[dependent] == 0 { order.append(dependent) }
      }
      next += 1
    }
    return (order, waits.indices.filter { waiting[$0] > 0 })
  }
}
