/// Events as they come off a log, and the texts and numbers they speak of.
package struct EventBatch: Sendable {
  package var events: [Event] = []
  package var fields: [EventField] = []
  package var numbers: [Double] = []
  /// Of this batch only: the same text has another number in the next.
  package var texts = TextTable()

  package init() {}

  /// Makes room for so many events of a few fields each.
  package mutating func reserve(_ count: Int) {
    events.reserveCapacity(count)
    fields.reserveCapacity(count * 8)
  }

  /// Drops everything, and keeps the room.
  package mutating func removeEvents() {
    events.removeAll(keepingCapacity: true)
    fields.removeAll(keepingCapacity: true)
    numbers.removeAll(keepingCapacity: true)
    texts.removeAll()
  }

  /// Adds an event whose fields are there already; where it gives no name for its delivery, its line's bytes do.
  mutating func append(_ event: Event, hasDelivery: Bool, line: Span<UInt8>) {
    var event = event
    if hasDelivery {
      let owner = event.producer == Event.nobody ? 0 : texts.hash(of: event.producer)
      event.delivery = Event.delivery(event.delivery, of: owner)
    } else {
      event.delivery = Fingerprint64.of(line)
    }
    events.append(event)
  }

  /// Puts the events in the order of their times; one without a time stays behind the one before it.
  mutating func orderByTime() {
    var time = Int64.min
    var keys: [(time: Int64, place: Int)] = []
    keys.reserveCapacity(events.count)
    for (place, event) in events.enumerated() {
      if !event.time.isMissing { time = event.time.nanoseconds }
      keys.append((time, place))
    }
    keys.sort { ($0.time, $0.place) < ($1.time, $1.place) }
    events = keys.map { events[$0.place] }
  }
}
