/// What collectors of other programs' output keep: a record for each line, with the line as a text or an object inside.
///
/// Docker's `json-file`, journald's JSON, Fluent Bit and Fluentd, Filebeat, Vector, Logstash, Cloud Logging, exports of
/// Elasticsearch and Splunk, notifications.
package enum CollectedLines: LogReader {
  package static let format = "collected"
  package static let envelope = EventSchema.Envelope()

  package static let marks = [
    "log", "log_processed", "message", "MESSAGE", "line", "textPayload", "jsonPayload", "_source",
    "_raw", "detail", "Message", "sourcetype",
  ]

  package static let beginsAnyhow = true

  /// What holds a line, what holds a list of records, and what a record is an event by.
  package static let outerKeys = Set(
    (marks + ["entries", "records", "items", "logs", "hits", "result", "event"]).map {
      KeyMark(Array($0.utf8))
    })

  package static func recognizes(_ head: Span<UInt8>) -> Bool {
    // Services say this and that before their first event: every record counts.
    HeadValues.first(in: head) { root in
      for record in records(root) where !record.isPartial {
        // A record that is an event itself is read without this.
        if isEvent(record) { return false }
        guard let collected = Collected(record) else { continue }
        // What names an event is for the words of a protocol or a house to say.
        if collected.inner != nil || CollectedText.isCut(collected.text) { return true }
      }
      return nil
    } ?? false
  }

  package static func read(_ input: inout LogInput, into feed: inout LogFeed) {
    var parts = CollectedParts()
    DocumentFeed.read(&input, into: &feed) { part, feed in
      for record in records(part.document.root) where !record.isPartial {
        let place = part.place(of: record)
        var whole = CanonicalObject()
        whole.addMembers(of: record)
        guard !isEvent(record), let collected = Collected(record) else {
          feed.take(whole, at: place)
          continue
        }
        if let inner = collected.inner {
          feed.take(collected.event(inner), or: whole, at: place)
          parts.end(collected, &feed)
        } else if let (inner, start) = parts.add(collected, at: place, &feed) {
          feed.take(collected.event(inner), at: start)
        }
      }
    }
    parts.finish(&feed)
  }

  /// The records of a value: its own, or those of the list in it.
  private static func records(_ root: JSONItem) -> [JSONItem] {
    if root.isList { return root.items }
    if let list = root.first("entries", "records", "items", "logs"), list.isList {
      return list.items
    }
    if let hits = root["hits"]?["hits"], hits.isList { return hits.items }
    return [root]
  }

  /// Whether a record is itself an event; Splunk has the line where others have the name.
  private static func isEvent(_ record: JSONItem) -> Bool {
    record["event"]?.text.map { $0.utf8.first != 0x7B } ?? false
  }

  /// Whether an object says what happened.
  fileprivate static func isNamed(_ object: JSONItem) -> Bool {
    object.first("event", "type", "msg")?.text != nil
  }
}

/// A record with what was collected in it.
private struct Collected {
  /// The record, and records inside it, the innermost last.
  private var levels: [JSONItem]
  /// What the program wrote, where it is or ends with an object.
  private(set) var inner: JSONItem?
  /// What it wrote, where that is no object: it may be a part of one.
  private(set) var text: [UInt8] = []

  private static let deepest = 4

  /// `nil` where the record holds nobody's line.
  init?(_ record: JSONItem) {
    levels = [record]
    while levels.count <= Self.deepest, let last = levels.last {
      guard let content = Self.content(of: last) else { break }
      if let object = Self.object(in: content) {
        if CollectedLines.isNamed(object) || Self.content(of: object) == nil {
          inner = object
          return
        }
        levels.append(object)
        continue
      }
      text = Self.bytes(of: content)
      return
    }
    return nil
  }

  /// The member that holds the line: the first that is or ends with an object, else the first text.
  private static func content(of record: JSONItem) -> JSONItem? {
    var text: JSONItem?
    let members = [
      record["log"], record["log_processed"], record["message"], record["MESSAGE"],
      record["line"], record["textPayload"], record["jsonPayload"], record["_source"],
      record["_raw"], record["Message"], record["detail"],
      record["result"].flatMap { $0["_raw"] == nil ? nil : $0 },
      record["sourcetype"] == nil ? nil : record["event"],
    ]
    for case let member? in members {
      if let object = object(in: member),
        !member.isObject || isOwn(member) || CollectedLines.isNamed(object)
          || content(of: object) != nil
      {
        return member
      }
      if text == nil, member.kind == .text || member.isList { text = member }
    }
    return text
  }

