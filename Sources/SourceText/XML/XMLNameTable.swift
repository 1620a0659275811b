/// What names that were met stand for, found by how they are written: a file has few of them, again and again.
struct XMLNameTable<Meaning> {
  private var known: [(name: ByteRange, meaning: Meaning)] = []
  /// By the length and the ends of a name: where the last such name stands in the list.
  private var places = [UInt8](repeating: 0, count: 256)
  private static var most: Int { 255 }

  private static func slot(_ name: ByteRange, _ bytes: Span<UInt8>) -> Int {
    let ends = Int(bytes[name.start]) &* 31 &+ Int(bytes[name.end - 1]) &* 7
    return (ends &+ name.count &* 61) & 255
  }

  subscript(name: ByteRange, bytes: Span<UInt8>) -> Meaning? {
    guard name.count > 0 else { return nil }
    let place = Int(places[Self.slot(name, bytes)])
    guard place > 0 else { return nil }
    let other = known[place - 1].name
    guard other.count == name.count else { return nil }
    for offset in 0..<name.count where bytes[other.start + offset] != bytes[name.start + offset] {
      return nil
    }
    return known[place - 1].meaning
  }

  mutating func insert(_ meaning: Meaning, for name: ByteRange, _ bytes: Span<UInt8>) {
    guard name.count > 0 else { return }
    if known.count == Self.most { clear() }
    known.append((name, meaning))
    places[Self.slot(name, bytes)] = UInt8(known.count)
  }

  mutating func clear() {
    guard !known.isEmpty else { return }
    known.removeAll(keepingCapacity: true)
    for place in places.indices { places[place] = 0 }
  }
}
