extension StringProtocol {
  /// The text's parts between the separators, without empty ones.
  ///
  /// It looks at bytes: paths, the names of calls and the keys of formats are taken apart by the ten thousand, and finding
  /// where characters end costs ten times as much.
  ///
  /// - Parameter separator: an ASCII character.
  /// - Returns: the parts in their order; none of a text of separators alone.
  package func parts(by separator: Unicode.Scalar) -> [Substring] {
    // One concrete type: a generic walk over bytes asks a table for every one of them.
    let text = Substring(self)
    let separator = UInt8(ascii: separator)
    var parts: [Substring] = []
    var start = text.startIndex
    var place = start
    while place != text.endIndex {
      let isSeparator = text.utf8[place] == separator
      let next = text.utf8.index(after: place)
      if isSeparator {
        if start != place { parts.append(text[start..<place]) }
        start = next
      }
      place = next
    }
    if start != place { parts.append(text[start..<place]) }
    return parts
  }
}

extension StringProtocol where UTF8View: BidirectionalCollection {
  /// The last of the text's parts between separators.
  ///
  /// - Parameter separator: an ASCII character.
  /// - Returns: what `parts` has last; empty where it has none.
  package func lastPart(by separator: Unicode.Scalar) -> SubSequence {
    let separator = UInt8(ascii: separator)
    let end = utf8.lastIndex { $0 != separator }.map { utf8.index(after: $0) } ?? utf8.startIndex
    let start = utf8[..<end].lastIndex(of: separator).map { utf8.index(after: $0) }
    return self[(start ?? startIndex)..<end]
  }

}

extension StringProtocol {
  /// Whether a text stands in it, byte for byte.
  package func holds(_ text: String) -> Bool {
    guard let first = text.utf8.first else { return true }
    var rest = utf8[...]
    while let start = rest.firstIndex(of: first) {
      rest = rest[start...]
      if rest.starts(with: text.utf8) { return true }
      rest = rest.dropFirst()
    }
    return false
  }
}
