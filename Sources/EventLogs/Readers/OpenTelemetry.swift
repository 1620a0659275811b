/// OpenTelemetry's OTLP/JSON: requests with spans or log records, one on a line or one in a file.
///
/// https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding
package enum OpenTelemetry: LogReader {
  package static let isUnmistakable = true
  package static let format = "otlp"
  package static let envelope = EventSchema.Envelope()

  package static let marks = ["resourceLogs", "resourceSpans", "resource_logs", "resource_spans"]

  package static func recognizes(_ head: Span<UInt8>) -> Bool {
    HeadValues.contain(in: head) { root in
      requests(of: root).contains { request in
        [
          request["resourceLogs"], request["resourceSpans"], request["resource_logs"],
          request["resource_spans"],
        ].contains { $0?.isList == true }
      }
    }
  }

  /// A value itself, or what the answers of trace stores hold.
  private static func requests(of root: JSONItem) -> [JSONItem] {
    root.elements.map { $0.first("result", "trace") ?? $0 }
  }

  package static func read(_ input: inout LogInput, into feed: inout LogFeed) {
    feed.ordersByTime = true
    DocumentFeed.read(&input, into: &feed) { part, feed in
      for request in requests(of: part.document.root) { read(request, part, &feed) }
    }
  }

  /// Field names may be those of JSON, or of the protocol's definition.
  private static func read(
    _ request: JSONItem, _ part: DocumentFeed.Part, _ feed: inout LogFeed
  ) {
    for resource in list(request, "resourceLogs", "resource_logs") {
      let attributes = resource["resource"]?["attributes"]
      for scope in list(resource, "scopeLogs", "scope_logs") {
        for record in list(scope, "logRecords", "log_records") where !record.isPartial {
          let text = record["body"]?.first("stringValue", "string_value").map(WrappedMessage.init)
          if text?.isCut == true {
            feed.damageOfCut(part.place(of: record))
          } else {
            feed.take(log(record, of: attributes, saying: text), at: part.place(of: record))
          }
        }
      }
    }
    for resource in list(request, "resourceSpans", "resource_spans") {
      let attributes = resource["resource"]?["attributes"]
      for scope in list(resource, "scopeSpans", "scope_spans") {
        for span in list(scope, "spans", "spans") where !span.isPartial {
          read(span, of: attributes, part, &feed)
        }
      }
    }
  }

  private static func list(
    _ item: JSONItem, _ name: StaticString, _ other: StaticString
  ) -> [JSONItem] {
    item.first(name, other)?.items ?? []
  }

  /// A log record: its name is an attribute, a field of its own, or what its body says.
  private static func log(
    _ record: JSONItem, of resource: JSONItem?, saying message: WrappedMessage?
  ) -> CanonicalObject {
    var object = CanonicalObject()
    let body = record["body"].flatMap(value)
    let attributes = record["attributes"]
    let name =
      record.first("eventName", "event_name")?.text ?? attribute("event.name", in: attributes)
    let text = record["body"]?.first("stringValue", "string_value")?.text
    let inner = body.flatMap(JSONDocument.init)?.root.unwrappedObject ?? message?.inner
    open(&object, resource, record)
    add(attributes, to: &object)
    object.close()
    let times = [
      record.first("timeUnixNano", "time_unix_nano"),
      record.first("observedTimeUnixNano", "observed_time_unix_nano"),
    ]
    if let time = times.compactMap(\.self).first(where: isTime) {
      object.add(LogVocabulary.Envelope.time, time)
    }
    object.add(LogVocabulary.Envelope.name, name ?? (inner == nil ? text : nil))
    // What stands in the body is the event as its service wrote it.
    if let inner { object.addMembers(of: inner) }
    return object
  }

  /// A span is an event at its end, when what it did is done; its own events happen at their times.
  private static func read(
    _ span: JSONItem, of resource: JSONItem?, _ part: DocumentFeed.Part, _ feed: inout LogFeed
  ) {
    for event in span["events"]?.items ?? [] {
      var object = CanonicalObject()
      open(&object, resource, span)
      add(span["attributes"], to: &object)
      add(event["attributes"], to: &object)
      object.close()
      if let time = event.first("timeUnixNano", "time_unix_nano"), isTime(time) {
        object.add(LogVocabulary.Envelope.time, time)
      }
      let name = attribute("event.name", in: event["attributes"]) ?? event["name"]?.text
      object.add(LogVocabulary.Envelope.name, name)
      feed.take(object, at: part.place(of: event))
    }
    var object = CanonicalObject()
    open(&object, resource, span)
    add(span["attributes"], to: &object)
    object.close()
    let times = [
      span.first("endTimeUnixNano", "end_time_unix_nano"),
      span.first("startTimeUnixNano", "start_time_unix_nano"),
    ]
    if let time = times.compactMap(\.self).first(where: isTime) {
      object.add(LogVocabulary.Envelope.time, time)
    }
    let name = attribute("event.name", in: span["attributes"]) ?? span["name"]?.text
    object.add(LogVocabulary.Envelope.name, name)
    feed.take(object, at: part.place(of: span))
  }

  /// Begins the fields that an event's own may replace.
  private static func open(
    _ object: inout CanonicalObject, _ resource: JSONItem?, _ record: JSONItem
  ) {
    object.open(LogVocabulary.Envelope.payload)
    object.add(LogVocabulary.Envelope.producer, attribute("service.name", in: resource))
    object.add("trace_id", record.first("traceId", "trace_id"))
  }

  /// Adds attributes under their names as objects, and under their last part for names with a prefix.
  private static func add(_ attributes: JSONItem?, to object: inout CanonicalObject) {
    var parts: [(name: String, json: [UInt8])] = []
    for attribute in attributes?.items ?? [] {
      guard let name = attribute["key"]?.text, let json = attribute["value"].flatMap(value) else {
        continue
      }
      parts.append((name, json))
    }
    for (name, json) in parts {
      guard let dot = name.lastIndex(of: ".") else { continue }
      let last = String(name[name.index(after: dot)...])
      // `event.name` and `service.name` are no field `name`, but `app.output_hash` is an output's hash.
      if !name.hasPrefix("event.") && !name.hasPrefix("service.") {
        object.add(last, json: json)
      }
    }
    for (name, json) in parts {
      if name == "event.name" { continue }
      object.add(dotted: name, json: json)
    }
  }

  private static func attribute(_ name: String, in attributes: JSONItem?) -> String? {
    for attribute in attributes?.items ?? [] where attribute["key"]?.text == name {
      return attribute["value"]?.first("stringValue", "string_value")?.text
    }
    return nil
  }

  private static func isTime(_ item: JSONItem) -> Bool {
    guard let text = item.scalar else { return false }
    return text.utf8.contains { $0 != 0x30 }
  }

  /// One of the union's values as plain JSON.
  private static func value(_ item: JSONItem) -> [UInt8]? {
    guard let member = item.members.last else { return item.isObject ? Array("null".utf8) : nil }
    switch member.key {
    case "stringValue", "string_value":
      // A text may hold what the service logged.
      if let inner = member.unwrapped, !inner.isList { return Array(inner.source) }
      return Array(member.source)
    case "intValue", "int_value", "doubleValue", "double_value":
      return member.scalar.map { Array($0.utf8) }.flatMap { isNumber($0) ? $0 : nil }
        ?? Array(member.source)
    case "boolValue", "bool_value": return Array(member.source)
    case "arrayValue", "array_value":
      var list: [UInt8] = [0x5B]
      for element in member["values"]?.items ?? [] {
        if list.count > 1 { list.append(0x2C) }
        list += value(element) ?? Array("null".utf8)
      }
      return list + [0x5D]
    case "kvlistValue", "kvlist_value":
      var object = CanonicalObject()
      for element in member["values"]?.items ?? [] {
        guard let key = element["key"]?.text, let json = element["value"].flatMap(value) else {
          continue
        }
        object.add(key, json: json)
      }
      object.close()
      return object.bytes
    default: return Array(member.source)
    }
  }

  private static func isNumber(_ bytes: [UInt8]) -> Bool {
    var position = 0
    let kind = JSONBytes.skipLiteral(bytes.span, &position, bytes.count)
    return kind == .number && position == bytes.count
  }
}

extension JSONItem {
  fileprivate var unwrappedObject: JSONItem? { isObject ? self : nil }
}
