import Synchronization

/// A vocabulary made fast, once for each way of wrapping events that is met.
package final class EventSchemas: Sendable {
  private let vocabulary: LogVocabulary
  private let made = Mutex<[EventSchema.Envelope: EventSchema]>([:])

  package init(_ vocabulary: LogVocabulary) { self.vocabulary = vocabulary }

  func schema(for reader: any LogReader.Type) -> EventSchema {
    let envelope = reader.envelope
    return made.withLock { made in
      if let known = made[envelope] { return known }
      let schema = EventSchema(vocabulary, envelope: envelope)
      made[envelope] = schema
      return schema
    }
  }
}

/// Decides by content whether a file is an event log.
package enum LogRecognition {
  /// Whether the first bytes of a file (some 64 kB are enough) look like a log in these words.
  ///
  /// At least half of the objects must be events, or one must be an event with a time and a field: many files are
  /// lists of objects with a `type`.
  package static func recognizes(
    head: [UInt8], schemas: EventSchemas, interpreter: (any RunInterpreter)? = nil
  ) -> Bool {
    let head = UnpackedBytes.of(head, upTo: 1 << 16)
    guard let reader = LogReaders.reader(for: head.span) else { return false }
    let schema = schemas.schema(for: reader)
    // Most logs show themselves in their first lines.
    if head.count > usualBytes,
      tells(Array(head.prefix(usualBytes)), reader, schema, interpreter) == .log
    {
      return true
    }
    return tells(head, reader, schema, interpreter) != .nothing
  }

  private static let usualBytes = 1 << 12

  private enum Telling {
    case nothing
    /// Events, more than other objects.
    case events
    /// An event with a time and a field.
    case log
  }

  private static func tells(
    _ head: [UInt8], _ reader: any LogReader.Type, _ schema: EventSchema,
    _ interpreter: (any RunInterpreter)?
  ) -> Telling {
    var isLog = false
    var events = 0
    var feed = LogFeed(schema: schema, interpreter: interpreter) { batch in
      events += batch.events.count
      for event in batch.events where !event.time.isMissing && event.fieldCount > 0 {
        isLog = true
      }
    }
    do throws(LogInputError) {
      var input = try LogInput(.bytes(head))
      reader.read(&input, into: &feed)
    } catch {
      return .nothing
    }
    feed.flush(atLeast: 1)
    if isLog { return .log }
    return events > 0 && events >= feed.unknownNames.total ? .events : .nothing
  }

  /// Whether the first bytes have marks that nothing but a log of some format has.
  package static func isUnmistakable(head: [UInt8]) -> Bool {
    let head = UnpackedBytes.of(head, upTo: 1 << 16)
    return LogReaders.reader(for: head.span)?.isUnmistakable ?? false
  }
}
