import SourceText

/// What JSONata's own functions do to data.
extension JSONataLowering {
  func call(
    _ function: JSONataExpression, _ arguments: [JSONataExpression], _ whole: JSONataExpression,
    _ environment: Environment
  ) -> Value {
    guard case .variable(let name) = function.kind, environment.locals[name] == nil else {
      return .unknown(
        seen(in: function, environment) + arguments.flatMap { seen(in: $0, environment) })
    }
    func argument(_ index: Int) -> Value {
      index < arguments.count ? value(arguments[index], environment) : environment.item ?? .null
    }
    switch name {
    case "parse":
      return argument(0)
    case "string":
      return argument(0).asText(null: "null")
    case "count", "length":
      return .length(argument(0))
    case "exists", "not", "boolean", "contains":
      return .conditional(
        condition(whole, environment), .literal("true"), .literal("false"))
    case "lookup":
      guard case .literal(let key) = argument(1) else {
        return argument(0).selecting([.some], at: location(whole))
      }
      return argument(0).selecting([.field(key)], at: location(whole))
    case "merge":
      if case .list(let objects) = argument(0) { return .merged(objects) }
      return argument(0).selecting([.every], at: location(whole))
    case "append":
      return appended(argument(0), argument(1))
    case "filter", "single":
      return argument(0).selecting([.some], at: location(whole))
    case "sort", "reverse", "shuffle", "distinct":
      // The same elements in another order.
      return .unknown(arguments.flatMap { seen(in: $0, environment) })
    case "join":
      return .template([argument(0).asText(null: "null")])
    case "number", "trim", "uppercase", "lowercase", "substring", "substringBefore",
      "substringAfter", "pad", "split", "replace", "match", "base64encode", "base64decode",
      "encodeUrl", "encodeUrlComponent", "decodeUrl", "decodeUrlComponent", "formatNumber",
      "formatBase", "formatInteger", "parseInteger", "abs", "floor", "ceil", "round", "sqrt",
      "power", "sum", "max", "min", "average", "keys", "values", "spread", "type", "hash",
      "partition", "range", "fromMillis", "toMillis", "zip":
      let values = arguments.map { value($0, environment) }
      return .converted("$\(name)", values.count == 1 ? values[0] : .list(values))
    default:
      // `map`, `reduce`, `each`, `sift`, `eval`, clocks, random numbers and what the engine may add.
      return .unknown(callSeen(arguments, environment))
    }
  }

  /// Elements of both; a single value counts as a list of one.
  private func appended(_ first: Value, _ second: Value) -> Value {
    switch (first, second) {
    case (.list(let first), .list(let second)): .list(first + second)
    case (.null, let other), (let other, .null): other
    default: .either([first, second])
    }
  }

  /// References of a call with a function among its arguments: the function's parameters stand for the data.
  private func callSeen(
    _ arguments: [JSONataExpression], _ environment: Environment
  ) -> [Reference] {
    guard let first = arguments.first else { return [] }
    let list = value(first, environment)
    var references = list.references
    for argument in arguments.dropFirst() {
      if case .function(let parameters, let body) = argument.kind {
        var environment = environment
        for parameter in parameters { environment.locals[parameter] = .unknown([]) }
        if let first = parameters.first {
          environment.locals[first] = list.selecting([.some], at: location(argument))
        }
        references += seen(in: body, environment)
      } else {
        references += seen(in: argument, environment)
      }
    }
    return references
  }
}
