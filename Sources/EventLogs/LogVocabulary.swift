/// The names that a log may use, in canonical terms; nothing else here knows foreign names.
package struct LogVocabulary: Sendable {
  /// Every event name known, foreign and canonical, to its canonical name.
  package var names: [String: String]
  /// Canonical fields to the names they may have, the preferred one first; a name may be a path (`a.b`).
  package var fields: [String: [String]]

  /// A house's own places of fields, which count before all others; its event names stand nowhere else.
  package var preferred: [String: [String]] = [:]
  package var timeStyle = TimeStyle.automatic
  /// A house's event names that are put together of several places: `{noun}.{verb}`.
  package var nameTemplates: [String] = []
  /// A house's words for values, by canonical field.
  package var values: [String: [String: String]] = [:]
  /// What identifies something, by what it identifies: `output` to `output_hash`.
  package var identities: [String: String]
  /// Fields that name something: a number in them is a name, and `42` and `"42"` are one.
  package var naming: Set<String> = []
  /// Fields that hold SHA-256 digests, which are the same however they are written.
  package var digests: Set<String> = []

  package init(
    names: [String: String], fields: [String: [String]], identities: [String: String] = [:]
  ) {
    self.names = names
    self.fields = fields
    self.identities = identities
  }

  /// The canonical names of an event's own envelope.
  package enum Envelope {
    package static let name = "event"
    package static let time = "ts"
    package static let producer = "service"
    /// What the deliverer calls the delivery: the same for a repeated one.
    package static let delivery = "delivery"
    /// Which request an event belongs to.
    package static let request = "request_id"
    /// The event that a captured stream of one request begins with.
    package static let streamStart = "verify.started"
    /// What stands for the workflow's name where an engine's record of a run does not tell it.
    package static let unnamedWorkflow = "(unnamed)"
    /// Where fields may stand beside the top.
    package static let payload = "data"
  }
}

/// How a log writes its times.
package enum TimeStyle: Sendable, Hashable {
  /// RFC 3339, or a Unix time whose unit its magnitude tells.
  case automatic
  /// A Unix time: so many units make a second.
  case unix(perSecond: Int)
  /// A pattern as of `strptime`.
  case pattern([UInt8])
}
