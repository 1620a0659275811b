import Analysis
import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Tells a person at a terminal how far the reading of large logs has come: one line, written over.
final class ProgressMeter: Sendable {
  private let begun = ContinuousClock.now
  private let last: Mutex<ContinuousClock.Instant?> = Mutex(nil)

  /// `nil` where nobody watches.
  init?(isQuiet: Bool) {
    if isQuiet || isatty(StandardStreams.error) != 1 { return nil }
  }

  /// Shows the state of things, some times a second, and nothing in the first one.
  @Sendable func show(_ advance: LogAdvance) {
    let now = ContinuousClock.now
    if now - begun < .seconds(1) { return }
    let isDue = last.withLock { last in
      if let last, now - last < .milliseconds(200) { return false }
      last = now
      return true
    }
    if isDue { write(ProgressMeter.text(advance)) }
  }

  /// Leaves the line as if nothing had been there.
  func clear() {
    if last.withLock({ $0 != nil }) { write("") }
  }

  static func text(_ advance: LogAdvance) -> String {
    let megabytes = "\(advance.bytes / 1_000_000) MB, \(advance.lines) lines"
    guard let total = advance.total, total > 0 else { return "reading: \(megabytes)" }
    let percent = min(100, advance.bytes * 100 / total)
    return "reading: \(percent) % of \(total / 1_000_000) MB, \(advance.lines) lines"
  }

  private func write(_ text: String) {
    StandardStreams.write(Array("\r\u{1B}[2K\(text)".utf8), to: StandardStreams.error)
  }
}
