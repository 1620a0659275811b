package import EventLogs
package import Rules

/// Judges recorded event logs by the rules over events.
package struct LogJudge: Sendable {
  package let rules: [Rule]
  package let protocols: [VerificationProtocol]
  package let options: LogOptions

  /// Makes a judge; rules that do not speak of events are left alone.
  package init(rules: [Rule], protocols: [VerificationProtocol], options: LogOptions = LogOptions())
  {
    self.rules = rules
    self.protocols = protocols
    self.options = options
  }

  /// Reads the log once and says what it shows.
  package func judge(_ source: LogSource) -> LogJudgement { LogJudgement() }
}

/// What a person may decide about the judging of a log.
package struct LogOptions: Sendable {
  /// The bound of every producer's clock offset, in nanoseconds; `nil` has it estimated from the log.
  package var maximumSkew: Int64?

  package init(maximumSkew: Int64? = nil) { self.maximumSkew = maximumSkew }
}
