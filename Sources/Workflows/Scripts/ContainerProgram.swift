import Expressions
import SourceText

/// What a container runs: a script, a command line, or whatever its image starts.
struct ContainerProgram {
  var image: Node?
  /// A script that the engine writes into the container.
  var script: Node?
  /// The interpreter of the script, where the definition names one; else its first line does.
  var interpreter: [String] = []
  var command: [Node] = []
  var arguments: [Node] = []
  /// Where the program stands if it is none of these.
  var place: Node
  /// Files that the definition says the program writes, with the names they are known by.
  var outputs: [(path: String, name: String)] = []
  /// What the engine puts into a scalar.
  let insertions: (Node) -> [ScriptContext.Substitution]

  func lower(
    in context: ScriptContext, into builder: inout GraphBuilder, from entry: [LooseEnd]
  ) -> ScriptExits {
    var entry = entry
    if let node = image,
      let image = ContainerImage(
        value(of: node), at: SourceLocation(path: context.path, range: node.range))
    {
      let step = builder.add(image.step(named: context.stepName, route: context.route))
      builder.connect(entry, to: step)
      entry = [LooseEnd(step)]
    }
    let first = builder.steps.count
    let exits = run(in: context, into: &builder, from: entry)
    assignOutputs(context, in: &builder, from: first)
    return exits
  }

  private func run(
    in context: ScriptContext, into builder: inout GraphBuilder, from entry: [LooseEnd]
  ) -> ScriptExits {
    if let script {
      let shell = ScriptShell(interpreter: interpreter, script: script.text ?? "")
      guard case .posix(let exitsOnError, let pipesFail) = shell else {
        if let language = ScriptLanguage(interpreter: shell.name) {
          var context = context
          context.positional = arguments.map(value)
          context.substitutions = insertions(script)
          return ProgramLowering.lower(
            language, script: script, in: context, into: &builder, from: entry)
        }
        return opaque(shell.name, script, in: context, into: &builder, from: entry)
      }
      var context = context
      context.exitsOnError = exitsOnError
      context.pipesFail = pipesFail
      context.positional = arguments.map(value)
      var text = ScriptText()
      text.append(script, insertions(script))
      return ShellLowering.lower(text, in: context, into: &builder, from: entry)
    }
    if let inline = inlineScript {
      var context = context
      context.exitsOnError = inline.exitsOnError
      context.pipesFail = false
      context.positional = inline.positional.map(value)
      var text = ScriptText()
      text.append(inline.script, insertions(inline.script))
      return ShellLowering.lower(text, in: context, into: &builder, from: entry)
    }
    if let inline = inlineProgram {
      var context = context
      context.positional = inline.positional.map(value)
      context.substitutions = insertions(inline.program)
      return ProgramLowering.lower(
        inline.language, script: inline.program, in: context, into: &builder, from: entry)
    }
    return runCommand(in: context, into: &builder, from: entry)
  }

  /// `python -c '…'`, however it is split between command and arguments.
  private var inlineProgram: (language: ScriptLanguage, program: Node, positional: [Node])? {
    let words = command + arguments
    guard let language = words.first?.text.flatMap(ScriptLanguage.init(interpreter:)),
      let option = words.dropFirst().firstIndex(where: {
        $0.text.map { ShellLowerer.takesProgram($0, language) } == true
      }), words.indices.contains(option + 1),
      words[1..<option].allSatisfy({ $0.text?.hasPrefix("-") == true })
    else { return nil }
    return (language, words[option + 1], Array(words.dropFirst(option + 2)))
  }

  // MARK: Shells

  private struct InlineScript {
    var script: Node
    var exitsOnError: Bool
    var positional: [Node]
  }

  /// `sh -c '…'`, however it is split between command and arguments.
  private var inlineScript: InlineScript? {
    let words = command + arguments
    guard let first = words.first?.text, ScriptShell.isPosix(first) else { return nil }
    var exitsOnError = false
    for (index, word) in words.enumerated().dropFirst() {
      guard let text = word.text, text.hasPrefix("-") || text.hasPrefix("+") else { return nil }
      if text.hasPrefix("--") { continue }
      if text.contains("e") { exitsOnError = true }
      if text.contains("c"), words.indices.contains(index + 1) {
        return InlineScript(
          script: words[index + 1], exitsOnError: exitsOnError,
          // The first word behind the script is `$0`.
          positional: Array(words.dropFirst(index + 3)))
      }
    }
    return nil
  }

  // MARK: Commands

  private func runCommand(
    in context: ScriptContext, into builder: inout GraphBuilder, from entry: [LooseEnd]
  ) -> ScriptExits {
    let image = self.image.map(value)
    var text = ScriptText()
    var isImage = false
    if command.isEmpty {
      guard self.image != nil || !arguments.isEmpty else {
        return ScriptExits(success: entry, failure: [])
      }
      let tool = Self.tool(ofImage: self.image?.text ?? "")
      isImage = tool == nil
      text.append(tool ?? Self.entryPoint)
    }
    for (index, word) in (command + arguments).enumerated() {
      if index > 0 || command.isEmpty { text.append(" ") }
      text.append(word: word, insertions(word))
    }
    var context = context
    context.exitsOnError = true
    let first = builder.steps.count
    let exits = ShellLowering.lower(text, in: context, into: &builder, from: entry)
    let location = SourceLocation(
      path: context.path, range: (self.image ?? command.first ?? place).range)
    for index in builder.steps.indices[first...] {
      builder.update(index) { step in
        if isImage, step.call?.name == Self.entryPoint {
          step.call?.kind = "image"
          step.call?.name = image.map(Self.name) ?? ""
          step.call?.location = location
          step.location = location
        } else if let image {
          step.call?.image = Self.name(of: image)
        }
        // What a program is told in its environment is told as an argument.
        guard step.call?.kind == "image" else { return }
        for (name, value) in context.environment.sorted(by: { $0.key < $1.key }) {
          step.call?.arguments.append(Call.Argument("env.\(name)", value, at: location))
        }
      }
    }
    return exits
  }

