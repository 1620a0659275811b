import Expressions
import SourceText

/// Simple commands: assignments, builtins, and what is called.
extension ShellLowerer {
  mutating func runSimple(_ simple: ShellSimpleCommand, at range: ByteRange) -> ShellOutcome {
    guard !current.isEmpty else { return ShellOutcome(success: []) }
    var words = simple.words
    guard let first = words.first else { return runAssignments(simple.assignments, at: range) }
    if let name = first.literal, Self.declares(name) {
      // The status is the declaration's own, whatever became of the commands in its values.
      for assignment in simple.assignments { current = runAssignment(assignment).all }
      return ShellOutcome(success: current)
    }
    // `command -v gh` looks for a program and runs none.
    if first.literal == "command", words.dropFirst().first?.literal?.hasPrefix("-v") == true {
      return ShellOutcome(success: current)
    }
    // `sudo`, `env X=Y`, `time`, …: what stands behind them is the command.
    var timeLimit = false
    while let name = words.first?.literal, words.count > 1, Self.wraps(name) {
      if name == "timeout" { timeLimit = true }
      words.removeFirst()
      while words.count > 1, let option = words.first?.literal,
        option.hasPrefix("-") || option.contains("=")
          || (name == "timeout" && Self.isDuration(option))
      {
        words.removeFirst()
        if Self.takesValue(option, of: name), words.count > 1 { words.removeFirst() }
      }
      if name == "timeout", let limit = words.first, limit.literal == nil, words.count > 1 {
        words.removeFirst()
      }
    }
    let before = builder.steps.count
    var outcome = dispatch(words, prefix: simple.assignments, at: range)
    if timeLimit, builder.steps.count > before {
      outcome = settle(outcome)
      // The limit may cut the command off at any place; its first step stands for it.
      outcome.failure.append(LooseEnd(before, .timeout))
    }
    return outcome
  }

  private static func declares(_ name: String) -> Bool {
    switch name {
    case "export", "local", "readonly", "declare", "typeset": true
    default: false
    }
  }

  private static func wraps(_ name: String) -> Bool {
    switch name {
    case "sudo", "env", "command", "exec", "nohup", "builtin", "nice", "stdbuf", "timeout",
      "gtimeout", "xvfb-run", "unbuffer", "ionice", "setsid":
      true
    default: false
    }
  }

  private static func takesValue(_ option: String, of name: String) -> Bool {
    switch (name, option) {
    case ("timeout", "-k"), ("timeout", "-s"), ("sudo", "-u"), ("sudo", "-g"), ("nice", "-n"),
      ("env", "-u"):
      true
    default: false
    }
  }

  private static func isDuration(_ text: String) -> Bool {
    guard let first = text.utf8.first else { return false }
    return first >= UInt8(ascii: "0") && first <= UInt8(ascii: "9")
  }

  mutating func dispatch(
    _ words: [ShellWord], prefix: [ShellAssignment], at range: ByteRange
  ) -> ShellOutcome {
    if words.count == 1, let condition = truth(of: words[0]) ?? answer(of: words[0]) {
      return decided(by: condition, at: range)
    }
    let name = words[0].literal.map(Self.baseName) ?? ""
    switch name {
    case "test": return status(runTest(Array(words.dropFirst()), at: range), of: words)
    case "[":
      var operands = Array(words.dropFirst())
      if operands.last?.literal == "]" { operands.removeLast() }
      return status(runTest(operands, at: range), of: operands)
    case "true", ":":
      for word in words.dropFirst() { _ = evaluate(word) }
      return ShellOutcome(success: current)
    case "false": return decided(by: .constant(false), at: range)
    case "exit", "return", "break", "continue": return leave(name, words)
    case "set":
      setOptions(words)
      return ShellOutcome(success: current)
    case "bash", "sh", "dash", "zsh":
      if let outcome = runNested(words) ?? runScript(words, prefix, at: range) { return outcome }
    case "source", ".":
      if let outcome = runLibrary(words) { return outcome }
    case "eval": break
    case "trap":
      setTrap(words)
      return ShellOutcome(success: current)
    case "xargs": return runXargs(words, at: range)
    case "find":
      if let outcome = runFind(words, at: range) { return outcome }
    case "wait": return joinBackground(at: range)
    case "git":
      if let outcome = runGit(words, at: range) { return outcome }
    case "docker", "podman", "nerdctl":
      if let outcome = runContainer(words, prefix, at: range) { return outcome }
    default:
      if let outcome = runProgram(name, words, prefix, at: range) { return outcome }
    }
    if let function = functions[name], inlined < 400, depthOfFunctions < 8 {
      inlined += 1
      let values = words.dropFirst().map { evaluate($0) }
      return call(function: function, with: values)
    }
    let arguments = words.map { argument($0) }
    guard !current.isEmpty else { return ShellOutcome(success: []) }
    switch name {
    case "sleep":
      _ = add(.delay, at: range)
      return ShellOutcome(success: current)
    case "curl": return runCurl(arguments, prefix, at: range)
    case "http", "https", "xh", "xhs": return runHttpie(arguments, prefix, at: range)
    case "wget": return runWget(arguments, prefix, at: range)
    case "read": return runRead(arguments, at: range)
    case "mapfile", "readarray": return runReadLines(arguments, at: range)
    case "let", "unset":
      for argument in arguments.dropFirst() {
        guard let text = argument.text else { continue }
        let name = String(text.prefix { $0 == "_" || $0.isLetter || $0.isNumber })
        if !name.isEmpty {
          assign(variable(name), name == text ? .literal("") : .unknown([]), at: range)
        }
      }
      return ShellOutcome(success: current)
    default: break
    }
    if let outcome = runTextTool(name, arguments, at: range) { return outcome }
    if Self.inert.contains(name) { return ShellOutcome(success: current) }
    return runExternal(arguments, prefix, at: range)
  }

  private var depthOfFunctions: Int { scopes.count { $0.kind == .function } }

  static func baseName(_ path: String) -> String {
    guard path.hasPrefix("/"), let slash = path.lastIndex(of: "/") else { return path }
    return String(path[path.index(after: slash)...])
  }
}
