public import Findings
public import Rules

/// What an embedding program, the command line or a configuration file decides about a run.
public struct Settings: Sendable {
  /// The directory that relative paths start from; absolute.
  public var workingDirectory: String
  /// Directories (or files) with rules, protocols and integrations beside the built-in ones; a later one replaces what
  /// an earlier one says under the same name.
  public var rulePaths: [String] = []
  /// Protocols to judge by beside those that always do: names of opt-in ones, and files with a protocol each.
  public var protocolPaths: [String] = []
  /// Files that say whose signatures count; without one no signature is valid or invalid.
  public var trustPaths: [String] = []
  /// The only rules that judge, by IDs, names, or beginnings of IDs.
  ///
  /// Empty means every rule that is on by itself.
  public var selected: [String] = []
  /// The rules that do not judge, by IDs, names, or beginnings of IDs.
  public var ignored: [String] = []
  /// Severities by rule, or by rule and cause (`RULE/cause`).
  public var severities: [String: Level] = [:]
  /// The bound of every log producer's clock offset in seconds; `nil` has it estimated from the log.
  public var maximumSkewSeconds: Double?
  /// The smallest share of the weight that a certificate must have, from 0 to 1; `nil` leaves it to the protocols.
  public var threshold: Double?
  /// How long an output of a log is remembered after its last event, in seconds of the log's time; `nil` for an hour.
  public var horizonSeconds: Double?
  /// Where to write the state of the logs' judging, for `merge`; then all logs of the run are one recording.
  public var statePath: String?
  /// Whether every byte of a log's lines is looked at, and not only what is needed.
  public var parsesLogsStrictly = false
  /// How many findings in logs are listed at most; those beyond are counted.
  public var mostLogFindings = 10_000
  /// Whether ``Excerpt/lineHashes`` are wanted.
  public var hashesLines = true
  /// Whether somebody shows the lines that findings speak of.
  public var quotesLines = true
  /// How many files are judged at a time, from 1; the outcome does not depend on it.
  public var jobs: Int = 1
  /// What the input is, where its name and content do not tell: an engine, or `log`.
  public var assumedFormat: String?
  /// Findings that are accepted by configuration.
  public var accepted: [AcceptedFindings] = []
  /// The file with the findings that were there before, which do not count; `nil` for none.
  public var baselinePath: String?
  /// Whether an entry of the baseline that hides nothing is an error, and a rule may not find more than the baseline
  /// holds of it.
  public var ratchets = false
  /// The commit, branch or tag since which a finding's lines or steps must have changed; `nil` lets all findings count.
  public var changesSince: String?
  /// Patterns as in `.gitignore`: what a walk leaves out.
  public var excluded: [String] = []
  /// The directory that `excluded` and the paths of `accepted` start from; absolute.
  public var configurationDirectory: String
  /// The directory that definitions refer to other files from, instead of the repository around them.
  public var repositoryRoot: String?

  /// Whether the workflows with findings are drawn, and some lines around each place are quoted, for reports that show
  /// them.
  public var drawsWorkflows = false

  /// Which changes are looked for that end findings; each costs a judgement of its file.
  public var offeredFixes = OfferedFixes.none
  /// How many bytes of changed text may be judged to find the fixes of one file, so that reports of large files stay
  /// quick.
  public var fixBudgetBytes = 1 << 18

  /// The defaults, for a working directory.
  public init(workingDirectory: String) {
    self.workingDirectory = workingDirectory
    configurationDirectory = workingDirectory
  }
}

/// An entry of the configuration that accepts findings by rule, path and step.
public struct AcceptedFindings: Sendable {
  /// The rules' IDs.
  public var rules: [String] = []
  /// A pattern as in `.gitignore`; `nil` for every file.
  public var path: String?
  /// A glob over the step's route or name; `nil` for every step.
  public var step: String?
  /// Why: shown wherever suppressed findings are.
  public var reason = ""
  /// Where the entry stands, for the report that it matches nothing.
  public var location: Location?

  /// An entry that says nothing yet.
  public init() {}
}
