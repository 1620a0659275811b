/// Events as they come off a log, and the texts and numbers they speak of.
package struct EventBatch: Sendable {
  package var events: [Event] = []
  package var fields: [EventField] = []
  package var numbers: [Double] = []
  /// Of this batch only: the same text has another number in the next.
  package var texts = TextTable()

  package init() {}

  /// Drops everything, and keeps the room.
  package mutating func removeEvents() {
    events.removeAll(keepingCapacity: true)
    fields.removeAll(keepingCapacity: true)
    numbers.removeAll(keepingCapacity: true)
    texts.removeAll()
  }
}
