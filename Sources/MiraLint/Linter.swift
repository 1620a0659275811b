package import Analysis
#if Certificates
  import Certificates
#endif
import EventLogs
public import Findings
public import Rules
import SourceText
import Workflows

/// Checks workflow definitions and event logs: the library behind the command.
///
/// A linter never prints and never ends the process. What is wrong with an input is a finding; only what keeps a run
/// from doing its job is thrown.
public struct Linter: Sendable {
  /// The rules in force, ordered by ID, with the severities that the settings ask for.
  public let rules: [Rule]
  /// Every rule that was loaded, in force or not.
  public let allRules: [Rule]
  let settings: Settings
  private let book: RuleBook
  private let assumed: AssumedFormat?
  private let baseline: Baseline?
  #if Certificates
    private let trust: [TrustFile]
  #endif

  /// Loads the rules that the settings name.
  ///
  /// - Parameter settings: what the run is about.
  /// - Throws: ``LinterError`` where a rule document is broken, or a rule or format is named that does not exist.
  public init(_ settings: Settings) throws(LinterError) {
    self.settings = settings
    book = try RuleLibrary.book(for: settings)
    allRules = book.rules
    rules = try RuleSelection(of: book.rules).rules(for: settings)
    assumed = try Self.assumedFormat(settings.assumedFormat, book.mappings)
    baseline = try settings.baselinePath.map { path throws(LinterError) in
      try BaselineFile.read(path, workingDirectory: settings.workingDirectory)
    }
    #if Certificates
      trust = try TrustFiles.read(settings)
    #endif
  }

  /// What looks like a mistake in the user's own documents and is not wrong enough to stop, a line each.
  public var documentWarnings: [String] {
    book.problems.filter { $0.severity == .warning }.map(\.description)
  }

  /// A linter with every rule of another one on, for examples.
  init(testing other: Linter, _ settings: Settings) throws(LinterError) {
    self.settings = settings
    book = other.book
    allRules = other.allRules
    rules = other.allRules.map { rule in
      var rule = rule
      if rule.severity == .off { rule.severity = .note }
      return rule
    }
    assumed = nil
    baseline = nil
    #if Certificates
      trust = try TrustFiles.read(settings)
    #endif
  }

  /// Checks files and directories, and standard input where `-` is named.
  ///
  /// - Parameter paths: relative to the working directory, or absolute; their order has no effect.
  /// - Returns: the findings, ordered; the same for any number of jobs.
  /// - Throws: ``LinterError/noInput(_:)`` where nothing that was named can be read.
  public func check(_ paths: [String]) async throws(LinterError) -> CheckOutcome {
    try await check(paths, progress: nil)
  }

  /// Refuses everything that is no state of an earlier run, as `merge` takes nothing else.
  package func requireStates(_ paths: [String]) throws(LinterError) {
    for path in paths {
      let absolute = FilePath.absolute(path, from: settings.workingDirectory)
      do throws(LogInputError) {
        guard let bytes = try LogBytes(.file(absolute)) else {
          throw LogInputError("it can be read only once")
        }
        _ = try LogStateFile(bytes)
      } catch {
        throw .unreadable(path: path, reason: error.message)
      }
    }
  }

  /// Likewise, telling now and then how far the reading of logs has come, and how many files are checked.
  package nonisolated(nonsending) func check(
    _ paths: [String], progress: (@Sendable (LogAdvance) -> Void)?,
    files: (@Sendable (_ done: Int, _ total: Int) -> Void)? = nil
  ) async throws(LinterError) -> CheckOutcome {
    let finder = finder(of: paths)
    let changes = try changes()
    let inputs = inputs(paths, finder)

    let linterRules = LinterRules(rules)
    let neighbours = NeighbourFiles(workingDirectory: settings.workingDirectory)
    let inspector = inspector(linterRules, neighbours).sparing(finder)
    var readings = await WorkerPool.map(inputs, jobs: settings.jobs, notify: files) {
      inspector.inspect($0)
    }
    let stateFailure = await inspector.judgeLogs(
      inputs, &readings, jobs: settings.jobs, notify: progress)
    if let stateFailure, let path = settings.statePath {
      throw .unwritable(path: path, reason: stateFailure)
    }
    #if Certificates
      let attestations = await examination(progress).examine(inputs, &readings)
    #endif
    try complainIfNothingIsReadable(finder.unreachable, inputs, readings)

    let unreachable = finder.unreachable.flatMap { input in
      let reason = input.failure?.words ?? "no such file or directory"
      return linterRules.unreadable("this cannot be read: \(reason)", at: .start(of: input.path))
    }
    let steps = Self.steps(named: readings, inputs, inspector)
    #if Certificates
      var outcome = outcome(unreachable, inputs, readings, neighbours.all, steps, changes)
      outcome.attestations = attestations
      return outcome
    #else
      return outcome(unreachable, inputs, readings, neighbours.all, steps, changes)
    #endif
  }

