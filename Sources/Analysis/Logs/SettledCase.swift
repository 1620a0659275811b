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

  init() {}

  var count: Int { Int(size) }

  struct EventPlace: Sendable {
    var source: UInt16 = 0
    var offset: Int64 = 0
    var length: UInt32 = 0
    var line: UInt32 = 0
    /// As `EventRecord`.
    var isLate = false
  }

  /// The counted events, in parts that were counted apart.
  var counted: [Range<Int32>] {
    firstCounted.isEmpty ? furtherCounted : [firstCounted] + furtherCounted
  }

  /// Whether any events are counted.
  var isCounted: Bool { !firstCounted.isEmpty || !furtherCounted.isEmpty }

  private var countedParts: Int { (firstCounted.isEmpty ? 0 : 1) + furtherCounted.count }

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

  // MARK: - In words

  /// The case in words, behind those of others.
  func pack(into words: inout [UInt64]) {
    words.append(
      UInt64(UInt32(bitPattern: size)) | UInt64(base.source) << 32
        | UInt64(truncatingIfNeeded: countedParts) << 48)
    words.append(UInt64(bitPattern: base.offset))
    words.append(UInt64(base.line) << 32 | UInt64(base.length))
    if !firstCounted.isEmpty { words.append(SettledCase.word(firstCounted)) }
    for range in furtherCounted { words.append(SettledCase.word(range)) }
    words += places
  }

  /// The case in words; `nil` where they are more than so many.
  func packed(atMost most: Int) -> [UInt64]? {
    if places.count + furtherCounted.count + 4 > most { return nil }
    var words: [UInt64] = []
    words.reserveCapacity(places.count + furtherCounted.count + 4)
    pack(into: &words)
    return words
  }

  /// A case that was put into words.
  init(packed words: ArraySlice<UInt64>) {
    let first = words.startIndex
    size = Int32(truncatingIfNeeded: words[first])
    base.source = UInt16(truncatingIfNeeded: words[first] >> 32)
    base.offset = Int64(bitPattern: words[first + 1])
    base.line = UInt32(truncatingIfNeeded: words[first + 2] >> 32)
    base.length = UInt32(truncatingIfNeeded: words[first + 2])
    let ranges = Int(words[first] >> 48)
    for (index, word) in words[(first + 3)..<(first + 3 + ranges)].enumerated() {
      let range = Int32(truncatingIfNeeded: word)..<Int32(truncatingIfNeeded: word >> 32)
      if index == 0 { firstCounted = range } else { furtherCounted.append(range) }
    }
    places = Array(words[(first + 3 + ranges)...])
    last = end
  }

  private static func word(_ range: Range<Int32>) -> UInt64 {
    UInt64(UInt32(bitPattern: range.upperBound)) << 32
      | UInt64(UInt32(bitPattern: range.lowerBound))
  }

  /// Notes in a case's words which of its events came late, by where those stand; all of one source.
  static func noteLate(
    _ offsets: Set<Int64>, upTo last: Int64, in words: inout [UInt64], _ range: Range<Int>
  ) {
    // Nearly always it begins behind them.
    if Int64(bitPattern: words[range.lowerBound + 1]) > last { return }
    var one = SettledCase(packed: words[range])
    var found: [Int] = []
    one.walk { place, index in
      if offsets.contains(place.offset) { found.append(index) }
    }
    if found.isEmpty { return }
    for index in found { one.places[index] |= isLate }
    var noted: [UInt64] = []
    one.pack(into: &noted)
    words.replaceSubrange(range, with: noted)
  }

  /// Which of a case's words holds its first line, and that word with so many more lines before it.
  static let lineWord = 2

  static func moved(_ word: UInt64, behind lines: UInt32) -> UInt64 { word &+ UInt64(lines) << 32 }

  /// The same room for another case.
  mutating func clear() {
    size = 0
    places.removeAll(keepingCapacity: true)
    forgetCounted()
  }

  // MARK: - Events

  /// The lines were counted from the start of a stretch, which stands behind so many others.
  mutating func move(behind lines: UInt32) {
    base.line &+= lines
    last.line &+= lines
  }

  mutating func append(_ record: EventRecord) {
    append(SettledCase.place(of: record))
  }

  /// Likewise all records of a case that has none yet.
  mutating func append(_ records: CaseRecords) {
    if records.isEmpty { return }
    var last = SettledCase.place(of: records[0])
    if size == 0 { base = last } else { last = self.last }
    // Into one span: a list would be asked for each record whether it is shared.
    places.append(addingCapacity: records.count * SettledCase.mostWords) { words in
      for index in records.indices {
        // Field by field: a record is much larger than what is kept of it.
        let place = SettledCase.place(of: records[index])
        SettledCase.append(place, behind: last, to: &words)
        last = place
      }
    }
    size += Int32(truncatingIfNeeded: records.count)
    self.last = last
  }

  @inline(__always)
  private static func place(of record: EventRecord) -> EventPlace {
    EventPlace(
      source: record.source, offset: record.offset, length: record.length, line: record.line,
      isLate: record.isLate)
  }

  /// In a word: the length, how many lines, and how many bytes behind the place before; then two flags.
  private static let lengthBits: UInt64 = 16
  private static let lineBits: UInt64 = 18
  private static let offsetBits: UInt64 = 28
  private static let isLate: UInt64 = 1 << 62
  private static let isWhole: UInt64 = 1 << 63

  /// A place takes so many at most.
  private static let mostWords = 4

  private mutating func append(_ place: EventPlace) {
    if size == 0 {
      base = place
      last = place
    }
    let before = last
    places.append(addingCapacity: SettledCase.mostWords) { words in
      SettledCase.append(place, behind: before, to: &words)
    }
    size += 1
    last = place
  }

  @inline(__always)
  private static func append(
    _ place: EventPlace, behind last: EventPlace, to words: inout OutputSpan<UInt64>
  ) {
    let offset = UInt64(bitPattern: place.offset &- last.offset)
    let line = UInt64(place.line &- last.line)
    let length = UInt64(place.length)
    let isNear =
      offset >> SettledCase.offsetBits == 0 && line >> SettledCase.lineBits == 0
      && length >> SettledCase.lengthBits == 0 && place.source == last.source
    let flag = place.isLate ? SettledCase.isLate : 0
    if isNear {
      words.append(
        flag | (offset << SettledCase.lineBits | line) << SettledCase.lengthBits | length)
      return
    }
    words.append(SettledCase.isWhole | flag | UInt64(place.source))
    words.append(offset)
    words.append(line)
    words.append(length)
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
    walk { place, _ in result.append(place) }
    return result
  }

  /// The place of the last event.
  private var end: EventPlace {
    var end = base
    walk { place, _ in end = place }
    return end
  }

  /// Gives every place, and where its words begin.
  private func walk(_ body: (EventPlace, Int) -> Void) {
    var place = base
    var index = 0
    while index < places.count {
      let first = index
      let word = places[index]
      var (offset, line, length): (UInt64, UInt64, UInt64)
      if word & SettledCase.isWhole == 0 {
        length = word & (1 << SettledCase.lengthBits - 1)
        line = word >> SettledCase.lengthBits & (1 << SettledCase.lineBits - 1)
        offset =
          word >> (SettledCase.lengthBits + SettledCase.lineBits)
          & (1 << SettledCase.offsetBits - 1)
        index += 1
      } else {
        place.source = UInt16(truncatingIfNeeded: word)
        (offset, line, length) = (places[index + 1], places[index + 2], places[index + 3])
        index += 4
      }
      place.offset &+= Int64(bitPattern: offset)
      place.line &+= UInt32(truncatingIfNeeded: line)
      place.length = UInt32(truncatingIfNeeded: length)
      place.isLate = word & SettledCase.isLate != 0
      body(place, first)
    }
  }
}
