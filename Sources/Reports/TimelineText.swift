import Findings

/// An output's story in a few lines of text.
enum TimelineText {
  /// More lines than these are folded.
  private static let mostMoments = 9
  private static let mostLinks = 5

  /// The moments in columns: offset, name, place, clock, line.
  static func table(_ timeline: Timeline, in path: String) -> TextTable {
    let (first, rest) = folded(timeline.moments)
    var table = TextTable(rightAligned: [0])
    table.reserve(mostMoments + 1)
    func add(_ moments: ArraySlice<Moment>) {
      for moment in moments {
        addOffset(of: moment, to: &table.text)
        table.endCell()
        table.text.add(printable: moment.name)
        if let sink = moment.sink {
          table.text.add(1)
          table.text.add(printable: sink)
        }
        addWords(of: moment, to: &table.text)
        table.endCell()
        if let producer = moment.producer { table.text.add(printable: producer) }
        table.endCell()
        addPlace(of: moment, in: path, to: &table.text)
        table.endCell()
        if moment.isEarly { table.text.add("before its proof") }
        table.endCell()
        table.endRow()
      }
    }
    add(first)
    let left = timeline.moments.count - first.count - rest.count + timeline.omittedMoments
    if left > 0 {
      table.text.add("… \(left) more, in the JSON report")
      table.endNote()
    }
    add(rest)
    return table
  }

  /// How the output spread, in a sentence.
  static func addSentence(
    _ chain: Chain, of timeline: Timeline, in path: String, to page: inout TextPage
  ) {
    page.add("live")
    if let live = chain.liveMilliseconds {
      page.add(" for ")
      if chain.end == .logEnd { page.add("at least ") }
      page.add(MeasuredTime.words(live, precision: chain.precisionMilliseconds))
    }
    switch chain.end {
    case .certificate: page.add(" until its certificate")
    case .compensation: page.add(" until it was held or taken back")
    case .logEnd: page.add(": the log ends without a certificate")
    }
    if chain.firstOutput != timeline.output {
      page.add("; of its prompt ")
      page.add(chain.firstOutput)
      page.add(" went first")
    }
    page.add("; ")
    let links = chain.links.prefix(mostLinks)
    for (number, link) in links.enumerated() {
      if number > 0 { page.add(" → ") }
      page.add(link.moment.name)
      if let sink = link.moment.sink { page.add(inTicks: sink) }
      if link.source != nil || link.via == .supersedes {
        page.add(" by ")
        page.add(link.via.rawValue)
        if let shared = link.shared, shared != link.moment.sink { page.add(inTicks: shared) }
      }
      page.add(" (")
      addPlace(of: link.moment, in: path, to: &page)
      page.add(")")
    }
    let left = chain.links.count - links.count + chain.omittedLinks
    if left > 0 {
      page.add(" → ")
      page.add(number: left)
      page.add(" more")
    }
  }

  private static func folded(_ moments: [Moment]) -> (ArraySlice<Moment>, ArraySlice<Moment>) {
    if moments.count <= mostMoments { return (moments[...], []) }
    // The end of a story, its certificate, matters as much as its beginning.
    let tail = 3
    return (moments.prefix(mostMoments - tail), moments.suffix(tail))
  }

  private static func addOffset(of moment: Moment, to page: inout TextPage) {
    guard let offset = moment.offsetMilliseconds else { return page.add("no time") }
    // As nearly all are.
    if moment.precisionMilliseconds <= 1, abs(offset) < 120_000, offset == offset.rounded() {
      if offset < 0 { page.add("-") }
      page.add(number: Int(abs(offset)))
      return page.add(" ms")
    }
    page.add(MeasuredTime.short(offset, precision: moment.precisionMilliseconds))
  }

  private static func addWords(of moment: Moment, to page: inout TextPage) {
    if moment.count == 1 && moment.tally.isEmpty { return }
    page.add(" ×")
    page.add(number: moment.count)
    for (index, tally) in moment.tally.enumerated() {
      page.add(index == 0 ? ": " : ", ")
      page.add(number: tally.count)
      page.add(1)
      page.add(printable: tally.value)
    }
  }

  private static func addPlace(of moment: Moment, in path: String, to page: inout TextPage) {
    if moment.path != path {
      page.add(printable: moment.path)
      page.add(", ")
    }
    page.add(moment.line == moment.lastLine ? "line " : "lines ")
    page.add(number: moment.line)
    if moment.line == moment.lastLine { return }
    page.add("–")
    page.add(number: moment.lastLine)
  }
}

/// A command that prints the lines behind a finding.
enum EvidenceCommand {
  /// `nil` where there is nothing to compare, or no file to print from.
  static func text(_ evidence: Evidence, in path: String) -> String? {
    var lines: [Int] = []
    for line in evidence.events.map(\.line).sorted() where line != lines.last { lines.append(line) }
    // A finding in a definition has its events in a log.
    guard lines.count > 1, let first = evidence.events.first else { return nil }
    let file = first.path ?? path
    if evidence.events.contains(where: { ($0.path ?? path) != file }) { return nil }
    return LineCommand.text(lines.map { $0...$0 }, of: file)
  }
}
