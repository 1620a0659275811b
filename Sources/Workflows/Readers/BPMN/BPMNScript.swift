import Expressions
import SourceText

/// Short scripts inside a mapping: bindings, and a last expression whose value counts.
struct BPMNScript {
  var text: BPMNText

  /// Words that declare a name, in Groovy, JavaScript and Java.
  private static let declarations: Set<String> = [
    "def", "var", "let", "const", "final", "String", "Object", "boolean", "Boolean", "int",
    "Integer", "double", "Double", "SpinJsonNode",
  ]

  /// What the script gives.
  func value(of script: Node?) -> Value {
    guard let script, let source = script.text else { return .unknown([]) }
    let bytes = Array(source.utf8)
    let statements = Self.statements(bytes)
    guard statements.count <= 40 else { return .unknown([]) }
    var scope = text
    var last = Value.null
    for statement in statements {
      let (name, range) = Self.binding(bytes, statement)
      let value = scope.value(script, bytes, range)
      if let name { scope.locals[name] = value.bounded }
      last = value
    }
    return last
  }

  /// What a script without branches writes; `nil` where control flow has to be followed.
  func assignments(of script: Node) -> [Step.Assignment]? {
    let bytes = Array((script.text ?? "").utf8)
    let statements = Self.statements(bytes)
    guard statements.count <= 40 else { return nil }
    var scope = text
    var assignments: [Step.Assignment] = []
    for statement in statements {
      guard !Self.controls(bytes, statement) else { return nil }
      let (name, range) = Self.binding(bytes, statement)
      if let name {
        scope.locals[name] = scope.value(script, bytes, range).bounded
      } else if let (variable, value) = scope.written(by: script, bytes, statement) {
        let place = text.location(script.fileRange(ofText: statement))
        assignments.append(.init(BPMNText.variable(variable), value: value, at: place))
      }
    }
    return assignments
  }

  private static let controlWords: Set<String> = [
    "if", "else", "for", "while", "do", "try", "throw", "switch", "return", "function", "import",
  ]

  /// Whether the statement is more than a call or a binding.
  private static func controls(_ bytes: [UInt8], _ statement: ByteRange) -> Bool {
    var start = statement.start
    while start < statement.end, bytes[start] <= 32 { start += 1 }
    var end = start
    while end < statement.end, isWord(bytes[end]) { end += 1 }
    let word = String(decoding: bytes[start..<end], as: UTF8.self)
    return controlWords.contains(word) || bytes[start..<statement.end].contains(UInt8(ascii: "{"))
  }

  /// Cuts at line ends and semicolons outside of quotes and brackets.
  private static func statements(_ bytes: [UInt8]) -> [ByteRange] {
    var statements: [ByteRange] = []
    var start = 0
    var depth = 0
    var quote: UInt8 = 0
    for (index, byte) in bytes.enumerated() {
      if quote != 0 {
        if byte == quote { quote = 0 }
        continue
      }
      switch byte {
      case UInt8(ascii: "'"), UInt8(ascii: "\""): quote = byte
      case UInt8(ascii: "("), UInt8(ascii: "["), UInt8(ascii: "{"): depth += 1
      case UInt8(ascii: ")"), UInt8(ascii: "]"), UInt8(ascii: "}"): depth -= 1
      case UInt8(ascii: ";"), 10:
        if depth <= 0 {
          statements.append(ByteRange(start, index))
          start = index + 1
        }
      default: break
      }
    }
    statements.append(ByteRange(start, bytes.count))
    return statements.filter { range in bytes[range.start..<range.end].contains { $0 > 32 } }
  }

  /// `def name = value`, `return value`, or a value.
  private static func binding(
    _ bytes: [UInt8], _ statement: ByteRange
  ) -> (name: String?, value: ByteRange) {
    var position = statement.start
    func word() -> (text: String, end: Int) {
      var start = position
      while start < statement.end, bytes[start] <= 32 { start += 1 }
      var end = start
      while end < statement.end, isWord(bytes[end]) { end += 1 }
      return (String(decoding: bytes[start..<end], as: UTF8.self), end)
    }
    let first = word()
    if first.text == "return" { return (nil, ByteRange(first.end, statement.end)) }
    guard declarations.contains(first.text) else { return (nil, statement) }
    position = first.end
    let name = word()
    position = name.end
    while position < statement.end, bytes[position] <= 32 { position += 1 }
    guard position < statement.end, bytes[position] == UInt8(ascii: "="), !name.text.isEmpty else {
      return (nil, statement)
    }
    return (name.text, ByteRange(position + 1, statement.end))
  }

  private static func isWord(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
      || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || byte == UInt8(ascii: "_")
  }
}

extension Value {
  /// The value, or only what it reads where it has grown too large to be put into others.
  var bounded: Value { isLarge ? .unknown(Array(references.prefix(64))) : self }
}
