import SourceText

/// Text that CloudFormation functions stand for: `!Ref x`, `Fn::Sub`, `Fn::Join`.
enum CloudFormationText {
  /// The text of a function as `${Name}` templates, `nil` where the node is no function.
  static func text(of node: Node) -> String? {
    let node = node.resolved
    if let tag = node.tag, tag.hasPrefix("!"), !tag.hasPrefix("!!") {
      return text(of: String(tag.dropFirst()), node)
    }
    guard case .mapping(let entries) = node.content, entries.count == 1,
      let key = entries[0].key.text
    else { return nil }
    if key == "Ref" { return text(of: key, entries[0].value) }
    guard key.hasPrefix("Fn::") else { return nil }
    return text(of: String(key.dropFirst(4)), entries[0].value)
  }

  private static func text(of function: String, _ argument: Node) -> String {
    let parts = argument.items
    switch function {
    case "Ref":
      return "${\(argument.text ?? "")}"
    case "GetAtt":
      let name = argument.text ?? parts.compactMap(\.text).joined(separator: ".")
      return "${\(name)}"
    case "Sub":
      return argument.text ?? parts.first?.text ?? ""
    case "Join":
      guard parts.count == 2 else { return "" }
      let pieces = parts[1].items.map { Self.text(of: $0) ?? $0.text ?? "" }
      return pieces.joined(separator: parts[0].text ?? "")
    default:
      return argument.text ?? "${\(function)}"
    }
  }

  /// Puts known values in the place of `${Name}`.
  static func substituting(_ values: [String: String], in text: String) -> String {
    guard !values.isEmpty, text.utf8.contains(UInt8(ascii: "$")) else { return text }
    let bytes = Array(text.utf8)
    var result: [UInt8] = []
    var index = 0
    while index < bytes.count {
      if bytes[index] == UInt8(ascii: "$"), index + 1 < bytes.count,
        bytes[index + 1] == UInt8(ascii: "{"),
        let close = bytes[index...].firstIndex(of: UInt8(ascii: "}")),
        let value = values[String(decoding: bytes[(index + 2)..<close], as: UTF8.self)]
      {
        result += Array(value.utf8)
        index = close + 1
      } else {
        result.append(bytes[index])
        index += 1
      }
    }
    return String(decoding: result, as: UTF8.self)
  }
}
