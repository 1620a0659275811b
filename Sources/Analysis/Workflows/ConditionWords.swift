import Expressions

/// A condition in a few words, for engines whose own text is spread over keys.
enum ConditionWords {
  /// The condition, or `nil` where there is nothing to say of it.
  static func text(_ condition: Condition) -> String? {
    switch condition {
    case .constant(let value): value ? "always" : "never"
    case .all(let parts): joined(parts, by: " and ")
    case .any(let parts): joined(parts, by: " or ")
    case .not(let inner): text(inner).map { "not (\($0))" }
    case .test(let test): words(test)
    case .every(_, let inner): text(inner).map { "every \($0)" }
    case .some(_, let inner): text(inner).map { "some \($0)" }
    case .outcome(let outcome, let steps, _):
      (steps + ["\(outcome)"]).joined(separator: " ")
    case .unknown: nil
    }
  }

  private static func joined(_ parts: [Condition], by word: String) -> String? {
    let words = parts.compactMap(text)
    return words.isEmpty ? nil : words.joined(separator: word)
  }

  private static func words(_ test: Test) -> String? {
    guard let subject = name(test.subject) else { return nil }
    let operands = test.operands.map { name($0) ?? "…" }.joined(separator: ", ")
    return switch test.comparison {
    case .equal: "\(subject) = \(operands)"
    case .less: "\(subject) < \(operands)"
    case .lessOrEqual: "\(subject) ≤ \(operands)"
    case .greater: "\(subject) > \(operands)"
    case .greaterOrEqual: "\(subject) ≥ \(operands)"
    case .contains: "\(subject) contains \(operands)"
    case .startsWith: "\(subject) starts with \(operands)"
    case .endsWith: "\(subject) ends with \(operands)"
    case .oneOf: "\(subject) is one of \(operands)"
    case .matchesGlob, .matchesRegularExpression: "\(subject) matches \(operands)"
    case .isTrue: subject
    case .isPresent: "\(subject) is present"
    case .isNull: "\(subject) is null"
    case .isEmpty: "\(subject) is empty"
    case .isText: "\(subject) is text"
    case .isNumber: "\(subject) is a number"
    case .isBoolean: "\(subject) is true or false"
    }
  }

  private static func name(_ value: Value) -> String? {
    switch value {
    case .literal(let text): text.isEmpty ? "''" : text
    case .null: "null"
    case .reference(let reference):
      field(reference.path) ?? String(reference.variable.name.split(separator: "/").last ?? "")
    case .result(let path): field(path)
    case .selection(let inner, let path): field(path) ?? name(inner)
    case .text(let inner, _), .converted(_, let inner): name(inner)
    case .fallback(let first, _): name(first)
    case .length(let inner): name(inner).map { "length of \($0)" }
    case .template(let parts): parts.count == 1 ? name(parts[0]) : nil
    case .record, .list, .conditional, .either, .unknown: nil
    }
  }

  private static func field(_ path: [PathComponent]) -> String? {
    for component in path.reversed() {
      if case .field(let name) = component { return name }
    }
    return nil
  }
}
