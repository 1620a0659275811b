import Findings

/// The story of an output as inline SVG: a row for each moment on one time axis, early uses as bars up to the proof.
struct TimelineDiagram {
  private let timeline: Timeline
  private let scale: TimeScale
  private let rows: [Moment]
  private let prefix: String

  private static let width = 900.0
  private static let trackLeft = 262.0
  private static let trackRight = 792.0
  private static let rowHeight = 27.0
  private static let top = 34.0
  /// More rows than this are told by the list alone.
  private static let mostRows = 40

  init(_ timeline: Timeline, prefix: String) {
    self.timeline = timeline
    self.prefix = prefix
    rows = Array(timeline.moments.prefix(Self.mostRows))
    scale = TimeScale(
      offsets: rows.flatMap { [$0.offsetMilliseconds, $0.lastOffsetMilliseconds] }.compactMap(
        \.self)
        + [Self.end(of: timeline)].compactMap(\.self),
      from: Self.trackLeft, to: Self.trackRight)
  }

  /// When the output stopped being unproven, as far as the log tells.
  private static func end(of timeline: Timeline) -> Double? {
    let proof = timeline.moments.first { $0.kind == .certificate }?.offsetMilliseconds
    if let proof { return proof }
    let firstUse = timeline.moments.first(where: \.isEarly)?.offsetMilliseconds
    guard let firstUse, let exposure = timeline.exposureMilliseconds else { return nil }
    return firstUse + exposure
  }

  func html(links: (Moment) -> String) -> String {
    let caption = "\(prefix)-c"
    var text = "<figure class=\"story\" aria-labelledby=\"\(caption)\">\n"
    text += "<figcaption id=\"\(caption)\"><b>Output <code>\(HTMLText.line(timeline.output))</code>"
    text += "</b> \(headline)</figcaption>\n"
    if rows.contains(where: { $0.offsetMilliseconds != nil }) {
      text += "<div class=\"scroll\" tabindex=\"0\" role=\"group\" aria-label=\"Timeline\">"
      text += svg() + "</div>\n"
    }
    text += table(links: links)
    if let chain = timeline.chain, !chain.links.isEmpty {
      text += ChainList(chain).html(links: links)
    }
    return text + "</figure>\n"
  }

  private var headline: String {
    let missing = timeline.isProven ? "" : "no certificate came"
    guard let exposure = timeline.exposureMilliseconds else { return missing }
    // The log ends with the use.
    if timeline.isExposureOpen, exposure <= 0 { return missing }
    let time = HTMLText.line(
      TimeWords.duration(exposure, precision: timeline.precisionMilliseconds))
    return timeline.isExposureOpen
      ? "<span class=\"exposure\">exposed for at least \(time)</span>; \(missing)"
      : "<span class=\"exposure\">exposed for \(time)</span> before its certificate"
  }

  // MARK: Picture

  private func svg() -> String {
    let height = Self.top + Double(rows.count) * Self.rowHeight + 8
    var text = "<svg class=\"timeline\" role=\"img\" aria-label=\"\(summary)\" "
    text += "width=\"\(number(Self.width))\" height=\"\(number(height))\" "
    text += "viewBox=\"0 0 \(number(Self.width)) \(number(height))\">"
    text += proofBand(height) + axis(height)
    for (index, moment) in rows.enumerated() {
      text += row(moment, y: Self.top + (Double(index) + 0.5) * Self.rowHeight)
    }
    return text + "</svg>"
  }

  /// What comes after the proof stands on another ground.
  private func proofBand(_ height: Double) -> String {
    let proof = rows.first { $0.kind == .certificate }?.offsetMilliseconds
    guard let proof else { return "" }
    let x = scale.x(proof)
    let width = Self.trackRight + 8 - x
    return "<rect class=\"after\" x=\"\(number(x))\" y=\"\(number(Self.top - 6))\" "
      + "width=\"\(number(width))\" height=\"\(number(height - Self.top + 2))\"/>"
  }

  private func axis(_ height: Double) -> String {
    var text = ""
    for tick in scale.ticks {
      let x = number(scale.x(tick))
      let isResponse = tick == 0
      text += "<path class=\"\(isResponse ? "zero" : "tick")\" d=\"M\(x) \(number(Self.top - 6))"
      text += "V\(number(height - 4))\"/>"
      text += "<text class=\"axis\" x=\"\(x)\" y=\"16\" text-anchor=\"middle\">"
      text += "\(HTMLText.line(isResponse ? "0" : TimeWords.offset(tick)))</text>"
    }
    if scale.isLogarithmic {
      text += "<text class=\"axis\" x=\"\(number(Self.trackLeft - 26))\" y=\"16\" "
      text += "text-anchor=\"end\">logarithmic time</text>"
    }
    return text
  }

