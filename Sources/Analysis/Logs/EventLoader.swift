import EventLogs

/// A closed case whose events were read again.
struct LoadedCase {
  var closed: ClosedCase
  /// Its events in the loader's batch, in the order of their sources and places.
  var range: Range<Int>
  /// The same in the order in which they came, where none is lost; only of those that were counted before.
  var arrival: [Int] = []
  /// Where they stand, by the recording's own count.
  var places: [SettledCase.EventPlace] = []
  /// Events that are not what they were.
  var lost = 0
}

/// The lines of loaded events as they stand in their logs, as far as those can be read in place.
struct LoadedLines {
  private let bytes: [UInt8]
  /// By event: where its bytes begin, with the one before it.
  private let lines: [Range<Int>]
  /// Likewise its time, where that is known.
  private let times: [Range<Int>]

  fileprivate init(_ fetched: FetchedLines, _ lines: [Range<Int>], _ times: [Range<Int>]) {
    bytes = fetched.bytes
    self.lines = lines
    self.times = times
  }

  /// How the log writes an event's time, where that is known.
  func time(of event: Int) -> String? {
    times[event].isEmpty ? nil : String(decoding: bytes[times[event]], as: UTF8.self)
  }

  /// The bytes of an event, with the one before it; `nil` where they were not read in place.
  func bytes(of event: Int) -> ArraySlice<UInt8>? {
    lines[event].isEmpty ? nil : bytes[lines[event]]
  }
}

/// Reads the events of some cases again: from where they stand, or from where they are kept.
struct EventLoader {
  private let sources: [RecordedSource]
  private let spare: SpareTools<Int, LineReader>
  private var readers: [LineReader?]
  private var numberings: [EventCodec.Numbering?]
  private var block: [UInt8] = []
  private let cases: [ClosedCase]
  /// Where the events of all cases stand, case by case.
  private var places: [SettledCase.EventPlace] = []
  /// By case: the first of its places.
  private var firstPlaces: [Int] = []
  /// Likewise by sources and offsets.
  private var order: [Int32]
  private let fetched: FetchedLines
  private var linesOfEvents: [Range<Int>] = []
  private var timesOfEvents: [Range<Int>] = []
  /// All events so far, with their texts.
  private(set) var batch = EventBatch()

  /// - Parameters:
  ///   - cases: those that will be loaded.
  ///   - sources: where their events stand.
  ///   - spare: readers that are used again.
  init(_ cases: [ClosedCase], from sources: [RecordedSource], _ spare: SpareTools<Int, LineReader>)
  {
    self.cases = cases
    self.sources = sources
    self.spare = spare
    var keys: [(word: UInt64, place: Int32)] = []
    var owners: [Int32] = []
    for (number, one) in cases.enumerated() {
      firstPlaces.append(places.count)
      places += one.events.events
      owners += repeatElement(Int32(number), count: places.count - owners.count)
    }
    keys.reserveCapacity(places.count)
    for (number, place) in places.enumerated() {
      // Offsets need fewer bits.
      keys.append((UInt64(place.source) << 48 | UInt64(place.offset), Int32(number)))
    }
    keys.sort { $0.word < $1.word }
    order = Array(repeating: 0, count: places.count)
    fetched = FetchedLines(
      places, in: keys.map(\.place),
      of: sources.map { $0.archive == nil && $0.state == nil ? $0.bytes : nil })
    var next = firstPlaces
    for key in keys {
      let owner = Int(owners[Int(key.place)])
      order[next[owner]] = key.place
      next[owner] += 1
    }
    batch.reserve(places.count)
    linesOfEvents.reserveCapacity(places.count)
    timesOfEvents.reserveCapacity(places.count)
    readers = Array(repeating: nil, count: sources.count)
    numberings = Array(repeating: nil, count: sources.count)
  }

  /// The lines of all events that were loaded.
  var lines: LoadedLines { LoadedLines(fetched, linesOfEvents, timesOfEvents) }

