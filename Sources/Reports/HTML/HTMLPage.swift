import Findings
import Rules

/// The parts of the HTML report, over findings that are numbered in the order of the page.
struct HTMLPage {
  private let outcome: CheckOutcome
  private let context: ReportContext
  private let files: [FileFindings]
  private let rows: [RuleCount]

  init(_ outcome: CheckOutcome, in context: ReportContext) {
    self.outcome = outcome
    self.context = context
    files = FileFindings.grouped(outcome.findings)
    rows = RuleCount.counted(outcome.findings)
  }

  // MARK: Overview

  func header() -> String {
    let summary = outcome.summary
    let (kind, words): (String, String)
    if summary.findings == 0 {
      (kind, words) = ("clean", "No findings")
    } else {
      let counts = [
        (summary.errors, "error"), (summary.warnings, "warning"), (summary.notes, "note"),
      ]
      words = counts.filter { $0.0 > 0 }.map { FindingWords.count($0.0, $0.1) }.joined(
        separator: ", ")
      kind = summary.errors > 0 ? "error" : summary.warnings > 0 ? "warning" : "note"
    }
    var asides = [SummaryLine.read(summary)]
    if summary.inconclusive > 0 {
      asides.append("\(summary.inconclusive) not decided")
    }
    if summary.suppressed > 0 { asides.append("\(summary.suppressed) accepted") }
    if let known = summary.baselined, known > 0 { asides.append("\(known) in the baseline") }
    if let untouched = summary.unchanged, untouched > 0 {
      asides.append("\(untouched) that no change touches")
    }
    return """
      <a class="skip" href="#findings">Skip to the findings</a>
      <header class="top \(kind)">
      <p class="tool">\(HTMLText.line(context.tool.name))</p>
      <h1>\(words)</h1>
      <p>in \(asides.joined(separator: " · "))</p>
      </header>
      <main>

      """
  }

  func overview() -> String {
    guard !outcome.findings.isEmpty else {
      return
        "<section id=\"findings\" class=\"empty\"><p>Nothing acts on an output before its proof, as far as "
        + "the rules in force can see.</p></section>\n"
    }
    var text = "<section class=\"overview\" aria-labelledby=\"overview\">\n"
    text += "<h2 id=\"overview\" class=\"quiet\">Overview</h2>\n" + tiles()
    text +=
      "<div class=\"tables\">\n" + ruleTable() + fileTable() + useTable() + "</div>\n</section>\n"
    return text
  }

  private func tiles() -> String {
    let summary = outcome.summary
    var tiles: [(kind: String, value: String, label: String)] = [
      ("error", "\(summary.errors)", summary.errors == 1 ? "error" : "errors"),
      ("warning", "\(summary.warnings)", summary.warnings == 1 ? "warning" : "warnings"),
      ("note", "\(summary.notes)", summary.notes == 1 ? "note" : "notes"),
    ]
    if let worst = rows.compactMap(\.worst).max() {
      tiles.append(
        ("time", HTMLText.line(TimeWords.duration(worst, precision: 1)), "worst exposure"))
    }
    let uses = outcome.totals.services.reduce(0) { $0 + $1.uses }
    if uses > 0 {
      let early = outcome.totals.services.reduce(0) { $0 + $1.violations }
      tiles.append((early > 0 ? "time" : "calm", "\(early) of \(uses)", "uses before their proof"))
    }
    let never = outcome.timelines.count { !$0.isProven }
    if never > 0 {
      tiles.append(
        ("time", "\(never)", never == 1 ? "output never certified" : "outputs never certified"))
    }
    return "<ul class=\"tiles\">\n"
      + tiles.map { tile in
        "<li class=\"\(tile.kind)\(tile.value == "0" ? " none" : "")\"><b>\(tile.value)</b> "
          + "<span>\(tile.label)</span></li>\n"
      }.joined() + "</ul>\n"
  }

