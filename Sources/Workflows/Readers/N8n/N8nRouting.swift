import Expressions
import SourceText

/// Nodes that send their items to one output or another.
struct N8nRouting {
  let node: N8nNode
  let conditions: N8nConditions

  /// The node's decisions, and for each output the guards under which it is taken.
  func decide() -> (decisions: [Step.Decision], ways: [Int: [[Edge.Guard]]]) {
    guard node.kind == "switch" else {
      let (condition, place) = conditions.condition(of: node)
      return (
        [decision(condition, place)], [0: [[.init(0, true)]], 1: [[.init(0, false)]]]
      )
    }
    if node.text("mode") == "expression" { return byExpression() }
    return byRules()
  }

  private func decision(_ condition: Condition, _ place: Node) -> Step.Decision {
    Step.Decision(
      condition, at: SourceLocation(path: conditions.path, range: place.range))
  }

  private func byExpression() -> (decisions: [Step.Decision], ways: [Int: [[Edge.Guard]]]) {
    let place = node.parameter("output") ?? node.place
    let value = conditions.text.value(node.parameter("output"))
    let count = Int(node.text("numberOutputs") ?? node.text("outputsAmount") ?? "4") ?? 4
    var decisions: [Step.Decision] = []
    var ways: [Int: [[Edge.Guard]]] = [:]
    for output in 0..<min(max(count, 4), 64) {
      let test = Test(
        value, .equal, [.literal(String(output))], semantics: .strict,
        at: SourceLocation(path: conditions.path, range: place.range))
      decisions.append(decision(.test(test), place))
      ways[output] = [[.init(output, true)]]
    }
    return (decisions, ways)
  }

  private func byRules() -> (decisions: [Step.Decision], ways: [Int: [[Edge.Guard]]]) {
    let rules = Self.rules(of: node)
    var decisions: [Step.Decision] = []
    var ways: [Int: [[Edge.Guard]]] = [:]
    let takesAll = node.text("options", "allMatchingOutputs") == "true"
    for (index, rule) in rules.prefix(128).enumerated() {
      let condition: Condition
      let place: Node
      if let filter = rule["conditions"] {
        (condition, place) = conditions.filter(filter)
      } else {
        condition = conditions.comparison(
          rule["operation"]?.text ?? "equal", value1: node.parameter("value1"),
          value2: rule["value2"], type: node.text("dataType") ?? "number", place: rule)
        place = rule["value2"] ?? rule
      }
      decisions.append(decision(condition, place))
      // The first rule that matches wins.
      let others = takesAll ? [] : (0..<index).map { Edge.Guard($0, false) }
      let output = rule["conditions"] == nil ? Int(rule["output"]?.text ?? "") ?? index : index
      ways[output, default: []].append(others + [.init(index, true)])
    }
    let none = decisions.indices.map { Edge.Guard($0, false) }
    let fallback = node.text("options", "fallbackOutput") ?? node.text("fallbackOutput") ?? "none"
    if fallback == "extra" {
      ways[rules.count, default: []].append(none)
    } else if let output = Int(fallback), output >= 0 {
      ways[output, default: []].append(none)
    }
    return (decisions, ways)
  }

  private static func rules(of node: N8nNode) -> [Node] {
    node.parameter("rules", "values")?.items ?? node.parameter("rules", "rules")?.items ?? []
  }

  /// How many outputs the node has beside the one for errors.
  static func outputs(of node: N8nNode) -> Int {
    switch node.kind {
    case "if": return 2
    case "splitInBatches": return node.version < 2 ? 1 : 2
    case "compareDatasets": return 4
    case "switch":
      if node.text("mode") == "expression" {
        return Int(node.text("numberOutputs") ?? node.text("outputsAmount") ?? "4") ?? 4
      }
      if node.version < 2 { return 4 }
      let isExtra =
        (node.text("options", "fallbackOutput") ?? node.text("fallbackOutput")) == "extra"
      return rules(of: node).count + (isExtra ? 1 : 0)
    case "textClassifier":
      let hasOther = node.text("options", "fallback") == "other"
      return max(1, node.parameter("categories", "categories")?.items.count ?? 1)
        + (hasOther ? 1 : 0)
    case "sentimentAnalysis": return 3
    default: return 1
    }
  }

  /// Whether the node starts the workflow.
  static func isTrigger(_ node: N8nNode) -> Bool {
    if node.kind.lowercased().hasSuffix("trigger") { return true }
    return ["webhook", "start", "cron", "interval", "emailReadImap"].contains(node.kind)
  }

  /// Whether the condition looks at nothing but a number of attempts.
  static func counts(_ condition: Condition) -> Bool {
    switch condition {
    case .not(let inner): counts(inner)
    case .test(let test):
      switch test.comparison {
      case .less, .lessOrEqual, .greater, .greaterOrEqual, .equal:
        !test.subject.references.isEmpty
          && (test.subject.references + test.operands.flatMap(\.references)).allSatisfy(isCount)
      default: false
      }
    default: false
    }
  }

  private static let countWords = [
    "attempt", "retry", "retries", "tries", "count", "iteration", "loop", "poll", "runindex",
  ]

  private static func isCount(_ reference: Reference) -> Bool {
    if reference.variable.name == "$runIndex" { return true }
    guard case .field(let name)? = reference.path.last else { return false }
    let folded = name.lowercased()
    return countWords.contains { folded.contains($0) }
  }
}
