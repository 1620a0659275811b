import ArgumentParser
import Findings
import MiraLint
import Reports

struct TestCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "test",
    abstract: "Run rules' examples: for authors of rules.",
    discussion: """
      A rule's examples stand in a directory with its ID: bad* files (or directories, which stand for small \
      repositories) in which it finds something, and good* ones in which it finds nothing. What it must find stands \
      in the example, as `# expect: RULE/cause` at the end of the line or alone on the line before, or beside it in \
      FILE.expect, as lines `LINE RULE/cause`.

      Examples of your own rules stand in the folder `testdata` beside them: `mira-lint test my-rules` loads the \
      rules in my-rules and runs my-rules/testdata/RULE/{bad,good}*.
      """)

  @Argument(
    help: """
      A folder of rules with their testdata, a folder of examples, or one rule's examples. By default testdata/rules, \
      or the testdata beside the rules of --rules or the configuration.
      """, completion: .directory)
  var directory: String?

  @OptionGroup(title: "Rule options")
  var ruleOptions: RuleOptions

  func run() async throws {
    var settings = try ruleOptions.settings(in: FileSystem.workingDirectory).settings
    let folder = ExampleFolder.find(directory, for: &settings)
    var runner = try ExampleRunner(settings)
    runner.linter.documentWarnings.forEach(StandardStreams.note)
    let result = try await runner.run(folder)
    StandardStreams.print(ExampleReport.text(result))
    if result.failed > 0 { throw ExitStatus.found }
  }
}
