import SourceText

/// A small structure that is put into a definition, in the layout that the definition has.
indirect enum InsertedText {
  case text(String)
  /// As written.
  case number(String)
  case boolean(Bool)
  case fields([Field])
  case list([InsertedText])

  struct Field {
    var name: String
    var value: InsertedText
  }

  static func record(_ pairs: [(String, InsertedText)]) -> InsertedText {
    .fields(pairs.map { Field(name: $0.0, value: $0.1) })
  }

  /// How the lines around it are laid out; `nil` where everything stands on one line.
  struct Layout {
    var indentation: String
    var unit: String
    var lineEnd: String

    var inner: Layout {
      Layout(indentation: indentation + unit, unit: unit, lineEnd: lineEnd)
    }
  }

  func json(_ layout: Layout?) -> String {
    switch self {
    case .text(let text): return Self.quoted(text)
    case .number(let number): return number
    case .boolean(let value): return value ? "true" : "false"
    case .fields(let fields):
      return bracketed(
        "{", "}", layout,
        fields.map { "\(Self.quoted($0.name)): \($0.value.json(layout?.inner))" })
    case .list(let items):
      return bracketed("[", "]", layout, items.map { $0.json(layout?.inner) })
    }
  }

  private func bracketed(
    _ open: String, _ close: String, _ layout: Layout?, _ parts: [String]
  ) -> String {
    guard !parts.isEmpty else { return open + close }
    guard let layout, !isShort else {
      let space = open == "[" ? "" : " "
      return open + space + parts.joined(separator: ", ") + space + close
    }
    let line = layout.lineEnd + layout.inner.indentation
    return open + line + parts.joined(separator: "," + line) + layout.lineEnd
      + layout.indentation + close
  }

  /// Whether it reads well on one line: a few plain values.
  private var isShort: Bool {
    switch self {
    case .text, .number, .boolean: true
    case .fields(let fields):
      fields.count <= 3
        && fields.allSatisfy { field in
          if case .text(let text) = field.value {
            text.utf8.count < 60
          } else {
            field.value.isScalar
          }
        } && fields.contains { !$0.value.isText }
    case .list(let items): items.count <= 4 && items.allSatisfy(\.isNumber)
    }
  }

  private var isNumber: Bool { if case .number = self { true } else { false } }
  private var isText: Bool { if case .text = self { true } else { false } }
  private var isScalar: Bool {
    switch self {
    case .text, .number, .boolean: true
    case .fields, .list: false
    }
  }

  /// The lines of a YAML block; the first one goes where the layout's indentation ends.
  func yaml(_ layout: Layout) -> [String] {
    switch self {
    case .text(let text): return [Self.yamlScalar(text)]
    case .number(let number): return [number]
    case .boolean(let value): return [value ? "true" : "false"]
    case .fields(let fields):
      return fields.flatMap { field -> [String] in
        let key = Self.yamlScalar(field.name) + ":"
        let lines = field.value.yaml(layout)
        if field.value.isScalar { return ["\(key) \(lines[0])"] }
        return [key] + lines.map { layout.unit + $0 }
      }
    case .list(let items):
      return items.flatMap { item in
        item.yaml(layout).enumerated().map { ($0.offset == 0 ? "- " : "  ") + $0.element }
      }
    }
  }

  /// A JSON text.
  static func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      case "\r": result += "\\r"
      case "\t": result += "\\t"
      case "\u{0}"..."\u{1f}", "\u{7f}":
        let digits = String(scalar.value, radix: 16)
        result += "\\u" + String(repeating: "0", count: 4 - digits.utf8.count) + digits
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }

  /// A YAML scalar that is read as this text: plain where nobody can misread it.
  static func yamlScalar(_ text: String) -> String {
    let isWord = text.unicodeScalars.allSatisfy { scalar in
      ("a"..."z").contains(scalar) || ("A"..."Z").contains(scalar)
        || ("0"..."9").contains(scalar) || " _-./$()".unicodeScalars.contains(scalar)
    }
    let begins = text.unicodeScalars.first.map {
      ("a"..."z").contains($0) || ("A"..."Z").contains($0) || $0 == "$"
    }
    let meansOther: Set<String> = ["true", "false", "null", "yes", "no", "on", "off", "y", "n"]
    if isWord, begins == true, text.last != " ", !meansOther.contains(text.lowercased()) {
      return text
    }
    return quoted(text)
  }

  /// The text in the quotes that a scalar stands in.
  static func scalar(_ text: String, as style: Scalar.Style, isJSON: Bool) -> String? {
    switch style {
    case .doubleQuoted: return quoted(text)
    case .singleQuoted:
      if text.unicodeScalars.contains(where: { $0.value < 0x20 }) { return nil }
      return "'"
        + text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "''") + "'"
    case .plain: return isJSON ? nil : yamlScalar(text)
    case .literal, .folded: return nil
    }
  }
}
