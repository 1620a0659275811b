#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Runs git: never through a shell, and with nothing that a repository's configuration could start.
struct GitCommand {
  /// How a run ended.
  struct Result {
    /// The exit status; `nil` where git is not there or was killed.
    var status: Int32?
    var output: [UInt8] = []

    var isSuccess: Bool { status == 0 }

    /// The first line of what was written.
    var firstLine: String {
      String(decoding: output.prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self)
    }
  }

  let directory: String

  /// What git writes, with its complaints where they are asked for.
  func run(_ arguments: [String], withComplaints: Bool = false) -> Result {
    let fixed = [
      "git", "-C", directory, "-c", "core.fsmonitor=false", "-c", "core.quotePath=false",
    ]
    var ends: [Int32] = [-1, -1]
    // The array outlives the call, which fills it.
    guard unsafe pipe(&ends) == 0 else { return Result() }
    let (reading, writing) = (ends[0], ends[1])
    defer { close(reading) }

    let child = Self.spawn(fixed + arguments, output: writing, withComplaints: withComplaints)
    close(writing)
    guard let child else { return Result() }
    let output = try? FileSystem.read(reading, upTo: .max)
    var status: Int32 = 0
    // The number outlives the call.
    while unsafe waitpid(child, &status, 0) < 0 {
      guard errno == EINTR else { return Result() }
    }
    // WIFEXITED and WEXITSTATUS are macros.
    let isExit = status & 0x7f == 0
    return Result(status: isExit ? (status >> 8) & 0xff : nil, output: output ?? [])
  }

  private static func spawn(
    _ arguments: [String], output: Int32, withComplaints: Bool
  ) -> pid_t? {
    #if canImport(Darwin)
      var actions: posix_spawn_file_actions_t?
    #else
      var actions = unsafe posix_spawn_file_actions_t()
    #endif
    // The actions and the C strings live until the child has its own copy of them.
    guard unsafe posix_spawn_file_actions_init(&actions) == 0 else { return nil }
    defer { unsafe posix_spawn_file_actions_destroy(&actions) }
    unsafe posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    unsafe posix_spawn_file_actions_adddup2(&actions, output, 1)
    if withComplaints {
      unsafe posix_spawn_file_actions_adddup2(&actions, output, 2)
    } else {
      unsafe posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0)
    }
    if output > 2 { unsafe posix_spawn_file_actions_addclose(&actions, output) }
    var words = unsafe arguments.map { unsafe strdup($0) }
    unsafe words.append(nil)
    defer { unsafe words.forEach { unsafe free($0) } }
    var child: pid_t = 0
    guard unsafe posix_spawnp(&child, "git", &actions, nil, words, environ) == 0 else {
      return nil
    }
    return child
  }
}
