import Expressions
package import SourceText

/// Lowers a script that runs as a program of its own: with an environment, arguments, files, and an exit status.
package enum ProgramLowering {
  /// Lowers the script in `script`, a scalar, and connects it to `entry`.
  package static func lower(
    _ language: ScriptLanguage, script: Node, in context: ScriptContext,
    into builder: inout GraphBuilder, from entry: [LooseEnd]
  ) -> ScriptExits {
    lower(
      language, text: script.text ?? "", in: context, into: &builder, from: entry,
      locate: { script.fileRange(ofText: $0) })
  }

  /// Lowers a script whose text stands where `locate` says.
  package static func lower(
    _ language: ScriptLanguage, text: String, in context: ScriptContext,
    into builder: inout GraphBuilder, from entry: [LooseEnd],
    locate: @escaping (ByteRange) -> ByteRange
  ) -> ScriptExits {
    let surroundings = ProgramSurroundings(context: context, language: language)
    var inner = JavaScriptContext(
      path: context.path, stepName: context.stepName, route: context.route,
      variableScope: context.variableScope, substitutions: context.substitutions,
      resolve: surroundings.resolve, writes: surroundings.writes)
    inner.calls = surroundings.calls
    if context.standardOutput != nil { inner.obeyed = ["console.log"] }
    inner.language = language
    inner.firstPart = context.firstPart
    return JavaScriptLowering.lower(
      text: text, in: inner, into: &builder, from: entry, locate: locate)
  }
}

extension ScriptLanguage {
  /// The language that an interpreter runs, by the last part of its name; `nil` where it is not followed.
  init?(interpreter name: String) {
    let name = name.lastPart(by: "/")
    // Every command is asked, and few begin like any of these.
    guard let first = name.utf8.first, "nbtp".utf8.contains(first) else { return nil }
    switch name {
    case "node", "nodejs", "bun", "tsx", "ts-node": self = .javaScript
    case "pwsh", "powershell", "pwsh.exe", "powershell.exe": self = .powerShell
    default:
      guard name.hasPrefix("python") || name.hasPrefix("pypy"),
        name.drop(while: \.isLetter).allSatisfy({ $0.isNumber || $0 == "." })
      else { return nil }
      self = .python
    }
  }

  /// The languages by the ends of their files' names.
  init?(fileName: String) {
    switch fileName.parts(by: ".").last {
    case "py": self = .python
    case "ps1": self = .powerShell
    case "js", "mjs", "cjs", "ts", "mts": self = .javaScript
    default: return nil
    }
  }

  /// Whether a file with this name is looked for scripts of any language: most that definitions run have the ending of
  /// theirs, or none.
  package static func mayBeScript(fileName: String) -> Bool {
    guard let dot = fileName.utf8.lastIndex(of: UInt8(ascii: ".")) else { return true }
    switch fileName[fileName.index(after: dot)...] {
    case "sh", "bash", "zsh", "ksh", "dash", "ash", "env", "inc", "rc": return true
    default: return ScriptLanguage(fileName: fileName) != nil
    }
  }
}

/// What a program's environment, input and files are, as the engine's reader knows them.
private struct ProgramSurroundings {
  let context: ScriptContext
  let language: ScriptLanguage

  /// A path that only the engine knows, by the variable that names it.
  private static let named = "$"

  func resolve(
    _ root: String, _ links: [JavaScriptLink], _ location: SourceLocation
  ) -> JavaScriptResolution? {
    switch (root, links.first?.field) {
    case ("os", "environ"), ("process", "env"):
      guard links.count > 1, let name = links[1].field else { return nil }
      return JavaScriptResolution(environment(name, location), used: 2)
    case ("sys", "argv"), ("process", "argv"):
      // The first is the program itself, behind its interpreter in Node.
      let own = root == "sys" ? 1 : 2
      guard links.count > 1, case .index(let index) = links[1].form,
        context.positional.indices.contains(index - own)
      else { return nil }
      return JavaScriptResolution(context.positional[index - own], used: 2)
    case ("PythonFile", "read"), ("fs", "readFileSync"):
      guard links.count > 1, case .call(let arguments) = links[1].form,
        let path = arguments.first.flatMap({ self.path($0) })
      else { return nil }
      if path == "/dev/stdin" {
        return context.standardInput.map { JavaScriptResolution($0, used: 2) }
      }
      return JavaScriptResolution(
        .reference(Reference(context.file(path), at: location)), used: 2)
    case ("require", _):
      guard case .call(let arguments)? = links.first?.form, let module = arguments.first?.text
      else { return nil }
      if module.hasSuffix(".json"), let path = path(arguments[0]) {
        return JavaScriptResolution(
          .reference(Reference(context.file(path), at: location)), used: 1)
      }
      // `require("fs").readFileSync(…)`: the module under its own name.
      let name = module.hasPrefix("node:") ? String(module.dropFirst("node:".count)) : module
      guard name != root, let inner = resolve(name, Array(links.dropFirst()), location) else {
        return nil
      }
      return JavaScriptResolution(inner.value, used: inner.used + 1)
    default: return nil
    }
  }

  private func path(_ argument: JavaScriptExpression) -> String? {
    switch argument.form {
    case .string(let path): path.hasPrefix("./") ? String(path.dropFirst(2)) : path
    // Standard input, by its number.
    case .number("0"): "/dev/stdin"
    default: nil
    }
  }

  private func environment(_ name: String, _ location: SourceLocation) -> Value {
    if context.specialFiles[name] != nil { return .literal(Self.named + name) }
    return context.environment[name]
      ?? .reference(Reference(Variable(context.environmentScope + name), at: location))
  }

  /// What writing into a file, or printing, leaves behind; `nil` for any other call.
  func writes(
    _ name: String, _ values: [Value], _ location: SourceLocation
  ) -> [Step.Assignment]? {
    if case .fields(let variable, let path)? = context.outputFunctions[name],
      case .record(let fields)? = values.first
    {
      return fields.map { field in
        Step.Assignment(
          variable, path: path + [.field(field.name)], value: field.value, at: location)
      }
    }
    switch name {
    case "console.log", "process.stdout.write", "sys.stdout.write":
      guard let output = context.standardOutput else { return nil }
      return [
        Step.Assignment(output, value: line(values), appends: true, at: location)
      ]
    case "PythonFile.write", "fs.writeFileSync":
      return written(values, appends: false, location)
    case "PythonFile.append", "fs.appendFileSync":
      return written(values, appends: true, location)
    default: return nil
    }
  }

  /// What is printed, with spaces between.
  private func line(_ values: [Value]) -> Value {
    let null = language == .python ? "None" : language == .powerShell ? "" : "undefined"
    let texts = values.map { value -> Value in
      switch value {
      case .literal, .template: value
      default: .text(value, null: null)
      }
    }
    if texts.count == 1 { return texts[0] }
    return .template(Array(texts.map { [$0] }.joined(separator: [.literal(" ")])))
  }

  private func written(
    _ values: [Value], appends: Bool, _ location: SourceLocation
  ) -> [Step.Assignment]? {
    guard values.count >= 2, case .literal(let path) = values[0] else { return nil }
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
    guard name.hasPrefix("PythonFile.") || name.hasPrefix("fs."), values.count >= 2,
      case .literal(let path) = values[0], path.hasPrefix(Self.named),
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
