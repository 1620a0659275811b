#if Certificates
  /// Bytes as pairs of hexadecimal digits.
  package enum Hexadecimal {
    package static func encode(_ bytes: [UInt8]) -> String {
      var text: [UInt8] = []
      text.reserveCapacity(2 * bytes.count)
      for byte in bytes {
        text.append(digit(byte >> 4))
        text.append(digit(byte & 15))
      }
      return String(decoding: text, as: UTF8.self)
    }

    /// The bytes, or `nil` where the text is not pairs of digits, or empty.
    package static func decode(_ text: some StringProtocol) -> [UInt8]? {
      var bytes: [UInt8] = []
      var high: UInt8?
      for unit in text.utf8 {
        guard let digit = value(of: unit) else { return nil }
        if let first = high {
          bytes.append(first << 4 | digit)
          high = nil
        } else {
          high = digit
        }
      }
      return high == nil && !bytes.isEmpty ? bytes : nil
    }

    private static func value(of unit: UInt8) -> UInt8? {
      switch unit {
      case UInt8(ascii: "0")...UInt8(ascii: "9"): unit - UInt8(ascii: "0")
      case UInt8(ascii: "a")...UInt8(ascii: "f"): unit - UInt8(ascii: "a") + 10
      case UInt8(ascii: "A")...UInt8(ascii: "F"): unit - UInt8(ascii: "A") + 10
      default: nil
      }
    }

    private static func digit(_ value: UInt8) -> UInt8 {
      value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") + value - 10
    }
  }

  /// Base64 of RFC 4648 in either alphabet, padded or not; strict, so that one text is one sequence of bytes.
  package enum Base64Text {
    /// The bytes, or `nil` where the text is no Base64, is empty, or has bits that mean nothing.
    package static func decode(_ text: some StringProtocol) -> [UInt8]? {
      var bytes: [UInt8] = []
      bytes.reserveCapacity(text.utf8.count / 4 * 3)
      var bits: UInt32 = 0
      var count = 0
      var padding = 0
      var isStandard = false
      var isURLSafe = false
      for unit in text.utf8 {
        switch unit {
        case UInt8(ascii: "="):
          padding += 1
          continue
        case UInt8(ascii: "+"), UInt8(ascii: "/"): isStandard = true
        case UInt8(ascii: "-"), UInt8(ascii: "_"): isURLSafe = true
        default: break
        }
        guard padding == 0, let value = value(of: unit) else { return nil }
        bits = bits << 6 | value
        count += 1
        if count % 4 == 0 {
          append(bits, 3, to: &bytes)
          bits = 0
        }
      }
      guard !isStandard || !isURLSafe else { return nil }
      switch count % 4 {
      case 0:
        guard padding == 0 else { return nil }
      case 2:
        guard bits & 0xF == 0, padding == 0 || padding == 2 else { return nil }
        bytes.append(UInt8(truncatingIfNeeded: bits >> 4))
      case 3:
        guard bits & 3 == 0, padding == 0 || padding == 1 else { return nil }
        append(bits >> 2, 2, to: &bytes)
      default: return nil
      }
      return bytes.isEmpty ? nil : bytes
    }

    /// Padded, in the standard alphabet.
    package static func encode(_ bytes: [UInt8]) -> String {
      var text: [UInt8] = []
      text.reserveCapacity((bytes.count + 2) / 3 * 4)
      var index = 0
      while index < bytes.count {
        let rest = min(3, bytes.count - index)
        var bits: UInt32 = 0
        for offset in 0..<3 {
          bits = bits << 8 | (offset < rest ? UInt32(bytes[index + offset]) : 0)
        }
        for place in 0..<4 {
          let value = UInt8(truncatingIfNeeded: bits >> UInt32(18 - 6 * place)) & 63
          text.append(place <= rest ? alphabet[Int(value)] : UInt8(ascii: "="))
        }
        index += 3
      }
      return String(decoding: text, as: UTF8.self)
    }

    private static let alphabet = Array(
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

    private static func append(_ bits: UInt32, _ count: Int, to bytes: inout [UInt8]) {
      for index in (0..<count).reversed() {
        bytes.append(UInt8(truncatingIfNeeded: bits >> UInt32(8 * index)))
      }
    }

    private static func value(of unit: UInt8) -> UInt32? {
      switch unit {
      case UInt8(ascii: "A")...UInt8(ascii: "Z"): UInt32(unit - UInt8(ascii: "A"))
      case UInt8(ascii: "a")...UInt8(ascii: "z"): UInt32(unit - UInt8(ascii: "a")) + 26
      case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(unit - UInt8(ascii: "0")) + 52
      case UInt8(ascii: "+"), UInt8(ascii: "-"): 62
      case UInt8(ascii: "/"), UInt8(ascii: "_"): 63
      default: nil
      }
    }
  }
#endif
