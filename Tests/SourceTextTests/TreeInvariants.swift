import SourceText
import TestSupport

/// What must hold for every tree, whatever the file.
struct TreeInvariants {
  private(set) var violations: [String] = []

  init(_ tree: SourceTree, length: Int) {
    let file = ByteRange(0, length)
    var end = 0
    for document in tree.documents {
      check(document, inside: ByteRange(end, length))
      end = max(end, document.range.end)
    }
    var commentEnd = 0
    for comment in tree.comments {
      if comment.range.start < commentEnd || !file.contains(comment.range) {
        violations.append("comment \(comment.range)")
      }
      commentEnd = comment.range.end
    }
    for problem in tree.problems
    where !file.contains(problem.range) || problem.range.count < 0 || problem.message.isEmpty {
      violations.append("problem \(problem)")
    }
  }

  private mutating func check(_ node: Node, inside parent: ByteRange) {
    if !parent.contains(node.range) || node.range.count < 0 {
      violations.append("\(node.range) in \(parent)")
    }
    var end = node.range.start
    func rest() -> ByteRange { ByteRange(end, node.range.end) }
    switch node.content {
    case .scalar(let scalar):
      check(scalar, in: node)
    case .sequence(let items):
      for item in items {
        check(item, inside: rest())
        end = item.range.end
      }
    case .mapping(let entries):
      for entry in entries {
        check(entry.key, inside: rest())
        end = entry.key.range.end
        check(entry.value, inside: rest())
        end = entry.value.range.end
      }
    case .alias:
      break
    }
  }

  private mutating func check(_ scalar: Scalar, in node: Node) {
    var text = -1
    var file = node.range.start
    for segment in scalar.segments {
      if segment.textOffset <= text || segment.file.start < file || segment.file.count < 0
        || segment.file.end > node.range.end + 0 && scalar.style != .literal
          && scalar.style != .folded
      {
        violations.append("segment \(segment) of \(node.range)")
      }
      text = segment.textOffset
      file = segment.file.end
    }
    let whole = node.fileRange(ofText: ByteRange(0, scalar.text.utf8.count))
    if scalar.style != .literal && scalar.style != .folded, !node.range.contains(whole) {
      violations.append("text \(whole) of \(node.range)")
    }
  }
}

/// Damages a text in one to four places.
func mutant(of text: [UInt8], using generator: inout SeededGenerator) -> [UInt8] {
  let pieces = [
    "\t", "\n", "\r", "\r\n", ": ", ":", "- ", "-", "? ", "\"", "'", "{", "}", "[", "]", ",", "|",
    ">",
    "&a ", "*a", "!t ", "#", " #", "---\n", "...\n", "%", "\\", "\\u12", "\u{0}", "é", "{{", "}}",
    " ",
    "    ", "<<: ", "//", "/*", "*/",
  ]
  var result = text
  for _ in 0..<Int.random(in: 1...4, using: &generator) {
    let index = Int.random(in: 0...result.count, using: &generator)
    switch Int.random(in: 0..<4, using: &generator) {
    case 0:
      let piece = pieces.randomElement(using: &generator) ?? " "
      result.insert(contentsOf: Array(piece.utf8), at: index)
    case 1 where index < result.count:
      let count = Int.random(in: 1...8, using: &generator)
      result.removeSubrange(index..<min(index + count, result.count))
    case 2 where index < result.count:
      result[index] = UInt8.random(in: 0...255, using: &generator)
    default:
      let count = Int.random(in: 1...40, using: &generator)
      result += result[index..<min(index + count, result.count)]
    }
  }
  return result
}
