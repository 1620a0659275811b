import ArgumentParser

@main
struct MiraLintCommand: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "mira-lint")
}
