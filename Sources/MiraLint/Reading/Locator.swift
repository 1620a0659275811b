import Findings
import SourceText
import Workflows

extension SourceFile {
  /// A range of the file as reports give it.
  func location(of range: ByteRange) -> Location {
    let start = position(at: range.start)
    let end = range.end > range.start ? position(at: range.end) : start
    return Location(
      path: path, line: start.line, column: start.column, endLine: end.line, endColumn: end.column,
      startByte: range.start, endByte: max(range.start, range.end))
  }

  /// The text of the lines on which the locations stand, and of some around them, with secrets hidden.
  func lines(of locations: [Location], around: Int, mask: SecretMask) -> [Int: String] {
    var lines: [Int: String] = [:]
    for location in locations where location.path == path {
      for line in max(1, location.line - around)...(location.line + around)
      where lines[line] == nil {
        guard let range = range(ofLine: line) else { continue }
        lines[line] = mask.mask(text(in: range))
      }
    }
    return lines
  }
}
