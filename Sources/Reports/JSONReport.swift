import Findings

/// The `json` format: one versioned document with every finding.
enum JSONReport {
  /// Changes only when a program that reads the old form would misread the new one.
  static let version = 1

  static func write(
    _ outcome: CheckOutcome, in context: ReportContext, to sink: @escaping ([UInt8]) -> Void
  ) {
    var writer = JSONWriter(indented: true, sink: sink)
    writer.object { document in
      document.member("version", version)
      document.object("tool") { tool in
        tool.member("name", context.tool.name)
        tool.member("version", context.tool.version)
      }
      document.array("findings", outcome.findings) { $0.write($1) }
      document.object("summary") { $0.write(outcome.summary) }
      if !outcome.timelines.isEmpty {
        document.array("timelines", outcome.timelines) { $0.write($1) }
      }
      if outcome.totals != UseTotals() { document.object("totals") { $0.write(outcome.totals) } }
    }
    writer.endLine()
    writer.finish()
  }
}

/// The `jsonl` format: the findings of ``JSONReport``, one a line.
enum JSONLinesReport {
  static func write(
    _ outcome: CheckOutcome, to sink: @escaping ([UInt8]) -> Void
  ) {
    var writer = JSONWriter(indented: false, sink: sink)
    for finding in outcome.findings {
      // A line stands alone: it points into no list.
      var finding = finding
      finding.evidence?.timeline = nil
      writer.write(finding)
      writer.endLine()
    }
    writer.finish()
  }
}

extension JSONWriter {
  mutating func write(_ finding: Finding) {
    object { writer in
      writer.member("rule", finding.rule)
      writer.member("name", finding.name)
      writer.member("cause", finding.cause)
      writer.member("severity", finding.severity.rawValue)
      writer.member("confidence", finding.confidence.rawValue)
      writer.member("message", finding.message)
      writer.object("location") { $0.write(finding.location) }
      if !finding.flow.isEmpty {
        writer.array("flow", finding.flow) { writer, station in
          writer.object {
            $0.member("role", station.role.rawValue)
            $0.member("message", station.message)
            $0.object("location") { $0.write(station.location) }
          }
        }
      }
      if let evidence = finding.evidence { writer.object("evidence") { $0.write(evidence) } }
      if let observed = finding.observed { writer.object("observed") { $0.write(observed) } }
      writer.member("remedy", finding.remedy)
      if let fix = finding.fix {
        writer.array("fixes", CollectionOfOne(fix)) { $0.write($1) }
      }
      writer.member("fingerprint", finding.fingerprint)
    }
  }

  mutating func write(_ summary: Summary) {
    member("findings", summary.findings)
    member("errors", summary.errors)
    member("warnings", summary.warnings)
    member("notes", summary.notes)
    member("inconclusive", summary.inconclusive)
    member("suppressed", summary.suppressed)
    if let baselined = summary.baselined { member("baselined", baselined) }
    if let unchanged = summary.unchanged { member("unchanged", unchanged) }
    if summary.unlisted > 0 { member("unlisted", summary.unlisted) }
    if summary.fixable > 0 { member("fixable", summary.fixable) }
    member("definitions", summary.definitions)
    member("logs", summary.logs)
    if summary.certificates > 0 { member("certificates", summary.certificates) }
    if summary.attestations > 0 { member("attestations", summary.attestations) }
    if summary.claims > 0 { member("claims", summary.claims) }
  }

  private mutating func write(_ fix: Fix) {
    object { writer in
      writer.member("message", fix.message)
      writer.member("safety", fix.safety.rawValue)
      writer.array("edits", fix.edits) { writer, edit in
        writer.object {
          $0.object("location") { $0.write(edit.location) }
          $0.member("text", edit.replacement)
        }
      }
    }
  }

  private mutating func write(_ location: Location) {
    member("path", location.path)
    member("line", location.line)
    member("column", location.column)
    member("endLine", location.endLine)
    member("endColumn", location.endColumn)
  }

  private mutating func write(_ evidence: Evidence) {
    member("verdict", evidence.verdict.rawValue)
    member("reason", evidence.reason)
    member("exposureMs", evidence.exposureMilliseconds)
    if evidence.exposureMilliseconds != nil, evidence.precisionMilliseconds > 1 {
      member("precisionMs", evidence.precisionMilliseconds)
    }
    member("output", evidence.output)
    member("certificate", evidence.certificate)
    array("events", evidence.events) { writer, event in
      writer.object {
        $0.member("path", event.path)
        $0.member("line", event.line)
        $0.member("time", event.time)
        $0.member("name", event.name)
      }
    }
    member("shared", evidence.sharedIdentity)
    if let timeline = evidence.timeline { member("timeline", timeline) }
  }

  private mutating func write(_ observed: Observation) {
    member("count", observed.count)
    member("worstExposureMs", observed.worstExposureMilliseconds)
    object("first") { $0.write(observed.first) }
    member("firstTime", observed.firstTime)
  }
}
