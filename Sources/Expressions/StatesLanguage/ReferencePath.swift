import SourceText

/// A JSONPath as the States Language allows it: `$.a.b`, `$['a b'][0]`, `$$.Execution.Id`, `$name.field`.
package struct ReferencePath: Sendable, Hashable {
  /// What the path starts from.
  package enum Root: Sendable, Hashable {
    /// `$`: the state's data.
    case input
    /// `$$`: the context object.
    case context
    /// `$name`: a workflow variable.
    case variable(String)
  }

  package var root: Root
  package var components: [PathComponent]

  package init(root: Root, components: [PathComponent]) {
    self.root = root
    self.components = components
  }

  /// Whether it names one place that can be written to (`ResultPath`).
  package var isWritable: Bool {
    root == .input
      && components.allSatisfy { component in
        switch component {
        case .field, .index: true
        case .every, .element, .some: false
        }
      }
  }

  /// Reads `text` as a whole path.
  package static func parse(_ text: LocatedText) throws(ExpressionProblem) -> ReferencePath {
    var parser = ReferencePathParser(text)
    let path = try parser.path()
    guard parser.isAtEnd else {
      throw ExpressionProblem(
        "unexpected text after the path",
        at: text.locate(ByteRange(parser.position, text.bytes.count)))
    }
    return path
  }

  /// What the path reads in `scope`.
  package func value(in scope: StatesScope, at location: SourceLocation) -> Value {
    switch root {
    case .input: scope.input.selecting(components, at: location)
    case .context: scope.context(components, at: location)
    case .variable(let name):
      .reference(Reference(scope.variable(name), path: components, at: location))
    }
  }
}

/// Reads a path from a position on; the intrinsics parser goes on where it ends.
struct ReferencePathParser {
  let text: LocatedText
  var position: Int

  init(_ text: LocatedText, from position: Int = 0) {
    self.text = text
    self.position = position
  }

  var isAtEnd: Bool { position >= text.bytes.count }

  private var current: UInt8? { position < text.bytes.count ? text.bytes[position] : nil }

  private func problem(_ message: String, hint: String = "") -> ExpressionProblem {
    let end = min(position + 1, text.bytes.count)
    return ExpressionProblem(
      message, hint: hint, at: text.locate(ByteRange(min(position, end), end)))
  }

  mutating func path() throws(ExpressionProblem) -> ReferencePath {
    guard current == UInt8(ascii: "$") else {
      throw problem("a path starts with `$`", hint: "write `$.` before the field's name")
    }
    position += 1
    var root = ReferencePath.Root.input
    if current == UInt8(ascii: "$") {
      position += 1
      root = .context
    } else if let byte = current, Self.isNameByte(byte) {
      root = .variable(name())
    }
    var components: [PathComponent] = []
    while let byte = current {
      if byte == UInt8(ascii: ".") {
        position += 1
        try dotted(&components)
      } else if byte == UInt8(ascii: "[") {
        try bracket(&components)
      } else {
        break
      }
    }
    return ReferencePath(root: root, components: components)
  }

  private mutating func dotted(_ components: inout [PathComponent]) throws(ExpressionProblem) {
    guard let byte = current else { throw problem("the path ends after a dot") }
    switch byte {
    case UInt8(ascii: "."):
      // `..name` looks at every level below: some element whose depth cannot be told.
      position += 1
      components.append(.some)
      if current == UInt8(ascii: "*") {
        position += 1
      } else if let next = current, Self.isNameByte(next) {
        components.append(.field(name()))
      } else if current != UInt8(ascii: "[") {
        throw problem("a field's name must follow `..`")
      }
    case UInt8(ascii: "*"):
      position += 1
      components.append(.every)
    case UInt8(ascii: "["):
      break
    default:
      guard Self.isNameByte(byte) else { throw problem("a field's name must follow the dot") }
      let name = name()
      // Path functions (`.length()`) compute something from the place; the place is what is read.
      if current == UInt8(ascii: "("), let close = closing(of: UInt8(ascii: ")")) {
        position = close + 1
      } else {
        components.append(.field(name))
      }
    }
  }

