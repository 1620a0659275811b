/// How the log of one house says what events say: a document of the user's own.
package struct LogMapping: Sendable {
  /// What `--as` takes.
  package var name: String = ""
  package var summary = ""
  /// Where the event's name stands, or how it is put together of several places (`{noun}.{verb}`); the first that is
  /// there counts.
  package var event: [String] = []
  /// The house's event names with the canonical ones; empty where the log uses those.
  package var names: [String: String] = [:]
  /// Where the time stands; empty for the usual places.
  package var time: [String] = []
  package var timeFormat = TimeFormat.automatic
  /// Canonical fields with the places where they stand.
  package var fields: [String: [String]] = [:]
  /// By canonical field: the log's words for values with those that rules know.
  package var values: [String: [String: String]] = [:]

  package init() {}

  /// Fields that every event may have, whatever the protocol.
  static let ownFields = ["service", "workflow", "step", "delivery"]

  /// How times are written.
  package enum TimeFormat: Sendable, Hashable {
    /// RFC 3339, or a Unix time whose unit its magnitude tells.
    case automatic
    /// A Unix time in a unit: so many of them make a second.
    case unix(perSecond: Int)
    /// A pattern as of `strptime`.
    case pattern(String)
  }
}