  /// Adds the events of a case to the batch.
  mutating func load(_ number: Int) -> LoadedCase {
    let base = firstPlaces[number]
    let end = number + 1 < firstPlaces.count ? firstPlaces[number + 1] : places.count
    let first = batch.events.count
    var loaded = LoadedCase(closed: cases[number], range: first..<first)
    for place in order[base..<end] {
      if load(at: Int(place)) {
        loaded.places.append(places[Int(place)])
      } else {
        loaded.lost += 1
      }
    }
    loaded.range = first..<batch.events.count
    if loaded.lost == 0, loaded.closed.events.isCounted {
      loaded.arrival = Array(repeating: 0, count: end - base)
      for (event, place) in order[base..<end].enumerated() {
        loaded.arrival[Int(place) - base] = first + event
      }
    }
    return loaded
  }

  /// Gives up the readers: no more cases are loaded.
  func giveBackReaders() {
    for (source, reader) in readers.enumerated() {
      if let reader { spare.put(reader, for: source) }
    }
  }

  private func stored(
    _ place: SettledCase.EventPlace, _ source: RecordedSource
  ) -> [UInt8]? {
    let (start, count) = (Int(place.offset), Int(place.length))
    if let archive = source.archive { return archive.read(from: start, count: count) }
    var bytes = [UInt8](repeating: 0, count: count)
    let got = try? source.state?.bytes.read(from: start, count: count, into: &bytes)
    return got == count ? bytes : nil
  }

  /// Adds an event to the batch; `false` where it is not what it was.
  private mutating func load(at number: Int) -> Bool {
    let place = places[number]
    let source = Int(place.source)
    let known = batch.events.count
    var line = 0..<0
    var time = 0..<0
    let isLoaded: Bool
    if let found = fetched.line(of: number) {
      let before = place.offset > 0 ? 1 : 0
      isLoaded = read(
        place, in: fetched.bytes, from: found.lowerBound + before, to: found.upperBound)
      if before == 1 {
        line = found
        time = readers[source]?.time ?? 0..<0
      }
    } else if sources[source].archive != nil || sources[source].state != nil {
      isLoaded = loadStored(place, source)
    } else if let bytes = sources[source].bytes {
      isLoaded = loadLine(place, bytes)
    } else {
      isLoaded = false
    }
    guard isLoaded, batch.events.count == known + 1 else {
      if batch.events.count > known { batch.events.removeLast() }
      return false
    }
    batch.events[known].source = place.source
    linesOfEvents.append(line)
    timesOfEvents.append(time)
    return true
  }

  private mutating func loadStored(_ place: SettledCase.EventPlace, _ source: Int) -> Bool {
    guard let bytes = stored(place, sources[source]) else { return false }
    let numbering =
      numberings[source] ?? sources[source].state?.numbering(in: sources[source].schema)
      ?? EventCodec.Numbering(of: sources[source].schema)
    numberings[source] = numbering
    var position = 0
    let known = batch.events.count
    guard case .added = EventCodec.decode(bytes.span, &position, numbering, into: &batch)
    else { return false }
    batch.events[known].line = Int32(bitPattern: place.line)
    return true
  }

  /// A long line, which is read again for the few findings that quote it.
  private mutating func loadLine(_ place: SettledCase.EventPlace, _ bytes: LogBytes) -> Bool {
    let count = Int(place.length)
    if block.count < count + LineReader.slack {
      block = [UInt8](repeating: 0, count: count + LineReader.slack)
    }
    guard let got = try? bytes.read(from: Int(place.offset), count: count, into: &block),
      got == count
    else { return false }
    block[count] = 0x0A
    return read(place, in: block, from: 0, to: count)
  }

  private mutating func read(
    _ place: SettledCase.EventPlace, in bytes: [UInt8], from start: Int, to end: Int
  ) -> Bool {
    let source = Int(place.source)
    let reader =
      readers[source] ?? spare.take(for: source) ?? LineReader(schema: sources[source].schema)
    readers[source] = reader
    return reader.read(
      bytes, from: start, to: end, line: Int(place.line), fileOffset: Int(place.offset),
      into: &batch)
  }
}
