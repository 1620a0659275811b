/// The words of an inline suppression: `mira-lint: ignore RULE, RULE -- why`.
public struct SuppressionDirective: Sendable, Hashable {
  /// The rules it silences, as written and in order.
  public var rules: [String]
  /// Why: required, so that a reviewer can judge it.
  public var reason: String

  /// What is wrong with a comment that was meant as a directive.
  public enum Mistake: Error, Sendable, Hashable {
    case missingColon
    /// The word after `mira-lint:` is not `ignore`.
    case unknownWord(String)
    case missingRules
    /// Something that cannot be a rule's ID stands among the rules.
    case notARule(String)
    case missingReason
  }

  /// Reads a comment.
  ///
  /// - Parameter comment: the comment with its marker (`#`, `//`, `/* */`, `<!-- -->`).
  /// - Returns: the directive, or `nil` for a comment that has nothing to do with this program.
  /// - Throws: what is wrong with a comment that was clearly meant as a directive: it must never silence more, or
  ///   less, than its author thinks.
  public static func parse(_ comment: String) throws(Mistake) -> SuppressionDirective? {
    var rest = body(of: comment)
    guard rest.count >= name.count, rest.prefix(name.count).lowercased() == name else { return nil }
    rest = trimmed(rest.dropFirst(name.count))
    guard rest.first == ":" else {
      if firstWord(rest).lowercased() == "ignore" { throw .missingColon }
      return nil
    }
    rest = trimmed(rest.dropFirst())
    let word = rest.prefix { $0.isLetter || $0 == "-" }
    guard word.lowercased() == "ignore" else { throw .unknownWord(String(firstWord(rest))) }
    rest = rest.dropFirst(word.count)

    let (list, reason) = splitReason(rest)
    var rules: [String] = []
    for part in list.split(whereSeparator: { $0 == "," || $0.isWhitespace }) {
      guard part.allSatisfy(isRuleCharacter) else { throw .notARule(String(part)) }
      rules.append(String(part))
    }
    if rules.isEmpty { throw .missingRules }
    guard let reason, !reason.isEmpty else { throw .missingReason }
    return SuppressionDirective(rules: rules, reason: String(reason))
  }

  private static let name = "mira-lint"

  private static func body(of comment: String) -> Substring {
    var text = Substring(comment)
    if text.hasPrefix("/*") {
      text = text.dropFirst(2)
      if text.hasSuffix("*/") { text = text.dropLast(2) }
    } else if text.hasPrefix("<!--") {
      text = text.dropFirst(4)
      if text.hasSuffix("-->") { text = text.dropLast(3) }
    } else if text.hasPrefix("//") {
      text = text.drop { $0 == "/" }
    } else {
      text = text.drop { $0 == "#" }
    }
    return trimmed(text)
  }

  /// The reason stands after `--` (or an em dash) with white space before it.
  private static func splitReason(_ text: Substring) -> (rules: Substring, reason: Substring?) {
    var index = text.startIndex
    while index < text.endIndex {
      let rest = text[index...]
      let dash = rest.hasPrefix("--") ? 2 : rest.hasPrefix("—") ? 1 : 0
      if dash > 0 {
        return (text[..<index], trimmed(rest.dropFirst(dash).drop { $0 == "-" }))
      }
      index = text.index(after: index)
    }
    return (text, nil)
  }

  private static func firstWord(_ text: Substring) -> Substring {
    text.prefix { !$0.isWhitespace }
  }

  private static func trimmed(_ text: Substring) -> Substring {
    var text = text.drop(while: \.isWhitespace)
    while text.last?.isWhitespace == true { text = text.dropLast() }
    return text
  }

  private static func isRuleCharacter(_ character: Character) -> Bool {
    character.isASCII
      && (character.isLetter || character.isNumber || character == "-" || character == "_")
  }
}

extension SuppressionDirective.Mistake {
  /// What is wrong, in one sentence without its stop.
  public var words: String {
    switch self {
    case .missingColon: "`mira-lint` needs a colon before `ignore`"
    case .unknownWord(let word):
      word.isEmpty
        ? "`mira-lint:` says nothing" : "`\(word)` is not something that `mira-lint:` can be told"
    case .missingRules: "the suppression names no rule: there is none for all rules at once"
    case .notARule(let text): "`\(text)` is not the ID of a rule"
    case .missingReason: "the suppression gives no reason"
    }
  }

  /// How a directive is written.
  public static var hint: String { "write `mira-lint: ignore RULE, RULE -- reason`" }
}
