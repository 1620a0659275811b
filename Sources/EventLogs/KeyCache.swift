/// Remembers what the keys of a log mean: a log repeats a few dozen of them on every line.
///
/// Keys of up to 16 bytes are compared as two words; longer ones are looked up each time.
struct KeyCache: Sendable {
  private var entries = [Entry](repeating: Entry(), count: 256)

  private struct Entry {
    var head: UInt64 = 0
    var tail: UInt64 = 0
    var place: UInt8 = 0
    var count: UInt8 = 0
    var key = EventSchema.Key()
  }

  mutating func key(
    _ bytes: Span<UInt8>, _ start: Int, _ end: Int, _ place: UInt8, _ schema: EventSchema
  ) -> EventSchema.Key {
    let count = end - start
    if count > 16 || count == 0 { return schema.key(bytes.extracting(start..<end), in: place) }
    var head: UInt64 = 0
    var tail: UInt64 = 0
    // Unaligned loads of integers inside the span.
    let raw = unsafe bytes.bytes
    if count >= 8 {
      head = unsafe raw.unsafeLoadUnaligned(fromByteOffset: start, as: UInt64.self)
      tail = unsafe raw.unsafeLoadUnaligned(fromByteOffset: end - 8, as: UInt64.self)
    } else if start + 8 <= bytes.count {
      let word = unsafe raw.unsafeLoadUnaligned(fromByteOffset: start, as: UInt64.self)
      head = UInt64(littleEndian: word) & (1 << (8 * UInt64(count)) - 1)
    } else {
      for index in start..<end { head |= UInt64(bytes[index]) << (8 * UInt64(index - start)) }
    }
    let mixed = (head ^ (tail &* 31)) &* 0x9E37_79B9_7F4A_7C15
    let slot = Int(truncatingIfNeeded: (mixed >> 56) ^ UInt64(place)) & 255
    let entry = entries[slot]
    if entry.head == head && entry.tail == tail && entry.place == place && entry.count == count {
      return entry.key
    }
    let key = schema.key(bytes.extracting(start..<end), in: place)
    entries[slot] = Entry(
      head: head, tail: tail, place: place, count: UInt8(count), key: key)
    return key
  }
}
