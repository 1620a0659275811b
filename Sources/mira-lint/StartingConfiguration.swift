import Findings
import MiraLint
import Reports
import Rules

/// The configuration that a house begins with, in words that explain themselves.
enum StartingConfiguration {
  static func text(_ house: HouseSurvey) -> String {
    var blocks = [
      """
      # mira-lint checks workflow definitions and event logs with these settings.
      # All keys with their meaning: mira-lint schema config
      # Found here: \(found(house)).
      """,
      """
      # From which severity on findings fail a run: error, warning, note or never.
      fail-on: error
      """,
    ]
    blocks.append(excludes(house))
    if let baseline = baseline(house) { blocks.append(baseline) }
    blocks += house.protocols.map { name, findings in
      """
      # The opt-in protocol `\(name)` has \(count(findings, "more finding")) here; look at \(findings == 1 ? "it" : "them") before you decide:
      # mira-lint check --protocol \(name)
      # protocol: \(name)
      """
    }
    if house.logs > 0 {
      blocks.append(
        """
        # How far the clocks of a log's producers may be off; estimated from each log where it is absent.
        # max-skew: 500ms
        """)
    }
    blocks.append(
      """
      # Findings that are accepted where the format has no comments, each with its reason.
      # suppress:
      #   - rule: RULE
      #     path: flows/answer.asl.json
      #     step: Publish
      #     reason: why
      """)
    return blocks.joined(separator: "\n\n") + "\n"
  }

  /// What to do next, a line each.
  static func advice(_ house: HouseSurvey) -> [String] {
    var lines = ["found \(found(house))"]
    let findings = house.summary.findings
    if findings > 0 {
      lines.append(
        "\(count(findings, "finding")) today: `mira-lint check` shows \(findings == 1 ? "it" : "them"), `mira-lint baseline` accepts \(findings == 1 ? "it" : "them") so that only new ones fail"
      )
    }
    if house.services.contains(.githubActions) {
      lines.append("in a job of GitHub Actions: `- uses: mira-lint/mira-lint@main`")
    }
    if house.services.contains(.gitlab) {
      lines.append("in GitLab CI: include templates/mira-lint.yml of mira-lint/mira-lint")
    }
    if house.services.contains(.preCommit) {
      lines.append("in pre-commit: the hook `mira-lint` of github.com/mira-lint/mira-lint")
    }
    return lines
  }

  private static func found(_ house: HouseSurvey) -> String {
    var parts = house.engines.map { "\($0.name) (\(count($0.files, "file")))" }
    if house.logs > 0 { parts.append(count(house.logs, "event log")) }
    return parts.isEmpty ? "no definition and no event log yet" : parts.joined(separator: ", ")
  }

  private static func excludes(_ house: HouseSurvey) -> String {
    var lines = ["# What is left out beside what git ignores, by patterns as in .gitignore."]
    if house.foreignDirectories.isEmpty {
      lines.append("# exclude:")
    } else {
      lines.append("exclude:")
      lines += house.foreignDirectories.map { "  - \(quoted("/" + $0))" }
    }
    // Whether bad examples are meant to be found only their owner knows.
    lines += house.testDirectories.map { "#  - \(quoted("/" + $0))" }
    if house.foreignDirectories.isEmpty, house.testDirectories.isEmpty {
      lines.append("#   - examples/")
    }
    return lines.joined(separator: "\n")
  }

  private static func baseline(_ house: HouseSurvey) -> String? {
    let findings = house.summary.findings
    guard findings > 0 else { return nil }
    return """
      # There \(findings == 1 ? "is" : "are") \(count(findings, "finding")) today. To have only new ones fail, run `mira-lint baseline` and say:
      # baseline: \(BaselineFile.usualName)
      """
  }

  private static func quoted(_ text: String) -> String {
    let isPlain = text.utf8.allSatisfy { byte in
      byte < 0x80
        && (Character(Unicode.Scalar(byte)).isLetter || Character(Unicode.Scalar(byte)).isNumber
          || "/._-".utf8.contains(byte))
    }
    return isPlain
      ? text
      : "'" + text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "''")
        + "'"
  }

  private static func count(_ number: Int, _ noun: String) -> String {
    "\(number) \(noun)\(number == 1 ? "" : "s")"
  }
}
