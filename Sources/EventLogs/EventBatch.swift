/// Events as they come off a log, and the texts and numbers they speak of.
package struct EventBatch: Sendable {
  package var events: [Event] = []
  package var fields: [EventField] = []
  package var numbers: [Double] = []
  /// Shared by all batches of a log: it only grows.
  package var texts = TextTable()

  /// Drops the events; the texts stay, so that their numbers keep their meaning.
  package mutating func removeEvents() {
    events.removeAll(keepingCapacity: true)
    fields.removeAll(keepingCapacity: true)
    numbers.removeAll(keepingCapacity: true)
  }
}
