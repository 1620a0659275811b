/// One event of a log in canonical terms, see `design/events.md`.
package struct Event: Sendable {
  /// From 1.
  package var line: Int
}
