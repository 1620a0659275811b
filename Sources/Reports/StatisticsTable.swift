package import Findings
package import Rules

/// How often each rule found something.
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
    return TextTable.text(rows, rightAligned: [1, 2]) + "\n" + SummaryLine.text(outcome.summary)
      + "\n"
  }
}

/// Rows in columns that are as wide as they must be.
enum TextTable {
  static func text(_ rows: [[String]], rightAligned: Set<Int> = []) -> String {
    let columns = rows.map(\.count).max() ?? 0
    let widths = (0..<columns).map { column in
      rows.map { column < $0.count ? DisplayText.width($0[column]) : 0 }.max() ?? 0
    }
    return rows.map { row in
      var line = ""
      for (column, cell) in row.enumerated() {
        let padding = String(repeating: " ", count: widths[column] - DisplayText.width(cell))
        line +=
          (column > 0 ? "  " : "")
          + (rightAligned.contains(column) ? padding + cell : cell + padding)
      }
      while line.last == " " { line.removeLast() }
      return line + "\n"
    }.joined()
  }
}
