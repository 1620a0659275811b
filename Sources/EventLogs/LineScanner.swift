/// An event of a line as records are made of it: where its values stand, and what they hash to.
@safe package struct LineEvent {
  package var name: UInt16 = 0
  package var time = Timestamp.missing
  /// As `Event.delivery` where it has a name, else 0: hardly any line stands twice, and whoever must know can hash it.
  package var delivery: UInt64 = 0
  /// A hash of the producer's name; 0 where it does not say.
  package var producer: UInt64 = 0
  /// In the file.
  package var start = 0
  package var length = 0
  /// Counted from the block's start.
  package var line = 0
  package fileprivate(set) var count = 0
  /// Room for one of every slot, which the scanner owns.
  fileprivate let fields: UnsafeMutablePointer<LineField>

  fileprivate init() { unsafe fields = .allocate(capacity: LineEvent.mostFields) }

  private static var mostFields: Int { 256 }

  fileprivate func deallocate() { unsafe fields.deallocate() }

  /// Its fields, while it is handed on.
  package subscript(index: Int) -> LineField {
    precondition(index < count)
    return unsafe fields[index]
  }

  @inline(__always)
  fileprivate mutating func append(_ field: LineField) {
    precondition(count < LineEvent.mostFields)
    // Trivial memory of our own.
    unsafe (fields + count).initialize(to: field)
    count += 1
  }
}

/// A field of an event, not yet looked at but for its hash.
package struct LineField: Sendable {
  package var slot: UInt8
  package var kind: EventField.Kind
  /// Of the text as it is meant; of a number as it is written; of a list, its length.
  package var hash: UInt64
  fileprivate var start: Int32
  fileprivate var end: Int32
  fileprivate var isPlain: Bool
}

