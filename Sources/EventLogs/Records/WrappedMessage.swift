/// What a service logged, as a text inside a deliverer's record.
struct WrappedMessage {
  /// The object that the message is, or ends with behind a prefix of the logger.
  let inner: JSONItem?
  /// Whether the message ends inside an object: who delivers it has cut it off.
  let isCut: Bool

  init(_ item: JSONItem) {
    if let whole = item.unwrapped {
      inner = whole.isObject ? whole : nil
      isCut = false
      return
    }
    guard item.kind == .text else {
      inner = nil
      isCut = false
      return
    }
    let bytes = item.textBytes
    inner = CollectedText.object(in: bytes) ?? Self.firstObject(in: bytes)
    isCut = inner == nil && CollectedText.isCut(bytes)
  }

  /// The object that the first brace begins, whatever stands behind it.
  private static func firstObject(in bytes: [UInt8]) -> JSONItem? {
    let start = ByteSearch.first(0x7B, in: bytes.span, from: 0, to: bytes.count)
    let document = start < bytes.count ? JSONDocument(Array(bytes[start...])) : nil
    return document.flatMap { $0.isCut || !$0.damage.isEmpty ? nil : $0.root }
  }

  /// The event's name, where the message says it.
  var name: String? { inner?.first("event", "type")?.text }

  /// Begins with what the deliverer knows; what the service says itself comes after and counts more.
  func begin(_ fields: (inout CanonicalObject) -> Void) -> Draft {
    var object = CanonicalObject()
    object.open(LogVocabulary.Envelope.payload)
    fields(&object)
    object.close()
    return Draft(object: object, inner: inner)
  }

  struct Draft {
    fileprivate var object: CanonicalObject
    fileprivate let inner: JSONItem?

    /// The deliverer's time stands in only where the service gives none.
    mutating func add(time: JSONItem?, unlessIn message: JSONItem) {
      guard let time, inner?.saysWhen != true else { return }
      object.add(LogVocabulary.Envelope.time, time)
    }

    func finished(_ message: JSONItem) -> CanonicalObject {
      var object = object
      if let inner {
        object.addMembers(of: inner)
      } else {
        object.add(LogVocabulary.Envelope.name, message.text)
      }
      return object
    }
  }
}

extension LogFeed {
  /// Reports a record whose message or line goes on where it was not kept.
  mutating func damageOfCut(
    _ place: RecordPlace, severity: LogProblem.Severity = .error
  ) {
    damage(
      "the rest of this line is not in the log; what stands around it was judged",
      line: place.line, bytes: place.start..<place.start + place.length, severity: severity)
  }
}

extension JSONItem {
  /// Whether what a service wrote has a time of its own, which counts more than that of whoever kept it.
  var saysWhen: Bool { first("ts", "timestamp", "time", "@timestamp") != nil }
}
