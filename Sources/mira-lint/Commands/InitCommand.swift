import ArgumentParser
import Findings
import MiraLint
import Reports

struct InitCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "init",
    abstract: "Write a configuration for what is found here.",
    discussion: """
      Looks at the working directory and writes a commented \(Configuration.fileNames[0]): the engines found, what to \
      exclude, other protocols that have something to say, and how to begin where there are findings already. A file that \
      is there is never touched.
      """)

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp(
      "Where the configuration is written; `-` is standard output.", valueName: "file"),
    completion: .file(extensions: ["yml", "yaml"]))
  var output = Configuration.fileNames[0]

  func run() async throws {
    let directory = FileSystem.workingDirectory
    let path = FilePath.absolute(output, from: directory)
    if output != "-", FileSystem.kind(of: path, followingLinks: false) != nil {
      StandardStreams.complain("\(output) is there already; nothing has been written")
      throw ExitStatus.failure
    }
    let house = try await HouseSurvey(of: directory)
    let text = StartingConfiguration.text(house)
    if output == "-" {
      StandardStreams.print(text)
    } else {
      do throws(FileSystem.Failure) {
        try FileSystem.write(Array(text.utf8), to: path)
      } catch {
        throw LinterError.unwritable(path: output, reason: error.words)
      }
      StandardStreams.note("mira-lint: \(output) is written")
    }
    for line in StartingConfiguration.advice(house) { StandardStreams.note("mira-lint: \(line)") }
  }
}
