import EventLogs

/// A closed case whose events were read again.
struct LoadedCase {
  var closed: ClosedCase
  /// Its events in the loader's batch, in the order of their sources and places.
  var range: Range<Int>
  /// The same in the order in which they came, where none is lost.
  var arrival: [Int] = []
  /// Where they stand, by the recording's own count.
  var offsets: [Int64] = []
  /// Events that are not what they were.
  var lost = 0
}

/// The lines of loaded events as they stand in their logs, as far as those can be read in place.
struct LoadedLines {
  private var bytes: [UInt8] = []
  /// By event: where its bytes begin, with the one before it.
  private var starts: [Int] = []

  /// The bytes of an event, with the one before it; `nil` where they were not read in place.
  func bytes(of event: Int) -> ArraySlice<UInt8>? {
    let end = event + 1 < starts.count ? starts[event + 1] : bytes.count
    return starts[event] == end ? nil : bytes[starts[event]..<end]
  }

  /// Makes room for so many events of usual length.
  mutating func reserve(_ count: Int) {
    starts.reserveCapacity(count)
    bytes.reserveCapacity(count * (Recording.usualLineLength + 16))
  }

  /// Adds the bytes of the next event.
  mutating func append(_ line: ArraySlice<UInt8>) {
    starts.append(bytes.count)
    bytes += line
  }
}

/// Reads events again: from where they stand, or from where they are kept.
struct EventLoader {
  private let sources: [RecordedSource]
  private var readers: [LineReader?]
  private var numberings: [EventCodec.Numbering?]
  private var block: [UInt8] = []
  private static let longestLine = 1 << 16
  /// All events so far, with their texts.
  private(set) var batch = EventBatch()
  private(set) var lines = LoadedLines()

  /// - Parameters:
  ///   - sources: where events stand.
  ///   - count: about how many of them will be read.
  init(sources: [RecordedSource], count: Int) {
    self.sources = sources
    batch.reserve(count)
    lines.reserve(count)
    readers = Array(repeating: nil, count: sources.count)
    numberings = Array(repeating: nil, count: sources.count)
  }

  /// Adds the events of a case to the batch.
  mutating func load(_ one: ClosedCase) -> LoadedCase {
    let places = one.events.events
    let order = places.indices.sorted {
      (places[$0].source, places[$0].offset) < (places[$1].source, places[$1].offset)
    }
    let first = batch.events.count
    var loaded = LoadedCase(closed: one, range: first..<first)
    var arrival = Array(repeating: 0, count: places.count)
    for place in order {
      arrival[place] = batch.events.count
      if load(places[place]) {
        loaded.offsets.append(places[place].offset)
      } else {
        loaded.lost += 1
      }
    }
    loaded.range = first..<batch.events.count
    if loaded.lost == 0 { loaded.arrival = arrival }
    return loaded
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
  private mutating func load(_ place: SettledCase.EventPlace) -> Bool {
    let source = Int(place.source)
    let known = batch.events.count
    let isLoaded: Bool
    if sources[source].archive != nil || sources[source].state != nil {
      isLoaded = loadStored(place, source)
    } else if let bytes = sources[source].bytes {
      isLoaded = loadLine(place, source, bytes)
    } else {
      isLoaded = false
    }
    guard isLoaded, batch.events.count == known + 1 else {
      if batch.events.count > known { batch.events.removeLast() }
      return false
    }
    batch.events[known].source = place.source
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
    lines.append([])
    return true
  }

  private mutating func loadLine(
    _ place: SettledCase.EventPlace, _ source: Int, _ bytes: LogBytes
  ) -> Bool {
    // The byte before tells whether the event begins its line.
    let before = place.offset > 0 ? 1 : 0
    let count = Int(place.length) + before
    if block.count < count + LineReader.slack {
      block = [UInt8](repeating: 0, count: count + LineReader.slack)
    }
    guard
      let got = try? bytes.read(from: Int(place.offset) - before, count: count, into: &block),
      got == count
    else { return false }
    block[count] = 0x0A
    let reader = readers[source] ?? LineReader(schema: sources[source].schema)
    readers[source] = reader
    guard
      reader.read(
        block, from: before, to: count, line: Int(place.line), fileOffset: Int(place.offset),
        into: &batch)
    else { return false }
    // What is longer is read again for the few findings that quote it.
    lines.append(before == 1 && count <= EventLoader.longestLine ? block[..<count] : [])
    return true
  }
}
