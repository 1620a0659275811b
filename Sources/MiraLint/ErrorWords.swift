extension LinterError {
  /// What to tell a person, with what to do about it.
  package var words: String {
    switch self {
    case .unknownRule(let name, let suggestion):
      "no rule is called `\(name)`" + hint(suggestion, else: "`mira-lint rules` lists them")
    case .unknownCause(let cause, let rule, let suggestion):
      "\(rule) has no cause `\(cause)`"
        + hint(suggestion, else: "`mira-lint explain \(rule)` names causes")
    case .unknownProtocol(let name, let suggestion, let known):
      "no protocol is called `\(name)`"
        + hint(
          suggestion,
          else: "there are \(known.joined(separator: ", ")), or name a file: `./\(name).yml`")
    case .unknownFormat(let name, let suggestion, let known):
      "nothing can be read as `\(name)`"
        + hint(suggestion, else: "there are \(known.joined(separator: ", "))")
    case .brokenDocuments(let problems): problems.joined(separator: "\n")
    case .unreadable(let path, let reason): "cannot read \(path): \(reason)"
    case .unwritable(let path, let reason): "cannot write \(path): \(reason)"
    case .unknownChanges(let reason, let advice): "\(reason); \(advice)"
    case .noInput(let inputs):
      inputs.map { "cannot read \($0.path): \($0.reason)" }.joined(separator: "\n")
    }
  }

  private func hint(_ suggestion: String?, else other: String) -> String {
    suggestion.map { "; did you mean `\($0)`?" } ?? "; \(other)"
  }
}
