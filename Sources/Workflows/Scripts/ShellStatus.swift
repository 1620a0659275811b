import Expressions
import SourceText

/// What is known of how commands end: `$?`, variables that keep it, and commands that print `true` or `false`.
extension ShellLowerer {
  /// `$found`: a variable that runs the command `true` or `false`.
  func truth(of word: ShellWord) -> Condition? {
    guard word.parts.count == 1, case .parameter(let parameter, _) = word.parts[0],
      case .plain = parameter.operation, isBoolean[parameter.name] == true
    else { return nil }
    return .test(
      Test(
        value(of: parameter.name, at: parameter.range), .equal, [.literal("true")],
        semantics: .shell, at: location(word.range)))
  }

  /// `$(jq '.ready')`: what a command prints, where that is nothing but `true` or `false`, runs as one of these.
  mutating func answer(of word: ShellWord) -> Condition? {
    guard word.parts.count == 1, case .command(let commands, quoted: false) = word.parts[0],
      commands.count == 1, case .simple(let simple) = commands[0].kind,
      simple.words.first?.literal == "jq"
    else { return nil }
    let value = resolved(evaluate(word))
    guard value.isTrueOrFalse else { return nil }
    return .test(
      Test(
        value, .equal, [.literal("true")], semantics: .shell, at: location(word.range)))
  }

  /// A test of `$?` right behind the command it speaks of has that command's ways out.
  func status(_ outcome: ShellOutcome, of words: [ShellWord]) -> ShellOutcome {
    guard let last = lastOutcome, last.condition == nil, outcome.condition != nil,
      !last.failure.isEmpty || !last.quiet.isEmpty,
      let subject = words.first, isStatus(subject), words.count == 3,
      words[2].literal == "0"
    else { return outcome }
    switch words[1].literal {
    case "-eq", "=", "==":
      return ShellOutcome(success: last.success, failure: last.failure + last.quiet)
    case "-ne", "!=", "-gt":
      return ShellOutcome(success: last.failure + last.quiet, failure: last.success)
    default: return outcome
    }
  }

  func isStatus(_ word: ShellWord) -> Bool {
    guard word.parts.count == 1, case .parameter(let parameter, _) = word.parts[0] else {
      return false
    }
    return parameter.name == "?" || statusVariables[parameter.name] != nil
  }

  /// What a comparison of `$?`, or of a variable that keeps it, with a number says.
  func statusCondition(of word: ShellWord, comparedWith text: String?) -> Condition? {
    guard word.parts.count == 1, case .parameter(let parameter, _) = word.parts[0],
      case .plain = parameter.operation
    else { return nil }
    let condition: Condition
    if parameter.name == "?" {
      condition =
        lastOutcome?.condition ?? endStatus
        ?? .outcome(.succeeded, of: [context.route], written: true)
    } else if let kept = statusVariables[parameter.name] {
      condition = kept
    } else {
      return nil
    }
    return text == "0" ? condition : Self.negated(condition)
  }
}

extension Value {
  /// Whether the value is a condition written as `true` or `false`.
  fileprivate var isTrueOrFalse: Bool {
    switch self {
    case .text(let inner, _): inner.isTrueOrFalse
    case .template(let parts) where parts.count == 1: parts[0].isTrueOrFalse
    case .conditional(_, let first, let second):
      [first, second].allSatisfy { $0 == .literal("true") || $0 == .literal("false") }
    default: false
    }
  }
}
