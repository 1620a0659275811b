import Findings
import Rules

/// The `rdjson` format: reviewdog's diagnostics, whose columns count UTF-8 bytes.
enum RDJSONReport {
  static func render(_ outcome: CheckOutcome, in context: ReportContext) -> [UInt8] {
    var writer = JSONWriter(indented: true)
    writer.object { document in
      document.object("source") {
        $0.member("name", context.tool.name)
        $0.member("url", context.tool.address)
      }
      if let worst = outcome.findings.map(\.severity).max() {
        document.member("severity", severity(worst))
      }
      document.array("diagnostics", outcome.findings) { writer, finding in
        writer.object { write(finding, outcome.excerpts, in: context, to: &$0) }
      }
    }
    writer.endLine()
    return writer.take()
  }

  private static func write(
    _ finding: Finding, _ excerpts: [String: Excerpt], in context: ReportContext,
    to writer: inout JSONWriter
  ) {
    var message = [finding.message] + FindingWords.notes(of: finding)
    if let remedy = finding.remedy { message.append("help: \(remedy)") }
    writer.member("message", VisibleText.lines(message.joined(separator: "\n")))
    writer.object("location") { write(finding.location, excerpts, to: &$0) }
    writer.member("severity", severity(finding.severity))
    writer.object("code") {
      $0.member("value", finding.rule)
      $0.member("url", context.rule(finding.rule)?.references.first { $0.hasPrefix("https://") })
    }
    // Suggestions are taken one by one: what needs several changes is none.
    if let fix = finding.fix, fix.safety == .safe, fix.edits.count == 1,
      LineColumns(fix.edits[0].location, in: excerpts).utf8?.end != nil
    {
      writer.array("suggestions", fix.edits) { writer, edit in
        writer.object {
          writeRange(edit.location, excerpts, to: &$0)
          $0.member("text", edit.replacement)
        }
      }
    }
    guard finding.flow.count > 1 else { return }
    writer.array("related_locations", finding.flow) { writer, station in
      writer.object {
        let words = station.message.isEmpty ? station.role.rawValue : station.message
        $0.member("message", VisibleText.lines(words))
        $0.object("location") { write(station.location, excerpts, to: &$0) }
      }
    }
  }

  private static func write(
    _ location: Location, _ excerpts: [String: Excerpt], to writer: inout JSONWriter
  ) {
    writer.member("path", location.path)
    writeRange(location, excerpts, to: &writer)
  }

  private static func writeRange(
    _ location: Location, _ excerpts: [String: Excerpt], to writer: inout JSONWriter
  ) {
    let columns = LineColumns(location, in: excerpts).utf8
    writer.object("range") { range in
      range.object("start") {
        $0.member("line", location.line)
        if let columns { $0.member("column", columns.start) }
      }
      range.object("end") {
        $0.member("line", location.endLine)
        if let end = columns?.end { $0.member("column", end) }
      }
    }
  }

  private static func severity(_ severity: Severity) -> String {
    switch severity {
    case .error: "ERROR"
    case .warning: "WARNING"
    case .note: "INFO"
    }
  }
}
