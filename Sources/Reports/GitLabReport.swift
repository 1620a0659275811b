import Findings

/// The `gitlab` format: GitLab's Code Quality report.
enum GitLabReport {
  static func render(_ outcome: CheckOutcome, in context: ReportContext) -> [UInt8] {
    var writer = JSONWriter(indented: true)
    writer.array(outcome.findings) { writer, finding in
      let place = finding.location
      writer.object {
        // The widget shows no rule, so the sentence begins with it.
        $0.member(
          "description", VisibleText.line("\(FindingWords.title(of: finding)): \(finding.message)"))
        $0.member("check_name", finding.rule)
        $0.member("fingerprint", finding.fingerprint)
        $0.member("severity", severity(finding))
        $0.object("location") {
          $0.member("path", outcome.excerpts[place.path]?.repositoryPath ?? place.path)
          $0.object("lines") {
            $0.member("begin", place.line)
            $0.member("end", place.endLine)
          }
        }
      }
    }
    writer.endLine()
    return writer.take()
  }

  private static func severity(_ finding: Finding) -> String {
    switch finding.severity {
    case .error: "critical"
    case .warning: finding.isInconclusive ? "minor" : "major"
    case .note: "info"
    }
  }
}
