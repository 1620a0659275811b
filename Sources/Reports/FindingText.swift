import Findings
import Rules

/// One finding as text: headline, source with carets for every station of its path, notes and remedy.
struct FindingText {
  /// The reason of a suppression, where the finding is shown all the same.
  var acceptance: String?
  /// The output's story, where it was not told before.
  var timeline: Timeline?
  private let finding: Finding
  private let excerpts: [String: Excerpt]
  private let context: ReportContext
  private let margin: Margin
  private let width: Int

  init(_ finding: Finding, excerpts: [String: Excerpt], context: ReportContext) {
    self.finding = finding
    self.excerpts = excerpts
    self.context = context
    let lines = finding.flow.map(\.location.line) + [finding.location.line]
    margin = Margin(gutter: String(lines.max() ?? 1).utf8.count)
    width = max(context.width, 40)
  }

  func write(to page: inout TextPage) {
    headline(to: &page)
    snippets(to: &page)
    notes(to: &page)
  }

  private func headline(to page: inout TextPage) {
    let label = "\(finding.severity.rawValue)[\(finding.rule)]"
    let message = acceptance == nil ? finding.message : "(suppressed) \(finding.message)"
    // What is asked of the finding alone: the whole would be copied.
    let (severity, address) = (finding.severity, ruleAddress)
    var isFirst = true
    DisplayText.wrap("\(label): \(message)", to: width) { line in
      if isFirst {
        page.link(address: address) { $0.add(label, in: .severity(severity)) }
        page.add(in: .strong) { $0.add(line.dropFirst(label.utf8.count)) }
      } else {
        page.add(in: .strong) {
          $0.add(4)
          $0.add(line)
        }
      }
      isFirst = false
      page.endLine()
    }
  }

  private func snippets(to page: inout TextPage) {
    let stations = self.stations()
    let place = finding.location
    page.add(margin.gutter)
    page.add("-->", in: .frame)
    page.add(1)
    page.link(address: address(of: place)) { Self.add(place, to: &$0) }
    page.endLine()
    guard stations.contains(where: { source(of: $0.location) != nil }) else { return }
    margin.rail(nil, &page)
    page.endLine()
    var shownPath = place.path
    var previousLine: Int?
    for (index, station) in stations.enumerated() {
      let location = station.location
      guard let source = source(of: location) else { continue }
      if location.path != shownPath {
        shownPath = location.path
        previousLine = nil
        page.add(margin.gutter)
        page.add(":::", in: .frame)
        page.add(1)
        Self.add(location, to: &page)
        page.endLine()
        margin.rail(nil, &page)
        page.endLine()
      }
      if let previous = previousLine, location.line != previous, location.line != previous + 1 {
        page.add("...", in: .frame)
        page.endLine()
      }
      let isSink = index == stations.count - 1
      let snippet = Snippet(
        source: source, location: location, label: station.message,
        mark: isSink ? UInt8(ascii: "^") : UInt8(ascii: "-"), room: width - margin.gutter - 3)
      if location.line != previousLine {
        margin.rail(location.line, &page)
        page.add(snippet.sourceLine)
        page.endLine()
      }
      for mark in snippet.marks {
        margin.rail(nil, &page)
        page.add(mark, in: isSink ? .severity(finding.severity) : .station)
        page.endLine()
      }
      previousLine = location.line
    }
    margin.rail(nil, &page)
    page.endLine()
  }

  private static func add(_ place: Location, to page: inout TextPage) {
    page.add(printable: place.path)
    page.add(":")
    page.add(number: place.line)
    page.add(":")
    page.add(number: place.column)
  }

  private var ruleAddress: String? {
    context.linkedDirectory == nil ? nil : context.rule(finding.rule)?.address(in: context.tool)
  }

  private func address(of place: Location) -> String? {
    guard let directory = context.linkedDirectory, !place.path.hasPrefix("<") else { return nil }
    let path = place.path.hasPrefix("/") ? place.path : directory + "/" + place.path
    return "file:///" + SARIFReport.uri(path)
  }

  /// The path's stations; the finding's own place stands for a missing path, and ends a path that stops before it.
  private func stations() -> [FlowStep] {
    let here = FlowStep(role: .consumed, message: "", location: finding.location)
    guard let last = finding.flow.last else { return [here] }
    let isThere =
      last.location.path == finding.location.path && last.location.line == finding.location.line
    return isThere ? finding.flow : finding.flow + [here]
  }

