import Expressions
import SourceText

/// Reads runtime expressions: jq, bare or in `${ }`.
struct RuntimeExpression {
  let path: String
  /// What `.` is to an expression at this place.
  let input: (SourceLocation) -> Value
  /// What `$name` stands for at this place.
  let variables: (SourceLocation) -> [String: Value]

  private func location(_ node: Node) -> SourceLocation {
    SourceLocation(path: path, range: node.range)
  }

  private func program(_ text: String, at location: SourceLocation) -> JqProgram {
    JqProgram(
      text, input: input(location), variables: variables(location), location: location)
  }

  /// What the code between `${` and `}` is, where the text is nothing but that.
  private static func stripped(_ text: String) -> String? {
    let bytes = Array(text.utf8)
    let holes = TextHoles.find(in: bytes, opening: "${", quotes: "\"")
    guard holes.count == 1, let hole = holes.first,
      bytes[..<hole.whole.start].allSatisfy({ $0 <= 32 }),
      bytes[hole.whole.end...].allSatisfy({ $0 <= 32 })
    else { return nil }
    return String(decoding: bytes[hole.code.start..<hole.code.end], as: UTF8.self)
  }

  /// A field that is an expression whether or not `${ }` stands round it.
  func expression(_ node: Node) -> Value {
    guard let text = node.text else { return tree.value(node) }
    return program(Self.stripped(text) ?? text, at: location(node)).value
  }

  /// A field that decides.
  func condition(_ node: Node) -> Condition {
    guard let text = node.text else { return .unknown([]) }
    return program(Self.stripped(text) ?? text, at: location(node)).holds
  }

  /// A text that is literal outside of `${ }`.
  func text(_ node: Node) -> Value {
    guard let text = node.text else { return .unknown([]) }
    guard text.utf8.contains(UInt8(ascii: "$")) else { return .literal(text) }
    if let code = Self.stripped(text) { return program(code, at: location(node)).value }
    let bytes = Array(text.utf8)
    let holes = TextHoles.find(in: bytes, opening: "${", quotes: "\"")
    guard !holes.isEmpty else { return .literal(text) }
    let parts = TextHoles.parts(of: bytes, around: holes.map(\.whole)) { index in
      let hole = holes[index]
      let code = String(decoding: bytes[hole.code.start..<hole.code.end], as: UTF8.self)
      let place = SourceLocation(path: path, range: node.fileRange(ofText: hole.whole))
      return .text(program(code, at: place).value, null: "null")
    }
    return .template(parts)
  }

  /// An address: a text, or a template in which `{name}` is a field of the input (RFC 6570).
  func address(_ node: Node) -> Value {
    guard let text = node.text, !text.holds("${") else { return self.text(node) }
    return address(text, at: location(node)) { node.fileRange(ofText: $0) }
  }

  /// An address that stands elsewhere, used at `place`.
  func address(_ text: String, at place: SourceLocation) -> Value {
    address(text, at: place) { _ in place.range }
  }

  private func address(
    _ text: String, at place: SourceLocation, range: (ByteRange) -> ByteRange
  ) -> Value {
    guard text.utf8.contains(UInt8(ascii: "{")) else { return .literal(text) }
    let bytes = Array(text.utf8)
    let holes = TextHoles.find(in: bytes, opening: "{", quotes: "")
    let parts = TextHoles.parts(of: bytes, around: holes.map(\.whole)) { index in
      let hole = holes[index]
      let name = String(decoding: bytes[hole.code.start..<hole.code.end], as: UTF8.self)
      let here = SourceLocation(path: path, range: range(hole.whole))
      let fields = name.drop { "+#./;?&".contains($0) }.parts(by: ".")
      return .text(input(here).selecting(fields.map { .field(String($0)) }), null: "")
    }
    return parts.count == 1 ? parts[0] : .template(parts)
  }

  /// Parameters: literal outside of `${ }`.
  var tree: ParameterTree { ParameterTree(path: path, scalar: text) }
}
