/// A jq program applied to an input: what it prints, and when it succeeds.
package struct JqProgram: Sendable {
  private let outcome: JqOutcome
  private let location: SourceLocation

  /// Applies `program` to `input`.
  ///
  /// - Parameters:
  ///   - program: The program's text.
  ///   - input: The parsed input; `nil` for `jq -n`.
  ///   - variables: What `--arg` and `--argjson` bind, without `$`.
  ///   - location: Where conditions of the program are said to stand.
  package init(
    _ program: String, input: Value?, variables: [String: Value] = [:],
    location: SourceLocation
  ) {
    var interpreter = JqInterpreter(location: location)
    self.outcome = interpreter.apply(
      JqParser.parse(program), to: .value(input ?? .null), variables)
    self.location = location
  }

  /// What the program prints, as text: `null` for null, nothing for `empty`.
  package var printed: Value { outcome.printed }

  /// The text that it writes without `-r`: texts are quoted.
  package var printedAsJSON: Value { outcome.printedAsJSON }

  /// The computed value itself, where it is one (`jq -n '{…}'` builds a body).
  package var value: Value { outcome.asValue.withEveryElement }

  /// When `jq -e` exits with 0: the last output is neither false nor null, and there is one.
  package var holds: Condition { outcome.holds(at: location) }

  /// When plain `jq` exits with 0; `nil` where nothing in the program raises an error.
  package var completes: Condition? { outcome.canRaise ? outcome.completes(at: location) : nil }
}