  private func row(_ moment: Moment, y: Double) -> String {
    let kind = moment.kind.rawValue
    var text = "<g class=\"moment \(kind)\(moment.isEarly ? " early" : "")\">"
    text += "<title>\(HTMLText.line(words(moment)))</title>"
    let label = TextMeasure.cut(Self.label(moment), to: Self.trackLeft - 40) {
      TextMeasure.width($0, size: 12) * 1.04
    }
    text += "<text class=\"what\" x=\"0\" y=\"\(number(y + 4))\">\(HTMLText.line(label))</text>"
    text += "<path class=\"track\" d=\"M\(number(Self.trackLeft)) \(number(y))"
    text += "H\(number(Self.trackRight))\"/>"
    if let offset = moment.offsetMilliseconds {
      text += marks(moment, offset, y: y)
      text += "<text class=\"when\" x=\"\(number(Self.width))\" y=\"\(number(y + 4))\" "
      text += "text-anchor=\"end\">\(HTMLText.line(TimeWords.offset(offset)))</text>"
    }
    return text + "</g>"
  }

  private func marks(_ moment: Moment, _ offset: Double, y: Double) -> String {
    let x = scale.x(offset)
    var text = ""
    if moment.isEarly, let end = Self.end(of: timeline), end >= offset {
      let barEnd = scale.x(end)
      let width = max(barEnd - x, 2)
      text += "<rect class=\"bar\" x=\"\(number(x))\" y=\"\(number(y - 7))\" "
      text += "width=\"\(number(width))\" height=\"14\" rx=\"3\"/>"
      let words =
        (timeline.isExposureOpen ? "≥ " : "")
        + TimeWords.duration(end - offset, precision: timeline.precisionMilliseconds)
      if width > TextMeasure.width(words, size: 11) + 18 {
        text += "<text class=\"length\" x=\"\(number(x + width / 2))\" y=\"\(number(y + 4))\" "
        text += "text-anchor=\"middle\">\(HTMLText.line(words))</text>"
      }
    }
    if let last = moment.lastOffsetMilliseconds, scale.x(last) - x > 3 {
      text += "<path class=\"span\" d=\"M\(number(x)) \(number(y))H\(number(scale.x(last)))\"/>"
    }
    switch moment.kind {
    case .certificate:
      text += "<path class=\"dot\" d=\"M\(number(x)) \(number(y - 8))l8 8l-8 8l-8 -8z\"/>"
    case .refusal, .revocation:
      text += "<path class=\"cross\" d=\"M\(number(x - 5)) \(number(y - 5))l10 10m0 -10l-10 10\"/>"
    case .request, .response, .votes, .use, .reuse, .compensation, .other:
      text += "<circle class=\"dot\" cx=\"\(number(x))\" cy=\"\(number(y))\" r=\"5\"/>"
    }
    return text
  }

  private func number(_ value: Double) -> String { SVGNumber.text(value) }

  // MARK: Words

  private static func label(_ moment: Moment) -> String {
    let count = moment.count > 1 ? "\(moment.count) × " : ""
    let name = "\(count)\(moment.name)"
    return VisibleText.line(moment.sink.map { "\(name) \($0)" } ?? name)
  }

  private func words(_ moment: Moment) -> String {
    var words = [Self.label(moment)]
    if !moment.tally.isEmpty {
      words.append(moment.tally.map { "\($0.count) \($0.value)" }.joined(separator: ", "))
    }
    if let time = moment.time { words.append("at \(time)") }
    if moment.isEarly { words.append("before the proof") }
    return words.joined(separator: ", ")
  }

  private var summary: String {
    let early = rows.count(where: \.isEarly)
    let proof = timeline.isProven ? "its certificate" : "any certificate"
    return HTMLText.line(
      "A timeline of \(FindingWords.count(rows.count, "moment")): "
        + "\(FindingWords.count(early, "use")) before \(proof). A table follows.")
  }

  /// The timeline for those who do not see it, with times and places.
  private func table(links: (Moment) -> String) -> String {
    var text = "<details class=\"alt\"><summary>The timeline as a table</summary>\n"
    text += "<div class=\"scroll\" tabindex=\"0\" role=\"group\" aria-label=\"Moments\"><table>"
    text += "<thead><tr><th scope=\"col\">what</th><th scope=\"col\">from the response</th>"
    text += "<th scope=\"col\">time</th><th scope=\"col\">clock of</th>"
    text += "<th scope=\"col\">where</th></tr></thead>\n"
    for moment in timeline.moments {
      var what = HTMLText.line(Self.label(moment))
      if !moment.tally.isEmpty {
        let tally = moment.tally.map { "\($0.count) \($0.value)" }.joined(separator: ", ")
        what += " (\(HTMLText.line(tally)))"
      }
      if moment.isEarly { what += " <b class=\"early\">before the proof</b>" }
      let offset = moment.offsetMilliseconds.map(TimeWords.offset) ?? ""
      text += "<tr><td>\(what)</td><td class=\"n\">\(HTMLText.line(offset))</td>"
      text += "<td>\(HTMLText.line(moment.time ?? ""))</td>"
      text += "<td>\(HTMLText.line(moment.producer ?? ""))</td><td>\(links(moment))</td></tr>\n"
    }
    text += "</table></div>"
    let hidden = timeline.omittedMoments
    if hidden > 0 { text += "<p>\(FindingWords.count(hidden, "further moment")) not listed.</p>" }
    return text + "</details>\n"
  }
}

extension Timeline {
  /// Whether a proof came; some protocols' proofs have no hash.
  var isProven: Bool { certificate != nil || moments.contains { $0.kind == .certificate } }
}
