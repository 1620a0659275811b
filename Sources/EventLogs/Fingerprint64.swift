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
      var lanes = SIMD4<UInt64>(state, ~state, state << 1, state &+ UInt64(count))
      while offset + 32 <= count {
        for lane in 0..<4 {
          // An unaligned load of an integer inside the span.
          let word = unsafe raw.unsafeLoadUnaligned(
            fromByteOffset: offset + lane * 8, as: UInt64.self)
          lanes[lane] = fold(lanes[lane] ^ word)
        }
        offset += 32
      }
      state = fold(lanes[0] ^ fold(lanes[1]) &+ fold(lanes[2] ^ fold(lanes[3])))
    }
    while offset + 8 <= count {
      // An unaligned load of an integer inside the span.
      let word = unsafe raw.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt64.self)
      state = fold(state ^ word)
      offset += 8
    }
    var tail: UInt64 = 0
    while offset < count {
      tail = tail << 8 | UInt64(bytes[offset])
      offset += 1
    }
    return fold(state ^ tail)
  }

  @inline(__always)
  private static func fold(_ value: UInt64) -> UInt64 {
    let product = value.multipliedFullWidth(by: 0xA076_1D64_78BD_642F)
    return product.high ^ product.low ^ (value >> 29)
  }
}
