#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif
import Synchronization

/// Keeps the bytes of events that cannot be read again where they stood: in memory at first, then in a file without a
/// name that goes when the program ends.
package final class EventArchive: Sendable {
  private let state: Mutex<State>

  private struct State {
    var memory: [UInt8] = []
    /// How much stands in the file; what follows stands in memory.
    var written = 0
    var file: ScratchFile?
    /// Nothing more goes into the file.
    var isFull = false
  }

  private let mostMemory: Int

  package init(mostMemory: Int = 16 << 20) {
    self.mostMemory = mostMemory
    state = Mutex(State())
  }

  /// Adds bytes; where they begin.
  package func append(_ bytes: [UInt8]) -> Int {
    state.withLock { state in
      if state.memory.count + bytes.count > mostMemory { EventArchive.spill(&state) }
      let start = state.written + state.memory.count
      state.memory += bytes
      return start
    }
  }

  /// Moves what is in memory into the file; where there can be none, all stays in memory.
  private static func spill(_ state: inout State) {
    if state.isFull { return }
    state.file = state.file ?? ScratchFile()
    guard let file = state.file, file.write(state.memory, at: state.written) else {
      state.isFull = true
      return
    }
    state.written += state.memory.count
    state.memory.removeAll(keepingCapacity: true)
  }

  package func read(from start: Int, count: Int) -> [UInt8] {
    state.withLock { state in
      if start >= state.written {
        let first = start - state.written
        guard first + count <= state.memory.count else { return [] }
        return Array(state.memory[first..<(first + count)])
      }
      guard let file = state.file else { return [] }
      var block = [UInt8](repeating: 0, count: count)
      // The kernel writes into our own buffer.
      let got = unsafe block.withUnsafeMutableBytes {
        unsafe pread(file.descriptor, $0.baseAddress, $0.count, off_t(start))
      }
      return got == count ? block : []
    }
  }
}
