import ArgumentParser
import Findings
import MiraLint
import Reports

struct SuppressionsCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "suppressions",
    abstract: "List every suppression with its reason, and whether it hides anything.",
    discussion: """
      Lists comments (`mira-lint: ignore RULE -- why`) and entries of the configuration. What was meant as a \
      suppression and is none, `mira-lint check` reports.
      """)

  enum Format: String, CaseIterable, ExpressibleByArgument { case text, json }

  @Argument(help: "Files and directories.", completion: .file())
  var paths: [String] = ["."]

  @Option(name: .shortAndLong, help: "How the list is written.")
  var format: Format = .text

  @OptionGroup(title: "Rule options")
  var ruleOptions: RuleOptions

  func run() async throws {
    var settings = try ruleOptions.settings(in: FileSystem.workingDirectory).settings
    settings.baselinePath = nil
    settings.jobs = Terminal.processors
    let outcome = try await Linter(settings).check(paths)
    switch format {
    case .text:
      StandardStreams.print(AcceptanceTable.text(outcome.acceptances))
      if outcome.acceptances.isEmpty { StandardStreams.note("mira-lint: nothing is suppressed") }
    case .json:
      StandardStreams.write(
        AcceptanceTable.json(outcome.acceptances), to: StandardStreams.output)
    }
  }
}
