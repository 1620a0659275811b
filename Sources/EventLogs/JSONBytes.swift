/// The grammar of JSON as the scanner needs it: where a value ends, and what kind it is.
enum JSONBytes {
  @inline(__always)
  static func skipSpace(_ bytes: Span<UInt8>, _ position: inout Int, _ end: Int) {
    while position < end {
      switch bytes[position] {
      case 0x20, 0x09, 0x0A, 0x0D: position += 1
      default: return
      }
    }
  }

  /// Likewise where lines are indented: eight blanks at a time.
  @inline(__always)
  static func skipLayout(_ bytes: Span<UInt8>, _ position: inout Int, _ end: Int) {
    guard position < end, bytes[position] <= 0x20 else { return }
    position += bytes[position] == 0x0A ? 1 : 0
    // Unaligned loads of integers inside the span.
    let raw = unsafe bytes.bytes
    while position + 8 <= end {
      let word = unsafe raw.unsafeLoadUnaligned(fromByteOffset: position, as: UInt64.self)
      let blanks = UInt64(littleEndian: word ^ 0x2020_2020_2020_2020).trailingZeroBitCount >> 3
      position += blanks
      if blanks < 8 { break }
    }
    skipSpace(bytes, &position, end)
  }

  /// From the opening quote to after the closing one; `false` where the text ends first.
  @inline(__always)
  static func skipString(
    _ bytes: Span<UInt8>, _ position: inout Int, _ end: Int, _ isEscaped: inout Bool
  ) -> Bool {
    var index = position + 1
    // Unaligned loads of integers inside the span.
    let raw = unsafe bytes.bytes
    while true {
      while index + 8 <= end {
        let word = unsafe raw.unsafeLoadUnaligned(fromByteOffset: index, as: UInt64.self)
        let found = matches(word, 0x2222_2222_2222_2222) | matches(word, 0x5C5C_5C5C_5C5C_5C5C)
        if found != 0 {
          index += UInt64(littleEndian: found).trailingZeroBitCount >> 3
          break
        }
        index += 8
      }
      if index >= end {
        position = end
        return false
      }
      let byte = bytes[index]
      if byte == 0x22 {
        position = index + 1
        return true
      }
      if byte == 0x5C {
        isEscaped = true
        index += 2
      } else if byte == 0 {
        // What a crash leaves in a file, never a text.
        position = index
        return false
      } else {
        index += 1
      }
    }
  }

  /// Marks the lowest byte of the word that equals the pattern's (higher marks may be false).
  @inline(__always)
  private static func matches(_ word: UInt64, _ pattern: UInt64) -> UInt64 {
    let difference = word ^ pattern
    return (difference &- 0x0101_0101_0101_0101) & ~difference & 0x8080_8080_8080_8080
  }

  /// Past an object or a list, without looking at its parts but for their balance.
  static func skipNested(_ bytes: Span<UInt8>, _ position: inout Int, _ end: Int) -> Bool {
    var closers: [UInt8] = []
    let raw = unsafe bytes.bytes
    while position < end {
      switch bytes[position] {
      case 0x22:
        var isEscaped = false
        guard skipString(bytes, &position, end, &isEscaped) else { return false }
      case 0x7B:
        closers.append(0x7D)
        position += 1
      case 0x5B:
        closers.append(0x5D)
        position += 1
      case 0x7D, 0x5D:
        guard closers.last == bytes[position] else { return false }
        closers.removeLast()
        position += 1
        if closers.isEmpty { return true }
      case 0x0A:
        position += 1
        // Indentation, eight spaces at a time; each load ends inside the span.
        while position + 8 <= end,
          unsafe raw.unsafeLoadUnaligned(fromByteOffset: position, as: UInt64.self)
            == 0x2020_2020_2020_2020
        { position += 8 }
      case 0: return false
      default: position += 1
      }
    }
    return false
  }

