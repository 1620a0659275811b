/// Base64 of RFC 4648, both alphabets, padding optional.
enum Base64 {
  /// The bytes, or `nil` where the text is no Base64.
  static func decode(_ bytes: Span<UInt8>, _ start: Int, _ end: Int) -> [UInt8]? {
    var result: [UInt8] = []
    result.reserveCapacity((end - start) / 4 * 3)
    var bits: UInt32 = 0
    var count = 0
    var index = start
    while index < end {
      let byte = bytes[index]
      index += 1
      let value: UInt32
      switch byte {
      case 0x41...0x5A: value = UInt32(byte - 0x41)
      case 0x61...0x7A: value = UInt32(byte - 0x61) + 26
      case 0x30...0x39: value = UInt32(byte - 0x30) + 52
      case 0x2B, 0x2D: value = 62
      case 0x2F, 0x5F: value = 63
      case 0x3D: continue
      // JSON may escape the slash.
      case 0x5C: continue
      default: return nil
      }
      bits = bits << 6 | value
      count += 1
      if count == 4 {
        result.append(UInt8(truncatingIfNeeded: bits >> 16))
        result.append(UInt8(truncatingIfNeeded: bits >> 8))
        result.append(UInt8(truncatingIfNeeded: bits))
        bits = 0
        count = 0
      }
    }
    if count == 1 { return nil }
    if count >= 2 {
      bits <<= UInt32(6 * (4 - count))
      result.append(UInt8(truncatingIfNeeded: bits >> 16))
      if count == 3 { result.append(UInt8(truncatingIfNeeded: bits >> 8)) }
    }
    return result
  }
}
