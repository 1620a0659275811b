extension Substring {
  /// The text's parts between the separators, without empty ones.
  ///
  /// It looks at bytes: paths, the names of calls and the keys of formats are taken apart by the ten thousand, and finding
  /// where characters end costs ten times as much.
  ///
  /// - Parameter separator: an ASCII character.
  /// - Returns: the parts in their order; none of a text of separators alone.
  package func parts(by separator: Unicode.Scalar) -> [Substring] {
    let separator = UInt8(ascii: separator)
    return readingBytes { $0.parts(by: separator, cut) }
  }

  /// The last of the text's parts between separators.
  ///
  /// - Parameter separator: an ASCII character.
  /// - Returns: what `parts` has last; empty where it has none.
  package func lastPart(by separator: Unicode.Scalar) -> Substring {
    let separator = UInt8(ascii: separator)
    let (start, end) = readingBytes { $0.lastPart(by: separator) }
    return cut(start, end)
  }

  /// What follows the last such character.
  ///
  /// - Parameter separator: an ASCII character.
  /// - Returns: `nil` where there is none, an empty text where it comes last.
  package func after(last separator: Unicode.Scalar) -> Substring? {
    let separator = UInt8(ascii: separator)
    let (start, end) = readingBytes { ($0.end(ofLast: separator), $0.count) }
    return start == 0 ? nil : cut(start, end)
  }

  /// What follows the first such text, byte for byte; `nil` where it does not stand here.
  package func after(first text: String) -> Substring? {
    let (start, count) = readingBytes { bytes in
      (text.readingBytes { bytes.first($0) }, bytes.count)
    }
    return start.map { cut($0 + text.utf8.count, count) }
  }

  /// Whether a text stands in it, byte for byte.
  package func holds(_ text: String) -> Bool {
    readingBytes { bytes in text.readingBytes { bytes.first($0) != nil } }
  }

  /// The bytes side by side, which they are already but for texts that another language has made.
  fileprivate func readingBytes<Result>(_ body: (Span<UInt8>) -> Result) -> Result {
    // The span ends with the call.
    let own = unsafe utf8.withContiguousStorageIfAvailable { unsafe body($0.span) }
    return own ?? body(Array(utf8).span)
  }

  /// The text between two places, counted in bytes.
  fileprivate func cut(_ start: Int, _ end: Int) -> Substring {
    let first = utf8.index(startIndex, offsetBy: start)
    return self[first..<utf8.index(first, offsetBy: end - start)]
  }
}

/// The same of whole texts: not of any `StringProtocol`, since what is generic looks its types up at each call; and not by
/// way of a `Substring` of the whole, which would be counted as one more reference.
extension String {
  /// The text's parts between the separators, without empty ones.
  package func parts(by separator: Unicode.Scalar) -> [Substring] {
    let separator = UInt8(ascii: separator)
    return readingBytes { $0.parts(by: separator, cut) }
  }

  /// The last of the text's parts between separators.
  package func lastPart(by separator: Unicode.Scalar) -> Substring {
    let separator = UInt8(ascii: separator)
    let (start, end) = readingBytes { $0.lastPart(by: separator) }
    return cut(start, end)
  }

  /// What follows the last such character.
  package func after(last separator: Unicode.Scalar) -> Substring? {
    let separator = UInt8(ascii: separator)
    let (start, end) = readingBytes { ($0.end(ofLast: separator), $0.count) }
    return start == 0 ? nil : cut(start, end)
  }

  /// What follows the first such text, byte for byte; `nil` where it does not stand here.
  package func after(first text: String) -> Substring? {
    let (start, count) = readingBytes { bytes in
      (text.readingBytes { bytes.first($0) }, bytes.count)
    }
    return start.map { cut($0 + text.utf8.count, count) }
  }

  /// Whether a text stands in it, byte for byte.
  package func holds(_ text: String) -> Bool {
    readingBytes { bytes in text.readingBytes { bytes.first($0) != nil } }
  }

  /// Whether it begins with a text, byte for byte.
  package func begins(with text: String) -> Bool {
    readingBytes { bytes in
      text.readingBytes { $0.count <= bytes.count && bytes.stands($0, at: 0) }
    }
  }

  /// The bytes side by side, which they are already but for texts that another language has made.
  fileprivate func readingBytes<Result>(_ body: (Span<UInt8>) -> Result) -> Result {
    // The span ends with the call.
    let own = unsafe utf8.withContiguousStorageIfAvailable { unsafe body($0.span) }
    return own ?? body(Array(utf8).span)
  }

  /// The text between two places, counted in bytes.
  fileprivate func cut(_ start: Int, _ end: Int) -> Substring {
    let first = utf8.index(startIndex, offsetBy: start)
    return self[first..<utf8.index(first, offsetBy: end - start)]
  }
}

extension [UInt8] {
  /// The text of a stretch; a slice of its own would count references of the whole file.
  func text(_ range: Range<Int>) -> String {
    // The memory is the array's for the time of the call.
    unsafe withUnsafeBufferPointer { bytes in
      unsafe String(decoding: UnsafeBufferPointer(rebasing: bytes[range]), as: UTF8.self)
    }
  }
}

extension Span<UInt8> {
  /// The parts between separators, without empty ones, each cut out of the text that has these bytes.
  fileprivate func parts(
    by separator: UInt8, _ cut: (_ start: Int, _ end: Int) -> Substring
  ) -> [Substring] {
    var parts: [Substring] = []
    // Counted first: a list that grows is made anew for each of the first few.
    var most = 1
    for place in indices where self[place] == separator { most += 1 }
    parts.reserveCapacity(most)
    var start = 0
    for place in indices where self[place] == separator {
      if start != place { parts.append(cut(start, place)) }
      start = place + 1
    }
    if start != count { parts.append(cut(start, count)) }
    return parts
  }

  /// Where the last part between separators stands.
  fileprivate func lastPart(by separator: UInt8) -> (start: Int, end: Int) {
    var end = count
    while end > 0, self[end - 1] == separator { end -= 1 }
    var start = end
    while start > 0, self[start - 1] != separator { start -= 1 }
    return (start, end)
  }

  /// Where the last such byte ends; 0 where there is none.
  fileprivate func end(ofLast byte: UInt8) -> Int {
    var end = count
    while end > 0, self[end - 1] != byte { end -= 1 }
    return end
  }

  /// Where these bytes first stand.
  fileprivate func first(_ wanted: Span<UInt8>) -> Int? {
    if wanted.isEmpty { return 0 }
    var start = 0
    while start + wanted.count <= count {
      if self[start] == wanted[0], stands(wanted, at: start) { return start }
      start += 1
    }
    return nil
  }

  /// Whether these bytes stand at a place with room for them.
  fileprivate func stands(_ wanted: Span<UInt8>, at start: Int) -> Bool {
    for index in wanted.indices where self[start + index] != wanted[index] { return false }
    return true
  }
}
