#if canImport(Glibc)
  import Glibc
#endif

/// The process's heap, as the C library divides it.
enum Heap {
  /// Has few threads share what would be a heap of its own for each of them, before there is more than one thread.
  ///
  /// With glibc a thread's own heap grows by a system call for every page, and what one thread leaves another cannot use;
  /// see mallopt(3). Elsewhere nothing happens.
  static func share() {
    #if canImport(Glibc)
      typealias SetOption = @convention(c) (Int32, Int32) -> Int32
      // `malloc.h` is not among what Swift sees of the C library, so its function is asked for by name.
      guard let symbol = unsafe dlsym(nil, "mallopt") else { return }
      let setOption = unsafe unsafeBitCast(symbol, to: SetOption.self)
      _ = setOption(mostArenas, Int32(max(2, Terminal.processors / threadsOfArena)))
    #endif
  }

  /// `M_ARENA_MAX`.
  private static let mostArenas: Int32 = -8
  /// Where all threads had one, they waited for each other eight hundred times in a log of two million events.
  private static let threadsOfArena = 2
}
