import Expressions

/// Reads `key=value` lines and `key<<EOF` blocks out of text whose parts may be known or not.
struct OutputLines {
  struct Pair {
    /// `nil` where it is computed.
    var key: String?
    var value: Value
  }

  /// The block that is open: its key, its delimiter and what stands in it so far.
  private var block: (key: String, delimiter: Value, pieces: [Value])?

  /// Takes what is written next, and gives the pairs that are complete.
  mutating func take(_ pieces: [Value]) -> [Pair] {
    var pairs: [Pair] = []
    for line in Self.lines(of: pieces) {
      let text = ShellLowerer.concatenated(line)
      if var open = block {
        if Self.isSame(text, open.delimiter) {
          pairs.append(Pair(key: open.key, value: ShellLowerer.joined(open.pieces)))
          block = nil
        } else {
          open.pieces += line + [.literal("\n")]
          block = open
        }
        continue
      }
      let leading = text.leadingText
      let equals = leading.firstIndex(of: "=")
      if let marker = Self.blockMarker(in: leading), equals.map({ $0 > marker }) ?? true {
        let key = String(leading[..<marker])
        block = (key, text.droppingLeading(key.utf8.count + 2), [])
      } else if let equals {
        let key = String(leading[..<equals])
        pairs.append(Pair(key: key, value: text.droppingLeading(key.utf8.count + 1)))
      } else if text.knownText == nil {
        pairs.append(Pair(key: nil, value: text))
      }
    }
    return pairs
  }

  /// Whether two texts are the same delimiter: known, or read from the same place.
  private static func isSame(_ first: Value, _ second: Value) -> Bool {
    if let text = first.knownText { return text == second.knownText }
    let left = first.references
    let right = second.references
    guard !left.isEmpty, left.count == right.count else { return first == second }
    return zip(left, right).allSatisfy { $0.variable == $1.variable && $0.path == $1.path }
  }

  private static func blockMarker(in text: String) -> String.Index? {
    var index = text.startIndex
    while index < text.endIndex {
      let next = text.index(after: index)
      if text[index] == "<", next < text.endIndex, text[next] == "<" { return index }
      index = next
    }
    return nil
  }

  /// The pieces cut at line feeds.
  static func lines(of pieces: [Value]) -> [[Value]] {
    var lines: [[Value]] = []
    var line: [Value] = []
    for piece in pieces.flatMap(\.templateParts) {
      guard case .literal(let text) = piece else {
        line.append(piece)
        continue
      }
      let parts = text.split(separator: "\n", omittingEmptySubsequences: false)
      for (index, part) in parts.enumerated() {
        if index > 0 {
          lines.append(line)
          line = []
        }
        if !part.isEmpty { line.append(.literal(String(part))) }
      }
    }
    lines.append(line)
    return lines.filter { !$0.isEmpty }
  }
}
