import Findings
import SourceText

/// A comment that silences rules at one place.
struct InlineSuppression: Sendable {
  /// Where it has effect.
  enum Scope: Sendable {
    /// Findings that touch this line.
    case line(Int)
    /// Findings that begin inside these bytes: the next node after a comment of its own.
    case node(ByteRange)
    case nothing
  }

  var directive: SuppressionDirective
  var scope: Scope
  var location: Location

  func covers(_ location: Location) -> Bool {
    guard location.path == self.location.path else { return false }
    switch scope {
    case .line(let line):
      return (location.line...max(location.line, location.endLine)).contains(line)
    case .node(let range):
      return range.start <= location.startByte
        && location.startByte < max(range.end, range.start + 1)
    case .nothing: return false
    }
  }
}

/// A comment that was meant to silence something and cannot.
struct SuppressionMistake: Sendable {
  /// What is wrong with it.
  enum Kind: Sendable {
    case directive(SuppressionDirective.Mistake)
    /// The comment stands in a script, where it is text.
    case insideText
  }

  var kind: Kind
  var location: Location
}

/// Finds the suppressions of one file.
struct SuppressionCollector {
  private(set) var suppressions: [InlineSuppression] = []
  private(set) var mistakes: [SuppressionMistake] = []
  private let file: SourceFile
  private let tree: SourceTree

  init(file: SourceFile, tree: SourceTree) {
    self.file = file
    self.tree = tree
    let mentions = Self.mentions(in: file.bytes)
    guard !mentions.isEmpty else { return }
    for comment in tree.comments { read(comment) }
    for mention in mentions { checkText(around: mention) }
  }

  private mutating func read(_ comment: Comment) {
    let location = file.location(of: comment.range)
    do throws(SuppressionDirective.Mistake) {
      guard let directive = try SuppressionDirective.parse(file.text(in: comment.range)) else {
        return
      }
      suppressions.append(
        InlineSuppression(directive: directive, scope: scope(of: comment), location: location))
    } catch {
      mistakes.append(SuppressionMistake(kind: .directive(error), location: location))
    }
  }

  private func scope(of comment: Comment) -> InlineSuppression.Scope {
    guard comment.ownLine else { return .line(file.position(at: comment.range.start).line) }
    for document in tree.documents {
      if let range = Self.nextNode(after: comment.range.end, in: document) { return .node(range) }
    }
    return .nothing
  }

  /// The entry or item that begins next, the outermost where several begin at once.
  private static func nextNode(after offset: Int, in node: Node) -> ByteRange? {
    switch node.content {
    case .mapping(let entries):
      for entry in entries {
        if entry.key.range.start >= offset {
          return ByteRange(entry.key.range.start, max(entry.key.range.end, entry.value.range.end))
        }
        if entry.value.range.end > offset { return nextNode(after: offset, in: entry.value) }
      }
    case .sequence(let items):
      for item in items {
        if item.range.start >= offset { return item.range }
        if item.range.end > offset { return nextNode(after: offset, in: item) }
      }
    case .scalar, .alias: break
    }
    return nil
  }

  /// A mention after a comment's mark in a text (a script, a prompt) looks like a suppression to whoever wrote it.
  private mutating func checkText(around mention: Int) {
    guard !tree.comments.contains(where: { $0.range.start <= mention && mention < $0.range.end })
    else {
      return
    }
    var start = mention
    while start > 0, file.bytes[start - 1] == UInt8(ascii: " ") { start -= 1 }
    guard let mark = ["#", "//", "<!--"].first(where: { file.bytes[..<start].hasSuffix($0) }),
      let line = file.range(ofLine: file.position(at: mention).line)
    else { return }
    var end = line.end
    if let close = file.bytes[mention..<end].firstRange(of: Array("-->".utf8)), mark == "<!--" {
      end = close.upperBound
    }
    let range = ByteRange(start - mark.utf8.count, end)
    let directive = try? SuppressionDirective.parse(file.text(in: range))
    guard directive != nil else { return }
    mistakes.append(SuppressionMistake(kind: .insideText, location: file.location(of: range)))
  }

  /// Where the program's name stands in the text.
  private static func mentions(in bytes: [UInt8]) -> [Int] {
    var found: [Int] = []
    while let next = name.first(in: bytes, from: found.last.map { $0 + 1 } ?? 0) {
      found.append(next)
    }
    return found
  }

  private static let name = BytePattern(Array("mira-lint".utf8), ignoringCase: true)
}

extension ArraySlice<UInt8> {
  fileprivate func hasSuffix(_ text: String) -> Bool {
    suffix(text.utf8.count).elementsEqual(text.utf8)
  }
}
