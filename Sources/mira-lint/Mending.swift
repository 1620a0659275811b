import Findings
import MiraLint
import Reports

/// Shows and writes the changes that end findings.
struct Mending {
  let changes: [FileChange]
  /// What else could be changed, had somebody asked for it.
  let unasked: [FileChange]
  let mask: SecretMask
  let color: ColorChoice
  let isQuiet: Bool

  /// Prints the changes, and nothing else, so that `git apply` can take them.
  func show() {
    StandardStreams.write(Array(text(on: StandardStreams.output).utf8), to: StandardStreams.output)
  }

  /// Writes the changes after they were shown beside the findings; whether any file is another now.
  func write() throws -> Bool {
    if !isQuiet, !changes.isEmpty { StandardStreams.note(text(on: StandardStreams.error)) }
    var written: [FileChange] = []
    var hasFailed = false
    for change in changes {
      do throws(FileChange.Refusal) {
        try change.write()
        written.append(change)
      } catch {
        StandardStreams.complain("cannot change \(change.path): \(error.reason)")
        hasFailed = true
      }
    }
    if hasFailed { throw ExitStatus.failure }
    if !isQuiet {
      tell(written.isEmpty ? "nothing can be fixed" : "fixed \(Self.count(written))")
    }
    return !written.isEmpty
  }

  /// Says what `--fix` would do.
  func tell(_ outcome: CheckOutcome) {
    tell(changes.isEmpty ? "nothing can be fixed" : "--fix would fix \(Self.count(changes))")
    var summary = outcome.summary
    summary.fixable = 0
    StandardStreams.note("mira-lint: \(SummaryLine.text(summary))")
  }

  private func tell(_ words: String) {
    StandardStreams.note("mira-lint: \(words)")
    let left = Self.mended(unasked)
    guard left > 0 else { return }
    StandardStreams.note(
      "mira-lint: \(left) more can be gated with --unsafe-fixes: nothing there waits for the certificate yet"
    )
  }

  private func text(on descriptor: Int32) -> String {
    let terminal = Terminal()
    return changes.map { change in
      UnifiedDiff.text(
        path: String(change.path.drop { $0 == "/" }), before: change.before, after: change.after,
        mask: mask,
        isForTerminal: terminal.isTerminal(descriptor),
        usesColor: terminal.usesColor(color, on: descriptor))
    }.joined()
  }

  private static func mended(_ changes: [FileChange]) -> Int {
    changes.reduce(0) { $0 + $1.mended.count }
  }

  private static func count(_ changes: [FileChange]) -> String {
    let findings = mended(changes)
    return
      "\(findings) finding\(findings == 1 ? "" : "s") in \(changes.count) file\(changes.count == 1 ? "" : "s")"
  }
}
