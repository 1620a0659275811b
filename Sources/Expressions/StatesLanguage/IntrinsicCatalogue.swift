/// What each intrinsic function of the States Language does to data.
enum IntrinsicCatalogue {
  /// Every function's name, for suggestions.
  static let names = [
    "States.Array", "States.ArrayContains", "States.ArrayGetItem", "States.ArrayLength",
    "States.ArrayPartition", "States.ArrayRange", "States.ArrayUnique", "States.Base64Decode",
    "States.Base64Encode", "States.Format", "States.Hash", "States.JsonMerge",
    "States.JsonToString", "States.MathAdd", "States.MathRandom", "States.StringSplit",
    "States.StringToJson", "States.UUID",
  ]

  /// The call's value, `nil` where no such function exists.
  static func value(
    of name: String, _ arguments: [Value], at location: SourceLocation
  ) -> Value? {
    let first = arguments.first ?? .null
    switch name {
    case "States.Format":
      return format(arguments)
    case "States.StringToJson":
      // Parsing moves the same data: a path below it is a path into the text's document.
      return first
    case "States.JsonToString":
      return .text(first, null: "null")
    case "States.Array":
      return .list(arguments)
    case "States.ArrayGetItem":
      guard arguments.count > 1, case .literal(let index) = arguments[1], let index = Int(index)
      else { return first.selecting([.some], at: location) }
      return first.selecting([.index(index)], at: location)
    case "States.ArrayLength":
      return .length(first)
    case "States.ArrayContains":
      let test = Test(
        first, .contains, Array(arguments.dropFirst()), semantics: .strict, at: location)
      return .conditional(.test(test), .literal("true"), .literal("false"))
    case "States.JsonMerge":
      return .merged(Array(arguments.prefix(2)))
    case "States.UUID":
      return .unknown([])
    case "States.ArrayPartition", "States.ArrayUnique", "States.Base64Decode",
      "States.Base64Encode", "States.Hash", "States.StringSplit":
      return .converted(name, first)
    case "States.ArrayRange", "States.MathAdd", "States.MathRandom":
      return .converted(name, .list(arguments))
    default:
      return nil
    }
  }

  /// `{}` stands for the next argument; `\{` and `\}` are braces.
  private static func format(_ arguments: [Value]) -> Value {
    guard let first = arguments.first else { return .literal("") }
    let inserted = arguments.dropFirst().map { $0.asText(null: "null") }
    guard case .literal(let pattern) = first else {
      return .template([first.asText(null: "null")] + inserted)
    }
    var parts: [Value] = []
    var literal: [UInt8] = []
    var next = inserted.startIndex
    let bytes = Array(pattern.utf8)
    var index = 0
    while index < bytes.count {
      let byte = bytes[index]
      let following = index + 1 < bytes.count ? bytes[index + 1] : nil
      if byte == UInt8(ascii: "\\"),
        following == UInt8(ascii: "{") || following == UInt8(ascii: "}")
      {
        literal.append(bytes[index + 1])
        index += 2
      } else if byte == UInt8(ascii: "{"), following == UInt8(ascii: "}"),
        next < inserted.endIndex
      {
        if !literal.isEmpty { parts.append(.literal(String(decoding: literal, as: UTF8.self))) }
        literal = []
        parts.append(inserted[next])
        next += 1
        index += 2
      } else {
        literal.append(byte)
        index += 1
      }
    }
    if !literal.isEmpty { parts.append(.literal(String(decoding: literal, as: UTF8.self))) }
    return .template(parts)
  }
}

extension Value {
  /// The value rendered to text; text stays as it is.
  func asText(null: String) -> Value {
    switch self {
    case .literal, .text, .template: self
    default: .text(self, null: null)
    }
  }

  /// Objects laid over each other, the last on top.
  static func merged(_ objects: [Value]) -> Value { .converted(merging, .list(objects)) }
}
