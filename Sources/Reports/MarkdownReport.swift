package import Findings

/// The `markdown` format: for a comment on a pull request and for the summary of a job.
///
/// Short first: what was found by rule; then a fold for each file.
package enum MarkdownReport {
  /// A comment on GitHub holds 65,536 characters; some are left for whoever posts it.
  private static let mostBytes = 60_000

  package static func render(_ outcome: CheckOutcome, in context: ReportContext) -> [UInt8] {
    var text = headline(outcome, in: context)
    text += quorums(outcome.quorums)
    text += attestations(outcome.attestations, outcome.excerpts, in: context)
    guard !outcome.findings.isEmpty else { return Array(text.utf8) }
    text += "\n" + table(outcome.findings, in: context)
    var shown = 0
    files: for (index, file) in worstFirst(outcome.findings).enumerated() {
      var fold = opening(of: file, isOpen: index == 0)
      var count = 0
      for finding in file.findings {
        let item = item(finding, outcome.excerpts, in: context)
        if text.utf8.count + fold.utf8.count + item.utf8.count > mostBytes { break }
        fold += item
        count += 1
      }
      shown += count
      if count > 0 { text += fold + "\n</details>\n" }
      if count < file.findings.count { break files }
    }
    if shown < outcome.findings.count {
      let left = FindingWords.count(outcome.findings.count - shown, "finding")
      text += "\n\(left) more: this report has no room for all of them.\n"
    }
    return Array(text.utf8)
  }

  private static func headline(_ outcome: CheckOutcome, in context: ReportContext) -> String {
    let summary = SummaryLine.text(outcome.summary)
    let mark = outcome.findings.map(\.severity).max().map(Self.mark) ?? "✅"
    return "### \(mark) \(MarkdownText.inline(context.tool.name))\n\n\(summary)\n"
  }

  /// A line for each certificate: who stands behind it.
  private static func quorums(_ quorums: [QuorumPicture]) -> String {
    guard !quorums.isEmpty else { return "" }
    var text = "\n"
    for quorum in quorums.prefix(20) {
      let counting = quorum.validators.count(where: \.counts)
      text += "- certificate \(MarkdownText.inline(quorum.name)): \(counting) of "
      text +=
        "\(quorum.validators.count) validators, \(QuorumWords.percent(quorum.weight)) of the weight, "
      text += "\(QuorumWords.percent(quorum.threshold)) needed\n"
    }
    if quorums.count > 20 { text += "- \(quorums.count - 20) more certificates\n" }
    return text
  }

  /// A line for each attestation: what became of its files, and who signed it.
  private static func attestations(
    _ pictures: [AttestationPicture], _ excerpts: [String: Excerpt], in context: ReportContext
  ) -> String {
    guard !pictures.isEmpty else { return "" }
    var text = "\n"
    for picture in pictures.prefix(20) {
      let files = picture.links.filter { $0.kind == "file" }
      let signers = picture.links.filter { $0.kind == "signer" }
      let place = link(
        MarkdownText.inline(picture.location.path), to: picture.location, excerpts, in: context)
      text += "- \(MarkdownText.inline(picture.title)) in \(place)"
      if !files.isEmpty {
        let same = files.count { $0.state == .holds }
        text += ": \(same) of \(FindingWords.count(files.count, "file")) as attested"
      }
      text +=
        signers.isEmpty ? "; not signed\n" : "; \(signers.map(signer).joined(separator: ", "))\n"
    }
    if pictures.count > 20 { text += "- \(pictures.count - 20) more attestations\n" }
    return text
  }

  private static func signer(_ link: AttestationPicture.Link) -> String {
    let name = MarkdownText.inline(link.name)
    return switch link.state {
    case .holds: "signed by \(name)"
    case .fails: "the signature does not hold (\(MarkdownText.inline(link.words)))"
    case .open: "the signature was not checked (\(MarkdownText.inline(link.words)))"
    }
  }

  private static func mark(_ severity: Severity) -> String {
    switch severity {
    case .error: "❌"
    case .warning: "⚠️"
    case .note: "ℹ️"
    }
  }

  private static func table(_ findings: [Finding], in context: ReportContext) -> String {
    var rows: [(key: String, finding: Finding, count: Int, worst: Double?)] = []
    var indices: [String: Int] = [:]
    for finding in FindingWords.worstFirst(findings) {
      let key = "\(finding.severity.rawValue)/\(finding.rule)/\(finding.cause ?? "")"
      let exposure =
        finding.evidence?.exposureMilliseconds ?? finding.observed?.worstExposureMilliseconds
      if let index = indices[key] {
        rows[index].count += 1
        if let exposure { rows[index].worst = max(rows[index].worst ?? exposure, exposure) }
      } else {
        indices[key] = rows.count
        rows.append((key, finding, 1, exposure))
      }
    }
    var text = "| | rule | cause | findings | worst exposure |\n|---|---|---|--:|--:|\n"
    for row in rows {
      let rule = MarkdownText.inline("\(row.finding.rule) \(row.finding.name)")
      let cause = MarkdownText.inline(row.finding.cause ?? "")
      let worst = row.worst.map(FindingWords.milliseconds) ?? ""
      text += "| \(mark(row.finding.severity)) | \(rule) | \(cause) | \(row.count) | \(worst) |\n"
    }
    return text
  }

  /// The files with the worst findings first; a file's findings in their own order.
  private static func worstFirst(_ findings: [Finding]) -> [FileFindings] {
    FileFindings.grouped(findings).enumerated().sorted { left, right in
      let severities = [left, right].map { $0.element.findings.map(\.severity).max() ?? .note }
      return severities[0] == severities[1]
        ? left.offset < right.offset : severities[0] > severities[1]
    }.map(\.element)
  }

  private static func opening(of file: FileFindings, isOpen: Bool) -> String {
    let counts = [Severity.error, .warning, .note].compactMap { severity in
      let count = file.findings.count { $0.severity == severity }
      return count > 0 ? FindingWords.count(count, severity.rawValue) : nil
    }
    let path = XMLWriter.escaped(VisibleText.line(file.path))
    return "\n<details\(isOpen ? " open" : "")>\n<summary><code>\(path)</code>: "
      + "\(counts.joined(separator: ", "))</summary>\n\n"
  }

  private static func item(
    _ finding: Finding, _ excerpts: [String: Excerpt], in context: ReportContext
  ) -> String {
    let place = link("line \(finding.location.line)", to: finding.location, excerpts, in: context)
    var text = "- \(mark(finding.severity)) **\(MarkdownText.inline(finding.rule))** \(place): "
    text += MarkdownText.inline(finding.message) + "\n"
    let stations = finding.flow.dropLast().map { station in
      let words = station.message.isEmpty ? station.role.rawValue : station.message
      let path = station.location.path == finding.location.path ? "" : station.location.path + " "
      let name = MarkdownText.inline(path) + "line \(station.location.line)"
      return MarkdownText.inline(words) + " ("
        + link(name, to: station.location, excerpts, in: context) + ")"
    }
    if !stations.isEmpty { text += "  <br>Path: \(stations.joined(separator: " → "))\n" }
    for note in FindingWords.notes(of: finding) { text += "  <br>\(MarkdownText.inline(note))\n" }
    if let remedy = finding.remedy { text += Self.remedy(remedy) }
    return text
  }

  /// Prose, with the lines that the remedy indents as code.
  private static func remedy(_ remedy: String) -> String {
    var prose: [String] = []
    var code: [String] = []
    for line in remedy.split(whereSeparator: \.isNewline) {
      if line.first == " " || line.first == "\t" {
        code.append(String(line))
      } else {
        prose.append(String(line))
      }
    }
    let text = "  <br>**Instead**: \(MarkdownText.inline(prose.joined(separator: " ")))\n"
    if code.isEmpty { return text }
    return text + "\n" + MarkdownText.block(code.joined(separator: "\n"), indentation: "  ")
  }

  /// A link to a line; its words are Markdown already.
  private static func link(
    _ words: String, to location: Location, _ excerpts: [String: Excerpt],
    in context: ReportContext
  ) -> String {
    let path = excerpts[location.path]?.repositoryPath ?? location.path
    let last = max(location.endLine, location.line)
    let address =
      context.links?.address(path, lines: location.line...last)
      ?? SARIFReport.uri(path) + "#L\(location.line)"
    return "[\(words)](\(address))"
  }
}
