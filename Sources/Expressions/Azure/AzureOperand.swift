/// What a test of a workflow definition compares, wherever it is written.
package struct AzureOperand {
  package var value: Value
  /// The value is all that an action gave, not a field of it.
  package var isWholeDocument: Bool
  package var location: SourceLocation

  package init(value: Value, isWholeDocument: Bool = false, location: SourceLocation) {
    self.value = value
    self.isWholeDocument = isWholeDocument
    self.location = location
  }

  /// Holds where the operand is true.
  package var asCondition: Condition {
    switch value {
    case .conditional(let condition, .literal("true"), .literal("false")): condition
    case .conditional(let condition, .literal("false"), .literal("true")): .not(condition)
    case .literal("true"): .constant(true)
    case .literal("false"), .null: .constant(false)
    case .unknown(let references): .unknown(references)
    default: .test(Test(value, .isTrue, semantics: .strict, at: location))
    }
  }

  private var isLiteral: Bool {
    switch value {
    case .literal, .null: true
    default: false
    }
  }

  /// The condition that a function states, `nil` where the function decides nothing.
  package static func test(
    _ name: String, _ operands: [AzureOperand], at location: SourceLocation
  ) -> Condition? {
    func test(_ subject: Value, _ comparison: Test.Comparison, _ others: [Value] = []) -> Condition
    {
      .test(Test(subject, comparison, others, semantics: .strict, at: location))
    }
    let name = name.lowercased()
    switch (name, operands.count) {
    case ("not", 1):
      if case .constant(let flag) = operands[0].asCondition { return .constant(!flag) }
      return .not(operands[0].asCondition)
    case ("and", 1...): return .all(operands.map(\.asCondition))
    case ("or", 1...): return .any(operands.map(\.asCondition))
    case ("empty", 1):
      return .any([test(operands[0].value, .isNull), test(operands[0].value, .isEmpty)])
    default: break
    }
    guard operands.count == 2 else { return nil }
    var (left, right) = (operands[0], operands[1])
    var symbol = name
    if left.isLiteral, !right.isLiteral, let mirrored = mirror[name] {
      swap(&left, &right)
      symbol = mirrored
    }
    switch symbol {
    case "equals":
      if case .conditional(_, .literal("true"), .literal("false")) = left.value,
        case .literal(let flag) = right.value, flag == "true" || flag == "false"
      {
        return flag == "true" ? left.asCondition : .not(left.asCondition)
      }
      if right.value == .null { return test(left.value, .isNull) }
      return test(left.value, .equal, [right.value])
    case "greater": return test(left.value, .greater, [right.value])
    case "greaterorequals": return test(left.value, .greaterOrEqual, [right.value])
    case "less": return test(left.value, .less, [right.value])
    case "lessorequals": return test(left.value, .lessOrEqual, [right.value])
    case "startswith": return test(left.value, .startsWith, [right.value])
    case "endswith": return test(left.value, .endsWith, [right.value])
    case "contains":
      if case .list(let items) = left.value { return test(right.value, .oneOf, items) }
      // Of an object it asks for a key.
      if left.isWholeDocument, case .literal(let key) = right.value {
        return test(left.value.selecting([.field(key)]), .isPresent)
      }
      return test(left.value, .contains, [right.value])
    default: return nil
    }
  }

  private static let mirror = [
    "equals": "equals", "greater": "less", "less": "greater", "greaterorequals": "lessorequals",
    "lessorequals": "greaterorequals",
  ]
}
