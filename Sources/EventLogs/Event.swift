/// One event of a log in canonical terms, see `design/events.md`.
///
/// Texts and field values stand in the tables of the batch that the event came with.
package struct Event: Sendable {
  /// Offset of its first byte in the file.
  package var start: Int
  package var length: Int32
  /// From 1.
  package var line: Int32
  package var time: Timestamp
  /// A hash of the delivery's identity, else of the whole line: equal for a line that was delivered twice.
  package var delivery: UInt64
  /// Index into the schema's names.
  package var name: UInt16
  package var fieldCount: UInt16
  /// First of its fields in the batch.
  package var firstField: UInt32
  /// Who wrote it, whose clock: a text; `Event.nobody` where it does not say.
  package var producer: UInt32
  /// Which of several logs it stands in.
  package var source: UInt16 = 0

  package static var nobody: UInt32 { UInt32.max }

  /// What a delivery's name comes to, which is unique only for its producer; both are hashes.
  static func delivery(_ name: UInt64, of producer: UInt64) -> UInt64 {
    name &+ producer &* 0x9E37_79B9_7F4A_7C15
  }
}

/// A field of an event: which, and what it holds.
package struct EventField: Sendable {
  /// Index into the schema's fields.
  package var slot: UInt8
  package var kind: Kind
  /// The text's number, the number's index, or how many elements a list has.
  package var payload: UInt32

  package init(slot: UInt8, kind: Kind, payload: UInt32) {
    self.slot = slot
    self.kind = kind
    self.payload = payload
  }

  package enum Kind: UInt8, Sendable {
    /// There, and null or an empty text: not the same as not there.
    case null
    case text, number, yes, no
    /// A list; the payload counts its elements.
    case list
    case object
  }
}
