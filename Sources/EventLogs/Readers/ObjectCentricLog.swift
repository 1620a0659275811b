/// Object-centric event logs: OCEL 2.0 in JSON, and the JSON of OCEL 1.0.
///
/// https://www.ocel-standard.org/specification/
package enum ObjectCentricLog: LogReader {
  package static let format = "ocel"
  package static let isUnmistakable = true
  package static let envelope = EventSchema.Envelope()

  package static let marks = ["eventTypes", "ocel:events", "ocel:global-log", "objectTypes"]

  package static func recognizes(_ head: Span<UInt8>) -> Bool {
    HeadValues.contain(in: head) { root in
      root["eventTypes"]?.isList == true || root["ocel:events"] != nil
        || root["ocel:global-log"] != nil
        || root["objectTypes"]?.items.contains { $0["attributes"] != nil } == true
    }
  }

  package static func read(_ input: inout LogInput, into feed: inout LogFeed) {
    feed.ordersByTime = true
    DocumentFeed.read(&input, into: &feed) { part, feed in
      let root = part.document.root
      let objects = types(of: root)
      for event in root["events"]?.items ?? [] where !event.isPartial {
        var object = CanonicalObject()
        object.open(LogVocabulary.Envelope.payload)
        for relation in event["relationships"]?.items ?? [] {
          guard let identifier = relation["objectId"], let text = identifier.text else { continue }
          // What the relation is called says more than what kind of thing it leads to.
          add(identifier, as: objects[text], to: &object, feed)
          add(identifier, as: relation["qualifier"]?.text, to: &object, feed)
        }
        for attribute in event["attributes"]?.items ?? [] {
          guard let name = attribute["name"]?.text, let value = attribute["value"] else { continue }
          object.add(dotted: name, json: value.source)
        }
        object.close()
        object.add(LogVocabulary.Envelope.delivery, event["id"])
        object.add(LogVocabulary.Envelope.time, event["time"])
        object.add(LogVocabulary.Envelope.name, event["type"])
        feed.take(object, at: part.place(of: event))
      }
      for event in root["ocel:events"]?.members ?? [] where !event.isPartial {
        var object = CanonicalObject()
        object.open(LogVocabulary.Envelope.payload)
        for identifier in event["ocel:omap"]?.items ?? [] {
          add(identifier, as: identifier.text.flatMap { objects[$0] }, to: &object, feed)
        }
        if let values = event["ocel:vmap"] { object.addMembers(of: values) }
        object.close()
        object.add(LogVocabulary.Envelope.delivery, event.key)
        object.add(LogVocabulary.Envelope.time, event["ocel:timestamp"])
        object.add(LogVocabulary.Envelope.name, event["ocel:activity"])
        feed.take(object, at: part.place(of: event))
      }
    }
  }

  /// The types of all objects, by their identifiers.
  private static func types(of root: JSONItem) -> [String: String] {
    var types: [String: String] = [:]
    for object in root["objects"]?.items ?? [] {
      if let id = object["id"]?.text, let type = object["type"]?.text { types[id] = type }
    }
    for object in root["ocel:objects"]?.members ?? [] {
      if let type = object["ocel:type"]?.text { types[object.key] = type }
    }
    return types
  }

  /// An object that an event is about is a field of it: under the identity that its type names, else under the type.
  private static func add(
    _ identifier: JSONItem, as name: String?, to object: inout CanonicalObject,
    _ feed: borrowing LogFeed
  ) {
    guard let name, !name.isEmpty else { return }
    object.add(feed.scanner.schema.identityFields[name.lowercased()] ?? name, identifier)
  }
}
