/// A fast 64-bit hash of bytes, by multiply and fold over 8-byte words: for tables and redelivered lines.
package enum Fingerprint64 {
  package static func of(_ bytes: Span<UInt8>) -> UInt64 {
    // The raw view is only read.
    let raw = unsafe bytes.bytes
    let count = bytes.count
    var state: UInt64 = 0x9E37_79B9_7F4A_7C15 ^ UInt64(count)
    var offset = 0
    if count >= 64 {
      // Four words at a time, so that no product waits for the one before.
      var (first, second) = (state, ~state)
      var (third, fourth) = (state << 1, state &+ UInt64(count))
      while offset + 32 <= count {
        first = fold(first ^ word(raw, offset))
        second = fold(second ^ word(raw, offset + 8))
        third = fold(third ^ word(raw, offset + 16))
        fourth = fold(fourth ^ word(raw, offset + 24))
        offset += 32
      }
      state = fold(first ^ fold(second) &+ fold(third ^ fold(fourth)))
    }
    while offset + 8 <= count {
      state = fold(state ^ word(raw, offset))
      offset += 8
    }
    var tail: UInt64 = 0
    if offset < count && count >= 8 {
      // The last word holds the rest, and what was taken already.
      let rest = UInt64(count - offset) * 8
      tail = UInt64(bigEndian: word(raw, count - 8)) & (1 << rest - 1)
    } else {
      while offset < count {
        tail = tail << 8 | UInt64(bytes[offset])
        offset += 1
      }
    }
    return fold(state ^ tail)
  }

  @inline(__always)
  private static func word(_ bytes: RawSpan, _ offset: Int) -> UInt64 {
    // An unaligned load of an integer inside the span.
    unsafe bytes.unsafeLoadUnaligned(fromUncheckedByteOffset: offset, as: UInt64.self)
  }

  @inline(__always)
  private static func fold(_ value: UInt64) -> UInt64 {
    let product = value.multipliedFullWidth(by: 0xA076_1D64_78BD_642F)
    return product.high ^ product.low ^ (value >> 29)
  }
}
