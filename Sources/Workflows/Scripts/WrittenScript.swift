import Expressions
import SourceText

/// A script that another script writes with a here-document, to be run later: `cat > gate.sh <<'EOF'`.
package struct WrittenScript: Sendable {
  let text: String
  /// The file that the here-document stands in.
  let path: String
  /// Where each line begins: in the text, and in the file.
  private let lines: [(text: Int, file: Int)]

  /// - Returns: `nil` where the shell, or the engine, puts something into the text.
  init?(_ document: ShellWord, in source: ShellSource) {
    let program = EmbeddedProgram(
      document, in: source.bytes, holes: source.substitutions.map(\.range))
    guard program.expansions.isEmpty, program.text.count <= Self.longest else { return nil }
    text = String(decoding: program.text, as: UTF8.self)
    path = source.path
    var lines: [(text: Int, file: Int)] = []
    var start = 0
    for line in program.text.split(separator: 10, omittingEmptySubsequences: false) {
      let place = program.scriptRange(ByteRange(start, start + 1))
      lines.append((start, source.locate(place).start))
      start += line.count + 1
    }
    self.lines = lines
  }

  /// Longer scripts are not followed.
  private static let longest = 100_000

  /// Where a part of the text stands in the file.
  func fileRange(_ range: ByteRange) -> ByteRange {
    let start = offset(range.start)
    return ByteRange(start, max(start, range.end > range.start ? offset(range.end - 1) + 1 : start))
  }

  private func offset(_ offset: Int) -> Int {
    var low = 0
    var high = lines.count
    while high - low > 1 {
      let middle = (low + high) / 2
      if lines[middle].text <= offset { low = middle } else { high = middle }
    }
    guard low < lines.count else { return 0 }
    return lines[low].file + max(0, offset - lines[low].text)
  }
}
