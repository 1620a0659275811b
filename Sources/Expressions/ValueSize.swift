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

extension Condition {
  /// Whether conditionals stand more than a few deep in each other's conditions: judging doubles with each of them.
  package var isDeep: Bool { isDeeper(than: 6) }

  fileprivate func isDeeper(than limit: Int) -> Bool {
    switch self {
    case .constant, .outcome, .unknown: false
    case .all(let conditions), .any(let conditions):
      conditions.contains { $0.isDeeper(than: limit) }
    case .not(let condition): condition.isDeeper(than: limit)
    case .test(let test):
      test.subject.isDeeper(than: limit) || test.operands.contains { $0.isDeeper(than: limit) }
    case .every(let value, let condition), .some(let value, let condition):
      value.isDeeper(than: limit) || condition.isDeeper(than: limit)
    }
  }
}

extension Value {
  fileprivate func isDeeper(than limit: Int) -> Bool {
    switch self {
    case .literal, .null, .reference, .result, .unknown: false
    case .record(let fields): fields.contains { $0.value.isDeeper(than: limit) }
    case .list(let values), .template(let values), .either(let values):
      values.contains { $0.isDeeper(than: limit) }
    case .selection(let value, _), .text(let value, _), .length(let value),
      .converted(_, let value):
      value.isDeeper(than: limit)
    case .fallback(let first, let second):
      first.isDeeper(than: limit) || second.isDeeper(than: limit)
    case .conditional(let condition, let first, let second):
      limit == 0 || condition.isDeeper(than: limit - 1) || first.isDeeper(than: limit)
        || second.isDeeper(than: limit)
    }
  }

  /// Whether no condition stands in it, and it can be named twice.
  var isPlain: Bool {
    switch self {
    case .literal, .null, .reference, .result: true
    case .selection(let value, _), .text(let value, _), .length(let value),
      .converted(_, let value):
      value.isPlain
    case .template(let parts): parts.count < 8 && parts.allSatisfy(\.isPlain)
    case .record, .list, .fallback, .conditional, .either, .unknown: false
    }
  }
}
