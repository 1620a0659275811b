/// Texts by small numbers: each distinct text of a log is kept once.
///
/// Open addressing over one arena of bytes; a look-up costs a hash and, nearly always, one comparison.
package struct TextTable: Sendable {
  private var arena: [UInt8] = []
  /// Start of each text in the arena, and one more for the end of the last.
  private var starts: [Int] = [0]
  private var hashes: [UInt64] = []
  private var slots: [UInt32]
  /// How many texts can be found in `slots`.
  private var used = 0
  private var mask: Int

  package init() {
    slots = [UInt32](repeating: 0, count: 1 << 10)
    mask = (1 << 10) - 1
  }

  package var count: Int { hashes.count }

  /// The number of a text, given out in order of first appearance.
  package mutating func intern(_ bytes: Span<UInt8>) -> UInt32 {
    let hash = Fingerprint64.of(bytes)
    var slot = Int(truncatingIfNeeded: hash) & mask
    while true {
      let entry = slots[slot]
      if entry == 0 { break }
      let index = Int(entry - 1)
      if hashes[index] == hash && equals(index, bytes) { return entry - 1 }
      slot = (slot + 1) & mask
    }
    slots[slot] = UInt32(truncatingIfNeeded: hashes.count) + 1
    used += 1
    let index = keep(bytes, hash)
    if used * 2 > slots.count { grow() }
    return index
  }

  /// Whether this is the text with a number, if there is one.
  func isText(_ index: UInt32, _ bytes: Span<UInt8>) -> Bool {
    index < hashes.count && equals(Int(index), bytes)
  }

  /// A number for a text that is hardly met twice: a text of its own, whether it is there already or not.
  package mutating func append(_ bytes: Span<UInt8>) -> UInt32 {
    keep(bytes, Fingerprint64.of(bytes))
  }

  private mutating func keep(_ bytes: Span<UInt8>, _ hash: UInt64) -> UInt32 {
    let index = UInt32(truncatingIfNeeded: hashes.count)
    hashes.append(hash)
    // A copy of bytes that the span keeps alive for the call.
    unsafe bytes.withUnsafeBufferPointer { unsafe arena.append(contentsOf: $0) }
    starts.append(arena.count)
    return index
  }

  /// Forgets every text; numbers begin at 0 again.
  package mutating func removeAll() {
    if hashes.isEmpty { return }
    arena.removeAll(keepingCapacity: true)
    starts.removeLast(starts.count - 1)
    hashes.removeAll(keepingCapacity: true)
    for slot in slots.indices { slots[slot] = 0 }
    used = 0
  }

  /// Equal for equal texts, in whatever table.
  package func hash(of index: UInt32) -> UInt64 { hashes[Int(index)] }

  package mutating func intern(_ text: String) -> UInt32 { intern(Array(text.utf8).span) }

  /// The number of a text that is there already.
  package func find(_ bytes: Span<UInt8>) -> UInt32? {
    let hash = Fingerprint64.of(bytes)
    var slot = Int(truncatingIfNeeded: hash) & mask
    while true {
      let entry = slots[slot]
      if entry == 0 { return nil }
      let index = Int(entry - 1)
      if hashes[index] == hash && equals(index, bytes) { return entry - 1 }
      slot = (slot + 1) & mask
    }
  }

  package subscript(index: UInt32) -> String { String(decoding: bytes(of: index), as: UTF8.self) }

  package func bytes(of index: UInt32) -> ArraySlice<UInt8> {
    arena[starts[Int(index)]..<starts[Int(index) + 1]]
  }

  /// Whether a text holds another one that is not empty, byte for byte.
  package func holds(_ text: UInt32, _ part: UInt32) -> Bool {
    let whole = starts[Int(text)]..<starts[Int(text) + 1]
    let piece = starts[Int(part)]..<starts[Int(part) + 1]
    if piece.isEmpty || piece.count > whole.count { return false }
    let bytes = arena.span
    for start in whole.lowerBound...(whole.upperBound - piece.count)
    where bytes[start] == bytes[piece.lowerBound] {
      var offset = 1
      while offset < piece.count && bytes[start + offset] == bytes[piece.lowerBound + offset] {
        offset += 1
      }
      if offset == piece.count { return true }
    }
    return false
  }

  private func equals(_ index: Int, _ bytes: Span<UInt8>) -> Bool {
    let start = starts[index]
    let count = starts[index + 1] - start
    if count != bytes.count { return false }
    // The raw views are only read.
    let left = unsafe arena.span.extracting(start..<(start + count)).bytes
    let right = unsafe bytes.bytes
    if count < 8 {
      for offset in 0..<count where arena[start + offset] != bytes[offset] { return false }
      return true
    }
    // Unaligned loads of integers, inside both spans; the last ones may overlap.
    func differs(at offset: Int) -> Bool {
      unsafe left.unsafeLoadUnaligned(fromUncheckedByteOffset: offset, as: UInt64.self)
        != right.unsafeLoadUnaligned(fromUncheckedByteOffset: offset, as: UInt64.self)
    }
    var offset = 0
    while offset < count - 8 {
      if differs(at: offset) { return false }
      offset += 8
    }
    return !differs(at: count - 8)
  }

  private mutating func grow() {
    let old = slots
    let size = old.count * 4
    mask = size - 1
    slots = [UInt32](repeating: 0, count: size)
    for entry in old where entry != 0 {
      var slot = Int(truncatingIfNeeded: hashes[Int(entry - 1)]) & mask
      while slots[slot] != 0 { slot = (slot + 1) & mask }
      slots[slot] = entry
    }
  }
}
