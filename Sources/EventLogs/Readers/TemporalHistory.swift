/// The history of a Temporal workflow, as the CLI, the SDKs and the web interface export it.
///
/// Both spellings of event types, payloads encoded or not, in either direction: `eventId` gives the order.
/// https://docs.temporal.io/references/events
package enum TemporalHistory: LogReader {
  package static let format = "temporal-history"
  package static let isUnmistakable = true
  package static let envelope = EventSchema.Envelope()

  package static let marks = ["eventType"]

  package static func recognizes(_ head: Span<UInt8>) -> Bool {
    HeadValues.contain(in: head) { root in
      pages(of: root).contains { $0.contains(where: isEvent) }
    }
  }

  private static func isEvent(_ item: JSONItem) -> Bool {
    guard item["eventId"] != nil, let type = item["eventType"]?.text else { return false }
    return type.contains("WorkflowExecution") || type.hasPrefix("EVENT_TYPE_")
      || item.members.contains { $0.key.hasSuffix("EventAttributes") }
  }

  package static func read(_ input: inout LogInput, into feed: inout LogFeed) {
    var histories = Histories()
    DocumentFeed.read(&input, into: &feed) { part, feed in
      for page in pages(of: part.document.root) {
        histories.take(page.compactMap { $0.isPartial ? nil : Record($0, part) }, &feed)
      }
    }
    histories.finish(&feed)
  }

  /// The events in a value, of each history or page of one by themselves.
  private static func pages(of root: JSONItem) -> [[JSONItem]] {
    if root["eventType"] != nil { return [[root]] }
    if root.isList, root.items.first?["eventType"] != nil { return [root.items] }
    return (root["items"] ?? root).elements.map { history in
      (history["history"]?["events"] ?? history["events"])?.items ?? []
    }
  }

  /// One history after another, gathered over its pages or lines.
  private struct Histories {
    private var records: [Int: Record] = [:]
    private var runs = 0

    /// More than a history may have; what goes on behind is read by itself.
    private static let longest = 1 << 17

    mutating func take(_ page: [Record], _ feed: inout LogFeed) {
      // The same identifier with something else: another history begins. The same event is one that came twice.
      let isAnother = page.contains { record in
        records[record.id].map { $0.fingerprint != record.fingerprint } ?? false
      }
      if isAnother || records.count >= Self.longest { finish(&feed) }
      for record in page { records[record.id] = record }
    }

    mutating func finish(_ feed: inout LogFeed) {
      if records.isEmpty { return }
      runs += 1
      feed.take(run(records.values.sorted { $0.id < $1.id }, number: runs))
      records = [:]
    }
  }

  private struct Record {
    var id: Int
    /// Without prefix, in capitals and small letters: `ActivityTaskScheduled`.
    var type: String
    var attributes: JSONItem?
    var moment: RecordedStep.Moment
    /// Of the event as it is written.
    var fingerprint: UInt64

    init?(_ item: JSONItem, _ part: DocumentFeed.Part) {
      guard let id = item["eventId"]?.scalar.flatMap({ Int($0) }),
        let type = item["eventType"]?.text
      else { return nil }
      self.id = id
      self.type = Self.plain(type)
      fingerprint = Fingerprint64.of(Array(item.source).span)
      attributes = item.members.last {
        $0.key.hasSuffix("EventAttributes") || $0.key == "attributes"
      }
      moment = RecordedStep.Moment(
        sequence: id, time: item["eventTime"].map { Array($0.source) }, place: part.place(of: item))
    }

    /// How many times an identifier of an earlier event may be spelt.
    func earlier(_ name: StaticString) -> Int? {
      attributes?[name]?.scalar.flatMap { Int($0) }
    }

    private static func plain(_ type: String) -> String {
      let prefix = "EVENT_TYPE_"
      guard type.hasPrefix(prefix) else { return type }
      return type.dropFirst(prefix.count).split(separator: "_").map { word in
        word.prefix(1) + word.dropFirst().lowercased()
      }.joined()
    }
  }

  private static func run(_ records: [Record], number: Int) -> RecordedRun {
    var run = RecordedRun(engine: "temporal", workflow: "", identifier: "run \(number)")
    var calls: [Int: Int] = [:]
    for record in records {
      let attributes = record.attributes
      switch record.type {
      case "WorkflowExecutionStarted":
        run.workflow = attributes?["workflowType"]?["name"]?.text ?? ""
        if let identifier = attributes?.first("originalExecutionRunId", "firstExecutionRunId")?.text
        {
          run.identifier = identifier
        }
        var step = RecordedStep(name: "", kind: .control, begin: record.moment)
        step.arguments = payload(attributes?["input"])
        run.steps.append(step)
      case "ActivityTaskScheduled", "StartChildWorkflowExecutionInitiated",
        "NexusOperationScheduled":
        let type = attributes?.first("activityType", "workflowType")
        let name = type?["name"]?.text ?? attributes?["operation"]?.text ?? ""
        var step = RecordedStep(
          name: name,
          kind: .call(
            kind: record.type.hasPrefix("StartChild") ? "flow" : "function", name: name),
          begin: record.moment)
        step.arguments = payload(attributes?["input"])
        calls[record.id] = run.steps.count
        run.steps.append(step)
      case "ActivityTaskCompleted", "ChildWorkflowExecutionCompleted", "NexusOperationCompleted":
        let id = record.earlier("scheduledEventId") ?? record.earlier("initiatedEventId")
        guard let call = id.flatMap({ calls[$0] }) else { break }
        run.steps[call].result = payload(attributes?["result"])
        run.steps[call].end = record.moment
      case "MarkerRecorded":
        guard let details = attributes?["details"], details.isObject else { break }
        let data = details["data"].flatMap(payload)
        guard let result = details["result"].flatMap(payload) else { break }
        let name =
          data?.first("ActivityType", "activityType").flatMap { $0.text ?? $0["name"]?.text }
          ?? details["type"].flatMap(payloadText) ?? ""
        var step = RecordedStep(
          name: name, kind: .call(kind: "function", name: name), begin: record.moment)
        step.result = result
        step.end = record.moment
        run.steps.append(step)
      case "WorkflowExecutionSignaled":
        let name = attributes?["signalName"]?.text ?? ""
        var step = RecordedStep(name: name, kind: .message, begin: record.moment)
        step.result = payload(attributes?["input"])
        run.steps.append(step)
      case "WorkflowExecutionUpdateAccepted":
        // An update is a signal that is answered.
        let input = attributes?["acceptedRequest"]?["input"]
        var step = RecordedStep(
          name: input?["name"]?.text ?? "", kind: .message, begin: record.moment)
        step.result = payload(input?["args"])
        run.steps.append(step)
      default: break
      }
    }
    return run
  }

  /// The values of a list of payloads, decoded: the value itself where there is one.
  private static func payload(_ item: JSONItem?) -> JSONItem? {
    guard let item else { return nil }
    let payloads = item["payloads"]?.items ?? (item.isList ? item.items : [item])
    let values = payloads.compactMap(value)
    guard let first = values.first else { return nil }
    if values.count == 1 {
      return JSONDocument(first)?.root
    }
    var list: [UInt8] = [0x5B]
    for value in values {
      if list.count > 1 { list.append(0x2C) }
      list += value
    }
    return JSONDocument(list + [0x5D])?.root
  }

  private static func payloadText(_ item: JSONItem) -> String? {
    let first = item["payloads"]?.items.first ?? item
    guard let json = value(first), let text = JSONDocument([0x5B] + json + [0x5D]) else {
      return nil
    }
    return text.root.items.first?.text
  }

  /// One payload as JSON.
  private static func value(_ payload: JSONItem) -> [UInt8]? {
    guard payload.isObject, let data = payload["data"] else {
      // Some exports hold what was decoded already.
      return payload.isNull ? nil : Array(payload.source)
    }
    let encoding = payload["metadata"]?["encoding"]?.text.map(plainEncoding)
    guard let text = data.text else { return Array(data.source) }
    if let encoding, !encoding.hasPrefix("json/") { return nil }
    let encoded = Array(text.utf8)
    if let bytes = Base64.decode(encoded.span, 0, encoded.count), isJSON(bytes) { return bytes }
    return isJSON(encoded) ? encoded : Array(data.source)
  }

  private static func plainEncoding(_ text: String) -> String {
    if text.contains("/") { return text }
    let encoded = Array(text.utf8)
    let bytes = Base64.decode(encoded.span, 0, encoded.count) ?? encoded
    return String(decoding: bytes, as: UTF8.self)
  }

  private static func isJSON(_ bytes: [UInt8]) -> Bool {
    guard let document = JSONDocument([0x5B] + bytes + [0x5D]) else { return false }
    return !document.isCut && document.damage.isEmpty && document.root.items.count == 1
  }
}
