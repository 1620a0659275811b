/// Puts other values in the place of what a value reads.
///
/// Where a plain read must remain one (what an expression that cannot be parsed may touch), the reads of the new value
/// stand for it.
package struct ValueSubstitution {
  private let reference: (Reference) -> Value
  private let result: ([PathComponent]) -> Value

  package init(
    reference: @escaping (Reference) -> Value = { .reference($0) },
    result: @escaping ([PathComponent]) -> Value = { .result($0) }
  ) {
    self.reference = reference
    self.result = result
  }

  package func callAsFunction(_ value: Value) -> Value {
    switch value {
    case .literal, .null: value
    case .reference(let read): reference(read)
    case .result(let path): result(path)
    case .record(let fields): .record(fields.map { .init($0.name, self($0.value)) })
    case .list(let values): .list(values.map(callAsFunction))
    case .template(let values): .template(values.map(callAsFunction))
    case .either(let values): .either(values.map(callAsFunction))
    case .selection(let value, let path): self(value).selecting(path)
    case .text(let value, let null): .text(self(value), null: null)
    case .fallback(let first, let second): .fallback(self(first), self(second))
    case .conditional(let condition, let first, let second):
      .conditional(self(condition), self(first), self(second))
    case .length(let value): .length(self(value))
    case .converted(let name, let value): .converted(name, self(value))
    case .unknown(let reads): .unknown(self(reads))
    }
  }

  package func callAsFunction(_ condition: Condition) -> Condition {
    switch condition {
    case .constant, .outcome: return condition
    case .all(let parts): return .all(parts.map(callAsFunction))
    case .any(let parts): return .any(parts.map(callAsFunction))
    case .not(let inner): return .not(self(inner))
    case .test(var test):
      test.subject = self(test.subject)
      test.operands = test.operands.map(callAsFunction)
      return .test(test)
    case .every(let list, let inner): return .every(of: self(list), self(inner))
    case .some(let list, let inner): return .some(of: self(list), self(inner))
    case .unknown(let reads): return .unknown(self(reads))
    }
  }

  private func callAsFunction(_ reads: [Reference]) -> [Reference] {
    reads.flatMap { reference($0).references }
  }
}
