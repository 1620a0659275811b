/// Finds the next whole event behind damage on the same line.
enum Resynchronizer {
  /// More attempts than this are not worth it: no damage seen in real logs needs ten.
  private static let attempts = 64

  /// Scans the first event that starts at or after `start`: it is kept, and its place returned.
  static func nextEvent(
    _ bytes: Span<UInt8>, _ start: Int, _ end: Int, _ offset: Int, _ feed: inout LogFeed
  ) -> (start: Int, end: Int)? {
    var position = start
    for _ in 0..<attempts {
      position = ByteSearch.first(0x7B, in: bytes, from: position, to: end)
      if position >= end { return nil }
      let outcome = feed.scanner.scan(
        bytes, from: position, to: end, line: feed.lines, fileOffset: offset + position)
      if case .object(let next, true) = outcome { return (position, next) }
      position += 1
    }
    return nil
  }
}

/// Where a byte first stands.
enum ByteSearch {
  /// The offset of the first such byte, `end` where there is none.
  static func first(_ byte: UInt8, in bytes: Span<UInt8>, from start: Int, to end: Int) -> Int {
    let pattern = UInt64(byte) &* 0x0101_0101_0101_0101
    var index = start
    // Unaligned loads of integers inside the span.
    let raw = unsafe bytes.bytes
    while index + 8 <= end {
      let word = unsafe raw.unsafeLoadUnaligned(fromByteOffset: index, as: UInt64.self)
      let difference = word ^ pattern
      let found = (difference &- 0x0101_0101_0101_0101) & ~difference & 0x8080_8080_8080_8080
      if found != 0 {
        return index + UInt64(littleEndian: found).trailingZeroBitCount >> 3
      }
      index += 8
    }
    while index < end {
      if bytes[index] == byte { return index }
      index += 1
    }
    return end
  }
}

extension ByteSearch {
  /// The offset of the last such byte before `end`, which there must be, from `start` on.
  static func last(_ byte: UInt8, in bytes: Span<UInt8>, from start: Int, to end: Int) -> Int {
    var index = end - 1
    while index > start && bytes[index] != byte { index -= 1 }
    return index
  }

  /// How often a byte stands in a range.
  static func count(_ byte: UInt8, in bytes: Span<UInt8>, from start: Int, to end: Int) -> Int {
    var count = 0
    var position = first(byte, in: bytes, from: start, to: end)
    while position < end {
      count += 1
      position = first(byte, in: bytes, from: position + 1, to: end)
    }
    return count
  }
}
