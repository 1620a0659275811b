import Expressions
import SourceText

/// The conditions of IF, Filter and Switch nodes.
///
/// Semantics after n8n's sources: `IfV1.node.ts` and `SwitchV1.node.ts` for the first versions,
/// `NodeParameters/FilterParameter.ts` (`executeFilterCondition`) for the later ones.
struct N8nConditions {
  let text: N8nText
  let path: String

  private func location(_ node: Node) -> SourceLocation {
    SourceLocation(path: path, range: node.range)
  }

  /// The condition of an IF or Filter node.
  func condition(of node: N8nNode) -> (condition: Condition, place: Node) {
    let place = node.parameter("conditions") ?? node.place
    if place["conditions"] != nil || place["combinator"] != nil {
      return filter(place)
    }
    return first(node, place)
  }

  // MARK: The first versions

  private func first(_ node: N8nNode, _ place: Node) -> (condition: Condition, place: Node) {
    var conditions: [Condition] = []
    var last = place
    for type in ["boolean", "dateTime", "number", "string"] {
      for item in place[type]?.items ?? [] {
        let fallback = type == "number" ? "smaller" : type == "dateTime" ? "after" : "equal"
        conditions.append(
          comparison(
            item["operation"]?.text ?? fallback, value1: item["value1"],
            value2: item["value2"], type: type, place: item))
        last = item["value1"] ?? item
      }
    }
    let combine = node.text("combineOperation") ?? node.text("combineConditions") ?? "all"
    let isAny = combine == "any" || combine == "OR"
    if conditions.count == 1 { return (conditions[0], last) }
    return (isAny ? .any(conditions) : .all(conditions), place)
  }

  /// `compareOperationFunctions` of the first versions.
  func comparison(
    _ operation: String, value1: Node?, value2: Node?, type: String, place: Node
  ) -> Condition {
    var subject = text.value(value1)
    // A field that is left out has its type's default.
    if value1 == nil { subject = .literal(Self.missing[type] ?? "") }
    let operand = value2 == nil ? .literal(Self.missing[type] ?? "") : text.value(value2)
    let at = location(value1 ?? place)
    func test(
      _ comparison: Test.Comparison, _ operands: [Value], of subject: Value,
      _ semantics: Test.Semantics = .strict
    ) -> Condition {
      .test(Test(subject, comparison, operands, semantics: semantics, at: at))
    }
    if case .unknown(let references) = subject { return .unknown(references) }
    if type == "boolean", let decided = Self.decided(subject, operation, operand) {
      return decided
    }
    // `(value || '').toString()`
    let asText = Value.text(subject, null: "")
    switch operation {
    case "equal": return test(.equal, [operand], of: subject)
    case "notEqual": return .not(test(.equal, [operand], of: subject))
    case "contains": return test(.contains, [operand], of: asText)
    case "notContains": return .not(test(.contains, [operand], of: asText))
    case "startsWith": return test(.startsWith, [operand], of: subject)
    case "notStartsWith": return .not(test(.startsWith, [operand], of: subject))
    case "endsWith": return test(.endsWith, [operand], of: subject)
    case "notEndsWith": return .not(test(.endsWith, [operand], of: subject))
    case "larger": return test(.greater, [operand], of: subject, .javaScript)
    case "largerEqual": return test(.greaterOrEqual, [operand], of: subject, .javaScript)
    case "smaller": return test(.less, [operand], of: subject, .javaScript)
    case "smallerEqual": return test(.lessOrEqual, [operand], of: subject, .javaScript)
    case "after": return test(.greater, [operand], of: .converted("date", subject), .javaScript)
    case "before": return test(.less, [operand], of: .converted("date", subject), .javaScript)
    // True for undefined, null, '', NaN and what has no entries.
    case "isEmpty": return Self.emptiness(subject, at)
    case "isNotEmpty": return .not(Self.emptiness(subject, at))
    case "regex":
      return test(.matchesRegularExpression, [Self.pattern(operand)], of: asText)
    case "notRegex":
      return .not(test(.matchesRegularExpression, [Self.pattern(operand)], of: asText))
    default: return .unknown(subject.references + operand.references)
    }
  }

  /// A boolean that an expression decides is that expression's condition.
  private static func decided(_ value: Value, _ operation: String, _ operand: Value) -> Condition? {
    guard case .conditional(let condition, .literal("true"), .literal("false")) = value else {
      return nil
    }
    switch (operation, operand) {
    case ("true", _), ("equal", .literal("true")), ("equals", .literal("true")),
      ("notEqual", .literal("false")), ("notEquals", .literal("false")):
      return condition
    case ("false", _), ("equal", .literal("false")), ("equals", .literal("false")),
      ("notEqual", .literal("true")), ("notEquals", .literal("true")):
      return .not(condition)
    default: return nil
    }
  }

  private static let missing = ["boolean": "false", "number": "0"]

  private static func emptiness(_ subject: Value, _ at: SourceLocation) -> Condition {
    .any([
      .test(Test(subject, .equal, [.null], semantics: .javaScript, at: at)),
      .test(Test(subject, .isEmpty, semantics: .strict, at: at)),
    ])
  }

  /// `/pattern/flags` is a regular expression, anything else its pattern.
  private static func pattern(_ value: Value) -> Value {
    guard case .literal(let text) = value, text.hasPrefix("/"),
      let end = text.lastIndex(of: "/"), end > text.startIndex
    else { return value }
    return .literal(String(text[text.index(after: text.startIndex)..<end]))
  }

  // MARK: The filter parameter

