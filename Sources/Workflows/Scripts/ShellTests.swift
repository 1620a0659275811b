import Expressions
import SourceText

/// Tests: `[ ]`, `[[ ]]`, `(( ))`, patterns.
extension ShellLowerer {
  func test(
    _ subject: Value, _ comparison: Test.Comparison, _ operands: [Value] = [], at range: ByteRange
  ) -> Condition {
    .test(Test(subject, comparison, operands, semantics: .shell, at: location(range)))
  }

  /// `[ … ]` and `test …`.
  mutating func runTest(_ words: [ShellWord], at range: ByteRange) -> ShellOutcome {
    var parser = ShellTestParser(words: words, range: range)
    let condition = parser.parse(with: &self)
    return decided(by: condition, at: range)
  }

  /// Whether the value equals a pattern in which unquoted wildcards count.
  mutating func matches(_ value: Value, pattern: ShellWord, at range: ByteRange) -> Condition {
    if pattern.bare == "*" { return .constant(true) }
    guard Self.hasWildcard(pattern) else {
      return test(value, .equal, [evaluate(pattern)], at: range)
    }
    var onlyStars = true
    var text = ""
    var expression = "^"
    for part in pattern.parts {
      switch part {
      case .literal(let piece, let quoted):
        text += piece
        for character in piece {
          if quoted {
            if "*?[".contains(character) { onlyStars = false }
            expression += Self.escaped(character)
          } else if character == "*" {
            expression += "[\\s\\S]*"
          } else if character == "?" {
            onlyStars = false
            expression += "[\\s\\S]"
          } else if character == "[" || character == "]" {
            onlyStars = false
            expression.append(character)
          } else if "@+!(|)".contains(character) {
            // An extended glob: beyond what is compared here.
            if character == "(" { return .unknown(value.references) }
            expression += Self.escaped(character)
          } else {
            expression += Self.escaped(character)
          }
        }
      case .parameter, .command, .process, .arithmetic, .hole:
        let inner = evaluate(ShellWord(parts: [part], range: pattern.range))
        // `*"$X"*`: a search for another value.
        return test(value, .contains, [inner], at: range)
      }
    }
    if onlyStars { return test(value, .matchesGlob, [.literal(text)], at: range) }
    return test(value, .matchesRegularExpression, [.literal(expression + "$")], at: range)
  }

  private static func hasWildcard(_ word: ShellWord) -> Bool {
    word.parts.contains { part in
      if case .literal(let text, quoted: false) = part {
        text.utf8.contains {
          $0 == UInt8(ascii: "*") || $0 == UInt8(ascii: "?") || $0 == UInt8(ascii: "[")
        }
      } else {
        false
      }
    }
  }

  static func escaped(_ character: Character) -> String {
    "\\^$.|?*+()[]{}".contains(character) ? "\\" + String(character) : String(character)
  }

  /// `(( … ))`: one comparison, several joined by `&&` and `||`, or a count.
  mutating func runArithmetic(_ word: ShellWord, at range: ByteRange) -> ShellOutcome {
    let written = ShellArithmetic.writtenNames(in: word)
    for name in written.sorted() {
      statusVariables[name] = nil
      assign(variable(name), .unknown([]), at: range)
    }
    // `((n++))` fails where n was 0, which nobody means; it is taken as a count.
    if !written.isEmpty { return ShellOutcome(success: current) }
    let tokens = ShellArithmetic.tokens(of: word)
    return decided(by: arithmeticCondition(tokens[...], word, at: range), at: range)
  }

