import ArgumentParser
import LanguageServer
import MiraLint

struct LanguageServerCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "lsp",
    abstract: "Serve an editor: findings as you type, by the language server protocol.",
    discussion: """
      Editors start this themselves and speak with it over standard input and output. Each folder of the workspace is \
      checked with its own configuration.
      """)

  @Flag(help: "Speak over standard input and output, as always: some editors insist on saying so.")
  var stdio = false

  @OptionGroup(title: "Rule options")
  var ruleOptions: RuleOptions

  func run() async throws {
    if Terminal.isTerminal(0) {
      StandardStreams.note(
        "mira-lint: this waits for an editor to speak the language server protocol; Ctrl-C ends it")
    }
    let options = ruleOptions
    let configuration = options.config.map {
      FilePath.absolute($0, from: FileSystem.workingDirectory)
    }
    let server = LanguageServer(
      LanguageServer.Surroundings(configuration: configuration) {
        folder throws(LinterError) in
        var settings = try options.settings(ofFolder: folder)
        settings.jobs = Terminal.processors
        return settings
      } output: { bytes in
        StandardStreams.write(bytes, to: StandardStreams.output)
      })
    // Reading waits for the client, which no thread of the pool must do.
    let ending = await MainActor.run { Self.read(into: server) }
    if let ending { end(ending == .asAgreed ? .success : .found) }
    await server.finish()
    end(server.ending == .asAgreed ? .success : .found)
  }

  /// Reads until the client takes its leave; `nil` where it goes without a word.
  private static func read(into server: LanguageServer) -> LanguageServer.Ending? {
    var stream = ClientStream(to: server)
    while let bytes = try? FileSystem.readAvailable(0, upTo: 1 << 16), !bytes.isEmpty {
      if let ending = stream.receive(bytes) { return ending }
    }
    return nil
  }
}
