package import Findings
import Rules

/// The `text` format: each finding as a compiler would tell it, for a person at a terminal.
enum TextReport {
  static func render(_ outcome: CheckOutcome, in context: ReportContext) -> [UInt8] {
    var page = TextPage(Palette(isActive: context.usesColor))
    var told: Set<Int> = []
    for finding in outcome.findings {
      var words = FindingText(finding, excerpts: outcome.excerpts, context: context)
      // A story is told once, under its first finding.
      if let place = finding.evidence?.timeline, told.insert(place).inserted {
        words.timeline = outcome.timeline(of: finding)
      }
      words.write(to: &page)
      page.endLine()
    }
    if context.includesSuppressed {
      for suppressed in outcome.suppressed {
        var finding = FindingText(suppressed.finding, excerpts: outcome.excerpts, context: context)
        finding.acceptance = suppressed.reason
        finding.write(to: &page)
        page.endLine()
      }
    }
    if !page.bytes.isEmpty, !context.isQuiet {
      DisplayText.wrap(SummaryLine.text(outcome.summary), to: max(context.width, 40)) {
        page.add($0)
        page.endLine()
      }
    }
    return page.bytes
  }
}

/// What a run found and read, in one sentence.
package enum SummaryLine {
  /// The sentence, such as `Found 2 errors and 1 warning (1 suppressed) in 3 definitions and 1 log`.
  package static func text(_ summary: Summary) -> String {
    var counts: [String] = []
    if summary.errors > 0 { counts.append(count(summary.errors, "error")) }
    if summary.warnings > 0 { counts.append(count(summary.warnings, "warning")) }
    if summary.notes > 0 { counts.append(count(summary.notes, "note")) }
    var asides: [String] = []
    if summary.inconclusive > 0 { asides.append("\(summary.inconclusive) inconclusive") }
    if summary.suppressed > 0 { asides.append("\(summary.suppressed) suppressed") }
    if let known = summary.baselined, known > 0 { asides.append("\(known) in the baseline") }
    if let untouched = summary.unchanged, untouched > 0 {
      asides.append("\(untouched) that no change touches")
    }
    if summary.unlisted > 0 { asides.append("\(summary.unlisted) more are not listed") }
    let found = counts.isEmpty ? "no findings" : list(counts)
    let aside = asides.isEmpty ? "" : " (\(asides.joined(separator: ", ")))"
    let fixes = summary.fixable == 0 ? "" : " --fix can gate \(fixable(summary))."
    return "Found \(found)\(aside) in \(read(summary)).\(fixes)"
  }

  private static func fixable(_ summary: Summary) -> String {
    if summary.findings == 1 { return "it" }
    return summary.fixable == summary.findings ? "all of them" : "\(summary.fixable) of them"
  }

  /// What was read: `3 definitions and 1 log`.
  static func read(_ summary: Summary) -> String {
    var read: [String] = []
    let isOfProofs = summary.certificates + summary.attestations + summary.claims > 0
    if summary.definitions > 0 || (summary.logs == 0 && !isOfProofs) {
      read.append(count(summary.definitions, "definition"))
    }
    if summary.logs > 0 { read.append(count(summary.logs, "log")) }
    if summary.certificates > 0 { read.append(count(summary.certificates, "certificate")) }
    if summary.attestations > 0 { read.append(count(summary.attestations, "attestation file")) }
    if summary.claims > 0 { read.append(count(summary.claims, "file") + " of claims") }
    return list(read)
  }

  private static func count(_ number: Int, _ noun: String) -> String {
    "\(number) \(noun)\(number == 1 ? "" : "s")"
  }

  private static func list(_ parts: [String]) -> String {
    guard parts.count > 1 else { return parts.joined() }
    return parts.dropLast().joined(separator: ", ") + " and " + parts[parts.count - 1]
  }
}
