package import SourceText

/// Reads the JSONPath rules of a Choice state.
package struct ChoiceRule {
  private let scope: StatesScope
  private let path: String
  private var problems: [ExpressionProblem] = []

  private init(_ scope: StatesScope, path: String) {
    self.scope = scope
    self.path = path
  }

  /// The decision of a rule, and what was wrong in it.
  package static func condition(
    of rule: Node, in scope: StatesScope, path: String
  ) -> (condition: Condition, problems: [ExpressionProblem]) {
    var reader = ChoiceRule(scope, path: path)
    let condition = reader.condition(rule)
    return (condition, reader.problems)
  }

  /// Where the rule's decision stands: its variable, or the word that joins its parts.
  package static func range(of rule: Node) -> ByteRange {
    if let variable = rule["Variable"] { return variable.range }
    let joint = rule.entries.first { entry in
      entry.key.text == "And" || entry.key.text == "Or" || entry.key.text == "Not"
    }
    return joint?.key.range ?? rule.range
  }

  private func location(_ range: ByteRange) -> SourceLocation {
    SourceLocation(path: path, range: range)
  }

  private mutating func condition(_ rule: Node) -> Condition {
    for entry in rule.entries {
      switch entry.key.text {
      case "And":
        return .all(parts(entry.value))
      case "Or":
        return .any(parts(entry.value))
      case "Not":
        return .not(condition(entry.value))
      default:
        continue
      }
    }
    return test(rule)
  }

  private mutating func parts(_ list: Node) -> [Condition] {
    var conditions: [Condition] = []
    for item in list.items { conditions.append(condition(item)) }
    // An empty list is no valid rule: it must prove nothing.
    return conditions.isEmpty ? [.unknown([])] : conditions
  }

  private mutating func test(_ rule: Node) -> Condition {
    guard let variable = rule["Variable"] else {
      problems.append(
        ExpressionProblem(
          "the rule compares nothing",
          hint: "give it a `Variable` and a comparison, or `And`, `Or`, `Not`",
          at: location(rule.range)))
      return .unknown([])
    }
    let subject = value(variable)
    for entry in rule.entries {
      guard let name = entry.key.text, let comparison = Comparison(name) else { continue }
      return condition(of: subject, comparison, entry.value, at: location(variable.range))
    }
    let known: Set = ["Variable", "Next", "Comment", "Assign", "Output"]
    let word = rule.entries.first { entry in entry.key.text.map { !known.contains($0) } ?? true }
    let nearest = word?.key.text.flatMap { NearestName.of($0, among: Comparison.names) }
    problems.append(
      ExpressionProblem(
        word?.key.text.map { "there is no comparison `\($0)`" } ?? "the rule has no comparison",
        hint: nearest.map { "did you mean `\($0)`?" } ?? "",
        at: location(word?.key.range ?? rule.range)))
    return .unknown(subject.references)
  }

  private mutating func value(_ node: Node) -> Value {
    guard let text = node.text else { return .unknown([]) }
    let located = LocatedText(text) { [path] range in
      SourceLocation(path: path, range: node.fileRange(ofText: range))
    }
    do {
      return try ReferencePath.parse(located).value(in: scope, at: location(node.range))
    } catch {
      problems.append(error)
      return .unknown([])
    }
  }

  private mutating func condition(
    of subject: Value, _ comparison: Comparison, _ operand: Node, at place: SourceLocation
  ) -> Condition {
    func test(_ kind: Test.Comparison, _ operands: [Value] = []) -> Condition {
      .test(Test(subject, kind, operands, semantics: .strict, at: place))
    }
    let condition: Condition
    switch comparison {
    case .predicate(let kind):
      condition = test(kind)
    case .timestamp:
      // A time is a text of a certain form: that it is none says nothing.
      condition = .all([test(.isText), .unknown([])])
    case .relation(let kind, let isPath):
      let word = operand.boolean.map { $0 ? "true" : "false" } ?? operand.text ?? ""
      let value = isPath ? value(operand) : Value.literal(word)
      return test(kind, [value])
    }
    guard let holds = operand.boolean else { return .unknown(subject.references) }
    return holds ? condition : .not(condition)
  }

  /// A word such as `NumericGreaterThanPath`.
  private enum Comparison {
    case predicate(Test.Comparison)
    case timestamp
    case relation(Test.Comparison, isPath: Bool)

    static let names: [String] =
      ["IsPresent", "IsNull", "IsString", "IsNumeric", "IsBoolean", "IsTimestamp"]
      + ["StringMatches", "BooleanEquals", "BooleanEqualsPath"]
      + ["String", "Numeric", "Timestamp"].flatMap { type in
        relations.flatMap { relation in [type + relation.0, type + relation.0 + "Path"] }
      }

    private static let relations: [(String, Test.Comparison)] = [
      ("Equals", .equal), ("LessThan", .less), ("LessThanEquals", .lessOrEqual),
      ("GreaterThan", .greater), ("GreaterThanEquals", .greaterOrEqual),
    ]

    init?(_ name: String) {
      switch name {
      case "IsPresent": self = .predicate(.isPresent)
      case "IsNull": self = .predicate(.isNull)
      case "IsString": self = .predicate(.isText)
      case "IsNumeric": self = .predicate(.isNumber)
      case "IsBoolean": self = .predicate(.isBoolean)
      case "IsTimestamp": self = .timestamp
      case "StringMatches": self = .relation(.matchesGlob, isPath: false)
      default:
        var rest = Substring(name)
        let isPath = rest.hasSuffix("Path")
        if isPath { rest.removeLast(4) }
        guard let type = ["String", "Numeric", "Timestamp", "Boolean"].first(where: rest.hasPrefix)
        else { return nil }
        rest.removeFirst(type.count)
        guard let relation = Self.relations.first(where: { $0.0 == rest }),
          type != "Boolean" || relation.0 == "Equals"
        else { return nil }
        self = .relation(relation.1, isPath: isPath)
      }
    }
  }
}

extension Node {
  /// A boolean as JSON and YAML write it.
  package var boolean: Bool? {
    guard case .scalar(let scalar) = resolved.content, scalar.style == .plain else { return nil }
    switch scalar.text {
    case "true", "True", "TRUE": return true
    case "false", "False", "FALSE": return false
    default: return nil
    }
  }
}