  func finder(of paths: [String]) -> InputFinder {
    var finder = InputFinder(
      workingDirectory: settings.workingDirectory, excluded: excluded, root: settings.repositoryRoot
    )
    for path in paths where path != "-" { finder.add(path) }
    return finder
  }

  /// Everything that is read, ordered by path.
  func inputs(_ paths: [String], _ finder: InputFinder? = nil) -> [InputFile] {
    var inputs = (finder ?? self.finder(of: paths)).files
    if paths.contains("-") { inputs.append(Self.standardInput(settings)) }
    // Numbers are sorted: each move of an input would count all its names.
    let paths = inputs.map(\.path)
    return paths.indices.sorted { FindingOrder.bytesPrecede(paths[$0], paths[$1]) }
      .map { inputs[$0] }
  }

  private func changes() throws(LinterError) -> ChangedLines? {
    guard let reference = settings.changesSince else { return nil }
    return try ChangedLines(since: reference, in: settings.workingDirectory)
  }

  /// The steps of all definitions, where a log names any: read again then, rather than kept for every run.
  private static func steps(
    named readings: [InputReading], _ inputs: [InputFile], _ inspector: InputInspector
  ) -> [DefinedStep] {
    guard readings.contains(where: { !$0.observations.isEmpty }) else { return [] }
    return zip(inputs, readings).filter(\.1.isDefinition).flatMap { inspector.steps(of: $0.0) }
  }

  private func complainIfNothingIsReadable(
    _ unreachable: [UnreachableInput], _ inputs: [InputFile], _ readings: [InputReading]
  ) throws(LinterError) {
    guard readings.allSatisfy({ $0.failure != nil }) else { return }
    var reasons: [(path: String, reason: String)] = []
    for input in unreachable where input.isExplicit {
      reasons.append((input.path, input.failure?.words ?? "no such file or directory"))
    }
    for (input, reading) in zip(inputs, readings) where input.isExplicit {
      if let failure = reading.failure { reasons.append((input.path, failure.words)) }
    }
    if !reasons.isEmpty { throw .noInput(reasons) }
  }

  /// Hides the secrets of the protocols that judge.
  package var secretMask: SecretMask { SecretMask(globs: book.protocols.flatMap(\.secrets)) }

  /// What the first protocol that knows certificates calls them.
  var certificateField: String {
    book.protocols.lazy.compactMap { $0.facets[.certificate]?.fields.first }.first ?? "certificate"
  }

  var workingDirectory: String { settings.workingDirectory }

  /// A single definition that was named, or standard input for `-`.
  func definition(at path: String) throws(LinterError) -> (input: InputFile, raw: [UInt8]) {
    var input = Self.standardInput(settings)
    if path != "-" {
      var finder = InputFinder(
        workingDirectory: settings.workingDirectory, root: settings.repositoryRoot)
      finder.add(path)
      guard let file = finder.files.first, file.isExplicit else {
        let isDirectory =
          FileSystem.kind(of: FilePath.absolute(path, from: workingDirectory)) == .directory
        let reason =
          isDirectory ? "it is a directory; name a file" : "there is no file of this name"
        throw .noInput([(path, reason)])
      }
      input = file
    }
    do throws(FileSystem.Failure) {
      guard let absolute = input.absolutePath else {
        return (input, try FileSystem.read(0, upTo: Limits.fileBytes))
      }
      return (input, try FileSystem.read(absolute, upTo: Limits.fileBytes))
    } catch {
      throw .noInput([(path, error.words)])
    }
  }

