import Analysis
import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Tells a person at a terminal how far the reading of many files or large logs has come: one line, written over.
final class ProgressMeter: Sendable {
  private let begun = ContinuousClock.now
  private let line = Mutex(Line())

  /// What stands on the terminal's last line.
  private struct Line {
    var shown: ContinuousClock.Instant?
    var isOver = false
  }

  /// `nil` where nobody watches.
  init?(isQuiet: Bool) {
    if isQuiet || isatty(StandardStreams.error) != 1 { return nil }
  }

  /// Shows how far a log is read.
  @Sendable func show(_ advance: LogAdvance) { show(ProgressMeter.text(advance)) }

  /// Shows how many files are checked.
  @Sendable func show(_ done: Int, of total: Int) { show("checking: \(done) of \(total) files") }

  /// Shows the state of things, some times a second, and nothing in the first one.
  private func show(_ text: @autoclosure () -> String) {
    let now = ContinuousClock.now
    if now - begun < .seconds(1) { return }
    line.withLock { line in
      if line.isOver { return }
      if let shown = line.shown, now - shown < .milliseconds(200) { return }
      line.shown = now
      write(text())
    }
  }

  /// Leaves the line as if nothing had been there, for good.
  func clear() {
    line.withLock { line in
      line.isOver = true
      if line.shown != nil { write("") }
      line.shown = nil
    }
  }

  static func text(_ advance: LogAdvance) -> String {
    // Files that attestations name are read without lines.
    let lines = advance.lines > 0 ? ", \(advance.lines) lines" : ""
    let megabytes = "\(advance.bytes / 1_000_000) MB\(lines)"
    guard let total = advance.total, total > 0 else { return "reading: \(megabytes)" }
    let percent = min(100, advance.bytes * 100 / total)
    return "reading: \(percent) % of \(total / 1_000_000) MB\(lines)"
  }

  private func write(_ text: String) {
    StandardStreams.write(Array("\r\u{1B}[2K\(text)".utf8), to: StandardStreams.error)
  }
}
