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
    // "SHOULD be prefixed with a reverse-DNS name."
    envelope.hasQualifiedNames = true
    return envelope
  }()

  package static let marks = ["specversion"]
  package static let beginsAnyhow = true

  package static func recognizes(_ head: Span<UInt8>) -> Bool {
    guard let start = LogHead.firstObject(head) else { return false }
    // Only the first object counts: of later ones any may have such a key.
    return HeadValues.first(in: head.extracting(start...)) { $0["specversion"] != nil } ?? false
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
