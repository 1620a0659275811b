import EventLogs

/// When an event was, and by whose clock.
struct EventMoment: Sendable {
  /// `Timestamp.missing` where it has none.
  var time: Int64
  /// A number of the batch.
  var producer: UInt32

  var isTimed: Bool { time != Timestamp.missing.nanoseconds }
}

/// When the events of a stretch were, in their order, and what is counted of that where they are gathered, so that whoever
/// takes the stretch need not look at every event again.
struct EventMoments: Sendable {
  private(set) var all: [EventMoment] = []
  /// By producer, one more than its number; first those that name none.
  private(set) var counts: [Int] = []
  /// The earliest and the latest time of each so many events that have one.
  private(set) var extents: [(earliest: Int64, latest: Int64)] = []
  /// Where those events stand that have no time, in their order.
  private(set) var untimed: [Int64] = []

  static let extent = 256

  init() {}

  init(_ records: [EventRecord], producers: Int) {
    var producers = producers
    if producers == 0 {
      for index in records.indices where records[index].producer != Event.nobody {
        producers = max(producers, Int(records[index].producer) + 1)
      }
    }
    counts = Array(repeating: 0, count: producers + 1)
    all.reserveCapacity(records.count)
    var first = 0
    while first < records.count {
      let end = min(first + EventMoments.extent, records.count)
      var (earliest, latest) = (Int64.max, Int64.min)
      for index in first..<end {
        let moment = records[index].moment
        all.append(moment)
        counts[EventMoments.place(of: moment.producer)] += 1
        if moment.isTimed {
          earliest = min(earliest, moment.time)
          latest = max(latest, moment.time)
        } else {
          untimed.append(records[index].offset)
        }
      }
      extents.append((earliest, latest))
      first = end
    }
  }

  /// Of a producer's number, or of `Event.nobody`.
  @inline(__always)
  static func place(of producer: UInt32) -> Int { Int(producer &+ 1) }

  /// The producer that is counted at a place.
  static func producer(at place: Int) -> UInt32 { UInt32(truncatingIfNeeded: place) &- 1 }
}
