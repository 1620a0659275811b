import Synchronization

/// Does the same work on many items at a time, with results in the items' order.
enum WorkerPool {
  /// Below this many items a second worker costs more than it saves.
  private static let itemsWorthSharing = 8

  nonisolated(nonsending) static func map<Item: Sendable, Result: Sendable>(
    _ items: [Item], jobs: Int,
    notify: (@Sendable (_ done: Int, _ total: Int) -> Void)? = nil,
    _ work: @escaping @Sendable (Item) -> Result
  ) async -> [Result] {
    let workers = min(jobs, items.count / (itemsWorthSharing / 2))
    let next = Counter()
    guard workers > 1 else {
      return items.map { item in
        notify?(next.take(), items.count)
        return work(item)
      }
    }
    return await withTaskGroup(of: [(Int, Result)].self) { group in
      for _ in 0..<workers {
        group.addTask {
          var done: [(Int, Result)] = []
          while true {
            let index = next.take()
            guard index < items.count else { return done }
            notify?(index, items.count)
            done.append((index, work(items[index])))
          }
        }
      }
      var results: [(Int, Result)] = []
      for await part in group { results += part }
      return results.sorted { $0.0 < $1.0 }.map(\.1)
    }
  }

  private final class Counter: Sendable {
    private let value = Atomic<Int>(0)

    func take() -> Int { value.wrappingAdd(1, ordering: .relaxed).oldValue }
  }
}
