import Findings

/// A location's columns in the units that other programs count, read off the quoted lines.
struct LineColumns {
  /// The line of the first character, where it is quoted.
  private let first: String?
  /// The line of the last character, where it is quoted.
  private let last: String?
  private let location: Location

  init(_ location: Location, in excerpts: [String: Excerpt]) {
    self.location = location
    let lines = excerpts[location.path]?.lines
    first = lines?[location.line]
    last = lines?[location.endLine]
  }

  /// The range in UTF-8 bytes, from 1, its end exclusive; `nil` where the line is not known.
  var utf8: (start: Int, end: Int?)? {
    guard let first else { return nil }
    let start = Self.prefix(first, location.column).utf8.count + 1
    return (start, last.map { Self.prefix($0, location.endColumn).utf8.count + 1 })
  }

  /// The range in UTF-16 code units, from 0, its end exclusive; `nil` where the lines are not known or it is empty.
  var utf16: (start: Int, end: Int)? {
    guard let first, let last else { return nil }
    let start = Self.prefix(first, location.column).utf16.count
    let end = Self.prefix(last, location.endColumn).utf16.count
    return location.line == location.endLine && end <= start ? nil : (start, end)
  }

  private static func prefix(_ line: String, _ column: Int) -> Substring {
    Substring(line.unicodeScalars.prefix(max(column - 1, 0)))
  }
}