  private func ruleTable() -> String {
    var text = "<div class=\"scroll\"><table><caption>By rule and cause</caption>\n"
    text += "<thead><tr><th scope=\"col\">rule</th><th scope=\"col\">cause</th>"
    text += "<th scope=\"col\" class=\"n\">findings</th>"
    // Only logs tell how long.
    let isTimed = rows.contains { $0.worst != nil }
    if isTimed { text += "<th scope=\"col\" class=\"n\">worst exposure</th>" }
    text += "</tr></thead>\n<tbody>\n"
    for row in rows {
      let worst = row.worst.map { HTMLText.line(TimeWords.duration($0, precision: 1)) } ?? ""
      text += "<tr><th scope=\"row\"><span class=\"dot \(row.severity.rawValue)\" "
      text += "title=\"\(row.severity.rawValue)\"></span>"
      text += "<a href=\"#findings\" data-rule=\"\(HTMLText.line(row.rule))\">"
      text += "\(HTMLText.line(row.rule))</a> \(HTMLText.line(row.name))</th>"
      text += "<td>\(HTMLText.line(row.cause ?? ""))</td><td class=\"n\">\(row.count)</td>"
      text += isTimed ? "<td class=\"n\">\(worst)</td></tr>\n" : "</tr>\n"
    }
    return text + "</tbody></table></div>\n"
  }

  private func fileTable() -> String {
    var text = "<div class=\"scroll\"><table><caption>By file</caption>\n"
    text += "<thead><tr><th scope=\"col\">file</th><th scope=\"col\" class=\"n\">errors</th>"
    text += "<th scope=\"col\" class=\"n\">warnings</th>"
    text += "<th scope=\"col\" class=\"n\">notes</th></tr></thead>\n<tbody>\n"
    for (index, file) in files.enumerated() {
      text += "<tr><th scope=\"row\"><a class=\"path\" href=\"#file-\(index + 1)\">"
      text += "\(Self.breakable(file.path))</a></th>"
      for severity in [Severity.error, .warning, .note] {
        let count = file.findings.count { $0.severity == severity }
        text += "<td class=\"n\(count == 0 ? " zero" : "")\">\(count)</td>"
      }
      text += "</tr>\n"
    }
    return text + "</tbody></table></div>\n"
  }

  /// How often and how long each service was too early.
  private func useTable() -> String {
    guard !outcome.totals.services.isEmpty else { return "" }
    var text = "<div class=\"scroll wide\"><table><caption>Uses in the logs, by service</caption>\n"
    text += "<thead><tr><th scope=\"col\">service</th>"
    for head in ["uses", "before their proof", "median exposure", "95th percentile", "worst"] {
      text += "<th scope=\"col\" class=\"n\">\(head)</th>"
    }
    text += "</tr></thead>\n<tbody>\n"
    for row in outcome.totals.services {
      let name = row.name.isEmpty ? "(none named)" : row.name
      text += "<tr><th scope=\"row\">\(HTMLText.line(name))</th><td class=\"n\">\(row.uses)</td>"
      text += "<td class=\"n\">\(row.violations)</td>"
      let exposure = row.exposure
      for time in [
        exposure?.medianMilliseconds, exposure?.percentile95Milliseconds,
        exposure?.maximumMilliseconds,
      ] {
        let words = time.map {
          TimeWords.duration($0, precision: exposure?.precisionMilliseconds ?? 1)
        }
        text += "<td class=\"n\">\(HTMLText.line(words ?? ""))</td>"
      }
      text += "</tr>\n"
    }
    return text + "</tbody></table></div>\n"
  }

  /// A path that may be broken after its slashes.
  static func breakable(_ path: String) -> String {
    HTMLText.line(path).split(separator: "/", omittingEmptySubsequences: false).joined(
      separator: "/<wbr>")
  }

