package import EventLogs
package import Findings

/// What a log says, judged by the rules over events.
package struct LogJudgement: Sendable {
  /// In the order of their lines.
  package var findings: [Finding]
  /// Damaged regions of the file.
  package var problems: [LogProblem]
  package var statistics: LogStatistics
  /// Judged uses that name the step which ran, for the join with definitions.
  package var observations: [StepObservation]
  /// The stories of the outputs that findings speak of; their evidence points into them.
  package var timelines: [Timeline] = []
  /// Damaged regions of the files that a state was made of, by path.
  package var recordedProblems: [(path: String, problem: LogProblem)] = []
  /// Why the state could not be written.
  package var stateFailure: String?
  /// Lines with the telltales that were asked for.
  package var telltales: [TelltaleLine] = []
  /// How many there were besides, which could not be kept.
  package var passedTelltales = 0
  /// The bytes of a log that is compressed or came through a pipe, where they were kept.
  package var spooled: LogBytes?
  /// How often outputs were used, and how early.
  package var ledger = UseLedger()

  package init(
    findings: [Finding] = [], problems: [LogProblem] = [],
    statistics: LogStatistics = LogStatistics(), observations: [StepObservation] = []
  ) {
    self.findings = findings
    self.problems = problems
    self.statistics = statistics
    self.observations = observations
  }
}

/// Numbers over a whole log.
package struct LogStatistics: Sendable {
  /// The format's name; empty where nothing could be read.
  package var format = ""
  package var lines = 0
  package var events = 0
  /// Lines that say again what an earlier line said.
  package var redelivered = 0
  /// Events without a usable time.
  package var untimed = 0
  /// Outputs that were judged and forgotten before the log ended, as nothing came for the horizon.
  package var forgotten = 0
  /// Outputs among them that were forgotten before their time, for want of room.
  package var evicted = 0
  /// Findings that are counted and not listed.
  package var unlisted = UnlistedFindings()
  /// Event names that nothing speaks of, with their counts, by name.
  package var unknownNames: [String: Int] = [:]
  /// By producer name.
  package var producers: [ProducerClock] = []
  /// Violated and inconclusive findings.
  package var violated = 0
  package var inconclusive = 0

  package init() {}

  /// What the log tells of one producer's clock.
  package struct ProducerClock: Sendable {
    package var producer: String
    package var lines: Int
    /// `nil` where the producer wrote too few lines to tell.
    package var offsetMilliseconds: Double?
  }
}

/// One judged use of an output by a step that the log names.
package struct StepObservation: Sendable {
  package var workflow: String
  package var step: String
  package var rule: String
  package var verdict: Evidence.Verdict
  package var exposureMilliseconds: Double?
  package var location: Location
  package var time: String?
}
