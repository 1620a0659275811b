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

  /// Where the first object starts that stands at the start of a line, or of a list that does.
  static func firstObject(_ head: Span<UInt8>) -> Int? {
    var position = 0
    while true {
      position = ByteSearch.distant(0x7B, in: head, from: position)
      if position == head.count { return nil }
      if isAtStart(position, in: head) { return position }
      position += 1
    }
  }

  /// Whether nothing but white space and brackets of lists stands between an offset and the start of its line.
  private static func isAtStart(_ position: Int, in head: Span<UInt8>) -> Bool {
    var before = position
    while before > 0 {
      before -= 1
      switch head[before] {
      case 0x0A: return true
      case 0, 0x09, 0x0D, 0x20, 0x5B, 0xEF, 0xBB, 0xBF: break
      default: return false
      }
    }
    return true
  }

  /// Whether a text stands in the first bytes.
  static func contains(_ text: StaticString, in head: Span<UInt8>) -> Bool {
    // A static string of code is ASCII and stays where it is.
    let wanted = unsafe Span(
      _unsafeStart: text.utf8Start, count: text.utf8CodeUnitCount)
    guard let anchor = anchor(of: wanted) else { return true }
    let end = head.count - wanted.count + anchor + 1
    var place = anchor
    while place < end {
      place = ByteSearch.distant(wanted[anchor], in: head, from: place)
      if place >= end { return false }
      let first = place - anchor
      if wanted.indices.allSatisfy({ head[first + $0] == wanted[$0] }) { return true }
      place += 1
    }
    return false
  }

  /// The place of the byte to look for first: one that is rare in JSON, where the text has any.
  private static func anchor(of text: Span<UInt8>) -> Int? {
    var best: Int?
    for index in text.indices {
      switch text[index] {
      case 0x61...0x7A, 0x20, 0x22, 0x5F: if best == nil { best = index }
      default: return index
      }
    }
    return best
  }
}
