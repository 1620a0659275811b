import EventLogs
import Rules

/// How one log is read: the reader for its form, and a house's words where it has some of its own.
struct LogFormat: Sendable {
  var reader: any LogReader.Type
  /// `nil` for the words that the protocols know.
  var vocabulary: LogVocabulary?
}

/// The words of one house, over those that the protocols know.
struct MappedVocabulary: Sendable {
  let name: String
  let vocabulary: LogVocabulary
  let schemas: EventSchemas

  /// Names and fields that nothing asks for are left out, so that all formats number them alike.
  init(_ mapping: LogMapping, over known: LogVocabulary) {
    name = mapping.name
    var vocabulary = known
    let canonical = Set(known.names.values)
    for (foreign, name) in mapping.names where canonical.contains(name) {
      vocabulary.names[foreign] = name
    }
    vocabulary.preferred = mapping.fields
    vocabulary.takeNamePlaces(of: mapping)
    vocabulary.values = mapping.values
    if !mapping.time.isEmpty { vocabulary.preferred[LogVocabulary.Envelope.time] = mapping.time }
    vocabulary.timeStyle =
      switch mapping.timeFormat {
      case .automatic: .automatic
      case .unix(let perSecond): .unix(perSecond: perSecond)
      case .pattern(let pattern): .pattern(Array(pattern.utf8))
      }
    self.vocabulary = vocabulary
    schemas = EventSchemas(vocabulary)
  }
}

extension LogVocabulary {
  /// Takes over where a house has the names of its events.
  mutating func takeNamePlaces(of mapping: LogMapping) {
    preferred[Envelope.name] = mapping.event.filter { !$0.contains("{") }
    nameTemplates = mapping.event.filter { $0.contains("{") }
  }
}

extension LogPlan {
  /// The format of a log that starts with these bytes: what is named, else the first house whose words it has, else the
  /// protocols' words.
  func format(of head: [UInt8], named name: String? = nil) -> LogFormat? {
    if let reader = name.flatMap(LogReaders.reader(named:)) { return LogFormat(reader: reader) }
    guard let reader = LogReaders.reader(for: head.span) else { return nil }
    if let named = mappings.first(where: { $0.name == name }) {
      return LogFormat(reader: reader, vocabulary: named.vocabulary)
    }
    let house = mappings.first { mapping in
      LogRecognition.recognizes(head: head, schemas: [mapping.schemas]) { runs }
    }
    return LogFormat(reader: reader, vocabulary: house?.vocabulary)
  }
}
