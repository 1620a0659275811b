/// A fast 64-bit hash of bytes, by multiply and fold over pairs of words: for tables and redelivered lines.
package enum Fingerprint64 {
  package static func of(_ bytes: Span<UInt8>) -> UInt64 {
    // The raw view is only read.
    let raw = unsafe bytes.bytes
    let count = bytes.count
    var state = 0x9E37_79B9_7F4A_7C15 ^ UInt64(count)
    var offset = 0
    if count >= 128 {
      // Four pairs at a time: lines of logs are long.
      var (other, further, last) = (~state, state &+ first, state &+ second)
      repeat {
        state = fold(state ^ word(raw, offset), first ^ word(raw, offset + 8))
        other = fold(other ^ word(raw, offset + 16), second ^ word(raw, offset + 24))
        further = fold(further ^ word(raw, offset + 32), first ^ word(raw, offset + 40))
        last = fold(last ^ word(raw, offset + 48), second ^ word(raw, offset + 56))
        offset += 64
      } while offset + 64 <= count
      state = fold(state ^ further, first ^ other) ^ last
    }
    if offset + 32 <= count {
      // Two pairs at a time, so that no product waits for the one before.
      var other = ~state
      repeat {
        state = fold(state ^ word(raw, offset), first ^ word(raw, offset + 8))
        other = fold(other ^ word(raw, offset + 16), second ^ word(raw, offset + 24))
        offset += 32
      } while offset + 32 <= count
      state ^= other
    }
    if offset + 16 <= count {
      state = fold(state ^ word(raw, offset), third ^ word(raw, offset + 8))
      offset += 16
    }
    if offset == count { return fold(state, first) }
    if count >= 16 {
      // The last words hold the rest, and what was taken already.
      return fold(state ^ word(raw, count - 16), second ^ word(raw, count - 8))
    }
    if count >= 8 { return fold(state ^ word(raw, 0), second ^ word(raw, count - 8)) }
    var tail: UInt64 = 0
    while offset < count {
      tail = tail << 8 | UInt64(bytes[offset])
      offset += 1
    }
    return fold(state ^ tail, first)
  }

  /// Likewise of bytes that stand in a larger buffer: eight can be read from their start, however few they are.
  @inline(__always)
  static func of(_ start: UnsafeRawPointer, count: Int) -> UInt64 {
    // As many bytes as were promised.
    if count >= 32 {
      return unsafe of(Span(_unsafeStart: start.assumingMemoryBound(to: UInt8.self), count: count))
    }
    let state = 0x9E37_79B9_7F4A_7C15 ^ UInt64(count)
    if count >= 8 {
      let (head, last) = unsafe (word(start, 0), word(start, count &- 8))
      if count < 16 { return fold(state ^ head, second ^ last) }
      let half = unsafe fold(state ^ head, third ^ word(start, 8))
      if count == 16 { return fold(half, first) }
      return unsafe fold(half ^ word(start, count &- 16), second ^ last)
    }
    if count == 0 { return fold(state, first) }
    let tail = unsafe UInt64(bigEndian: word(start, 0)) >> UInt64(64 &- 8 &* count)
    return fold(state ^ tail, first)
  }

  private static var first: UInt64 { 0xA076_1D64_78BD_642F }
  private static var second: UInt64 { 0xE703_7ED1_A0B4_28DB }
  private static var third: UInt64 { 0x8EBC_6AF0_9C88_C6E3 }

  @inline(__always)
  private static func word(_ bytes: RawSpan, _ offset: Int) -> UInt64 {
    // An unaligned load of an integer inside the span.
    unsafe bytes.unsafeLoadUnaligned(fromUncheckedByteOffset: offset, as: UInt64.self)
  }

  @inline(__always)
  private static func word(_ start: UnsafeRawPointer, _ offset: Int) -> UInt64 {
    unsafe start.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
  }

  /// What went before stays in it even where a word makes the product 0.
  @inline(__always)
  private static func fold(_ left: UInt64, _ right: UInt64) -> UInt64 {
    let product = left.multipliedFullWidth(by: right)
    return product.high ^ product.low ^ left
  }
}
