import Expressions
import SourceText

/// A step as it is written in a job or a composite action.
struct GitHubStep {
  var node: Node
  var id: String?
  var name: String
  /// The symbolic route: `jobs.answer.steps[2]`.
  var route: String
  /// Holds the step's outputs.
  var variable: Variable
  var continuesOnError: Continuation

  /// What `continue-on-error` says.
  enum Continuation {
    case never, always
    /// An expression decides.
    case sometimes
  }

  init(_ node: Node, index: Int, of route: String, prefix: String) {
    self.node = node
    let id = node["id"]?.text
    self.id = id
    self.route = "\(route).steps[\(index)]"
    variable = Variable("\(prefix)steps.\(id ?? "#\(index)")")
    continuesOnError =
      switch node["continue-on-error"]?.text {
      case nil, "", "false": .never
      case "true", "${{ true }}": .always
      default: .sometimes
      }
    name =
      node["name"]?.text ?? id ?? node["uses"]?.text
      ?? node["run"]?.text.map { Self.firstCommand(of: $0) } ?? self.route
  }

  /// A node of the graph that belongs to this step.
  func lowered(
    part: Int = 0, kind: Step.Kind = .action, call: Call? = nil,
    assignments: [Step.Assignment] = [], decisions: [Step.Decision] = [],
    at location: SourceLocation
  ) -> Step {
    var lowered = Step(
      name: name, route: route, part: part, kind: kind, call: call, assignments: assignments,
      decisions: decisions, location: location)
    lowered.identifier = id ?? ""
    return lowered
  }

  /// The place that a person looks at: what the step uses or runs.
  func location(in scope: GitHubScope) -> SourceLocation {
    scope.location((node["uses"] ?? node["run"] ?? node).range)
  }

  private static func firstCommand(of script: String) -> String {
    for line in script.split(whereSeparator: \.isNewline) {
      let command = line.drop(while: \.isWhitespace)
      if !command.isEmpty, !command.hasPrefix("#") {
        return command.count > 40 ? command.prefix(39) + "…" : String(command)
      }
    }
    return "run"
  }
}
