/// Writes JSON (RFC 8259) as UTF-8, member by member, indented or on one line.
package struct JSONWriter {
  package private(set) var bytes: [UInt8] = []
  private let isIndented: Bool
  private var depth = 0
  private var isFirst = true
  /// Takes what was written, part by part; `nil` where all is kept.
  private let sink: (([UInt8]) -> Void)?

  private static let part = 1 << 16

  package init(indented: Bool, sink: (([UInt8]) -> Void)? = nil) {
    isIndented = indented
    self.sink = sink
  }

  /// Hands on what was written, where that is enough for a part.
  private mutating func drain(atLeast least: Int = part) {
    guard let sink, bytes.count >= least else { return }
    sink(bytes)
    bytes.removeAll(keepingCapacity: true)
  }

  /// Hands on the rest.
  package mutating func finish() { drain(atLeast: 1) }

  /// The bytes written so far, which the writer gives up.
  package mutating func take() -> [UInt8] {
    defer { bytes = [] }
    return bytes
  }

  /// Ends the document's line.
  package mutating func endLine() {
    bytes.append(UInt8(ascii: "\n"))
    isFirst = true
    drain()
  }

  package mutating func object(_ members: (inout JSONWriter) -> Void) {
    nest(open: "{", close: "}", members)
  }

  package mutating func array<Element>(
    _ elements: some Sequence<Element>, _ write: (inout JSONWriter, Element) -> Void
  ) {
    nest(open: "[", close: "]") { writer in
      for element in elements {
        writer.separate()
        write(&writer, element)
        writer.drain()
      }
    }
  }

  /// Begins a member of the object that is being written; its value must follow.
  package mutating func key(_ name: String) {
    separate()
    string(name)
    bytes.append(UInt8(ascii: ":"))
    if isIndented { bytes.append(UInt8(ascii: " ")) }
  }

  package mutating func member(_ name: String, _ value: String) {
    key(name)
    string(value)
  }

  /// Writes nothing where the value is absent.
  package mutating func member(_ name: String, _ value: String?) {
    if let value { member(name, value) }
  }

  package mutating func member(_ name: String, _ value: Int) {
    key(name)
    bytes += "\(value)".utf8
  }

  package mutating func member(_ name: String, _ value: Double?) {
    guard let value, value.isFinite else { return }
    key(name)
    // Whole numbers are written without a fraction, up to where a double counts exactly.
    if value == value.rounded(), abs(value) < 9_007_199_254_740_992 {
      bytes += "\(Int(value))".utf8
    } else {
      bytes += "\(value)".utf8
    }
  }

  package mutating func member(_ name: String, _ value: Bool) {
    key(name)
    bytes += (value ? "true" : "false").utf8
  }

  /// Writes a value that is JSON already: a number of any size, or `null`.
  package mutating func member(_ name: String, literal: String) {
    key(name)
    bytes += literal.utf8
  }

  /// Writes `null`, as the value of a key that has been begun.
  package mutating func null() { bytes += "null".utf8 }

  package mutating func object(_ name: String, _ members: (inout JSONWriter) -> Void) {
    key(name)
    object(members)
  }

  package mutating func array<Element>(
    _ name: String, _ elements: some Sequence<Element>,
    _ write: (inout JSONWriter, Element) -> Void
  ) {
    key(name)
    array(elements, write)
  }

  package mutating func array(_ name: String, _ texts: [String]) {
    array(name, texts) { $0.string($1) }
  }

  /// Writes a number, as an element or as the value of a key that has been begun.
  package mutating func number(_ value: Int) { bytes += "\(value)".utf8 }

  package mutating func string(_ text: String) {
    bytes.append(UInt8(ascii: "\""))
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "\""): bytes += #"\""#.utf8
      case UInt8(ascii: "\\"): bytes += #"\\"#.utf8
      case 0x0a: bytes += #"\n"#.utf8
      case 0x0d: bytes += #"\r"#.utf8
      case 0x09: bytes += #"\t"#.utf8
      case 0..<0x20, 0x7f:
        bytes += (byte < 0x10 ? #"\u000"# : #"\u00"#).utf8
        bytes += String(byte, radix: 16).utf8
      default: bytes.append(byte)
      }
    }
    bytes.append(UInt8(ascii: "\""))
  }

  private mutating func nest(
    open: Unicode.Scalar, close: Unicode.Scalar, _ content: (inout JSONWriter) -> Void
  ) {
    bytes.append(UInt8(ascii: open))
    depth += 1
    isFirst = true
    content(&self)
    depth -= 1
    if !isFirst { breakLine() }
    bytes.append(UInt8(ascii: close))
    isFirst = false
  }

  private mutating func separate() {
    if !isFirst { bytes.append(UInt8(ascii: ",")) }
    isFirst = false
    breakLine()
  }

  private mutating func breakLine() {
    guard isIndented else { return }
    bytes.append(UInt8(ascii: "\n"))
    for _ in 0..<depth { bytes += "  ".utf8 }
  }
}
