/// A decision, in the common form of every engine's expression language.
package indirect enum Condition: Sendable, Hashable {
  case constant(Bool)
  case all([Condition])
  case any([Condition])
  case not(Condition)
  case test(Test)
  /// The condition holds for every element of the list; inside, ``PathComponent/element`` marks the element.
  case every(of: Value, Condition)
  /// The condition holds for some element of the list.
  case some(of: Value, Condition)
  /// The outcome of earlier work as the engine keeps it: `success()`, `needs.a.result == 'success'`, a curl's exit
  /// code. `written` is false for the engine's implicit check.
  case outcome(Outcome, of: [String], written: Bool)
  /// Cannot be parsed: proves nothing, and consumes whatever references can be seen in it.
  case unknown([Reference])

  package enum Outcome: String, Sendable, Hashable {
    case succeeded, failed, cancelled, skipped, always

    /// What stands in ``Variable/outcome(of:)`` where a step has ended so.
    package var noted: String { rawValue }
  }
}

extension Variable {
  /// How the step at a route has ended; a reader may write it where several ways meet behind the step, and then
  /// ``Condition/outcome(_:of:written:)`` tells these ways apart.
  package static func outcome(of route: String) -> Variable { Variable(route + "#outcome") }
}

/// One comparison or predicate.
package struct Test: Sendable, Hashable {
  package var subject: Value
  package var comparison: Comparison
  /// What the subject is compared with; empty for a predicate such as `isNull`.
  package var operands: [Value]
  /// Whose rules of equality and truth hold.
  package var semantics: Semantics
  package var location: SourceLocation

  package init(
    _ subject: Value, _ comparison: Comparison, _ operands: [Value] = [], semantics: Semantics,
    at location: SourceLocation
  ) {
    self.subject = subject
    self.comparison = comparison
    self.operands = operands
    self.semantics = semantics
    self.location = location
  }

  package enum Comparison: Sendable, Hashable {
    case equal, less, lessOrEqual, greater, greaterOrEqual
    case contains, startsWith, endsWith
    /// The subject is an element of the operands.
    case oneOf
    /// A wildcard pattern in which `*` stands for any text, the empty one included.
    case matchesGlob
    case matchesRegularExpression
    /// The language's truthiness.
    case isTrue
    case isPresent, isNull, isEmpty, isText, isNumber, isBoolean
  }

  /// The coercions that differ between languages.
  package enum Semantics: Sendable, Hashable {
    /// No coercion: JSON equality (ASL, jq, `===`).
    case strict
    /// GitHub expressions: text without case, null equals `''`, `0` and `false`.
    case gitHub
    /// JavaScript `==` and truthiness.
    case javaScript
    /// The same, and an empty list is false.
    case python
    /// Everything is text.
    case shell
  }
}
