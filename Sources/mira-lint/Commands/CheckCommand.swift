import ArgumentParser
import Findings
import MiraLint
import Reports
import Rules

struct CheckCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check",
    // Read by its name alone it is then not tried as a request for completions first, a tenth of the parser's time.
    _superCommandName: "mira-lint",
    abstract: "Check workflow definitions and event logs.",
    discussion: """
      Walks the paths as git sees them, recognises definitions and logs by name and content, and prints what it finds.
      """)

  @Argument(help: "Files and directories; `-` reads standard input.", completion: .file())
  var paths: [String] = ["."]

  @Option(name: .shortAndLong, help: "How findings are written to standard output.")
  var format: ReportFormat = .text

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp(
      "Write a report to a file: FILE in place of standard output, FORMAT=FILE beside it. Can be repeated.",
      valueName: "[format=]file"))
  var output: [ReportOutput] = []

  @Option(help: "Exit with 1 for findings of this severity and above.")
  var failOn: FailureThreshold?

  @Flag(help: "Exit with 0 whatever is found.")
  var exitZero = false

  @Option(
    help: ArgumentHelp(
      "Leave out the findings that this file knows; `mira-lint baseline` writes it.",
      valueName: "file"), completion: .file(extensions: ["json"]))
  var baseline: String?

  @Flag(
    help:
      "Fail when the baseline knows findings that are gone, or a rule finds more than it knows.")
  var ratchet = false

  @Option(
    help: ArgumentHelp(
      "Only findings whose lines or steps have changed since this branch, tag or commit was left.",
      valueName: "git-ref"))
  var diffBase: String?

  @Option(
    name: .customLong("as"),
    help: ArgumentHelp(
      "Read the named inputs as this: an engine, `log`, or a format of logs (\(Linter.logFormatNames.joined(separator: ", ")), or a mapping).",
      valueName: "format"))
  var assumedFormat: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "How far the clocks of a log's producers may be off: 500ms, 3s, 0. Estimated from the log by default.",
      valueName: "duration"))
  var maxSkew: Duration?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "How long a log's output is remembered after its last event, by the log's time: 10min, 2h. An hour by default.",
      valueName: "duration"))
  var horizon: Duration?

  @Option(
    help: ArgumentHelp(
      "Write the state of the logs' judging to a file, for `mira-lint merge`.", valueName: "file"))
  var emitState: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "How many findings in logs to list; those beyond are counted. By default 1000 in a text, 10000 in other reports. 0 lists all.",
      valueName: "number"))
  var maxFindings: Int?

  @Flag(
    help:
      "Look at every byte of a log of lines, and say where it is not JSON to the letter: UTF-8, escapes, numbers."
  )
  var strict = false

  @Option(
    parsing: .unconditional,
    help: "How many files to check at a time. By default as many as there are processors.")
  var jobs: Int?

  @Option(help: "Whether to colour the text: auto, always or never.")
  var color: ColorChoice = .auto

  @Flag(help: "Write gates where they are safe, show them as a diff, and report what remains.")
  var fix = false

  @Flag(help: "Show what --fix would change, and change nothing.")
  var diff = false

  @Flag(
    help:
      "Let --fix and --diff also write gates that stay closed until a wait for the certificate is added."
  )
  var unsafeFixes = false

  @Flag(help: "Include suppressed findings, marked as such, in text and SARIF.")
  var showSuppressed = false

  @Flag(help: "Count findings by rule, and say what the logs are made of, on standard error.")
  var statistics = false

  @Flag(help: "List the files instead: which are checked, as what, and why the others are not.")
  var showFiles = false

  @Flag(help: "Check again whenever a file changes, until you press Ctrl-C.")
  var watch = false

  @Flag(name: .shortAndLong, help: "Print findings and nothing else.")
  var quiet = false

  @OptionGroup(title: "Rule options")
  var ruleOptions: RuleOptions

  func validate() throws {
    if let maxFindings, maxFindings < 0 {
      throw ValidationError("--max-findings takes a number from 0")
    }
    if fix && diff { throw ValidationError("--fix and --diff exclude each other") }
    if unsafeFixes && !fix && !diff {
      throw ValidationError("--unsafe-fixes says what --fix or --diff may write: name one of them")
    }
    if fix && paths.contains("-") {
      throw ValidationError("--fix cannot change standard input; name the file")
    }
    if watch, paths.contains("-") { throw ValidationError("--watch cannot watch standard input") }
    if watch, emitState != nil {
      throw ValidationError("--watch and --emit-state exclude each other")
    }
    if watch, fix || diff {
      throw ValidationError("--watch excludes --fix and --diff: it would answer its own changes")
    }
    if watch, showFiles { throw ValidationError("--watch and --show-files exclude each other") }
    if showFiles, format != .text, format != .json, format != .jsonl {
      throw ValidationError("--show-files writes text, json or jsonl")
    }
    // What a script's unset variable leaves must not pass for the working directory.
    if paths.contains("") { throw ValidationError("a path is empty; `.` is this directory") }
    if let jobs, jobs < 1 { throw ValidationError("--jobs takes a number from 1") }
  }

  nonisolated(nonsending) func run() async throws {
    if watch { await keepChecking() } else { try await checkOnce() }
  }

  /// Everything that options and the configuration say.
  private func settings() throws -> (Settings, FailureThreshold?) {
    var (settings, configuredThreshold) = try ruleOptions.settings(
      in: FileSystem.workingDirectory)
    settings.jobs = jobs ?? Terminal.processors
    settings.assumedFormat = assumedFormat
    settings.statePath = emitState
    settings.parsesLogsStrictly = strict
    if let horizon { settings.horizonSeconds = horizon.seconds }
    if let maxSkew { settings.maximumSkewSeconds = maxSkew.seconds }

    if let baseline { settings.baselinePath = baseline }
    if ratchet { settings.ratchets = true }
    if settings.ratchets, settings.baselinePath == nil {
      throw ValidationError("--ratchet needs a baseline: name it with --baseline")
    }
    settings.changesSince = diffBase
    settings.mostLogFindings = mostLogFindings(settings)
    settings.hashesLines = formats.contains(.sarif)
    settings.quotesLines = !formats.allSatisfy { [.json, .jsonl].contains($0) }

    settings.drawsWorkflows = formats.contains { $0.drawsWorkflows }
    settings.offeredFixes = offeredFixes
    if !writes(anyOf: [.json, .jsonl, .sarif, .rdjson]) {
      // A person who waits is told of those that are found at once.
      settings.fixBudgetBytes = 1 << 16
    }
    return (settings, configuredThreshold)
  }

  /// A person reads no ten thousand findings; what somebody sorts out beforehand must not take the place of the rest.
  private func mostLogFindings(_ settings: Settings) -> Int {
    if let maxFindings { return maxFindings == 0 ? .max : maxFindings }
    let isAll = settings.baselinePath == nil && diffBase == nil && settings.accepted.isEmpty
    return formats.allSatisfy { $0 == .text } && isAll ? 1000 : settings.mostLogFindings
  }

  private nonisolated(nonsending) func checkOnce() async throws {
    let (settings, configuredThreshold) = try settings()
    if let assumedFormat, paths.allSatisfy({ FileSystem.kind(of: $0) == .directory }) {
      StandardStreams.complain(
        "--as \(assumedFormat) speaks of files that are named, and of `-`; there are only directories"
      )
      throw ExitStatus.failure
    }
    let linter = try Linter(settings)
    if !quiet { linter.documentWarnings.forEach(StandardStreams.note) }
    if showFiles { return list(try await linter.survey(paths)) }
    let meter = ProgressMeter(isQuiet: quiet)
    var outcome = try await linter.check(paths, progress: meter?.show, files: meter?.show)
    meter?.clear()
    if fix || diff {
      let changes = linter.changes(
        for: outcome, in: paths, taking: unsafeFixes ? .all : .safe)
      let mending = Mending(
        changes: changes,
        unasked: unsafeFixes || quiet
          ? [] : linter.changes(for: outcome, in: paths, taking: .all, after: changes),
        mask: linter.secretMask, color: color, isQuiet: quiet)
      if diff {
        mending.show()
        if !quiet { mending.tell(outcome) }
        if !exitZero, isReached(by: outcome, configuredThreshold) { throw ExitStatus.found }
        return
      }
      if try mending.write() { outcome = try await linter.check(paths, progress: nil) }
      meter?.clear()
    }
    try write(outcome, rules: linter.rules)
    if !quiet { tell(outcome) }
    if statistics { StandardStreams.note(StatisticsTable.text(outcome, rules: linter.rules)) }

    if !exitZero, isReached(by: outcome, configuredThreshold) { throw ExitStatus.found }
  }

  private func isReached(by outcome: CheckOutcome, _ configured: FailureThreshold?) -> Bool {
    (failOn ?? configured ?? .error).isReached(by: outcome)
  }

  /// Fixes are looked for beside findings where a report tells of them.
  private var offeredFixes: OfferedFixes {
    if diff { return .none }
    if writes(anyOf: [.json, .jsonl]) { return .all }
    if writes(anyOf: [.sarif, .rdjson]) { return .safe }
    // Each is tried before it is told of: a person is told, a pipeline that reads the text does not wait for it.
    return !fix && writes(anyOf: [.text]) && Terminal.isTerminal(StandardStreams.output)
      ? .safe : .none
  }

  private func list(_ survey: FileSurvey) {
    if format == .text {
      StandardStreams.print(FileList.text(survey))
    } else {
      StandardStreams.write(FileList.json(survey), to: StandardStreams.output)
    }
    if !quiet { StandardStreams.note("mira-lint: \(FileList.summary(survey))") }
  }

  /// Checks, waits for a change, and checks again.
  private func keepChecking() async {
    let directory = FileSystem.workingDirectory
    let outputs = output.map { FilePath.absolute($0.path, from: directory) }
    let loop = WatchLoop(written: Set(outputs))
    let given = ruleOptions.config.map { FilePath.absolute($0, from: directory) }
    await loop.run {
      let settings = try? settings().0
      let stamp = SettingsStamp(workingDirectory: directory, settings: settings, given: given)
      guard let settings, let linter = try? Linter(settings) else {
        return WatchLoop.Surroundings(directories: [directory], files: [], settings: stamp)
      }
      let rules = settings.rulePaths.map { FilePath.absolute($0, from: directory) }
      return WatchLoop.Surroundings(
        directories: linter.directories(below: paths) + rules + [settings.configurationDirectory],
        files: linter.files(below: paths), settings: stamp)
    } round: {
      if Terminal.isTerminal(StandardStreams.output) { StandardStreams.clearScreen() }
      do {
        try await checkOnce()
        if !quiet { StandardStreams.note("mira-lint: all is well; waiting for changes") }
      } catch is ExitStatus {
        if !quiet { StandardStreams.note("mira-lint: waiting for changes") }
      } catch let error as LinterError {
        StandardStreams.complain(about: error)
      } catch {
        StandardStreams.complain("\(error)")
      }
    }
  }

  private func writes(anyOf wanted: [ReportFormat]) -> Bool {
    formats.contains { wanted.contains($0) }
  }

  /// The formats of all reports that are asked for.
  private var formats: [ReportFormat] {
    let written = output.map { $0.format ?? format }
    return output.contains { $0.format == nil } ? written : written + [format]
  }

  private func write(_ outcome: CheckOutcome, rules: [Rule]) throws {
    let terminal = Terminal()
    var context = ReportContext(
      tool: .miraLint, rules: rules, width: terminal.width(on: StandardStreams.output),
      usesColor: terminal.usesColor(color, on: StandardStreams.output),
      includesSuppressed: showSuppressed, isQuiet: quiet,
      links: SourceLinks(environment: Environment.value))
    if terminal.opensLinks(color, on: StandardStreams.output) {
      context.linkedDirectory = FileSystem.workingDirectory
    }
    if writes(anyOf: [.github]) { JobSummary.append(outcome, in: context) }
    if !output.contains(where: { $0.format == nil }) {
      format.write(outcome, in: context) { StandardStreams.write($0, to: StandardStreams.output) }
    }
    context.usesColor = color == .always
    context.linkedDirectory = nil
    context.width = 100
    for target in output {
      let format = target.format ?? format
      if target.path == "-" {
        format.write(outcome, in: context) { StandardStreams.write($0, to: StandardStreams.output) }
        continue
      }
      do throws(FileSystem.Failure) {
        try FileSystem.write(to: target.path) { format.write(outcome, in: context, to: $0) }
      } catch {
        StandardStreams.complain("cannot write \(target.path): \(error.words)")
        throw ExitStatus.failure
      }
    }
  }

  /// What a person should know and no report says.
  private func tell(_ outcome: CheckOutcome) {
    for path in outcome.unrecognised {
      StandardStreams.note(
        "mira-lint: \(path) is neither a workflow definition nor an event log, nor a certificate or attestation"
      )
    }
    for log in outcome.logs where log.events == 0 && log.lines > 0 && !log.format.isEmpty {
      StandardStreams.note(
        "mira-lint: \(log.path) is a log (\(log.format)), and no protocol knows any event in it")
    }
    for path in outcome.absentLogs {
      StandardStreams.note(
        "mira-lint: the lines of \(path) are not quoted: it has changed, lies elsewhere, or is no log of lines"
      )
    }
    for log in outcome.logs where log.unlisted.count > 0 {
      StandardStreams.note(
        "mira-lint: \(log.unlisted.count) more findings in logs are counted and not listed; --max-findings 0 lists all"
      )
    }
    for log in outcome.logs where log.evicted > 0 {
      StandardStreams.note(
        "mira-lint: \(log.evicted) outputs were forgotten before the horizon, for want of room")
    }
    if outcome.summary.isOfNothing, outcome.unrecognised.isEmpty, outcome.findings.isEmpty {
      StandardStreams.note(
        "mira-lint: no workflow definition, event log, certificate or attestation found")
    } else if outcome.findings.isEmpty, outcome.summary.hidden > 0 {
      StandardStreams.note("mira-lint: \(SummaryLine.text(outcome.summary))")
    }
  }
}