  func inspector(
    _ linterRules: LinterRules, _ neighbours: NeighbourFiles
  ) -> InputInspector {
    var logOptions = LogOptions()
    logOptions.maximumSkew = settings.maximumSkewSeconds.map(Self.nanoseconds)
    logOptions.statePath = settings.statePath.map {
      FilePath.absolute($0, from: settings.workingDirectory)
    }
    logOptions.mostFindings = settings.mostLogFindings
    logOptions.isStrict = settings.parsesLogsStrictly
    logOptions.horizon = settings.horizonSeconds.map(Self.nanoseconds) ?? logOptions.horizon
    #if Certificates
      let certificates = CertificateInspector(
        protocols: book.protocols, judge: factJudge, trust: trust)
      // Decoded where a log is met.
      logOptions.telltales = Deferred { certificates.telltales }
    #endif
    var inspector = InputInspector(
      workflowJudge: WorkflowJudge(
        rules: rules, protocols: book.protocols, integrations: book.integrations),
      secretJudge: SecretJudge(rules: rules, protocols: book.protocols),
      logJudge: LogJudge(
        rules: rules, protocols: book.protocols, integrations: book.integrations,
        mappings: book.mappings, options: logOptions),
      linterRules: linterRules,
      assumed: assumed, neighbours: neighbours, drawsWorkflows: settings.drawsWorkflows,
      offeredFixes: settings.offeredFixes, fixBudgetBytes: settings.fixBudgetBytes)
    #if Certificates
      inspector.certificates = certificates
    #endif
    return inspector
  }

  #if Certificates
    private var factJudge: FactJudge {
      FactJudge(
        rules: rules, claims: book.protocols.first?.claims ?? .init(), meanings: book.meanings)
    }

    func examination(
      _ progress: (@Sendable (LogAdvance) -> Void)?
    ) -> AttestationExamination {
      var whom = AttestationTrust()
      for file in trust {
        whom.add(file.attestors)
        whom.sigstore += file.sigstoreRoots
        whom.leastAnswerSeconds = whom.leastAnswerSeconds ?? file.policy.leastAnswerSeconds
      }
      var examination = AttestationExamination(
        judge: factJudge, trust: whom, jobs: settings.jobs)
      if let progress {
        examination.notify = { done, total in
          progress(LogAdvance(bytes: done, lines: 0, total: total))
        }
      }
      return examination
    }
  #endif

  private static func nanoseconds(_ seconds: Double) -> Int64 {
    Int64(min(seconds * 1e9, 9e18).rounded())
  }

  func outcome(
    _ unreachable: [Finding], _ inputs: [InputFile], _ readings: [InputReading],
    _ neighbours: [String: NeighbourFiles.Source], _ steps: [DefinedStep],
    _ changes: ChangedLines?
  ) -> CheckOutcome {
    var byPath: [String: InputFile] = [:]
    byPath.reserveCapacity(inputs.count)
    for input in inputs.reversed() { byPath[input.path] = input }
    var sources: [String: KeptSource] = [:]
    for source in readings.compactMap(\.source) { sources[source.file.path] = source }
    var spooled: [String: LogBytes] = [:]
    for (input, reading) in zip(inputs, readings) where reading.spooled != nil {
      spooled[input.path] = reading.spooled
    }

    var readings = readings
    let stories = TimelineBook(of: &readings)
    var drawings = DrawnWorkflows()
    var findings = unreachable + drawings.findings(of: readings)
    var suppressions = readings.flatMap(\.suppressions)
    for (path, neighbour) in neighbours where byPath[path] == nil {
      sources[path] = KeptSource(file: neighbour.file, hasByteOrderMark: false)
      guard findings.contains(where: { $0.location.path == path }) else { continue }
      suppressions += SuppressionCollector(file: neighbour.file, tree: neighbour.tree).suppressions
    }
    findings.sort(by: FindingOrder.precedes)
    findings = Self.withoutRepetitions(findings)
    ObservationJoin(
      steps: steps, observations: readings.flatMap(\.observations), rules: rules
    ).apply(to: &findings)

    let filter = SuppressionFilter(
      inline: suppressions, settings: settings, rules: rules, knownRules: allRules.map(\.id))
    let division = filter.divide(findings) { path in
      let absolute = FilePath.absolute(path, from: settings.workingDirectory)
      return FilePath.relative(absolute, to: settings.configurationDirectory) ?? path
    }
    let readable = Set(
      inputs.indices.filter { readings[$0].failure == nil }.map { inputs[$0].repositoryPath })
    var outcome = finished(
      division, drawings, sources: sources, spooled: spooled, inputs: byPath, readPaths: readable,
      changes: changes, definitions: readings.count(where: \.isDefinition),
      logs: readings.count(where: \.isLog),
      unrecognised: inputs.indices.filter { index in
        inputs[index].isExplicit && !readings[index].isDefinition && !readings[index].isLog
          && !readings[index].isProof && readings[index].failure == nil
      }.map { inputs[$0].path })
    outcome.logs = readings.compactMap(\.logSummary)
    outcome.summary.unlisted = outcome.logs.map(\.unlisted.count).reduce(0, +)
    outcome.summary.certificates = readings.map(\.certificates).reduce(0, +)
    #if Certificates
      for reading in readings where reading.isProof && reading.certificates == 0 {
        switch reading.attested {
        // What was refused is one, too.
        case .attestations?, nil: outcome.summary.attestations += 1
        case .card?, .bill?: outcome.summary.claims += 1
        }
      }
    #endif
    outcome.quorums = readings.flatMap(\.quorums)
    let mask = SecretMask(globs: book.protocols.flatMap(\.secrets))
    stories.put(into: &outcome, mask: mask)
    var ledger = UseLedger()
    for reading in readings where reading.isLog { ledger.merge(reading.ledger) }
    outcome.totals = mask.mask(ledger.totals)
    return outcome
  }

