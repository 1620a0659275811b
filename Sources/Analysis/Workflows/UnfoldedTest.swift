import Expressions

extension Test {
  /// A chain of more is judged as one value: each link would be a level of the stack.
  private static let mostChoices = 16

  /// The test of a value that a condition chooses, as what it asks of that condition: `(c ? 'yes' : 'no') == 'yes'` is `c`.
  var unfolded: Condition? {
    guard let (condition, first, second) = subject.choice, !subject.isLarge,
      subject.conditions.count <= Self.mostChoices, !Condition.test(self).isDeep
    else { return nil }
    return .any([
      .all([condition, asked(of: first)]), .all([.not(condition), asked(of: second)]),
    ])
  }

  private func asked(of value: Value) -> Condition {
    if let probe = Probe(value), let known = outcome(for: probe) { return .constant(known) }
    var test = self
    test.subject = value
    return .test(test)
  }
}

extension Value {
  /// The condition that chooses between two values, and these.
  fileprivate var choice: (Condition, Value, Value)? {
    switch self {
    case .conditional(let condition, let first, let second): return (condition, first, second)
    case .template(let parts) where parts.count == 1: return parts[0].choice
    case .text(let inner, let null):
      return inner.choice.map { ($0, .text($1, null: null), .text($2, null: null)) }
    default: return nil
    }
  }
}
