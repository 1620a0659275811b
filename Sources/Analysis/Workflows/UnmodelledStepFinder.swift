import Expressions
import Rules
import Workflows

/// Finds steps that receive an output and whose effect no document describes.
struct UnmodelledStepFinder {
  let analysis: WorkflowAnalysis
  let rule: Int

  func find() -> [Consumption] {
    analysis.graph.order.flatMap { step -> [Consumption] in
      let model = analysis.models[step]
      guard model.entries.isEmpty, model.protocolRole == nil, let state = analysis.state(at: step),
        let call = analysis.workflow.steps[step].call, call.phase == .main
      else { return [] }
      let evaluator = ValueEvaluator(state: state)
      var reported: Set<Int> = []
      return call.arguments.flatMap { argument -> [Consumption] in
        evaluator.evaluate(argument.value).allTraces.compactMap { trace in
          let facet = analysis.facet(of: trace) ?? .content
          guard facet == .content, reported.insert(trace.output).inserted else { return nil }
          return Consumption(
            rule: rule, step: step, location: argument.location, slot: "", output: trace.output,
            proof: nil)
        }
      }
    }
  }
}
