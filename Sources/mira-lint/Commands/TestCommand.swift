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
      """)

  @Argument(
    help: "A directory of rules' directories, or one rule's directory.", completion: .directory)
  var directory = "testdata/rules"

  @OptionGroup(title: "Rule options")
  var ruleOptions: RuleOptions

  func run() async throws {
    let settings = try ruleOptions.settings(in: FileSystem.workingDirectory).settings
    var runner = try ExampleRunner(settings)
    let result = try await runner.run(directory)
    StandardStreams.print(ExampleReport.text(result))
    if result.failed > 0 { throw ExitStatus.found }
  }
}
