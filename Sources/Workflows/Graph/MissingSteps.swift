import Expressions

/// Finds reads of what no step of the workflow gives.
enum MissingSteps {
  /// References to variables that `name` knows as a step's result, but that are none of `known`.
  ///
  /// Past a hundred of them the workflow is another kind of file. `name` gives the step's name as written; `nil` for any other variable.
  static func find(
    in steps: [Step], known: Set<Variable>, name: (Variable) -> String?
  ) -> [Workflow.DanglingReference] {
    var found: [Workflow.DanglingReference] = []
    for (index, step) in steps.enumerated() {
      var references = step.decisions.flatMap(\.condition.references)
      references += step.assignments.flatMap(\.value.references)
      if let call = step.call {
        references += call.arguments.flatMap(\.value.references)
        references += call.http?.url.references ?? []
      }
      for reference in references where !known.contains(reference.variable) {
        guard found.count < 100, let name = name(reference.variable) else { continue }
        let isTold = found.contains { $0.location == reference.location && $0.text == name }
        if !isTold {
          found.append(
            .init(step: index, text: name, missing: .step, location: reference.location))
        }
      }
    }
    return found
  }
}
