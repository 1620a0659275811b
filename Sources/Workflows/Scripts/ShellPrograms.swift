import Expressions
import SourceText

/// Programs inside a shell script: `python3 - <<'EOF'`, `node -e '…'`, and scripts of the repository by their path.
extension ShellLowerer {
  /// Scripts that call each other are followed this deep.
  private static let mostScripts = 4
  /// Longer scripts of the repository are not followed.
  private static let longest = 200_000

  /// Follows a program in another language, or a script by its path; `nil` for any other command.
  mutating func runProgram(
    _ name: String, _ words: [ShellWord], _ prefix: [ShellAssignment], at range: ByteRange
  ) -> ShellOutcome? {
    guard let language = ScriptLanguage(interpreter: name) else {
      let isComputed = words[0].literal == nil
      return name.holds("/") || name.hasSuffix(".sh") || isComputed
        ? runFile(words[0], arguments: words.dropFirst(), prefix, at: range) : nil
    }
    var index = 1
    while index < words.count, let option = words[index].literal, option.hasPrefix("-"),
      option != "-"
    {
      index += 1
      if Self.takesProgram(option, language) {
        guard index < words.count else { return nil }
        return run(language, words[index], arguments: words[(index + 1)...], prefix)
      }
      // A module or a file to load first: what runs is not seen.
      if ["-m", "-r", "--require", "--import"].contains(option) { return nil }
      if ["-W", "-X"].contains(option) { index += 1 }
    }
    if index < words.count, words[index].literal != "-" {
      return runFile(
        words[index], language: language, arguments: words[(index + 1)...], prefix, at: range)
    }
    guard let document = inputDocument else { return nil }
    inputDocument = nil
    input = nil
    return run(language, document, arguments: words.dropFirst(index + 1), prefix)
  }

  /// `bash ci/ask.sh`: a script by its path.
  mutating func runScript(
    _ words: [ShellWord], _ prefix: [ShellAssignment], at range: ByteRange
  ) -> ShellOutcome? {
    let options = words.dropFirst().prefix { $0.literal?.hasPrefix("-") == true }
    guard let script = words.dropFirst(options.count + 1).first else { return nil }
    return runFile(
      script, arguments: words.dropFirst(options.count + 2), prefix,
      stopsAtErrors: options.contains { $0.literal?.contains("e") == true }, at: range)
  }

  /// Whether the word behind an interpreter's option is a program.
  static func takesProgram(_ option: String, _ language: ScriptLanguage) -> Bool {
    switch language {
    case .python: option.hasSuffix("c") && !option.hasPrefix("--")
    case .powerShell: ["-c", "-command"].contains(option.lowercased())
    case .javaScript: ["-e", "--eval", "-p", "--print", "-pe"].contains(option)
    }
  }

  // MARK: Programs in place

  private mutating func run(
    _ language: ScriptLanguage, _ word: ShellWord, arguments: ArraySlice<ShellWord>,
    _ prefix: [ShellAssignment]
  ) -> ShellOutcome {
    let program = EmbeddedProgram(
      word, in: source.bytes, holes: source.substitutions.map(\.range))
    var inner = surroundings(arguments, prefix, at: word.range)
    inner.substitutions = program.expansions.map { range, part in
      let place = program.scriptRange(range)
      return ScriptContext.Substitution(
        range: range, value: evaluate(ShellWord(parts: [part], range: place)))
    }
    let locate = source.locate
    return follow(inner) { context, builder, entry in
      ProgramLowering.lower(
        language, text: String(decoding: program.text, as: UTF8.self), in: context,
        into: &builder, from: entry, locate: { locate(program.scriptRange($0)) })
    }
  }

  // MARK: Scripts of the repository

