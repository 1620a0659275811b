import ArgumentParser
import MiraLint

struct MergeCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "merge",
    abstract: "Judge logs together that were read apart.",
    discussion: """
      Takes the states that `mira-lint check LOGS --emit-state FILE` wrote, on this machine or on others, and reports \
      what one run over all of the logs would have reported.
      """)

  @OptionGroup
  var check: CheckCommand

  func run() async throws {
    // Not while the line is parsed, where it would hide what is wrong with an option.
    guard check.paths != ["."] else {
      StandardStreams.complain("merge takes the states to be merged")
      throw ExitStatus.failure
    }
    let (settings, _) = try check.ruleOptions.settings(in: FileSystem.workingDirectory)
    try Linter(settings).requireStates(check.paths)
    try await check.run()
  }
}
