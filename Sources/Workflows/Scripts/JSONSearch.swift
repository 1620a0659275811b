import Expressions

/// A search for a member in the text of a JSON document: `grep '"cert_hash":"'`, `sed 's/.*"cert_hash":"\([^"]*\)".*/\1/'`.
///
/// Whoever has no jq reads a field like this; what is asked is the field, not the text around it.
struct JSONSearch {
  var field: String
  /// What must stand behind the colon, as an extended regular expression; empty for anything.
  private var rest: String

  /// - Parameter pattern: A fixed text or an extended regular expression.
  init?(_ pattern: String) {
    var text = pattern[...]
    for lead in ["^", ".*", "{", "[", ","] where text.hasPrefix(lead) {
      text = text.dropFirst(lead.count)
    }
    guard Self.takeQuote(&text) else { return nil }
    let name = text.prefix { $0 == "_" || $0 == "-" || $0.isLetter || $0.isNumber }
    text = text.dropFirst(name.count)
    guard !name.isEmpty, Self.takeQuote(&text) else { return nil }
    Self.takeSpace(&text)
    guard text.first == ":" else { return nil }
    text.removeFirst()
    Self.takeSpace(&text)
    field = String(name)
    rest = String(text)
  }

  private static func takeQuote(_ text: inout Substring) -> Bool {
    if text.hasPrefix("\\\"") {
      text = text.dropFirst(2)
    } else if text.hasPrefix("\"") {
      text = text.dropFirst()
    } else {
      return false
    }
    return true
  }

  /// ` *`, `\s*`, `[[:space:]]*`, ` ?`, or a space as it stands.
  private static func takeSpace(_ text: inout Substring) {
    for space in ["[[:space:]]", "[[:blank:]]", "\\s", "[ ]", " "] where text.hasPrefix(space) {
      text = text.dropFirst(space.count)
      if let count = text.first, "*+?".contains(count) { text = text.dropFirst() }
      return
    }
  }

  /// Whether only a text matches: null and numbers have no quotes.
  var asksForText: Bool {
    var rest = rest[...]
    if rest.hasPrefix("(") { rest = rest.dropFirst() }
    return Self.takeQuote(&rest)
  }

  /// When the document has such a member.
  func condition(
    of data: Value, _ test: (Value, Test.Comparison, [Value]) -> Condition
  ) -> Condition {
    let value = data.selecting([.field(field)])
    guard asksForText else {
      if rest.isEmpty { return test(value, .isPresent, []) }
      let word = rest.prefix { $0.isLetter || $0.isNumber }
      return word.count == rest.count
        ? test(.text(value, null: "null"), .equal, [.literal(String(word))])
        : test(.text(value, null: "null"), .matchesRegularExpression, [.literal("^" + rest)])
    }
    var inner = rest[...]
    if inner.hasPrefix("(") { return test(value, .isText, []) }
    _ = Self.takeQuote(&inner)
    if inner.isEmpty || inner.hasPrefix("[^\"]*") || inner.hasPrefix(".*") {
      return test(value, .isText, [])
    }
    var end = inner
    if end.hasSuffix("\\\"") {
      end = end.dropLast(2)
    } else if end.hasSuffix("\"") {
      end = end.dropLast()
    }
    let word = end.prefix { $0 == "_" || $0 == "-" || $0 == " " || $0.isLetter || $0.isNumber }
    if word.count == end.count, end.count < inner.count {
      return test(.text(value, null: ""), .equal, [.literal(String(end))])
    }
    let expression = "^" + end + (end.count < inner.count ? "$" : "")
    return test(.text(value, null: ""), .matchesRegularExpression, [.literal(expression)])
  }

  /// What a search for the member prints; nothing where it is not there.
  func printed(from data: Value) -> Value? {
    asksForText ? .text(data.selecting([.field(field)]), null: "") : nil
  }

  /// The member that a substitution of `sed` leaves of its line; `nil` where it leaves anything else.
  init?(substitution program: String) {
    guard program.hasPrefix("s"), let mark = program.dropFirst().first else { return nil }
    let parts = program.dropFirst(2).split(
      separator: mark, maxSplits: 2, omittingEmptySubsequences: false)
    guard parts.count == 3, parts[1] == "\\1" else { return nil }
    self.init(ShellLowerer.extendedExpression(String(parts[0])))
    guard asksForText, rest.contains("(") else { return nil }
  }
}
