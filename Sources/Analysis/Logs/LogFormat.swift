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
  ///
  /// - Returns: the format, and whether events were found in it; `nil` where the bytes have no log's form.
  func format(
    of head: [UInt8], named name: String? = nil
  ) -> (format: LogFormat, holdsEvents: Bool)? {
    let named = name.flatMap(LogReaders.reader(named:))
    func reader(_ schemas: EventSchemas) -> (any LogReader.Type)? {
      LogRecognition.reader(for: head, named: named, schemas: [schemas]) { runs }
    }
    for mapping in mappings where named != nil || name == nil || mapping.name == name {
      if let reader = reader(mapping.schemas) {
        return (LogFormat(reader: reader, vocabulary: mapping.vocabulary), true)
      }
    }
    let house = mappings.first { $0.name == name }
    let own = EventSchemas(placesOf: vocabulary) { self.schema(wrapped: $0) }
    if house == nil, let reader = reader(own) { return (LogFormat(reader: reader), true) }
    guard let reader = named ?? LogReaders.reader(for: head.span) else { return nil }
    return (LogFormat(reader: reader, vocabulary: house?.vocabulary), false)
  }
}
