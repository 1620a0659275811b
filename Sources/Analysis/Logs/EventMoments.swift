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

  /// The times of all; `nil` where there are none.
  var times: ClosedRange<Int64>? {
    let first = extents.reduce(Int64.max) { min($0, $1.earliest) }
    let last = extents.reduce(Int64.min) { max($0, $1.latest) }
    return first <= last ? first...last : nil
  }

  init() {}

  init(_ records: [EventRecord], producers: Int) {
    var producers = producers
    if producers == 0 {
      for index in records.indices where records[index].producer != Event.nobody {
        producers = max(producers, Int(records[index].producer) + 1)
      }
    }
    all = records.indices.map { records[$0].moment }
    counts = EventMoments.counts(all, producers)
    var first = 0
    while first < records.count {
      let end = min(first + EventMoments.extent, records.count)
      var (earliest, latest) = (Int64.max, Int64.min)
      for index in first..<end {
        let time = all[index].time
        if all[index].isTimed {
          earliest = min(earliest, time)
          latest = max(latest, time)
        } else {
          untimed.append(records[index].offset)
        }
      }
      extents.append((earliest, latest))
      first = end
    }
  }

  private static func counts(_ all: [EventMoment], _ producers: Int) -> [Int] {
    var counts = Array(repeating: 0, count: producers + 1)
    // A span: a list would be asked for each moment whether it is shared.
    var span = counts.mutableSpan
    for moment in all { span[place(of: moment.producer)] += 1 }
    return counts
  }

  /// Of a producer's number, or of `Event.nobody`.
  @inline(__always)
  static func place(of producer: UInt32) -> Int { Int(producer &+ 1) }

  /// The producer that is counted at a place.
  static func producer(at place: Int) -> UInt32 { UInt32(truncatingIfNeeded: place) &- 1 }
}
