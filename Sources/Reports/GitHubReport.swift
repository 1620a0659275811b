import Findings

/// The `github` format: workflow commands, of which GitHub Actions makes annotations.
///
/// A step shows ten annotations of each kind: the worst come first, and a last one counts the others.
enum GitHubReport {
  /// How many annotations of a kind GitHub shows for a step.
  private static let mostOfAKind = 10

  static func render(_ outcome: CheckOutcome, in context: ReportContext) -> [UInt8] {
    let findings = FindingWords.worstFirst(outcome.findings)
    var text = ""
    var left: [(count: Int, noun: String)] = []
    for severity in [Severity.error, .warning, .note] {
      let all = findings.filter { $0.severity == severity }
      // The last notice is kept for the count where one is needed.
      let isCrowded = findings.count > mostOfAKind && severity == .note
      let shown = all.prefix(
        isCrowded && (all.count > mostOfAKind || !left.isEmpty) ? mostOfAKind - 1 : mostOfAKind)
      for finding in shown { text += command(finding, outcome.excerpts) }
      if all.count > shown.count { left.append((all.count - shown.count, severity.rawValue)) }
    }
    if !left.isEmpty {
      let counts = left.map { FindingWords.count($0.count, $0.noun) }.joined(separator: ", ")
      text += "::notice title=\(property(context.tool.name))::"
      text += "\(data("\(counts) more: the job summary and the other reports have them all."))\n"
    }
    return Array(text.utf8)
  }

  private static func command(_ finding: Finding, _ excerpts: [String: Excerpt]) -> String {
    let place = finding.location
    var properties = [
      ("file", excerpts[place.path]?.repositoryPath ?? place.path), ("line", "\(place.line)"),
      ("endLine", "\(place.endLine)"),
    ]
    // Columns of a range over several lines would be taken for the first line's.
    if place.line == place.endLine {
      properties.append(("col", "\(place.column)"))
      properties.append(("endColumn", "\(place.endColumn)"))
    }
    properties.append(("title", FindingWords.title(of: finding)))
    let words = properties.map { "\($0.0)=\(property($0.1))" }.joined(separator: ",")
    let body = ([finding.message] + FindingWords.details(of: finding)).joined(separator: "\n")
    return "::\(kind(of: finding.severity)) \(words)::\(data(body))\n"
  }

  private static func kind(of severity: Severity) -> String {
    switch severity {
    case .error: "error"
    case .warning: "warning"
    case .note: "notice"
    }
  }

  /// Text after the second `::`.
  static func data(_ text: String) -> String { escaped(text, alsoProperties: false) }

  /// The value of a property.
  static func property(_ text: String) -> String { escaped(text, alsoProperties: true) }

  private static func escaped(_ text: String, alsoProperties: Bool) -> String {
    var result = ""
    for scalar in VisibleText.lines(text).unicodeScalars {
      switch scalar {
      case "%": result += "%25"
      case "\r": result += "%0D"
      case "\n": result += "%0A"
      case ":" where alsoProperties: result += "%3A"
      case "," where alsoProperties: result += "%2C"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }
}
