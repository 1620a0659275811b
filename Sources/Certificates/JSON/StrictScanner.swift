#if Certificates
  import SourceText

  /// Looks through the bytes of a JSON value for what lenient readers take without a word.
  ///
  /// The tree tells habits of writers once for a file; a value must not pass because another one was told already.
  struct StrictScanner {
    let bytes: [UInt8]
    let range: ByteRange
    private var position: Int

    init(bytes: [UInt8], range: ByteRange) {
      self.bytes = bytes
      self.range = range
      position = range.start
    }

    mutating func firstRefusal() -> CanonicalJSON.Refusal? {
      var comma: Int?
      while position < range.end {
        switch bytes[position] {
        case UInt8(ascii: ","): comma = position
        case 0x20, 0x09, 0x0A, 0x0D: break
        case UInt8(ascii: "}"), UInt8(ascii: "]"):
          if let comma { return refusal("A comma stands before the closing bracket.", comma, 1) }
        case UInt8(ascii: "\""):
          comma = nil
          if let refusal = refusalInString() { return refusal }
        default: comma = nil
        }
        position += 1
      }
      return nil
    }

    /// Ends at the closing quote.
    private mutating func refusalInString() -> CanonicalJSON.Refusal? {
      position += 1
      while position < range.end, bytes[position] != UInt8(ascii: "\"") {
        if bytes[position] < 0x20 {
          return refusal("A control character stands in a string.", position, 1)
        }
        if bytes[position] == UInt8(ascii: "\\"), let refusal = refusalInEscape() { return refusal }
        position += 1
      }
      return nil
    }

    /// Ends at the escape's last byte.
    private mutating func refusalInEscape() -> CanonicalJSON.Refusal? {
      let start = position
      position += 1
      guard position < range.end else { return nil }
      switch bytes[position] {
      case UInt8(ascii: "u"):
        guard let first = unit(at: start) else {
          return refusal("This escape is not one of JSON.", start, 2)
        }
        position = start + 5
        if 0xDC00..<0xE000 ~= first { return half(start) }
        guard 0xD800..<0xDC00 ~= first else { return nil }
        guard let second = unit(at: start + 6), 0xDC00..<0xE000 ~= second else {
          return half(start)
        }
        position = start + 11
        return nil
      case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"),
        UInt8(ascii: "f"), UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
        return nil
      default: return refusal("This escape is not one of JSON.", start, 2)
      }
    }

    /// The code unit of `\uXXXX`.
    private func unit(at start: Int) -> UInt16? {
      guard start + 6 <= range.end, bytes[start] == UInt8(ascii: "\\"),
        bytes[start + 1] == UInt8(ascii: "u")
      else { return nil }
      let digits = String(decoding: bytes[(start + 2)..<(start + 6)], as: UTF8.self)
      guard let pair = Hexadecimal.decode(digits), pair.count == 2 else { return nil }
      return UInt16(pair[0]) << 8 | UInt16(pair[1])
    }

    private func half(_ start: Int) -> CanonicalJSON.Refusal {
      refusal("Half of a surrogate pair stands alone here.", start, 6)
    }

    private func refusal(_ message: String, _ start: Int, _ count: Int) -> CanonicalJSON.Refusal {
      CanonicalJSON.Refusal(message: message, range: ByteRange(start, start + count))
    }
  }
#endif