  private mutating func arithmeticCondition(
    _ tokens: ArraySlice<ShellArithmetic.Token>, _ word: ShellWord, at range: ByteRange
  ) -> Condition {
    for (symbol, all) in [("||", false), ("&&", true)] {
      let parts = tokens.split(separator: .symbol(symbol), omittingEmptySubsequences: false)
      if parts.count > 1, parts.count < 16 {
        return Self.combined(
          parts.map { arithmeticCondition($0, word, at: range) }, all: all)
      }
    }
    let comparisons: [String: (Test.Comparison, Bool)] = [
      "==": (.equal, true), "!=": (.equal, false), "<": (.less, true), ">": (.greater, true),
      "<=": (.lessOrEqual, true), ">=": (.greaterOrEqual, true),
    ]
    guard
      let index = tokens.firstIndex(where: { token in
        if case .symbol(let symbol) = token { comparisons[symbol] != nil } else { false }
      }), case .symbol(let symbol) = tokens[index], let (comparison, holds) = comparisons[symbol]
    else {
      guard tokens.count == 1, let value = arithmeticValue(tokens, word) else {
        return .unknown(arithmeticReferences(tokens, word))
      }
      return Self.negated(compare(value, .equal, .literal("0"), at: range))
    }
    let left = arithmeticValue(tokens[..<index], word)
    let right = arithmeticValue(tokens[tokens.index(after: index)...], word)
    guard let left, let right else { return .unknown(arithmeticReferences(tokens, word)) }
    let condition = compare(left, comparison, right, at: range)
    return holds ? condition : Self.negated(condition)
  }

  private mutating func arithmeticValue(
    _ tokens: ArraySlice<ShellArithmetic.Token>, _ word: ShellWord
  ) -> Value? {
    let values = tokens.compactMap { token -> Value? in
      switch token {
      case .name(let name): value(of: name, at: word.range)
      case .number(let text): .literal(text)
      case .part(let index): evaluate(ShellWord(parts: [word.parts[index]], range: word.range))
      case .symbol: nil
      }
    }
    if values.isEmpty { return nil }
    return values.count == 1 ? values[0] : .converted("arithmetic", .template(values))
  }

  private func arithmeticReferences(
    _ tokens: ArraySlice<ShellArithmetic.Token>, _ word: ShellWord
  ) -> [Reference] {
    tokens.flatMap { token -> [Reference] in
      if case .name(let name) = token { value(of: name, at: word.range).references } else { [] }
    }
  }

  /// When a value that a condition chose is this text: the condition itself.
  private func computed(
    _ value: Value, being wanted: String, at range: ByteRange
  ) -> Condition? {
    let value = resolved(value)
    guard case .conditional(let condition, let first, let second) = value,
      let one = first.knownText, let other = second.knownText
    else { return nil }
    return Condition.choice(
      condition.placed(at: location(range)), .constant(one == wanted), .constant(other == wanted))
  }

  /// A comparison whose literal stands on the right.
  func compare(
    _ left: Value, _ comparison: Test.Comparison, _ right: Value, at range: ByteRange
  ) -> Condition {
    guard left.knownText != nil, right.knownText == nil else {
      if comparison == .equal, let wanted = right.knownText,
        let condition = computed(left, being: wanted, at: range)
      {
        return condition
      }
      return test(left, comparison, [right], at: range)
    }
    if comparison == .equal { return compare(right, comparison, left, at: range) }
    let mirrored: Test.Comparison =
      switch comparison {
      case .less: .greater
      case .lessOrEqual: .greaterOrEqual
      case .greater: .less
      case .greaterOrEqual: .lessOrEqual
      default: comparison
      }
    return test(right, mirrored, [left], at: range)
  }
}

/// Parses the words of `[ … ]` or the tokens of `[[ … ]]` into a condition.
struct ShellTestParser {
  private let tokens: [ShellTestToken]
  private let range: ByteRange
  /// `[ ]` splits words that are not quoted.
  private let splitsWords: Bool
  private var position = 0
  private var depth = 0

  init(tokens: [ShellTestToken], range: ByteRange) {
    self.tokens = tokens
    self.range = range
    splitsWords = false
  }

  init(words: [ShellWord], range: ByteRange) {
    tokens = words.map { word in
      switch word.literal {
      case "!": .not
      case "-a": .and
      case "-o": .or
      case "(": .open
      case ")": .close
      default: .word(word)
      }
    }
    self.range = range
    splitsWords = true
  }

  mutating func parse(with lowerer: inout ShellLowerer) -> Condition {
    guard !tokens.isEmpty else { return .constant(false) }
    let condition = parseOr(&lowerer)
    guard position >= tokens.count else { return .unknown(remaining(&lowerer)) }
    return condition
  }

