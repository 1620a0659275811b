package import Findings

/// What running rules' examples showed: a line for each mismatch, and how many there are.
package enum ExampleReport {
  package static func text(_ result: ExampleResult) -> String {
    let lines = result.failures.map { failure in
      let place = failure.line.map { "\(failure.path):\($0)" } ?? failure.path
      return DisplayText.printable("\(place): \(words(failure.kind))") + "\n"
    }
    return lines.joined() + "\(result.passed) passed, \(result.failed) failed\n"
  }

  private static func words(_ kind: ExampleResult.Kind) -> String {
    switch kind {
    case .missing(let expected): "expected \(expected), found nothing of the kind"
    case .unexpected(let found, let message):
      "found \(found), expected nothing of the kind: \(message)"
    case .foreign(let expected): "expects \(expected), which is not the rule of this directory"
    case .malformed(let text): "cannot read the expectation `\(text)`; it is `RULE/cause` or `RULE`"
    case .badWithoutExpectation: "a bad example must expect a finding"
    case .goodWithExpectation: "a good example must not expect a finding"
    case .noBadExample: "the rule has no bad example"
    case .noGoodExample: "the rule has no good example"
    case .unknownRule: "no rule has this directory's name as its ID"
    }
  }
}
