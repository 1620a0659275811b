/// Decides by content whether a file is an event log.
package enum LogRecognition {
  /// Whether the first bytes of a file (some kilobytes are enough) look like a log whose event names are
  /// among `names`, in a format that a reader knows.
  package static func recognizes(head: [UInt8], names: Set<String>) -> Bool { false }
}
