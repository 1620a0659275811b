extension Value {
  /// The part of the value at `path`, looked up as far as it can be seen.
  ///
  /// A field that a record does not have is ``null``.
  package func selecting(_ path: [PathComponent]) -> Value {
    var value = self
    for index in path.indices {
      // From here on the path only grows, and it grows once.
      if case .reference(var reference) = value {
        reference.path += path[index...]
        return .reference(reference)
      }
      value = value.selecting(path[index])
    }
    return value
  }

  private func selecting(_ component: PathComponent) -> Value {
    switch self {
    case .null: return .null
    case .reference(var reference):
      reference.path.append(component)
      return .reference(reference)
    case .result(let path): return .result(path + [component])
    case .record(let fields):
      if case .field(let name) = component {
        return fields.last { $0.name == name }?.value ?? .null
      }
      return Value.either(of: fields.map(\.value))
    case .list(let elements):
      if case .index(let index) = component, elements.indices.contains(index) {
        return elements[index]
      }
      if case .field = component { return .selection(self, [component]) }
      return Value.either(of: elements)
    case .either(let values): return Value.either(of: values.map { $0.selecting(component) })
    case .fallback(let first, let second):
      return .fallback(first.selecting(component), second.selecting(component))
    case .conditional(let condition, let first, let second):
      return .conditional(condition, first.selecting(component), second.selecting(component))
    case .selection(let value, let path): return .selection(value, path + [component])
    case .unknown: return self
    case .converted(Value.merging, .list(let parts)):
      guard case .field(let name) = component else { return .selection(self, [component]) }
      return Value.field(name, ofMerged: parts)
    case .literal, .template, .text, .length, .converted:
      return .selection(self, [component])
    }
  }

  /// `first || second`: the second where the first is not true in the language's sense, an empty text for instance.
  package static func either(
    _ first: Value, orElse second: Value, _ semantics: Test.Semantics, at location: SourceLocation
  ) -> Value {
    guard first.isPlain else { return .fallback(first, second) }
    return .conditional(
      .test(Test(first, .isTrue, semantics: semantics, at: location)), first, second)
  }

  /// What stands in where the value proper is missing, whichever way that was written.
  package var standIn: Value? {
    switch self {
    case .fallback(_, let second): second
    case .conditional(.test(let test), let first, let second)
    where test.comparison == .isTrue && test.subject == first: second
    default: nil
    }
  }

  /// The conversion that lays records over each other, a later field over an earlier one (`{...a, b: 1}`).
  package static let merging = "merge"

  /// The conversion that writes a value as JSON: a text in quotes.
  package static let jsonText = "json"

  private static func field(_ name: String, ofMerged parts: [Value]) -> Value {
    var found = Value.null
    for part in parts {
      if case .record(let fields) = part {
        if let field = fields.last(where: { $0.name == name }) { found = field.value }
      } else {
        let field = part.selecting([.field(name)])
        found = found == .null ? field : .fallback(field, found)
      }
    }
    return found
  }

  /// One of `values`: the value itself where there is only one.
  package static func either(of values: [Value]) -> Value {
    switch values.count {
    case 0: .null
    case 1: values[0]
    default: .either(values)
    }
  }

  /// Every read that stands in the value, conditions included, in order.
  package var references: [Reference] {
    var references: [Reference] = []
    collect(into: &references)
    return references
  }

  fileprivate func collect(into references: inout [Reference]) {
    switch self {
    case .literal, .null, .result: break
    case .reference(let reference): references.append(reference)
    case .record(let fields): for field in fields { field.value.collect(into: &references) }
    case .list(let values), .template(let values), .either(let values):
      for value in values { value.collect(into: &references) }
    case .selection(let value, _), .text(let value, _), .length(let value),
      .converted(_, let value):
      value.collect(into: &references)
    case .fallback(let first, let second):
      first.collect(into: &references)
      second.collect(into: &references)
    case .conditional(let condition, let first, let second):
      condition.collect(into: &references)
      first.collect(into: &references)
      second.collect(into: &references)
    case .unknown(let seen): references += seen
    }
  }
}

extension Condition {
  /// Every read that stands in the condition, in order.
  package var references: [Reference] {
    var references: [Reference] = []
    collect(into: &references)
    return references
  }

  fileprivate func collect(into references: inout [Reference]) {
    switch self {
    case .constant, .outcome: break
    case .all(let conditions), .any(let conditions):
      for condition in conditions { condition.collect(into: &references) }
    case .not(let condition): condition.collect(into: &references)
    case .test(let test):
      test.subject.collect(into: &references)
      for operand in test.operands { operand.collect(into: &references) }
    case .every(let value, let condition), .some(let value, let condition):
      value.collect(into: &references)
      condition.collect(into: &references)
    case .unknown(let seen): references += seen
    }
  }
}
