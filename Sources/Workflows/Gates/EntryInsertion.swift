import SourceText

/// Puts text into a YAML mapping in the way in which the mapping is written: a line of its own, or a part of `{…}`.
struct EntryInsertion {
  let file: SourceFile

  /// An edit that puts `text` (`key: value`) before an entry; `nil` where the mapping's layout leaves no safe place.
  func edit(_ text: String, before entry: Node.Entry, in mapping: Node) -> TextEdit? {
    let place = entry.key.range.start
    guard entry.key.anchor == nil, entry.key.tag == nil else { return nil }
    let range = ByteRange(place, place)
    if isFlow(mapping) { return TextEdit(range, text + ", ") }
    guard let indentation = indentation(at: place) else { return nil }
    return TextEdit(range, text + lineEnd + indentation)
  }

  /// Whether a mapping or sequence stands in brackets.
  func isFlow(_ node: Node) -> Bool {
    guard file.bytes.indices.contains(node.range.start) else { return false }
    return [UInt8(ascii: "{"), UInt8(ascii: "[")].contains(file.bytes[node.range.start])
  }

  /// The spaces that put a further key of the same mapping under the one at `offset`.
  func indentation(at offset: Int) -> String? {
    let start = lineStart(at: offset)
    let before = file.bytes[start..<offset]
    guard before.allSatisfy({ $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "-") }) else {
      return nil
    }
    return String(repeating: " ", count: before.count)
  }

  func lineStart(at offset: Int) -> Int {
    var start = offset
    while start > 0, file.bytes[start - 1] != 0x0a, file.bytes[start - 1] != 0x0d { start -= 1 }
    return start
  }

  /// How the file ends its lines.
  var lineEnd: String {
    guard let end = file.bytes.firstIndex(where: { $0 == 0x0a || $0 == 0x0d }) else { return "\n" }
    if file.bytes[end] == 0x0a { return "\n" }
    return file.bytes[(end + 1)...].first == 0x0a ? "\r\n" : "\r"
  }
}