  private mutating func remaining(_ lowerer: inout ShellLowerer) -> [Reference] {
    var references: [Reference] = []
    for case .word(let word) in tokens { references += lowerer.evaluate(word).references }
    return references
  }

  private mutating func parseOr(_ lowerer: inout ShellLowerer) -> Condition {
    var parts = [parseAnd(&lowerer)]
    while case .or? = current {
      position += 1
      parts.append(parseAnd(&lowerer))
    }
    return ShellLowerer.combined(parts, all: false)
  }

  private mutating func parseAnd(_ lowerer: inout ShellLowerer) -> Condition {
    var parts = [parseNot(&lowerer)]
    while case .and? = current {
      position += 1
      parts.append(parseNot(&lowerer))
    }
    return ShellLowerer.combined(parts, all: true)
  }

  private mutating func parseNot(_ lowerer: inout ShellLowerer) -> Condition {
    var negated = false
    while case .not? = current {
      position += 1
      negated.toggle()
    }
    let condition = parsePrimary(&lowerer)
    return negated ? ShellLowerer.negated(condition) : condition
  }

  private var current: ShellTestToken? { position < tokens.count ? tokens[position] : nil }

  private func word(at index: Int) -> ShellWord? {
    guard index < tokens.count, case .word(let word) = tokens[index] else { return nil }
    return word
  }

  private mutating func parsePrimary(_ lowerer: inout ShellLowerer) -> Condition {
    if case .open? = current, depth < 32 {
      depth += 1
      defer { depth -= 1 }
      position += 1
      let inner = parseOr(&lowerer)
      if case .close? = current { position += 1 }
      return inner
    }
    guard let first = word(at: position) else {
      position += 1
      return .unknown([])
    }
    if let condition = parseBinary(first, &lowerer) { return condition }
    if let name = first.bare, name.hasPrefix("-"), let operand = word(at: position + 1),
      let condition = parseUnary(name, operand, &lowerer)
    {
      position += 2
      return condition
    }
    position += 1
    return isFilled(first, &lowerer)
  }

  private func at(_ first: ShellWord, _ second: ShellWord) -> ByteRange {
    ByteRange(first.range.start, max(first.range.start, second.range.end))
  }

  /// `[ -n $X ]` without quotes: an empty X leaves `[ -n ]`, which holds.
  private func vanishes(_ word: ShellWord) -> Bool {
    guard splitsWords else { return false }
    return word.parts.allSatisfy { part in
      switch part {
      case .parameter(_, quoted: false), .command(_, quoted: false): true
      case .literal, .parameter, .command, .process, .arithmetic, .hole: false
      }
    }
  }

  private func isFilled(_ word: ShellWord, _ lowerer: inout ShellLowerer) -> Condition {
    let value = lowerer.evaluate(word)
    if let text = value.knownText { return .constant(!text.isEmpty) }
    return .not(lowerer.test(value, .isEmpty, at: word.range))
  }

  private func parseUnary(
    _ name: String, _ operand: ShellWord, _ lowerer: inout ShellLowerer
  ) -> Condition? {
    switch name {
    case "-n":
      if vanishes(operand) {
        return lowerer.test(lowerer.evaluate(operand), .isPresent, at: operand.range)
      }
      return isFilled(operand, &lowerer)
    case "-z": return ShellLowerer.negated(isFilled(operand, &lowerer))
    case "-s":
      guard let file = lowerer.fileValue(of: lowerer.argument(operand)) else {
        return .unknown([])
      }
      return .not(lowerer.test(file, .isEmpty, at: operand.range))
    case "-f", "-e", "-r":
      guard let file = lowerer.fileValue(of: lowerer.argument(operand)) else {
        return .unknown([])
      }
      return lowerer.test(file, .isPresent, at: operand.range)
    case "-v", "-R":
      guard let variable = operand.literal else { return .unknown([]) }
      return lowerer.test(
        lowerer.value(of: variable, at: operand.range), .isPresent, at: operand.range)
    case "-d", "-h", "-L", "-p", "-S", "-t", "-w", "-x", "-b", "-c", "-g", "-k", "-u", "-O", "-G",
      "-N", "-o":
      _ = lowerer.evaluate(operand)
      return .unknown([])
    default: return nil
    }
  }

