package import SourceText

extension Shape where Value == String {
  /// Text that is not empty.
  package static var text: Shape {
    Shape(schema: ["type": "string", "minLength": 1]) { node, reading in
      guard let text = node.text, !node.isNull, !text.isEmpty else {
        reading.expected("text", at: node)
        return nil
      }
      return text
    }
  }

  /// The literal text of any scalar, as values of arguments are written: `true`, `2`, `sendAndWait`.
  package static var scalarText: Shape {
    Shape(
      schema: ["type": .array(["string", "number", "boolean", "null"])]
    ) { node, reading in
      guard let text = node.text else {
        reading.expected("a value", at: node)
        return nil
      }
      return node.isNull ? "null" : text
    }
  }
}

extension Shape where Value == Bool {
  /// `true` or `false`.
  package static var flag: Shape {
    Shape(schema: ["type": "boolean"]) { node, reading in
      switch node.literal {
      case .bool(let value): return value
      case .text(let text):
        let hint =
          ["yes", "on", "no", "off"].contains(text.lowercased()) ? "write it as one of them" : ""
        reading.expected("`true` or `false`", hint: hint, at: node)
        return nil
      case .null, .number, nil:
        reading.expected("`true` or `false`", at: node)
        return nil
      }
    }
  }
}

extension Shape where Value == Double {
  /// A number.
  package static var number: Shape {
    Shape(schema: ["type": "number"]) { node, reading in
      if case .number(let value) = node.literal { return value }
      reading.expected("a number", at: node)
      return nil
    }
  }

  /// A share of a whole: `2/3`, `0.67` or `67%`.
  package static var share: Shape {
    Shape(
      schema: [
        "type": .array(["number", "string"]), "minimum": 0, "maximum": 1,
        "pattern": #"^([0-9]+/[0-9]+|[0-9.]+%?)$"#,
      ]
    ) { node, reading in
      guard let share = node.text.flatMap(shareNumber), (0...1).contains(share) else {
        reading.expected("a share such as `2/3`, `0.67` or `67%`", at: node)
        return nil
      }
      return share
    }
  }

  /// A length of time in seconds: `120`, `120s`, `2m`, `500ms`.
  package static var seconds: Shape {
    Shape(
      schema: [
        "type": .array(["number", "string"]), "minimum": 0,
        "pattern": #"^[0-9.]+ ?(ms|s|m|min|h|d)?$"#,
      ]
    ) { node, reading in
      guard let seconds = node.text.flatMap(durationSeconds), seconds >= 0 else {
        reading.expected("a length of time such as `500ms`, `3s` or `2m`", at: node)
        return nil
      }
      return seconds
    }
  }
}

extension Shape {
  /// One word of a closed list.
  package static func choice(_ what: String) -> Shape
  where Value: RawRepresentable & CaseIterable, Value.RawValue == String {
    let words = Value.allCases.map(\.rawValue)
    return Shape<String>.word(what, of: words).then { word, _, _ in Value(rawValue: word) }
  }
}

extension Shape where Value == String {
  /// One word of a list that the caller gives.
  package static func word(_ what: String, of words: [String]) -> Shape {
    let schema: JSON = ["enum": .array(words.map(JSON.string))]
    return Shape(schema: schema) { node, reading in
      guard let text = node.text, !node.isNull else {
        reading.expected("\(what) (\(words.listed))", at: node)
        return nil
      }
      if words.contains(text) { return text }
      let hint = Closeness.suggestion(for: text, among: words) ?? "it is one of \(words.listed)"
      reading.report("`\(text)` is not \(what)", hint: hint, at: node)
      return nil
    }
  }
}

extension Shape where Value == VerificationProtocol.Literal {
  /// Null, a boolean, a number or text, told apart as YAML's core schema does.
  package static var literal: Shape {
    Shape(
      schema: ["type": .array(["string", "number", "boolean", "null"])]
    ) { node, reading in
      guard let literal = node.literal else {
        reading.expected("text, a number, `true`, `false` or `null`", at: node)
        return nil
      }
      return literal
    }
  }
}

extension Node {
  /// A scalar's value, `nil` for a list or a mapping.
  package var literal: VerificationProtocol.Literal? {
    guard case .scalar(let scalar) = resolved.content else { return nil }
    if isNull { return .null }
    guard scalar.style == .plain, resolved.tag != "!!str" else { return .text(scalar.text) }
    switch scalar.text {
    case "true", "True", "TRUE": return .bool(true)
    case "false", "False", "FALSE": return .bool(false)
    default: return decimal(scalar.text).map { .number($0) } ?? .text(scalar.text)
    }
  }
}

/// A finite decimal number; no hexadecimal, no infinity.
func decimal(_ text: some StringProtocol) -> Double? {
  guard text.utf8.contains(where: { (0x30...0x39).contains($0) }),
    text.utf8.allSatisfy({ "+-.0123456789eE".utf8.contains($0) }),
    let number = Double(text), number.isFinite
  else { return nil }
  return number
}

private func shareNumber(_ text: String) -> Double? {
  let parts = text.split(separator: "/", omittingEmptySubsequences: false)
  if parts.count == 2, let over = decimal(parts[0]), let under = decimal(parts[1]), under > 0 {
    return over / under
  }
  if text.hasSuffix("%") { return decimal(text.dropLast()).map { $0 / 100 } }
  return decimal(text)
}

/// A length of time in seconds: `120`, `120s`, `2m`, `10min`, `500ms`, `1d`; `nil` for anything else.
package func durationSeconds(_ text: String) -> Double? {
  let units: [(suffix: String, seconds: Double)] = [
    ("ms", 0.001), ("min", 60), ("s", 1), ("m", 60), ("h", 3600), ("d", 86_400), ("", 1),
  ]
  for unit in units where text.hasSuffix(unit.suffix) {
    let amount = text.dropLast(unit.suffix.count)
    return decimal(amount.last == " " ? amount.dropLast() : amount).map { $0 * unit.seconds }
  }
  return nil
}
