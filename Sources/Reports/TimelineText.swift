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
    func add(_ moments: ArraySlice<Moment>) {
      for moment in moments {
        table.text.add(offset(of: moment))
        table.endCell()
        table.text.add(printable: moment.name)
        if let sink = moment.sink {
          table.text.add(1)
          table.text.add(printable: sink)
        }
        addWords(of: moment, to: &table.text)
        table.endCell()
        table.text.add(printable: moment.producer ?? "")
        table.endCell()
        addPlace(of: moment, in: path, to: &table.text)
        table.endCell()
        table.text.add(moment.isEarly ? "before its proof" : "")
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
  static func sentence(_ chain: Chain, of timeline: Timeline, in path: String) -> String {
    var sentence = "live"
    if let live = chain.liveMilliseconds {
      let least = chain.end == .logEnd ? "at least " : ""
      let words = MeasuredTime.words(live, precision: chain.precisionMilliseconds)
      sentence += " for \(least)\(words)"
    }
    switch chain.end {
    case .certificate: sentence += " until its certificate"
    case .compensation: sentence += " until it was held or taken back"
    case .logEnd: sentence += ": the log ends without a certificate"
    }
    if chain.firstOutput != timeline.output {
      sentence += "; of its prompt \(chain.firstOutput) went first"
    }
    let links = chain.links.prefix(mostLinks).map { link in
      var words = link.moment.name
      if let sink = link.moment.sink { words += " `\(sink)`" }
      if link.source != nil || link.via == .supersedes {
        words += " by \(link.via.rawValue)"
        if let shared = link.shared, shared != link.moment.sink { words += " `\(shared)`" }
      }
      var place = TextPage()
      addPlace(of: link.moment, in: path, to: &place)
      return words + " (\(String(decoding: place.bytes, as: UTF8.self)))"
    }
    let left = chain.links.count - links.count + chain.omittedLinks
    return sentence + "; " + links.joined(separator: " → ") + (left > 0 ? " → \(left) more" : "")
  }

  private static func folded(_ moments: [Moment]) -> (ArraySlice<Moment>, ArraySlice<Moment>) {
    if moments.count <= mostMoments { return (moments[...], []) }
    // The end of a story, its certificate, matters as much as its beginning.
    let tail = 3
    return (moments.prefix(mostMoments - tail), moments.suffix(tail))
  }

  private static func offset(of moment: Moment) -> String {
    guard let offset = moment.offsetMilliseconds else { return "no time" }
    return MeasuredTime.short(offset, precision: moment.precisionMilliseconds)
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
