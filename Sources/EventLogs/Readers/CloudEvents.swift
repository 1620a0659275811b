/// CloudEvents 1.0 in structured mode: one event on a line, or a batch as a list.
///
/// https://github.com/cloudevents/spec/blob/main/cloudevents/formats/json-format.md
package enum CloudEvents: LogReader {
  package static let isUnmistakable = true
  package static let format = "cloudevents"

  /// The context attributes in canonical terms; `source` with `id` names the delivery.
  package static let envelope = {
    var envelope = EventSchema.Envelope()
    envelope.aliases = [
      LogVocabulary.Envelope.name: ["type"], LogVocabulary.Envelope.time: ["time"],
      LogVocabulary.Envelope.producer: ["source"], LogVocabulary.Envelope.delivery: ["id"],
      "request_id": ["subject"],
    ]
    envelope.base64Payloads = ["data_base64"]
    return envelope
  }()

  package static func recognizes(_ head: Span<UInt8>) -> Bool {
    guard let start = LogHead.firstObject(head) else { return false }
    var position = start
    while position < head.count {
      position = ByteSearch.first(0x22, in: head, from: position, to: head.count)
      let key = "\"specversion\""
      if position + key.utf8.count > head.count { return false }
      if zip(key.utf8, position...).allSatisfy({ head[$1] == $0 }) { return true }
      // Only the first object counts: in later ones the word may be a value.
      if position - start > 1 << 16 { return false }
      position += 1
    }
    return false
  }

  package static func isLineByLine(_ head: Span<UInt8>) -> Bool {
    !JSONArray.recognizes(head)
  }

  package static func read(_ input: inout LogInput, into feed: inout LogFeed) {
    if input.end == 0 { _ = input.fill() }
    let isList = JSONArray.recognizes(input.buffer.span.extracting(0..<input.end))
    if isList {
      JSONArray.read(&input, into: &feed)
    } else {
      JSONLines.read(&input, into: &feed)
    }
  }
}
