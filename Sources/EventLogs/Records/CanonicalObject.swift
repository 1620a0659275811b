/// An event of a foreign format, written in the canonical form for the scanner to read.
package struct CanonicalObject: Sendable {
  package private(set) var bytes: [UInt8] = [0x7B]
  private var isFirst = true

  package init() {}

  /// Adds a text; `nil` is left out.
  package mutating func add(_ key: String, _ text: String?) {
    guard let text else { return }
    begin(key)
    quote(text.utf8)
  }

  /// Adds a value as it is written in its document.
  package mutating func add(_ key: String, _ item: JSONItem?) {
    guard let item else { return }
    begin(key)
    bytes += item.source
  }

  package mutating func add(_ key: String, json: some Sequence<UInt8>) {
    begin(key)
    bytes += json
  }

  /// Adds an object's members beside those that are there; of equal keys the later one counts.
  package mutating func addMembers(of item: JSONItem) {
    for member in item.members {
      begin(member.key)
      bytes += member.source
    }
  }

  package mutating func open(_ key: String) {
    begin(key)
    bytes.append(0x7B)
    isFirst = true
  }

  package mutating func close() {
    bytes.append(0x7D)
    isFirst = false
  }

  /// Adds a value under a dotted name, as the objects that the name speaks of.
  package mutating func add(dotted name: String, json: some Sequence<UInt8>) {
    let parts = name.utf8.split(separator: UInt8(ascii: ".")).map { String(Substring($0)) }
    guard let last = parts.last else { return }
    for part in parts.dropLast() { open(part) }
    add(last, json: json)
    for _ in parts.dropLast() { close() }
  }

  package static func quoted(_ text: String) -> [UInt8] {
    var object = CanonicalObject()
    object.bytes.removeAll()
    object.quote(text.utf8)
    return object.bytes
  }

  private mutating func begin(_ key: String) {
    if !isFirst { bytes.append(0x2C) }
    isFirst = false
    quote(key.utf8)
    bytes.append(0x3A)
  }

  private mutating func quote(_ text: String.UTF8View) {
    bytes.append(0x22)
    for byte in text {
      switch byte {
      case 0x22, 0x5C: bytes += [0x5C, byte]
      case 0..<0x20:
        let digits = Array("0123456789abcdef".utf8)
        bytes += Array("\\u00".utf8) + [digits[Int(byte >> 4)], digits[Int(byte & 15)]]
      default: bytes.append(byte)
      }
    }
    bytes.append(0x22)
  }
}

/// Where something stands in a log.
package struct RecordPlace: Sendable, Hashable {
  package var line: Int
  /// Offset in the file.
  package var start: Int
  package var length: Int

  package init(line: Int, start: Int, length: Int) {
    self.line = line
    self.start = start
    self.length = length
  }
}

extension LogFeed {
  /// Keeps an event that a reader has written in the canonical form; one without a known name is counted.
  package mutating func take(_ object: consuming CanonicalObject, at place: RecordPlace) {
    object.close()
    let bytes = object.bytes
    if !keep(bytes, at: place) { scanner.countUnknownName(bytes.span) }
    flush()
  }

  /// Keeps an event that a record holds, or the record itself where that is one and what it holds is none.
  mutating func take(
    _ object: consuming CanonicalObject, or record: consuming CanonicalObject,
    at place: RecordPlace
  ) {
    object.close()
    let bytes = object.bytes
    if !keep(bytes, at: place) {
      let name = scanner.unknownName(bytes.span)
      record.close()
      if !keep(record.bytes, at: place) { scanner.unknownNames.add(name) }
    }
    flush()
  }

  /// Keeps an object found inside a payload, if it is an event at all.
  package mutating func takeIfEvent(_ object: consuming CanonicalObject, at place: RecordPlace) {
    object.close()
    _ = keep(object.bytes, at: place)
    flush()
  }

  /// What a reader may have to know of an event before it hands it on.
  struct Meaning {
    /// The canonical name; `nil` where nothing knows it.
    var name: String?
    var request: String?
  }

  /// Reads an event without keeping it.
  mutating func meaning(of object: consuming CanonicalObject) -> Meaning {
    object.close()
    let bytes = object.bytes
    let events = scanner.batch.events.count
    let fields = scanner.batch.fields.count
    let numbers = scanner.batch.numbers.count
    guard
      case .object(_, true) = scanner.scan(
        bytes.span, from: 0, to: bytes.count, line: 0, fileOffset: 0)
    else { return Meaning() }
    var meaning = Meaning(name: scanner.schema.names[Int(scanner.batch.events[events].name)])
    let slot = scanner.schema.slot(of: LogVocabulary.Envelope.request)
    for field in scanner.batch.fields[fields...] where field.slot == slot && field.kind == .text {
      meaning.request = scanner.batch.texts[field.payload]
    }
    scanner.batch.events.removeSubrange(events...)
    scanner.batch.fields.removeSubrange(fields...)
    scanner.batch.numbers.removeSubrange(numbers...)
    return meaning
  }

  private mutating func keep(_ bytes: [UInt8], at place: RecordPlace) -> Bool {
    let outcome = scanner.scan(
      bytes.span, from: 0, to: bytes.count, line: place.line, fileOffset: place.start)
    guard case .object(_, true) = outcome else { return false }
    scanner.batch.events[scanner.batch.events.count - 1].length = Int32(clamping: place.length)
    return true
  }
}
