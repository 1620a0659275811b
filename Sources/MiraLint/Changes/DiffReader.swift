/// Reads the output of `git diff --unified=0`.
enum DiffReader {
  /// The changed lines by the files' new paths.
  static func changes(in diff: [UInt8]) -> [String: [ClosedRange<Int>]] {
    var changes: [String: [ClosedRange<Int>]] = [:]
    var path: String?
    // Lines of the files' own text may look like headers: a hunk says how many there are.
    var rest = 0
    for line in diff.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
      if rest > 0, let first = line.first, first == UInt8(ascii: "+") || first == UInt8(ascii: "-")
      {
        rest -= 1
        continue
      }
      if line.starts(with: "diff --git ".utf8) {
        path = nil
        rest = 0
      } else if line.starts(with: "+++ ".utf8) {
        path = newPath(line.dropFirst(4))
      } else if line.starts(with: "@@ ".utf8), let hunk = Hunk(line) {
        rest = hunk.removed + hunk.count
        if let path { changes[path, default: []].append(hunk.lines) }
      }
    }
    return changes
  }

  /// The path after `b/`; `nil` for a file that is gone.
  private static func newPath(_ text: ArraySlice<UInt8>) -> String? {
    var text = text
    // Git ends a path that holds spaces with a tab.
    if text.last == UInt8(ascii: "\t") { text.removeLast() }
    let bytes = unquoted(text)
    guard bytes.starts(with: "b/".utf8) else { return nil }
    return String(decoding: bytes.dropFirst(2), as: UTF8.self)
  }

  /// Takes a path out of the quotes that git sets around unusual ones, with escapes as in C.
  static func unquoted(_ text: ArraySlice<UInt8>) -> [UInt8] {
    guard text.count >= 2, text.first == UInt8(ascii: "\""), text.last == UInt8(ascii: "\"") else {
      return Array(text)
    }
    let letters: [UInt8: UInt8] = [
      UInt8(ascii: "a"): 7, UInt8(ascii: "b"): 8, UInt8(ascii: "t"): 9, UInt8(ascii: "n"): 10,
      UInt8(ascii: "v"): 11, UInt8(ascii: "f"): 12, UInt8(ascii: "r"): 13,
    ]
    var result: [UInt8] = []
    var rest = text.dropFirst().dropLast()
    while let byte = rest.popFirst() {
      guard byte == UInt8(ascii: "\\"), let escaped = rest.popFirst() else {
        result.append(byte)
        continue
      }
      guard (0x30...0x37).contains(escaped) else {
        result.append(letters[escaped] ?? escaped)
        continue
      }
      var value = Int(escaped) - 0x30
      for _ in 0..<2 {
        guard let digit = rest.first, (0x30...0x37).contains(digit) else { break }
        value = value * 8 + Int(digit) - 0x30
        rest.removeFirst()
      }
      result.append(UInt8(truncatingIfNeeded: value))
    }
    return result
  }

  /// `@@ -OLD,COUNT +NEW,COUNT @@`; a count of one is left out.
  private struct Hunk {
    var removed: Int
    var start: Int
    var count: Int

    init?(_ line: ArraySlice<UInt8>) {
      let words = line.split(separator: UInt8(ascii: " "))
      guard words.count >= 3, let old = Self.numbers(words[1], after: UInt8(ascii: "-")),
        let new = Self.numbers(words[2], after: UInt8(ascii: "+"))
      else { return nil }
      removed = old.count
      start = new.start
      count = new.count
    }

    /// Where lines were only taken out, those before and after the gap stand for them.
    var lines: ClosedRange<Int> {
      count > 0 ? start...(start + count - 1) : max(start, 1)...(start + 1)
    }

    private static func numbers(
      _ word: ArraySlice<UInt8>, after sign: UInt8
    ) -> (start: Int, count: Int)? {
      guard word.first == sign else { return nil }
      let parts = word.dropFirst().split(separator: UInt8(ascii: ",")).map {
        Int(String(decoding: $0, as: UTF8.self))
      }
      guard let start = parts.first ?? nil, start >= 0, start < .max - 1 else { return nil }
      guard parts.count > 1 else { return (start, 1) }
      guard let count = parts[1], count >= 0, count < .max - start else { return nil }
      return (start, count)
    }
  }
}
