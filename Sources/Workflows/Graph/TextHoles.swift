import Expressions
import SourceText

/// Finds the expressions that stand inside a text: `${ … }`, `@{ … }`.
enum TextHoles {
  /// A hole with its braces, and the code inside.
  struct Hole: Equatable {
    var whole: ByteRange
    var code: ByteRange
  }

  /// Every hole that begins with `opening`, the last byte of which is a brace, in order.
  ///
  /// Braces and quoted texts inside a hole are stepped over; a hole that never ends is none.
  static func find(
    in bytes: [UInt8], opening: String, quotes: String = "\"'", escapes: Bool = true
  ) -> [Hole] {
    let opening = Array(opening.utf8)
    let quotes = Set(quotes.utf8)
    var holes: [Hole] = []
    var index = 0
    while index + opening.count <= bytes.count {
      guard bytes[index] == opening[0], bytes[index...].starts(with: opening) else {
        index += 1
        continue
      }
      let start = index + opening.count
      guard let end = close(bytes, from: start, quotes, escapes) else { return holes }
      holes.append(Hole(whole: ByteRange(index, end + 1), code: ByteRange(start, end)))
      index = end + 1
    }
    return holes
  }

  /// The parts of a text: its literal runs, and what each hole stands for, in turn.
  ///
  /// - Parameters:
  ///   - bytes: the text.
  ///   - start: where to begin in it.
  ///   - holes: their places with the braces, in order; one that begins inside another is passed over.
  ///   - value: what the hole of a number stands for.
  /// - Returns: no part for an empty text.
  static func parts(
    of bytes: [UInt8], from start: Int = 0, around holes: [ByteRange], value: (Int) -> Value
  ) -> [Value] {
    var parts: [Value] = []
    var position = start
    func addLiteral(to end: Int) {
      guard end > position else { return }
      parts.append(.literal(String(decoding: bytes[position..<end], as: UTF8.self)))
    }
    for (index, hole) in holes.enumerated() where hole.start >= position {
      addLiteral(to: hole.start)
      parts.append(value(index))
      position = hole.end
    }
    addLiteral(to: bytes.count)
    return parts
  }

  private static func close(
    _ bytes: [UInt8], from start: Int, _ quotes: Set<UInt8>, _ escapes: Bool
  ) -> Int? {
    var depth = 0
    var quote: UInt8?
    var index = start
    while index < bytes.count {
      let byte = bytes[index]
      if let open = quote {
        if escapes, byte == UInt8(ascii: "\\") {
          index += 1
        } else if byte == open {
          quote = nil
        }
      } else if quotes.contains(byte) {
        quote = byte
      } else if byte == UInt8(ascii: "{") {
        depth += 1
      } else if byte == UInt8(ascii: "}") {
        if depth == 0 { return index }
        depth -= 1
      }
      index += 1
    }
    return nil
  }
}
