package import Expressions
package import Findings
package import Rules
package import Workflows

/// Judges workflow definitions by the rules over workflows.
package struct WorkflowJudge: Sendable {
  private let rules: [Rule]
  private let protocols: [VerificationProtocol]
  private let integrations: [Integration]

  /// Prepares the rules once for many workflows.
  package init(
    rules: [Rule], protocols: [VerificationProtocol], integrations: [Integration]
  ) {
    self.rules = rules
    self.protocols = protocols
    self.integrations = integrations
  }

  /// The findings in one workflow, in no particular order.
  ///
  /// - Parameter locate: turns a place of the definition into lines and columns.
  package func judge(
    _ workflow: Workflow, locate: (SourceLocation) -> Location
  ) -> [Finding] {
    []
  }
}
