/// Decides by content whether a file is an event log.
package enum LogRecognition {
  /// Whether the first bytes of a file (some 64 kB are enough) look like a log in these words.
  ///
  /// At least half of the objects must be events, or one must be an event with a time and a field: many files are
  /// lists of objects with a `type`.
  package static func recognizes(head: [UInt8], vocabulary: LogVocabulary) -> Bool {
    guard let reader = LogReaders.reader(for: head.span) else { return false }
    var isLog = false
    var events = 0
    let schema = EventSchema(vocabulary, envelope: reader.envelope)
    var feed = LogFeed(schema: schema) { batch in
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
    let others = feed.scanner.unknownCounts.reduce(0, +)
    return isLog || (events > 0 && events >= others)
  }
}