/// Reads the lines of a block and hands on its events one by one, without keeping them.
///
/// One for each thread: it remembers how lines look.
@safe package struct LineScanner: ~Copyable {
  /// The event that is handed on.
  package private(set) var event = LineEvent()

  private let schema: EventSchema
  private var scanner: EventScanner
  private var shapes = LineShapes()
  private var times: TimestampParser
  /// The block's bytes, and where the event stands in them; only while it is handed on.
  private var bytes: UnsafeBufferPointer<UInt8>
  private var place = 0..<0
  private var producer: (start: Int, end: Int, isPlain: Bool) = (0, 0, false)

  /// Whether every byte of a line is looked at.
  private let isStrict: Bool
  private let telltales: LineTelltales

  package init(
    schema: EventSchema, isStrict: Bool = false, telltales: LineTelltales = LineTelltales()
  ) {
    self.schema = schema
    self.isStrict = isStrict
    self.telltales = telltales
    scanner = EventScanner(schema: schema)
    times = TimestampParser(style: schema.timeStyle)
    unsafe bytes = UnsafeBufferPointer(start: nil, count: 0)
  }

  deinit { event.deallocate() }

  /// Hands on the events of the lines in `buffer` that start before the limit.
  ///
  /// Behind `end` stands a line end, and more than 64 bytes follow it. Lines of several objects, or of none, are read into
  /// a batch, which is handed on in their place.
  mutating func read(
    _ buffer: UnsafeBufferPointer<UInt8>, _ lines: LineBlocks.Extent,
    _ block: inout LineBlocks.Block,
    consume: (inout LineScanner, Span<LineField>) -> Void, consumeBatch: (EventBatch) -> Void
  ) {
    unsafe bytes = buffer
    // The buffer outlives the call.
    let span = unsafe Span(_unsafeElements: buffer)
    guard let base = buffer.baseAddress else { return }
    var feed = LogFeed(schema: schema, isStrict: isStrict, telltales: telltales) { _ in }
    var position =
      lines.start > 0 ? ByteSearch.first(0x0A, in: span, from: 0, to: lines.end) + 1 : 0
    var unknown = UnknownNames()
    while position < lines.end && lines.start + position < lines.limit {
      feed.lines += 1
      if let (shape, next) = unsafe shapes.match(base, from: position, to: lines.end) {
        if shapes.shapes[shape].name < 0 {
          shapes.countUnknown(shape)
        } else {
          var end = next - 1
          if span[end - 1] == 0x0D { end -= 1 }
          begin(position, end, lines.start, feed.lines)
          take(shape, span)
          handOn(to: consume)
        }
        if shapes.shapes[shape].isTelling {
          feed.noteTelltales(span, position, next - 1, lines.start)
        }
        if isStrict { feed.checkStrictly(span, position, next - 1, lines.start) }
        position = next
        continue
      }
      let newline = ByteSearch.first(0x0A, in: span, from: position, to: lines.end)
      let isLast = newline == lines.end
      if isLast && lines.start + lines.end < lines.count {
        feed.damage(
          "this line is longer than \(LogInput.largestObject >> 20) MiB and was skipped",
          line: feed.lines, bytes: lines.start + position..<lines.start + lines.end)
      } else if let isEvent = one(span, position, newline, lines.start, feed.lines) {
        if isEvent { handOn(to: consume) } else { scanner.countUnknownName(span) }
        if isStrict { feed.checkStrictly(span, position, newline, lines.start) }
      } else {
        JSONLines.line(span, position, newline, lines.start, isLast: isLast, &feed)
        if !feed.scanner.batch.events.isEmpty { consumeBatch(feed.takeBatch()) }
      }
      if !isLast || lines.start + lines.end >= lines.count {
        feed.noteTelltales(span, position, newline, lines.start)
      }
      position = newline + 1
    }
    shapes.takeUnknownNames(into: &unknown)
    unknown.add(scanner.takeUnknownNames())
    unknown.add(feed.unknownNames)
    block.lines = feed.lines
    block.bytes = max(0, lines.limit - lines.start)
    block.problems = feed.problems
    block.others = unknown
    block.telltales = feed.telltaleLines
    unsafe bytes = UnsafeBufferPointer(start: nil, count: 0)
  }

  /// Hands on the event, with its fields.
  @inline(__always)
  private mutating func handOn(to consume: (inout LineScanner, Span<LineField>) -> Void) {
    // Memory of the event's own, which it does not give up before it ends.
    let fields = unsafe Span(_unsafeStart: event.fields, count: event.count)
    consume(&self, fields)
  }

  /// Reads a line that is one object, and learns how it looks; whether it is an event, `nil` where it is anything else.
  private mutating func one(
    _ span: Span<UInt8>, _ start: Int, _ end: Int, _ offset: Int, _ line: Int
  ) -> Bool? {
    var position = start
    if offset + start == 0 { LogHead.skipMark(span, &position, end) }
    JSONBytes.skipSpace(span, &position, end)
    if position == end { return nil }
    guard case .object(let next, let isEvent) = scanner.look(span, from: position, to: end) else {
      return nil
    }
    var rest = next
    JSONBytes.skipSpace(span, &rest, end)
    guard rest == end else { return nil }
    if position == start { shapes.learn(span, from: start, to: next, by: schema, telltales) }
    if !isEvent { return false }
    begin(position, next, offset, line)
    event.name = scanner.knownName
    for slot in scanner.filled {
      let value = scanner.value(of: slot)
      take(slot, value, span)
    }
    finish()
    return true
  }

  private mutating func begin(_ start: Int, _ end: Int, _ offset: Int, _ line: Int) {
    event.start = offset + start
    event.length = end - start
    event.line = line
    event.time = .missing
    event.producer = 0
    event.delivery = 0
    event.count = 0
    place = start..<end
    hasDelivery = false
  }

  private var hasDelivery = false

  /// Takes the values of a line whose shape is known.
  private mutating func take(_ shape: Int, _ span: Span<UInt8>) {
    event.name = UInt16(truncatingIfNeeded: shapes.shapes[shape].name)
    guard let base = unsafe bytes.baseAddress else { return }
    let line = unsafe UnsafeRawPointer(base)
    let first = Int(shapes.shapes[shape].firstField)
    let last = first &+ Int(shapes.shapes[shape].fields)
    for index in first..<last {
      let field = shapes.fields[index]
      let piece = shapes.piece(field.value)
      if field.meaning.isOfEnvelope {
        takeEnvelope(
          field.slot,
          EventScanner.Value(
            rank: 0, kind: piece.kind, start: Int(piece.start), end: Int(piece.end)), span)
        continue
      }
      let count = Int(piece.end &- piece.start)
      var kind = piece.kind
      if kind == .number && field.meaning.isNaming { kind = .text }
      var hash: UInt64 = 0
      if kind == .text || kind == .number {
        if field.meaning.isDigest && kind == .text && DigestSpelling.mayHave(count: count) {
          hash = digestHash(span.extracting(Int(piece.start)..<Int(piece.end)))
        } else {
          // Inside the line, behind which more bytes follow.
          hash = unsafe Fingerprint64.of(line + Int(piece.start), count: count)
        }
      }
      event.append(
        LineField(
          slot: field.slot, kind: kind, hash: hash, start: piece.start, end: piece.end,
          isPlain: true))
    }
    finish()
  }

  /// Takes what every event has.
  @inline(__always)
  private mutating func takeEnvelope(
    _ slot: UInt8, _ value: EventScanner.Value, _ span: Span<UInt8>
  ) {
    let isPlain = !value.isEscaped && !value.isDecoded
    switch Int(slot) {
    case EventSchema.timeSlot:
      if isPlain && value.kind == .text {
        event.time = times.parse(text: span.extracting(value.start..<value.end))
      } else {
        event.time = scanner.time(value, span)
      }
    case EventSchema.producerSlot:
      if value.kind == .text {
        event.producer = hash(value, isPlain, span)
        producer = (value.start, value.end, isPlain)
      }
    case EventSchema.deliverySlot:
      if value.kind == .text {
        event.delivery ^= hash(value, isPlain, span)
        hasDelivery = true
      }
    default: break
    }
  }

  /// Takes a value as the scanner found it.
  private mutating func take(_ slot: UInt8, _ value: EventScanner.Value, _ span: Span<UInt8>) {
    let meaning = schema.meaning(of: slot)
    if meaning.isOfEnvelope { return takeEnvelope(slot, value, span) }
    let isPlain = !value.isEscaped && !value.isDecoded
    let kind = value.kind == .number && meaning.isNaming ? .text : value.kind
    var hash: UInt64 = 0
    switch kind {
    case .text where meaning.isDigest && !isPlain:
      hash = Fingerprint64.of(DigestSpelling.unified(scanner.text(value, span)).span)
    case .text where meaning.isDigest && DigestSpelling.mayHave(count: value.end - value.start):
      hash = digestHash(span.extracting(value.start..<value.end))
    case .text, .number: hash = self.hash(value, isPlain, span)
    case .list: hash = UInt64(value.start)
    case .null, .yes, .no, .object: break
    }
    event.append(
      LineField(
        slot: slot, kind: kind, hash: hash, start: Int32(truncatingIfNeeded: value.start),
        end: Int32(truncatingIfNeeded: value.end), isPlain: isPlain))
  }

  @inline(__always)
  private func hash(_ value: EventScanner.Value, _ isPlain: Bool, _ span: Span<UInt8>) -> UInt64 {
    guard isPlain, let base = unsafe bytes.baseAddress else { return scanner.hash(value, span) }
    // Inside the line, behind which more bytes follow.
    return unsafe Fingerprint64.of(
      UnsafeRawPointer(base + value.start), count: value.end &- value.start)
  }

  // Mutating, so that the scanner is lent and not copied.
  @inline(never)
  private mutating func digestHash(_ text: Span<UInt8>) -> UInt64 {
    guard let canonical = DigestSpelling.canonical(text) else { return Fingerprint64.of(text) }
    return Fingerprint64.of(canonical.span)
  }

  @inline(__always)
  private mutating func finish() {
    if hasDelivery { event.delivery = max(1, Event.delivery(event.delivery, of: event.producer)) }
  }

  // MARK: - A closer look at the event that is handed on

  // Mutating, so that the scanner is lent and not copied: it is large.

  /// The number that a field is.
  package mutating func number(of field: LineField) -> Double {
    // The block's bytes, while the event is handed on.
    let span = unsafe Span(_unsafeElements: bytes)
    if field.isPlain,
      let number = SimpleNumber.of(span, Int(field.start), Int(field.end))
    {
      return number
    }
    return scanner.number(value(field), span)
  }

  /// Whether the text of a field holds that of another one, byte for byte; `nil` where they are not as they stand.
  package mutating func holds(_ field: LineField, _ part: LineField) -> Bool? {
    if !field.isPlain || !part.isPlain { return nil }
    guard let base = unsafe bytes.baseAddress else { return nil }
    let (count, last) = (Int(part.end - part.start), Int(field.end) - Int(part.end - part.start))
    if count == 0 || last < Int(field.start) { return false }
    // Of both so many bytes and more can be read.
    let wanted = unsafe UnsafeRawPointer(base + Int(part.start))
    let mask = count < 8 ? (UInt64(1) << UInt64(count * 8)) &- 1 : .max
    let head = unsafe UInt64(littleEndian: wanted.loadUnaligned(as: UInt64.self)) & mask
    for start in Int(field.start)...last {
      let met = unsafe UnsafeRawPointer(base + start)
      if unsafe UInt64(littleEndian: met.loadUnaligned(as: UInt64.self)) & mask != head { continue }
      var offset = 8
      // Words, of which the last one may hold what was compared already.
      while offset < count {
        let place = min(offset, count - 8)
        let (one, other) = unsafe (
          wanted.loadUnaligned(fromByteOffset: place, as: UInt64.self),
          met.loadUnaligned(fromByteOffset: place, as: UInt64.self)
        )
        if one != other { break }
        offset += 8
      }
      if offset >= count { return true }
    }
    return false
  }

  /// The text of a field.
  package mutating func text(of field: LineField) -> String {
    let span = unsafe Span(_unsafeElements: bytes)
    return String(decoding: scanner.text(value(field), span), as: UTF8.self)
  }

  /// The name of the event's producer.
  package var producerName: String {
    mutating get {
      let span = unsafe Span(_unsafeElements: bytes)
      if producer.isPlain {
        let text = JSONBytes.unescape(span, producer.start, producer.end)
        return String(decoding: text, as: UTF8.self)
      }
      let value = scanner.value(of: UInt8(EventSchema.producerSlot))
      return String(decoding: scanner.text(value, span), as: UTF8.self)
    }
  }

  /// The event once more, with all its texts, into an empty batch.
  package mutating func expand(into batch: inout EventBatch) {
    let span = unsafe Span(_unsafeElements: bytes)
    swap(&batch, &scanner.batch)
    defer { swap(&batch, &scanner.batch) }
    guard
      case .object(let end, true) = scanner.look(span, from: place.lowerBound, to: place.upperBound)
    else { return }
    scanner.keep(
      event.name, span, start: place.lowerBound, end: end, line: event.line,
      fileOffset: event.start)
  }

  private func value(_ field: LineField) -> EventScanner.Value {
    field.isPlain
      ? EventScanner.Value(
        rank: 0, kind: field.kind, start: Int(field.start), end: Int(field.end))
      : scanner.value(of: field.slot)
  }
}

extension EventScanner {
  /// The names counted so far, which begin anew.
  mutating func takeUnknownNames() -> UnknownNames {
    let names = unknownNames
    unknownNames = UnknownNames()
    return names
  }
}
