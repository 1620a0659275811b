/// XES, the XML of process mining: traces of events with typed attributes.
///
/// https://www.xes-standard.org/
package enum ProcessLog: LogReader {
  package static let format = "xes"
  package static let isUnmistakable = true
  package static let envelope = EventSchema.Envelope()

  package static func recognizes(_ head: Span<UInt8>) -> Bool {
    guard LogHead.firstByte(head) == 0x3C else { return false }
    return LogHead.contains("<log", in: head)
      && (LogHead.contains("xes", in: head) || LogHead.contains("<trace", in: head))
  }

  package static func mayHoldEvents(_ head: Span<UInt8>, _ schema: EventSchema) -> Bool {
    !schema.house.templates.isEmpty || hasReferences(head)
      || schema.beginnings.mayStand(in: head, quotes: [0x22, 0x27])
  }

  /// Whether letters or double quotes may be written as references.
  private static func hasReferences(_ head: Span<UInt8>) -> Bool {
    var place = ByteSearch.distant(0x26, in: head) + 1
    while place < head.count {
      // `&#` and `&quot;`.
      if head[place] == 0x23 || head[place] == 0x71 { return true }
      place = ByteSearch.distant(0x26, in: head, from: place) + 1
    }
    return false
  }

  package static func read(_ input: inout LogInput, into feed: inout LogFeed) {
    feed.ordersByTime = true
    var walk = Walk()
    feed.lines = 1
    while true {
      let end = MarkupScanner.nextTag(
        input.buffer.span, input.start, input.end, isAtEnd: input.isAtEnd)
      switch end {
      case .found(let tag, let next):
        walk.take(tag, at: input.offset + input.start, &feed)
        let text = ByteSearch.count(0x0A, in: input.buffer.span, from: input.start, to: next)
        feed.lines += text
        input.start = next
        feed.flush()
      case .more:
        if input.end - input.start > Walk.longest {
          feed.damage(
            "no tag ends within \(Walk.longest >> 20) MiB; the rest of the log was not read",
            line: feed.lines, bytes: input.offset + input.start..<input.offset + input.end)
          return
        }
        if !input.fill(), !input.isAtEnd { return }
      case .end(let isCut):
        if isCut || walk.isOpen {
          let end = input.offset + input.end
          feed.damage(
            "the log is cut off; everything before was judged", line: feed.lines, bytes: end..<end)
        }
        return
      }
    }
  }

  /// Where the reading stands among traces and events.
  private struct Walk {
    static let longest = 16 << 20
    private var depth = 0
    private var trace: [(key: String, value: String, isText: Bool)] = []
    private var event: [(key: String, value: String, isText: Bool)] = []
    private var traceDepth: Int?
    private var eventDepth: Int?
    private var eventStart = 0
    private var eventLine = 0

    var isOpen: Bool { depth > 0 }

    mutating func take(_ tag: MarkupTag, at start: Int, _ feed: inout LogFeed) {
      let line = feed.lines + tag.linesBefore
      if tag.isEnd {
        if depth == eventDepth {
          finish(at: start + tag.end, &feed)
          eventDepth = nil
        } else if depth == traceDepth {
          traceDepth = nil
          trace = []
        }
        depth = max(0, depth - 1)
        return
      }
      depth += 1
      switch tag.name {
      case "trace" where traceDepth == nil && eventDepth == nil:
        traceDepth = depth
        trace = []
      case "event" where eventDepth == nil:
        eventDepth = depth
        event = []
        eventStart = start + tag.start
        eventLine = line
      case "string", "date", "int", "float", "boolean", "id":
        guard let key = tag["key"], let value = tag["value"] else { break }
        let isText = tag.name == "string" || tag.name == "date" || tag.name == "id"
        if let eventDepth, depth == eventDepth + 1 {
          event.append((key, value, isText))
        } else if eventDepth == nil, let traceDepth, depth == traceDepth + 1 {
          trace.append((key, value, isText))
        }
      default: break
      }
      if tag.isEmpty { take(tag.closing, at: start, &feed) }
    }

    private mutating func finish(at end: Int, _ feed: inout LogFeed) {
      var object = CanonicalObject()
      object.open(LogVocabulary.Envelope.payload)
      for attribute in trace where attribute.key != "concept:name" { add(attribute, to: &object) }
      if let name = trace.first(where: { $0.key == "concept:name" }) {
        object.add(LogVocabulary.Envelope.request, name.value)
      }
      for attribute in event { add(attribute, to: &object) }
      object.close()
      for attribute in event {
        switch attribute.key {
        case "concept:name": object.add(LogVocabulary.Envelope.name, attribute.value)
        case "time:timestamp": object.add(LogVocabulary.Envelope.time, attribute.value)
        case "org:resource": object.add(LogVocabulary.Envelope.producer, attribute.value)
        case "identity:id": object.add(LogVocabulary.Envelope.delivery, attribute.value)
        default: break
        }
      }
      feed.take(
        object, at: RecordPlace(line: eventLine, start: eventStart, length: end - eventStart))
    }

    private func add(
      _ attribute: (key: String, value: String, isText: Bool), to object: inout CanonicalObject
    ) {
      let lower = attribute.value.lowercased()
      if attribute.isText {
        object.add(dotted: attribute.key, json: CanonicalObject.quoted(attribute.value))
      } else if lower == "true" || lower == "false" {
        object.add(dotted: attribute.key, json: lower.utf8)
      } else {
        var position = 0
        let bytes = Array(attribute.value.utf8)
        let kind = JSONBytes.skipLiteral(bytes.span, &position, bytes.count)
        object.add(
          dotted: attribute.key,
          json: kind == .number && position == bytes.count
            ? bytes : CanonicalObject.quoted(attribute.value))
      }
    }
  }
}
