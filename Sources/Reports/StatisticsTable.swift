package import Findings
package import Rules

/// How often each rule found something, and what the logs are made of.
package enum StatisticsTable {
  package static func text(_ outcome: CheckOutcome, rules: [Rule]) -> String {
    var counts: [String: (findings: Int, suppressed: Int)] = [:]
    for finding in outcome.findings { counts[finding.rule, default: (0, 0)].findings += 1 }
    for suppressed in outcome.suppressed {
      counts[suppressed.finding.rule, default: (0, 0)].suppressed += 1
    }
    var rows = [["rule", "findings", "suppressed", "name"]]
    for rule in rules {
      guard let count = counts[rule.id] else { continue }
      rows.append([rule.id, "\(count.findings)", "\(count.suppressed)", rule.name])
    }
    let logs = outcome.logs.map { Self.text($0) + "\n" }.joined()
    let table = rows.count > 1 ? TextTable.text(rows, rightAligned: [1, 2]) + "\n" : ""
    return table + UseTable.text(outcome.totals) + logs
      + SummaryLine.text(outcome.summary) + "\n"
  }

  /// More names than this say no more.
  private static let mostNames = 10

  private static func text(_ log: LogSummary) -> String {
    var text = DisplayText.printable(log.path) + ": \(log.lines) lines, \(log.events) events, "
    text += "\(log.redelivered) redelivered, \(log.untimed) without a time\n"
    if log.forgotten > 0 {
      text += "  \(log.forgotten) outputs were judged and forgotten before the log ended"
      text += log.evicted > 0 ? ", \(log.evicted) of them for want of room\n" : "\n"
    }
    if !log.unknownNames.isEmpty {
      // The most frequent ones first; a stable sort keeps the names' order among equals.
      let frequent = log.unknownNames.enumerated().sorted {
        ($1.element.count, $0.offset) < ($0.element.count, $1.offset)
      }
      var words = frequent.prefix(mostNames).map {
        ($0.element.name.isEmpty ? "(none named)" : DisplayText.printable($0.element.name))
          + " (\($0.element.count))"
      }
      if frequent.count > mostNames { words.append("and \(frequent.count - mostNames) more") }
      text += "  events that no protocol knows: " + words.joined(separator: ", ") + "\n"
    }
    var rows = [["  producer", "lines", "clock"]]
    for clock in log.clocks {
      let name = clock.producer.isEmpty ? "(none named)" : DisplayText.printable(clock.producer)
      rows.append(["  " + name, "\(clock.lines)", words(clock.offsetMilliseconds)])
    }
    return rows.count > 1 ? text + TextTable.text(rows, rightAligned: [1]) : text
  }

  private static func words(_ offset: Double?) -> String {
    guard let offset else { return "too few lines to tell" }
    let milliseconds = Int(offset.rounded())
    if milliseconds == 0 { return "with the others" }
    return "\(abs(milliseconds)) ms \(milliseconds > 0 ? "ahead" : "behind")"
  }
}
