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
      let written = Absence(null)
      return evaluate(inner).mapTraces { $0.absence = $0.absence.replacingNull(by: written) }
    case .fallback(let first, let second):
      return fallback(first, second)
    case .conditional(let condition, let first, let second):
      return conditional(condition, first, second)
    case .either(let values):
      return values.reduce(AbstractValue.empty) { $0.union(evaluate($1)) }
    case .converted(Value.merging, .list(let parts)):
      // Records laid over each other are still what they were.
      return parts.reduce(AbstractValue.empty) { $0.overlaid(with: evaluate($1)) }
    case .converted(Value.jsonText, let inner):
      return evaluate(inner).mapTraces { $0.absence = $0.absence.writtenAsJSON }
    case .converted(let name, let inner):
      let isCut = Value.isCut(name)
      return evaluate(inner).mapTraces {
        $0.derivation = max($0.derivation, .formatted)
        if isCut { $0.isCut = true }
      }
    case .unknown(let references):
      return references.reduce(AbstractValue.empty) { $0.union(evaluate(.reference($1))) }
    }
  }

  private func evaluate(template parts: [Value]) -> AbstractValue {
    let carried = parts.map(evaluate)
    if parts.count == 1 { return carried[0] }
    let texts = parts.map { Probe($0)?.asText }
    var whole = AbstractValue.empty
    for (index, value) in carried.enumerated() where !value.isEmpty {
      let before = texts[..<index]
      let after = texts[(index + 1)...]
      let isKnown = !before.contains(nil) && !after.contains(nil)
      whole = whole.union(
        value.mapTraces { trace in
          if trace.absence.isEmpty { return }
          trace.absence =
            isKnown
            ? trace.absence.wrapped(
              in: before.compactMap(\.self).joined(), after.compactMap(\.self).joined())
            : Self.absence(trace.absence, beside: texts)
        })
    }
    return whole
  }

  /// Beside something that is known at run time only, an absent certificate may leave a text that is not empty.
  private static func absence(_ absence: Absence, beside texts: [String?]) -> Absence {
    texts.contains { $0?.isEmpty == false } ? .someText : absence.union(.someText)
  }

  private func fallback(_ first: Value, _ second: Value) -> AbstractValue {
    let replacement = Absence(readAs: Probe(second))
    let left = evaluate(first).mapTraces { trace in
      trace.absence = trace.absence.replacingNull(by: replacement)
    }
    return left.union(evaluate(second))
  }

  /// Where the condition looks at the first value itself, that one is taken only in the forms that it lets through.
  private func conditional(
    _ condition: Condition, _ first: Value, _ second: Value
  ) -> AbstractValue {
    let both = (evaluate(first), evaluate(second))
    guard let (test, holds) = condition.soleTest, test.subject == first else {
      return both.0.union(both.1)
    }
    let replacement = Absence(readAs: Probe(second))
    let taken = both.0.mapTraces { trace in
      let kept = trace.absence.filtered { test.outcome(for: $0) != !holds }
      if kept != trace.absence { trace.absence = kept.union(replacement) }
    }
    return taken.union(both.1)
  }
}

extension Condition {
  /// Whether it is one test, of this value.
  func asksFor(_ value: Value) -> Bool { soleTest?.test.subject == value }

  /// The test that the condition is, and whether it must hold.
  fileprivate var soleTest: (test: Test, holds: Bool)? {
    switch self {
    case .test(let test): (test, true)
    case .not(.test(let test)): (test, false)
    case .all(let parts) where parts.count == 1: parts[0].soleTest
    default: nil
    }
  }
}