  /// Whether nothing but a collector calls a member so.
  private static func isOwn(_ member: JSONItem) -> Bool {
    ["jsonPayload", "log_processed", "_source"].contains(member.key)
  }

  /// The object that a member is, or that its text ends with.
  private static func object(in member: JSONItem) -> JSONItem? {
    member.isObject ? member : CollectedText.object(in: bytes(of: member))
  }

  /// A text; one that is not in UTF-8 is a list of its bytes.
  private static func bytes(of member: JSONItem) -> [UInt8] {
    if member.kind == .text { return member.textBytes }
    return member.items.compactMap { UInt8(String(decoding: $0.source, as: UTF8.self)) }
  }

  /// Whose line it is, where several are collected.
  var stream: String {
    levels.flatMap { level in
      [level["stream"], level["container_id"], level["_PID"], producer].map { $0?.scalar ?? "" }
    }.joined(separator: "\n")
  }

  /// Whether the collector says that the line ends here.
  var isEnd: Bool {
    text.last == 0x0A || levels.contains { $0["partial_last"]?.scalar == "true" }
  }

  private var producer: JSONItem? {
    for level in levels.reversed() {
      let found =
        level.first(
          "service", "service_name", "container_name", "SYSLOG_IDENTIFIER", "_SYSTEMD_UNIT")
        ?? level["kubernetes"]?["container_name"]
        ?? level["resource"]?["labels"]?.first("service_name", "container_name")
      if let found, found.kind == .text { return found }
    }
    return nil
  }

  /// The event: what the collector knows stands in where the program does not say.
  func event(_ inner: JSONItem) -> CanonicalObject {
    var object = CanonicalObject()
    object.open(LogVocabulary.Envelope.payload)
    object.add(LogVocabulary.Envelope.producer, producer)
    object.close()
    if !inner.saysWhen {
      let time = levels.reversed().lazy.compactMap {
        $0.first(
          "@timestamp", "timestamp", "time", "date", "_time", "Timestamp",
          "_SOURCE_REALTIME_TIMESTAMP", "__REALTIME_TIMESTAMP")
      }.first
      object.add(LogVocabulary.Envelope.time, time)
    }
    object.addMembers(of: inner)
    return object
  }
}

/// What a program wrote, as a line of its console.
enum CollectedText {
  static func object(in text: [UInt8]) -> JSONItem? {
    var start = 0
    var end = text.count
    ConsoleLines.trim(text.span, &start, &end)
    guard case .whole(let object) = ConsoleLines.object(in: text.span, from: start, to: end),
      let document = JSONDocument(Array(text[object..<end])), !document.isCut,
      document.damage.isEmpty
    else { return nil }
    return document.root
  }

  /// Whether the text ends inside an object.
  static func isCut(_ text: [UInt8]) -> Bool {
    if case .cut = ConsoleLines.object(in: text.span, from: 0, to: text.count) { return true }
    return false
  }
}

/// Lines that a collector has cut into several records, until they are complete.
private struct CollectedParts {
  private var parts: [String: (bytes: [UInt8], start: RecordPlace)] = [:]

  private static let longest = 16 << 20

  /// Adds a record's text; the object that is complete with it, and where its first part stands.
  mutating func add(
    _ collected: Collected, at place: RecordPlace, _ feed: inout LogFeed
  ) -> (JSONItem, RecordPlace)? {
    let stream = parts.isEmpty && !CollectedText.isCut(collected.text) ? "" : collected.stream
    if stream.isEmpty { return nil }
    var (bytes, start) = parts.removeValue(forKey: stream) ?? ([], place)
    bytes += collected.text
    if let inner = CollectedText.object(in: bytes) { return (inner, start) }
    guard CollectedText.isCut(bytes) else { return nil }
    if collected.isEnd || bytes.count > Self.longest {
      feed.damageOfCut(start)
    } else {
      parts[stream] = (bytes, start)
    }
    return nil
  }

  /// A line of its own tells that the rest of the one before it is missing.
  mutating func end(_ collected: Collected, _ feed: inout LogFeed) {
    if parts.isEmpty { return }
    if let (_, start) = parts.removeValue(forKey: collected.stream) {
      feed.damageOfCut(start)
    }
  }

  /// What is not complete at the end was cut off with the log.
  func finish(_ feed: inout LogFeed) {
    for part in parts.values.sorted(by: { $0.start.start < $1.start.start }) {
      feed.damageOfCut(part.start, severity: .note)
    }
  }
}
