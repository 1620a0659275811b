import Expressions
import SourceText

/// What the lowering of a definition in one file says of it besides its graph.
protocol DefinitionLowering {
  var path: String { get }
  var problems: [SourceProblem] { get set }
  var gaps: [Workflow.Gap] { get set }
}

extension DefinitionLowering {
  func location(_ node: Node) -> SourceLocation {
    SourceLocation(path: path, range: node.range)
  }

  mutating func report(
    _ message: String, hint: String = "", severity: SourceProblem.Severity = .error,
    at range: ByteRange
  ) {
    problems.append(
      SourceProblem(severity: severity, message: message, hint: hint, range: range))
  }

  /// Notes that something could not be understood.
  mutating func note(_ message: String, at range: ByteRange) {
    gaps.append(.init(message: message, location: SourceLocation(path: path, range: range)))
  }
}
