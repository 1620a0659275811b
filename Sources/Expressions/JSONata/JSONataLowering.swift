import SourceText

/// Says what a JSONata expression reads and computes.
struct JSONataLowering {
  let text: LocatedText
  let scope: StatesScope
  private let budget: Budget

  /// How many more nodes are looked at: some forms are read in two ways, and nested ones must not multiply.
  private final class Budget {
    var left: Int
    init(_ left: Int) { self.left = left }
  }

  init(_ text: LocatedText, _ scope: StatesScope) {
    self.text = text
    self.scope = scope
    self.budget = Budget(4096 + 64 * text.bytes.count)
  }

  /// Whether there is work left to spend.
  func mayGoOn() -> Bool {
    budget.left -= 1
    return budget.left > 0
  }

  /// What names mean inside an expression.
  struct Environment {
    /// What a bare name is looked up in; at the top there is nothing.
    var item: Value?
    /// Variables bound by `:=` and by function parameters.
    var locals: [String: Value] = [:]
    /// How many conditionals decide for this one; each is written out twice.
    var decisionDepth = 0

    func at(_ item: Value) -> Environment {
      var copy = self
      copy.item = item
      return copy
    }
  }

  func location(_ expression: JSONataExpression) -> SourceLocation {
    text.locate(expression.range)
  }

  func value(_ expression: JSONataExpression, _ environment: Environment) -> Value {
    guard mayGoOn() else { return .unknown([]) }
    switch expression.kind {
    case .literal(let literal), .regularExpression(let literal):
      return .literal(literal)
    case .null, .placeholder:
      return .null
    case .name(let name):
      return environment.item?.selecting([.field(name)], at: location(expression)) ?? .null
    case .wildcard:
      return environment.item?.selecting([.every], at: location(expression)) ?? .null
    case .descendants:
      return environment.item?.selecting([.some], at: location(expression)) ?? .null
    case .parent:
      return .unknown(environment.item?.references ?? [])
    case .variable(let name):
      return variable(name, expression, environment)
    case .path(let base, let step):
      return path(base, step, expression, environment)
    case .filter(let base, let predicate):
      return filtered(base, predicate, expression, environment)
    case .negated(let operand):
      if case .literal(let number) = operand.kind { return .literal("-" + number) }
      return .converted("-", value(operand, environment))
    case .binary(let symbol, let left, let right):
      return binary(symbol, left, right, expression, environment)
    case .conditional(let test, let first, let second):
      return .conditional(
        condition(test, environment), value(first, environment),
        second.map { value($0, environment) } ?? .null)
    case .block(let expressions):
      return block(expressions, environment) { value($0, $1) } ?? .null
    case .binding(_, let bound):
      return value(bound, environment)
    case .function, .rearranged, .grouped:
      return .unknown(seen(in: expression, environment))
    case .array(let elements):
      return .list(elements.map { value($0, environment) })
    case .object(let fields):
      return record(fields, expression, environment)
    case .call(let function, let arguments):
      return call(function, arguments, expression, environment)
    }
  }

  /// Runs a block's bindings in order and gives its last expression to `last`.
  func block<Result>(
    _ expressions: [JSONataExpression], _ environment: Environment,
    _ last: (JSONataExpression, Environment) -> Result
  ) -> Result? {
    var environment = environment
    for expression in expressions.dropLast() {
      if case .binding(let name, let bound) = expression.kind {
        environment.locals[name] = value(bound, environment)
      }
    }
    return expressions.last.map { last($0, environment) }
  }

  private func variable(
    _ name: String, _ expression: JSONataExpression, _ environment: Environment
  ) -> Value {
    if name.isEmpty { return environment.item ?? .null }
    if name == "$" { return .null }
    if let local = environment.locals[name] {
      return local.selecting([], at: location(expression))
    }
    if name == "states" { return states }
    return .reference(Reference(scope.variable(name), at: location(expression)))
  }

  private func path(
    _ base: JSONataExpression, _ step: JSONataExpression, _ whole: JSONataExpression,
    _ environment: Environment
  ) -> Value {
    if let context = contextPath(whole, environment) {
      return scope.context(context, at: location(whole))
    }
    let item = value(base, environment)
    switch step.kind {
    case .name(let name):
      return item.selecting([.field(name)], at: location(whole))
    case .literal(let name):
      return item.selecting([.field(name)], at: location(whole))
    case .wildcard:
      return item.selecting([.every], at: location(whole))
    case .descendants:
      return item.selecting([.some], at: location(whole))
    default:
      return value(step, environment.at(item))
    }
  }

