import Expressions
import SourceText

/// Commands that run in a container of their own: `docker run --rm curlimages/curl -sf …`.
extension ShellLowerer {
  /// Runs what the container runs, where that is a program whose calls are followed; `nil` for any other.
  mutating func runContainer(
    _ words: [ShellWord], _ prefix: [ShellAssignment], at range: ByteRange
  ) -> ShellOutcome? {
    guard words.count > 2, words[1].literal == "run" else { return nil }
    var entrance: ShellWord?
    var index = 2
    while index < words.count, let option = words[index].literal, option.hasPrefix("-") {
      index += 1
      guard Self.containerOptions.contains(option), index < words.count else { continue }
      if option == "--entrypoint" { entrance = words[index] }
      index += 1
    }
    guard index < words.count, let image = words[index].literal else { return nil }
    var command = Array(words[(index + 1)...])
    if let entrance {
      command.insert(entrance, at: 0)
    } else if let tool = ContainerProgram.tool(ofImage: image), Self.followed.contains(tool) {
      command.insert(
        ShellWord(parts: [.literal(tool, quoted: false)], range: words[index].range), at: 0)
    }
    guard let name = command.first?.literal, Self.followed.contains(Self.baseName(name)) else {
      return nil
    }
    return dispatch(command, prefix: prefix, at: range)
  }

  private static let followed: Set<String> = [
    "curl", "jq", "sh", "bash", "python", "python3", "node",
  ]

  /// Options that take the next word.
  private static let containerOptions: Set<String> = [
    "-e", "--env", "--env-file", "-v", "--volume", "--mount", "-w", "--workdir", "-u", "--user",
    "--name", "--network", "--net", "--platform", "--entrypoint", "-p", "--publish", "-m",
    "--memory", "--cpus", "-h", "--hostname", "--add-host", "-l", "--label", "--pull",
  ]
}