  private mutating func runFile(
    _ word: ShellWord, language: ScriptLanguage? = nil, arguments: ArraySlice<ShellWord>,
    _ prefix: [ShellAssignment], stopsAtErrors: Bool = false, at range: ByteRange
  ) -> ShellOutcome? {
    guard context.depth < Self.mostScripts else { return nil }
    let (name, path, text): (String, String, String)
    var locate: (ByteRange) -> ByteRange = { $0 }
    if let file = fileName(of: ShellArgument(word: word, value: .unknown([]), text: word.literal)),
      let written = writtenScripts[self.file(file)]
    {
      (name, path, text) = (file, written.path, written.text)
      locate = written.fileRange
    } else if let (found, file) = repositoryFile(word), file.bytes.count <= Self.longest {
      (name, path, text) = (found, file.path, String(decoding: file.bytes, as: UTF8.self))
    } else {
      return nil
    }
    let shell = ScriptShell(interpreter: [], script: text)
    var language = language
    if language == nil, case .other(let name) = shell {
      guard let known = ScriptLanguage(interpreter: name) else { return nil }
      language = known
    }
    var inner = surroundings(arguments, prefix, at: range)
    inner.path = path
    inner.scriptName = name
    inner.depth += 1
    inner.substitutions = []
    inner.exitsOnError = stopsAtErrors
    inner.pipesFail = false
    if text.hasPrefix("#!"), case .posix(let exitsOnError, let pipesFail) = shell {
      inner.exitsOnError = stopsAtErrors || exitsOnError
      inner.pipesFail = pipesFail
    }
    return follow(inner) { context, builder, entry in
      if let language {
        ProgramLowering.lower(
          language, text: text, in: context, into: &builder, from: entry, locate: locate)
      } else {
        ShellLowering.lower(
          text: text, in: context, into: &builder, from: entry, locate: locate)
      }
    }
  }

  // MARK: What a program finds

  /// The script's own surroundings as a program that it starts inherits them.
  private mutating func surroundings(
    _ arguments: ArraySlice<ShellWord>, _ prefix: [ShellAssignment], at range: ByteRange
  ) -> ScriptContext {
    programs += 1
    var inner = context
    inner.inheritedScope = context.variableScope
    inner.variableScope = context.variableScope + "program#\(programs)/"
    inner.positional = arguments.map { evaluate($0) }
    inner.standardInput = input
    inner.writtenScripts = writtenScripts
    // What the script writes goes before what its step was given.
    for name in writes.keys {
      inner.environment[name] =
        constants[name]
        ?? .reference(Reference(variable(name), at: location(range)))
    }
    for assignment in prefix {
      inner.environment[assignment.name] = evaluate(assignment.value)
    }
    return inner
  }

  /// Lowers a program where control stands; what it prints goes where the shell sends it.
  private mutating func follow(
    _ inner: ScriptContext,
    _ lower: (ScriptContext, inout GraphBuilder, [LooseEnd]) -> ScriptExits
  ) -> ShellOutcome {
    guard !current.isEmpty else { return ShellOutcome(success: []) }
    var inner = inner
    let printed = isOutputKept ? temporary() : nil
    inner.standardOutput = printed
    inner.firstPart = part
    let first = builder.steps.count
    // Handed over and back: with a second owner the whole graph would be copied.
    var graph = GraphBuilder()
    swap(&graph, &builder)
    let exits = lower(inner, &graph, current)
    swap(&graph, &builder)
    part += builder.steps.count - first
    gaps += exits.gaps
    current = exits.success
    lastStep = nil
    lastOutcome = nil
    if let printed { emit(printed, from: first) }
    return ShellOutcome(success: current, failure: exits.failure)
  }

  /// Hands on what a program printed: line by line where each is surely printed, else all that it may be.
  private mutating func emit(_ printed: Variable, from first: Int) {
    let steps = builder.steps[first...]
    let lines = steps.flatMap(\.assignments).filter { $0.variable == printed }
    guard let last = lines.last else { return }
    let place = ByteRange(0, 0)
    let isStraight = steps.allSatisfy { $0.decisions.isEmpty && $0.kind != .branch }
    if isStraight, lines.allSatisfy({ !$0.value.readsResult }) {
      for line in lines { emit(line.value, at: place) }
    } else {
      emit(.reference(Reference(printed, at: last.location)), at: place)
    }
  }
}
