#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// What the command line asks for.
struct Options {
  var binary: String
  var workflows = "../shared/corpus/github-actions"
  var corpus = "../shared/corpus"
  var zizmor: String?
  var actionlint: String?
  var log: String?
  var logsOnly = false
  var python: String?
  var rounds = 15
  /// Of the largest generated definition; the last tenfold takes most of an hour.
  var mostSteps = 10_000

  /// `nil` after saying on standard error what is wrong.
  init?(_ arguments: [String]) {
    let own = arguments.first ?? ""
    let directory = own.lastIndex(of: "/").map { String(own[..<$0]) } ?? "."
    binary = directory + "/mira-lint"
    actionlint = Self.inPath("actionlint")
    zizmor = Self.inPath("zizmor")
    python = Self.inPath("python3")
    logsOnly = arguments.contains("--logs")
    let arguments = arguments.filter { $0 != "--logs" }
    var index = 1
    while index + 1 < arguments.count {
      let value = arguments[index + 1]
      switch arguments[index] {
      case "--binary": binary = value
      case "--workflows": workflows = value
      case "--corpus": corpus = value
      case "--zizmor": zizmor = value
      case "--actionlint": actionlint = value
      case "--log": log = value
      case "--python": python = value
      case "--most-steps" where (Int(value) ?? 0) > 0: mostSteps = Int(value) ?? mostSteps
      case "--rounds" where (Int(value) ?? 0) > 0: rounds = Int(value) ?? rounds
      default:
        Self.complain("what does `\(arguments[index]) \(value)` mean?")
        return nil
      }
      index += 2
    }
    if index < arguments.count {
      Self.complain("`\(arguments[index])` needs a value; the options stand in Benchmarks.swift")
      return nil
    }
    guard Self.isExecutable(binary) else {
      Self.complain(
        "there is no \(binary): build it with `swift build -c release --static-swift-stdlib`")
      return nil
    }
  }

  static func isExecutable(_ path: String) -> Bool { unsafe access(path, X_OK) == 0 }

  private static func inPath(_ name: String) -> String? {
    // The environment's text is copied at once.
    guard let path = unsafe getenv("PATH").map({ unsafe String(cString: $0) }) else { return nil }
    return path.split(separator: ":").map { "\($0)/\(name)" }.first(where: isExecutable)
  }

  private static func complain(_ message: String) {
    let line = Array("benchmarks: \(message)\n".utf8)
    unsafe _ = write(2, line, line.count)
  }
}
