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
    var text = self
    let ranges = text.readingBytes { bytes in
      var ranges: [Range<Int>] = []
      var start = 0
      for place in bytes.indices where bytes[place] == separator {
        if start != place { ranges.append(start..<place) }
        start = place + 1
      }
      if start != bytes.count { ranges.append(start..<bytes.count) }
      return ranges
    }
    return ranges.map { text.cut($0.lowerBound, $0.upperBound) }
  }

  /// The last of the text's parts between separators.
  ///
  /// - Parameter separator: an ASCII character.
  /// - Returns: what `parts` has last; empty where it has none.
  package func lastPart(by separator: Unicode.Scalar) -> Substring {
    let separator = UInt8(ascii: separator)
    var text = self
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
    let separator = UInt8(ascii: separator)
    var text = self
    let (start, end) = text.readingBytes { bytes in
      var start = bytes.count
      while start > 0, bytes[start - 1] != separator { start -= 1 }
      return (start, bytes.count)
    }
    return start == 0 ? nil : text.cut(start, end)
  }

  /// What follows the first such text, byte for byte; `nil` where it does not stand here.
  package func after(first text: String) -> Substring? {
    var own = self
    var wanted = text
    let (start, count) = own.readingBytes { bytes in
      (wanted.readingBytes { bytes.first($0) }, bytes.count)
    }
    return start.map { own.cut($0 + wanted.utf8.count, count) }
  }

  /// Whether a text stands in it, byte for byte.
  package func holds(_ text: String) -> Bool {
    var own = self
    var wanted = text
    return own.readingBytes { bytes in wanted.readingBytes { bytes.first($0) != nil } }
  }

  /// The bytes side by side, which they are already but for texts that another language has made.
  fileprivate mutating func readingBytes<Result>(_ body: (Span<UInt8>) -> Result) -> Result {
    // The span ends with the call.
    withUTF8 { buffer in unsafe body(buffer.span) }
  }

  /// The text between two places, counted in bytes.
  fileprivate func cut(_ start: Int, _ end: Int) -> Substring {
    let first = utf8.index(startIndex, offsetBy: start)
    return self[first..<utf8.index(first, offsetBy: end - start)]
  }
}

/// The same of whole texts: not of any `StringProtocol`, since what is generic looks its types up at each call.
extension String {
  /// The text's parts between the separators, without empty ones.
  package func parts(by separator: Unicode.Scalar) -> [Substring] { self[...].parts(by: separator) }

  /// The last of the text's parts between separators.
  package func lastPart(by separator: Unicode.Scalar) -> Substring {
    self[...].lastPart(by: separator)
  }

  /// What follows the last such character.
  package func after(last separator: Unicode.Scalar) -> Substring? {
    self[...].after(last: separator)
  }

  /// What follows the first such text, byte for byte; `nil` where it does not stand here.
  package func after(first text: String) -> Substring? { self[...].after(first: text) }

  /// Whether a text stands in it, byte for byte.
  package func holds(_ text: String) -> Bool {
    var own = self
    var wanted = text
    return own.readingBytes { bytes in wanted.readingBytes { bytes.first($0) != nil } }
  }

  /// Whether it begins with a text, byte for byte.
  package func begins(with text: String) -> Bool {
    var own = self
    var wanted = text
    return own.readingBytes { bytes in
      wanted.readingBytes { $0.count <= bytes.count && bytes.stands($0, at: 0) }
    }
  }

  /// The bytes side by side, which they are already but for texts that another language has made.
  fileprivate mutating func readingBytes<Result>(_ body: (Span<UInt8>) -> Result) -> Result {
    // The span ends with the call.
    withUTF8 { buffer in unsafe body(buffer.span) }
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
