import Findings

/// One line's expectation: the rule and the cause that must be found there.
struct Expectation: Hashable {
  var path: String
  var line: Int
  var rule: String
  var cause: String?

  /// As written: `RULE/cause`, or `RULE` for a rule without causes.
  var text: String { cause.map { "\(rule)/\($0)" } ?? rule }
}

/// Reads the expectations of an example file, from its comments and from the `.expect` file beside it.
struct ExpectationReader {
  private(set) var expectations: [Expectation] = []
  /// Lines that cannot be read.
  private(set) var malformed: [(path: String, line: Int, text: String)] = []

  /// `# expect: RULE/cause, RULE` at the end of its line, or alone on the line before.
  mutating func readComments(of text: String, path: String) {
    let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
    var waiting: [Substring] = []
    for (index, line) in lines.enumerated() {
      guard let (before, list) = Self.expectation(in: line) else {
        for item in waiting { add(item, path: path, line: index + 1) }
        waiting = []
        continue
      }
      let items = list.split(separator: ",", omittingEmptySubsequences: false)
      if before.allSatisfy(\.isWhitespace) {
        waiting += items
      } else {
        for item in waiting + items { add(item, path: path, line: index + 1) }
        waiting = []
      }
    }
    for item in waiting { malformed.append((path, lines.count, String(item))) }
  }

  /// `LINE RULE/cause` on each line; `#` begins a comment.
  mutating func readSidecar(_ text: String, at sidecarPath: String, for path: String) {
    let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
    for (index, line) in lines.enumerated() {
      let words = line.prefix { $0 != "#" }.split(whereSeparator: \.isWhitespace)
      if words.isEmpty { continue }
      if words.count == 2, let number = Int(words[0]), number > 0 {
        add(words[1], path: path, line: number)
      } else {
        malformed.append((sidecarPath, index + 1, String(line)))
      }
    }
  }

  /// The text without its expectations, as a reader of the rule's page wants it.
  static func withoutExpectations(_ text: String) -> String {
    var result: [Substring] = []
    for line in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline) {
      guard let (before, _) = expectation(in: line) else {
        result.append(line)
        continue
      }
      if before.allSatisfy(\.isWhitespace) { continue }
      var kept = before
      while kept.last?.isWhitespace == true { kept.removeLast() }
      result.append(kept)
    }
    return result.joined(separator: "\n")
  }

  private mutating func add(_ item: Substring, path: String, line: Int) {
    let words = item.split(whereSeparator: \.isWhitespace)
    let parts = words.first?.split(separator: "/", omittingEmptySubsequences: false) ?? []
    guard words.count == 1, parts.count <= 2, !parts.contains(where: \.isEmpty),
      let rule = parts.first
    else {
      malformed.append((path, line, String(item)))
      return
    }
    expectations.append(
      Expectation(
        path: path, line: line, rule: String(rule),
        cause: parts.count == 2 ? String(parts[1]) : nil))
  }

  private static func expectation(in line: Substring) -> (before: Substring, list: Substring)? {
    for marker in ["# expect:", "// expect:"] {
      guard let start = firstRange(of: marker, in: line) else { continue }
      return (line[..<start.lowerBound], line[start.upperBound...])
    }
    return nil
  }

  private static func firstRange(
    of marker: String, in line: Substring
  ) -> Range<Substring.Index>? {
    var index = line.startIndex
    while index < line.endIndex {
      if line[index...].hasPrefix(marker) {
        return index..<line.index(index, offsetBy: marker.count)
      }
      index = line.index(after: index)
    }
    return nil
  }
}
