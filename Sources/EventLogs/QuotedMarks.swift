/// Words in double quotes that formats are told by, all of them found in one walk over the first bytes of a file.
struct QuotedMarks: Sendable {
  private var marks: [Mark] = []
  /// For each byte how long the words are that begin with it, a bit for each length; most texts in quotes are passed
  /// over by it.
  private var lengths = [UInt64](repeating: 0, count: 256)

  private struct Mark: Sendable {
    let bytes: [UInt8]
    /// The format's bit.
    let format: UInt64
  }

  /// - Parameter words: of each format the words one of which it always has; none where it has none.
  init(_ words: [[String]]) {
    for (index, words) in words.enumerated() {
      for word in words {
        let bytes = Array(word.utf8)
        guard let first = bytes.first else { continue }
        marks.append(Mark(bytes: bytes, format: 1 << UInt64(index)))
        lengths[Int(first)] |= QuotedMarks.bit(ofLength: bytes.count)
      }
    }
  }

  @inline(__always)
  private static func bit(ofLength length: Int) -> UInt64 { 1 << UInt64(min(length, 63)) }

  /// The bits of the formats one of whose words stands there.
  func formats(in head: Span<UInt8>) -> UInt64 {
    var found: UInt64 = 0
    // Behind the last quote; the text before the first one is in none.
    var start = head.count
    QuotePlaces.visit(head) { quote in
      if quote > start { found |= formats(of: head, from: start, to: quote) }
      start = quote + 1
    }
    return found
  }

  /// The bits of the formats that a text is a word of.
  @inline(__always)
  func formats(of head: Span<UInt8>, from start: Int, to end: Int) -> UInt64 {
    guard start < end, lengths[Int(head[start])] & QuotedMarks.bit(ofLength: end - start) != 0
    else { return 0 }
    return formats(of: head.extracting(start..<end))
  }

  private func formats(of word: Span<UInt8>) -> UInt64 {
    var formats: UInt64 = 0
    for mark in marks where mark.bytes.count == word.count {
      if mark.bytes.indices.allSatisfy({ word[$0] == mark.bytes[$0] }) { formats |= mark.format }
    }
    return formats
  }
}

/// Double quotes in a text.
enum QuotePlaces {
  /// Gives the place of each quote, in order: sixteen bytes are looked at together.
  @inline(__always)
  static func visit(_ bytes: Span<UInt8>, _ body: (Int) -> Void) {
    var index = 0
    // Unaligned loads inside the span.
    let raw = unsafe bytes.bytes
    let wanted = SIMD16<UInt8>(repeating: 0x22)
    while index + 16 <= bytes.count {
      let chunk = unsafe raw.unsafeLoadUnaligned(fromByteOffset: index, as: SIMD16<UInt8>.self)
      // Masks of bytes are words of ones and zeros.
      let found = unsafe unsafeBitCast(chunk .== wanted, to: SIMD2<UInt64>.self)
      for half in 0..<2 {
        var quotes = UInt64(littleEndian: found[half]) & 0x0101_0101_0101_0101
        while quotes != 0 {
          body(index + half * 8 + quotes.trailingZeroBitCount >> 3)
          quotes &= quotes - 1
        }
      }
      index += 16
    }
    while index < bytes.count {
      if bytes[index] == 0x22 { body(index) }
      index += 1
    }
  }
}
