import Findings

/// The source that a finding speaks of, with the stations of its path marked where they stand.
struct HTMLSource {
  private let finding: Finding
  private let outcome: CheckOutcome
  private let context: ReportContext
  private let stations: [FlowStep]

  /// Longer lines are cut around what is marked in them.
  private static let mostColumns = 220

  init(_ finding: Finding, outcome: CheckOutcome, context: ReportContext) {
    self.finding = finding
    self.outcome = outcome
    self.context = context
    let here = FlowStep(role: .consumed, message: "", location: finding.location)
    let last = finding.flow.last?.location
    let isThere = last?.path == finding.location.path && last?.line == finding.location.line
    stations = isThere ? finding.flow : finding.flow + [here]
  }

  func html() -> String {
    var paths: [String] = []
    for station in stations where !paths.contains(station.location.path) {
      paths.append(station.location.path)
    }
    return paths.map(block).joined()
  }

  /// The lines of one file.
  private func block(_ path: String) -> String {
    let marked = stations.enumerated().filter { $0.element.location.path == path }
    guard let quoted = outcome.excerpts[path]?.lines else { return "" }
    // A line of a log stands for itself.
    let around = finding.evidence == nil ? 2 : 0
    var numbers: Set<Int> = []
    for (_, station) in marked {
      let line = station.location.line
      for number in max(1, line - around)...(line + around) where quoted[number] != nil {
        numbers.insert(number)
      }
    }
    guard !numbers.isEmpty else { return "" }
    var text = "<div class=\"source\(finding.evidence == nil ? "" : " log")\">"
    if path != finding.location.path {
      text += "<p class=\"path\">\(HTMLPage.breakable(path))</p>"
    }
    text += "<div class=\"scroll\"><pre>"
    var previous: Int?
    for number in numbers.sorted() {
      if let previous, number != previous + 1 { text += "<span class=\"cut\">⋯</span>\n" }
      previous = number
      let here = marked.filter { $0.element.location.line == number }
      text += line(number, quoted[number] ?? "", here)
      for (index, station) in here where !station.message.isEmpty {
        text += "<span class=\"said \(kind(index))\"><span class=\"ln\"></span>"
        text += "<span class=\"words\">\(HTMLText.inline(station.message))</span></span>\n"
      }
    }
    return text + "</pre></div></div>\n"
  }

  /// The last station is the finding's own.
  private func kind(_ index: Int) -> String {
    if index == stations.count - 1 { return "sink \(finding.severity.rawValue)" }
    switch stations[index].role {
    case .generated: return "generated"
    case .gate: return "gate"
    case .passed, .consumed: return "passed"
    }
  }

  private func line(
    _ number: Int, _ source: String, _ here: [(offset: Int, element: FlowStep)]
  ) -> String {
    let scalars = Array(source.unicodeScalars)
    var window = 0..<scalars.count
    let first = here.first?.element.location
    if scalars.count > Self.mostColumns {
      let start = max(0, min((first?.column ?? 1) - 1, scalars.count) - Self.mostColumns / 4)
      window = start..<min(scalars.count, start + Self.mostColumns)
    }
    // Marks that overlap are drawn as the first of them.
    var marks: [(range: Range<Int>, kind: String)] = []
    for (index, station) in here {
      guard let range = range(of: station.location, in: scalars.count, window) else { continue }
      if marks.contains(where: { $0.range.overlaps(range) }) {
        if index != stations.count - 1 { continue }
        marks.removeAll { $0.range.overlaps(range) }
      }
      marks.append((range, kind(index)))
    }
    marks.sort { $0.range.lowerBound < $1.range.lowerBound }
    var text =
      "<span class=\"line\(here.isEmpty ? "" : " hit")\"><span class=\"ln\">\(number)</span>"
    text += window.lowerBound > 0 ? "…" : ""
    var place = window.lowerBound
    for mark in marks {
      text += Self.words(scalars[place..<mark.range.lowerBound])
      text += "<mark class=\"\(mark.kind)\">\(Self.words(scalars[mark.range]))</mark>"
      place = mark.range.upperBound
    }
    text += Self.words(scalars[place..<window.upperBound])
    return text + (window.upperBound < scalars.count ? "…" : "") + "</span>\n"
  }

  /// The marked part of the line, `nil` where that is the whole of it: a mark would tell nothing.
  private func range(of location: Location, in count: Int, _ window: Range<Int>) -> Range<Int>? {
    let start = min(max(location.column - 1, 0), count)
    let end = location.endLine == location.line ? min(location.endColumn - 1, count) : count
    if start == 0, end >= count, finding.evidence != nil { return nil }
    let range = start..<max(start, end)
    let clamped = range.clamped(to: window)
    return clamped.isEmpty ? nil : clamped
  }

  private static func words(_ scalars: ArraySlice<Unicode.Scalar>) -> String {
    var view = String.UnicodeScalarView()
    view.append(contentsOf: scalars)
    return HTMLText.escaped(DisplayText.printable(String(view)))
  }
}