  private func finished(
    _ division: SuppressionFilter.Division, _ drawings: DrawnWorkflows,
    sources: [String: KeptSource], spooled: [String: LogBytes], inputs: [String: InputFile],
    readPaths: Set<String>,
    changes: ChangedLines?, definitions: Int, logs: Int, unrecognised: [String]
  ) -> CheckOutcome {
    // Suppressed findings count as occurrences too: accepting one must not rename the next.
    var all = division.counting.map { JudgedFinding(finding: $0) }
    all += division.suppressed.map { JudgedFinding(finding: $0.finding, acceptance: $0) }
    assignFingerprints(to: &all, inputs)
    if let baseline {
      apply(baseline, to: &all, inputs, readPaths)
      assignFingerprints(to: &all, inputs)
    }
    var unchanged: Int?
    if let changes {
      let filter = ChangeFilter(
        changes: changes, sources: sources, workingDirectory: settings.workingDirectory,
        rulesOfFiles: Set(rules.filter(\.speaksOfFiles).map(\.id)))
      let count = all.count
      all.removeAll { $0.acceptance == nil && !$0.isOfBaseline && !filter.concerns($0.finding) }
      unchanged = count - all.count
    }
    let findings = all.map(\.finding)
    let repositoryPaths = repositoryPaths(in: findings, inputs)

    let mask = SecretMask(globs: book.protocols.flatMap(\.secrets))
    let maker = ExcerptMaker(
      sources: sources, spooled: spooled, inputs: inputs, repositoryPaths: repositoryPaths,
      workingDirectory: settings.workingDirectory, mask: mask,
      linesAround: settings.drawsWorkflows ? 2 : 0, hashesLines: settings.hashesLines,
      quotesLines: settings.quotesLines)
    var outcome = CheckOutcome(excerpts: maker.excerpts(for: findings), unrecognised: unrecognised)
    for (finding, judged) in zip(findings.map(mask.mask), all) {
      if var acceptance = judged.acceptance {
        acceptance.finding = finding
        // Nothing is drawn for what somebody has accepted.
        acceptance.finding.drawnPath = nil
        acceptance.reason = mask.mask(acceptance.reason)
        outcome.suppressed.append(acceptance)
      } else {
        outcome.findings.append(finding)
      }
    }
    outcome.workflows = drawings.shown(for: &outcome.findings, mask: mask)
    let known = outcome.suppressed.count { $0.source == .baseline }
    outcome.summary = Summary(
      of: outcome.findings, suppressed: outcome.suppressed.count - known,
      definitions: definitions, logs: logs)
    outcome.comparesWithBaseline = baseline != nil
    if baseline != nil { outcome.summary.baselined = known }
    outcome.summary.unchanged = unchanged
    outcome.acceptances = division.acceptances.map { acceptance in
      var acceptance = acceptance
      acceptance.reason = mask.mask(acceptance.reason)
      return acceptance
    }
    return outcome
  }

  /// A finding on its way into the outcome.
  private struct JudgedFinding {
    var finding: Finding
    var acceptance: SuppressedFinding?
    /// It speaks of the baseline itself.
    var isOfBaseline = false
  }

  /// Orders the findings and gives each its identity.
  private func assignFingerprints(
    to all: inout [JudgedFinding], _ inputs: [String: InputFile]
  ) {
    all.sort { FindingOrder.precedes($0.finding, $1.finding) }
    var findings = all.map(\.finding)
    let paths = repositoryPaths(in: findings, inputs)
    Fingerprint.assign(to: &findings) { paths[$0] ?? $0 }
    for index in all.indices { all[index].finding.fingerprint = findings[index].fingerprint }
  }

