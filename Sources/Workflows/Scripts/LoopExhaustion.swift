import Expressions
import SourceText

/// The last pass of a counted loop, as its body may ask for it: `[ "$i" = 30 ]` in `for i in $(seq 30)`.
struct LoopExhaustion {
  private let variable: String
  /// The last value, or the name of the variable that holds it.
  private let last: String

  var counters: Set<String> { [variable] }

  /// `for variable in words`.
  init?(variable: String, words: [ShellWord]) {
    guard let word = words.last, let last = Self.last(of: word) else { return nil }
    self.variable = variable
    self.last = last
  }

  /// `for ((i = 1; i <= 30; i++))`; with `<` the last value is one less.
  init?(head: ShellWord) {
    let parts = ShellArithmetic.tokens(of: head).split(separator: .symbol(";"))
    guard parts.count == 3, parts[1].count == 3, case .name(let variable) = parts[1].first else {
      return nil
    }
    let test = Array(parts[1])
    switch (test[1], test[2]) {
    case (.symbol("<="), let bound): last = Self.text(bound) ?? ""
    case (.symbol("<"), .number(let bound)): last = Int(bound).map { String($0 - 1) } ?? ""
    default: return nil
    }
    if last.isEmpty { return nil }
    self.variable = variable
  }

  /// Whether the body, at its outermost level, leaves the loop in the last pass.
  func isLeft(by body: [ShellCommand]) -> Bool {
    body.contains { command in
      switch command.kind {
      case .conditional(let branches, _):
        branches.contains { branch in
          branch.condition.count == 1 && asks(branch.condition[0]) == true
            && Self.endsByLeaving(branch.body)
        }
      case .and(let test, let action): asks(test) == true && Self.endsByLeaving([action])
      case .or(let test, let action): asks(test) == false && Self.endsByLeaving([action])
      default: false
      }
    }
  }

  private static func endsByLeaving(_ body: [ShellCommand]) -> Bool {
    switch body.last?.kind {
    case .simple(let simple): ["exit", "break", "return"].contains(simple.words.first?.bare ?? "")
    case .group(let inner): endsByLeaving(inner)
    default: false
    }
  }

  /// Whether the test holds in the last pass only (`true`), or in all passes but the last (`false`).
  private func asks(_ command: ShellCommand) -> Bool? {
    switch command.kind {
    case .not(let inner): return asks(inner).map { !$0 }
    case .arithmetic(let word):
      let tokens = ShellArithmetic.tokens(of: word)
      guard tokens.count == 3, case .symbol(let symbol) = tokens[1] else { return nil }
      return asks(Self.text(tokens[0]), symbol, Self.text(tokens[2]))
    case .test(let tokens):
      guard tokens.count == 3, case .word(let left) = tokens[0],
        case .word(let comparison) = tokens[1], case .word(let right) = tokens[2]
      else { return nil }
      return asks(Self.text(left), comparison.literal ?? "", Self.text(right))
    case .simple(let simple):
      var words = simple.words[...]
      let name = words.popFirst()?.bare
      guard name == "test" || name == "[" else { return nil }
      if name == "[" { _ = words.popLast() }
      guard words.count == 3 else { return nil }
      let parts = Array(words)
      return asks(Self.text(parts[0]), parts[1].literal ?? "", Self.text(parts[2]))
    default: return nil
    }
  }

  private func asks(_ left: String?, _ comparison: String, _ right: String?) -> Bool? {
    guard left == "$" + variable, right == last else { return nil }
    switch comparison {
    case "=", "==", "-eq", "-ge", ">=": return true
    case "!=", "-ne", "-lt", "<": return false
    default: return nil
    }
  }

  private static func last(of word: ShellWord) -> String? {
    if let text = word.bare {
      guard text.hasPrefix("{"), text.hasSuffix("}") else { return text }
      let parts = text.dropFirst().dropLast().parts(by: ".")
      return parts.count == 2 ? String(parts[1]) : nil
    }
    guard word.parts.count == 1, case .command(let commands, _) = word.parts[0],
      case .simple(let simple)? = commands.first?.kind, simple.words.first?.bare == "seq"
    else { return nil }
    return simple.words.last.flatMap(text)
  }

  /// A number as it is, a variable as `$name`.
  private static func text(_ word: ShellWord) -> String? {
    if let literal = word.literal { return literal }
    guard word.parts.count == 1, case .parameter(let parameter, _) = word.parts[0],
      case .plain = parameter.operation
    else { return nil }
    return "$" + parameter.name
  }

  private static func text(_ token: ShellArithmetic.Token) -> String? {
    switch token {
    case .name(let name): "$" + name
    case .number(let number): number
    case .symbol, .part: nil
    }
  }
}
