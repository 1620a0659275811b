import Findings
import Reports

/// What stands beside a finding when somebody rests on it: what to write here, and the rule's page.
struct HoverText {
  private let findings: [PlacedFinding]

  init(of findings: [PlacedFinding]) { self.findings = findings }

  func write(to writer: inout JSONWriter) {
    guard let first = findings.first else {
      writer.null()
      return
    }
    let range = findings.map(\.range).reduce(first.range) {
      PositionRange(start: max($0.start, $1.start), end: min($0.end, $1.end))
    }
    writer.object { hover in
      hover.object("contents") { contents in
        contents.member("kind", "markdown")
        contents.member("value", text)
      }
      hover.range("range", range.start <= range.end ? range : first.range)
    }
  }

  private var text: String {
    var told: Set<String> = []
    var pages: [String] = []
    for placed in findings where told.insert(placed.finding.rule).inserted {
      let remedies = findings.filter { $0.finding.rule == placed.finding.rule }
        .compactMap(\.finding.remedy)
      var page = remedies.first.map { "**Here:** \($0)\n\n" } ?? ""
      page += placed.rule.map(RulePage.markdown) ?? placed.finding.message
      pages.append(page)
    }
    return pages.joined(separator: "\n---\n\n")
  }
}