  /// Past a list, counting its elements.
  static func skipArray(
    _ bytes: Span<UInt8>, _ position: inout Int, _ end: Int, _ count: inout Int
  ) -> Bool {
    position += 1
    skipSpace(bytes, &position, end)
    if position < end && bytes[position] == 0x5D {
      position += 1
      return true
    }
    while position < end {
      count += 1
      switch bytes[position] {
      case 0x22:
        var isEscaped = false
        guard skipString(bytes, &position, end, &isEscaped) else { return false }
      case 0x7B, 0x5B:
        guard skipNested(bytes, &position, end) else { return false }
      default:
        guard skipLiteral(bytes, &position, end) != nil else { return false }
      }
      skipSpace(bytes, &position, end)
      guard position < end else { return false }
      if bytes[position] == 0x5D {
        position += 1
        return true
      }
      guard bytes[position] == 0x2C else { return false }
      position += 1
      skipSpace(bytes, &position, end)
    }
    return false
  }

  /// A number, `true`, `false` or `null`; `nil` where none stands.
  static func skipLiteral(
    _ bytes: Span<UInt8>, _ position: inout Int, _ end: Int
  ) -> EventField.Kind? {
    let start = position
    while position < end {
      switch bytes[position] {
      case 0x30...0x39, 0x2B, 0x2D, 0x2E, 0x41...0x5A, 0x61...0x7A: position += 1
      default:
        return kind(bytes, start, position)
      }
    }
    return kind(bytes, start, position)
  }

  private static func kind(_ bytes: Span<UInt8>, _ start: Int, _ end: Int) -> EventField.Kind? {
    if start == end { return nil }
    switch bytes[start] {
    case 0x30...0x39: return .number
    case 0x2D: return end - start > 1 ? .number : nil
    case 0x74: return isWord(bytes, start, end, "true") ? .yes : nil
    case 0x66: return isWord(bytes, start, end, "false") ? .no : nil
    case 0x6E: return isWord(bytes, start, end, "null") ? .null : nil
    // Not JSON, but written by some producers; no number that could be compared.
    case 0x4E: return isWord(bytes, start, end, "NaN") ? .null : nil
    case 0x49: return isWord(bytes, start, end, "Infinity") ? .null : nil
    default: return nil
    }
  }

  private static func isWord(
    _ bytes: Span<UInt8>, _ start: Int, _ end: Int, _ word: StaticString
  ) -> Bool {
    if end - start != word.utf8CodeUnitCount { return false }
    // The bytes of a literal of this program.
    return word.withUTF8Buffer { letters in
      for index in 0..<letters.count where unsafe letters[index] != bytes[start + index] {
        return false
      }
      return true
    }
  }

  /// The text between two quotes with its escapes resolved; a lone surrogate becomes U+FFFD.
  static func unescape(_ bytes: Span<UInt8>, _ start: Int, _ end: Int) -> [UInt8] {
    var text: [UInt8] = []
    text.reserveCapacity(end - start)
    var index = start
    while index < end {
      let byte = bytes[index]
      guard byte == 0x5C, index + 1 < end else {
        text.append(byte)
        index += 1
        continue
      }
      let escape = bytes[index + 1]
      index += 2
      switch escape {
      case 0x62: text.append(0x08)
      case 0x66: text.append(0x0C)
      case 0x6E: text.append(0x0A)
      case 0x72: text.append(0x0D)
      case 0x74: text.append(0x09)
      case 0x75:
        var unit = hexadecimal(bytes, index, end)
        if unit != nil { index += 4 }
        if let high = unit, (0xD800..<0xDC00).contains(high), index + 1 < end,
          bytes[index] == 0x5C, bytes[index + 1] == 0x75,
          let low = hexadecimal(bytes, index + 2, end), (0xDC00..<0xE000).contains(low)
        {
          unit = 0x10000 + (high - 0xD800) << 10 + (low - 0xDC00)
          index += 6
        }
        let scalar = unit.flatMap { Unicode.Scalar($0) } ?? "\u{FFFD}"
        text.append(contentsOf: Array(String(Character(scalar)).utf8))
      default: text.append(escape)
      }
    }
    return text
  }

  private static func hexadecimal(_ bytes: Span<UInt8>, _ start: Int, _ end: Int) -> UInt32? {
    if start + 4 > end { return nil }
    var value: UInt32 = 0
    for index in start..<(start + 4) {
      let byte = bytes[index]
      switch byte {
      case 0x30...0x39: value = value << 4 | UInt32(byte - 0x30)
      case 0x41...0x46: value = value << 4 | UInt32(byte - 0x37)
      case 0x61...0x66: value = value << 4 | UInt32(byte - 0x57)
      default: return nil
      }
    }
    return value
  }
}
