import Expressions
package import SourceText

/// Lowers a Python script that an engine runs as a program: its environment, the files it writes, its exit status.
package enum PythonLowering {
  /// Lowers the script in `script`, a scalar, and connects it to `entry`.
  package static func lower(
    script: Node, in context: ScriptContext, into builder: inout GraphBuilder,
    from entry: [LooseEnd]
  ) -> ScriptExits {
    let surroundings = PythonSurroundings(context: context)
    var inner = JavaScriptContext(
      path: context.path, stepName: context.stepName, route: context.route,
      variableScope: context.variableScope, substitutions: context.substitutions,
      resolve: surroundings.resolve, writes: surroundings.writes)
    inner.calls = surroundings.calls
    inner.language = .python
    return JavaScriptLowering.lower(script: script, in: inner, into: &builder, from: entry)
  }
}

/// What a script's environment and files are, as the engine's reader knows them.
private struct PythonSurroundings {
  let context: ScriptContext

  /// A path that only the engine knows, by the variable that names it.
  private static let named = "$"

  func resolve(
    _ root: String, _ links: [JavaScriptLink], _ location: SourceLocation
  ) -> JavaScriptResolution? {
    if root == "os", links.first?.field == "environ", links.count > 1, let name = links[1].field {
      return JavaScriptResolution(environment(name, location), used: 2)
    }
    if root == "PythonFile", links.first?.field == "read", links.count > 1,
      case .call(let arguments) = links[1].form
    {
      guard case .string(let path)? = arguments.first?.form else { return nil }
      return JavaScriptResolution(
        .reference(Reference(context.file(path), at: location)), used: 2)
    }
    return nil
  }

  private func environment(_ name: String, _ location: SourceLocation) -> Value {
    if context.specialFiles[name] != nil { return .literal(Self.named + name) }
    return context.environment[name]
      ?? .reference(Reference(Variable(context.variableScope + name), at: location))
  }

  /// What writing into a file leaves behind; `nil` for any other call.
  func writes(
    _ name: String, _ values: [Value], _ location: SourceLocation
  ) -> [Step.Assignment]? {
    guard name == "PythonFile.write" || name == "PythonFile.append", values.count == 2,
      case .literal(let path) = values[0]
    else { return nil }
    let appends = name == "PythonFile.append"
    let special =
      path.hasPrefix(Self.named)
      ? context.specialFiles[String(path.dropFirst())] : context.namedFiles[path]
    switch special {
    case .call: return nil
    case .fields(let variable, let prefix)?:
      return pairs(in: values[1]).compactMap { pair in
        pair.key.map {
          Step.Assignment(variable, path: prefix + [.field($0)], value: pair.value, at: location)
        }
      }
    case .variables(let prefix)?:
      return pairs(in: values[1]).compactMap { pair in
        pair.key.map { Step.Assignment(Variable(prefix + $0), value: pair.value, at: location) }
      }
    case nil:
      return [
        Step.Assignment(context.file(path), value: values[1], appends: appends, at: location)
      ]
    }
  }

  /// Writing into a file that the engine shows.
  func calls(_ name: String, _ values: [Value], _ location: SourceLocation) -> Call? {
    guard name.hasPrefix("PythonFile."), values.count == 2, case .literal(let path) = values[0],
      path.hasPrefix(Self.named),
      case .call(let file)? = context.specialFiles[String(path.dropFirst())]
    else { return nil }
    return Call(
      kind: "file", name: file, arguments: [Call.Argument("0", values[1], at: location)],
      location: location)
  }

  private func pairs(in text: Value) -> [OutputLines.Pair] {
    var lines = OutputLines()
    return lines.take([text])
  }
}