  private mutating func parseBinary(
    _ first: ShellWord, _ lowerer: inout ShellLowerer
  ) -> Condition? {
    guard position + 2 < tokens.count, let second = word(at: position + 2) else { return nil }
    let symbol: String
    switch tokens[position + 1] {
    case .less: symbol = "<"
    case .greater: symbol = ">"
    case .word(let word):
      guard let text = word.literal else { return nil }
      symbol = text
    case .and, .or, .not, .open, .close: return nil
    }
    let place = at(first, second)
    let condition: Condition
    switch symbol {
    case "=", "==", "!=":
      condition = equality(first, second, at: place, &lowerer)
    case "=~": condition = expression(first, second, at: place, &lowerer)
    case "-eq", "-ne", "-lt", "-le", "-gt", "-ge", "<", ">":
      condition = number(symbol, first, second, at: place, &lowerer)
    case "-nt", "-ot", "-ef": condition = .unknown([])
    default: return nil
    }
    position += 3
    return symbol == "!=" || symbol == "-ne" ? ShellLowerer.negated(condition) : condition
  }

  private func equality(
    _ first: ShellWord, _ second: ShellWord, at place: ByteRange, _ lowerer: inout ShellLowerer
  ) -> Condition {
    if let status = lowerer.statusCondition(of: first, comparedWith: second.literal) {
      return status
    }
    let left = lowerer.evaluate(first)
    if !splitsWords { return lowerer.matches(left, pattern: second, at: place) }
    let right = lowerer.evaluate(second)
    if let one = left.knownText, let two = right.knownText { return .constant(one == two) }
    return prefixed(left, right, at: place, lowerer)
  }

  /// `[ "x$CERT" != "x" ]` compares what stands behind the same letters.
  private func prefixed(
    _ left: Value, _ right: Value, at place: ByteRange, _ lowerer: ShellLowerer
  ) -> Condition {
    let prefix = left.leadingText
    guard !prefix.isEmpty, left.knownText == nil, right.leadingText.hasPrefix(prefix) else {
      return lowerer.compare(left, .equal, right, at: place)
    }
    let count = prefix.utf8.count
    return lowerer.compare(
      left.droppingLeading(count), .equal, right.droppingLeading(count), at: place)
  }

  private func expression(
    _ first: ShellWord, _ second: ShellWord, at place: ByteRange, _ lowerer: inout ShellLowerer
  ) -> Condition {
    let left = lowerer.evaluate(first)
    let right = lowerer.evaluate(second)
    let isQuoted = second.parts.allSatisfy { part in
      if case .literal(_, quoted: true) = part { true } else { false }
    }
    return lowerer.test(
      left, isQuoted ? .contains : .matchesRegularExpression, [right], at: place)
  }

  private func number(
    _ symbol: String, _ first: ShellWord, _ second: ShellWord, at place: ByteRange,
    _ lowerer: inout ShellLowerer
  ) -> Condition {
    if symbol == "-eq" || symbol == "-ne",
      let status = lowerer.statusCondition(of: first, comparedWith: second.literal)
    {
      return status
    }
    let comparison: Test.Comparison =
      switch symbol {
      case "-lt", "<": .less
      case "-le": .lessOrEqual
      case "-gt", ">": .greater
      case "-ge": .greaterOrEqual
      default: .equal
      }
    let left = lowerer.evaluate(first)
    let right = lowerer.evaluate(second)
    return lowerer.compare(left, comparison, right, at: place)
  }
}

extension Condition {
  /// The condition as it is asked at another place.
  fileprivate func placed(at location: SourceLocation) -> Condition {
    switch self {
    case .test(var test):
      test.location = location
      return .test(test)
    case .not(let inner): return .not(inner.placed(at: location))
    case .all(let parts): return .all(parts.map { $0.placed(at: location) })
    case .any(let parts): return .any(parts.map { $0.placed(at: location) })
    case .constant, .every, .some, .outcome, .unknown: return self
    }
  }
}
