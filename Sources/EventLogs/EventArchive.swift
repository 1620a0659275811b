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
    var descriptor: Int32 = -1
  }

  private let mostMemory: Int

  package init(mostMemory: Int = 16 << 20) {
    self.mostMemory = mostMemory
    state = Mutex(State())
  }

  deinit {
    state.withLock { state in
      if state.descriptor >= 0 { close(state.descriptor) }
    }
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
    if state.descriptor < 0 {
      // A stream of the C library whose file is gone once it is closed.
      guard let file = unsafe tmpfile() else { return }
      state.descriptor = dup(unsafe fileno(file))
      _ = unsafe fclose(file)
      if state.descriptor < 0 { return }
    }
    var done = 0
    while done < state.memory.count {
      // The kernel reads from our own bytes.
      let count = unsafe state.memory.withUnsafeBytes { bytes in
        unsafe pwrite(
          state.descriptor, bytes.baseAddress.map { unsafe $0 + done }, bytes.count - done,
          off_t(state.written + done))
      }
      if count < 0 && errno == EINTR { continue }
      // No room: what was written stays counted as memory.
      if count <= 0 { return }
      done += count
    }
    state.written += done
    state.memory.removeAll(keepingCapacity: true)
  }

  package func read(from start: Int, count: Int) -> [UInt8] {
    state.withLock { state in
      if start >= state.written {
        let first = start - state.written
        guard first + count <= state.memory.count else { return [] }
        return Array(state.memory[first..<(first + count)])
      }
      var block = [UInt8](repeating: 0, count: count)
      // The kernel writes into our own buffer.
      let got = unsafe block.withUnsafeMutableBytes {
        unsafe pread(state.descriptor, $0.baseAddress, $0.count, off_t(start))
      }
      return got == count ? block : []
    }
  }
}