  /// Stands for whatever an image starts.
  private static let entryPoint = "container-entry-point"

  /// Images that are one tool, by the last part of their name.
  private static let tools = [
    "curl": "curl", "kubectl": "kubectl", "jq": "jq", "helm": "helm", "terraform": "terraform",
    "aws-cli": "aws", "wget": "wget", "gh": "gh", "redis-cli": "redis-cli",
  ]

  /// The tool that an image is named after and starts.
  static func tool(ofImage image: String) -> String? {
    let last = image.parts(by: "/").last ?? ""
    return tools[String(last.prefix { $0 != ":" && $0 != "@" })]
  }

  private static func name(of value: Value) -> String {
    switch value {
    case .literal(let text): text
    case .template(let parts): parts.map(name).joined()
    case .text(let inner, _): name(of: inner)
    default: "\u{FFFC}"
    }
  }

  // MARK: Other languages

  /// A script in a language that is not followed: it sees what is put into its text and the variables it names.
  private func opaque(
    _ language: String, _ script: Node, in context: ScriptContext,
    into builder: inout GraphBuilder, from entry: [LooseEnd]
  ) -> ScriptExits {
    let location = SourceLocation(path: context.path, range: script.range)
    var arguments = insertions(script).enumerated().map { index, substitution in
      Call.Argument(
        "\(index)", substitution.value,
        at: SourceLocation(
          path: context.path, range: script.fileRange(ofText: substitution.range)))
    }
    let text = script.text ?? ""
    for (name, value) in context.environment.sorted(by: { $0.key < $1.key })
    where text.contains(name) {
      arguments.append(Call.Argument("env.\(name)", value, at: location))
    }
    for (index, word) in self.arguments.enumerated() {
      arguments.append(
        Call.Argument(
          "argument.\(index)", value(of: word),
          at: SourceLocation(path: context.path, range: word.range)))
    }
    var step = Step(
      name: context.stepName, route: context.route,
      call: Call(kind: "script", name: language, arguments: arguments, location: location),
      location: location)
    if let output = context.standardOutput {
      step.assignments.append(Step.Assignment(output, value: .result([]), at: location))
    }
    let index = builder.add(step)
    builder.connect(entry, to: index)
    return ScriptExits(success: [LooseEnd(index)], failure: [LooseEnd(index, .failure)])
  }

  /// What the definition says is written, and nothing that was understood writes, comes from the last call.
  private func assignOutputs(
    _ context: ScriptContext, in builder: inout GraphBuilder, from first: Int
  ) {
    guard !outputs.isEmpty, first < builder.steps.count else { return }
    let written = Set(
      builder.steps[first...].flatMap { $0.assignments.map(\.variable.name) })
    guard let last = builder.steps.indices[first...].last(where: { builder.steps[$0].call != nil })
    else { return }
    let location = builder.steps[last].location
    for output in outputs {
      let file = context.file(output.path)
      // A directory is written where a file in it is.
      if written.contains(file.name) || written.contains(where: { $0.hasPrefix(file.name + "/") }) {
        continue
      }
      // A file holds text: what is not there is an empty one.
      let value = Value.text(.result([.field(output.name)]), null: "")
      let result = Step.Assignment(file, value: value, at: location)
      builder.update(last) { $0.assignments.append(result) }
    }
  }

  private func value(of node: Node) -> Value {
    let text = node.text ?? ""
    let insertions = insertions(node)
    let parts = TextHoles.parts(of: Array(text.utf8), around: insertions.map(\.range)) {
      insertions[$0].value
    }
    return parts.isEmpty ? .literal("") : parts.count == 1 ? parts[0] : .template(parts)
  }
}

/// What executes a script in a container.
enum ScriptShell {
  case posix(exitsOnError: Bool, pipesFail: Bool)
  /// Another language, by its interpreter's name.
  case other(String)

  /// By the interpreter that is named, else by the script's first line; without either a shell that stops at errors.
  init(interpreter: [String], script: String) {
    var words = interpreter
    var isDefault = false
    if words.isEmpty, script.hasPrefix("#!") {
      let line = script.dropFirst(2).prefix { !$0.isNewline }
      words = line.parts(by: " ").map(String.init)
    } else if words.isEmpty {
      isDefault = true
      words = ["sh"]
    }
    if words.first.map(Self.baseName) == "env" {
      words.removeFirst()
      words.removeAll { $0 == "-S" }
    }
    let name = words.first.map(Self.baseName) ?? "sh"
    guard Self.isPosix(name) else {
      self = .other(name)
      return
    }
    let flags = words.dropFirst().filter { $0.hasPrefix("-") && !$0.hasPrefix("--") }
    self = .posix(
      exitsOnError: isDefault || flags.contains { $0.contains("e") },
      pipesFail: words.contains("pipefail"))
  }

  var name: String {
    switch self {
    case .posix: "sh"
    case .other(let name): name
    }
  }

  static func isPosix(_ command: String) -> Bool {
    ["sh", "bash", "ash", "dash", "zsh", "ksh"].contains(baseName(command))
  }

  private static func baseName(_ path: String) -> String {
    path.parts(by: "/").last.map(String.init) ?? path
  }
}
