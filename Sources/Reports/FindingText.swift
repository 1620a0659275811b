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
  private let palette: Palette
  /// The width of the widest line number.
  private let gutter: Int
  private let width: Int

  init(_ finding: Finding, excerpts: [String: Excerpt], context: ReportContext) {
    self.finding = finding
    self.excerpts = excerpts
    self.context = context
    palette = Palette(isActive: context.usesColor)
    let lines = finding.flow.map(\.location.line) + [finding.location.line]
    gutter = String(lines.max() ?? 1).utf8.count
    width = max(context.width, 40)
  }

  func rendered() -> String {
    var lines = headline()
    lines += snippets()
    lines += notes()
    var text = ""
    for line in lines {
      // A rail without text must not end in a space.
      text += DisplayText.trimmed(line)
      text += "\n"
    }
    return text
  }

  private func headline() -> [String] {
    let label = "\(finding.severity.rawValue)[\(finding.rule)]"
    let message = acceptance == nil ? finding.message : "(suppressed) \(finding.message)"
    let lines = DisplayText.wrapped("\(label): \(message)", to: width)
    return lines.enumerated().map { index, line in
      guard index == 0 else { return palette.strong("    " + line) }
      let rest = String(line.dropFirst(label.count))
      return linked(palette.severity(finding.severity, label), to: ruleAddress)
        + palette.strong(rest)
    }
  }

  private func snippets() -> [String] {
    let stations = self.stations()
    let place = finding.location
    let path = DisplayText.printable(place.path)
    let shown = linked("\(path):\(place.line):\(place.column)", to: address(of: place))
    var lines = [pad("-->", shown)]
    guard stations.contains(where: { source(of: $0.location) != nil }) else { return lines }
    lines.append(rail())
    var shownPath = place.path
    var previousLine: Int?
    for (index, station) in stations.enumerated() {
      let location = station.location
      guard let source = source(of: location) else { continue }
      if location.path != shownPath {
        shownPath = location.path
        previousLine = nil
        let other = DisplayText.printable(location.path)
        lines.append(pad(":::", "\(other):\(location.line):\(location.column)"))
        lines.append(rail())
      }
      if let previous = previousLine, location.line != previous, location.line != previous + 1 {
        lines.append(palette.frame("..."))
      }
      let snippet = Snippet(
        source: source, location: location, label: station.message,
        mark: index == stations.count - 1 ? UInt8(ascii: "^") : UInt8(ascii: "-"),
        room: width - gutter - 3)
      if location.line != previousLine { lines.append(rail(location.line, snippet.sourceLine)) }
      lines += snippet.marks.map { mark in
        let isSink = index == stations.count - 1
        return rail(nil, isSink ? palette.severity(finding.severity, mark) : palette.station(mark))
      }
      previousLine = location.line
    }
    lines.append(rail())
    return lines
  }

  /// The text as a link, in a terminal that opens links.
  private func linked(_ text: String, to address: String?) -> String {
    guard context.linkedDirectory != nil, let address else { return text }
    return "\u{1b}]8;;\(address)\u{1b}\\\(text)\u{1b}]8;;\u{1b}\\"
  }

  private var ruleAddress: String? { context.rule(finding.rule)?.address(in: context.tool) }

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

  private func notes() -> [String] {
    var lines: [String] = []
    // What the linter says of its own input needs no reason beside the sentence.
    if let rule = context.rule(finding.rule), !rule.isAboutInput {
      let cause = finding.cause.map { " (\($0))" } ?? ""
      lines += note("why", rule.summary + cause)
    }
    if let evidence = finding.evidence {
      for event in evidence.events {
        let time = event.time.map { " at \($0)" } ?? ""
        let place = event.path.map { "\($0):\(event.line)" } ?? "line \(event.line)"
        lines += note("event", "\(place): \(event.name)\(time)")
      }
      if let exposure = evidence.exposureMilliseconds, finding.observed == nil {
        let words = MeasuredTime.words(exposure, precision: evidence.precisionMilliseconds)
        lines += note("note", "exposed for \(words) before its proof")
      }
      if evidence.verdict == .inconclusive {
        lines += note("note", evidence.openWords)
      }
      if let shared = evidence.sharedIdentity { lines += note("same", shared) }
      if let command = EvidenceCommand.text(evidence, in: finding.location.path) {
        lines += note("lines", command)
      }
      if let timeline { lines += story(timeline) }
    }
    if let observed = finding.observed { lines += note("note", FindingWords.sentence(observed)) }
    if finding.confidence != .high {
      lines += note("note", "confidence is \(finding.confidence.rawValue)")
    }
    if let acceptance { lines += note("note", "suppressed: \(acceptance)") }
    if let remedy = finding.remedy { lines += note("help", remedy) }
    if let fix = finding.fix, fix.safety == .safe {
      lines += note("fix", "\(fix.message) (`--fix` writes it)")
    }
    return lines
  }

  /// Only what the events above do not show already.
  private func story(_ timeline: Timeline) -> [String] {
    let path = finding.location.path
    var lines: [String] = []
    let shown = Set(finding.evidence?.events.map(\.line) ?? [])
    if timeline.moments.contains(where: { !shown.contains($0.line) || $0.count > 1 }) {
      let room = width - gutter - "  = story: ".utf8.count
      var rows = TimelineText.rows(timeline, in: path)
      // Columns help only where each row has its line.
      if rows.contains(where: { DisplayText.width($0) > room }) {
        rows = rows.flatMap { Self.squeezed($0, to: room) }
      }
      lines += note("story", rows.joined(separator: "\n"))
    }
    if let chain = timeline.chain {
      lines += note("chain", TimelineText.sentence(chain, of: timeline, in: path))
    }
    return lines
  }

  /// The row with two spaces between its columns, and what does not fit below its first one.
  private static func squeezed(_ row: String, to room: Int) -> [String] {
    let bytes = Array(row.utf8)
    var lines: [String] = []
    var line: [UInt8] = []
    var taken = 0
    var place = 0
    while true {
      while place < bytes.count, bytes[place] == 0x20 { place += 1 }
      let first = place
      // A single space stands inside a cell.
      while place < bytes.count,
        bytes[place] != 0x20 || (place + 1 < bytes.count && bytes[place + 1] != 0x20)
      {
        place += 1
      }
      if first == place { break }
      let cell = bytes[first..<place]
      let width = DisplayText.width(cell)
      if line.isEmpty {
        line = [0x20]
        taken = 1 + width
      } else if taken + 2 + width > room {
        lines.append(String(decoding: line, as: UTF8.self))
        line = Array(repeating: 0x20, count: 5)
        taken = 5 + width
      } else {
        line += [0x20, 0x20]
        taken += 2 + width
      }
      line += cell
    }
    return lines + [String(decoding: line, as: UTF8.self)]
  }

  private func note(_ label: String, _ text: String) -> [String] {
    let indentation = DisplayText.run(gutter + label.utf8.count + 5)
    var lines = DisplayText.wrapped(text, to: max(width - indentation.utf8.count, 20))
    for index in lines.indices.dropFirst() { lines[index] = indentation + lines[index] }
    if let first = lines.first {
      let prefix = DisplayText.run(gutter + 1)
      lines[0] = "\(prefix)\(palette.frame("=")) \(palette.strong(label + ":")) \(first)"
    }
    return lines
  }

  private func source(of location: Location) -> String? {
    excerpts[location.path]?.lines[location.line]
  }

  private func pad(_ arrow: String, _ text: String) -> String {
    DisplayText.run(gutter) + palette.frame(arrow) + " " + text
  }

  private func rail(_ line: Int? = nil, _ text: String = "") -> String {
    let number = line.map(String.init) ?? ""
    let padding = DisplayText.run(gutter - number.utf8.count)
    return palette.frame(padding + number + " |") + " " + text
  }
}
