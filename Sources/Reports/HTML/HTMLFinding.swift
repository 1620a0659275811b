import Findings
import Rules

/// A finding on the page: what happened, the source with its path, and what to write instead.
struct HTMLFinding {
  private let finding: Finding
  private let number: Int
  private let file: Int
  private let outcome: CheckOutcome
  private let context: ReportContext

  init(
    _ finding: Finding, number: Int, file: Int, outcome: CheckOutcome, context: ReportContext
  ) {
    self.finding = finding
    self.number = number
    self.file = file
    self.outcome = outcome
    self.context = context
  }

  func html() -> String {
    let anchor = HTMLReport.anchor(finding)
    let severity = finding.severity.rawValue
    var text = "<article class=\"finding \(severity)\" id=\"\(anchor)\" tabindex=\"-1\" "
    text += "data-n=\"\(number)\" data-severity=\"\(severity)\" "
    text += "data-rule=\"\(HTMLText.line(finding.rule))\" aria-labelledby=\"\(anchor)-h\">\n"
    text += "<h3 id=\"\(anchor)-h\"><a class=\"number\" href=\"#\(anchor)\" "
    text += "title=\"Link to this finding\">\(number)</a> "
    text += "<span class=\"sentence\">\(HTMLText.inline(sentence))</span></h3>\n"
    text += "<p class=\"meta\">\(meta.joined(separator: " "))</p>\n"
    text += HTMLSource(finding, outcome: outcome, context: context).html()
    text += facts()
    text += remedy()
    return text + "</article>\n"
  }

  /// The message as a sentence of its own.
  private var sentence: String {
    guard let first = finding.message.first, first.isLowercase else { return finding.message }
    return first.uppercased() + finding.message.dropFirst()
  }

  private var meta: [String] {
    let severity = finding.severity.rawValue
    var parts = ["<span class=\"label \(severity)\">\(severity)</span>"]
    let words = "<b>\(HTMLText.line(finding.rule))</b> \(HTMLText.line(finding.name))"
    if let rule = context.rule(finding.rule) {
      let summary = HTMLText.line(rule.summary)
      parts.append(
        "<a class=\"rule\" href=\"#\(HTMLPage.anchor(ofRule: rule.id))\" title=\"\(summary)\">"
          + "\(words)</a>")
    } else {
      parts.append("<span class=\"rule\">\(words)</span>")
    }
    if let cause = finding.cause {
      parts.append("<span class=\"tag\">\(HTMLText.line(cause))</span>")
    }
    if finding.isInconclusive { parts.append("<span class=\"tag\">not decided</span>") }
    if finding.confidence != .high {
      parts.append("<span class=\"tag\">confidence \(finding.confidence.rawValue)</span>")
    }
    let place = finding.location
    parts.append(
      HTMLPlace.link(
        "line \(place.line), column \(place.column)", to: place, outcome.excerpts, in: context))
    return parts
  }

  private func facts() -> String {
    var facts: [String] = []
    if let evidence = finding.evidence {
      if let exposure = evidence.exposureMilliseconds, outcome.timeline(of: finding) == nil {
        let time = HTMLText.line(
          TimeWords.duration(exposure, precision: evidence.precisionMilliseconds))
        facts.append("Exposed for <b class=\"time\">\(time)</b> before its proof.")
      }
      if evidence.verdict == .inconclusive {
        facts.append("\(evidence.openSubject): \(HTMLText.inline(evidence.reason)).")
      }
      if outcome.timeline(of: finding) == nil, !evidence.events.isEmpty {
        facts.append(events(evidence.events))
      }
    }
    if let observed = finding.observed { facts.append(self.observed(observed)) }
    guard !facts.isEmpty else { return "" }
    return "<ul class=\"facts\">\n" + facts.map { "<li>\($0)</li>\n" }.joined() + "</ul>\n"
  }

  private func events(_ events: [Evidence.Event]) -> String {
    var text = "What the log shows:<ol>"
    for event in events {
      let place = Location(
        path: event.path ?? finding.location.path, line: event.line, column: 1, endLine: event.line,
        endColumn: 1, startByte: 0, endByte: 0)
      let link = HTMLPlace.link("line \(event.line)", to: place, outcome.excerpts, in: context)
      let time = event.time.map { " at \(HTMLText.line($0))" } ?? ""
      text += "<li><code>\(HTMLText.line(event.name))</code>\(time), \(link)</li>"
    }
    return text + "</ol>"
  }

  /// Links to the finding in the log, where the report has it.
  private func observed(_ observed: Observation) -> String {
    let times = observed.count == 1 ? "once" : "\(observed.count) times"
    let worst =
      observed.worstExposureMilliseconds.map {
        "worst exposure <b class=\"time\">\(HTMLText.line(TimeWords.duration($0, precision: 1)))</b>"
      } ?? "never certified"
    let place = "\(observed.first.path):\(observed.first.line)"
    let twin = outcome.findings.first {
      $0.location.path == observed.first.path && $0.location.line == observed.first.line
    }
    let link =
      twin.map { "<a href=\"#\(HTMLReport.anchor($0))\">\(HTMLText.line(place))</a>" }
      ?? HTMLPlace.link(place, to: observed.first, outcome.excerpts, in: context)
    let time = observed.firstTime.map { " at \(HTMLText.line($0))" } ?? ""
    return "A log shows it \(times): \(worst), first\(time) in \(link)."
  }

  /// Prose, with the lines that the remedy indents as code.
  private func remedy() -> String {
    guard let remedy = finding.remedy, !remedy.isEmpty else { return "" }
    var text = "<div class=\"remedy\"><h4>Instead</h4>\n"
    var code: [String] = []
    var prose: [String] = []
    func flush(_ text: inout String) {
      if !prose.isEmpty { text += "<p>\(HTMLText.inline(prose.joined(separator: " ")))</p>\n" }
      if !code.isEmpty {
        text += "<pre><code>\(HTMLText.escaped(code.joined(separator: "\n")))</code></pre>\n"
      }
      prose = []
      code = []
    }
    for line in remedy.split(whereSeparator: \.isNewline) {
      if line.first == " " || line.first == "\t" {
        code.append(String(line))
      } else {
        if !code.isEmpty { flush(&text) }
        prose.append(String(line))
      }
    }
    flush(&text)
    return text + "</div>\n"
  }
}

/// Places in files, with links where it is known where the files are.
enum HTMLPlace {
  static func link(
    _ words: String, to location: Location, _ excerpts: [String: Excerpt],
    in context: ReportContext
  ) -> String {
    let words = HTMLText.line(words)
    guard let links = context.links else { return "<span class=\"place\">\(words)</span>" }
    let path = excerpts[location.path]?.repositoryPath ?? location.path
    let last = max(location.line, location.endLine)
    let address = HTMLText.escaped(links.address(path, lines: location.line...last))
    return "<a class=\"place\" href=\"\(address)\">\(words)</a>"
  }
}
