import ArgumentParser
import Findings
import MiraLint
import Reports
import Rules

struct ExplainCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "explain",
    abstract: "Show a rule's page, or everything about one finding.",
    discussion: """
      A rule is named by its ID or its name. A finding is named by its fingerprint, or by the fingerprint's beginning; \
      the paths are checked to find it.
      """)

  @Argument(help: "A rule's ID or name, or a finding's fingerprint.")
  var subject: String

  @Argument(help: "Where to look for the finding.", completion: .file())
  var paths: [String] = ["."]

  @Option(help: "Whether to colour the text: auto, always or never.")
  var color: ColorChoice = .auto

  @OptionGroup(title: "Rule options")
  var ruleOptions: RuleOptions

  func run() async throws {
    let directory = FileSystem.workingDirectory
    var settings = try ruleOptions.settings(in: directory).settings
    // What is known already can be asked about all the same.
    settings.baselinePath = nil
    let linter = try Linter(settings)
    if let rule = linter.allRules.first(where: { names($0) }) {
      StandardStreams.print(page(of: rule, linter.pageWords, in: directory))
      return
    }
    guard isFingerprint else {
      let words = linter.allRules.flatMap { [$0.id, $0.name] }
      throw LinterError.unknownRule(
        subject, suggestion: Closeness.nearest(to: subject, among: words))
    }
    var outcome = try await linter.check(paths)
    outcome.findings.removeAll { !$0.fingerprint.hasPrefix(subject.lowercased()) }
    guard let finding = outcome.findings.first else {
      StandardStreams.complain("no finding has the fingerprint `\(subject)`; it may be fixed")
      throw ExitStatus.failure
    }
    outcome.suppressed = []
    let terminal = Terminal()
    let context = ReportContext(
      tool: .miraLint, rules: linter.rules, width: terminal.width(on: StandardStreams.output),
      usesColor: terminal.usesColor(color, on: StandardStreams.output), isQuiet: true)
    StandardStreams.write(
      ReportFormat.text.render(outcome, in: context), to: StandardStreams.output)
    if let rule = linter.rules.first(where: { $0.id == finding.rule }) {
      StandardStreams.print(page(of: rule, linter.pageWords, in: directory))
    }
  }

  private func names(_ rule: Rule) -> Bool {
    rule.id.uppercased() == subject.uppercased() || rule.name == subject
  }

  /// At least eight hexadecimal digits: fewer are more likely a misspelt rule.
  private var isFingerprint: Bool {
    let digits = subject.prefix { $0 != ":" }
    return digits.count >= 8 && digits.allSatisfy(\.isHexDigit)
  }

  private func page(of rule: Rule, _ words: PageWords, in directory: String) -> String {
    let terminal = Terminal()
    let examples = RuleExamples.smallest(of: rule, workingDirectory: directory).map {
      RulePage.Example(isBad: $0.isBad, path: $0.path, text: $0.text)
    }
    return RulePage.terminal(
      rule, examples: examples, words: words, width: terminal.width(on: StandardStreams.output),
      usesColor: terminal.usesColor(color, on: StandardStreams.output))
  }
}
