import Synchronization

/// Tools that no thread is using, by what they have learned to work on.
final class SpareTools<Work: Hashable & Sendable, Tool: Sendable>: Sendable {
  private let free = Mutex<[Work: [Tool]]>([:])

  func take(for work: Work) -> Tool? { free.withLock { $0[work]?.popLast() } }

  func put(_ tool: Tool, for work: Work) { free.withLock { $0[work, default: []].append(tool) } }

  func clear() { free.withLock { $0 = [:] } }
}
