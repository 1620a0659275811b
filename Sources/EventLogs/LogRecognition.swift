/// Decides by content whether a file is an event log.
package enum LogRecognition {
  /// Whether the first bytes of a file (some 64 kB are enough) look like a log in these words.
  ///
  /// At least half of the objects must be events, or one must be an event with a time and a field: many files are
  /// lists of objects with a `type`.
  package static func recognizes(
    head: [UInt8], vocabulary: LogVocabulary, interpreter: (any RunInterpreter)? = nil
  ) -> Bool {
    let head = UnpackedBytes.of(head, upTo: 1 << 16)
    guard let reader = LogReaders.reader(for: head.span) else { return false }
    var isLog = false
    var events = 0
    let schema = EventSchema(vocabulary, envelope: reader.envelope)
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
