/// Reads single lines of a log again, complete with their texts: by the shape of an earlier one where that is possible.
///
/// For one thread at a time.
package final class LineReader: @unchecked Sendable {
  private var state: ReaderState

  package init(schema: EventSchema) { state = ReaderState(schema: schema) }

  /// Where the time of the event that was read last stands in the buffer, as it is written; empty where that is not known.
  package var time: Range<Int> { state.time }

  /// So many bytes must be there behind a line.
  package static var slack: Int { LineBlocks.slack }

  /// Adds the object that stands from `start` to `end` to a batch; `false` where it is no event.
  ///
  /// At `end` of the buffer stands a line end, and more bytes follow it.
  package func read(
    _ buffer: [UInt8], from start: Int, to end: Int, line: Int, fileOffset: Int,
    into batch: inout EventBatch
  ) -> Bool {
    // Lent once: a property of ours would be claimed anew for whatever is done with it.
    state.read(buffer, from: start, to: end, line: line, fileOffset: fileOffset, into: &batch)
  }
}

/// What a reader works with.
private struct ReaderState: ~Copyable {
  private var shapes = LineShapes()
  private var scanner: EventScanner
  private var times: TimestampParser
  private let schema: EventSchema
  private(set) var time = 0..<0
  /// By slot, the number of the text that was met last: most texts of a case stand in several of its events.
  private var latest: [UInt32]

  init(schema: EventSchema) {
    self.schema = schema
    scanner = EventScanner(schema: schema)
    times = TimestampParser(style: schema.timeStyle)
    latest = Array(repeating: 0, count: schema.fields.count)
  }

  mutating func read(
    _ buffer: [UInt8], from start: Int, to end: Int, line: Int, fileOffset: Int,
    into batch: inout EventBatch
  ) -> Bool {
    precondition(buffer.count >= end + LineReader.slack && buffer[end] == 0x0A)
    time = 0..<0
    // The buffer lives until the call is over.
    return unsafe buffer.withUnsafeBufferPointer { pointer in
      guard let base = pointer.baseAddress else { return false }
      let bytes = unsafe Span(_unsafeElements: pointer)
      if let (shape, next) = unsafe shapes.match(base, from: start, to: end), next == end + 1,
        shapes.shapes[shape].name >= 0
      {
        keep(shape, bytes, start, end, line, fileOffset, &batch)
        return true
      }
      let outcome = scanner.scan(
        bytes, from: start, to: end, line: line, fileOffset: fileOffset, into: &batch)
      guard case .object(end, true) = outcome else { return false }
      shapes.learn(bytes, from: start, to: end, by: schema, LineTelltales())
      return true
    }
  }

  /// Adds the event of a line whose values a shape has found.
  private mutating func keep(
    _ shape: Int, _ bytes: Span<UInt8>, _ start: Int, _ end: Int, _ line: Int, _ fileOffset: Int,
    _ batch: inout EventBatch
  ) {
    let known = shapes.shapes[shape]
    var event = Event(
      start: fileOffset, length: Int32(clamping: end - start), line: Int32(clamping: line),
      time: .missing, delivery: 0, name: UInt16(truncatingIfNeeded: known.name), fieldCount: 0,
      firstField: UInt32(truncatingIfNeeded: batch.fields.count), producer: Event.nobody)
    var hasDelivery = false
    let first = Int(known.firstField)
    for index in first..<(first + Int(known.fields)) {
      let field = shapes.fields[index]
      let piece = shapes.piece(field.value)
      let value = bytes.extracting(Int(piece.start)..<Int(piece.end))
      if field.meaning.isOfEnvelope {
        switch (Int(field.slot), piece.kind) {
        case (EventSchema.timeSlot, .text):
          event.time = times.parse(text: value)
          time = Int(piece.start)..<Int(piece.end)
        case (EventSchema.timeSlot, .number):
          event.time = times.parse(number: value)
          time = Int(piece.start)..<Int(piece.end)
        case (EventSchema.producerSlot, .text):
          event.producer = intern(value, field, &batch.texts)
        case (EventSchema.deliverySlot, .text):
          event.delivery ^= Fingerprint64.of(value)
          hasDelivery = true
        default: break
        }
        continue
      }
      var kind = piece.kind
      if kind == .number && field.meaning.isNaming { kind = .text }
      var payload: UInt32 = 0
      switch kind {
      case .text: payload = intern(value, field, &batch.texts)
      case .number:
        payload = UInt32(truncatingIfNeeded: batch.numbers.count)
        batch.numbers.append(ReaderState.number(value))
      case .null, .yes, .no, .list, .object: break
      }
      batch.fields.append(EventField(slot: field.slot, kind: kind, payload: payload))
      event.fieldCount += 1
    }
    batch.append(event, hasDelivery: hasDelivery, line: bytes.extracting(start..<end))
  }

  @inline(__always)
  private mutating func intern(
    _ text: Span<UInt8>, _ field: LineShapes.Field, _ texts: inout TextTable
  ) -> UInt32 {
    let slot = Int(field.slot)
    var number = latest[slot]
    if texts.isText(number, text) { return number }
    if field.meaning.isDigest, let digest = DigestSpelling.canonical(text) {
      number = texts.intern(digest.span)
    } else {
      number = texts.intern(text)
    }
    latest[slot] = number
    return number
  }

  private static func number(_ text: Span<UInt8>) -> Double {
    if let number = SimpleNumber.of(text, 0, text.count) { return number }
    return Double(String(decoding: JSONBytes.unescape(text, 0, text.count), as: UTF8.self)) ?? .nan
  }
}
