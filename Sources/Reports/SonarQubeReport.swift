import Findings
import Rules

/// The `sonarqube` format: SonarQube's generic issues, in the form it has had since version 10.3.
enum SonarQubeReport {
  static func render(_ outcome: CheckOutcome, in context: ReportContext) -> [UInt8] {
    let found = Set(outcome.findings.map(\.rule))
    var writer = JSONWriter(indented: true)
    writer.object { document in
      document.array("rules", context.rules.filter { found.contains($0.id) }) { writer, rule in
        writer.object { write(rule, in: context, to: &$0) }
      }
      document.array("issues", outcome.findings) { writer, finding in
        writer.object {
          $0.member("ruleId", finding.rule)
          $0.object("primaryLocation") { location in
            write(finding.location, finding.message, outcome.excerpts, to: &location)
          }
          guard finding.flow.count > 1 else { return }
          $0.array("secondaryLocations", finding.flow) { writer, station in
            let words = station.message.isEmpty ? station.role.rawValue : station.message
            writer.object { write(station.location, words, outcome.excerpts, to: &$0) }
          }
        }
      }
    }
    writer.endLine()
    return writer.take()
  }

  private static func write(
    _ rule: Rule, in context: ReportContext, to writer: inout JSONWriter
  ) {
    writer.member("id", rule.id)
    writer.member("name", rule.name)
    writer.member("description", RulePage.plain(rule))
    writer.member("engineId", context.tool.name)
    writer.member("cleanCodeAttribute", "LOGICAL")
    writer.array("impacts", CollectionOfOne(rule.severity)) { writer, severity in
      writer.object {
        $0.member("softwareQuality", rule.isAboutInput ? "MAINTAINABILITY" : "RELIABILITY")
        $0.member("severity", impact(severity))
      }
    }
  }

  private static func impact(_ level: Level) -> String {
    switch level {
    case .error: "HIGH"
    case .warning: "MEDIUM"
    case .note, .off: "LOW"
    }
  }

  private static func write(
    _ location: Location, _ message: String, _ excerpts: [String: Excerpt],
    to writer: inout JSONWriter
  ) {
    writer.member("message", VisibleText.lines(message))
    writer.member("filePath", excerpts[location.path]?.repositoryPath ?? location.path)
    writer.object("textRange") {
      $0.member("startLine", location.line)
      // An empty range, or one past the line's end, has the whole report refused.
      let columns = LineColumns(location, in: excerpts).utf16
      if columns != nil || location.endLine > location.line {
        $0.member("endLine", location.endLine)
      }
      guard let columns else { return }
      $0.member("startColumn", columns.start)
      $0.member("endColumn", columns.end)
    }
  }
}
