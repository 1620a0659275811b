import ArgumentParser
import MiraLint

@main
struct MiraLintCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "mira-lint",
    abstract: "Finds where a system acts on an AI output before its proof exists.",
    discussion: """
      Checks workflow definitions and recorded event logs. Findings go to standard output, everything else to \
      standard error.

      Exit status: 0 when nothing is found at or above --fail-on, 1 when something is, 2 when the run could not do \
      its job.
      """,
    version: Version.current,
    subcommands: [
      CheckCommand.self, InitCommand.self, MergeCommand.self, ExplainCommand.self,
      RulesCommand.self,
      TestCommand.self,
      GraphCommand.self, SchemaCommand.self,
      BaselineCommand.self, SuppressionsCommand.self, LanguageServerCommand.self,
      ManCommand.self,
    ] + proofCommands,
    defaultSubcommand: CheckCommand.self)

  /// What a build with the trait `Certificates` can do more.
  private static var proofCommands: [any ParsableCommand.Type] {
    #if Certificates
      [VerifyCommand.self]
    #else
      []
    #endif
  }

  /// The command that the arguments ask for.
  private static func parsed() throws -> any ParsableCommand {
    let arguments = CommandLine.arguments.dropFirst()
    // The parser looks at a default subcommand once for each level: asked for by name, it is read at once, and in half the
    // time of a whole start. Help and errors name the program, so they are the root's.
    if arguments.first == CheckCommand.configuration.commandName,
      let command = try? CheckCommand.parse(Array(arguments.dropFirst()))
    {
      return command
    }
    return try parseAsRoot()
  }

  /// On the main thread: a worker's heap grows by a call for every page, and a start has several hundred.
  @MainActor static func main() async {
    Heap.share()
    StandardStreams.occupyClosed()
    StandardStreams.outliveReaders()
    if let mistyped = MistypedCommand.find(in: CommandLine.arguments.dropFirst(), of: Self.self) {
      StandardStreams.complain(
        "there is no command and no file called `\(mistyped.word)`; did you mean `\(mistyped.suggestion)`?"
      )
      end(.failure)
    }
    do {
      var command = try parsed()
      if let command = command as? CheckCommand {
        // By its own name it stays on this thread, which the protocol's requirement leaves.
        try await command.run()
      } else if var command = command as? any AsyncParsableCommand {
        try await command.run()
      } else {
        try command.run()
      }
    } catch let error as LinterError {
      StandardStreams.complain(about: error)
      end(.failure)
    } catch let status as ExitStatus {
      end(status)
    } catch {
      // Help and version are asked for; everything else is an option that cannot be understood.
      Terminal().widenForHelp()
      let isAskedFor = exitCode(for: error) == .success
      // The parser names the default command before the one that was called.
      let called = CommandLine.arguments.dropFirst().first ?? ""
      let message = fullMessage(for: error)
        .replacing("mira-lint check \(called) ", with: "mira-lint \(called) ")
      if isAskedFor {
        StandardStreams.print(message)
      } else {
        StandardStreams.note(message)
      }
      end(isAskedFor ? .success : .failure)
    }
  }
}
