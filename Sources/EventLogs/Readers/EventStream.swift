/// A capture of server-sent events: frames between blank lines, with the event's name in a line of its own or in
/// its data.
///
/// https://html.spec.whatwg.org/multipage/server-sent-events.html#parsing-an-event-stream
package enum EventStream: LogReader {
  package static let format = "sse"
  package static let envelope = EventSchema.Envelope()

  package static func recognizes(_ head: Span<UInt8>) -> Bool {
    var position = 0
    LogHead.skipMark(head, &position, head.count)
    var hasData = false
    var lines = 0
    // The first lines must all be an event stream's.
    while position < head.count, lines < 16 {
      if isHeader(head, position) {
        position = headerEnd(head, position)
        continue
      }
      let end = lineEnd(head, position, head.count)
      defer { position = end + 1 }
      if end == position || (end == position + 1 && head[position] == 0x0D) { continue }
      if end == head.count && lines > 0 { break }
      lines += 1
      guard let field = Field(head, position, end) else { return false }
      if case .data(let start) = field {
        var first = start
        JSONBytes.skipSpace(head, &first, end)
        hasData = hasData || (first < end && (head[first] == 0x7B || head[first] == 0x5B))
      }
    }
    return hasData
  }

  package static func read(_ input: inout LogInput, into feed: inout LogFeed) {
    var capture = Capture()
    var searched = 0
    while true {
      let end = lineEnd(input.buffer.span, input.start + searched, input.end)
      if end < input.end || (input.isAtEnd && input.start < input.end) {
        feed.lines += 1
        capture.take(input.buffer.span, input.start, end, input.offset, line: feed.lines, &feed)
        input.start = min(end + 1, input.end)
        searched = 0
        continue
      }
      searched = input.end - input.start
      if input.fill() { continue }
      if !input.isAtEnd {
        feed.damage(
          "this line is longer than \(LogInput.largestObject >> 20) MiB; the rest of the log was not read",
          line: feed.lines + 1, bytes: input.offset + input.start..<input.offset + input.end)
        break
      }
      if input.start == input.end { break }
    }
    capture.finish(&feed)
  }

  /// Whether a response's header stands before its stream, as `curl --include` writes it.
  private static func isHeader(_ bytes: Span<UInt8>, _ start: Int) -> Bool {
    let protocolName = Array("HTTP/".utf8)
    return bytes.count - start > protocolName.count
      && protocolName.indices.allSatisfy { bytes[start + $0] == protocolName[$0] }
  }

  /// Behind the blank line that ends a header.
  private static func headerEnd(_ bytes: Span<UInt8>, _ start: Int) -> Int {
    var position = start
    while position < bytes.count {
      let end = lineEnd(bytes, position, bytes.count)
      let isBlank = end == position || (end == position + 1 && bytes[position] == 0x0D)
      position = min(end + 1, bytes.count)
      if isBlank { break }
    }
    return position
  }

  private static func lineEnd(_ bytes: Span<UInt8>, _ start: Int, _ end: Int) -> Int {
    ByteSearch.first(0x0A, in: bytes, from: start, to: end)
  }

  /// A line's field; the offset is where its value begins.
  private enum Field {
    case event(Int)
    case data(Int)
    case id(Int)
    case other

    init?(_ bytes: Span<UInt8>, _ start: Int, _ end: Int) {
      if bytes[start] == 0x3A {
        self = .other
        return
      }
      func value(_ name: String) -> Int? {
        let name = Array(name.utf8)
        guard end - start >= name.count else { return nil }
        for index in name.indices where bytes[start + index] != name[index] { return nil }
        let after = start + name.count
        if after == end { return after }
        guard bytes[after] == 0x3A else { return nil }
        return after + 1 < end && bytes[after + 1] == 0x20 ? after + 2 : after + 1
      }
      if let at = value("data") {
        self = .data(at)
      } else if let at = value("event") {
        self = .event(at)
      } else if let at = value("id") {
        self = .id(at)
      } else if value("retry") != nil {
        self = .other
      } else {
        return nil
      }
    }
  }

  /// The frames of one stream, held until its end says whose it was.
  private struct Capture {
    private var name: [UInt8] = []
    private var data: [UInt8] = []
    private var identifier: [UInt8] = []
    private var hasData = false
    private var frameLine = 0
    private var frameStart = 0
    private var frameEnd = 0
    private var isInHeader = false
    private var stream: [Frame] = []
    private var streams = 0

    private struct Frame {
      var object: CanonicalObject
      var place: RecordPlace
      var meaning: LogFeed.Meaning
    }

    /// More frames than this are no single answer: what is known by then must do.
    private static let longestStream = 10_000

    mutating func take(
      _ bytes: Span<UInt8>, _ start: Int, _ end: Int, _ offset: Int, line: Int,
      _ feed: inout LogFeed
    ) {
      var start = start
      if offset + start == 0 { LogHead.skipMark(bytes, &start, end) }
      var end = end
      if end > start, bytes[end - 1] == 0x0D { end -= 1 }
      if isInHeader || EventStream.isHeader(bytes.extracting(..<end), start) {
        // Another response: what came before is no part of its stream.
        if !isInHeader {
          dispatchLast(&feed)
          endStream(&feed)
        }
        isInHeader = start < end
        return
      }
      if start == end {
        dispatch(&feed)
        return
      }
      if name.isEmpty && !hasData && identifier.isEmpty {
        frameLine = line
        frameStart = offset + start
      }
      guard let field = Field(bytes, start, end) else {
        feed.damage(
          "this is no line of an event stream and was skipped; the lines around it were judged",
          line: line, bytes: offset + start..<offset + end)
        return
      }
      frameEnd = offset + end
      switch field {
      case .other: break
      case .event(let at): name = copy(bytes, at, end)
      case .id(let at): identifier = copy(bytes, at, end)
      case .data(let at):
        if hasData { data.append(0x0A) }
        data += copy(bytes, at, end)
        hasData = true
      }
    }

    mutating func finish(_ feed: inout LogFeed) {
      dispatchLast(&feed)
      endStream(&feed)
    }

    /// Takes a frame that no blank line ends: whole data tells what it was, a name alone may be half of it.
    private mutating func dispatchLast(_ feed: inout LogFeed) {
      if !name.isEmpty, data.isEmpty {
        feed.damage(
          "this frame is cut off; the frames around it were judged", line: frameLine,
          bytes: frameStart..<frameEnd, severity: .note)
        name = []
        hasData = false
      }
      dispatch(&feed)
    }

    private mutating func dispatch(_ feed: inout LogFeed) {
      defer {
        name = []
        data = []
        identifier = []
        hasData = false
      }
      if name.isEmpty && !hasData { return }
      let place = RecordPlace(
        line: frameLine, start: frameStart, length: max(0, frameEnd - frameStart))
      if data == Array("[DONE]".utf8) {
        endStream(&feed)
        return
      }
      var object = CanonicalObject()
      object.open(LogVocabulary.Envelope.payload)
      if !identifier.isEmpty {
        object.add(
          LogVocabulary.Envelope.delivery,
          "\(streams)/" + String(decoding: identifier, as: UTF8.self))
      }
      object.close()
      let document = hasData ? JSONDocument(data) : nil
      if let document, document.isCut || !document.damage.isEmpty {
        feed.damage(
          "the data of this frame is no whole JSON; the frames around it were judged",
          line: frameLine, bytes: frameStart..<frameEnd)
        return
      }
      let root = document?.root
      let type = root?.first("type", "event")?.text
      // `message` is what a frame without a name is called.
      if name == Array("message".utf8), type != nil { name = [] }
      if let type, root?["data"]?.isObject == true || name.isEmpty {
        object.add(LogVocabulary.Envelope.name, type)
      } else if name.isEmpty, root?["error"] != nil {
        // A proxy's own frame, `{"error":"Stream error"}`: it tells no type.
        object.add(LogVocabulary.Envelope.name, "error")
      } else if !name.isEmpty {
        object.add(LogVocabulary.Envelope.name, String(decoding: name, as: UTF8.self))
      }
      if let root, root.isObject {
        object.open(LogVocabulary.Envelope.payload)
        for member in root.members where !["type", "event", "data"].contains(member.key) {
          object.add(member.key, member)
        }
        if let inner = root["data"], inner.isObject {
          object.addMembers(of: inner)
        } else {
          object.add("data", root["data"])
        }
        object.close()
      }
      let meaning = feed.meaning(of: object)
      let start = LogVocabulary.Envelope.streamStart
      if meaning.name == start, let last = stream.last, last.meaning.name != start {
        endStream(&feed)
      }
      stream.append(Frame(object: object, place: place, meaning: meaning))
      if stream.count >= Self.longestStream { endStream(&feed) }
    }

    /// Gives the events of a stream that ended the request that one of them names.
    private mutating func endStream(_ feed: inout LogFeed) {
      if stream.isEmpty { return }
      streams += 1
      let request = stream.lazy.compactMap(\.meaning.request).first ?? "stream \(streams)"
      for frame in stream {
        var object = frame.object
        if frame.meaning.request == nil {
          object.add(LogVocabulary.Envelope.request, request)
        }
        feed.take(object, at: frame.place)
      }
      stream = []
    }

    private func copy(_ bytes: Span<UInt8>, _ start: Int, _ end: Int) -> [UInt8] {
      var copy: [UInt8] = []
      copy.reserveCapacity(end - start)
      for index in start..<max(start, end) { copy.append(bytes[index]) }
      return copy
    }
  }
}
