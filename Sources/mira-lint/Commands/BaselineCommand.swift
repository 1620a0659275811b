import ArgumentParser
import Findings
import MiraLint
import Reports

struct BaselineCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "baseline",
    abstract: "Accept today's findings, so that only new ones fail.",
    discussion: """
      Entries are known again by rule, file, step and content, never by line numbers. `mira-lint check --baseline FILE` \
      leaves their findings out; `baseline: FILE` in the configuration does so for every run.
      """,
    subcommands: [Write.self, Compare.self], defaultSubcommand: Write.self)

  struct Write: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "write",
      abstract: "Write what is found today into a baseline.")

    @Argument(help: "Files and directories.", completion: .file())
    var paths: [String] = ["."]

    @Option(
      name: .shortAndLong,
      help: ArgumentHelp(
        "Where the baseline is written; `-` is standard output. By default the configuration's, else \(BaselineFile.usualName).",
        valueName: "file"), completion: .file(extensions: ["json"]))
    var output: String?

    @OptionGroup(title: "Rule options")
    var ruleOptions: RuleOptions

    func run() async throws {
      let directory = FileSystem.workingDirectory
      var settings = try ruleOptions.settings(in: directory).settings
      let configured = settings.baselinePath
      let path = output ?? configured ?? BaselineFile.usualName
      // An old baseline must not hide anything from the new one.
      settings.baselinePath = nil
      settings.jobs = Terminal.processors
      let linter = try Linter(settings)
      let baseline = linter.baseline(of: try await linter.check(paths))
      let bytes = BaselineText.document(baseline)
      if path == "-" {
        StandardStreams.write(bytes, to: StandardStreams.output)
        return
      }
      let shown =
        FilePath.relative(FilePath.absolute(path, from: directory), to: directory) ?? path
      do throws(FileSystem.Failure) {
        try FileSystem.write(bytes, to: path)
      } catch {
        throw LinterError.unwritable(path: shown, reason: error.words)
      }
      StandardStreams.note("mira-lint: \(shown) accepts \(BaselineText.summary(baseline))")
      if configured == nil {
        StandardStreams.note(
          "mira-lint: use it with `--baseline \(shown)`, or `baseline:` in the configuration")
      }
    }
  }

  struct Compare: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "compare",
      abstract: "Tell what is new and what is gone between two baselines.",
      discussion: """
        Only the two files are read. Exit status: 0 when the new baseline accepts nothing that the old one does not, 1 \
        when it does.
        """)

    enum Format: String, CaseIterable, ExpressibleByArgument { case text, json }

    @Argument(help: "The baseline before.", completion: .file(extensions: ["json"]))
    var old: String

    @Argument(help: "The baseline after.", completion: .file(extensions: ["json"]))
    var new: String

    @Option(name: .shortAndLong, help: "How the comparison is written.")
    var format: Format = .text

    func run() async throws {
      let directory = FileSystem.workingDirectory
      let comparison = BaselineComparison(
        from: try BaselineFile.read(old, workingDirectory: directory),
        to: try BaselineFile.read(new, workingDirectory: directory))
      switch format {
      case .text: StandardStreams.print(BaselineText.text(comparison))
      case .json: StandardStreams.write(BaselineText.json(comparison), to: StandardStreams.output)
      }
      if !comparison.new.isEmpty { throw ExitStatus.found }
    }
  }
}
