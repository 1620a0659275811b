import Findings

/// How often outputs were used, and how early, in tables.
enum UseTable {
  /// More services or steps than this say no more.
  private static let mostRows = 20

  static func text(_ totals: UseTotals) -> String {
    table("rule", "events", "violated", totals.rules.filter { $0.violations > 0 })
      + table("used by service", "uses", "early", totals.services)
      + table("used by step", "uses", "early", totals.steps)
  }

  private static func table(
    _ name: String, _ uses: String, _ violations: String, _ rows: [UseTotals.Row]
  ) -> String {
    if rows.isEmpty { return "" }
    var cells = [[name, uses, violations, "p50", "p95", "max", "worst output"]]
    // The worst first, else as they are ordered.
    let worst = rows.enumerated().sorted {
      ($1.element.violations, $0.offset) < ($0.element.violations, $1.offset)
    }
    for row in worst.prefix(mostRows).map(\.element) {
      var line = [
        row.name.isEmpty ? "(none named)" : DisplayText.printable(row.name), "\(row.uses)",
        "\(row.violations)",
      ]
      if let exposure = row.exposure {
        func length(_ milliseconds: Double) -> String {
          MeasuredTime.short(milliseconds, precision: exposure.precisionMilliseconds)
        }
        let sure =
          exposure.precisionMilliseconds > 1
          ? " (±\(MeasuredTime.unit(exposure.precisionMilliseconds)))" : ""
        line += [
          length(exposure.medianMilliseconds), length(exposure.percentile95Milliseconds),
          length(exposure.maximumMilliseconds) + sure,
          worstUse(exposure),
        ]
      } else if row.violations > 0 {
        line += ["-", "-", "-"]
      }
      cells.append(line)
    }
    let rest = rows.count - mostRows
    return TextTable.text(cells, rightAligned: [1, 2, 3, 4, 5])
      + (rest > 0 ? "… and \(rest) more\n" : "") + "\n"
  }

  private static func worstUse(_ exposure: UseTotals.Exposure) -> String {
    var output = exposure.worstOutput ?? ""
    if output.count > 24 { output = output.prefix(23) + "…" }
    let place = "\(exposure.worstPath):\(exposure.worstLine)"
    return DisplayText.printable(output.isEmpty ? place : "\(output), \(place)")
  }
}
