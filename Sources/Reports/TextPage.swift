import Findings

/// Lines for a terminal, written one behind the other into bytes: a large log's findings are many megabytes.
struct TextPage {
  private(set) var bytes: [UInt8] = []
  let palette: Palette
  private var lineStart = 0

  init(_ palette: Palette = Palette(isActive: false)) { self.palette = palette }

  mutating func add(_ text: String) { bytes += text.utf8 }

  mutating func add(_ text: ArraySlice<UInt8>) { bytes += text }

  /// Adds so many spaces; none where the count is negative.
  mutating func add(_ count: Int) {
    var rest = count
    while rest > 0 {
      bytes += TextPage.spaces[..<min(rest, TextPage.spaces.count)]
      rest -= TextPage.spaces.count
    }
  }

  private static let spaces = [UInt8](repeating: 0x20, count: 64)

  /// Adds a number that is not negative, in decimal digits.
  mutating func add(number: Int) {
    var unit = 1
    while number / unit >= 10 { unit *= 10 }
    while unit > 0 {
      bytes.append(0x30 + UInt8(truncatingIfNeeded: number / unit % 10))
      unit /= 10
    }
  }

  /// Adds a text with what could steer the terminal made visible.
  mutating func add(printable text: String) {
    bytes += DisplayText.isPlain(text) ? text.utf8 : DisplayText.printable(text).utf8
  }

  /// Adds a name as it is quoted in a sentence, behind a space.
  mutating func add(inTicks name: String) {
    add(" `")
    add(name)
    add("`")
  }

  /// Adds what is written meanwhile in a colour, where there are colours.
  mutating func add(in style: Palette.Style, _ write: (inout TextPage) -> Void) {
    guard palette.isActive else { return write(&self) }
    let start = bytes.count
    palette.begin(style, &bytes)
    let written = bytes.count
    write(&self)
    if bytes.count == written {
      bytes.removeSubrange(start...)
    } else {
      palette.end(&bytes)
    }
  }

  mutating func add(_ text: String, in style: Palette.Style) {
    add(in: style) { $0.add(text) }
  }

  /// Adds what is written meanwhile as a link, in a terminal that opens links.
  mutating func link(address: String?, _ write: (inout TextPage) -> Void) {
    guard let address else { return write(&self) }
    add("\u{1b}]8;;\(address)\u{1b}\\")
    write(&self)
    add("\u{1b}]8;;\u{1b}\\")
  }

  /// Makes room for so many more bytes.
  mutating func reserve(_ count: Int) { bytes.reserveCapacity(bytes.count + count) }

  /// Takes back what was added behind a place on the present line.
  mutating func takeBack(to place: Int) { bytes.removeSubrange(place...) }

  /// Ends the line: a rail without text must not end in a space.
  mutating func endLine() {
    while bytes.count > lineStart, bytes[bytes.count - 1] == 0x20 { bytes.removeLast() }
    bytes.append(0x0A)
    lineStart = bytes.count
  }
}
