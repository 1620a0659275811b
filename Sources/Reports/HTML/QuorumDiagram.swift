import Findings

/// A certificate's quorum as inline SVG: what each validator's voice weighs, whether it counts, and how much is needed.
struct QuorumDiagram {
  private let quorum: QuorumPicture
  private let prefix: String
  private let shown: ArraySlice<QuorumPicture.Validator>

  private static let width = 900.0
  private static let left = 210.0
  private static let right = 760.0
  private static let rowHeight = 24.0
  private static let top = 86.0
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
    text +=
      "<div class=\"scroll\" tabindex=\"0\" role=\"group\" aria-label=\"Quorum\">\(svg())</div>\n"
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

  private func svg() -> String {
    let height = Self.top + Double(shown.count) * Self.rowHeight + 8
    var text = "<svg class=\"timeline\" role=\"img\" aria-label=\"\(verdict)\" "
    text += "width=\"\(number(Self.width))\" height=\"\(number(height))\" "
    text += "viewBox=\"0 0 \(number(Self.width)) \(number(height))\">"
    text += sum() + thresholdLine(height)
    let heaviest = shown.map(\.weight).max() ?? 1
    for (index, validator) in shown.enumerated() {
      text += row(
        validator, y: Self.top + (Double(index) + 0.5) * Self.rowHeight,
        unit: heaviest > 0 ? (Self.right - Self.left) / max(heaviest, quorum.threshold, 0.01) : 0)
    }
    return text + "</svg>"
  }

  /// All voices side by side, those that count first.
  private func sum() -> String {
    let unit = Self.right - Self.left
    var x = Self.left
    var text = "<text class=\"what\" x=\"0\" y=\"49\">all together</text>"
    text +=
      "<rect class=\"seat\" x=\"\(number(Self.left))\" y=\"34\" width=\"\(number(unit))\" height=\"22\" rx=\"3\"/>"
    for validator in quorum.validators where validator.counts {
      let width = validator.weight * unit
      text += "<rect class=\"voice counts\" x=\"\(number(x))\" y=\"34\" "
      text += "width=\"\(number(max(width - 1.5, 0.5)))\" height=\"22\">"
      text +=
        "<title>\(HTMLText.line(validator.id)): \(QuorumWords.percent(validator.weight))</title></rect>"
      x += width
    }
    text += "<text class=\"when\" x=\"\(number(Self.width))\" y=\"49\" text-anchor=\"end\">"
    return text + "\(QuorumWords.percent(quorum.weight))</text>"
  }

  private func thresholdLine(_ height: Double) -> String {
    let x = number(Self.left + min(max(quorum.threshold, 0), 1) * (Self.right - Self.left))
    var text = "<path class=\"needed\" d=\"M\(x) 24V64\"/>"
    text += "<text class=\"axis\" x=\"\(x)\" y=\"16\" text-anchor=\"middle\">"
    return text + "\(QuorumWords.percent(quorum.threshold)) needed</text>"
  }

  private func row(_ validator: QuorumPicture.Validator, y: Double, unit: Double) -> String {
    let kind = validator.counts ? "counts" : validator.status == "not signed" ? "silent" : "void"
    var text = "<g class=\"moment\"><title>\(HTMLText.line(words(validator)))</title>"
    let name = [validator.id, validator.family].compactMap(\.self).joined(separator: " · ")
    let label = TextMeasure.cut(name, to: Self.left - 20) {
      TextMeasure.width($0, size: 12) * 1.04
    }
    text += "<text class=\"what\" x=\"0\" y=\"\(number(y + 4))\">\(HTMLText.line(label))</text>"
    text += "<rect class=\"voice \(kind)\" x=\"\(number(Self.left))\" y=\"\(number(y - 7))\" "
    text += "width=\"\(number(max(validator.weight * unit, 1)))\" height=\"14\" rx=\"3\"/>"
    text +=
      "<text class=\"when\" x=\"\(number(Self.width))\" y=\"\(number(y + 4))\" text-anchor=\"end\">"
    text += "\(QuorumWords.percent(validator.weight)) \(HTMLText.line(validator.status))</text>"
    return text + "</g>"
  }

  private func words(_ validator: QuorumPicture.Validator) -> String {
    var words = "\(validator.id), \(QuorumWords.percent(validator.weight)), \(validator.status)"
    if let family = validator.family { words += ", family \(family)" }
    if let name = validator.operatorName { words += ", run by \(name)" }
    return words
  }

  // MARK: Text

  private func table() -> String {
    var text = "<details><summary>\(quorum.validators.count) validators</summary>"
    text += "<div class=\"scroll\"><table><thead><tr>"
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