extension Summary {
  /// Whether nothing was there to be checked.
  fileprivate var isOfNothing: Bool {
    definitions + logs + certificates + attestations + claims == 0
  }

  /// How many findings count nowhere.
  fileprivate var hidden: Int { suppressed + (baselined ?? 0) + (unchanged ?? 0) }
}

extension FailureThreshold: ExpressibleByArgument {
  /// Whether a finding is severe enough; what the log leaves open never is.
  func isReached(by outcome: CheckOutcome) -> Bool {
    let least: Severity
    switch self {
    case .never: return false
    case .error: least = .error
    case .warning: least = .warning
    case .note: least = .note
    }
    if outcome.findings.contains(where: { $0.severity >= least && !$0.isInconclusive }) {
      return true
    }
    // Whether somebody has accepted those that are not listed is not known.
    return outcome.summary.hidden == 0
      && outcome.logs.contains { $0.unlisted.hasViolation(of: least) }
  }
}

/// A length of time as options take it.
struct Duration: ExpressibleByArgument {
  var seconds: Double

  init?(argument: String) {
    guard let seconds = durationSeconds(argument), seconds >= 0 else { return nil }
    self.seconds = seconds
  }
}

extension Tool {
  static var miraLint: Tool {
    Tool(
      name: "mira-lint", version: Version.current, address: "https://github.com/mira-lint/mira-lint"
    )
  }
}
