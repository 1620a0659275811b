package import Findings

/// The difference of two texts in the form that `patch` and `git apply` take.
package enum UnifiedDiff {
  /// Lines that stay around each change.
  private static let context = 3

  /// Writes the difference.
  ///
  /// - Parameters:
  ///   - path: the file's name in the head.
  ///   - before: the text as it is.
  ///   - after: the text as it is to be.
  ///   - mask: hides what nobody may see.
  ///   - isForTerminal: whether control characters are to be shown and not sent.
  ///   - usesColor: whether what comes and goes is coloured.
  /// - Returns: the difference, empty where there is none.
  package static func text(
    path: String, before: [UInt8], after: [UInt8], mask: SecretMask, isForTerminal: Bool,
    usesColor: Bool
  ) -> String {
    let old = lines(before)
    let new = lines(after)
    let rows = rows(old, new)
    guard rows.contains(where: { $0.kind != .same }) else { return "" }
    let palette = Palette(isActive: usesColor)
    let name = DisplayText.printable(path)
    var text = palette.strong("--- a/\(name)") + "\n" + palette.strong("+++ b/\(name)") + "\n"
    for hunk in hunks(rows) {
      let first = rows[hunk.lowerBound]
      let oldCount = rows[hunk].count { $0.kind != .added }
      let newCount = rows[hunk].count { $0.kind != .removed }
      text +=
        palette.text(
          "@@ -\(span(first.old, oldCount)) +\(span(first.new, newCount)) @@", in: .frame) + "\n"
      for row in rows[hunk] { text += rendered(row, mask, isForTerminal, palette) }
    }
    return text
  }

  private enum Kind { case same, removed, added }

  private struct Row {
    var kind: Kind
    var line: [UInt8]
    /// How many lines of each text stand before it.
    var old: Int
    var new: Int
  }

  /// The lines with their ends.
  private static func lines(_ bytes: [UInt8]) -> [[UInt8]] {
    var lines: [[UInt8]] = []
    var start = 0
    for (index, byte) in bytes.enumerated() where byte == 0x0a {
      lines.append(Array(bytes[start...index]))
      start = index + 1
    }
    if start < bytes.count { lines.append(Array(bytes[start...])) }
    return lines
  }

  private static func rows(_ old: [[UInt8]], _ new: [[UInt8]]) -> [Row] {
    // What both begin and end with is most of a file, and costs nothing to compare.
    let prefix = zip(old, new).prefix { $0 == $1 }.count
    let most = min(old.count, new.count) - prefix
    let suffix = zip(old.reversed(), new.reversed()).prefix(most).prefix { $0 == $1 }.count
    let oldCore = Array(old[prefix..<(old.count - suffix)])
    let newCore = Array(new[prefix..<(new.count - suffix)])
    var removed: Set<Int> = []
    var added: Set<Int> = []
    for change in newCore.difference(from: oldCore) {
      switch change {
      case .remove(let offset, _, _): removed.insert(prefix + offset)
      case .insert(let offset, _, _): added.insert(prefix + offset)
      }
    }
    var rows: [Row] = []
    var (left, right) = (0, 0)
    while left < old.count || right < new.count {
      if removed.contains(left) {
        rows.append(Row(kind: .removed, line: old[left], old: left, new: right))
        left += 1
      } else if added.contains(right) {
        rows.append(Row(kind: .added, line: new[right], old: left, new: right))
        right += 1
      } else {
        rows.append(Row(kind: .same, line: old[left], old: left, new: right))
        left += 1
        right += 1
      }
    }
    return rows
  }

  private static func hunks(_ rows: [Row]) -> [Range<Int>] {
    var hunks: [Range<Int>] = []
    for index in rows.indices where rows[index].kind != .same {
      let range = max(0, index - context)..<min(rows.count, index + context + 1)
      if let last = hunks.last, last.upperBound >= range.lowerBound {
        hunks[hunks.count - 1] = last.lowerBound..<range.upperBound
      } else {
        hunks.append(range)
      }
    }
    return hunks
  }

  /// `12,3`; an empty range stands after the line that it names.
  private static func span(_ before: Int, _ count: Int) -> String {
    count == 1 ? "\(before + 1)" : "\(count == 0 ? before : before + 1),\(count)"
  }

  private static func rendered(
    _ row: Row, _ mask: SecretMask, _ isForTerminal: Bool, _ palette: Palette
  ) -> String {
    let hasEnd = row.line.last == 0x0a
    let line = hasEnd ? row.line.dropLast() : row.line[...]
    var text = mask.mask(String(decoding: line, as: UTF8.self))
    if isForTerminal { text = DisplayText.printable(text) }
    let marked =
      switch row.kind {
      case .same: " " + text
      case .removed: palette.text("-" + text, in: .removed)
      case .added: palette.text("+" + text, in: .added)
      }
    return marked + "\n" + (hasEnd ? "" : "\\ No newline at end of file\n")
  }
}