  func filters() -> String {
    guard !outcome.findings.isEmpty else { return "" }
    let summary = outcome.summary
    var text =
      "<form class=\"filters\" role=\"search\" aria-label=\"Filter the findings\" hidden>\n"
    text += "<div class=\"buttons\" role=\"group\" aria-label=\"Severity\">"
    for (severity, count) in [
      (Severity.error, summary.errors), (.warning, summary.warnings), (.note, summary.notes),
    ] where count > 0 {
      text += "<button type=\"button\" class=\"\(severity.rawValue)\" "
      text += "data-severity=\"\(severity.rawValue)\" aria-pressed=\"true\">"
      text += "\(severity.rawValue) <span>\(count)</span></button>"
    }
    text += "</div>\n<label>Rule <select name=\"rule\"><option value=\"\">all</option>"
    var seen: Set<String> = []
    for row in rows.sorted(by: { FindingOrder.bytesPrecede($0.rule, $1.rule) })
    where seen.insert(row.rule).inserted {
      let rule = HTMLText.line(row.rule)
      text += "<option value=\"\(rule)\">\(rule) \(HTMLText.line(row.name))</option>"
    }
    text += "</select></label>\n<label>File <select name=\"file\"><option value=\"\">all</option>"
    for (index, file) in files.enumerated() {
      text += "<option value=\"\(index + 1)\">\(HTMLText.line(file.path))</option>"
    }
    text += "</select></label>\n<label>Text <input type=\"search\" name=\"text\" "
    text += "autocomplete=\"off\" spellcheck=\"false\"></label>\n"
    text += "<button type=\"reset\">Reset</button>\n"
    return text + "<output aria-live=\"polite\"></output>\n</form>\n"
  }

  // MARK: Findings

  func findings() -> String {
    guard !outcome.findings.isEmpty else { return "" }
    var text = "<section id=\"findings\" aria-label=\"Findings\">\n"
    var number = 0
    for (index, file) in files.enumerated() {
      text += section(file, index: index + 1, from: &number)
    }
    text += "<p class=\"nothing\" hidden>No finding matches the filter.</p>\n"
    return text + "</section>\n"
  }

  private func section(_ file: FileFindings, index: Int, from number: inout Int) -> String {
    var text = "<section class=\"file\" id=\"file-\(index)\" data-file=\"\(index)\" "
    text += "aria-labelledby=\"file-\(index)-h\">\n"
    text +=
      "<h2 id=\"file-\(index)-h\"><span class=\"path\">\(Self.breakable(file.path))</span></h2>\n"
    var groups: [(group: Group, findings: [Numbered])] = []
    for finding in file.findings {
      number += 1
      let group = Group(of: finding)
      let numbered = Numbered(number: number, finding: finding)
      if let place = groups.firstIndex(where: { $0.group == group }) {
        groups[place].findings.append(numbered)
      } else {
        groups.append((group, [numbered]))
      }
    }
    for (place, group) in groups.enumerated() {
      text += "<div class=\"group\">\n"
      text += figure(group.group, group.findings, prefix: "g\(index)-\(place + 1)")
      for numbered in group.findings {
        text += HTMLFinding(
          numbered.finding, number: numbered.number, file: index, outcome: outcome,
          context: context
        ).html()
      }
      text += "</div>\n"
    }
    return text + "</section>\n"
  }

  private struct Numbered {
    var number: Int
    var finding: Finding
  }

  /// What findings of a file share a drawing of.
  private enum Group: Equatable {
    case workflow(Int)
    case output(Int)
    case none

    init(of finding: Finding) {
      if let path = finding.drawnPath {
        self = .workflow(path.workflow)
      } else if let timeline = finding.evidence?.timeline {
        self = .output(timeline)
      } else {
        self = .none
      }
    }
  }

  private func figure(_ group: Group, _ findings: [Numbered], prefix: String) -> String {
    switch group {
    case .workflow(let index) where outcome.workflows.indices.contains(index):
      let marked = findings.compactMap { numbered in
        numbered.finding.drawnPath.map {
          WorkflowDiagram.Marked(number: numbered.number, finding: numbered.finding, path: $0)
        }
      }
      return WorkflowDiagram(outcome.workflows[index], findings: marked, prefix: prefix)
        .html { link($0) }
    case .output(let index) where outcome.timelines.indices.contains(index):
      return TimelineDiagram(outcome.timelines[index], prefix: prefix).html { moment in
        let place = Location(
          path: moment.path, line: moment.line, column: 1, endLine: moment.lastLine, endColumn: 1,
          startByte: 0, endByte: 0)
        return link(place)
      }
    case .workflow, .output, .none:
      return ""
    }
  }

  private func link(_ location: Location) -> String {
    HTMLPlace.link("line \(location.line)", to: location, outcome.excerpts, in: context)
  }

