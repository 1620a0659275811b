import Expressions

/// Where control stands after a command, by its exit status.
struct ShellOutcome {
  /// Status 0; where `condition` is set, control before the condition is decided.
  var success: [LooseEnd]
  /// Another status, which `set -e` would end the script for.
  var failure: [LooseEnd] = []
  /// Another status, which `set -e` overlooks (the left side of `&&`).
  var quiet: [LooseEnd] = []
  /// The status is decided by this condition, and no edge says so yet.
  var condition: Condition?
  /// Where the condition stands.
  var location: SourceLocation?

  /// Every way out.
  var all: [LooseEnd] { success + failure + quiet }
}

/// What `exit` and `return` leave.
struct ShellScope {
  enum Kind { case script, subshell, function, library }
  var kind: Kind
  var isLeftByReturn: Bool { kind == .function || kind == .library }
  var success: [LooseEnd] = []
  var failure: [LooseEnd] = []
  /// The arguments that `$1` reads.
  var positional: [Value] = []
}

/// What `break` and `continue` leave.
struct ShellLoop {
  var header: Int
  /// How deep in scopes the loop stands.
  var breaks: [LooseEnd] = []
  /// What goes into the next pass early, where the last pass is left at its end.
  var continues: [LooseEnd] = []
  var hasLastPass = false
  /// Each pass reads the next line: another subject, and no second attempt.
  var readsLines = false
  /// Variables that count its passes.
  var counters: Set<String>
}

/// Where a command's standard output goes.
enum ShellSink {
  case terminal
  case discard
  /// An index into the captures.
  case capture(Int)
}
