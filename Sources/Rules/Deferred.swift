import Synchronization

/// A value that is made when it is first asked for, and once.
///
/// The program's own documents are known to be sound: a run decodes only what its inputs call for.
package final class Deferred<Value: Sendable>: Sendable {
  private enum State {
    case waiting(@Sendable () -> Value)
    case made(Value)
  }

  private let state: Mutex<State>

  package init(_ value: Value) { state = Mutex(.made(value)) }

  package init(_ make: @escaping @Sendable () -> Value) { state = Mutex(.waiting(make)) }

  package var value: Value {
    state.withLock { state in
      switch state {
      case .made(let value): return value
      case .waiting(let make):
        let value = make()
        state = .made(value)
        return value
      }
    }
  }
}
