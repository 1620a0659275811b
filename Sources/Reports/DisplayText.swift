/// Text as a terminal shows it: how wide it is, without anything that could steer the terminal.
enum DisplayText {
  /// The text with tabs as spaces and control characters made visible: a file's name or content must not move the
  /// cursor, and text that runs backwards must not hide what stands there.
  static func printable(_ text: some StringProtocol) -> String {
    if isPlain(text) || !text.unicodeScalars.contains(where: isUnprintable) { return String(text) }
    var result = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      switch scalar.value {
      case 0x09: result.append(contentsOf: Array(repeating: " ", count: tabWidth))
      case 0..<0x20: result.append(Unicode.Scalar(0x2400 + scalar.value) ?? "�")
      default: result.append(isUnprintable(scalar) ? "�" : scalar)
      }
    }
    return String(result)
  }

  private static func isUnprintable(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0..<0x20, 0x7f...0x9f, 0x061c, 0x200e, 0x200f, 0x202a...0x202e, 0x2066...0x2069, 0x2028,
      0x2029, 0xfffe, 0xffff:
      true
    default: false
    }
  }

  /// So many of an ASCII character, a space unless another one is given.
  static func run(_ count: Int, of character: UInt8 = 0x20) -> String {
    // A list, which is made a text as it stands.
    String(decoding: [UInt8](repeating: character, count: count), as: UTF8.self)
  }

  /// How many terminal columns the text takes.
  static func width(_ text: some StringProtocol) -> Int {
    if isPlain(text) { return text.utf8.count }
    return text.unicodeScalars.reduce(0) { $0 + width($1) }
  }

  /// How many terminal columns a text takes that stands in bytes.
  static func width(_ bytes: ArraySlice<UInt8>) -> Int {
    isPlain(bytes) ? bytes.count : width(String(decoding: bytes, as: UTF8.self))
  }

  /// Whether every byte is a visible letter of ASCII, or a space: shown as it is, one column each.
  static func isPlain(_ text: some StringProtocol) -> Bool {
    // The bytes are looked at while the call lasts.
    text.utf8.withContiguousStorageIfAvailable { unsafe $0.allSatisfy(isPlain) }
      ?? text.utf8.allSatisfy(isPlain)
  }

  private static func isPlain(_ byte: UInt8) -> Bool { byte &- 0x20 < 0x5f }

  private static func isPlain(_ bytes: ArraySlice<UInt8>) -> Bool {
    bytes.allSatisfy(isPlain)
  }

  static let tabWidth = 4

  static func width(_ scalar: Unicode.Scalar) -> Int {
    switch scalar.value {
    case 0x09: return tabWidth
    case 0x20..<0x7f: return 1
    case 0x300...0x36f, 0x200b...0x200f, 0xfe00...0xfe0f, 0x20d0...0x20ff, 0xe0100...0xe01ef:
      return 0
    // East Asian wide and fullwidth ranges of Unicode Annex 11, emoji included.
    case 0x1100...0x115f, 0x2e80...0x303e, 0x3041...0x33ff, 0x3400...0x4dbf, 0x4e00...0x9fff,
      0xa000...0xa4cf, 0xac00...0xd7a3, 0xf900...0xfaff, 0xfe30...0xfe6f, 0xff00...0xff60,
      0xffe0...0xffe6, 0x1f300...0x1f64f, 0x1f680...0x1f6ff, 0x1f900...0x1f9ff, 0x20000...0x3fffd:
      return 2
    default: return 1
    }
  }

  /// The text in lines of at most `width` columns, broken between words.
  ///
  /// Longer words stay whole so that paths and addresses can be copied, and so do lines that the text itself indents:
  /// they are code.
  static func wrapped(_ text: String, to width: Int) -> [String] {
    var lines: [String] = []
    wrap(text, to: width) { lines.append(String(decoding: $0, as: UTF8.self)) }
    return lines
  }

  /// Hands on the lines of ``wrapped(_:to:)``, each as bytes.
  static func wrap(_ text: String, to width: Int, _ take: (ArraySlice<UInt8>) -> Void) {
    wrap(Array(text.utf8), to: width, take)
  }

  /// Likewise of a text that stands in bytes.
  static func wrap(_ bytes: [UInt8], to width: Int, _ take: (ArraySlice<UInt8>) -> Void) {
    if isWords(bytes.span) { return wrapWords(bytes, to: width, take) }
    var line: [UInt8] = []
    // Lines without text count only where others follow.
    var emptyLines = 0
    func end() {
      if line.isEmpty {
        emptyLines += 1
        return
      }
      for _ in 0..<emptyLines { take([]) }
      emptyLines = 0
      take(line[...])
      line.removeAll(keepingCapacity: true)
    }
    var next = 0
    while next <= bytes.count {
      var place = next
      var lineEnd = next
      while lineEnd < bytes.count, bytes[lineEnd] != 0x0A { lineEnd += 1 }
      next = lineEnd + 1
      if place < lineEnd, bytes[place] == 0x20 || bytes[place] == 0x09 {
        line += printable(String(decoding: bytes[place..<lineEnd], as: UTF8.self)).utf8
        end()
        continue
      }
      var taken = 0
      while true {
        while place < lineEnd, bytes[place] == 0x20 { place += 1 }
        if place == lineEnd { break }
        let first = place
        var isPlain = true
        while place < lineEnd, bytes[place] != 0x20 {
          if !Self.isPlain(bytes[place]) { isPlain = false }
          place += 1
        }
        let word = bytes[first..<place]
        let shown = isPlain ? "" : printable(String(decoding: word, as: UTF8.self))
        let room = isPlain ? word.count : self.width(shown)
        if !line.isEmpty && taken + 1 + room > width {
          end()
          taken = 0
        }
        if !line.isEmpty {
          line.append(0x20)
          taken += 1
        }
        if isPlain { line += word } else { line += shown.utf8 }
        taken += room
      }
      end()
    }
  }

  /// Wraps plain words with one space between each two: lines are parts of the text as it stands.
  private static func wrapWords(
    _ bytes: [UInt8], to width: Int, _ take: (ArraySlice<UInt8>) -> Void
  ) {
    var start = 0
    var columns = 0
    // The last place where the line may end, and how many columns it has there.
    var end: (place: Int, columns: Int)?
    for place in 0...bytes.count {
      let byte = place < bytes.count ? bytes[place] : 0x20
      if byte == 0x20 {
        if columns > width, let known = end {
          take(bytes[start..<known.place])
          start = known.place + 1
          columns -= known.columns + 1
        }
        end = (place, columns)
      }
      if byte & 0xC0 != 0x80 { columns += 1 }
    }
    take(bytes[start...])
  }

  /// Whether the text is plain words with one space between each two; a letter of theirs takes a column.
  static func isWords(_ bytes: Span<UInt8>) -> Bool {
    var previous: UInt8 = 0x20
    var place = 0
    while place < bytes.count {
      let byte = bytes[place]
      if byte &- 0x21 >= 0x5e && (byte != 0x20 || previous == 0x20) {
        guard byte == 0xE2, place + 2 < bytes.count, isSign(bytes[place + 1], bytes[place + 2])
        else { return false }
        place += 2
      }
      previous = byte
      place += 1
    }
    return previous != 0x20
  }

  /// Whether the bytes end one of the signs that sentences are made with: `…`, `–`, `→`.
  private static func isSign(_ second: UInt8, _ third: UInt8) -> Bool {
    second == 0x80 ? third == 0xA6 || third == 0x93 : second == 0x86 && third == 0x92
  }
}
