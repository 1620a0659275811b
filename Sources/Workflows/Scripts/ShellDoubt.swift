import Expressions

/// Commands that need no step and may fail all the same: where the author asks how they ended, both answers are ways.
extension ShellLowerer {
  /// The outcome of a command whose exit status decides, as far as nothing else is known of it.
  func doubted(_ outcome: ShellOutcome, of command: ShellCommand?) -> ShellOutcome {
    guard let command, outcome.condition == nil, !outcome.success.isEmpty,
      outcome.failure.isEmpty, outcome.quiet.isEmpty, canFail(command)
    else { return outcome }
    var doubted = outcome
    doubted.condition = .unknown([])
    doubted.location = location(command.range)
    return doubted
  }

  private func canFail(_ command: ShellCommand, depth: Int = 0) -> Bool {
    guard depth < 16 else { return false }
    switch command.kind {
    case .simple(let simple):
      guard let first = simple.words.first else {
        // `x=$(command)` ends as the command does.
        return simple.assignments.contains { assignment in
          assignment.value.parts.contains { if case .command = $0 { true } else { false } }
        }
      }
      guard let name = first.literal else { return true }
      if let function = functions[name] {
        return canFail(function.body, depth: depth + 1)
      }
      return !Self.unfailing.contains(name)
    case .pipeline(let stages): return stages.last.map { canFail($0, depth: depth + 1) } ?? false
    case .group(let body), .subshell(let body):
      return body.last.map { canFail($0, depth: depth + 1) } ?? false
    case .not(let inner): return canFail(inner, depth: depth + 1)
    case .and(let left, let right):
      return canFail(left, depth: depth + 1) || canFail(right, depth: depth + 1)
    case .or(let left, let right):
      return canFail(left, depth: depth + 1) && canFail(right, depth: depth + 1)
    case .background, .conditional, .loop, .forEach, .forArithmetic, .selection, .function,
      .test, .arithmetic, .unknown:
      return false
    }
  }

  /// What ends well whatever it is given, or leaves the place altogether.
  private static let unfailing: Set<String> = [
    "true", ":", "echo", "printf", "export", "local", "declare", "typeset", "readonly", "set",
    "shopt", "trap", "unset", "sleep", "date", "exit", "return", "break", "continue", "umask",
  ]
}
