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

  private static func bit(ofLength length: Int) -> UInt64 { 1 << UInt64(min(length, 63)) }

  /// The bits of the formats one of whose words stands there.
  func formats(in head: Span<UInt8>) -> UInt64 {
    var found: UInt64 = 0
    var quote = ByteSearch.first(0x22, in: head, from: 0, to: head.count)
    while quote < head.count {
      let start = quote + 1
      quote = ByteSearch.first(0x22, in: head, from: start, to: head.count)
      guard quote < head.count, quote > start,
        lengths[Int(head[start])] & QuotedMarks.bit(ofLength: quote - start) != 0
      else { continue }
      for mark in marks where mark.bytes.count == quote - start && found & mark.format == 0 {
        if mark.bytes.indices.allSatisfy({ head[start + $0] == mark.bytes[$0] }) {
          found |= mark.format
        }
      }
    }
    return found
  }
}
