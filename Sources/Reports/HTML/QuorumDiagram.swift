import Findings

/// A certificate's quorum as bars: what each validator's voice weighs, whether it counts, and how much is needed.
///
/// Each bar is a picture of its own, as wide as the page lets it be; names and weights are text beside it.
struct QuorumDiagram {
  private let quorum: QuorumPicture
  private let prefix: String
  private let shown: ArraySlice<QuorumPicture.Validator>

  private static let height = 14.0
  private static let sumHeight = 52.0
  /// More validators than this are told by the table alone.
  private static let mostRows = 40
  /// And more than this by their number.
  private static let mostTableRows = 400

  init(_ quorum: QuorumPicture, prefix: String) {
    self.quorum = quorum
    self.prefix = prefix
    shown = quorum.validators.prefix(Self.mostRows)
  }

  func html() -> String {
    var text = "<figure class=\"story quorum\" aria-labelledby=\"\(prefix)-c\">\n"
    text +=
      "<figcaption id=\"\(prefix)-c\"><b>Certificate <code>\(HTMLText.line(quorum.name))</code></b> "
    if let place = quorum.location {
      text += "<span class=\"path\">\(HTMLText.line(place.path)):\(place.line)</span> "
    }
    text += "<span class=\"\(isMet ? "met" : "exposure")\">\(verdict)</span></figcaption>\n"
    text += bars()
    return text + table() + "</figure>\n"
  }

  private var isMet: Bool {
    quorum.weight >= quorum.threshold - 1e-4 && quorum.weight > 0 && !isOverstated
  }

  private var isOverstated: Bool {
    quorum.claimedWeight.map { $0 > quorum.weight + 0.005 } ?? false
  }

  private var verdict: String {
    let weight = QuorumWords.percent(quorum.weight)
    let needed = QuorumWords.percent(quorum.threshold)
    var words = "\(weight) of the weight of \(HTMLText.line(quorum.set)), \(needed) needed"
    if isOverstated, let claimed = quorum.claimedWeight {
      words += ", \(QuorumWords.percent(claimed)) claimed"
    }
    return words
  }

  // MARK: Picture

  /// All bars have one scale, so that they add up to the first.
  private func bars() -> String {
    var text = "<div class=\"voices\" role=\"img\" aria-label=\"\(verdict)\">\n"
    text += row(
      "all together", says: QuorumWords.percent(quorum.weight), height: Self.sumHeight, bar: sum())
    for validator in shown {
      let kind = validator.counts ? "counts" : validator.status == "not signed" ? "silent" : "void"
      let bar =
        "<title>\(HTMLText.line(words(validator)))</title>"
        + "<rect class=\"voice \(kind)\" width=\"\(percent(validator.weight, atLeast: 0.3))\" "
        + "height=\"\(number(Self.height))\" rx=\"3\"/>"
      text += row(
        [validator.id, validator.family].compactMap(\.self).joined(separator: " · "),
        says: "\(QuorumWords.percent(validator.weight)) \(validator.status)", height: Self.height,
        bar: bar)
    }
    return text + "</div>\n"
  }

  private func row(_ name: String, says words: String, height: Double, bar: String) -> String {
    "<div><span class=\"who\">\(HTMLText.line(name))</span>"
      + "<span class=\"says\">\(HTMLText.line(words))</span>"
      + "<svg aria-hidden=\"true\" width=\"100%\" height=\"\(number(height))\">\(bar)</svg></div>\n"
  }

  /// All voices side by side, those that count first, and the mark that they have to reach.
  private func sum() -> String {
    var text = "<rect class=\"seat\" y=\"22\" width=\"100%\" height=\"22\" rx=\"3\"/>"
    var start = 0.0
    for validator in quorum.validators where validator.counts {
      text += "<rect class=\"voice counts\" x=\"\(percent(start))\" y=\"22\" "
      text += "width=\"\(percent(validator.weight - 0.002, atLeast: 0.1))\" height=\"22\">"
      text +=
        "<title>\(HTMLText.line(validator.id)): \(QuorumWords.percent(validator.weight))</title></rect>"
      start += validator.weight
    }
    let threshold = min(max(quorum.threshold, 0), 1)
    let anchor = threshold > 0.85 ? "end" : threshold < 0.15 ? "start" : "middle"
    // The mark has to be seen before a full bar and before an empty one.
    for look in ["needed halo", "needed"] {
      text += "<line class=\"\(look)\" x1=\"\(percent(threshold))\" x2=\"\(percent(threshold))\" "
      text += "y1=\"17\" y2=\"49\"/>"
    }
    text += "<text class=\"axis\" x=\"\(percent(threshold))\" y=\"11\" text-anchor=\"\(anchor)\">"
    return text + "\(QuorumWords.percent(quorum.threshold)) needed</text>"
  }

  private func percent(_ share: Double, atLeast least: Double = 0) -> String {
    number(max(min(share, 1) * 100, least)) + "%"
  }

  private func words(_ validator: QuorumPicture.Validator) -> String {
    var words = "\(validator.id), \(QuorumWords.percent(validator.weight)), \(validator.status)"
    if let family = validator.family { words += ", family \(family)" }
    if let name = validator.operatorName { words += ", run by \(name)" }
    return words
  }

  // MARK: Text

  private func table() -> String {
    var text = "<details class=\"alt\"><summary>The validators as a table</summary>"
    text += "<div class=\"scroll\" tabindex=\"0\" role=\"group\" aria-label=\"Validators\"><table>"
    text += "<thead><tr>"
    for head in ["validator", "weight", "family", "operator", "signature"] {
      text += "<th scope=\"col\">\(head)</th>"
    }
    text += "</tr></thead>\n<tbody>\n"
    for validator in quorum.validators.prefix(Self.mostTableRows) {
      text += "<tr><th scope=\"row\">\(HTMLText.line(validator.id))</th>"
      text += "<td>\(QuorumWords.percent(validator.weight))</td>"
      text += "<td>\(HTMLText.line(validator.family ?? ""))</td>"
      text += "<td>\(HTMLText.line(validator.operatorName ?? ""))</td>"
      text += "<td>\(HTMLText.line(validator.status))</td></tr>\n"
    }
    text += "</tbody></table></div>"
    let left = quorum.validators.count - Self.mostTableRows
    if left > 0 { text += "<p>and \(left) more</p>" }
    return text + "</details>\n"
  }

  private func number(_ value: Double) -> String { SVGNumber.text(value) }
}

extension HTMLPage {
  /// So many certificates are drawn.
  private static var mostQuorums: Int { 50 }

  /// Who stands behind the certificates.
  func quorums(_ quorums: [QuorumPicture]) -> String {
    guard !quorums.isEmpty else { return "" }
    var text = "<section class=\"quorums\" aria-labelledby=\"quorums\">\n"
    text += "<h2 id=\"quorums\">Who stands behind the certificates</h2>\n"
    for (index, quorum) in quorums.prefix(Self.mostQuorums).enumerated() {
      text += "<div class=\"card\">\(QuorumDiagram(quorum, prefix: "q\(index + 1)").html())</div>\n"
    }
    let left = quorums.count - Self.mostQuorums
    if left > 0 { text += "<p>\(left) more certificates are not drawn.</p>\n" }
    return text + "</section>\n"
  }
}
