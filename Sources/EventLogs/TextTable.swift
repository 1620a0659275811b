/// Texts by small numbers: each distinct text of a log is kept once.
///
/// Open addressing over one arena of bytes; a look-up costs a hash and, nearly always, one comparison.
package struct TextTable: Sendable {
  private var arena: [UInt8] = []
  /// Start of each text in the arena, and one more for the end of the last.
  private var starts: [Int] = [0]
  private var hashes: [UInt32] = []
  private var slots: [UInt32]
  private var mask: Int

  package init() {
    slots = [UInt32](repeating: 0, count: 1 << 10)
    mask = (1 << 10) - 1
  }

  package var count: Int { hashes.count }

  /// The number of a text, given out in order of first appearance.
  package mutating func intern(_ bytes: Span<UInt8>) -> UInt32 {
    let hash = TextTable.hash(bytes)
    var slot = Int(hash) & mask
    while true {
      let entry = slots[slot]
      if entry == 0 { break }
      let index = Int(entry - 1)
      if hashes[index] == hash && equals(index, bytes) { return entry - 1 }
      slot = (slot + 1) & mask
    }
    let index = UInt32(truncatingIfNeeded: hashes.count)
    slots[slot] = index + 1
    hashes.append(hash)
    // A copy of bytes that the span keeps alive for the call.
    unsafe bytes.withUnsafeBufferPointer { unsafe arena.append(contentsOf: $0) }
    starts.append(arena.count)
    if hashes.count * 2 > slots.count { grow() }
    return index
  }

  package mutating func intern(_ text: String) -> UInt32 { intern(Array(text.utf8).span) }

  /// The number of a text that is there already.
  package func find(_ bytes: Span<UInt8>) -> UInt32? {
    let hash = TextTable.hash(bytes)
    var slot = Int(hash) & mask
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

  private func equals(_ index: Int, _ bytes: Span<UInt8>) -> Bool {
    let start = starts[index]
    let count = starts[index + 1] - start
    if count != bytes.count { return false }
    // The raw views are only read.
    let left = unsafe arena.span.extracting(start..<(start + count)).bytes
    let right = unsafe bytes.bytes
    var offset = 0
    while offset + 8 <= count {
      // Unaligned loads of integers, inside both spans.
      let a = unsafe left.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt64.self)
      let b = unsafe right.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt64.self)
      if a != b { return false }
      offset += 8
    }
    while offset < count {
      if arena[start + offset] != bytes[offset] { return false }
      offset += 1
    }
    return true
  }

  private mutating func grow() {
    let size = slots.count * 4
    mask = size - 1
    slots = [UInt32](repeating: 0, count: size)
    for index in hashes.indices {
      var slot = Int(hashes[index]) & mask
      while slots[slot] != 0 { slot = (slot + 1) & mask }
      slots[slot] = UInt32(index + 1)
    }
  }

  private static func hash(_ bytes: Span<UInt8>) -> UInt32 {
    let value = Fingerprint64.of(bytes)
    return UInt32(truncatingIfNeeded: value ^ (value >> 32))
  }
}