  /// A `filter` parameter: `{conditions: […], combinator, options}`.
  func filter(_ parameter: Node) -> (condition: Condition, place: Node) {
    let items = parameter["conditions"]?.items ?? []
    let conditions = items.map(one)
    if conditions.count == 1 {
      let left = items[0]["leftValue"].flatMap { ($0.text ?? "").isEmpty ? nil : $0 }
      return (conditions[0], left ?? items[0])
    }
    let isAny = parameter["combinator"]?.text == "or"
    return (isAny ? .any(conditions) : .all(conditions), parameter)
  }

  private func one(_ item: Node) -> Condition {
    let left = text.value(item["leftValue"])
    let right = text.value(item["rightValue"])
    let at = location(item["leftValue"] ?? item)
    // The first releases of the parameter wrote the operator as one text.
    let joined = item["operator"]?.text?.parts(by: ":").map(String.init) ?? []
    let type = item["operator"]?["type"]?.text ?? joined.first ?? "string"
    let operation = item["operator"]?["operation"]?.text ?? joined.last ?? "equals"
    if case .unknown(let references) = left { return .unknown(references + right.references) }
    func test(
      _ comparison: Test.Comparison, _ operands: [Value] = [], of subject: Value? = nil,
      _ semantics: Test.Semantics = .strict
    ) -> Condition {
      .test(Test(subject ?? left, comparison, operands, semantics: semantics, at: at))
    }
    if type == "boolean", let decided = Self.decided(left, operation, right) { return decided }
    let isAbsent = test(.equal, [.null], .javaScript)
    // `exists = value !== undefined && value !== null`, whatever the type.
    switch operation {
    case "exists": return .not(isAbsent)
    case "notExists": return isAbsent
    default: break
    }
    let positive = operation.hasPrefix("not") ? Self.positive[operation] : nil
    let condition: Condition?
    switch type {
    case "string": condition = string(positive ?? operation, left, right, at)
    case "number":
      condition =
        switch positive ?? operation {
        case "equals": test(.equal, [right])
        case "gt": test(.greater, [right], .javaScript)
        case "lt": test(.less, [right], .javaScript)
        case "gte": test(.greaterOrEqual, [right], .javaScript)
        case "lte": test(.lessOrEqual, [right], .javaScript)
        case "empty": isAbsent
        default: nil
        }
    case "dateTime":
      let date = Value.converted("date", left)
      let holds: Condition? =
        switch positive ?? operation {
        case "equals": test(.equal, [right], of: date)
        case "after": test(.greater, [right], of: date, .javaScript)
        case "before": test(.less, [right], of: date, .javaScript)
        case "afterOrEquals": test(.greaterOrEqual, [right], of: date, .javaScript)
        case "beforeOrEquals": test(.lessOrEqual, [right], of: date, .javaScript)
        default: nil
        }
      if operation == "empty" || operation == "notEmpty" {
        condition = isAbsent
      } else if let holds {
        // Without a date the answer is false, for "not equals", too.
        return .all([.not(isAbsent), positive == nil ? holds : .not(holds)])
      } else {
        condition = nil
      }
    case "boolean":
      condition =
        switch positive ?? operation {
        // What an answer says, and not only that it says something.
        case "true": test(.equal, [.literal("true")])
        case "false": .not(test(.equal, [.literal("true")]))
        case "equals": test(.equal, [right])
        case "empty": isAbsent
        default: nil
        }
    case "array", "object":
      condition = collection(positive ?? operation, left, right, at)
    default: condition = nil
    }
    guard let condition else { return .unknown(left.references + right.references) }
    return positive == nil ? condition : .not(condition)
  }

  private static let positive = [
    "notEquals": "equals", "notContains": "contains", "notStartsWith": "startsWith",
    "notEndsWith": "endsWith", "notRegex": "regex", "notEmpty": "empty",
  ]

  /// A missing text is compared as the empty one (`leftValue ?? ''`).
  private func string(
    _ operation: String, _ left: Value, _ right: Value, _ at: SourceLocation
  ) -> Condition? {
    let subject = Value.text(left, null: "")
    func test(_ comparison: Test.Comparison, _ operands: [Value] = []) -> Condition {
      .test(Test(subject, comparison, operands, semantics: .strict, at: at))
    }
    let operand: Value = right == .null ? .literal("") : right
    switch operation {
    case "empty": return test(.isEmpty)
    case "equals": return test(.equal, [operand])
    case "contains": return test(.contains, [operand])
    case "startsWith": return test(.startsWith, [operand])
    case "endsWith": return test(.endsWith, [operand])
    case "regex": return test(.matchesRegularExpression, [Self.pattern(operand)])
    default: return nil
    }
  }

  /// A missing list has no elements, a missing object no keys.
  private func collection(
    _ operation: String, _ left: Value, _ right: Value, _ at: SourceLocation
  ) -> Condition? {
    let length = Value.length(left)
    func test(_ comparison: Test.Comparison) -> Condition {
      .test(Test(length, comparison, [right], semantics: .javaScript, at: at))
    }
    switch operation {
    case "empty": return Self.emptiness(left, at)
    case "contains":
      return .test(Test(left, .contains, [right], semantics: .strict, at: at))
    case "lengthEquals": return test(.equal)
    case "lengthNotEquals": return .not(test(.equal))
    case "lengthGt": return test(.greater)
    case "lengthLt": return test(.less)
    case "lengthGte": return test(.greaterOrEqual)
    case "lengthLte": return test(.lessOrEqual)
    default: return nil
    }
  }
}
