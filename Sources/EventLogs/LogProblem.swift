/// A located complaint about a log's text: one for each damaged region.
package struct LogProblem: Sendable, Hashable {
  package enum Severity: Sendable, Hashable {
    /// What is missing may matter.
    case error
    /// Worth saying only (the last line of a growing log is cut).
    case note
  }
  package var severity: Severity
  /// One sentence: what is wrong and what became of it.
  package var message: String
  /// First and last line of the region, from 1.
  package var lines: ClosedRange<Int>
  /// Offsets of the region's first byte and of the byte after its last.
  package var bytes: Range<Int>

  package init(
    severity: Severity, message: String, lines: ClosedRange<Int>, bytes: Range<Int>
  ) {
    self.severity = severity
    self.message = message
    self.lines = lines
    self.bytes = bytes
  }
}
