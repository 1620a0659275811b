package import Findings
package import Rules

/// The forms in which findings can be written.
package enum ReportFormat: String, CaseIterable, Sendable {
  case text, json, jsonl, sarif, github, gitlab, junit, checkstyle, rdjson, sonarqube, markdown,
    html

  /// Whether it shows the workflows themselves, which are then drawn beside the findings.
  package var drawsWorkflows: Bool { self == .html }

  /// Writes the report as UTF-8: part by part where one that tells of many findings would be large.
  package func write(
    _ outcome: CheckOutcome, in context: ReportContext, to sink: @escaping ([UInt8]) -> Void
  ) {
    switch self {
    case .json: JSONReport.write(outcome, in: context, to: sink)
    case .jsonl: JSONLinesReport.write(outcome, to: sink)
    default: sink(render(outcome, in: context))
    }
  }

  /// The whole report as UTF-8.
  package func render(_ outcome: CheckOutcome, in context: ReportContext) -> [UInt8] {
    switch self {
    case .text: return TextReport.render(outcome, in: context)
    case .json, .jsonl:
      var bytes: [UInt8] = []
      write(outcome, in: context) { bytes += $0 }
      return bytes
    case .sarif: return SARIFReport.render(outcome, in: context)
    case .github: return GitHubReport.render(outcome, in: context)
    case .gitlab: return GitLabReport.render(outcome, in: context)
    case .junit: return JUnitReport.render(outcome, in: context)
    case .checkstyle: return CheckstyleReport.render(outcome, in: context)
    case .rdjson: return RDJSONReport.render(outcome, in: context)
    case .sonarqube: return SonarQubeReport.render(outcome, in: context)
    case .html: return HTMLReport.render(outcome, in: context)
    case .markdown: return MarkdownReport.render(outcome, in: context)
    }
  }
}

/// What reports need beside the findings.
package struct ReportContext: Sendable {
  package var tool: Tool
  /// The rules in force, ordered by ID.
  package var rules: [Rule]
  /// The terminal's width in columns.
  package var width: Int
  package var usesColor: Bool
  /// Whether suppressed findings are written too, marked as such, where the format can.
  package var includesSuppressed: Bool
  /// Only findings, without the sentence that counts them.
  package var isQuiet: Bool
  /// Where readers find the files; `nil` where that is not known.
  package var links: SourceLinks?
  /// Where the paths of a text start from, for a terminal that opens links (OSC 8); `nil` for any other.
  package var linkedDirectory: String?

  package init(
    tool: Tool, rules: [Rule], width: Int = 100, usesColor: Bool = false,
    includesSuppressed: Bool = false, isQuiet: Bool = false, links: SourceLinks? = nil
  ) {
    self.links = links
    self.isQuiet = isQuiet
    self.tool = tool
    self.rules = rules
    self.width = width
    self.usesColor = usesColor
    self.includesSuppressed = includesSuppressed
  }

  func rule(_ id: String) -> Rule? { rules.first { $0.id == id } }
}

/// The program that made a report.
package struct Tool: Sendable {
  package var name: String
  package var version: String
  /// Where its users find it.
  package var address: String

  package init(name: String, version: String, address: String) {
    self.name = name
    self.version = version
    self.address = address
  }
}
