extension Value {
  /// Whether the value has more than a thousand parts.
  package var isLarge: Bool {
    var left = 1000
    return !fits(&left)
  }

  fileprivate func fits(_ left: inout Int) -> Bool {
    left -= 1
    guard left > 0 else { return false }
    switch self {
    case .literal, .null, .reference, .result: return true
    case .record(let fields): return fields.allSatisfy { $0.value.fits(&left) }
    case .list(let values), .template(let values), .either(let values):
      return values.allSatisfy { $0.fits(&left) }
    case .selection(let value, _), .text(let value, _), .length(let value),
      .converted(_, let value):
      return value.fits(&left)
    case .fallback(let first, let second): return first.fits(&left) && second.fits(&left)
    case .conditional(let condition, let first, let second):
      return condition.fits(&left) && first.fits(&left) && second.fits(&left)
    case .unknown(let references):
      left -= references.count
      return left > 0
    }
  }
}

extension Condition {
  var isLarge: Bool {
    var left = 1000
    return !fits(&left)
  }

  fileprivate func fits(_ left: inout Int) -> Bool {
    left -= 1
    guard left > 0 else { return false }
    switch self {
    case .constant, .outcome: return true
    case .all(let conditions), .any(let conditions):
      return conditions.allSatisfy { $0.fits(&left) }
    case .not(let condition): return condition.fits(&left)
    case .test(let test):
      return test.subject.fits(&left) && test.operands.allSatisfy { $0.fits(&left) }
    case .every(let value, let condition), .some(let value, let condition):
      return value.fits(&left) && condition.fits(&left)
    case .unknown(let references):
      left -= references.count
      return left > 0
    }
  }
}
