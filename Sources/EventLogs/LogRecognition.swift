import Synchronization

/// A vocabulary made fast, once for each way of wrapping events that is met.
package final class EventSchemas: Sendable {
  private let make: @Sendable (EventSchema.Envelope) -> EventSchema
  /// Keys one of which every plain object has that is an event or wraps some; `nil` where one may be an event without.
  let nameKeys: Set<KeyMark>?
  private let made = Mutex<[EventSchema.Envelope: EventSchema]>([:])

  package convenience init(_ vocabulary: LogVocabulary) {
    self.init(placesOf: vocabulary) { EventSchema(vocabulary, envelope: $0) }
  }

  /// - Parameters:
  ///   - known: where names of events stand, as in the vocabulary; nothing else of it counts.
  ///   - make: asked only where something may be an event.
  package init(
    placesOf known: LogVocabulary, make: @escaping @Sendable (EventSchema.Envelope) -> EventSchema
  ) {
    self.make = make
    nameKeys = known.nameKeys
  }

  func schema(for reader: any LogReader.Type) -> EventSchema {
    let envelope = reader.envelope
    return made.withLock { made in
      if let known = made[envelope] { return known }
      let schema = make(envelope)
      made[envelope] = schema
      return schema
    }
  }
}

extension LogVocabulary {
  /// With what the keys begin that lead to an event's name in a plain object, or to a list of events; `nil` where a
  /// name needs no key.
  fileprivate var nameKeys: Set<KeyMark>? {
    guard nameTemplates.isEmpty else { return nil }
    let name = Envelope.name
    let places = [name, Envelope.payload] + (fields[name] ?? []) + (preferred[name] ?? [])
    let keys = Set(
      places.compactMap { place in
        place.utf8.split(separator: UInt8(ascii: ".")).first.map {
          KeyMark(Array($0))
        }
      })
    return keys.union(ListWrapper.keys)
  }
}

/// Decides by content whether a file is an event log.
package enum LogRecognition {
  /// So much of a file is looked at as a rule, in bytes.
  package static let usualHead = 1 << 16
  /// So much where somebody says that it is a log, or its name does: services say this and that before their first event.
  package static let longHead = 16 << 20

  /// Whether the first bytes of a file look like a log in the words of one of these schemas.
  package static func recognizes(
    head: [UInt8], schemas: [EventSchemas], interpreter: () -> (any RunInterpreter)? = { nil }
  ) -> Bool {
    reader(for: head, schemas: schemas, interpreter: interpreter) != nil
  }

  /// The first format that the first bytes of a file have the form of and in which they look like a log in the words of
  /// one of these schemas: a word that is a mark of one format may stand in a log of another.
  ///
  /// At least half of the objects must be events, or one must be an event with a time and a field: many files are
  /// lists of objects with a `type`.
  ///
  /// - Parameters:
  ///   - head: the first bytes, perhaps compressed.
  ///   - named: the only format that is asked about; `nil` for all.
  ///   - schemas: the words that events are known by.
  ///   - interpreter: reads events out of what engines recorded.
  /// - Returns: the format; `nil` where the bytes are no log.
  package static func reader(
    for head: [UInt8], named: (any LogReader.Type)? = nil, schemas: [EventSchemas],
    interpreter: () -> (any RunInterpreter)? = { nil }
  ) -> (any LogReader.Type)? {
    let head = UnpackedBytes.of(head, upTo: max(usualHead, head.count))
    func isLog(_ reader: any LogReader.Type, _ outline: JSONOutline?) -> Bool {
      schemas.contains { schemas in
        mayHoldEvents(head.span, outline, reader, schemas)
          && holdsEvents(head, reader, schemas.schema(for: reader), interpreter)
      }
    }
    if let named { return isLog(named, nil) ? named : nil }
    return LogReaders.reader(for: head.span, where: isLog)
  }

  /// Whether a plain object among these bytes may have an event's name: most definitions have none that they could
  /// have it by.
  private static func mayHoldEvents(
    _ head: Span<UInt8>, _ outline: JSONOutline?, _ reader: any LogReader.Type,
    _ schemas: EventSchemas
  ) -> Bool {
    guard let outline, reader.hasPlainObjects, let keys = schemas.nameKeys else { return true }
    if reader.isLineByLine(head), !outline.isLineByLine { return true }
    return outline.mayHave(keys)
  }

  private static func holdsEvents(
    _ head: [UInt8], _ reader: any LogReader.Type, _ schema: EventSchema,
    _ interpreter: () -> (any RunInterpreter)?
  ) -> Bool {
    // What is packed more often than is looked through says nothing as it is.
    if UnpackedBytes.isPlain(head), !reader.mayHoldEvents(head.span, schema) { return false }
    var isLog = false
    var events = 0
    var feed = LogFeed(schema: schema, interpreter: interpreter()) { batch in
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
    let head = UnpackedBytes.of(head, upTo: max(usualHead, head.count))
    return LogReaders.reader(for: head.span)?.isUnmistakable ?? false
  }
}
