/// Events as bytes, complete with their texts: for those that cannot be read again where they stood.
package enum EventCodec {
  package static func encode(_ event: Event, of batch: EventBatch, into bytes: inout [UInt8]) {
    put(UInt64(event.start), &bytes)
    put(UInt64(UInt32(bitPattern: event.length)), &bytes)
    put(UInt64(UInt32(bitPattern: event.line)), &bytes)
    fixed(UInt64(bitPattern: event.time.nanoseconds), &bytes)
    bytes.append(event.time.fractionDigits)
    fixed(event.delivery, &bytes)
    put(UInt64(event.name), &bytes)
    text(event.producer, of: batch, &bytes)
    put(UInt64(event.fieldCount), &bytes)
    let first = Int(event.firstField)
    for place in first..<(first + Int(event.fieldCount)) {
      let field = batch.fields[place]
      bytes.append(field.slot)
      bytes.append(field.kind.rawValue)
      switch field.kind {
      case .text: text(field.payload, of: batch, &bytes)
      case .number: fixed(batch.numbers[Int(field.payload)].bitPattern, &bytes)
      case .list: put(UInt64(field.payload), &bytes)
      case .null, .yes, .no, .object: break
      }
    }
  }

  /// How the names and fields of the bytes are numbered here; `nil` where they are not known.
  package struct Numbering: Sendable {
    package var names: [UInt16?]
    package var fields: [UInt8?]

    package init(names: [UInt16?], fields: [UInt8?]) {
      self.names = names
      self.fields = fields
    }

    /// The numbering that the bytes were written with.
    package init(of schema: EventSchema) {
      names = schema.names.indices.map { UInt16($0) }
      fields = schema.fields.indices.map { UInt8($0) }
    }
  }

  package enum Outcome {
    case added
    /// An event whose name is not known here.
    case foreign
    /// The bytes are no event.
    case broken
  }

  /// Adds the event that starts at `position` to the batch, and steps behind it.
  package static func decode(
    _ bytes: Span<UInt8>, _ position: inout Int, _ numbering: Numbering,
    into batch: inout EventBatch
  ) -> Outcome {
    var reader = Reader(position: position)
    guard let start = reader.number(bytes), start <= Int64.max,
      let length = reader.number(bytes), length <= Int32.max,
      let line = reader.number(bytes), line <= Int32.max,
      let time = reader.fixed(bytes), let digits = reader.byte(bytes), digits <= 9,
      let delivery = reader.fixed(bytes), let name = reader.number(bytes),
      name < numbering.names.count,
      let producer = reader.text(bytes, into: &batch),
      let count = reader.number(bytes), count <= numbering.fields.count
    else { return .broken }
    var event = Event(
      start: Int(start), length: Int32(length), line: Int32(line),
      time: Timestamp(nanoseconds: Int64(bitPattern: time), fractionDigits: digits),
      delivery: delivery, name: numbering.names[Int(name)] ?? 0, fieldCount: 0,
      firstField: UInt32(truncatingIfNeeded: batch.fields.count), producer: producer)
    for _ in 0..<count {
      guard let slot = reader.byte(bytes), slot < numbering.fields.count,
        let raw = reader.byte(bytes), let kind = EventField.Kind(rawValue: raw)
      else { return .broken }
      var payload: UInt32 = 0
      switch kind {
      case .text:
        guard let text = reader.text(bytes, into: &batch), text != Event.nobody
        else { return .broken }
        payload = text
      case .number:
        guard let bits = reader.fixed(bytes) else { return .broken }
        payload = UInt32(truncatingIfNeeded: batch.numbers.count)
        batch.numbers.append(Double(bitPattern: bits))
      case .list:
        guard let elements = reader.number(bytes) else { return .broken }
        payload = UInt32(clamping: elements)
      case .null, .yes, .no, .object: break
      }
      if let slot = numbering.fields[Int(slot)] {
        batch.fields.append(EventField(slot: slot, kind: kind, payload: payload))
        event.fieldCount += 1
      }
    }
    position = reader.position
    if numbering.names[Int(name)] == nil { return .foreign }
    batch.events.append(event)
    return .added
  }

  private static func text(_ text: UInt32, of batch: EventBatch, _ bytes: inout [UInt8]) {
    if text == Event.nobody {
      put(0, &bytes)
      return
    }
    let content = batch.texts.bytes(of: text)
    put(UInt64(content.count) + 1, &bytes)
    bytes += content
  }

  /// Seven bits a byte, the lowest first.
  package static func put(_ value: UInt64, _ bytes: inout [UInt8]) {
    var rest = value
    while rest >= 0x80 {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(truncatingIfNeeded: rest))
  }

  package static func fixed(_ value: UInt64, _ bytes: inout [UInt8]) {
    for shift in stride(from: UInt64(0), to: 64, by: 8) {
      bytes.append(UInt8(truncatingIfNeeded: value >> shift))
    }
  }

  /// Reads what `put` and `fixed` wrote; `nil` where the bytes end or make no sense.
  package struct Reader {
    package var position: Int

    package init(position: Int) { self.position = position }

    package mutating func byte(_ bytes: Span<UInt8>) -> UInt8? {
      if position >= bytes.count { return nil }
      position += 1
      return bytes[position - 1]
    }

    package mutating func number(_ bytes: Span<UInt8>) -> UInt64? {
      var value: UInt64 = 0
      var shift: UInt64 = 0
      while position < bytes.count && shift < 64 {
        let byte = bytes[position]
        position += 1
        value |= UInt64(byte & 0x7F) << shift
        if byte < 0x80 { return value }
        shift += 7
      }
      return nil
    }

    package mutating func fixed(_ bytes: Span<UInt8>) -> UInt64? {
      if position + 8 > bytes.count { return nil }
      var value: UInt64 = 0
      for index in 0..<8 { value |= UInt64(bytes[position + index]) << UInt64(index * 8) }
      position += 8
      return value
    }

    fileprivate mutating func text(
      _ bytes: Span<UInt8>, into batch: inout EventBatch
    ) -> UInt32? {
      guard let size = number(bytes) else { return nil }
      if size == 0 { return Event.nobody }
      guard size - 1 <= UInt64(bytes.count - position) else { return nil }
      let end = position + Int(size - 1)
      let content = bytes.extracting(position..<end)
      position = end
      return batch.texts.intern(content)
    }
  }
}
