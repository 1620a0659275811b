#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// What one run of a command took.
struct Cost {
  var wallMilliseconds: Double
  /// User and system time, of the command and of what it waited for.
  var cpuMilliseconds: Double
  var peakMebibytes: Double
  /// As a shell would show it; a signal is 128 and its number.
  var status: Int32
}

/// A command that is run for its cost; what it prints is thrown away.
struct ChildProcess {
  let path: String
  let arguments: [String]

  init(_ path: String, _ arguments: String...) {
    self.path = path
    self.arguments = arguments
  }

  init(_ path: String, arguments: [String]) {
    self.path = path
    self.arguments = arguments
  }

  /// Runs the command once; `nil` where it cannot be started.
  func run() -> Cost? {
    #if canImport(Darwin)
      var actions: posix_spawn_file_actions_t?
    #else
      var actions = unsafe posix_spawn_file_actions_t()
    #endif
    // The structures live until the child is started; the texts until they are freed below.
    unsafe posix_spawn_file_actions_init(&actions)
    defer { unsafe posix_spawn_file_actions_destroy(&actions) }
    for descriptor in [Int32(1), 2] {
      unsafe posix_spawn_file_actions_addopen(&actions, descriptor, "/dev/null", O_WRONLY, 0)
    }
    var texts = unsafe ([path] + arguments).map { unsafe strdup($0) } + [nil]
    defer { unsafe texts.forEach { unsafe free($0) } }

    let clock = ContinuousClock()
    let start = clock.now
    var identifier = pid_t()
    guard unsafe posix_spawn(&identifier, path, &actions, nil, &texts, environ) == 0 else {
      return nil
    }
    var status: Int32 = 0
    var usage = rusage()
    guard unsafe wait4(identifier, &status, 0, &usage) == identifier else { return nil }
    let wall = clock.now - start

    let signal = status & 0x7f
    #if canImport(Darwin)
      let peak = Double(usage.ru_maxrss) / 1_048_576
    #else
      let peak = Double(usage.ru_maxrss) / 1_024
    #endif
    return Cost(
      wallMilliseconds: wall / .milliseconds(1),
      cpuMilliseconds: usage.ru_utime.milliseconds + usage.ru_stime.milliseconds,
      peakMebibytes: peak, status: signal == 0 ? (status >> 8) & 0xff : 128 + signal)
  }
}

extension timeval {
  fileprivate var milliseconds: Double { Double(tv_sec) * 1e3 + Double(tv_usec) / 1e3 }
}
