import Expressions
import Rules

/// A concrete value to try a test on.
enum Probe: Sendable, Hashable {
  case null
  case text(String)
  case number(Double)
  case bool(Bool)
}

extension Test {
  /// What the test says when its subject has this value; `nil` where it depends on something unknown.
  func outcome(for subject: Probe) -> Bool? {
    switch comparison {
    case .isTrue: return isTrue(subject)
    case .isPresent: return true
    case .isNull: return subject == .null
    case .isEmpty: return isEmpty(subject)
    case .isText:
      if case .text = subject { return true }
      return false
    case .isNumber:
      if case .number = subject { return true }
      return false
    case .isBoolean:
      if case .bool = subject { return true }
      return false
    case .oneOf:
      return anyOutcome { equal(subject, $0) }
    case .equal:
      return anyOutcome { equal(subject, $0) }
    case .less, .lessOrEqual, .greater, .greaterOrEqual:
      guard let bound = operands.first.flatMap(Probe.init) else { return nil }
      return ordered(subject, bound)
    case .contains, .startsWith, .endsWith, .matchesGlob, .matchesRegularExpression:
      guard let pattern = operands.first.flatMap(Probe.init)?.asText else { return nil }
      return matches(subject, pattern)
    }
  }

  private func anyOutcome(_ compare: (Probe) -> Bool) -> Bool? {
    operands.isEmpty ? nil : operands.anyHolds { Probe($0).map(compare) }
  }

  private func isTrue(_ value: Probe) -> Bool {
    switch value {
    case .null: false
    case .bool(let bool): bool
    case .number(let number): semantics == .strict || number != 0
    case .text(let text):
      // jq and JSONata-like strict languages call every text true; ASL never asks.
      semantics == .strict ? true : !text.isEmpty
    }
  }

  private func isEmpty(_ value: Probe) -> Bool {
    switch value {
    case .null: true
    case .text(let text): text.isEmpty
    case .number, .bool: false
    }
  }

  private func equal(_ left: Probe, _ right: Probe) -> Bool {
    // Literals lose their type on the way here: a number or boolean is compared as what it spells.
    if case .bool(let bool) = left, case .text(let text) = right, text == (bool ? "true" : "false")
    {
      return true
    }
    switch semantics {
    case .strict:
      if case .number(let number) = left, case .text(let text) = right {
        return text.asNumber == number
      }
      return left == right
    case .shell:
      return left.asText == right.asText
    case .gitHub:
      if case .text(let first) = left, case .text(let second) = right {
        return first.lowercased() == second.lowercased()
      }
      if left == right { return true }
      // Outputs of steps are text: a flag arrives as `true`.
      if case (.bool, .text(let text)) = (left, right), text.lowercased() == left.asText {
        return true
      }
      guard let first = left.asNumber, let second = right.asNumber else { return false }
      return first == second
    case .javaScript, .python:
      if left == right { return true }
      if left == .null || right == .null { return false }
      guard let first = left.asNumber, let second = right.asNumber else { return false }
      return first == second
    }
  }

  private func ordered(_ subject: Probe, _ bound: Probe) -> Bool? {
    if semantics == .strict {
      switch (subject, bound) {
      case (.number, .number), (.text, .text): break
      case (.number, .text(let text)) where text.asNumber != nil: break
      // jq orders null before every number; the state languages refuse: either way "greater" fails.
      case (.null, _): return comparison == .less || comparison == .lessOrEqual
      default: return nil
      }
    }
    if case .text(let left) = subject, case .text(let right) = bound,
      left.asNumber == nil || right.asNumber == nil
    {
      return compared(left, right)
    }
    guard let left = subject.asNumber, let right = bound.asNumber else { return false }
    return compared(left, right)
  }

  private func compared<T: Comparable>(_ left: T, _ right: T) -> Bool? {
    switch comparison {
    case .less: left < right
    case .lessOrEqual: left <= right
    case .greater: left > right
    case .greaterOrEqual: left >= right
    default: nil
    }
  }

  private func matches(_ subject: Probe, _ pattern: String) -> Bool? {
    if subject == .null, semantics == .strict { return false }
    var text = subject.asText
    var pattern = pattern
    if semantics == .gitHub {
      text = text.lowercased()
      pattern = pattern.lowercased()
    }
    switch comparison {
    case .contains: return pattern.isEmpty || text.contains(pattern)
    case .startsWith: return text.hasPrefix(pattern)
    case .endsWith: return text.hasSuffix(pattern)
    case .matchesGlob: return Glob(pattern).matches(text)
    case .matchesRegularExpression:
      guard !pattern.mayBacktrackForEver, let expression = try? Regex(pattern) else { return nil }
      return text.firstMatch(of: expression) != nil
    default: return nil
    }
  }
}

extension Probe {
  /// The value of a literal, `nil` for anything that is computed.
  init?(_ value: Value) {
    switch value {
    case .null: self = .null
    case .literal(let text): self = .text(text)
    case .template(let parts):
      var text = ""
      for part in parts {
        guard case .literal(let piece) = part else { return nil }
        text += piece
      }
      self = .text(text)
    case .text(let inner, let null):
      guard let probe = Probe(inner) else { return nil }
      self = probe == .null ? .text(null) : .text(probe.asText)
    case .converted(Value.jsonText, let inner):
      guard let probe = Probe(inner) else { return nil }
      self = .text(probe.asJSON)
    default: return nil
    }
  }

  var asText: String {
    switch self {
    case .null: ""
    case .text(let text): text
    case .number(let number): number == number.rounded() ? String(Int(number)) : String(number)
    case .bool(let bool): bool ? "true" : "false"
    }
  }

  /// Literals lose their type on the way here: what spells a number, a boolean or null is taken for one.
  private var asJSON: String {
    switch self {
    case .null: "null"
    case .number, .bool: asText
    case .text(let text):
      ["true", "false", "null"].contains(text) || Double(text) != nil ? text : "\"\(text)\""
    }
  }

  var asNumber: Double? {
    switch self {
    case .null: 0
    case .text(let text): text.isEmpty ? 0 : text.asNumber
    case .number(let number): number
    case .bool(let bool): bool ? 1 : 0
    }
  }
}

extension String {
  fileprivate var asNumber: Double? {
    let trimmed = drop { $0 == " " }
    return Double(trimmed)
  }
}

extension String {
  /// Whether a repeated group repeats or chooses inside itself: such a pattern can take ages to fail on a short text.
  fileprivate var mayBacktrackForEver: Bool {
    let bytes = Array(utf8)
    var groups: [Bool] = []
    var isInSet = false
    var index = 0
    while index < bytes.count {
      let byte = bytes[index]
      index += 1
      if byte == UInt8(ascii: "\\") {
        index += 1
      } else if isInSet {
        isInSet = byte != UInt8(ascii: "]")
      } else if byte == UInt8(ascii: "[") {
        isInSet = true
      } else if byte == UInt8(ascii: "(") {
        groups.append(false)
      } else if byte == UInt8(ascii: ")") {
        let varies = groups.popLast() ?? false
        let repeats = index < bytes.count && "*+{".utf8.contains(bytes[index])
        if varies, repeats { return true }
        if varies, !groups.isEmpty { groups[groups.count - 1] = true }
      } else if "*+|".utf8.contains(byte), !groups.isEmpty {
        groups[groups.count - 1] = true
      }
    }
    return false
  }
}
