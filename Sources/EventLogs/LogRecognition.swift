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
    var isLog = false
    var events = 0
    var feed = LogFeed(schema: schemas.schema(for: reader), interpreter: interpreter) { batch in
      events += batch.events.count
      for event in batch.events where !event.time.isMissing && event.fieldCount > 0 {
        isLog = true
      }
    }
    do throws(LogInputError) {
      var input = try LogInput(.bytes(head))
      reader.read(&input, into: &feed)
    } catch {
      return false
    }
    feed.flush(atLeast: 1)
    return isLog || (events > 0 && events >= feed.unknownNames.total)
  }

  /// Whether the first bytes have marks that nothing but a log of some format has.
  package static func isUnmistakable(head: [UInt8]) -> Bool {
    let head = UnpackedBytes.of(head, upTo: 1 << 16)
    return LogReaders.reader(for: head.span)?.isUnmistakable ?? false
  }
}
