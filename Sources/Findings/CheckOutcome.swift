/// What a run found: everything a report may say, in the order in which it says it.
public struct CheckOutcome: Sendable {
  /// The findings that count, ordered, with fingerprints and with secrets hidden.
  public var findings: [Finding]
  /// The findings that a suppression silences, ordered likewise.
  public var suppressed: [SuppressedFinding]
  /// What reports quote of the files that findings speak of, by path as in their locations.
  public var excerpts: [String: Excerpt]
  /// How much was read and found.
  public var summary: Summary
  /// Numbers over each log, ordered by path.
  public var logs: [LogSummary] = []
  /// The stories of the outputs that findings speak of: one for each output, ordered as their first findings are.
  public var timelines: [Timeline] = []
  /// How often outputs were used in the logs, and how often too early.
  public var totals = UseTotals()
  /// The workflows that findings point into, ordered by path; empty unless drawings were asked for.
  public var workflows: [DrawnWorkflow] = []
  /// Who stands behind each certificate, as far as a trust file tells; in the order of files and lines.
  public var quorums: [QuorumPicture] = []
  /// What stands behind each attestation; in the order of files.
  public var attestations: [AttestationPicture] = []
  /// Files that were named and are neither a definition nor a log, in order.
  public var unrecognised: [String]
  /// Whether findings were compared with a baseline: then those that count are new.
  public var comparesWithBaseline = false
  /// Every suppression of the files that were read and of the configuration, with what it hides.
  public var acceptances: [Acceptance] = []

  /// Logs that only states speak of and that could not be looked at again, in order.
  public var absentLogs: [String] {
    let read = Set(logs.map(\.path))
    // Where an event was looked at again, its columns are told.
    let absent = findings.filter { finding in
      let place = finding.location
      return finding.evidence != nil && !read.contains(place.path)
        && place.endLine == place.line && place.endColumn == 1
    }
    return Set(absent.map(\.location.path)).sorted()
  }

  /// Makes an outcome.
  public init(
    findings: [Finding] = [], suppressed: [SuppressedFinding] = [],
    excerpts: [String: Excerpt] = [:], summary: Summary = Summary(), unrecognised: [String] = []
  ) {
    self.unrecognised = unrecognised
    self.findings = findings
    self.suppressed = suppressed
    self.excerpts = excerpts
    self.summary = summary
  }

  /// The story of the output that a finding in a log speaks of.
  ///
  /// - Returns: `nil` for findings in definitions, and where the log does not decide.
  public func timeline(of finding: Finding) -> Timeline? {
    guard let index = finding.evidence?.timeline, timelines.indices.contains(index) else {
      return nil
    }
    return timelines[index]
  }
}

/// A finding that its author accepted, with the words of the acceptance.
public struct SuppressedFinding: Sendable {
  /// Where the acceptance stands.
  public enum Source: String, Sendable, Hashable { case inline, configuration, baseline }
  /// What was found.
  public var finding: Finding
  /// Why it is accepted.
  public var reason: String
  /// Where the acceptance stands.
  public var source: Source

  /// Makes a suppressed finding.
  public init(_ finding: Finding, reason: String, source: Source) {
    self.finding = finding
    self.reason = reason
    self.source = source
  }
}

/// The lines of a file that reports quote, and how code scanning knows them.
public struct Excerpt: Sendable, Hashable {
  /// The file's path from its repository's root: the same wherever the run was started.
  public var repositoryPath: String
  /// Text by line number (from 1), without its line end, with secrets hidden.
  public var lines: [Int: String]
  /// ``LineHash`` of the lines on which findings start.
  public var lineHashes: [Int: String]

  /// Makes an excerpt.
  public init(repositoryPath: String, lines: [Int: String] = [:], lineHashes: [Int: String] = [:]) {
    self.repositoryPath = repositoryPath
    self.lines = lines
    self.lineHashes = lineHashes
  }
}

/// How much was read and found.
public struct Summary: Sendable, Hashable {
  /// Files with at least one workflow definition.
  public var definitions = 0
  /// Files with events.
  public var logs = 0
  /// Certificates, in files of their own or in logs.
  public var certificates = 0
  /// Files with attestations.
  public var attestations = 0
  /// Model cards and bills of materials, whose claims attestations may cover.
  public var claims = 0
  /// Findings of severity error.
  public var errors = 0
  /// Findings of severity warning.
  public var warnings = 0
  /// Findings of severity note.
  public var notes = 0
  /// Findings that the log does not decide; they are also counted by their severity.
  public var inconclusive = 0
  /// Findings with a safe fix; they are also counted by their severity.
  public var fixable = 0
  /// Findings that somebody accepted with a reason; they are counted nowhere else.
  public var suppressed = 0
  /// Findings that the baseline knows, counted nowhere else; `nil` without a baseline.
  public var baselined: Int?
  /// Findings that no change touches, counted nowhere else; `nil` where the run is not about changes.
  public var unchanged: Int?
  /// Findings in logs beyond those that are listed, counted nowhere else.
  public var unlisted = 0

  /// An empty summary.
  public init() {}

  /// Counts the findings of a run.
  public init(of findings: [Finding], suppressed: Int, definitions: Int, logs: Int) {
    self.definitions = definitions
    self.logs = logs
    self.suppressed = suppressed
    for finding in findings {
      switch finding.severity {
      case .error: errors += 1
      case .warning: warnings += 1
      case .note: notes += 1
      }
      if finding.isInconclusive { inconclusive += 1 }
      if finding.fix?.safety == .safe { fixable += 1 }
    }
  }

  /// How many findings count.
  public var findings: Int { errors + warnings + notes }
}

extension Finding {
  /// Whether the evidence leaves open that all is well; such a finding never fails a run.
  public var isInconclusive: Bool { evidence?.verdict == .inconclusive }
}
