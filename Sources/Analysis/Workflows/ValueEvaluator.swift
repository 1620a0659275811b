import Expressions

/// Computes what a value carries of the outputs, given what the variables carry.
struct ValueEvaluator {
  let state: FlowState
  /// What the step's own call returns.
  var result = AbstractValue.empty

  func evaluate(_ value: Value) -> AbstractValue {
    switch value {
    case .literal, .null:
      return .empty
    case .length(let inner):
      return evaluate(inner).mapTraces { $0.isCount = true }
    case .reference(let reference):
      return state.store[reference.variable]?.selecting(reference.path) ?? .empty
    case .result(let path):
      return result.selecting(path)
    case .record(let fields):
      return AbstractValue(
        fields: Dictionary(
          fields.map { ($0.name, evaluate($0.value)) }, uniquingKeysWith: { $1 }))
    case .list(let items):
      return AbstractValue(
        fields: Dictionary(
          uniqueKeysWithValues: items.enumerated().map { (String($0), evaluate($1)) }))
    case .template(let parts):
      return evaluate(template: parts)
    case .selection(let inner, let path):
      return evaluate(inner).selecting(path)
    case .text(let inner, let null):
      return evaluate(inner).mapTraces { trace in
        if trace.absence.contains(.null) {
          trace.absence.remove(.null)
          trace.absence.insert(null.isEmpty ? .emptyText : .nullText)
        }
      }
    case .fallback(let first, let second):
      return fallback(first, second)
    case .conditional(_, let first, let second):
      return evaluate(first).union(evaluate(second))
    case .either(let values):
      return values.reduce(AbstractValue.empty) { $0.union(evaluate($1)) }
    case .converted(Value.merging, .list(let parts)):
      // Records laid over each other are still what they were.
      return parts.reduce(AbstractValue.empty) { $0.overlaid(with: evaluate($1)) }
    case .converted(_, let inner):
      return evaluate(inner).mapTraces { $0.derivation = max($0.derivation, .formatted) }
    case .unknown(let references):
      return references.reduce(AbstractValue.empty) { $0.union(evaluate(.reference($1))) }
    }
  }

  private func evaluate(template parts: [Value]) -> AbstractValue {
    let carried = parts.map(evaluate)
    let whole = carried.reduce(AbstractValue.empty) { $0.union($1) }
    let isWrapped = parts.contains { part in
      guard case .literal(let text) = part else { return false }
      return !text.isEmpty
    }
    if !isWrapped { return whole }
    // With text around it, an absent certificate never makes the whole empty.
    return whole.mapTraces { if !$0.absence.isEmpty { $0.absence = .nullText } }
  }

  private func fallback(_ first: Value, _ second: Value) -> AbstractValue {
    let replacement: Absence =
      switch Probe(second) {
      case .null?: .null
      case .text(let text)?: text.isEmpty ? .emptyText : .nullText
      case .number?, .bool?: .nullText
      case nil: .nullText
      }
    let left = evaluate(first).mapTraces { trace in
      if trace.absence.contains(.null) {
        trace.absence.remove(.null)
        trace.absence.formUnion(replacement)
      }
    }
    return left.union(evaluate(second))
  }
}
