#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// How the program ends.
enum ExitStatus: Int32, Error {
  case success = 0
  /// Something was found at or above the threshold.
  case found = 1
  /// The run could not do its job.
  case failure = 2
  /// What is at hand does not decide.
  case unknown = 3
}

/// Ends the program.
func end(_ status: ExitStatus) -> Never { exit(status.rawValue) }
