import Expressions
import SourceText

/// Lowers the JavaScript of `actions/github-script`.
struct GitHubScriptLowering {
  let step: GitHubStep
  let scope: GitHubScope
  let script: Node

  func lower(from entry: [LooseEnd], in draft: inout GitHubDraft) -> GitHubStepsLowering.Run {
    let result = Variable("\(step.variable.name)/result")
    let location = scope.location(script.range)
    let context = JavaScriptContext(
      path: scope.file.path, stepName: step.name, route: step.route,
      variableScope: "\(step.variable.name)/",
      substitutions: GitHubText(scope: scope).substitutions(in: script, draft: &draft),
      result: result,
      resolve: { [scope] name, links, location in
        Self.resolve(name, links, location, in: scope)
      },
      writes: { [scope, step] name, arguments, location in
        Self.writes(name, arguments, location, of: step, in: scope)
      })
    let exits = draft.lowerScript(script, of: step, in: context, from: entry)
    if exits.success.isEmpty {
      return GitHubStepsLowering.Run(success: [], failure: exits.failure)
    }
    // What the script returns becomes the output `result`.
    let output = Step.Assignment(
      step.variable, path: [.field("outputs"), .field("result")],
      value: .reference(Reference(result, at: location)), at: location)
    let end = draft.add(
      step.lowered(kind: .control, assignments: [output], at: location), from: exits.success)
    return GitHubStepsLowering.Run(success: [LooseEnd(end)], failure: exits.failure)
  }

  /// What the action's own names mean: the environment, the event.
  private static func resolve(
    _ name: String, _ links: [JavaScriptLink], _ location: SourceLocation, in scope: GitHubScope
  ) -> JavaScriptResolution? {
    let fields = links.prefix { $0.field != nil }.compactMap(\.field)
    switch name {
    case "process" where fields.first == "env":
      guard fields.count > 1 else { return JavaScriptResolution(.unknown([]), used: 1) }
      let resolver = GitHubContextResolver(scope: scope)
      let read = GitHubContextRead(
        context: "env", path: [.field(fields[1])], location: location)
      guard case .value(let value) = resolver.resolve(read).meaning else { return nil }
      return JavaScriptResolution(value, used: 2)
    case "context":
      let path = fields.map { PathComponent.field($0 == "payload" ? "event" : $0) }
      let reference = Reference(Variable("github"), path: path, at: location)
      return JavaScriptResolution(.reference(reference), used: fields.count)
    default: return nil
    }
  }

  /// Calls that write data of the engine.
  private static func writes(
    _ name: String, _ arguments: [Value], _ location: SourceLocation, of step: GitHubStep,
    in scope: GitHubScope
  ) -> [Step.Assignment]? {
    switch name {
    case "core.setOutput":
      guard arguments.count > 1 else { return [] }
      var path: [PathComponent] = [.field("outputs"), .some]
      if case .literal(let key) = arguments[0] { path[1] = .field(key) }
      return [Step.Assignment(step.variable, path: path, value: arguments[1], at: location)]
    case "core.exportVariable":
      guard arguments.count > 1, case .literal(let key) = arguments[0] else { return [] }
      let variable = Variable("\(scope.jobPrefix)env.\(key)")
      return [Step.Assignment(variable, value: arguments[1], at: location)]
    case "fs.writeFileSync", "fs.appendFileSync", "fs.promises.writeFile":
      guard arguments.count > 1, case .literal(let path) = arguments[0] else { return [] }
      return [
        Step.Assignment(
          scope.file(GitHubFiles.normalised(path)), value: arguments[1],
          appends: name == "fs.appendFileSync", at: location)
      ]
    default: return nil
    }
  }
}
