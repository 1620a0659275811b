import SourceText

/// Puts whole entries into mappings and lists of a definition, before one that is there.
struct NodeInsertion {
  let file: SourceFile
  private let entries: EntryInsertion

  init(file: SourceFile) {
    self.file = file
    entries = EntryInsertion(file: file)
  }

  /// Puts keys with their values before an entry; `nil` where the layout leaves no safe place.
  func edit(
    _ fields: [(String, InsertedText)], before entry: Node.Entry, in mapping: Node
  ) -> TextEdit? {
    let place = entry.key.range.start
    guard entry.key.anchor == nil, entry.key.tag == nil, mapping.isWritten else { return nil }
    if entries.isFlow(mapping) {
      let layout = layout(of: place, inside: entry.value)
      let line = separator(layout)
      let text = fields.map { name, value in
        "\(InsertedText.quoted(name)): \(value.json(layout)),\(line)"
      }
      return TextEdit(ByteRange(place, place), text.joined())
    }
    guard let indentation = entries.indentation(at: place) else { return nil }
    let layout = InsertedText.Layout(
      indentation: indentation, unit: unit(of: place, inside: entry.value),
      lineEnd: entries.lineEnd)
    let lines = InsertedText.record(fields).yaml(layout)
    let text = lines.map { $0 + layout.lineEnd + indentation }.joined()
    return TextEdit(ByteRange(place, place), text)
  }

  /// Puts an item before another one of a list in brackets.
  func edit(_ item: InsertedText, before other: Node, in list: Node) -> TextEdit? {
    guard entries.isFlow(list), list.isWritten, other.isWritten else { return nil }
    let place = other.range.start
    let layout = layout(of: place, inside: other)
    return TextEdit(
      ByteRange(place, place), "\(item.json(layout)),\(separator(layout))")
  }

  private func separator(_ layout: InsertedText.Layout?) -> String {
    layout.map { $0.lineEnd + $0.indentation } ?? " "
  }

  /// The layout of a place that begins a line; `nil` elsewhere.
  private func layout(of place: Int, inside value: Node) -> InsertedText.Layout? {
    guard let indentation = whiteSpace(before: place) else { return nil }
    return InsertedText.Layout(
      indentation: indentation, unit: unit(of: place, inside: value), lineEnd: entries.lineEnd)
  }

  private func whiteSpace(before place: Int) -> String? {
    let bytes = file.bytes[entries.lineStart(at: place)..<place]
    guard bytes.allSatisfy({ $0 == 0x20 || $0 == 0x09 }) else { return nil }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// By how much the inner lines of a neighbour are indented further.
  private func unit(of place: Int, inside value: Node) -> String {
    let inner = value.entries.first?.key.range.start ?? value.items.first?.range.start
    if let inner, let own = whiteSpace(before: place), let further = whiteSpace(before: inner),
      further.hasPrefix(own), further.utf8.count > own.utf8.count
    {
      return String(further.dropFirst(own.count))
    }
    return whiteSpace(before: place)?.hasSuffix("\t") == true ? "\t" : "  "
  }
}

extension Node {
  /// Whether the node stands here itself, shared with no other place.
  var isWritten: Bool {
    if case .alias = content { return false }
    return anchor == nil
  }
}
