/// Finds the events in objects of JSON without building a tree: each byte is looked at once, only fields that
/// the schema names are kept, and nothing is allocated per line.
package struct EventScanner: Sendable {
  package let schema: EventSchema
  package var batch = EventBatch()
  /// Spellings of event names that the schema does not know, with how often each was met.
  package internal(set) var unknownNames = UnknownNames()

  private var times: TimestampParser
  private var keys: KeyCache
  /// The best value met for each slot of the present object.
  private var values: [Value]
  private(set) var filled: [UInt8] = []
  /// The name of the event that was read last.
  private(set) var knownName: UInt16 = 0
  /// Decoded payloads that stand in no file.
  private var decoded: [UInt8] = []

  struct Value {
    var rank = UInt8.max
    var kind = EventField.Kind.null
    var isEscaped = false
    var isDecoded = false
    var start = 0
    var end = 0
  }

  package enum Outcome {
    /// An object ended before this offset; whether it was an event that the schema knows.
    case object(end: Int, isEvent: Bool)
    /// No object: it goes wrong at this offset.
    case broken(at: Int)
  }

  package init(schema: EventSchema) {
    self.schema = schema
    keys = KeyCache()
    times = TimestampParser(style: schema.timeStyle)
    values = [Value](repeating: Value(), count: schema.fields.count)
  }

  /// Reads the object that starts at `start`; keeps it as an event of `line` where its name is known.
  package mutating func scan(
    _ bytes: Span<UInt8>, from start: Int, to end: Int, line: Int, fileOffset: Int
  ) -> Outcome {
    let outcome = look(bytes, from: start, to: end)
    if case .object(let next, true) = outcome {
      keep(knownName, bytes, start: start, end: next, line: line, fileOffset: fileOffset)
    }
    return outcome
  }

  /// Likewise, into a batch of somebody else's.
  package mutating func scan(
    _ bytes: Span<UInt8>, from start: Int, to end: Int, line: Int, fileOffset: Int,
    into other: inout EventBatch
  ) -> Outcome {
    swap(&batch, &other)
    let outcome = scan(bytes, from: start, to: end, line: line, fileOffset: fileOffset)
    swap(&batch, &other)
    return outcome
  }

  /// Forgets the present object.
  mutating func forget() {
    for slot in filled { values[Int(slot)].rank = .max }
    filled.removeAll(keepingCapacity: true)
    decoded.removeAll(keepingCapacity: true)
  }

  /// Takes a value of the present object that somebody else has found, one for each slot.
  mutating func take(_ value: Value, in slot: UInt8) {
    values[Int(slot)] = value
    filled.append(slot)
  }

  /// Reads the object that starts at `start`, and keeps nothing: its values can be asked for until the next one.
  mutating func look(_ bytes: Span<UInt8>, from start: Int, to end: Int) -> Outcome {
    forget()
    var position = start
    guard object(bytes, &position, end, place: EventSchema.top, depth: 0, isDecoded: false) else {
      return .broken(at: position)
    }
    if let name = composedName(bytes), let index = schema.name(name.span) {
      knownName = index
      return .object(end: position, isEvent: true)
    }
    let name = values[EventSchema.nameSlot]
    guard name.rank != .max, name.kind == .text else {
      return .object(end: position, isEvent: false)
    }
    guard let index = nameIndex(name, bytes) else { return .object(end: position, isEvent: false) }
    knownName = index
    return .object(end: position, isEvent: true)
  }

  /// Reads members until the closing brace; `false` leaves `position` where it went wrong.
  private mutating func object(
    _ bytes: Span<UInt8>, _ position: inout Int, _ end: Int, place: UInt8, depth: Int,
    isDecoded: Bool
  ) -> Bool {
    guard position < end, bytes[position] == 0x7B else { return false }
    position += 1
    JSONBytes.skipSpace(bytes, &position, end)
    if position < end && bytes[position] == 0x7D {
      position += 1
      return true
    }
    while true {
      guard position < end, bytes[position] == 0x22 else { return false }
      let keyStart = position + 1
      var isEscaped = false
      guard JSONBytes.skipString(bytes, &position, end, &isEscaped) else { return false }
      let key =
        place == 0
        ? EventSchema.Key() : look(bytes, keyStart, position - 1, isEscaped, place)
      JSONBytes.skipSpace(bytes, &position, end)
      guard position < end, bytes[position] == 0x3A else { return false }
      position += 1
      JSONBytes.skipSpace(bytes, &position, end)
      guard value(bytes, &position, end, key: key, depth: depth, isDecoded: isDecoded) else {
        return false
      }
      JSONBytes.skipSpace(bytes, &position, end)
      guard position < end else { return false }
      if bytes[position] == 0x2C {
        position += 1
        JSONBytes.skipSpace(bytes, &position, end)
      } else if bytes[position] == 0x7D {
        position += 1
        return true
      } else {
        return false
      }
    }
  }

  private mutating func value(
    _ bytes: Span<UInt8>, _ position: inout Int, _ end: Int, key: EventSchema.Key, depth: Int,
    isDecoded: Bool
  ) -> Bool {
    guard position < end else { return false }
    let start = position
    switch bytes[position] {
    case 0x22:
      var isEscaped = false
      guard JSONBytes.skipString(bytes, &position, end, &isEscaped) else { return false }
      if !isDecoded {
        if key.isBase64 {
          payload(Base64.decode(bytes, start + 1, position - 1), depth: depth)
        } else if isEscaped, key.isPayload {
          payload(JSONBytes.unescape(bytes, start + 1, position - 1), depth: depth)
        }
      }
      if key.slot >= 0 {
        let value = Value(
          rank: key.rank, kind: position - start == 2 ? .null : .text, isEscaped: isEscaped,
          isDecoded: isDecoded, start: start + 1, end: position - 1)
        fill(key, value)
      }
      return true
    case 0x7B:
      if key.slot >= 0 {
        fill(key, Value(rank: key.rank, kind: .object, isDecoded: isDecoded))
      }
      if key.child == 0 || depth > 32 { return JSONBytes.skipNested(bytes, &position, end) }
      return object(
        bytes, &position, end, place: key.child, depth: depth + 1, isDecoded: isDecoded)
    case 0x5B where schema.house.hasElements && key.child != 0 && depth <= 32:
      return elements(bytes, &position, end, place: key.child, depth: depth, isDecoded: isDecoded)
    case 0x5B:
      var count = 0
      guard JSONBytes.skipArray(bytes, &position, end, &count) else { return false }
      if key.slot >= 0 {
        let value = Value(
          rank: key.rank, kind: .list, isDecoded: isDecoded, start: count, end: position)
        fill(key, value)
      }
      return true
    default:
      guard let kind = JSONBytes.skipLiteral(bytes, &position, end) else { return false }
      if key.slot >= 0 {
        let value = Value(
          rank: key.rank, kind: kind, isDecoded: isDecoded, start: start, end: position)
        fill(key, value)
      }
      return true
    }
  }

  /// Reads a list whose elements have places of their own, by their numbers.
  private mutating func elements(
    _ bytes: Span<UInt8>, _ position: inout Int, _ end: Int, place: UInt8, depth: Int,
    isDecoded: Bool
  ) -> Bool {
    position += 1
    JSONBytes.skipSpace(bytes, &position, end)
    if position < end, bytes[position] == 0x5D {
      position += 1
      return true
    }
    var number = 0
    while position < end {
      let key = schema.key(Array(String(number).utf8).span, in: place)
      guard value(bytes, &position, end, key: key, depth: depth + 1, isDecoded: isDecoded) else {
        return false
      }
      JSONBytes.skipSpace(bytes, &position, end)
      guard position < end, bytes[position] == 0x2C || bytes[position] == 0x5D else { return false }
      position += 1
      if bytes[position - 1] == 0x5D { return true }
      JSONBytes.skipSpace(bytes, &position, end)
      number += 1
    }
    return false
  }

  private mutating func fill(_ key: EventSchema.Key, _ value: Value) {
    let slot = Int(key.slot)
    if values[slot].rank == .max { filled.append(UInt8(truncatingIfNeeded: slot)) }
    if value.rank <= values[slot].rank { values[slot] = value }
  }

  private mutating func look(
    _ bytes: Span<UInt8>, _ start: Int, _ end: Int, _ isEscaped: Bool, _ place: UInt8
  ) -> EventSchema.Key {
    if isEscaped {
      let text = JSONBytes.unescape(bytes, start, end)
      return schema.key(text.span, in: place)
    }
    return keys.key(bytes, start, end, place, schema)
  }

  /// A payload that a text holds: read as an object where it is one, else left alone.
  private mutating func payload(_ text: [UInt8]?, depth: Int) {
    guard let text, decoded.isEmpty else { return }
    decoded = text
    var position = 0
    JSONBytes.skipSpace(text.span, &position, text.count)
    _ = object(
      text.span, &position, text.count, place: EventSchema.payload, depth: depth + 1,
      isDecoded: true)
  }

  /// The name that the object's values make together, where a house's log has no single one.
  private func composedName(_ bytes: Span<UInt8>) -> [UInt8]? {
    templates: for template in schema.house.templates {
      var name: [UInt8] = []
      for part in template.parts {
        switch part {
        case .text(let text): name += text
        case .place(let slot):
          let value = values[slot]
          guard value.rank != .max, value.kind == .text || value.kind == .number else {
            continue templates
          }
          name += text(value, bytes)
        }
      }
      return name
    }
    return nil
  }

  private func nameIndex(_ value: Value, _ bytes: Span<UInt8>) -> UInt16? {
    if value.isEscaped { return schema.name(text(value, bytes).span) }
    if value.isDecoded { return schema.name(decoded.span.extracting(value.start..<value.end)) }
    return schema.name(bytes.extracting(value.start..<value.end))
  }

  /// The time of the event that starts at `start`, as it is written.
  mutating func timeText(_ bytes: Span<UInt8>, from start: Int, to end: Int) -> String? {
    guard case .object = look(bytes, from: start, to: end) else { return nil }
    let value = values[EventSchema.timeSlot]
    guard value.rank != .max, value.kind == .text || value.kind == .number else { return nil }
    return String(decoding: text(value, bytes), as: UTF8.self)
  }

  /// Counts the name of the object that `scan` just called no event.
  package mutating func countUnknownName(_ bytes: Span<UInt8>) {
    unknownNames.add(unknownName(bytes))
  }

  /// What the last object that was read is named in its bytes; empty where it has no name.
  func unknownName(_ bytes: Span<UInt8>) -> String {
    if let name = composedName(bytes) { return String(decoding: name, as: UTF8.self) }
    let value = values[EventSchema.nameSlot]
    let isNamed = value.rank != .max && value.kind == .text
    return isNamed ? String(decoding: text(value, bytes), as: UTF8.self) : ""
  }

  func text(_ value: Value, _ bytes: Span<UInt8>) -> [UInt8] {
    if value.isDecoded { return JSONBytes.unescape(decoded.span, value.start, value.end) }
    return JSONBytes.unescape(bytes, value.start, value.end)
  }

  mutating func keep(
    _ name: UInt16, _ bytes: Span<UInt8>, start: Int, end: Int, line: Int, fileOffset: Int
  ) {
    var event = Event(
      start: fileOffset, length: Int32(clamping: end - start), line: Int32(clamping: line),
      time: .missing, delivery: 0, name: name, fieldCount: 0,
      firstField: UInt32(truncatingIfNeeded: batch.fields.count), producer: Event.nobody)
    var hasDelivery = false
    for slot in filled {
      let value = values[Int(slot)]
      switch Int(slot) {
      case EventSchema.nameSlot: break
      case EventSchema.timeSlot: event.time = time(value, bytes)
      case EventSchema.producerSlot:
        if value.kind == .text { event.producer = intern(value, bytes) }
      case EventSchema.deliverySlot:
        if value.kind == .text {
          event.delivery ^= Fingerprint64.of(text(value, bytes).span)
          hasDelivery = true
        }
      case schema.house.firstPlace...: break
      default:
        if let known = word(value, slot, bytes) {
          let payload = batch.texts.intern(known.span)
          batch.fields.append(EventField(slot: slot, kind: .text, payload: payload))
          event.fieldCount += 1
          continue
        }
        let payload: UInt32
        let kind = value.kind == .number && schema.isNaming(slot) ? .text : value.kind
        switch kind {
        case .text:
          payload =
            schema.isDigest(slot)
            ? internDigest(value, bytes)
            : schema.isRare(slot) ? append(value, bytes) : intern(value, bytes)
        case .number:
          payload = UInt32(truncatingIfNeeded: batch.numbers.count)
          batch.numbers.append(number(value, bytes))
        case .list: payload = UInt32(truncatingIfNeeded: value.start)
        case .null, .yes, .no, .object: payload = 0
        }
        batch.fields.append(EventField(slot: slot, kind: kind, payload: payload))
        event.fieldCount += 1
      }
    }
    batch.append(event, hasDelivery: hasDelivery, line: bytes.extracting(start..<end))
  }

  /// What rules call a value for which a house has a word of its own.
  private func word(_ value: Value, _ slot: UInt8, _ bytes: Span<UInt8>) -> [UInt8]? {
    guard !schema.house.values.isEmpty, let words = schema.house.values[Int(slot)] else {
      return nil
    }
    switch value.kind {
    case .text, .number, .yes, .no:
      return words[String(decoding: text(value, bytes), as: UTF8.self).lowercased()]
    case .null, .list, .object: return nil
    }
  }

  private mutating func intern(_ value: Value, _ bytes: Span<UInt8>) -> UInt32 {
    if value.isEscaped || value.isDecoded { return batch.texts.intern(text(value, bytes).span) }
    return batch.texts.intern(bytes.extracting(value.start..<value.end))
  }

  private mutating func internDigest(_ value: Value, _ bytes: Span<UInt8>) -> UInt32 {
    if value.isEscaped || value.isDecoded {
      let digest = DigestSpelling.unified(text(value, bytes))
      return batch.texts.intern(digest.span)
    }
    let text = bytes.extracting(value.start..<value.end)
    guard let digest = DigestSpelling.canonical(text) else { return batch.texts.intern(text) }
    return batch.texts.intern(digest.span)
  }

  private mutating func append(_ value: Value, _ bytes: Span<UInt8>) -> UInt32 {
    if value.isEscaped || value.isDecoded { return batch.texts.append(text(value, bytes).span) }
    return batch.texts.append(bytes.extracting(value.start..<value.end))
  }

  /// What the present object has in a slot, the envelope's own aside; `bytes` are those that were read.
  func value(of slot: UInt8) -> Value { values[Int(slot)] }

  /// A hash of the text as it is meant.
  func hash(_ value: Value, _ bytes: Span<UInt8>) -> UInt64 {
    if value.isEscaped || value.isDecoded { return Fingerprint64.of(text(value, bytes).span) }
    return Fingerprint64.of(bytes.extracting(value.start..<value.end))
  }

  mutating func time(_ value: Value, _ bytes: Span<UInt8>) -> Timestamp {
    switch value.kind {
    case .text:
      if value.isEscaped || value.isDecoded { return times.parse(text: text(value, bytes).span) }
      return times.parse(text: bytes.extracting(value.start..<value.end))
    case .number:
      if value.isDecoded { return times.parse(number: text(value, bytes).span) }
      return times.parse(number: bytes.extracting(value.start..<value.end))
    case .null, .yes, .no, .list, .object: return .missing
    }
  }

  func number(_ value: Value, _ bytes: Span<UInt8>) -> Double {
    if !value.isEscaped && !value.isDecoded,
      let number = SimpleNumber.of(bytes, value.start, value.end)
    {
      return number
    }
    return Double(String(decoding: text(value, bytes), as: UTF8.self)) ?? .nan
  }
}
