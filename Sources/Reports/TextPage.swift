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
  mutating func add(_ count: Int) { bytes += repeatElement(0x20, count: max(count, 0)) }

  /// Adds a number that is not negative, in decimal digits.
  mutating func add(number: Int) {
    let start = bytes.count
    var rest = number
    repeat {
      bytes.append(0x30 + UInt8(truncatingIfNeeded: rest % 10))
      rest /= 10
    } while rest > 0
    bytes[start...].reverse()
  }

  /// Adds a text with what could steer the terminal made visible.
  mutating func add(printable text: String) {
    bytes += DisplayText.isPlain(text) ? text.utf8 : DisplayText.printable(text).utf8
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

  /// Ends the line: a rail without text must not end in a space.
  mutating func endLine() {
    while bytes.count > lineStart, bytes[bytes.count - 1] == 0x20 { bytes.removeLast() }
    bytes.append(0x0A)
    lineStart = bytes.count
  }
}
