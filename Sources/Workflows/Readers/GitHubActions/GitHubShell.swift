import SourceText

/// How a `run` script is executed.
enum GitHubShell: Equatable {
  case posix(exitsOnError: Bool, pipesFail: Bool)
  /// Another language, by the shell's name: `python`, `pwsh`.
  case other(String)

  /// - Parameters:
  ///   - name: the `shell` that applies, `nil` where none is written.
  ///   - isWindows: the job surely runs on Windows, whose default is PowerShell.
  init(_ name: String?, isWindows: Bool) {
    guard let name else {
      self = isWindows ? .other("pwsh") : .posix(exitsOnError: true, pipesFail: false)
      return
    }
    let words = name.parts(by: " ")
    let command = words.first?.parts(by: "/").last.map(String.init) ?? name
    switch (command, words.count) {
    case ("bash", ...1): self = .posix(exitsOnError: true, pipesFail: true)
    case ("sh", ...1): self = .posix(exitsOnError: true, pipesFail: false)
    case ("bash", _), ("sh", _), ("dash", _), ("zsh", _):
      let flags = words.dropFirst().filter { $0.hasPrefix("-") && !$0.hasPrefix("--") }
      self = .posix(
        exitsOnError: flags.contains { $0.contains("e") }, pipesFail: words.contains("pipefail"))
    default: self = .other(command)
    }
  }
}
