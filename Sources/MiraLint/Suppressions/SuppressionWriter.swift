package import Findings
package import SourceText

/// Finds where a comment accepts a finding, in formats that have comments.
package struct SuppressionWriter {
  /// A text to put in before a byte.
  package struct Insertion: Sendable, Equatable {
    package var offset: Int
    package var text: String
  }

  private let file: SourceFile
  private let form: SourceForm
  private let tree: SourceTree

  /// Takes a definition's text.
  package init(_ file: SourceFile) {
    self.file = file
    form = SourceForm(path: file.path, bytes: file.bytes)
    tree = form.read(file)
  }

  /// The comment line that silences the rule at this place and as little else as can be.
  ///
  /// - Returns: `nil` where the format has no comments, and where none would have effect.
  package func insertion(accepting rule: String, at location: Location, reason: String)
    -> Insertion?
  {
    guard let comment = comment(rule, reason) else { return nil }
    var tried: Set<Int> = []
    // The innermost node first: whatever else it holds would be silenced too.
    for start in starts(of: location.startByte).reversed() + [location.startByte] {
      let line = file.position(at: start).line
      guard let range = file.range(ofLine: line), tried.insert(line).inserted else { continue }
      let indentation = file.bytes[range.start..<range.end].prefix { $0 == 0x20 || $0 == 0x09 }
      let text = String(decoding: indentation, as: UTF8.self) + comment + lineEnd
      let insertion = Insertion(offset: range.start, text: text)
      if silences(insertion, rule, location) { return insertion }
    }
    return nil
  }

  private func comment(_ rule: String, _ reason: String) -> String? {
    switch form {
    case .yaml, .markdown: "# mira-lint: ignore \(rule) -- \(reason)"
    // Two hyphens may not stand inside such a comment.
    case .xml: "<!-- mira-lint: ignore \(rule) — \(reason) -->"
    case .json:
      ["jsonc", "json5"].contains(FilePath.fileExtension(file.path))
        ? "// mira-lint: ignore \(rule) -- \(reason)" : nil
    }
  }

  private var lineEnd: String {
    let end = file.lineStarts.dropFirst().first ?? 0
    return end >= 2 && file.bytes[(end - 2)..<end].elementsEqual([0x0d, 0x0a])
      ? "\r\n" : "\n"
  }

  /// Where the entries and items begin that hold a byte, from the outermost in.
  private func starts(of offset: Int) -> [Int] {
    var starts: [Int] = []
    func descend(_ node: Node) {
      switch node.content {
      case .mapping(let entries):
        for entry in entries
        where entry.key.range.start <= offset
          && offset < max(entry.key.range.end, entry.value.range.end, entry.key.range.start + 1)
        {
          starts.append(entry.key.range.start)
          descend(entry.value)
        }
      case .sequence(let items):
        for item in items
        where item.range.start <= offset && offset < max(item.range.end, item.range.start + 1) {
          starts.append(item.range.start)
          descend(item)
        }
      case .scalar, .alias: break
      }
    }
    for document in tree.documents { descend(document) }
    return starts
  }

  /// Whether the comment, once it stands there, is read as a suppression of that place and changes nothing else.
  private func silences(_ insertion: Insertion, _ rule: String, _ location: Location) -> Bool {
    var bytes = file.bytes
    bytes.insert(contentsOf: insertion.text.utf8, at: insertion.offset)
    let changed = SourceFile(path: file.path, bytes: bytes)
    let tree = form.read(changed)
    guard tree.problems.count == self.tree.problems.count,
      tree.comments.count == self.tree.comments.count + 1
    else { return false }
    let length = insertion.text.utf8.count
    let moved = changed.location(
      of: ByteRange(location.startByte + length, location.endByte + length))
    return SuppressionCollector(file: changed, tree: tree).suppressions.contains {
      $0.location.startByte >= insertion.offset && $0.location.startByte < insertion.offset + length
        && $0.directive.rules == [rule] && $0.covers(moved)
    }
  }
}