  /// What stands behind the attestations that were read.
  func attestations() -> String {
    guard !outcome.attestations.isEmpty else { return "" }
    var text =
      "<section class=\"attestations\" aria-labelledby=\"attestations\">\n"
      + "<h2 id=\"attestations\">Attestations</h2>\n"
    for picture in outcome.attestations {
      let place = HTMLPlace.link(
        "\(picture.location.path):\(picture.location.line)", to: picture.location,
        outcome.excerpts, in: context)
      text += AttestationDiagram(picture).html(place: place)
    }
    return text + "</section>\n"
  }

  // MARK: The end

  /// What the rules that found something mean.
  func rules() -> String {
    let found = Set(outcome.findings.map(\.rule))
    let rules = context.rules.filter { found.contains($0.id) }
    guard !rules.isEmpty else { return "" }
    var text =
      "<section class=\"rules\" aria-labelledby=\"rules\">\n<h2 id=\"rules\">What the rules mean</h2>\n"
    for rule in rules {
      text += "<div class=\"card\" id=\"\(Self.anchor(ofRule: rule.id))\"><h3>"
      text += "<span>\(HTMLText.line(rule.id)) \(HTMLText.line(rule.name))</span></h3>\n"
      for part in [rule.summary, rule.why] {
        for paragraph in RulePage.flowing(part).split(separator: "\n\n") {
          text += "<p>\(HTMLText.inline(String(paragraph)))</p>\n"
        }
      }
      let links = rule.references.filter { $0.hasPrefix("https://") }.map {
        "<a href=\"\(HTMLText.line($0))\" rel=\"noreferrer\">\(HTMLText.line($0))</a>"
      }
      if !links.isEmpty { text += "<p class=\"links\">\(links.joined(separator: "<br>"))</p>\n" }
      text += "</div>\n"
    }
    return text + "</section>\n"
  }

  static func anchor(ofRule id: String) -> String { "rule-" + HTMLText.identifier(id) }

  /// What somebody accepted, with the reasons.
  func accepted() -> String {
    guard !outcome.suppressed.isEmpty else { return "" }
    var text = "<section class=\"accepted\"><details><summary><h2>Accepted findings "
    text += "(\(outcome.suppressed.count))</h2></summary>\n<ul>\n"
    for suppressed in outcome.suppressed {
      let finding = suppressed.finding
      let place = HTMLPlace.link(
        "\(finding.location.path):\(finding.location.line)", to: finding.location,
        outcome.excerpts, in: context)
      text += "<li><b>\(HTMLText.line(finding.rule))</b> \(place): "
      text +=
        "\(HTMLText.inline(finding.message)) <i>\(HTMLText.line(suppressed.reason))</i></li>\n"
    }
    return text + "</ul></details></section>\n"
  }
}

/// How often a rule found something for one cause.
struct RuleCount {
  var rule: String
  var name: String
  var cause: String?
  var severity: Severity
  var count = 0
  /// The longest exposure in milliseconds.
  var worst: Double?

  /// The worst severities first, and of those the most frequent rules.
  static func counted(_ findings: [Finding]) -> [RuleCount] {
    var rows: [RuleCount] = []
    var indices: [[String]: Int] = [:]
    for finding in FindingWords.worstFirst(findings) {
      let key = [finding.severity.rawValue, finding.rule, finding.cause ?? ""]
      let index = indices[key] ?? rows.count
      if index == rows.count {
        indices[key] = index
        rows.append(
          RuleCount(
            rule: finding.rule, name: finding.name, cause: finding.cause,
            severity: finding.severity))
      }
      rows[index].count += 1
      let exposure =
        finding.evidence?.exposureMilliseconds ?? finding.observed?.worstExposureMilliseconds
      if let exposure { rows[index].worst = max(rows[index].worst ?? exposure, exposure) }
    }
    return rows.enumerated().sorted { left, right in
      if left.element.severity != right.element.severity {
        return left.element.severity > right.element.severity
      }
      if left.element.count != right.element.count {
        return left.element.count > right.element.count
      }
      return left.offset < right.offset
    }.map(\.element)
  }
}
