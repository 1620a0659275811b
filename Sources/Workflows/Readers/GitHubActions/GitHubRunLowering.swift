import Expressions
import SourceText

/// Lowers a `run` step.
struct GitHubRunLowering {
  let step: GitHubStep
  let scope: GitHubScope
  let script: Node
  let shell: GitHubShell

  func lower(from entry: [LooseEnd], in draft: inout GitHubDraft) -> GitHubStepsLowering.Run {
    let substitutions = GitHubText(scope: scope).substitutions(in: script, draft: &draft)
    var context = ScriptContext(
      path: scope.file.path, stepName: step.name, route: step.route,
      variableScope: "\(step.variable.name)/", fileScope: scope.jobPrefix)
    context.substitutions = substitutions
    context.environment = environment
    context.writtenScripts = scope.writtenScripts
    context.specialFiles = specialFiles
    context.printedCommands = Self.printedCommands
    let directory = (step.node["working-directory"]?.text ?? scope.workingDirectory)
      .map { GitHubFiles.normalised($0) + "/" }
    context.otherScript = { [find = draft.script, action = scope.actionDirectory] name in
      var path = name[...]
      for root in Self.actionRoots where path.hasPrefix(root) {
        return action.flatMap { find($0 + path.dropFirst(root.count)) }
      }
      for root in Self.roots where path.hasPrefix(root) { path = path.dropFirst(root.count) }
      return find(path.count == name.count ? (directory ?? "") + path : String(path))
    }
    switch shell {
    case .posix(let exitsOnError, let pipesFail):
      context.exitsOnError = exitsOnError
      context.pipesFail = pipesFail
      let first = draft.builder.steps.count
      let exits = draft.lowerScript(script, of: step, in: context, from: entry)
      if draft.builder.steps.count == first {
        return silent(exits, from: entry, in: &draft)
      }
      return GitHubStepsLowering.Run(
        success: exits.success, failure: exits.failure, writtenScripts: exits.writtenScripts)
    case .other(let name):
      if let language = ScriptLanguage(interpreter: name) {
        let exits = draft.lowerProgram(language, script, of: step, in: context, from: entry)
        return GitHubStepsLowering.Run(success: exits.success, failure: exits.failure)
      }
      return opaque(name, substitutions, from: entry, in: &draft)
    }
  }

  /// A script that does nothing worth a step of its own is a step all the same: its author wrote one.
  private func silent(
    _ exits: ScriptExits, from entry: [LooseEnd], in draft: inout GitHubDraft
  ) -> GitHubStepsLowering.Run {
    let node = draft.add(step.lowered(at: scope.location(script.range)), from: entry)
    return GitHubStepsLowering.Run(
      success: exits.success.isEmpty ? [] : [LooseEnd(node)],
      failure: exits.failure.isEmpty ? [] : [LooseEnd(node, .failure)])
  }

  /// What leads to the root of the checkout.
  private static let roots = [
    "$GITHUB_WORKSPACE/", "${GITHUB_WORKSPACE}/", "${{ github.workspace }}/",
  ]

  /// What leads to the directory of the composite action that the step belongs to.
  private static let actionRoots = [
    "$GITHUB_ACTION_PATH/", "${GITHUB_ACTION_PATH}/", "${{ github.action_path }}/",
    "${{github.action_path}}/",
  ]

  private var environment: [String: Value] {
    var values = scope.environment
    for name in scope.writtenEnvironment {
      let variable = Variable("\(scope.jobPrefix)env.\(name)")
      values[name] = .reference(Reference(variable, at: step.location(in: scope)))
    }
    return values
  }

  private var specialFiles: [String: ScriptContext.SpecialFile] {
    [
      "GITHUB_OUTPUT": .fields(of: step.variable, path: [.field("outputs")]),
      "GITHUB_ENV": .variables(prefix: "\(scope.jobPrefix)env."),
      "GITHUB_STEP_SUMMARY": .call("GITHUB_STEP_SUMMARY"),
    ]
  }

  /// The engine's old commands on standard output, which still work where a repository allows them.
  private static let printedCommands = [
    ScriptContext.PrintedCommand(
      prefix: "::set-output name=", separator: "::", file: "GITHUB_OUTPUT"),
    ScriptContext.PrintedCommand(prefix: "::set-env name=", separator: "::", file: "GITHUB_ENV"),
  ]

  /// A script in a language that is not followed: it sees what is put into its text and the variables it names.
  private func opaque(
    _ language: String, _ substitutions: [ScriptContext.Substitution], from entry: [LooseEnd],
    in draft: inout GitHubDraft
  ) -> GitHubStepsLowering.Run {
    let location = scope.location(script.range)
    var arguments = substitutions.enumerated().map { index, substitution in
      Call.Argument(
        "\(index)", substitution.value,
        at: scope.location(script.fileRange(ofText: substitution.range)))
    }
    let text = script.text ?? ""
    for (name, value) in environment.sorted(by: { $0.key < $1.key }) where text.contains(name) {
      arguments.append(Call.Argument("env.\(name)", value, at: location))
    }
    let call = Call(kind: "script", name: language, arguments: arguments, location: location)
    let result = Step.Assignment(
      step.variable, path: [.field("outputs")], value: .result([]), at: location)
    let node = draft.add(
      step.lowered(call: call, assignments: [result], at: location), from: entry)
    return GitHubStepsLowering.Run(
      success: [LooseEnd(node)], failure: [LooseEnd(node, .failure)])
  }
}
