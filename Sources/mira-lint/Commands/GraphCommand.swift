import ArgumentParser
import Findings
import MiraLint
import Reports

struct GraphCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "graph",
    abstract: "Show a workflow as it is read: steps, calls, decisions and the ways between them.",
    discussion: """
      At each step stand its roles (what it is to a protocol or an integration) and what is proven of each output \
      when control arrives there.
      """)

  @Argument(help: "A workflow definition; `-` reads standard input.", completion: .file())
  var file: String

  @Option(name: .shortAndLong, help: "The language to draw in.")
  var format: GraphFormat = .text

  @Option(
    name: .customLong("as"),
    help: ArgumentHelp("Read the file as a definition of this engine.", valueName: "engine"))
  var assumedFormat: String?

  @OptionGroup(title: "Rule options")
  var ruleOptions: RuleOptions

  func run() async throws {
    var settings = try ruleOptions.settings(in: FileSystem.workingDirectory).settings
    settings.assumedFormat = assumedFormat
    let pictures = try Linter(settings).pictures(of: file)
    guard !pictures.isEmpty else {
      StandardStreams.complain("\(file) is no workflow definition")
      throw ExitStatus.failure
    }
    StandardStreams.print(format.draw(pictures))
  }
}

extension GraphFormat: ExpressibleByArgument {}
