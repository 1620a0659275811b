import Expressions
import SourceText

/// `bc` and `awk` where the shell has no numbers of its own: `(( $(echo "$score > 0.9" | bc -l) ))`.
extension ShellLowerer {
  /// What `bc` prints for a comparison: 1 or 0; `nil` where it computes anything else.
  func bcComparison(_ text: Value, at range: ByteRange) -> Value? {
    let parts = text.templateParts
    guard let condition = comparison(parts[...], named: [:], at: range) else { return nil }
    return .conditional(condition, .literal("1"), .literal("0"))
  }

  /// `awk -v s="$score" 'BEGIN { exit !(s > 0.9) }'`, whose status is a comparison, and the same with `print`.
  mutating func runAwkComparison(
    _ operands: [ShellArgument], at range: ByteRange
  ) -> ShellOutcome? {
    var names: [String: Value] = [:]
    var index = 0
    var program: ShellArgument?
    while index < operands.count {
      let leading = operands[index].value.leadingText
      var binding: Value?
      if leading == "-v", index + 1 < operands.count {
        index += 1
        binding = operands[index].value
      } else if leading.hasPrefix("-v"), !operands[index].isPositional {
        binding = operands[index].value.droppingLeading(2)
      } else if program == nil {
        program = operands[index]
      }
      if let binding, let equals = binding.leadingText.firstIndex(of: "=") {
        let name = String(binding.leadingText[..<equals])
        names[name] = binding.droppingLeading(name.utf8.count + 1)
      }
      index += 1
    }
    guard let program else { return nil }
    if let input {
      names["$0"] = input
      names["$1"] = input
    }
    var parts = program.value.templateParts[...]
    AwkProgram.trim(&parts, leading: ["BEGIN", "{"], trailing: ["}", ";"])
    for (word, prints) in [("exit", false), ("print", true)] {
      var rest = parts
      guard AwkProgram.takeLeading(word, from: &rest) else { continue }
      guard let (condition, holds) = decision(rest, names, at: range) else { return nil }
      if prints {
        let truth = [Value.literal("1"), .literal("0")]
        emit(.conditional(condition, truth[holds ? 0 : 1], truth[holds ? 1 : 0]), at: range)
        return ShellOutcome(success: current)
      }
      // A status of 0 is success: the comparison that is negated.
      return decided(by: holds ? Self.negated(condition) : condition, at: range)
    }
    return nil
  }

  /// A comparison, perhaps negated or as `c ? 1 : 0`; whether it counts as 1 where it holds.
  private func decision(
    _ written: ArraySlice<Value>, _ names: [String: Value], at range: ByteRange
  ) -> (Condition, Bool)? {
    var parts = written
    var holds = true
    AwkProgram.trim(&parts, leading: [], trailing: ["}", ";"])
    for (choice, whenTrue) in [("1:0", true), ("0:1", false)] {
      if AwkProgram.takeTrailing(choice, from: &parts) {
        guard AwkProgram.takeTrailing("?", from: &parts) else { return nil }
        holds = whenTrue
        break
      }
    }
    while AwkProgram.takeLeading("!", from: &parts) { holds.toggle() }
    return comparison(parts, named: names, at: range).map { ($0, holds) }
  }

  /// `A op B`, in parentheses or not.
  private func comparison(
    _ written: ArraySlice<Value>, named names: [String: Value], at range: ByteRange
  ) -> Condition? {
    var parts = written
    AwkProgram.trim(&parts, leading: [], trailing: [";"])
    while AwkProgram.isParenthesised(parts) {
      AwkProgram.trim(&parts, leading: ["("], trailing: [")"])
    }
    let symbols: [(String, Test.Comparison, Bool)] = [
      ("<=", .lessOrEqual, true), (">=", .greaterOrEqual, true), ("==", .equal, true),
      ("!=", .equal, false), ("<", .less, true), (">", .greater, true),
    ]
    var place: (part: Int, at: String.Index, symbol: (String, Test.Comparison, Bool))?
    for (index, part) in zip(parts.indices, parts) {
      guard case .literal(let text) = part else { continue }
      if text.holds("&&") || text.holds("||") || text.contains("\"") { return nil }
      for symbol in symbols {
        guard place == nil, let at = text.firstRange(of: symbol.0)?.lowerBound else { continue }
        place = (index, at, symbol)
      }
    }
    guard let place, case .literal(let text) = parts[place.part] else { return nil }
    let (symbol, comparison, holds) = place.symbol
    let before = Value.literal(String(text[..<place.at]))
    let after = Value.literal(String(text[place.at...].dropFirst(symbol.count)))
    guard let left = operand(Array(parts[..<place.part]) + [before], names),
      let right = operand([after] + Array(parts[(place.part + 1)...]), names)
    else { return nil }
    let condition = compare(left, comparison, right, at: range)
    return holds ? condition : Self.negated(condition)
  }

  private func operand(_ parts: [Value], _ names: [String: Value]) -> Value? {
    let known = parts.filter { part in
      if case .literal(let text) = part { return !text.allSatisfy(\.isWhitespace) }
      return true
    }
    guard let first = known.first else { return nil }
    guard known.count == 1 else { return .converted("arithmetic", .template(known)) }
    guard case .literal(let written) = first else { return first }
    let text = written.filter { !$0.isWhitespace }
    if let value = names[text] { return value }
    return Double(text) == nil ? nil : .literal(text)
  }
}

/// The text of a small awk program with what the shell put into it.
private enum AwkProgram {
  static func trim(_ parts: inout ArraySlice<Value>, leading: [String], trailing: [String]) {
    for text in leading { _ = takeLeading(text, from: &parts) }
    while trailing.contains(where: { takeTrailing($0, from: &parts) }) {}
  }

  /// Drops the text from the start, and the space before it; whether it stood there.
  static func takeLeading(_ wanted: String, from parts: inout ArraySlice<Value>) -> Bool {
    guard let index = parts.indices.first, case .literal(let text) = parts[index] else {
      return false
    }
    let rest = text.drop(while: \.isWhitespace)
    guard rest.hasPrefix(wanted) else { return false }
    parts[index] = .literal(String(rest.dropFirst(wanted.count)))
    return true
  }

  /// Drops the text from the end, whatever space stands in or behind it; whether it stood there.
  static func takeTrailing(_ wanted: String, from parts: inout ArraySlice<Value>) -> Bool {
    guard let index = parts.indices.last, case .literal(let text) = parts[index] else {
      return false
    }
    var rest = text[...]
    for character in wanted.reversed() {
      while rest.last?.isWhitespace == true { rest.removeLast() }
      guard rest.last == character else { return false }
      rest.removeLast()
    }
    parts[index] = .literal(String(rest))
    return true
  }

  static func isParenthesised(_ parts: ArraySlice<Value>) -> Bool {
    var rest = parts
    guard takeLeading("(", from: &rest), takeTrailing(")", from: &rest) else { return false }
    // `(a) > (b)` has no parentheses around it.
    var depth = 0
    for case .literal(let text) in rest {
      for character in text {
        if character == "(" { depth += 1 }
        if character == ")" { depth -= 1 }
        if depth < 0 { return false }
      }
    }
    return depth == 0
  }
}
