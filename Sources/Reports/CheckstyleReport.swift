import Findings

/// The `checkstyle` format: Checkstyle's XML, which most services read.
enum CheckstyleReport {
  /// The version of the format; readers refuse a file without one.
  private static let version = "4.3"

  static func render(_ outcome: CheckOutcome, in context: ReportContext) -> [UInt8] {
    var writer = XMLWriter()
    writer.element("checkstyle", ["version": version]) { writer in
      for file in FileFindings.grouped(outcome.findings) {
        writer.element("file", ["name": file.path]) { writer in
          for finding in file.findings {
            writer.element(
              "error",
              [
                "line": "\(finding.location.line)", "column": "\(finding.location.column)",
                "severity": severity(finding.severity),
                "message": ([finding.message] + FindingWords.notes(of: finding)).joined(
                  separator: "; "),
                "source": "\(context.tool.name).\(finding.rule)",
              ])
          }
        }
      }
    }
    return Array(writer.text.utf8)
  }

  private static func severity(_ severity: Severity) -> String {
    switch severity {
    case .error: "error"
    case .warning: "warning"
    case .note: "info"
    }
  }
}

/// The findings of one file.
struct FileFindings {
  var path: String
  var findings: [Finding]

  /// The findings by file, both in report order.
  static func grouped(_ findings: [Finding]) -> [FileFindings] {
    var files: [FileFindings] = []
    for finding in findings {
      if files.last?.path == finding.location.path {
        files[files.count - 1].findings.append(finding)
      } else {
        files.append(FileFindings(path: finding.location.path, findings: [finding]))
      }
    }
    return files
  }
}
