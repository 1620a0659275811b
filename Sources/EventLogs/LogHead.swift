/// What the first bytes of a file say.
enum LogHead {
  /// Past a byte-order mark of UTF-8.
  static func skipMark(_ bytes: Span<UInt8>, _ position: inout Int, _ end: Int) {
    if position + 3 <= end, bytes[position] == 0xEF, bytes[position + 1] == 0xBB,
      bytes[position + 2] == 0xBF
    {
      position += 3
    }
  }

  /// The first byte that is neither white space, NUL nor a byte-order mark.
  static func firstByte(_ head: Span<UInt8>) -> UInt8? {
    var position = 0
    skipMark(head, &position, head.count)
    while position < head.count {
      switch head[position] {
      case 0, 0x09, 0x0A, 0x0D, 0x20: position += 1
      default: return head[position]
      }
    }
    return nil
  }

  /// Where the first object starts that stands at the start of a line or of a list.
  static func firstObject(_ head: Span<UInt8>) -> Int? {
    var position = 0
    var isAtStart = true
    while position < head.count {
      switch head[position] {
      case 0x7B: if isAtStart { return position }
      case 0x0A, 0x5B: isAtStart = true
      case 0, 0x09, 0x0D, 0x20, 0xEF, 0xBB, 0xBF: break
      default: isAtStart = false
      }
      position += 1
    }
    return nil
  }

  /// Whether the first value is an object, or a list of objects, one of whose first keys is one of these.
  static func beginsObject(_ head: Span<UInt8>, with keys: [StaticString]) -> Bool {
    guard let first = firstByte(head), first == 0x7B || first == 0x5B else { return false }
    return keys.contains { contains("\"\($0)\"", in: head) }
  }

  /// Whether a text stands in the first bytes.
  static func contains(_ text: String, in head: Span<UInt8>) -> Bool {
    let wanted = Array(text.utf8)
    guard let last = wanted.last else { return true }
    // Horspool's skips: how far on the text may still stand, by the byte below its end.
    var skips = [Int](repeating: wanted.count, count: 256)
    for (index, byte) in wanted.dropLast().enumerated() {
      skips[Int(byte)] = wanted.count - 1 - index
    }
    var end = wanted.count - 1
    while end < head.count {
      let byte = head[end]
      let start = end + 1 - wanted.count
      if byte == last, wanted.indices.allSatisfy({ head[start + $0] == wanted[$0] }) { return true }
      end += skips[Int(byte)]
    }
    return false
  }
}
