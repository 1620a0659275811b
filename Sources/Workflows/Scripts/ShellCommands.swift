import Expressions
import SourceText

/// Simple commands: assignments, builtins, and what is called.
extension ShellLowerer {
  mutating func runSimple(_ simple: ShellSimpleCommand, at range: ByteRange) -> ShellOutcome {
    guard !current.isEmpty else { return ShellOutcome(success: []) }
    var words = simple.words
    guard let first = words.first else { return runAssignments(simple.assignments, at: range) }
    if let name = first.literal, Self.declares(name) {
      for assignment in simple.assignments { _ = runAssignment(assignment) }
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

  // MARK: Status

  /// `$found`: a variable that runs the command `true` or `false`.
  private func truth(of word: ShellWord) -> Condition? {
    guard word.parts.count == 1, case .parameter(let parameter, _) = word.parts[0],
      case .plain = parameter.operation, isBoolean[parameter.name] == true
    else { return nil }
    return .test(
      Test(
        value(of: parameter.name, at: parameter.range), .equal, [.literal("true")],
        semantics: .shell, at: location(word.range)))
  }

  /// `$(jq '.ready')`: what a command prints, where that is nothing but `true` or `false`, runs as one of these.
  private mutating func answer(of word: ShellWord) -> Condition? {
    guard word.parts.count == 1, case .command(let commands, quoted: false) = word.parts[0],
      commands.count == 1, case .simple(let simple) = commands[0].kind,
      simple.words.first?.literal == "jq"
    else { return nil }
    let value = resolved(evaluate(word))
    guard value.isTrueOrFalse else { return nil }
    return .test(
      Test(
        value, .equal, [.literal("true")], semantics: .shell, at: location(word.range)))
  }

  /// A test of `$?` right behind the command it speaks of has that command's ways out.
  private func status(_ outcome: ShellOutcome, of words: [ShellWord]) -> ShellOutcome {
    guard let last = lastOutcome, last.condition == nil, outcome.condition != nil,
      !last.failure.isEmpty || !last.quiet.isEmpty,
      let subject = words.first, isStatus(subject), words.count == 3,
      words[2].literal == "0"
    else { return outcome }
    switch words[1].literal {
    case "-eq", "=", "==":
      return ShellOutcome(success: last.success, failure: last.failure + last.quiet)
    case "-ne", "!=", "-gt":
      return ShellOutcome(success: last.failure + last.quiet, failure: last.success)
    default: return outcome
    }
  }

  private func isStatus(_ word: ShellWord) -> Bool {
    guard word.parts.count == 1, case .parameter(let parameter, _) = word.parts[0] else {
      return false
    }
    return parameter.name == "?" || statusVariables[parameter.name] != nil
  }

  /// What a comparison of `$?`, or of a variable that keeps it, with a number says.
  func statusCondition(of word: ShellWord, comparedWith text: String?) -> Condition? {
    guard word.parts.count == 1, case .parameter(let parameter, _) = word.parts[0],
      case .plain = parameter.operation
    else { return nil }
    let condition: Condition
    if parameter.name == "?" {
      condition =
        lastOutcome?.condition ?? endStatus
        ?? .outcome(.succeeded, of: [context.route], written: true)
    } else if let kept = statusVariables[parameter.name] {
      condition = kept
    } else {
      return nil
    }
    return text == "0" ? condition : Self.negated(condition)
  }

  // MARK: Assignments

  private mutating func runAssignments(
    _ assignments: [ShellAssignment], at range: ByteRange
  ) -> ShellOutcome {
    var outcome = ShellOutcome(success: current)
    for assignment in assignments {
      outcome = runAssignment(assignment)
      current = outcome.all
    }
    current = outcome.success
    return outcome
  }

  /// The status is that of the last command in the value.
  private mutating func runAssignment(_ assignment: ShellAssignment) -> ShellOutcome {
    if assignment.value.parts.count == 1, !assignment.appends,
      case .parameter(let parameter, _) = assignment.value.parts[0], parameter.name == "?"
    {
      if writes[assignment.name] != 1, keepStatus(in: assignment) {
        return ShellOutcome(success: current)
      }
      statusVariables[assignment.name] =
        lastOutcome?.condition ?? endStatus
        ?? .outcome(.succeeded, of: [context.route], written: true)
      return ShellOutcome(success: current)
    }
    if assignment.value.parts.count == 1, !assignment.appends, assignment.elements == nil,
      case .parameter(let parameter, _) = assignment.value.parts[0],
      case .plain = parameter.operation, let kept = statusVariables[parameter.name]
    {
      // `code=$rc`: another name for the same status.
      statusVariables[assignment.name] = kept
      return ShellOutcome(success: current)
    }
    statusVariables[assignment.name] = nil
    lastSubstitution = nil
    let value: Value
    if let elements = assignment.elements {
      value = .list(elements.map { evaluate($0) })
    } else {
      value = evaluate(assignment.value)
    }
    let substitution = lastSubstitution
    lastSubstitution = nil
    let name = assignment.name
    if value.knownText != nil, !assignment.appends, writes[name] == 1,
      context.environment[name] == nil, !scopes.contains(where: { $0.kind == .function })
    {
      constants[name] = value
      return ShellOutcome(success: current)
    }
    let target = variable(name)
    if writes[name] == 1 { definitions[target] = resolved(value) }
    if case .template(let parts) = value, let tail = pendingTail,
      parts.first == tail.body || parts.last == tail.status
    {
      splitTail(of: target, tail, at: assignment.range)
    }
    pendingTail = nil
    var outcome = ShellOutcome(success: current)
    if let substitution, substitution.condition == nil, !substitution.failure.isEmpty {
      // Where the command failed, there is nothing to keep.
      current = substitution.success
      outcome.failure = substitution.failure
      outcome.quiet = substitution.quiet
    }
    assign(target, value, at: assignment.range, appends: assignment.appends)
    outcome.success = current
    if let substitution, let condition = substitution.condition {
      outcome.condition = condition
      outcome.location = substitution.location
    }
    return outcome
  }

  /// `rc=0; command || rc=$?`: each way out leaves a number of its own.
  ///
  /// - Returns: whether the ways out of the command before are known.
  private mutating func keepStatus(in assignment: ShellAssignment) -> Bool {
    guard let last = lastOutcome, last.condition == nil else { return false }
    statusVariables[assignment.name] = nil
    var ends: [LooseEnd] = []
    for (ways, value) in [
      (last.success, Value.literal("0")), (last.failure + last.quiet, Self.someFailure),
    ] where !ways.isEmpty {
      current = ways
      assign(variable(assignment.name), value, at: assignment.range)
      ends += current
    }
    current = ends
    return true
  }

  /// A number that is not 0, and no other is known of it.
  private static let someFailure = Value.either([.literal("1"), .literal("2")])

  private mutating func splitTail(
    of target: Variable, _ tail: (body: Value, status: Value), at range: ByteRange
  ) {
    statusTails[target] = tail
  }

  // MARK: Builtins

  private mutating func leave(_ name: String, _ words: [ShellWord]) -> ShellOutcome {
    if name == "break" || name == "continue" {
      return leaveLoop(continuing: name == "continue")
    }
    let argument = words.count > 1 ? evaluate(words[1]) : nil
    let index: Int
    if name == "return", let function = scopes.lastIndex(where: \.isLeftByReturn) {
      index = function
    } else {
      index = scopes.lastIndex { !$0.isLeftByReturn } ?? 0
    }
    if let text = argument?.knownText {
      if text == "0" {
        scopes[index].success += current
      } else {
        scopes[index].failure += current
      }
    } else if let last = lastOutcome, last.condition == nil,
      argument == nil || words.count > 1 && isStatus(words[1])
    {
      // The status of the command before.
      scopes[index].success += last.success
      scopes[index].failure += last.failure + last.quiet
    } else if argument == nil {
      scopes[index].success += current
    } else if case .reference? = argument, let status = argument {
      let place = location(words[1].range)
      let isZero = Test(status, .equal, [.literal("0")], semantics: .shell, at: place)
      let ways = settle(
        ShellOutcome(success: current, condition: .test(isZero), location: place))
      scopes[index].success += ways.success
      scopes[index].failure += ways.failure
    } else {
      // A computed status: callers compute one to say that something failed.
      scopes[index].success += current
      scopes[index].failure += current
    }
    current = []
    return ShellOutcome(success: [])
  }

  private mutating func setOptions(_ words: [ShellWord]) {
    var index = 1
    while index < words.count, let text = words[index].literal {
      let enables = text.hasPrefix("-")
      if enables || text.hasPrefix("+") {
        if text.dropFirst().contains("e") { exitsOnError = enables }
        if text.dropFirst().contains("o"), index + 1 < words.count {
          index += 1
          switch words[index].literal {
          case "pipefail": pipesFail = enables
          case "errexit": exitsOnError = enables
          default: break
          }
        }
        if text == "--" { return }
      } else {
        return
      }
      index += 1
    }
  }

  /// `bash -c '…'`, where the script can be read in place.
  private mutating func runNested(_ words: [ShellWord]) -> ShellOutcome? {
    guard
      let flag = words.firstIndex(where: { word in
        guard let text = word.literal else { return false }
        return text.hasPrefix("-") && text.hasSuffix("c") && !text.hasPrefix("--")
      }), flag + 1 < words.count
    else { return nil }
    let outerSubstitutions = source.substitutions
    defer { source.substitutions = outerSubstitutions }
    let word = words[flag + 1]
    if let handed = handedMarker { substitute(handed.value, for: handed.text, in: word.range) }
    guard let inner = script(in: word) else { return nil }
    let positional = words.dropFirst(flag + 3).map { evaluate($0) }
    let outerScript = source.script
    source.script = inner
    var census = ShellCensus()
    census.visit(inner.commands)
    for (name, count) in census.writes { writes[name, default: 0] += count + 1 }
    let errexit = words[flag].literal?.contains("e") ?? false
    let outcome = runInSubshell(positional: positional.isEmpty ? nil : positional) { lowerer in
      lowerer.exitsOnError = errexit
      lowerer.pipesFail = false
      return lowerer.runList(inner.commands)
    }
    source.script = outerScript
    return outcome
  }

  /// What stands in the place of a marker in a script that is handed on.
  private mutating func substitute(_ value: Value, for marker: String, in range: ByteRange) {
    let mark = Array(marker.utf8)
    guard !mark.isEmpty, range.end <= source.bytes.count else { return }
    var index = range.start
    while index + mark.count <= range.end {
      if source.bytes[index..<(index + mark.count)].elementsEqual(mark) {
        source.substitutions.append(
          .init(range: ByteRange(index, index + mark.count), value: value))
        index += mark.count
      } else {
        index += 1
      }
    }
  }

  private mutating func joinBackground(at range: ByteRange) -> ShellOutcome {
    guard !backgroundEnds.isEmpty else { return ShellOutcome(success: current) }
    current += backgroundEnds
    backgroundEnds = []
    let join = add(.control, at: range)
    builder.update(join) { $0.joinsAll = true }
    return ShellOutcome(success: current)
  }

  private mutating func runRead(_ arguments: [ShellArgument], at range: ByteRange) -> ShellOutcome {
    var names: [String] = []
    var index = 1
    while index < arguments.count {
      guard let text = arguments[index].text else { break }
      if text.hasPrefix("-") {
        if ["-p", "-d", "-n", "-N", "-t", "-u", "-i", "-a"].contains(text) {
          index += 1
          if text == "-a", index < arguments.count, let name = arguments[index].text {
            names.append(name)
          }
        }
      } else {
        names.append(text)
      }
      index += 1
    }
    // What nobody names is kept all the same.
    if names.isEmpty { names = ["REPLY"] }
    let value = input ?? .unknown([])
    let words = names.count == 1 ? nil : resolved(value).words(names.count)
    for (index, name) in names.enumerated() {
      let word = words?[index] ?? (names.count == 1 ? value : .converted("read", value))
      assign(variable(name), word, at: range)
    }
    return ShellOutcome(success: current)
  }

  /// `mapfile -t LINES`: an array of the lines of standard input.
  private mutating func runReadLines(
    _ arguments: [ShellArgument], at range: ByteRange
  ) -> ShellOutcome {
    var name = "MAPFILE"
    var index = 1
    while index < arguments.count {
      guard let text = arguments[index].text else { break }
      if ["-d", "-n", "-O", "-s", "-u", "-C", "-c"].contains(text) {
        index += 1
      } else if !text.hasPrefix("-") {
        name = text
      }
      index += 1
    }
    let value = input ?? .unknown([])
    let lines = OutputLines.lines(of: [resolved(value)]).map(Self.concatenated)
    // The census counts each `mapfile` twice: no constant comes of it.
    if lines.count > 1, writes[name] == 2 { definitions[variable(name)] = .list(lines) }
    assign(variable(name), value, at: range)
    return ShellOutcome(success: current)
  }

  // MARK: Other programs

  /// A command of another program: a call with its arguments.
  mutating func runExternal(
    _ arguments: [ShellArgument], _ prefix: [ShellAssignment], at range: ByteRange
  ) -> ShellOutcome {
    let call = call(arguments, prefix, at: range)
    let outcome = add(call: call, at: range)
    let written = outputOption(in: arguments)
    guard let written, let name = fileName(of: written), !current.isEmpty else { return outcome }
    knownFiles.insert(name)
    fileWrites.insert(file(name))
    definitions[file(name)] = nil
    if let step = builder.steps.indices.last {
      let made = Step.Assignment(file(name), value: .result([]), at: location(range))
      builder.update(step) { $0.assignments.append(made) }
    }
    return outcome
  }

  /// The file that a command names for what it makes: `-o FILE`, `--output FILE`.
  private func outputOption(in arguments: [ShellArgument]) -> ShellArgument? {
    guard
      let option = arguments.firstIndex(where: { $0.text == "-o" || $0.text == "--output" }),
      option + 1 < arguments.count, arguments[option + 1].isPositional,
      looksLikeFile(arguments[option + 1])
    else { return nil }
    return arguments[option + 1]
  }

  /// The call as every command has it: options by name, other words by their place behind the command.
  mutating func call(
    _ arguments: [ShellArgument], _ prefix: [ShellAssignment], at range: ByteRange
  ) -> Call {
    var name: [String] = []
    for argument in arguments.prefix(4) {
      guard let text = argument.text, argument.word.literal != nil, !text.isEmpty,
        !text.hasPrefix("-"), !text.utf8.contains(where: { $0 <= 32 })
      else { break }
      name.append(name.isEmpty ? Self.baseName(text) : text)
    }
    if name.isEmpty { name = [arguments.first.map { source($0.range) } ?? ""] }
    var call = Call(kind: "command", name: name.joined(separator: " "), location: location(range))
    var index = 1
    var place = 0
    while index < arguments.count {
      let argument = arguments[index]
      index += 1
      guard !argument.isPositional else {
        add(String(place), argument, to: &call)
        place += 1
        continue
      }
      let leading = argument.value.leadingText
      if let equals = leading.firstIndex(of: "="), leading.hasPrefix("--") {
        let option = String(leading[..<equals])
        let value = argument.value.droppingLeading(option.utf8.count + 1)
        add(
          option, ShellArgument(word: argument.word, value: value, text: value.knownText),
          to: &call)
      } else if index < arguments.count, arguments[index].isPositional {
        add(leading, arguments[index], to: &call)
        index += 1
      } else {
        call.arguments.append(
          Call.Argument(leading, .literal("true"), at: location(argument.range)))
      }
    }
    if let input, input != .literal("") {
      call.arguments.append(Call.Argument("stdin", input, at: location(range)))
    }
    for assignment in prefix {
      let value = evaluate(assignment.value)
      call.arguments.append(
        Call.Argument("env." + assignment.name, value, at: location(assignment.range)))
    }
    return call
  }

  private mutating func add(_ name: String, _ argument: ShellArgument, to call: inout Call) {
    let place = location(argument.range)
    call.arguments.append(Call.Argument(name, argument.value, at: place))
    // `field=@file`, `@file` and plain file names carry what the file holds.
    let leading = argument.value.leadingText
    var file = argument
    if let at = leading.utf8.firstIndex(of: UInt8(ascii: "@")),
      leading[..<at].isEmpty || leading[..<at].hasSuffix("=")
    {
      let value = argument.value.droppingLeading(leading[...at].utf8.count)
      file = ShellArgument(
        word: ShellWord(
          parts: [.literal(value.knownText ?? "", quoted: true)], range: argument.range),
        value: value, text: value.knownText)
    } else if name != "0" || call.arguments.count > 1 {
      guard looksLikeFile(argument) || name.hasSuffix("file") else { return }
    } else {
      guard looksLikeFile(argument) else { return }
    }
    if file.text == "-" || fileName(of: file) == nil { return }
    if let held = fileValue(of: file) {
      call.arguments.append(Call.Argument(name, held, at: place))
    }
  }
}

extension Value {
  /// Whether the value is a condition written as `true` or `false`.
  fileprivate var isTrueOrFalse: Bool {
    switch self {
    case .text(let inner, _): inner.isTrueOrFalse
    case .template(let parts) where parts.count == 1: parts[0].isTrueOrFalse
    case .conditional(_, let first, let second):
      [first, second].allSatisfy { $0 == .literal("true") || $0 == .literal("false") }
    default: false
    }
  }

  /// The words of a line, where it can be seen where each ends; the last takes what is left.
  fileprivate func words(_ count: Int) -> [Value]? {
    var words: [Value]
    switch self {
    case .text(let inner, _): return inner.words(count)
    case .template(let parts) where parts.count == 1: return parts[0].words(count)
    case .converted("@tsv", .list(let items)), .converted("@csv", .list(let items)):
      words = items.map { .text($0, null: "") }
    case .template(let parts):
      let isBlank = { (part: Value) in part.knownText?.allSatisfy(\.isWhitespace) == true }
      words = parts.split(whereSeparator: isBlank).map { part in
        part.count == 1 ? part[part.startIndex] : .template(Array(part))
      }
    default: return nil
    }
    guard count > 0, words.count >= count else { return nil }
    let last = words[(count - 1)...]
    return Array(words.prefix(count - 1)) + [
      last.count == 1 ? last[count - 1] : .template(Array(last))
    ]
  }
}
