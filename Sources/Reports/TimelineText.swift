import Findings

/// An output's story in a few lines of text.
enum TimelineText {
  /// More lines than these are folded.
  private static let mostMoments = 9
  private static let mostLinks = 5

  /// The moments in columns: offset, name, place, clock, line.
  static func rows(_ timeline: Timeline, in path: String) -> [String] {
    let (first, rest) = folded(timeline.moments)
    var rows: [[String]] = []
    for moment in first + rest {
      var name = moment.name
      if let sink = moment.sink { name += " \(sink)" }
      rows.append([
        " " + offset(of: moment), name + words(of: moment), moment.producer ?? "",
        place(of: moment, in: path), moment.isEarly ? "before its proof" : "",
      ])
    }
    var lines = TextTable.lines(rows, rightAligned: [0])
    let left = timeline.moments.count - rows.count + timeline.omittedMoments
    if left > 0 { lines.insert("  … \(left) more, in the JSON report", at: first.count) }
    return lines
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
      return words + " (\(place(of: link.moment, in: path)))"
    }
    let left = chain.links.count - links.count + chain.omittedLinks
    return sentence + "; " + links.joined(separator: " → ") + (left > 0 ? " → \(left) more" : "")
  }

  private static func folded(_ moments: [Moment]) -> ([Moment], [Moment]) {
    if moments.count <= mostMoments { return (moments, []) }
    // The end of a story, its certificate, matters as much as its beginning.
    let tail = 3
    return (Array(moments.prefix(mostMoments - tail)), Array(moments.suffix(tail)))
  }

  private static func offset(of moment: Moment) -> String {
    guard let offset = moment.offsetMilliseconds else { return "no time" }
    return MeasuredTime.short(offset, precision: moment.precisionMilliseconds)
  }

  private static func words(of moment: Moment) -> String {
    if moment.count == 1 && moment.tally.isEmpty { return "" }
    let tally = moment.tally.map { "\($0.count) \($0.value)" }.joined(separator: ", ")
    return " ×\(moment.count)" + (tally.isEmpty ? "" : ": \(tally)")
  }

  private static func place(of moment: Moment, in path: String) -> String {
    let lines =
      moment.line == moment.lastLine
      ? "line \(moment.line)"
      : "lines \(moment.line)–\(moment.lastLine)"
    return moment.path == path ? lines : "\(moment.path), \(lines)"
  }
}

/// A command that prints the lines behind a finding.
enum EvidenceCommand {
  /// `nil` where there is nothing to compare, or no file to print from.
  static func text(_ evidence: Evidence, in path: String) -> String? {
    let lines = Set(evidence.events.map(\.line)).sorted()
    // A finding in a definition has its events in a log.
    let files = Set(evidence.events.map { $0.path ?? path })
    guard lines.count > 1, files.count == 1, let file = files.first else { return nil }
    return LineCommand.text(lines.map { $0...$0 }, of: file)
  }
}
