import EventLogs

/// When an event was, and by whose clock.
struct EventMoment: Sendable {
  /// `Timestamp.missing` where it has none.
  var time: Int64
  /// A number of the batch.
  var producer: UInt32
  /// How many bytes behind the first one of its stretch it stands.
  var distance: UInt32 = 0

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
  /// Which ones came late by what the stretch tells: one of their producer before them has a later time.
  private(set) var late: [Int32] = []
  /// By producer as above: the first time in the stretch, and the latest; nothing where there is none.
  private(set) var reaches: [(first: Int64, latest: Int64)] = []
  /// Where the first event stands.
  private var start: Int64 = 0

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
    start = records.first?.offset ?? 0
    all = records.indices.map { index in
      var moment = records[index].moment
      moment.distance = UInt32(clamping: records[index].offset &- start)
      return moment
    }
    count(producers)
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

  private mutating func count(_ producers: Int) {
    var counts = Array(repeating: 0, count: producers + 1)
    var reaches = Array(repeating: (first: Int64.min, latest: Int64.min), count: producers + 1)
    do {
      // Spans: a list would be asked for each moment whether it is shared.
      var counts = counts.mutableSpan
      var reaches = reaches.mutableSpan
      for (index, moment) in all.enumerated() {
        let place = EventMoments.place(of: moment.producer)
        counts[place] += 1
        let latest = reaches[place].latest
        if moment.time >= latest {
          if latest == .min { reaches[place].first = moment.time }
          reaches[place].latest = moment.time
        } else if moment.isTimed && place > 0 {
          late.append(Int32(truncatingIfNeeded: index))
        }
      }
    }
    self.counts = counts
    self.reaches = reaches
  }

  /// Where an event of the stretch stands in its log.
  func offset(of moment: EventMoment) -> Int64 { start &+ Int64(moment.distance) }

  /// Of a producer's number, or of `Event.nobody`.
  @inline(__always)
  static func place(of producer: UInt32) -> Int { Int(producer &+ 1) }

  /// The producer that is counted at a place.
  static func producer(at place: Int) -> UInt32 { UInt32(truncatingIfNeeded: place) &- 1 }
}