  private mutating func bracket(_ components: inout [PathComponent]) throws(ExpressionProblem) {
    guard let close = closing(of: UInt8(ascii: "]")) else {
      throw problem("`[` is never closed")
    }
    let inside = Self.trimmed(text.bytes, position + 1, close)
    defer { position = close + 1 }
    let bytes = text.bytes[inside.start..<inside.end]
    guard let first = bytes.first else { throw problem("`[]` names no element") }
    switch first {
    case UInt8(ascii: "'"), UInt8(ascii: "\""):
      // Several names (`['a','b']`) read some of them.
      var names: [String] = []
      var cursor = inside.start
      while cursor < inside.end {
        let byte = text.bytes[cursor]
        if byte == UInt8(ascii: "'") || byte == UInt8(ascii: "\"") {
          let (name, next) = quoted(from: cursor)
          names.append(name)
          cursor = next
        } else {
          cursor += 1
        }
      }
      components.append(names.count == 1 ? .field(names[0]) : .some)
    case UInt8(ascii: "*"):
      components.append(.every)
    case UInt8(ascii: "?"), UInt8(ascii: "("):
      components.append(.some)
    default:
      if let index = Int(String(decoding: bytes, as: UTF8.self)) {
        components.append(index >= 0 ? .index(index) : .some)
      } else if bytes.allSatisfy({ Self.isSliceByte($0) }) {
        components.append(.some)
      } else {
        throw problem("`[` takes an index, a quoted name, `*` or a filter")
      }
    }
  }

  private func quoted(from start: Int) -> (String, Int) {
    let quote = text.bytes[start]
    var content: [UInt8] = []
    var cursor = start + 1
    while cursor < text.bytes.count, text.bytes[cursor] != quote {
      if text.bytes[cursor] == UInt8(ascii: "\\"), cursor + 1 < text.bytes.count { cursor += 1 }
      content.append(text.bytes[cursor])
      cursor += 1
    }
    return (String(decoding: content, as: UTF8.self), cursor + 1)
  }

  /// The matching close of the bracket at `position`, past quoted text and nested brackets.
  private func closing(of close: UInt8) -> Int? {
    let open = text.bytes[position]
    var depth = 0
    var cursor = position
    while cursor < text.bytes.count {
      let byte = text.bytes[cursor]
      if byte == UInt8(ascii: "'") || byte == UInt8(ascii: "\"") {
        cursor = quoted(from: cursor).1
        continue
      }
      if byte == open { depth += 1 }
      if byte == close {
        depth -= 1
        if depth == 0 { return cursor }
      }
      cursor += 1
    }
    return nil
  }

  private mutating func name() -> String {
    let start = position
    while let byte = current, Self.isNameByte(byte) { position += 1 }
    return text.text(ByteRange(start, position))
  }

  /// Names are taken as the engine takes them: anything that is no syntax, `-`, `@` and non-ASCII included.
  private static func isNameByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "."), UInt8(ascii: "["), UInt8(ascii: "]"), UInt8(ascii: "("),
      UInt8(ascii: ")"), UInt8(ascii: ","), UInt8(ascii: "'"), UInt8(ascii: "\""),
      UInt8(ascii: "*"), UInt8(ascii: "?"), UInt8(ascii: " "), UInt8(ascii: "\t"),
      UInt8(ascii: "\n"), UInt8(ascii: "\r"):
      false
    default: true
    }
  }

  private static func isSliceByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: ":"), UInt8(ascii: ","),
      UInt8(ascii: "-"), UInt8(ascii: " "):
      true
    default: false
    }
  }

  private static func trimmed(_ bytes: [UInt8], _ start: Int, _ end: Int) -> ByteRange {
    var (start, end) = (start, end)
    while start < end, bytes[start] == UInt8(ascii: " ") { start += 1 }
    while end > start, bytes[end - 1] == UInt8(ascii: " ") { end -= 1 }
    return ByteRange(start, end)
  }
}
