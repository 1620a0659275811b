import Expressions
import SourceText

/// A program that stands as one word, or as a here-document, in a shell script.
struct EmbeddedProgram {
  private(set) var text: [UInt8] = []
  /// Parts of the text that the shell puts in.
  private(set) var expansions: [(range: ByteRange, part: ShellWord.Part)] = []
  /// Where each byte of the text stands in the script.
  private var origins: [Int] = []
  private var cursor: Int

  /// - Parameters:
  ///   - word: the word, or the body of the here-document.
  ///   - script: the script's text.
  ///   - holes: what the engine puts into the script, in order.
  init(_ word: ShellWord, in script: [UInt8], holes: [ByteRange]) {
    let end = min(word.range.end, script.count)
    cursor = max(0, word.range.start)
    for part in word.parts {
      switch part {
      case .literal(let literal, _):
        for byte in literal.utf8 {
          // Quotes and backslashes of the shell stand between.
          while cursor < end, script[cursor] != byte { cursor += 1 }
          append(byte, from: min(cursor, end))
          cursor += 1
        }
      case .parameter(let parameter, _): expand(part, over: parameter.range, in: script)
      case .arithmetic(let inner): expand(part, over: inner.range, in: script)
      case .hole(let index, _):
        guard holes.indices.contains(index) else { continue }
        expand(part, over: holes[index], in: script)
      case .command, .process:
        expand(part, over: Self.substitution(from: cursor, to: end, in: script), in: script)
      }
    }
    origins.append(min(max(cursor, word.range.start), end))
  }

  /// Where a part of the text stands in the script.
  func scriptRange(_ range: ByteRange) -> ByteRange {
    let start = origins[min(max(0, range.start), origins.count - 1)]
    let last = origins[min(max(0, range.end - 1), origins.count - 1)]
    return ByteRange(start, max(start, range.end > range.start ? last + 1 : start))
  }

  private mutating func append(_ byte: UInt8, from origin: Int) {
    text.append(byte)
    origins.append(origin)
  }

  private mutating func expand(_ part: ShellWord.Part, over range: ByteRange, in script: [UInt8]) {
    let start = text.count
    for offset in max(0, range.start)..<max(max(0, range.start), min(range.end, script.count)) {
      append(script[offset], from: offset)
    }
    // Something has to stand there, even for what takes no room in the script.
    if text.count == start { append(UInt8(ascii: "_"), from: min(cursor, script.count)) }
    expansions.append((ByteRange(start, text.count), part))
    cursor = max(cursor, range.end)
  }

  /// `$(…)` or `` `…` ``, from where it begins behind the offset.
  private static func substitution(from offset: Int, to end: Int, in script: [UInt8]) -> ByteRange {
    var start = offset
    while start < end,
      ![UInt8(ascii: "$"), UInt8(ascii: "`"), UInt8(ascii: "<")]
        .contains(script[start])
    { start += 1 }
    guard start < end else { return ByteRange(end, end) }
    if script[start] == UInt8(ascii: "`") {
      let close = script[(start + 1)..<end].firstIndex(of: UInt8(ascii: "`")) ?? end - 1
      return ByteRange(start, close + 1)
    }
    var depth = 0
    for index in start..<end {
      if script[index] == UInt8(ascii: "(") { depth += 1 }
      if script[index] == UInt8(ascii: ")") {
        depth -= 1
        if depth <= 0 { return ByteRange(start, index + 1) }
      }
    }
    return ByteRange(start, end)
  }
}
