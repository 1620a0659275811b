/// A case that only knows where its events stand.
struct SettledCase: Sendable {
  private var size: Int32 = 0
  /// A word for an event that stands a little behind the one before it, else four.
  private var places: [UInt64] = []
  /// Of the first event.
  private var base = EventPlace()
  private var last = EventPlace()
  /// Which events' uses were counted, where it was found clean: what comes later must not count them again.
  private var firstCounted: Range<Int32> = 0..<0
  private var furtherCounted: [Range<Int32>] = []

  init(room: Int = 0) { if room > 0 { places.reserveCapacity(room) } }

  var count: Int { Int(size) }

  struct EventPlace: Sendable {
    var source: UInt16 = 0
    var offset: Int64 = 0
    var length: UInt32 = 0
    var line: UInt32 = 0
  }

  /// The counted events, in parts that were counted apart.
  var counted: [Range<Int32>] {
    firstCounted.isEmpty ? furtherCounted : [firstCounted] + furtherCounted
  }

  /// All events so far are counted.
  mutating func noteCounted() {
    firstCounted = 0..<size
    furtherCounted = []
  }

  /// What was counted is taken back.
  mutating func forgetCounted() {
    firstCounted = 0..<0
    furtherCounted = []
  }

  /// The lines were counted from the start of a stretch, which stands behind so many others.
  mutating func move(behind lines: UInt32) {
    base.line &+= lines
    last.line &+= lines
  }

  mutating func append(_ record: EventRecord) {
    append(
      EventPlace(
        source: record.source, offset: record.offset, length: record.length, line: record.line))
  }

  /// In a word: the length, how many lines, and how many bytes behind the place before.
  private static let lengthBits: UInt64 = 16
  private static let lineBits: UInt64 = 19
  private static let offsetBits: UInt64 = 28
  private static let isWhole: UInt64 = 1 << 63

  private mutating func append(_ place: EventPlace) {
    if size == 0 {
      base = place
      last = place
    }
    let offset = UInt64(bitPattern: place.offset &- last.offset)
    let line = UInt64(place.line &- last.line)
    let length = UInt64(place.length)
    size += 1
    let isNear =
      offset >> SettledCase.offsetBits == 0 && line >> SettledCase.lineBits == 0
      && length >> SettledCase.lengthBits == 0 && place.source == last.source
    last = place
    if isNear {
      places.append(
        (offset << SettledCase.lineBits | line) << SettledCase.lengthBits | length)
      return
    }
    places.append(SettledCase.isWhole | UInt64(place.source))
    places.append(offset)
    places.append(line)
    places.append(length)
  }

  mutating func append(_ other: SettledCase) {
    let first = size
    for range in other.counted {
      let range = range.lowerBound + first..<range.upperBound + first
      if firstCounted.isEmpty && furtherCounted.isEmpty {
        firstCounted = range
      } else {
        furtherCounted.append(range)
      }
    }
    for place in other.events { append(place) }
  }

  /// In the order of their sources and places.
  var sortedEvents: [EventPlace] {
    events.sorted { ($0.source, $0.offset) < ($1.source, $1.offset) }
  }

  /// In the order in which they came.
  var events: [EventPlace] {
    var result: [EventPlace] = []
    result.reserveCapacity(count)
    var place = base
    var index = 0
    while index < places.count {
      let word = places[index]
      var (offset, line, length): (UInt64, UInt64, UInt64)
      if word & SettledCase.isWhole == 0 {
        length = word & (1 << SettledCase.lengthBits - 1)
        line = word >> SettledCase.lengthBits & (1 << SettledCase.lineBits - 1)
        offset = word >> (SettledCase.lengthBits + SettledCase.lineBits)
        index += 1
      } else {
        place.source = UInt16(truncatingIfNeeded: word)
        (offset, line, length) = (places[index + 1], places[index + 2], places[index + 3])
        index += 4
      }
      place.offset &+= Int64(bitPattern: offset)
      place.line &+= UInt32(truncatingIfNeeded: line)
      place.length = UInt32(truncatingIfNeeded: length)
      result.append(place)
    }
    return result
  }
}