  private func apply(
    _ baseline: Baseline, to all: inout [JudgedFinding], _ inputs: [String: InputFile],
    _ readPaths: Set<String>
  ) {
    let counting = all.indices.filter { all[$0].acceptance == nil }
    let findings = counting.map { all[$0].finding }
    let paths = repositoryPaths(in: findings, inputs)
    let root = FilePath.ancestors(of: settings.workingDirectory).first {
      FileSystem.kind(of: FilePath.join($0, ".git")) != nil
    }
    let base = root ?? settings.workingDirectory
    let file = FilePath.absolute(
      settings.baselinePath ?? "", from: settings.workingDirectory)
    let filter = BaselineFilter(
      baseline: baseline,
      path: ConfigurationFinder.shown(file, in: settings.workingDirectory),
      ratchets: settings.ratchets, rules: Set(rules.map(\.id)),
      // A ratchet holds whatever rules are chosen.
      linterRules: LinterRules(settings.ratchets ? allRules : rules),
      readPaths: readPaths,
      exists: { FileSystem.kind(of: FilePath.join(base, $0)) != nil })
    let division = filter.divide(findings) { paths[$0] ?? $0 }
    for index in division.known.map({ counting[$0] }) {
      all[index].acceptance = SuppressedFinding(
        all[index].finding, reason: "the baseline knows it", source: .baseline)
    }
    all += division.complaints.map { JudgedFinding(finding: $0, isOfBaseline: true) }
  }

  /// The paths of everything that findings speak of, from the repository's root.
  private func repositoryPaths(
    in findings: [Finding], _ inputs: [String: InputFile]
  ) -> [String: String] {
    var finder = InputFinder(workingDirectory: settings.workingDirectory)
    var paths: [String: String] = [:]
    for finding in findings {
      for path in [finding.location.path] + finding.flow.map(\.location.path)
      where paths[path] == nil {
        let absolute = FilePath.absolute(path, from: settings.workingDirectory)
        // The configuration and files that definitions refer to are no inputs.
        paths[path] =
          inputs[path]?.repositoryPath
          ?? finder.repositoryPath(of: absolute, argumentRoot: FilePath.parent(absolute))
      }
    }
    return paths
  }

  /// One finding can be met twice where two definitions use a third.
  private static func withoutRepetitions(_ findings: [Finding]) -> [Finding] {
    var kept: [Finding] = []
    /// Where the findings at the last one's place begin.
    var first = 0
    for finding in findings {
      if let last = kept.last {
        if !FindingOrder.precedes(last, finding) { continue }
        if last.location != finding.location { first = kept.count }
      }
      // What a workflow does is found again wherever another one runs it: told once, by its own route.
      if let same = kept[first...].firstIndex(where: { $0.tellsTheSame(as: finding) }) {
        if finding.route.utf8.count < kept[same].route.utf8.count { kept[same] = finding }
      } else {
        kept.append(finding)
      }
    }
    return kept
  }

  var excluded: IgnoreFile? {
    IgnoreFile(
      text: Array(settings.excluded.joined(separator: "\n").utf8),
      directory: settings.configurationDirectory)
  }

  private static func standardInput(_ settings: Settings) -> InputFile {
    InputFile(
      absolutePath: nil, path: "<stdin>", repositoryPath: "stdin",
      root: settings.repositoryRoot ?? settings.workingDirectory, isExplicit: true)
  }

  /// The formats of logs that are known without a mapping.
  public static var logFormatNames: [String] { LogReaders.all.map { $0.format } }

  /// The names that `assumedFormat` may have.
  public static var formatNames: [String] {
    WorkflowReaders.all.map { $0.engine } + [AssumedFormat.logName]
      + logFormatNames
  }

  private static func assumedFormat(
    _ name: String?, _ mappings: [LogMapping]
  ) throws(LinterError) -> AssumedFormat? {
    guard let name else { return nil }
    if name == AssumedFormat.logName { return .log(format: nil) }
    if LogReaders.reader(named: name) != nil || mappings.contains(where: { $0.name == name }) {
      return .log(format: name)
    }
    if WorkflowReaders.reader(of: name) != nil { return .definition(engine: name) }
    let known = formatNames + mappings.map(\.name)
    let suggestion = Closeness.nearest(to: name, among: known)
    throw .unknownFormat(name, suggestion: suggestion, known: known)
  }
}

extension Finding {
  /// Whether a reader could not tell the two apart: the same is found on the same way through the same places.
  fileprivate func tellsTheSame(as other: Finding) -> Bool {
    guard evidence == nil, other.evidence == nil, !flow.isEmpty else { return false }
    return rule == other.rule && location == other.location && cause == other.cause
      && message == other.message && flow == other.flow && slot == other.slot
  }

  private var slot: Substring { route.drop { $0 != "#" } }
}
