/// Reads single lines of a log again, complete with their texts: by the shape of an earlier one where that is possible.
package final class LineReader {
  private var state: ReaderState

  package init(schema: EventSchema) { state = ReaderState(schema: schema) }

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
  private let schema: EventSchema

  init(schema: EventSchema) {
    self.schema = schema
    scanner = EventScanner(schema: schema)
  }

  mutating func read(
    _ buffer: [UInt8], from start: Int, to end: Int, line: Int, fileOffset: Int,
    into batch: inout EventBatch
  ) -> Bool {
    precondition(buffer.count >= end + LineReader.slack && buffer[end] == 0x0A)
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

  private mutating func keep(
    _ shape: Int, _ bytes: Span<UInt8>, _ start: Int, _ end: Int, _ line: Int, _ fileOffset: Int,
    _ batch: inout EventBatch
  ) {
    scanner.forget()
    let known = shapes.shapes[shape]
    for index in Int(known.firstField)..<Int(known.firstField + known.fields) {
      let field = shapes.fields[index]
      let piece = shapes.piece(field.value)
      scanner.take(
        EventScanner.Value(
          rank: 0, kind: piece.kind, start: Int(piece.start), end: Int(piece.end)),
        in: field.slot)
    }
    swap(&batch, &scanner.batch)
    scanner.keep(
      UInt16(truncatingIfNeeded: known.name), bytes, start: start, end: end, line: line,
      fileOffset: fileOffset)
    swap(&batch, &scanner.batch)
  }
}