  private func notes(to page: inout TextPage) {
    // What the linter says of its own input needs no reason beside the sentence.
    if let rule = context.rule(finding.rule), !rule.isAboutInput {
      let (summary, cause) = (rule.summary, finding.cause)
      note("why", to: &page) {
        $0.add(summary)
        guard let cause else { return }
        $0.add(" (")
        $0.add(cause)
        $0.add(")")
      }
    }
    if let evidence = finding.evidence {
      for event in evidence.events {
        note("event", to: &page) {
          if let path = event.path {
            $0.add(path)
            $0.add(":")
          } else {
            $0.add("line ")
          }
          $0.add(number: event.line)
          $0.add(": ")
          $0.add(event.name)
          guard let time = event.time else { return }
          $0.add(" at ")
          $0.add(time)
        }
      }
      if let exposure = evidence.exposureMilliseconds, finding.observed == nil {
        let words = MeasuredTime.words(exposure, precision: evidence.precisionMilliseconds)
        note("note", "exposed for \(words) before its proof", to: &page)
      }
      if evidence.verdict == .inconclusive {
        note("note", evidence.openWords, to: &page)
      }
      if let shared = evidence.sharedIdentity { note("same", shared, to: &page) }
      if let command = EvidenceCommand.text(evidence, in: finding.location.path) {
        note("lines", command, to: &page)
      }
      if let timeline { story(timeline, to: &page) }
    }
    if let observed = finding.observed { note("note", FindingWords.sentence(observed), to: &page) }
    if finding.confidence != .high {
      note("note", "confidence is \(finding.confidence.rawValue)", to: &page)
    }
    if let acceptance { note("note", "suppressed: \(acceptance)", to: &page) }
    if let remedy = finding.remedy { note("help", remedy, to: &page) }
    if let fix = finding.fix, fix.safety == .safe {
      note("fix", "\(fix.message) (`--fix` writes it)", to: &page)
    }
  }

  /// Only what the events above do not show already.
  private func story(_ timeline: Timeline, to page: inout TextPage) {
    let path = finding.location.path
    let shown = finding.evidence?.events.map(\.line) ?? []
    if timeline.moments.contains(where: { !shown.contains($0.line) || $0.count > 1 }) {
      let label = "story"
      // A space stands before each row.
      let margin = margin
      let room = width - margin.width(label) - 1
      let table = TimelineText.table(timeline, in: path)
      // Columns help only where each row has its line.
      let isSqueezed = table.width > room
      for row in 0..<table.count {
        if row == 0 { margin.begin(label, &page) } else { page.add(margin.width(label)) }
        page.add(1)
        if isSqueezed {
          table.writeSqueezed(row, to: &page, room: room) {
            $0.endLine()
            $0.add(margin.width(label) + 1)
          }
        } else {
          table.write(row, to: &page)
        }
        page.endLine()
      }
    }
    if let chain = timeline.chain {
      note("chain", to: &page) {
        TimelineText.addSentence(chain, of: timeline, in: path, to: &$0)
      }
    }
  }

  private func note(_ label: String, _ text: String, to page: inout TextPage) {
    note(label, to: &page) { $0.add(text) }
  }

  /// Writes a note where it stands; what needs more than its line is taken back and wrapped.
  private func note(_ label: String, to page: inout TextPage, _ write: (inout TextPage) -> Void) {
    let room = max(width - margin.width(label), 20)
    let begin = page.bytes.count
    margin.begin(label, &page)
    let start = page.bytes.count
    write(&page)
    let count = page.bytes.count - start
    if count <= room, DisplayText.isWords(page.bytes.span.extracting(last: count)) {
      return page.endLine()
    }
    // Fewer columns than bytes may fit all the same.
    let text = Array(page.bytes[start...])
    page.takeBack(to: start)
    var isFirst = true
    DisplayText.wrap(text, to: room) { line in
      if !isFirst { page.add(margin.width(label)) }
      isFirst = false
      page.add(line)
      page.endLine()
    }
    if isFirst { page.takeBack(to: begin) }
  }

  private func source(of location: Location) -> String? {
    excerpts[location.path]?.lines[location.line]
  }
}

/// What stands before the text of a finding's lines.
private struct Margin {
  /// The width of the widest line number.
  let gutter: Int

  /// The rail beside a line of source, with its number where one is given.
  func rail(_ line: Int?, _ page: inout TextPage) {
    page.add(in: .frame) {
      let number = line.map(String.init) ?? ""
      $0.add(gutter - number.utf8.count)
      $0.add(number)
      $0.add(" |")
    }
    page.add(1)
  }

  /// The columns before a note's text.
  func width(_ label: String) -> Int { gutter + label.utf8.count + 5 }

  /// Begins a note.
  func begin(_ label: String, _ page: inout TextPage) {
    page.add(gutter + 1)
    page.add("=", in: .frame)
    page.add(1)
    page.add(in: .strong) {
      $0.add(label)
      $0.add(":")
    }
    page.add(1)
  }
}
