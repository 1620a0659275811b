import Expressions
import SourceText

/// A step whose action runs a command until it succeeds: its input is a script like that of a `run` step.
struct GitHubRetriedCommand {
  private let step: GitHubStep
  private let script: Node
  private let attempts: String?

  /// Actions by the names of their inputs: the command, and how often it runs at most.
  private static let actions: [Substring: (command: String, attempts: String)] = [
    "nick-fields/retry": ("command", "max_attempts"),
    "nick-invision/retry": ("command", "max_attempts"),
    "wandalen/wretry.action": ("command", "attempt_limit"),
  ]

  init?(_ step: GitHubStep) {
    guard let target = step.node["uses"]?.text?.lowercased(),
      let names = Self.actions[Substring(target.utf8.prefix { $0 != UInt8(ascii: "@") })],
      let script = step.node["with"]?[names.command]
    else { return nil }
    self.step = step
    self.script = script
    attempts = step.node["with"]?[names.attempts]?.text
  }

  func lower(
    in scope: GitHubScope, from entry: [LooseEnd], in draft: inout GitHubDraft
  ) -> GitHubStepsLowering.Run {
    let head = draft.add(
      step.lowered(kind: .control, at: scope.location(script.range)), from: entry)
    // Only the last command's status counts, unless the script says otherwise.
    let shell: GitHubShell =
      switch GitHubShell(step.node["with"]?["shell"]?.text, isWindows: false) {
      case .posix: .posix(exitsOnError: false, pipesFail: false)
      case let other: other
      }
    let lowering = GitHubRunLowering(step: step, scope: scope, script: script, shell: shell)
    let run = lowering.lower(from: [LooseEnd(head)], in: &draft)
    if attempts != "1" { draft.connect(run.failure, to: head) }
    return run
  }
}