  /// `$states.context.…`: kept whole, so that a Map's item can be told from the rest.
  private func contextPath(
    _ expression: JSONataExpression, _ environment: Environment
  ) -> [PathComponent]? {
    guard environment.locals["states"] == nil, case .path(let base, let step) = expression.kind,
      case .name(let name) = step.kind
    else { return nil }
    if case .variable("states") = base.kind { return name == "context" ? [] : nil }
    return contextPath(base, environment).map { $0 + [.field(name)] }
  }

  /// `$states`: the data of the state that the expression belongs to.
  private var states: Value {
    let context = Reference(scope.context, at: text.locate(text.whole))
    var fields = [Value.Field("input", scope.input), Value.Field("context", .reference(context))]
    if let result = scope.result { fields.append(Value.Field("result", result)) }
    if let error = scope.errorOutput { fields.append(Value.Field("errorOutput", error)) }
    return .record(fields)
  }

  private func filtered(
    _ base: JSONataExpression, _ predicate: JSONataExpression, _ whole: JSONataExpression,
    _ environment: Environment
  ) -> Value {
    // In `a.b[0]` the index belongs to the step `b`; as data it is a part of `a.b` all the same.
    let list = value(base, environment)
    if case .literal(let number) = predicate.kind, let index = Int(number) {
      return list.selecting([.index(index)], at: location(whole))
    }
    return list.selecting([.some], at: location(whole))
  }

  private func binary(
    _ symbol: String, _ left: JSONataExpression, _ right: JSONataExpression,
    _ whole: JSONataExpression, _ environment: Environment
  ) -> Value {
    switch symbol {
    case "&":
      return .template(
        [left, right].flatMap { operand -> [Value] in
          let part = value(operand, environment).asText(null: "null")
          if case .template(let parts) = part { return parts }
          return [part]
        })
    case "?:", "??":
      return .fallback(value(left, environment), value(right, environment))
    case "~>":
      return chained(left, into: right, whole, environment)
    case "=", "!=", "<", ">", "<=", ">=", "in", "and", "or":
      return .conditional(
        condition(whole, environment), .literal("true"), .literal("false"))
    default:
      return .converted(symbol, .list([value(left, environment), value(right, environment)]))
    }
  }

  /// `x ~> $f(y)` is `$f(x, y)`.
  private func chained(
    _ argument: JSONataExpression, into function: JSONataExpression, _ whole: JSONataExpression,
    _ environment: Environment
  ) -> Value {
    switch function.kind {
    case .call(let name, let rest):
      return call(name, [argument] + rest, whole, environment)
    case .variable:
      return call(function, [argument], whole, environment)
    default:
      return .unknown(seen(in: argument, environment) + seen(in: function, environment))
    }
  }

  private func record(
    _ fields: [(key: JSONataExpression, value: JSONataExpression)], _ whole: JSONataExpression,
    _ environment: Environment
  ) -> Value {
    var record: [Value.Field] = []
    let isStatic = fields.allSatisfy { field in
      if case .literal = field.key.kind { true } else { false }
    }
    guard isStatic else { return .unknown(seen(in: whole, environment)) }
    for field in fields {
      guard case .literal(let name) = field.key.kind else { continue }
      record.append(Value.Field(name, value(field.value, environment)))
    }
    return .record(record)
  }

  /// Every reference in an expression whose result cannot be told.
  func seen(in expression: JSONataExpression, _ environment: Environment) -> [Reference] {
    let children: [JSONataExpression]
    switch expression.kind {
    case .function(let parameters, let body):
      var environment = environment
      for parameter in parameters { environment.locals[parameter] = .unknown([]) }
      return seen(in: body, environment)
    case .grouped(let base, let fields):
      let grouped = value(base, environment)
      let item = environment.at(grouped)
      return grouped.references
        + fields.flatMap { seen(in: $0.key, item) + seen(in: $0.value, item) }
    case .object(let fields):
      children = fields.flatMap { [$0.key, $0.value] }
    case .rearranged(let base, let parts):
      let arranged = value(base, environment)
      let item = environment.at(arranged)
      return arranged.references + parts.flatMap { seen(in: $0, item) }
    default:
      return value(expression, environment).references
    }
    return children.flatMap { seen(in: $0, environment) }
  }
}
