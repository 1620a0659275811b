import Findings
import SourceText

/// How characters are counted in a line, as client and server agree.
enum PositionEncoding: String, Sendable {
  case utf8 = "utf-8"
  case utf16 = "utf-16"

  /// The number of units that a scalar takes, by its first byte.
  private func units(_ first: UInt8) -> Int {
    switch (self, first) {
    case (.utf8, 0xf0...): 4
    case (.utf8, 0xe0...): 3
    case (.utf8, 0xc2...): 2
    case (.utf16, 0xf0...): 2
    default: 1
    }
  }

  /// The byte at a position, cut to its line and to the text as the protocol wants it.
  func offset(of position: Position, in file: SourceFile) -> Int {
    guard let line = file.range(ofLine: position.line + 1) else { return file.bytes.count }
    var offset = line.start
    var left = position.character
    while offset < line.end {
      let width = units(file.bytes[offset])
      // A position inside a character means the character's start.
      if left < width { break }
      left -= width
      offset += 1
      while offset < line.end, file.bytes[offset] & 0xc0 == 0x80 { offset += 1 }
    }
    return offset
  }

  /// The position of a line and a column in scalars, both from 1, cut to the text.
  func position(line: Int, column: Int, in file: SourceFile) -> Position {
    guard let range = file.range(ofLine: line) else {
      let last = max(1, file.lineStarts.count)
      return line > last ? position(line: last, column: .max, in: file) : Position(0, 0)
    }
    var offset = range.start
    var character = 0
    var left = column - 1
    // A byte-order mark belongs to the client's text and not to our columns.
    if line == 1, file.bytes.starts(with: [0xef, 0xbb, 0xbf]) { left += left == .max - 1 ? 0 : 1 }
    while offset < range.end, left > 0 {
      character += units(file.bytes[offset])
      left -= 1
      offset += 1
      while offset < range.end, file.bytes[offset] & 0xc0 == 0x80 { offset += 1 }
    }
    return Position(line - 1, character)
  }

  /// The range of a location; an empty one is drawn to the end of its line, as nobody sees it otherwise.
  func range(of location: Location, in file: SourceFile) -> PositionRange {
    let start = position(line: location.line, column: location.column, in: file)
    var end = position(line: location.endLine, column: location.endColumn, in: file)
    if end <= start { end = position(line: location.line, column: .max, in: file) }
    return PositionRange(start: start, end: max(start, end))
  }
}

/// A place in a text as the protocol counts: from 0, characters in units of the agreed encoding.
struct Position: Sendable, Hashable, Comparable {
  var line: Int
  var character: Int

  init(_ line: Int, _ character: Int) {
    self.line = line
    self.character = character
  }

  init?(_ node: Node?) {
    guard let line = node?["line"]?.integer, let character = node?["character"]?.integer,
      line >= 0, character >= 0
    else { return nil }
    self.init(line, character)
  }

  static func < (left: Position, right: Position) -> Bool {
    (left.line, left.character) < (right.line, right.character)
  }
}

/// What lies between two places; the second is not part of it.
struct PositionRange: Sendable, Hashable {
  var start: Position
  var end: Position

  init(start: Position, end: Position) {
    self.start = start
    self.end = end
  }

  init?(_ node: Node?) {
    guard let start = Position(node?["start"]), let end = Position(node?["end"]), start <= end
    else { return nil }
    self.init(start: start, end: end)
  }

  /// Whether a caret at the place, also right behind the last character, is on it.
  func touches(_ position: Position) -> Bool { start <= position && position <= end }

  func touches(_ other: PositionRange) -> Bool { start <= other.end && other.start <= end }
}
