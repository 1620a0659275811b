package import Expressions

/// The languages that scripts are followed in beside the shell's.
package enum ScriptLanguage: Sendable {
  case javaScript, python, powerShell
}

/// What a JavaScript body's surroundings mean, as the engine's reader knows it.
package struct JavaScriptContext {
  /// The file the script stands in.
  package var path: String
  /// The user's name and the symbolic route of the step the script belongs to.
  package var stepName: String
  package var route: String
  /// Prefix that makes the script's variables unique.
  package var variableScope: String
  /// What the engine's own names mean (`$json`, `context.payload`, `process.env`).
  package var resolve: (String, [JavaScriptLink], SourceLocation) -> JavaScriptResolution?
  /// Where the engine substitutes its own expressions before the script runs: UTF-8 ranges of the decoded text.
  package var substitutions: [ScriptContext.Substitution]
  /// Where the returned value goes; `nil` where nobody reads it.
  package var result: Variable?
  /// What the engine takes out of the returned value (`[{ json: … }]`).
  package var unwrap: (Value) -> Value
  /// Calls that only write data of the engine (`core.setOutput`): what they write, `nil` for any other call.
  package var writes: (String, [Value], SourceLocation) -> [Step.Assignment]?
  /// Calls that are more to the engine than a function's: writing into a file with a meaning.
  package var calls: (String, [Value], SourceLocation) -> Call? = { _, _, _ in nil }
  /// Calls that are more than a computation here: printing, where somebody reads it.
  package var obeyed: Set<String> = []
  /// What the script is written in: Python is read into the same tree.
  package var language = ScriptLanguage.javaScript
  /// The number of the script's first step among those of its step.
  package var firstPart = 0
  /// The function of the script that the engine calls, `nil` where it runs the script itself.
  package var entry: Entry?

  /// A call by the engine: it passes its arguments by name, in one object or one by one.
  package struct Entry {
    package var function: String
    package var arguments: [String: Value]
    package init(function: String, arguments: [String: Value]) {
      self.function = function
      self.arguments = arguments
    }
  }

  package init(
    path: String, stepName: String, route: String, variableScope: String,
    substitutions: [ScriptContext.Substitution] = [], result: Variable? = nil,
    resolve: @escaping (String, [JavaScriptLink], SourceLocation) -> JavaScriptResolution? = {
      _, _, _ in nil
    },
    unwrap: @escaping (Value) -> Value = { $0 },
    writes: @escaping (String, [Value], SourceLocation) -> [Step.Assignment]? = { _, _, _ in nil },
    entry: Entry? = nil
  ) {
    self.path = path
    self.stepName = stepName
    self.route = route
    self.variableScope = variableScope
    self.substitutions = substitutions
    self.result = result
    self.resolve = resolve
    self.unwrap = unwrap
    self.writes = writes
    self.entry = entry
  }
}
