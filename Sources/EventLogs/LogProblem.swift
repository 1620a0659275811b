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
  /// Where on the first line it begins, in Unicode scalars, from 1.
  package var column: Int

  package init(
    severity: Severity, message: String, lines: ClosedRange<Int>, bytes: Range<Int>,
    column: Int = 1
  ) {
    self.column = column
    self.severity = severity
    self.message = message
    self.lines = lines
    self.bytes = bytes
  }

  /// Adds the region to others of the same log, where it widens the one right before it.
  package func join(_ problems: inout [LogProblem]) {
    if let last = problems.last, last.severity == severity,
      last.lines.upperBound >= lines.lowerBound - 1, last.lines.lowerBound <= lines.lowerBound
    {
      let widened = last.lines.lowerBound...max(lines.upperBound, last.lines.upperBound)
      problems[problems.count - 1].lines = widened
      // A frame or a row may be told after what stands in it.
      let start = min(last.bytes.lowerBound, bytes.lowerBound)
      problems[problems.count - 1].bytes = start..<max(last.bytes.upperBound, bytes.upperBound)
    } else {
      problems.append(self)
    }
  }
}
