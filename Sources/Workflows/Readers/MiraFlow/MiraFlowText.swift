import Expressions
import SourceText

/// The two templates of a flow: `${stage.output}` where stages are wired, `{input}` inside prompts.
struct MiraFlowText {
  let path: String
  let stages: Set<String>

  /// A `${…}` as written.
  struct Wire {
    var text: String
    var path: [String]
    var range: ByteRange
  }

  /// What a wired text reads, and every wire in it.
  func wired(_ node: Node) -> (value: Value, wires: [Wire]) {
    guard let text = node.text else { return (.null, []) }
    let bytes = Array(text.utf8)
    var parts: [Value] = []
    var wires: [Wire] = []
    var literal = 0
    var index = 0
    func flush(_ end: Int) {
      if end > literal {
        parts.append(.literal(String(decoding: bytes[literal..<end], as: UTF8.self)))
      }
    }
    while index < bytes.count {
      if let wire = wire(bytes, at: index, of: node) {
        let end = index + wire.length
        if let value = value(of: wire.wire, at: node) {
          flush(index)
          parts.append(value)
          literal = end
        }
        wires.append(wire.wire)
        index = end
      } else {
        index += 1
      }
    }
    flush(bytes.count)
    if parts.count == 1 { return (parts[0], wires) }
    return (parts.isEmpty ? .literal("") : .template(parts), wires)
  }

  /// `${a.b}` at this byte; `${{a}}` is an escape.
  private func wire(_ bytes: [UInt8], at start: Int, of node: Node) -> (wire: Wire, length: Int)? {
    guard bytes[start] == UInt8(ascii: "$"), start + 2 < bytes.count,
      bytes[start + 1] == UInt8(ascii: "{"), bytes[start + 2] != UInt8(ascii: "{"),
      let close = bytes[start...].prefix(300).firstIndex(of: UInt8(ascii: "}"))
    else { return nil }
    let inner = String(decoding: bytes[start + 2..<close], as: UTF8.self)
    let names = inner.split(separator: ".", omittingEmptySubsequences: false).map {
      guard $0.utf8.contains(UInt8(ascii: " ")) else { return String($0) }
      return String($0.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
    }
    guard names.allSatisfy({ !$0.isEmpty && $0.utf8.allSatisfy(Self.isNameByte) }) else {
      return nil
    }
    let range = node.fileRange(ofText: ByteRange(start, close + 1))
    let text = String(decoding: bytes[start...close], as: UTF8.self)
    return (Wire(text: text, path: names, range: range), close + 1 - start)
  }

  private static func isNameByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"), 0x80...:
      true
    default: false
    }
  }

  private func value(of wire: Wire, at node: Node) -> Value? {
    let location = SourceLocation(path: path, range: wire.range)
    guard let first = wire.path.first else { return nil }
    if first == "inputs", wire.path.count > 1 {
      let fields = wire.path.dropFirst().map { PathComponent.field($0) }
      return .reference(Reference(Variable("inputs"), path: fields, at: location))
    }
    guard stages.contains(first) else { return nil }
    // A stage has one output; the documentation spells it in the plural, too.
    var fields = wire.path.dropFirst().map { PathComponent.field($0) }
    if fields.isEmpty || fields[0] == .field("outputs") {
      fields = [.field("output")] + fields.dropFirst()
    }
    return .reference(Reference(Variable("stage:" + first), path: Array(fields), at: location))
  }

  /// A prompt with its inputs put in; `{{x}}` stays text, as does a name that is no input.
  func prompt(_ node: Node, inputs: [String: Value]) -> Value {
    guard let text = node.text else { return .null }
    let bytes = Array(text.utf8)
    var parts: [Value] = []
    var literal = 0
    var index = 0
    func flush(_ end: Int) {
      if end > literal {
        parts.append(.literal(String(decoding: bytes[literal..<end], as: UTF8.self)))
      }
    }
    while index < bytes.count {
      guard bytes[index] == UInt8(ascii: "{") else {
        index += 1
        continue
      }
      if index + 1 < bytes.count, bytes[index + 1] == UInt8(ascii: "{") {
        while index < bytes.count, bytes[index] == UInt8(ascii: "{") { index += 1 }
        continue
      }
      let isWire = index > 0 && bytes[index - 1] == UInt8(ascii: "$")
      guard let close = bytes[index...].prefix(200).firstIndex(of: UInt8(ascii: "}")) else {
        index += 1
        continue
      }
      let name = String(decoding: bytes[index + 1..<close], as: UTF8.self)
      let range = node.fileRange(ofText: ByteRange(index, close + 1))
      let known: Value?
      if isWire {
        let path = name.parts(by: ".").map(String.init)
        known =
          path.count == 2 && stages.contains(path[0])
          ? value(of: Wire(text: name, path: path, range: range), at: node) : nil
      } else {
        known = inputs[name].map { placed($0, range) }
      }
      if let known {
        flush(isWire ? index - 1 : index)
        parts.append(known)
        literal = close + 1
        index = close + 1
      } else {
        index += 1
      }
    }
    flush(bytes.count)
    return parts.count == 1 ? parts[0] : .template(parts)
  }

  /// A read stands where the prompt names its input.
  private func placed(_ value: Value, _ range: ByteRange) -> Value {
    guard case .reference(var reference) = value else { return value }
    reference.location = SourceLocation(path: path, range: range)
    return .reference(reference)
  }

  static func modelName(_ model: Node) -> String {
    let parts = [model["provider"]?.text, model["name"]?.text].compactMap { $0 }
    return parts.isEmpty ? model.text ?? "model" : parts.joined(separator: "/")
  }
}
