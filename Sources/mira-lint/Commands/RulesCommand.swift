import ArgumentParser
import MiraLint
import Reports

struct RulesCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "rules",
    abstract: "List the rules in force, their severity and where each comes from.",
    discussion: "A severity with a star differs by cause; `mira-lint explain RULE` says how.")

  enum Format: String, CaseIterable, ExpressibleByArgument { case text, json, markdown }

  @Option(name: .shortAndLong, help: "How the list is written.")
  var format: Format = .text

  @Flag(help: "List rules that are off, too.")
  var all = false

  @OptionGroup(title: "Rule options")
  var ruleOptions: RuleOptions

  func run() async throws {
    let linter = try Linter(ruleOptions.settings(in: FileSystem.workingDirectory).settings)
    linter.documentWarnings.forEach(StandardStreams.note)
    let rules = all ? linter.allRules : linter.rules
    switch format {
    case .text: StandardStreams.print(RuleTable.text(rules))
    case .markdown: StandardStreams.print(RuleTable.markdown(rules))
    case .json: StandardStreams.print(RuleTable.json(rules))
    }
  }
}
