import Expressions
import SourceText

/// Expressions of a process: `${…}` of Camunda 7 and Flowable, `=…` of Zeebe, Java of jBPM.
struct BPMNText {
  let path: String
  /// Names that a task has for itself, before those of the process.
  var locals: [String: Value] = [:]

  func location(_ range: ByteRange) -> SourceLocation { SourceLocation(path: path, range: range) }

  static func variable(_ name: String) -> Variable { Variable("process:" + name) }

  private func translator(_ dialect: FormulaDialect, for scalar: Node) -> FormulaTranslator {
    let path = path
    let locals = locals
    return FormulaTranslator(
      dialect, locate: { SourceLocation(path: path, range: scalar.fileRange(ofText: $0)) },
      resolve: { name, place in
        if let local = locals[name] { return local }
        return Self.isEngine(name) ? nil : .reference(Reference(Self.variable(name), at: place))
      },
      call: { name, _, given, place in
        switch name {
        case "getVariable", "getVariableLocal", "getVariableTyped":
          guard case .literal(let variable)? = given.first else { return .unknown([]) }
          return locals[variable] ?? .reference(Reference(Self.variable(variable), at: place))
        case "now", "today", "random", "uuid", "dateTime": return .unknown([])
        default: return nil
        }
      })
  }

  private static func isEngine(_ name: String) -> Bool {
    ["execution", "task", "kcontext", "authenticatedUserId", "camunda", "connector"].contains(name)
  }

  /// What a text of Camunda 7 holds: `${…}` and `#{…}` are computed.
  func juel(_ node: Node?) -> Value {
    guard let node, let text = node.text else { return .literal("") }
    let bytes = Array(text.utf8)
    let holes = Self.holes(bytes)
    let translator = translator(.juel, for: node)
    func value(_ range: ByteRange) -> Value {
      translator.value(FormulaParser.parse(bytes, in: range, as: .juel))
    }
    if holes.isEmpty { return .literal(text) }
    if holes.count == 1, holes[0] == ByteRange(0, bytes.count) {
      return value(ByteRange(2, bytes.count - 1))
    }
    let parts = TextHoles.parts(of: bytes, around: holes) { index in
      .text(value(ByteRange(holes[index].start + 2, holes[index].end - 1)), null: "")
    }
    return .template(parts)
  }

  /// What a mapping of Zeebe holds: FEEL behind `=`, anything else as it stands.
  func feel(_ node: Node?) -> Value {
    guard let node, let text = node.text else { return .literal("") }
    guard text.hasPrefix("=") else {
      return text.holds("${") || text.holds("#{") ? juel(node) : .literal(text)
    }
    let bytes = Array(text.utf8)
    return translator(.feel, for: node).value(
      FormulaParser.parse(bytes, in: ByteRange(1, bytes.count), as: .feel))
  }

  /// What a text decides, in whichever language it is written.
  func condition(_ node: Node, language: String = "") -> Condition {
    let text = node.text ?? ""
    let bytes = Array(text.utf8)
    let holes = Self.holes(bytes)
    if holes.count == 1, holes[0] == ByteRange(0, bytes.count) {
      return decided(bytes, ByteRange(2, bytes.count - 1), .juel, node)
    }
    if text.hasPrefix("=") { return decided(bytes, ByteRange(1, bytes.count), .feel, node) }
    // A share of cases, for a simulation.
    if Double(text) != nil { return .unknown([]) }
    if text.hasPrefix("return") {
      return decided(bytes, ByteRange(6, bytes.count), .juel, node)
    }
    if language.lowercased().holds("java") || language.lowercased().holds("mvel") {
      return decided(bytes, ByteRange(0, bytes.count), .juel, node)
    }
    return decided(bytes, ByteRange(0, bytes.count), .feel, node)
  }

  /// What a part of a script gives.
  func value(_ script: Node, _ bytes: [UInt8], _ range: ByteRange) -> Value {
    translator(.juel, for: script).value(FormulaParser.parse(bytes, in: range, as: .juel))
  }

  /// What an expression that only calls a method calls, and with what (`${mailer.send(text)}`).
  func called(by node: Node) -> (name: String, arguments: [Value])? {
    let bytes = Array((node.text ?? "").utf8)
    guard let hole = Self.holes(bytes).first, hole == ByteRange(0, bytes.count) else { return nil }
    let range = ByteRange(2, bytes.count - 1)
    let formula = FormulaParser.parse(bytes, in: range, as: .juel)
    guard case .call(let callee, let arguments) = formula.form,
      case .member(let object, let method) = callee.form, case .name(let bean) = object.form
    else { return nil }
    let translator = translator(.juel, for: node)
    return (bean + "." + method, arguments.map(translator.value))
  }

  /// The variable that a statement of a script sets (`execution.setVariable("x", y)`).
  func written(
    by script: Node, _ bytes: [UInt8], _ range: ByteRange
  ) -> (name: String, value: Value)? {
    let formula = FormulaParser.parse(bytes, in: range, as: .juel)
    guard case .call(let callee, let arguments) = formula.form, arguments.count > 1,
      case .member(_, let method) = callee.form, method.hasPrefix("setVariable"),
      case .text(let name) = arguments[0].form
    else { return nil }
    return (name, translator(.juel, for: script).value(arguments[1]))
  }

  private func decided(
    _ bytes: [UInt8], _ range: ByteRange, _ dialect: FormulaDialect, _ node: Node
  ) -> Condition {
    translator(dialect, for: node).condition(
      FormulaParser.parse(bytes, in: range, as: dialect))
  }

  /// Each `${…}` or `#{…}`, with its marks.
  private static func holes(_ bytes: [UInt8]) -> [ByteRange] {
    var holes: [ByteRange] = []
    var index = 0
    while index + 2 < bytes.count {
      guard bytes[index] == UInt8(ascii: "$") || bytes[index] == UInt8(ascii: "#"),
        bytes[index + 1] == UInt8(ascii: "{")
      else {
        index += 1
        continue
      }
      guard let end = close(bytes, from: index + 2) else { break }
      holes.append(ByteRange(index, end + 1))
      index = end + 1
    }
    return holes
  }

  private static func close(_ bytes: [UInt8], from start: Int) -> Int? {
    var depth = 0
    var quote: UInt8 = 0
    var first: Int?
    for index in start..<bytes.count {
      let byte = bytes[index]
      if byte == UInt8(ascii: "}") {
        first = first ?? index
        if quote == 0, depth == 0 { return index }
      }
      // A quote that never ends must not swallow the rest.
      if let first, index > first + 4096 { return first }
      if quote != 0 {
        if byte == quote { quote = 0 }
      } else {
        switch byte {
        case UInt8(ascii: "'"), UInt8(ascii: "\""): quote = byte
        case UInt8(ascii: "{"): depth += 1
        case UInt8(ascii: "}"): depth -= 1
        default: break
        }
      }
    }
    return first
  }
}
