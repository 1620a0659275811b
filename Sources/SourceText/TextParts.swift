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

extension StringProtocol {
  /// The last of the text's parts between separators.
  ///
  /// - Parameter separator: an ASCII character.
  /// - Returns: what `parts` has last; empty where it has none.
  package func lastPart(by separator: Unicode.Scalar) -> Substring {
    var text = Substring(self)
    let separator = UInt8(ascii: separator)
    let (start, end) = text.readingBytes { bytes in
      var end = bytes.count
      while end > 0, bytes[end - 1] == separator { end -= 1 }
      var start = end
      while start > 0, bytes[start - 1] != separator { start -= 1 }
      return (start, end)
    }
    return text.cut(start, end)
  }

  /// What follows the last such character.
  ///
  /// - Parameter separator: an ASCII character.
  /// - Returns: `nil` where there is none, an empty text where it comes last.
  package func after(last separator: Unicode.Scalar) -> Substring? {
    var text = Substring(self)
    let separator = UInt8(ascii: separator)
    let (start, end) = text.readingBytes { bytes in
      var start = bytes.count
      while start > 0, bytes[start - 1] != separator { start -= 1 }
      return (start, bytes.count)
    }
    return start == 0 ? nil : text.cut(start, end)
  }

  /// What follows the first such text, byte for byte; `nil` where it does not stand here.
  package func after(first text: String) -> Substring? {
    var own = Substring(self)
    var wanted = Substring(text)
    let (start, count) = own.readingBytes { bytes in
      (wanted.readingBytes { bytes.first($0) }, bytes.count)
    }
    return start.map { own.cut($0 + wanted.utf8.count, count) }
  }

  /// Whether a text stands in it, byte for byte.
  package func holds(_ text: String) -> Bool {
    var own = Substring(self)
    var wanted = Substring(text)
    return own.readingBytes { bytes in wanted.readingBytes { bytes.holds($0) } }
  }
}

extension Substring {
  /// The bytes side by side, which they are already but for texts that another language has made.
  fileprivate mutating func readingBytes<Result>(_ body: (Span<UInt8>) -> Result) -> Result {
    // The span ends with the call.
    withUTF8 { buffer in unsafe body(buffer.span) }
  }

  fileprivate func cut(_ start: Int, _ end: Int) -> Substring {
    let first = utf8.index(startIndex, offsetBy: start)
    return self[first..<utf8.index(first, offsetBy: end - start)]
  }
}

extension Span<UInt8> {
  fileprivate func holds(_ wanted: Span<UInt8>) -> Bool { first(wanted) != nil }

  /// Where these bytes first stand.
  fileprivate func first(_ wanted: Span<UInt8>) -> Int? {
    if wanted.isEmpty { return 0 }
    var start = 0
    while start + wanted.count <= count {
      if self[start] == wanted[0] {
        var length = 1
        while length < wanted.count, self[start + length] == wanted[length] { length += 1 }
        if length == wanted.count { return start }
      }
      start += 1
    }
    return nil
  }
}
