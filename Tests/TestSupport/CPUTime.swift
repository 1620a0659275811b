#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Measures work by the processor time of its own thread, which other work on the machine hardly changes.
public enum CPUTime {
  /// The processor time that `work` takes; it must stay on its thread.
  public static func measure(_ work: () throws -> Void) rethrows -> Duration {
    let start = now
    try work()
    return now - start
  }

  /// The least that `work` takes of three times: what else the machine does adds to any of them, and to few of all.
  public static func least(_ work: () throws -> Void) rethrows -> Duration {
    min(try measure(work), try measure(work), try measure(work))
  }

  private static var now: Duration {
    var time = timespec()
    // The call fills the structure it is given, and nothing else.
    unsafe clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return .seconds(time.tv_sec) + .nanoseconds(time.tv_nsec)
  }
}
