import Expressions
import SourceText

/// The conditions of IF/ELSE nodes and loops.
///
/// Semantics after Dify's `core/workflow/utils/condition/processor.py`.
struct DifyConditions {
  let names: DifyNames
  let step: Int

  /// The cases of an IF/ELSE node, each with the handle it leads to.
  func cases(of data: Node) -> [(handle: String, condition: Condition, place: Node)] {
    let cases = data["cases"]?.items ?? []
    if cases.isEmpty, let conditions = data["conditions"] {
      return [("true", all(conditions, data["logical_operator"]), conditions)]
    }
    return cases.map { item in
      let conditions = item["conditions"] ?? item
      return (
        item["case_id"]?.text ?? item["id"]?.text ?? "true",
        all(conditions, item["logical_operator"]), place(of: conditions)
      )
    }
  }

  /// A list of conditions joined by `and` or `or`.
  func all(_ list: Node, _ joined: Node?) -> Condition {
    let conditions = list.items.map(one)
    if conditions.count == 1 { return conditions[0] }
    return joined?.text == "or" ? .any(conditions) : .all(conditions)
  }

  /// A single condition is what a person looks at; several are shown from the first on.
  func place(of conditions: Node) -> Node {
    guard conditions.items.count == 1, let item = conditions.items.first else { return conditions }
    return item["variable_selector"] ?? item
  }

  private func one(_ item: Node) -> Condition {
    let selector = item["variable_selector"]
    let subject = names.value(ofSelector: selector, step: step)
    let operand = names.text(item["value"], step: step)
    let at = names.location(selector ?? item)
    if case .unknown(let references) = subject { return .unknown(references) }
    // Conditions on the elements of a list of files.
    if item["sub_variable_condition"]?["conditions"] != nil { return .unknown(subject.references) }
    func test(_ comparison: Test.Comparison, _ operands: [Value] = []) -> Condition {
      .test(Test(subject, comparison, operands, semantics: .strict, at: at))
    }
    let isNull = test(.equal, [.null])
    let isEmpty = Condition.any([isNull, test(.isEmpty)])
    switch item["comparison_operator"]?.text ?? "" {
    case "contains": return test(.contains, [operand])
    case "not contains": return .not(test(.contains, [operand]))
    case "start with": return test(.startsWith, [operand])
    case "end with": return test(.endsWith, [operand])
    case "is", "=": return test(.equal, [operand])
    // A missing value is not "not equal": the answer is false.
    case "is not", "≠": return .all([.not(isNull), .not(test(.equal, [operand]))])
    case "empty": return isEmpty
    case "not empty": return .not(isEmpty)
    case ">": return test(.greater, [operand])
    case "<": return test(.less, [operand])
    case "≥": return test(.greaterOrEqual, [operand])
    case "≤": return test(.lessOrEqual, [operand])
    case "null", "not exists": return isNull
    case "not null", "exists": return .not(isNull)
    case "in", "not in":
      let values: [Value]
      if case .list(let items) = operand { values = items } else { values = [operand] }
      let isIn = test(.oneOf, values)
      return item["comparison_operator"]?.text == "in" ? isIn : .not(isIn)
    default: return .unknown(subject.references + operand.references)
    }
  }
}
