package import SourceText

/// Reads AWS Step Functions: definitions in JSON or YAML, and those inside CloudFormation templates.
package enum StepFunctionsReader: WorkflowReader {
  package static let engine = "step-functions"

  package static func recognises(_ root: Node, path: String) -> Bool {
    isStateMachine(root) || CloudFormationTemplate.declaresStateMachine(root)
  }

  package static func read(_ root: Node, in context: ReadingContext) -> WorkflowReading {
    if isStateMachine(root) {
      var machine = StateMachineSource(
        root: root, path: context.file.path, name: context.file.path, context: context)
      CloudFormationTemplate.deploy(&machine)
      return StateMachineLowerer.lower(machine)
    }
    return CloudFormationTemplate(root, context).read()
  }

  /// `StartAt` beside `States`; where the start is missing, every state must say what it is.
  static func isStateMachine(_ node: Node) -> Bool {
    guard let states = node["States"], case .mapping = states.resolved.content else { return false }
    if node["StartAt"] != nil { return true }
    let entries = states.entries
    return !entries.isEmpty
      && entries.allSatisfy { entry in
        entry.value["Type"]?.text.map { StateType(rawValue: $0) != nil } ?? false
      }
  }
}

/// A state machine's definition, wherever it stands.
struct StateMachineSource {
  var root: Node
  /// The file it stands in.
  var path: String
  /// The name of its resource, else its path.
  var name: String
  var triggers: [Workflow.Trigger] = []
  /// What the template puts in place of `${Name}`.
  var substitutions: [String: String] = [:]
  /// The template that deploys it.
  var template: Node?
  var context: ReadingContext?
}

/// The kinds of states.
enum StateType: String, CaseIterable {
  case task = "Task"
  case pass = "Pass"
  case choice = "Choice"
  case wait = "Wait"
  case succeed = "Succeed"
  case fail = "Fail"
  case parallel = "Parallel"
  case map = "Map"
}

/// How the expressions of a state are written.
enum QueryLanguage: String {
  case jsonPath = "JSONPath"
  case jsonata = "JSONata"

  init?(_ node: Node?) {
    guard let text = node?.text else { return nil }
    self.init(rawValue: text)
  }
}
