import ArgumentParser
import MiraLint
import Rules

/// A word in the place of a command that is nearly one: `check` would take it for a path.
struct MistypedCommand {
  let word: String
  let suggestion: String

  /// Looks at a command line; `nil` where nothing is mistyped, and where there is a file of this name.
  static func find(
    in arguments: some Sequence<String>, of root: any ParsableCommand.Type
  ) -> MistypedCommand? {
    var commands = root.configuration.subcommands
    var names = commands.map { $0._commandName } + ["help"]
    for word in arguments {
      if word == "help" { return nil }
      if let command = commands.first(where: { $0._commandName == word }) {
        commands = command.configuration.subcommands
        names = commands.map { $0._commandName }
        continue
      }
      let isWord = !word.hasPrefix("-") && !word.contains("/") && !word.contains(".")
      guard isWord, FileSystem.kind(of: word, followingLinks: false) == nil else { return nil }
      return Closeness.nearest(to: word, among: names).map {
        MistypedCommand(word: word, suggestion: $0)
      }
    }
    return nil
  }
}
