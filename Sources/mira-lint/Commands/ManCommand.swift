import ArgumentParser
import MiraLint
import SourceText

struct ManCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "man",
    abstract: "Print the manual page.",
    discussion: """
      `mira-lint man | man -l -` shows it; a package puts it where the system looks for pages: \
      `mira-lint man > /usr/local/share/man/man1/mira-lint.1`.
      """)

  func run() throws {
    let help = JSONReader.read(
      SourceFile(path: "help.json", bytes: Array(MiraLintCommand._dumpHelp().utf8)))
    guard let command = help.documents.first?["command"] else {
      StandardStreams.complain("the command cannot describe itself")
      throw ExitStatus.failure
    }
    StandardStreams.print(ManualPage(of: command).text)
  }
}
